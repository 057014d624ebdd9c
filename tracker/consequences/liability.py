"""Liability: whom an incident reaches, through which tie, on the day it happened. Pure.

`ROUTES` says for each `where` and `on` that bars.yaml may combine how the one leads to the other.
What an incident does not tell for certain reaches nobody: a unit's fraud without a place burdens
only the areas in which all its villages lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pandas as pd

from tracker.consequences.tables import Incident
from tracker.errors import PackError
from tracker.policy.sanctions import BarRule
from tracker.registry.dated import Registry, day_number
from tracker.registry.roles import AREAS, NOBODY

# Section 三 speaks of 省直组长单位, and of 省直和中央在甘单位 in the county they lead.
_LEADING, _LED = ("provincial",), ("provincial", "central")
_LEVEL_NAMES = {"provincial": "省直", "central": "中央在甘"}

Reached = Iterator[tuple[int, str]]  # a subject, and the sentence of how the incident leads there


class Day:
    """The registry on one day: ties, posts and attributes that held, and names for people."""

    def __init__(self, registry: Registry, day: date) -> None:
        number = day_number(day)
        self._subjects = registry.subjects
        self._ties = _live(registry.ties, number)
        self._posts = _live(registry.posts, number)
        self._attributes = _live(registry.attributes, number)

    def targets(self, kind: str, source: int) -> list[int]:
        """What the subject is tied to."""
        ties = self._ties
        return _ids(ties.loc[(ties["kind"] == kind) & (ties["source"] == source), "target"])

    def sources(self, kind: str, target: int) -> list[int]:
        """What is tied to the subject."""
        ties = self._ties
        return _ids(ties.loc[(ties["kind"] == kind) & (ties["target"] == target), "source"])

    def captains(self, team: int) -> list[int]:
        """Who holds the post of captain."""
        posts = self._posts
        return _ids(posts.loc[(posts["role"] == "captain") & (posts["body"] == team), "person"])

    def teams(self, person: int) -> list[int]:
        """The teams a person is a member or captain of."""
        posts = self._posts
        led = posts.loc[(posts["role"] == "captain") & (posts["person"] == person), "body"]
        return sorted({*self.targets("member_of_team", person), *_ids(led)})

    def level(self, unit: int) -> str:
        """The administrative level of a unit, '' where unknown."""
        rows = self._attributes
        found = rows.loc[(rows["name"] == "level") & (rows["subject"] == unit), "value"]
        return str(found.iloc[-1]) if len(found) else ""

    def kind(self, subject: int) -> str:
        """The kind of a body, '' for others."""
        return str(self._subjects["kind"].get(subject, ""))

    def parent(self, subject: int) -> int | None:
        """What a subject is part of: by a dated tie, else by its identity."""
        tied = self.targets("part_of", subject)
        home = int(self._subjects["home"].get(subject, NOBODY))
        return tied[-1] if tied else (None if home == NOBODY else home)

    def chain(self, area: int) -> list[int]:
        """The area and every area above it."""
        found: list[int] = []
        step: int | None = area
        while step is not None and step not in found:
            found.append(step)
            step = self.parent(step)
        return found

    def county(self, area: int) -> int | None:
        """The county an area lies in or is."""
        return next((a for a in self.chain(area) if self.kind(a) == "county"), None)

    def works_in(self, subject: int | None) -> list[int]:
        """An area itself; else the villages of one's team, of one's paired households, those one's
        unit helps; else the seat."""
        if subject is None:
            return []
        if self.kind(subject) in AREAS:
            return [subject]
        teams = [village for team in self.teams(subject) for village in self.works_in(team)]
        paired = [v for house in self.targets("paired_with", subject) for v in self.works_in(house)]
        villages = teams or paired or self.targets("assists", subject)
        return sorted(set(villages)) or self.works_in(self.parent(subject))

    def places(self, incident: Incident) -> list[int]:
        """Where the incident may have been: as recorded, else where its subject works."""
        told = (incident.place_id, incident.household_id, incident.subject_id)
        return self.works_in(next((one for one in told if one is not None), None))

    def areas(self, incident: Incident) -> list[int]:
        """The areas that all of its places lie in, smallest first."""
        chains = [self.chain(place) for place in self.places(incident)]
        return [a for a in chains[0] if all(a in c for c in chains)] if chains else []

    def code(self, incident: Incident) -> str:
        """The statistical code of the smallest such area that has one, '' for none."""
        codes = (str(self._subjects["code"].get(area, "")) for area in self.areas(incident))
        return next((code for code in codes if code), "")

    def village(self, incident: Incident) -> int | None:
        """The village it was in, where that is one for certain."""
        areas = self.areas(incident)
        return areas[0] if areas and self.kind(areas[0]) == "village" else None

    def name(self, subject: int) -> str:
        """A name to read; of a household only its number."""
        row = self._subjects.loc[subject]
        if row["sort"] == "household":
            return f"{row['code']}号户"
        parent = self.parent(subject) if row["kind"] == "village" else None
        return (self.name(parent) if parent is not None else "") + str(row["name"])


def reached(rule: BarRule, incident: Incident, day: Day) -> dict[int, str]:
    """Subjects that the rule burdens after the incident, each with the path that led there.

    Raises PackError for a `where` and `on` that nothing here connects.
    """
    found: dict[int, str] = {}
    for role in rule.on:
        if (rule.where, role) not in ROUTES:
            raise PackError(
                f"规则 {rule.id}：从 where: {rule.where} 找不到 on: {role}",
                fix="请改用 duties/gansu-2019-33/bars.yaml 中已有的搭配",
            )
        for subject, path in ROUTES[rule.where, role](day, incident):
            found.setdefault(subject, path)
    return found


def _live(frame: pd.DataFrame, day: int) -> pd.DataFrame:
    held = frame[(frame["starts"] <= day) & (frame["ends"] >= day)]
    return held.sort_values("starts", kind="stable")


def _ids(column: pd.Series) -> list[int]:
    return [int(one) for one in dict.fromkeys(column)]


def _jurisdiction(kind: str, day: Day, incident: Incident) -> Reached:
    where = "、".join(day.name(place) for place in day.places(incident))
    for area in day.areas(incident):
        if day.kind(area) == kind:
            yield area, f"事件涉及{where}，在{day.name(area)}辖区内"


def _helping_units(day: Day, incident: Incident) -> Reached:
    village = day.village(incident)
    if village is not None:
        for unit in day.sources("assists", village):
            yield unit, f"{day.name(unit)}帮扶{day.name(village)}，事件发生在该村"


def _unit_itself(day: Day, incident: Incident) -> Reached:
    """Only what was determined of the unit itself: of its cadres and helpers 九 and 十 speak."""
    unit = incident.subject_id
    if unit is not None and day.targets("assists", unit):
        yield unit, f"认定的是帮扶单位{day.name(unit)}自身工作"


def _teams(day: Day, incident: Incident) -> Reached:
    """The team it is about, the team of the person it is about, or, where the village's team was
    determined to be at fault, that one."""
    subject, village = incident.subject_id, day.village(incident)
    own = day.teams(subject) if subject is not None else []
    if subject is not None and day.kind(subject) == "team":
        yield subject, f"认定的是{day.name(subject)}"
    elif subject is not None and own:
        for team in own:
            yield team, f"{day.name(subject)}是{day.name(team)}队员"
    elif village is not None and "team_error" in incident.qualifiers:
        for team in _posted_in(day, village):
            yield team, f"{day.name(team)}驻{day.name(village)}，事件发生在该村"


def _posted_in(day: Day, village: int) -> list[int]:
    raise NotImplementedError


def _captains(day: Day, incident: Incident) -> Reached:
    for team, path in _teams(day, incident):
        for captain in day.captains(team):
            yield captain, f"{path}，{day.name(captain)}任队长"
