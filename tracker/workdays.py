"""The law in days: official working days, and the windows that duties are counted in. Pure.

Working days are those of the State Council's yearly notices (make-up days included), as kept by
chinesecalendar, and what the cited overlays of duties/calendar/ say on top. Beyond the last
published year every Monday to Friday counts, and `is_provisional` says so (I66).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np
from chinese_calendar import constants
from numpy.typing import NDArray

from tracker.errors import CalendarError
from tracker.policy.document import Every
from tracker.policy.law import CalendarOverlay

Day = date | np.datetime64
Days = Day | NDArray[np.datetime64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FIRST = date(2004, 1, 1)
LAST = date(2099, 12, 31)
_MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}


class Window(NamedTuple):
    """A closed span of days in which a duty is counted."""

    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days; build it with `calendar_for`.

    `before[i]` is the number of working days before day i, so that any count is one subtraction.
    `overlays` are those applied, in order; local ones (I6) are to be shown as a flag.
    """

    before: Ints
    working: NDArray[np.datetime64]
    published_to: date
    overlays: tuple[CalendarOverlay, ...]

    def working_days(self, start: Days, end: Days) -> Ints:
        """Working days in each closed span; 0 where it is empty."""
        first, last = self._index(start), self._index(end)
        return np.where(first > last, 0, self.before[last + 1] - self.before[first])

    def is_working(self, days: Days) -> Bools:
        """Whether each day is a working day."""
        index = self._index(days)
        return self.before[index + 1] > self.before[index]

    def is_provisional(self, start: Days, end: Days) -> Bools:
        """Whether any day of each span lies beyond the last published year (I66)."""
        first, last = _days(start), _days(end)
        return (first <= last) & (last > np.datetime64(self.published_to))

    def days(self, start: Day, end: Day) -> NDArray[np.datetime64]:
        """Every working day of the closed span, in order."""
        first, last = self._index(start), self._index(end)
        return self.working[self.before[first] : self.before[last + 1]]

    def nth_working_day_from_end(
        self, start: Days, end: Days, n: int | Ints
    ) -> NDArray[np.datetime64]:
        """The n-th working day of each span counted backward; NaT where it has fewer, or n < 1.

        It is the last day on which n working days still fit into the rest of the span.
        """
        wanted = np.asarray(n)
        place = self.before[self._index(end) + 1] - wanted
        found = self.working[np.clip(place, 0, len(self.working) - 1)]
        there = (wanted >= 1) & (self.working_days(start, end) >= wanted)
        return np.where(there, found, np.datetime64("NaT"))

    def add_working_days(self, day: Days, n: int | Ints) -> NDArray[np.datetime64]:
        """The n-th working day after each day; the day itself where n is 0 (I69)."""
        steps = np.asarray(n)
        place = self.before[self._index(day) + 1] + steps - 1
        if np.any(place >= len(self.working)):
            raise _outside(LAST + timedelta(days=1))
        return np.where(steps == 0, _days(day), self.working[np.maximum(place, 0)])

    def _index(self, days: Days) -> Ints:
        stamps = _days(days)
        index = (stamps - np.datetime64(FIRST)).astype(np.int64)
        outside = (index < 0) | (index >= len(self.before) - 1)
        if np.any(outside):
            raise _outside(cast(date | None, stamps[outside].flat[0].item()))
        return index


def calendar_for(overlays: Iterable[CalendarOverlay] = (), area_code: str = "") -> Calendar:
    """The calendar of an area: national days, then the overlays that cover `area_code` (I6, I7).

    An overlay states what a day is, so stating what is already so changes nothing. Where two
    speak of one day the narrower area wins. Calendars are cached: build as often as you like.
    """
    applied = [o for o in overlays if o.area is None or area_code.startswith(o.area.code)]
    return _build(tuple(sorted(applied, key=lambda o: len(o.area.code) if o.area else 0)))


@lru_cache(maxsize=32)
def _build(overlays: tuple[CalendarOverlay, ...]) -> Calendar:
    days = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + 1)
    works = np.is_busday(days)
    published = max(constants.workdays)
    stated = [(constants.holidays, False), (constants.workdays, True)]
    stated += [rule for o in overlays for rule in ((o.rest, False), (o.work, True))]
    for listed, working in stated:
        works[[(day - FIRST).days for day in listed]] = working
    return Calendar(
        before=np.concatenate(([0], np.cumsum(works))).astype(np.int64),
        working=days[works],
        published_to=date(published.year, 12, 31),
        overlays=overlays,
    )


def windows(
    every: Every, first: date, last: date, once: tuple[date, date] | None = None
) -> list[Window]:
    """The calendar windows that share a day with [first, last], in order (I9).

    `once` needs its span (from, to). `always` has no windows of its own: it is [first, last].
    """
    if first > last:
        return []
    if every == "always":
        return [Window(first, last)]
    if every == "once":
        if once is None:
            raise ValueError("a duty of `every: once` needs its span")
        return [Window(*once)] if once[0] <= last and first <= once[1] else []
    found, opens = [], _opening(every, first)
    while opens <= last:
        following = _opening(every, opens + timedelta(days=31 * _MONTHS[every]))
        found.append(Window(opens, following - timedelta(days=1)))
        opens = following
    return found


def window_containing(
    every: Every, day: date, once: tuple[date, date] | None = None
) -> Window | None:
    """The window the day lies in; None outside a `once` span."""
    return next(iter(windows(every, day, day, once)), None)


def _opening(every: Every, day: date) -> date:
    months = _MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _days(days: Days) -> NDArray[np.datetime64]:
    return np.asarray(days, dtype="datetime64[D]")


def _outside(day: date | None) -> CalendarError:
    return CalendarError(
        f"工作日历答不出 {day} 的情况" if day else "工作日历收到了空日期",
        fix=f"请使用 {FIRST} 至 {LAST} 之间的日期",
    )
