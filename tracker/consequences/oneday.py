"""The registry on one day, asked by incidents: who was tied to whom, and what lay where. Pure."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tracker.consequences.tables import Incident
from tracker.registry.dated import Registry, day_number
from tracker.registry.roles import AREAS, NOBODY


class OneDay:
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

    def members(self, team: int) -> list[int]:
        """The members of a team and its captain."""
        return sorted({*self.sources("member_of_team", team), *self.captains(team)})

    def teams_in(self, village: int) -> list[int]:
        """The teams at home in a village that have a member."""
        all_bodies = self._subjects
        at_home = (all_bodies["kind"] == "team") & (all_bodies["home"] == village)
        return [team for team in _ids(all_bodies.loc[at_home, "id"]) if self.members(team)]

    def senders(self, cadre: int) -> list[int]:
        """The units that dispatched a resident cadre; his own where no tie says."""
        home = self.parent(cadre)
        return self.sources("dispatches", cadre) or ([] if home is None else [home])

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


def _live(frame: pd.DataFrame, day: int) -> pd.DataFrame:
    held = frame[(frame["starts"] <= day) & (frame["ends"] >= day)]
    return held.sort_values("starts", kind="stable")


def _ids(column: pd.Series) -> list[int]:
    return [int(one) for one in dict.fromkeys(column)]
