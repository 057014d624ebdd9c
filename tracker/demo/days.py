"""The demo: the days of resident cadres, a line for each, as two years of month grids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from tracker.demo.book import Book, line
from tracker.demo.people import Village
from tracker.ledger.coverage import month_end
from tracker.workdays import Calendar

FIRST_DAY, LAST_DAY = date(2019, 1, 1), date(2020, 11, 30)
_MARKS = ("overnight", "in_village", "business_trip", "meeting", "training", "leave")
_OFTEN = (0.82, 0.06, 0.03, 0.03, 0.02, 0.04)
_WEEKEND = 0.06  # of the days off were spent in the village
_KEEN, _SLACK = 0.97, 0.80  # of the working days have a mark
_SLACK_ARE = 0.07
_FILED_AFTER = timedelta(days=4)


def months() -> list[date]:
    """First days of the months the ledger speaks of."""
    return [day.date() for day in pd.date_range(FIRST_DAY, LAST_DAY, freq="MS")]


def attendance(book: Book, village: Village, calendar: Calendar, dice: np.random.Generator) -> None:
    """Every cadre of a village, month by month."""
    days = np.arange(np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY) + 1)
    working = calendar.is_working(days)
    for person, since in village.cadres:
        often = _SLACK if dice.random() < _SLACK_ARE else _KEEN
        stayed = days >= np.datetime64(since)
        there = stayed & (dice.random(len(days)) < np.where(working, often, _WEEKEND))
        marks = dice.choice(len(_MARKS), size=int(there.sum()), p=_OFTEN)
        _write(book, village, person, days[there].tolist(), marks.tolist())


def _write(
    book: Book, village: Village, person: int, days: Iterable[date], marks: Iterable[int]
) -> None:
    by_month: dict[date, list[tuple[date, int]]] = {}
    for day, mark in zip(days, marks, strict=True):
        by_month.setdefault(day.replace(day=1), []).append((day, mark))
    for month, marked in by_month.items():
        lines = [line(person, _MARKS[mark], day, place=village.id) for day, mark in marked]
        said = {"姓名": str(person), "村": str(village.id), "天数": str(len(lines))}
        filed = month_end(month) + _FILED_AFTER
        book.write("attendance", f"{month:%Y-%m}", said, filed, lines=lines)


def cover(book: Book, everybody: Iterable[int]) -> None:
    """A grid speaks for the people it lists."""
    people = tuple(everybody)
    for month in months():
        book.cover("attendance", f"{month:%Y-%m}", [month], people)
