"""The path between milestones: where a reported figure should stand on a day. Pure.

What is added up starts anew in every window and has an even pace of its own; a level goes on from
the milestone before, in a straight line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from tracker.policy.duty import MILESTONE, Case, Duty
from tracker.policy.milestones import day_of

Day = TypeVar("Day", int, date)
Points = list[tuple[date, float]]


def expected(points: Sequence[tuple[Day, float]], day: Day) -> float | None:
    """The value on `day` on the straight lines through `points` (ascending days); None before the
    first, after the last and where fewer than two are known."""
    for (first, before), (last, after) in pairwise(points):
        if first <= day <= last and first < last:
            return before + (after - before) * ((day - first) / (last - first))
    return None


def points_of(duty: Duty) -> Points:
    """The milestones of the bound that a level moves towards, after the base it starts from."""
    bound = duty.at_least if duty.at_least is not None else duty.at_most
    if duty.measure != "latest" or not isinstance(bound, Case) or bound.by != MILESTONE:
        return []
    numbers = ((day_of(k), v) for k, v in bound.cases.items() if isinstance(v, int | Decimal))
    base = [(duty.base.on, float(duty.base.value))] if duty.base else []
    return base + sorted((day, float(value)) for day, value in numbers if day)


def needed(points: Points, day: date, pace: float) -> float | None:
    """The value that is just not behind on `day`: `pace` of the way that the path has gone since
    the milestone before it; to two decimals, as figures are reported."""
    now = expected(points, day)
    if now is None:
        return None
    before = max((point for point in points if point[0] < day), default=points[0])[1]
    return round(before + (now - before) * pace, 2)
