"""Awards: what the registry tells of a nominee: how long it served, in which roles, of which rank.

Spans are closed intervals of day numbers; a span that begins on FIRST_DAY has no known beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import pandas as pd

from tracker.registry.dated import Registry, day_number, to_date
from tracker.registry.oneday import OneDay
from tracker.registry.roles import AREAS

Spans = tuple[tuple[int, int], ...]
_HELPING = ("member_of_team", "paired_with", "assists")
# Who leads a team is also its member; the first role that a plan names is the one meant.
_OF_PERSON = (("member_of_team", "resident_cadre"), ("paired_with", "helper"))
_OF_UNIT = (
    ("assists", "assisting_unit"), ("leads_county", "group_leader_unit"),
    ("governs_sector", "lead_unit"),
)  # fmt: skip


class Careers:
    """The registry seen from each subject, on the day of the question."""

    def __init__(self, registry: Registry, as_of: date) -> None:
        self._registry, self._today = registry, day_number(as_of)
        self.day = OneDay(registry, as_of)

    def prepare(self) -> None:
        """Order everything by subject now."""
        _ = self._stays, self._helping, self._ranks, self._levels, self._posts, self._bodies
        for kind, _role in (*_OF_PERSON, *_OF_UNIT):
            self.day.targets(kind, 0)

    def stays(self, person: int) -> Spans:
        """When somebody was a member or captain of a team."""
        return tuple(self._stays.get(person, ()))

    def helping(self, subject: int) -> Spans:
        """When a subject was in any way tied to the helping work, or held a post."""
        return tuple(self._helping.get(subject, ()))

    def roles(self, subject: int) -> tuple[str, ...]:
        """The roles it has on the day (`roles` and `posts` of the vocabulary), the most telling
        first."""
        kind = self.day.kind(subject)
        if kind in (*AREAS, "team"):
            return (kind,)
        tied = _OF_UNIT if kind else _OF_PERSON
        found = [role for tie, role in tied if self.day.targets(tie, subject)]
        return tuple(dict.fromkeys([*sorted(self._posts.get(subject, ())), *found]))

    def holds(self, person: int, posts: Iterable[str], body: str) -> bool:
        """Whether somebody holds one of the posts, on the day, in a body of this kind."""
        held = self._bodies.get(person, ())
        return any(post in posts and self.day.kind(place) == body for place, post in held)

    def rank(self, subject: int) -> str:
        """The rank on the day, '' where it is not registered."""
        return self._ranks.get(subject, "")

    def level(self, subject: int) -> str:
        """The administrative level of a unit, of a person that of the unit; '' where unknown."""
        unit = subject if self.day.kind(subject) else self.day.parent(subject)
        return "" if unit is None else self._levels.get(unit, "")

    @cached_property
    def _stays(self) -> dict[int, list[tuple[int, int]]]:
        posts = self._registry.posts
        led = posts[posts["role"] == "captain"].rename(columns={"person": "source"})
        return _by_source([self._registry.tie("member_of_team"), led])

    @cached_property
    def _helping(self) -> dict[int, list[tuple[int, int]]]:
        posts = self._registry.posts.rename(columns={"person": "source"})
        return _by_source([*(self._registry.tie(kind) for kind in _HELPING), posts])

    @cached_property
    def _ranks(self) -> dict[int, str]:
        return dict(self._held(self._registry.attribute("rank"), "subject", "value"))

    @cached_property
    def _levels(self) -> dict[int, str]:
        return dict(self._held(self._registry.attribute("level"), "subject", "value"))

    @cached_property
    def _posts(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for person, post in self._held(self._registry.posts, "person", "role"):
            found.setdefault(person, set()).add(post)
        return found

    @cached_property
    def _bodies(self) -> dict[int, list[tuple[int, str]]]:
        posts = self._registry.posts
        held = posts[(posts["starts"] <= self._today) & (posts["ends"] >= self._today)]
        found: dict[int, list[tuple[int, str]]] = {}
        for person, body, post in zip(held["person"], held["body"], held["role"], strict=True):
            found.setdefault(int(person), []).append((int(body), str(post)))
        return found

    def _held(self, frame: pd.DataFrame, subject: str, value: str) -> Iterable[tuple[int, str]]:
        """What each subject had on the day, the newest last."""
        rows = frame.sort_values("starts", kind="stable")
        held = rows[(rows["starts"] <= self._today) & (rows["ends"] >= self._today)]
        return zip(held[subject].tolist(), held[value].tolist(), strict=True)


def held_before(spans: Spans, day: int) -> int:
    """How many days before `day` (not counting it) lie in the union of the spans."""
    held, reached = 0, None
    for starts, ends in sorted(spans):
        first = starts if reached is None else max(starts, reached + 1)
        last = min(ends, day - 1)
        held += max(last - first + 1, 0)
        reached = ends if reached is None else max(reached, ends)
    return held


def years_after(day: date, years: int) -> date:
    """The anniversary; of 29 February the 28th where there is none (I46)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def begun(spans: Spans, day: int) -> date:
    """Since when a service without a break would have lasted as long until `day` as this one."""
    return to_date(day - held_before(spans, day))


def _by_source(frames: Iterable[pd.DataFrame]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for frame in frames:
        columns = (frame[name].tolist() for name in ("source", "starts", "ends"))
        for source, starts, ends in zip(*columns, strict=True):
            found.setdefault(source, []).append((starts, ends))
    return found
