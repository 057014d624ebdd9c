"""The judge with both bounds, and with several readings: what decides, and who tells it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evaluation.test_judge import CLOSES, MET, ON_TRACK, amounts, case, days, verdict
from tracker.evaluation.judge import combine
from tracker.evaluation.words import Reason, Status


@pytest.mark.parametrize(
    ("day", "done", "expected"),
    [
        (date(2020, 12, 31), 1, Status.at_risk),
        (date(2020, 12, 31), 2, Status.on_track),
        (date(2020, 12, 31), 3, Status.on_track),
        (date(2020, 12, 31), 4, Status.breached),
        (date(2021, 1, 1), 1, Status.in_grace),
        (date(2021, 1, 1), 2, Status.met),
        (date(2021, 1, 9), 1, Status.breached),
        (date(2021, 1, 9), 3, Status.met),
        (date(2021, 1, 9), 4, Status.breached),
    ],
)
def test_both_bounds_are_met_only_in_the_end(day: date, done: int, expected: Status) -> None:
    pending = int(day == CLOSES)

    assert verdict(case(day, done, required=2, most=3, pending=pending))[0] == expected


@given(day=days, done=amounts, overdue=amounts, required=st.integers(0, 9), room=st.integers(0, 9))
def test_over_the_limit_is_a_breach_on_any_day_and_nothing_else_is_over(
    day: date, done: int, overdue: int, required: int, room: int
) -> None:
    one = case(day, done, required=required, most=required + room, overdue=overdue)

    assert (verdict(one)[1] is Reason.over_limit) == (done > required + room)


@pytest.mark.parametrize(
    ("main", "others", "expected", "teller"),
    [
        (MET, [MET, MET], MET, 0),
        (MET, [MET, Status.breached], Status.needs_review, 1),
        (MET, [Status.at_risk, Status.breached], Status.needs_review, 1),
        (MET, [MET, Status.at_risk], ON_TRACK, 1),
        (MET, [Status.breached, Status.unreachable], Status.needs_review, 0),
        (Status.breached, [Status.breached, MET], Status.needs_review, 1),
        (Status.at_risk, [MET, Status.breached], Status.at_risk, 0),
    ],
)
def test_any_reading_that_decides_otherwise_is_for_a_person(
    main: Status, others: list[Status], expected: Status, teller: int
) -> None:
    told = combine(
        np.array([int(main)]), np.array([int(Reason.none)]), [np.array([int(o)]) for o in others]
    )

    assert (Status(int(told.status[0])), int(told.teller[0])) == (expected, teller)
    assert bool(told.differs[0]) == (expected != main)
