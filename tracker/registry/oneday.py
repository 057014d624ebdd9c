"""The registry on one day: who was tied to whom, who held which post, what lay where. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from tracker.registry.dated import Registry, day_number
from tracker.registry.roles import AREAS, NOBODY


class OneDay:
    """The registry on one day: ties, posts and attributes that held, and names for people."""

    def __init__(self, registry: Registry, day: date) -> None:
        self._registry, self._day = registry, day_number(day)
        self._kinds, self._codes = registry.of_subjects("kind"), registry.of_subjects("code")
        self._homes = registry.of_subjects("home")
        self._ties: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._parents: dict[int, int | None] = {}

    def targets(self, kind: str, source: int) -> list[int]:
        """What the subject is tied to, by the day each tie began."""
        sources, targets = self._tied(kind)
        return _ids(targets[sources == source])

    def last_targets(self, kind: str, source: int) -> list[int]:
        """What the subject is tied to; once that is nothing, what it was tied to until last."""
        ties = self._registry.tie(kind)
        begun = ties[(ties["source"] == source) & (ties["starts"] <= self._day)]
        until = begun.loc[begun["ends"] == begun["ends"].max(), "target"]
        return self.targets(kind, source) or _ids(until)

    def sources(self, kind: str, target: int) -> list[int]:
        """What is tied to the subject, by the day each tie began."""
        sources, targets = self._tied(kind)
        return _ids(sources[targets == target])

    def captains(self, team: int) -> list[int]:
        """Who holds the post of captain."""
        return self.holders(team, "captain")

    def holders(self, body: int, post: str) -> list[int]:
        """Who holds a post of a body; none where it is vacant or unknown."""
        return _ids(self._holders.get((body, post), ()))

    def posts_of(self, person: int) -> list[tuple[int, str]]:
        """The posts a person holds, as body and post."""
        return list(self._posts_of.get(person, ()))

    def teams(self, person: int) -> list[int]:
        """The teams a person is a member or captain of."""
        led = (body for body, post in self.posts_of(person) if post == "captain")
        return sorted({*self.targets("member_of_team", person), *led})

    def members(self, team: int) -> list[int]:
        """The members of a team and its captain."""
        return sorted({*self.sources("member_of_team", team), *self.captains(team)})

    def teams_in(self, village: int) -> list[int]:
        """The teams at home in a village that have a member."""
        at_home = (one for one, kind in self._kinds.items() if kind == "team")
        teams = (team for team in at_home if self._homes[team] == village)
        return [team for team in teams if self.members(team)]

    def senders(self, cadre: int) -> list[int]:
        """The units that dispatched a resident cadre; his own where no tie says."""
        home = self.parent(cadre)
        return self.sources("dispatches", cadre) or ([] if home is None else [home])

    def level(self, unit: int) -> str:
        """The administrative level of a unit, '' where unknown."""
        return self._levels.get(unit, "")

    def kind(self, subject: int) -> str:
        """The kind of a body, '' for others."""
        return str(self._kinds.get(subject, ""))

    def code(self, subject: int) -> str:
        """The statistical code of an area, the number of a household, '' for none."""
        return str(self._codes.get(subject, ""))

    def parent(self, subject: int) -> int | None:
        """What a subject is part of: by a dated tie, else by its identity."""
        if subject not in self._parents:
            tied = self.targets("part_of", subject)
            home = int(self._homes.get(subject, NOBODY))
            self._parents[subject] = tied[-1] if tied else (None if home == NOBODY else home)
        return self._parents[subject]

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

    def name(self, subject: int) -> str:
        """A name to read; of a household only its number."""
        if self._registry.of_subjects("sort").get(subject) == "household":
            return f"{self._codes.get(subject)}号户"
        parent = self.parent(subject) if self.kind(subject) == "village" else None
        return (self.name(parent) if parent is not None else "") + self._registry.name(subject)

    def _tied(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        if kind not in self._ties:
            live = self._live(self._registry.tie(kind))
            self._ties[kind] = live["source"].to_numpy(), live["target"].to_numpy()
        return self._ties[kind]

    @cached_property
    def _posts(self) -> list[tuple[int, int, str]]:
        live = self._live(self._registry.posts)
        columns = (live[name].tolist() for name in ("person", "body", "role"))
        return list(zip(*columns, strict=True))

    @cached_property
    def _holders(self) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = {}
        for person, body, role in self._posts:
            found.setdefault((body, role), []).append(person)
        return found

    @cached_property
    def _posts_of(self) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = {}
        for person, body, role in self._posts:
            found.setdefault(person, []).append((body, role))
        return found

    @cached_property
    def _levels(self) -> dict[int, str]:
        live = self._live(self._registry.attribute("level"))
        return dict(zip(live["subject"].tolist(), live["value"].tolist(), strict=True))

    def _live(self, frame: pd.DataFrame) -> pd.DataFrame:
        held = frame[(frame["starts"] <= self._day) & (frame["ends"] >= self._day)]
        return held.sort_values("starts", kind="stable")


def _ids(found: Iterable[int]) -> list[int]:
    return [int(one) for one in dict.fromkeys(found)]
