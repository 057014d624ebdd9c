"""What was reported: how many days of an obligation's span nobody has spoken for yet (I65).

A form covers a month for a scope: an area, a unit, or one person of a grid that lists people. A
duty's month is covered when some form that carries all of its kinds covers it for the holder or
counterpart, the unit, the team or any area above the place.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.obligations import Scene, as_days
from tracker.ledger.tables import Coverage
from tracker.policy.model import Duty
from tracker.registry.dated import FIRST_DAY, day_number, known, to_date

NOTHING_HEARD = FIRST_DAY
Scopes = tuple[tuple[int, ...], ...]
Months = frozenset[int]  # first days of months as day numbers
_PARTIES = ("holder", "counterpart", "unit", "team")


@dataclass(frozen=True, slots=True)
class Reported:
    """Months reported: (form, scope) -> first days of months as day numbers, ascending. `covers`:
    form -> the kinds (and registry ties) it speaks of."""

    months: Mapping[tuple[str, int], tuple[int, ...]]
    covers: Mapping[str, frozenset[str]]

    def forms_for(self, topics: frozenset[str]) -> list[str]:
        """The forms that carry all of `topics`."""
        return [form for form, kinds in self.covers.items() if topics <= kinds]


def load_reported(
    connection: sa.Connection, covers: Mapping[str, frozenset[str]], known_at: datetime,
    scopes: Collection[int] | None = None,
) -> Reported:  # fmt: skip
    """The coverage known at `known_at`, of these scopes (None: of all)."""
    t = table(Coverage)
    wanted = known(t, known_at)
    if scopes is not None:
        wanted &= t.c.scope_id.in_(scopes)
    spoken = sa.select(t.c.month, t.c.form, t.c.scope_id).where(wanted).distinct()
    months: dict[tuple[str, int], list[int]] = {}
    for month, form, scope in connection.execute(spoken.order_by(t.c.month)):
        months.setdefault((form, scope), []).append(day_number(month))
    return Reported({key: tuple(days) for key, days in months.items()}, covers)


def may_report(frame: pd.DataFrame, scene: Scene) -> set[int]:
    """Every scope whose report could speak for one of these obligations."""
    roles = scene.roles
    parties = pd.unique(frame[[*_PARTIES]].to_numpy().ravel()).tolist()
    counties = (c for unit in frame["unit"].unique() for c in roles.counties_helped(int(unit)))
    areas = {*frame["place"].unique().tolist(), *counties}
    return {*parties, *(above for area in areas for above in roles.chain(area))}


def topics_of(duty: Duty) -> frozenset[str]:
    """What a report must carry to speak for the duty: its kinds, a tie, or a provision."""
    if duty.requires:
        named = (duty.requires.ties, duty.requires.provision, duty.requires.post,
                 duty.requires.exactly_one)  # fmt: skip
        return frozenset(name for name in named if name)
    return frozenset(counted.kind for counted in duty.counts)


def uncovered(
    frame: pd.DataFrame, scene: Scene, reported: Reported, duty: Duty, *, working: bool
) -> pd.DataFrame:
    """For one duty's obligations: `overdue`, the days of the span up to `as_of` or the deadline in
    months not reported whose report is overdue, and `pending`, those whose report is not due yet;
    `known_to`: the last day spoken for; `due_to`: the last day whose report is overdue. Days are
    working days where `working`."""
    last = np.minimum(frame["deadline"].to_numpy("int64"), scene.day)
    # What must hold now is asked of its newest report alone, not of every day since it began.
    counted = frame["starts"].to_numpy("int64") if duty.every != "always" else last + 1
    spoken = _SpokenFor(scene, reported, duty, int(counted.min()), working)
    group, heard_of = _by_months(frame, spoken)
    result = np.empty((len(frame), 3), dtype="int64")
    for number, months in enumerate(heard_of):
        rows = group == number
        result[rows] = spoken.count(months, counted[rows], last[rows])
    heard = pd.DataFrame(result, index=frame.index, columns=["overdue", "pending", "known_to"])
    return heard.assign(due_to=spoken.due_to)


def _by_months(frame: pd.DataFrame, spoken: _SpokenFor) -> tuple[np.ndarray, list[Months]]:
    """Rows for which the same months are reported share a number, the index into the list
    returned."""
    about = list(zip(*(frame[c].tolist() for c in (*_PARTIES, "place")), strict=True))
    numbers: dict[Months, int] = {}
    of_party = {who: numbers.setdefault(spoken.months(*who), len(numbers)) for who in {*about}}
    return np.array([of_party[who] for who in about], dtype="int64"), list(numbers)


class _SpokenFor:
    """Counts unreported days for one duty; scopes that nobody reports on are one and the same."""

    def __init__(
        self, scene: Scene, reported: Reported, duty: Duty, first: int, working: bool
    ) -> None:
        self.scene, self.reported = scene, reported
        self.forms = reported.forms_for(topics_of(duty))
        self.reporting = {scope for form, scope in reported.months if form in self.forms}
        self.everywhere = duty.per is None
        self.due_to = last_overdue(scene, scene.document(duty).defaults.entry_grace.working_days)
        self.base = min(first, scene.day)
        days = np.arange(self.base, scene.day + 1)
        self.overdue = days <= self.due_to
        self.eligible = np.ones(len(days), dtype=bool)
        if working:
            self.eligible = scene.calendar.is_working(as_days(days))
        self._heard: dict[Scopes, Months] = {}

    def months(self, holder: int, counterpart: int, unit: int, team: int, place: int) -> Months:
        """The months reported by those who report for these."""
        scopes = self._scopes(holder, counterpart, unit, team, place)
        if scopes not in self._heard:
            everywhere = (self._reported_by(of_place) for of_place in scopes)
            self._heard[scopes] = frozenset.intersection(*everywhere)
        return self._heard[scopes]

    def _scopes(self, holder: int, counterpart: int, unit: int, team: int, place: int) -> Scopes:
        """Who reports for these: some of themselves, or the areas above the place. What is owed
        toward nobody in particular may have been done in any county that the unit helps, so each
        of them must have been heard."""
        helped = self.scene.roles.counties_helped(unit) if self.everywhere else ()
        places = helped if len(helped) > 1 else (place,)
        themselves = (holder, counterpart, unit, team)
        return tuple(
            tuple(sorted(self.reporting.intersection((*themselves, *self.scene.roles.chain(p)))))
            for p in places
        )

    def _reported_by(self, scopes: tuple[int, ...]) -> Months:
        told = ((form, scope) for form in self.forms for scope in scopes)
        return frozenset(m for each in told for m in self.reported.months.get(each, ()))

    def count(self, months: Months, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Overdue days, pending days and the last day spoken for, one row for each span, where
        these months are reported."""
        silent = self.eligible.copy()
        for month in months:
            silent[max(month - self.base, 0) : max(month_end(month) - self.base + 1, 0)] = False
        known_to = month_end(max(months)) if months else NOTHING_HEARD
        counted = [
            _between(silent & which, first - self.base, last - self.base)
            for which in (self.overdue, ~self.overdue)
        ]
        return np.column_stack([*counted, np.full(len(first), known_to)])


def _between(days: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """How many of the marked days lie in each closed span of positions; 0 where it is empty."""
    before = np.concatenate([[0], np.cumsum(days)])
    first, after = np.clip(first, 0, len(days)), np.clip(last + 1, 0, len(days))
    return np.asarray(np.maximum(before[after] - before[first], 0))


def last_overdue(scene: Scene, grace: int) -> int:
    """The end of the latest month whose report is overdue: the grace for entering it is past."""
    month = as_days(np.array([scene.day]))[0].astype("datetime64[M]")
    firsts = np.arange(month - 2, month).astype("datetime64[D]").astype("int64")
    ends = np.array([month_end(int(first)) for first in firsts])
    entered_by = scene.calendar.add_working_days(as_days(ends), grace)
    return int(ends[entered_by < np.datetime64(scene.as_of)][-1])


@cache
def month_end(first: int) -> int:
    """The last day of the month that begins on this day number."""
    day: date = to_date(first)
    return first + monthrange(day.year, day.month)[1] - 1
