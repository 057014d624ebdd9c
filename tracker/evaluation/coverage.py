"""What was reported: how many days of an obligation's span nobody has spoken for yet (I65).

A form covers a month for a scope: an area, a unit, or one person of a grid that lists people. A
duty's month is covered when some form that carries all of its kinds covers it for the holder or
counterpart, the unit, the team or any area above the place.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.obligations import Scene, as_days, working_days
from tracker.ledger.tables import Coverage
from tracker.policy.model import Duty
from tracker.registry.dated import FIRST_DAY, day_number, known, to_date

NOTHING_HEARD = FIRST_DAY


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
    connection: sa.Connection, covers: Mapping[str, frozenset[str]], known_at: datetime
) -> Reported:
    """The coverage known at `known_at`."""
    t = table(Coverage)
    rows = connection.execute(
        sa.select(t.c.form, t.c.scope_id, t.c.month)
        .where(known(t, known_at))
        .distinct()
        .order_by(t.c.month)
    )
    months: dict[tuple[str, int], list[int]] = {}
    for form, scope, month in rows:
        months.setdefault((form, scope), []).append(day_number(month))
    return Reported({key: tuple(days) for key, days in months.items()}, covers)


def topics_of(duty: Duty) -> frozenset[str]:
    """What a report must carry to speak for the duty: its kinds, a tie, or a provision."""
    if duty.requires:
        named = (duty.requires.ties, duty.requires.provision, duty.requires.post,
                 duty.requires.exactly_one)  # fmt: skip
        return frozenset(name for name in named if name)
    return frozenset(counted.kind for counted in duty.counts)


def uncovered(frame: pd.DataFrame, scene: Scene, reported: Reported, duty: Duty) -> pd.DataFrame:
    """For one duty's obligations: `overdue`, the days of the span up to `as_of` or the deadline in
    months not reported whose report is overdue, and `pending`, those whose report is not due yet;
    `known_to`: the last day spoken for; `due_to`: the last day whose report is overdue. Days are
    working days where the duty counts these."""
    spoken = _SpokenFor(scene, reported, duty)
    rows_about = frame[["holder", "counterpart", "unit", "team", "place"]]
    last = np.minimum(frame["deadline"].to_numpy("int64"), scene.day)
    key = rows_about.assign(starts=frame["starts"], last=last)
    whom = rows_about.drop_duplicates()
    scopes = {row: spoken.scopes(*row) for row in whom.itertuples(index=False, name=None)}
    key["scopes"] = [scopes[row] for row in rows_about.itertuples(index=False, name=None)]
    unique = key[["scopes", "starts", "last"]].drop_duplicates()
    counted = [spoken.count(*row) for row in unique.itertuples(index=False)]
    unique[["overdue", "pending", "known_to"]] = np.array(counted, dtype="int64").reshape(-1, 3)
    merged = key.merge(unique, on=["scopes", "starts", "last"], how="left")
    merged.index = frame.index
    merged["due_to"] = _month_end(spoken.due_before)
    return merged[["overdue", "pending", "known_to", "due_to"]]


class _SpokenFor:
    """Counts unreported days for one duty; scopes that nobody reports on are one and the same."""

    def __init__(self, scene: Scene, reported: Reported, duty: Duty) -> None:
        self.scene, self.duty = scene, duty
        self.forms = reported.forms_for(topics_of(duty))
        self.reported = reported
        self.reporting = {scope for form, scope in reported.months if form in self.forms}
        grace = scene.document(duty).defaults.entry_grace.working_days
        self.due_before = _last_overdue(scene, grace)

    def scopes(self, *ids: int) -> tuple[int, ...]:
        above = self.scene.roles.chain(ids[-1])
        return tuple(sorted({i for i in (*ids, *above) if i in self.reporting}))

    def count(self, scopes: tuple[int, ...], starts: int, last: int) -> tuple[int, int, int]:
        covered, known_to = self._covered(scopes)
        overdue = pending = 0
        for month in _months(starts, last):
            if month in covered:
                continue
            days = self._days(max(starts, month), min(last, _month_end(month)))
            if month <= self.due_before:
                overdue += days
            else:
                pending += days
        return overdue, pending, known_to

    @cache  # noqa: B019 - lives no longer than one evaluation of one duty
    def _covered(self, scopes: tuple[int, ...]) -> tuple[frozenset[int], int]:
        """The months spoken for, and the last day of the newest (NOTHING_HEARD where none)."""
        covered = frozenset(
            month
            for form in self.forms
            for scope in scopes
            for month in self.reported.months.get((form, scope), ())
        )
        return covered, _month_end(max(covered)) if covered else NOTHING_HEARD

    def _days(self, first: int, last: int) -> int:
        if not self.duty.working_days_only:
            return last - first + 1
        return int(working_days(self.scene.calendar, np.array([first]), np.array([last]))[0])


def _last_overdue(scene: Scene, grace: int) -> int:
    """The first day of the latest month whose report is overdue: its end and the grace are past."""
    months = np.array(_months(scene.day - 62, scene.day))
    ends = as_days(np.array([_month_end(int(first)) for first in months]))
    entered_by = scene.calendar.add_working_days(ends, grace)
    return int(months[entered_by < np.datetime64(scene.as_of)][-1])


def _months(first: int, last: int) -> list[int]:
    """First days of the months that [first, last] touches."""
    if last < first:
        return []
    months = np.arange(
        as_days(np.array([first]))[0].astype("datetime64[M]"),
        as_days(np.array([last]))[0].astype("datetime64[M]") + np.timedelta64(1, "M"),
    )
    return [int(m) for m in months.astype("datetime64[D]").astype("int64")]


@cache
def _month_end(first: int) -> int:
    day: date = to_date(first)
    return first + monthrange(day.year, day.month)[1] - 1
