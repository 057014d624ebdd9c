"""The digest: what lies within a reader's area, unit or team; nothing else is told. Pure.

An area: whatever lies in it, and its own duties. A seat or office: the counties it contacts or
leads. A unit: what it, its people and the teams they are in owe, wherever. A team: itself and its
members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tracker.registry.dated import Registry
from tracker.registry.oneday import OneDay
from tracker.registry.roles import AREAS, Roles

_LEADING = ("contacts_county", "leads_county")
_SEAT = "seat"
_FOR_COUNTIES = (_SEAT, "office")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one reader may be told of. `areas`: those it covers, none for a unit, team or person;
    `own`: the subjects of a unit, team or person."""

    id: int
    kind: str
    areas: frozenset[int]
    own: frozenset[int]
    land: Land

    def within(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The findings that lie in the scope."""
        holder = rows["holder_id"]
        if self.areas:
            inside = self.land.inside(rows["place_id"].unique(), self.areas)
            return rows[rows["place_id"].isin(inside) | (holder == self.id)]
        bodies = {one for one in self.own if one not in self.land.persons}
        theirs = rows["unit_id" if self.kind == "unit" else "team_id"] == self.id
        person = holder.isin(self.land.persons)
        mine = holder.isin(bodies) | (person & (theirs | (holder == self.id)))
        # What a team owes toward one of its members may be about another unit's man.
        strange = rows["counterpart_id"].isin(self.land.persons) & (rows["unit_id"] != self.id)
        return rows[mine & ~strange] if self.kind == "unit" else rows[mine]

    @property
    def governs(self) -> bool:
        """Whether its reader decides for an area; a seat contacts counties without deciding."""
        return bool(self.areas) and self.kind != _SEAT

    def owns(self, subject: int) -> bool:
        """Whether a body, person or household lies in the scope on the day."""
        if not self.areas:
            return subject in self.own
        places = self.land.day.works_in(subject)
        return subject == self.id or bool(self.land.inside(places, self.areas))

    def decides_for(self, kind: str, subject: int) -> bool:
        """Whether this is the area of `kind` that the subject lies or works in."""
        return any(
            self.land.day.kind(area) == kind
            for place in self.land.day.works_in(subject)
            for area in self.areas.intersection(self.land.day.chain(place))
        )

    def in_charge(self, kinds: Iterable[str], place: int) -> bool:
        """Whether its reader decides for a place: this is the area of the first of the kinds."""
        return self.governs and self.land.first_of(kinds, place) in self.areas


class Land:
    """The registry on the day of a digest, from which every scope is cut."""

    def __init__(self, registry: Registry, as_of: date) -> None:
        self.registry, self.day = registry, OneDay(registry, as_of)
        self.roles = Roles(registry, frozenset())
        subjects = registry.subjects
        self.persons = frozenset(map(int, subjects.index[subjects["sort"] == "person"]))
        self._chains: dict[int, frozenset[int]] = {}

    def scope(self, subject: int) -> Scope:
        """The scope of a reader of this body, seat or person."""
        kind = self.day.kind(subject)
        areas = self._areas(subject, kind)
        own = frozenset() if areas else frozenset(self._own(subject, kind))
        return Scope(subject, kind, areas, own, self)

    def inside(self, places: Iterable[int], areas: frozenset[int]) -> list[int]:
        """Those of the places that lie in one of the areas."""
        return [int(one) for one in places if not areas.isdisjoint(self._chain(int(one)))]

    def first_of(self, kinds: Iterable[str], place: int) -> int | None:
        """The area of the first of the kinds that a place lies in."""
        above = {self.day.kind(area): area for area in self._chain(place)}
        return next((above[kind] for kind in kinds if kind in above), None)

    def _chain(self, place: int) -> frozenset[int]:
        if place not in self._chains:
            self._chains[place] = frozenset(self.roles.chain(place))
        return self._chains[place]

    def _areas(self, subject: int, kind: str) -> frozenset[int]:
        if kind in AREAS:
            return frozenset({subject})
        if kind not in _FOR_COUNTIES:
            return frozenset()
        led = [county for tie in _LEADING for county in self.day.targets(tie, subject)]
        home = self.day.parent(subject)
        return frozenset(led or ([] if home is None else [home]))

    def _own(self, subject: int, kind: str) -> set[int]:
        if kind == "team":
            return {subject, *self.day.members(subject)}
        if kind != "unit":
            return {subject}
        home = self.registry.subjects["home"]
        people = {int(one) for one in home.index[home == subject]} & self.persons
        return {subject, *people, *self._teams_of(people)}

    def _teams_of(self, people: set[int]) -> set[int]:
        return {team for person in people for team in self.day.targets("member_of_team", person)}
