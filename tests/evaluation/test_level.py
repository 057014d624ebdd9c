"""The judge of a reported level as a pure function: what must hold for any figure and any day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evaluation.level import Level, judge_level
from tracker.evaluation.words import Reason, Status
from tracker.registry.dated import LAST_DAY, day_number, to_date

OPENS, CLOSES, GRACE = date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 8)


def level(
    day: date, figure: float | None, *, least: float = 4, most: float = np.inf, overdue: int = 0,
    pending: int = 0, behind: bool = False, to_come: bool = True,
) -> Level:  # fmt: skip
    """A level with the window of a year."""
    arrays = {
        "least": least, "most": most, "figure": figure or 0.0, "told": figure is not None,
        "overdue": overdue, "pending": pending, "behind": behind, "starts": day_number(OPENS),
        "deadline": day_number(CLOSES), "grace_ends": day_number(GRACE), "warn_from": LAST_DAY,
    }  # fmt: skip
    return Level(
        day=day_number(day), due_soon=45, to_come=to_come,
        **{name: np.array([value]) for name, value in arrays.items()},
    )  # fmt: skip


def verdict(one: Level) -> tuple[Status, Reason]:
    """The verdict on a single level."""
    status, reason = judge_level(one)
    return Status(int(status[0])), Reason(int(reason[0]))


@pytest.mark.parametrize(
    ("day", "figure", "expected"),
    [
        (date(2019, 12, 31), None, (Status.upcoming, Reason.none)),
        (date(2020, 1, 1), None, (Status.on_track, Reason.none)),
        (date(2020, 12, 31), 4, (Status.on_track, Reason.none)),
        (date(2021, 1, 1), 3.99, (Status.in_grace, Reason.below_level)),
        (date(2021, 1, 1), 4, (Status.met, Reason.none)),
        (date(2021, 1, 8), None, (Status.in_grace, Reason.no_report)),
        (date(2021, 1, 9), 3.99, (Status.breached, Reason.below_level)),
        (date(2021, 1, 9), None, (Status.unreported, Reason.no_report)),
    ],
)
def test_the_end_of_the_window_decides(
    day: date, figure: float | None, expected: tuple[Status, Reason]
) -> None:
    assert verdict(level(day, figure)) == expected


@pytest.mark.parametrize(
    ("figure", "to_come", "expected"),
    [
        (5, False, (Status.on_track, Reason.none)),
        (5.01, False, (Status.breached, Reason.over_limit)),
        (5.01, True, (Status.on_track, Reason.none)),
    ],
)
def test_a_limit_is_passed_at_once_unless_it_is_still_to_be_reached(
    figure: float, to_come: bool, expected: tuple[Status, Reason]
) -> None:
    one = level(date(2020, 6, 1), figure, least=-np.inf, most=5, to_come=to_come)

    assert verdict(one) == expected


@pytest.mark.parametrize(
    ("figure", "behind", "overdue", "expected"),
    [
        (3, True, 0, (Status.at_risk, Reason.behind_path)),
        (3, False, 0, (Status.on_track, Reason.none)),
        (4, True, 0, (Status.on_track, Reason.none)),
        (3, True, 1, (Status.unreported, Reason.depends_on_unreported)),
        (3, False, 1, (Status.on_track, Reason.none)),
        (None, False, 1, (Status.unreported, Reason.no_report)),
        (None, False, 0, (Status.on_track, Reason.none)),
    ],
)
def test_it_lags_only_while_short_and_is_unreported_where_a_report_is_overdue(
    figure: float | None, behind: bool, overdue: int, expected: tuple[Status, Reason]
) -> None:
    assert verdict(level(date(2020, 6, 1), figure, behind=behind, overdue=overdue)) == expected


days = st.integers(day_number(OPENS) - 5, day_number(GRACE) + 30).map(to_date)
figures = st.none() | st.integers(-20, 20)


@given(day=days, figure=figures, overdue=st.integers(0, 9), pending=st.integers(0, 9))
def test_it_is_met_exactly_when_the_window_is_over_and_nothing_can_change_it(
    day: date, figure: int | None, overdue: int, pending: int
) -> None:
    status, _ = verdict(level(day, figure, most=9, overdue=overdue, pending=pending))
    within = figure is not None and 4 <= figure <= 9

    assert (status is Status.met) == (day > CLOSES and within and overdue + pending == 0)


@given(day=days, figure=figures, overdue=st.integers(0, 9), behind=st.booleans())
def test_what_is_to_be_reached_is_never_lost_before_the_grace_is_over(
    day: date, figure: int | None, overdue: int, behind: bool
) -> None:
    status, _ = verdict(level(day, figure, most=9, overdue=overdue, behind=behind))

    assert status is not Status.unreachable
    if day <= GRACE or figure is None or overdue:
        assert status is not Status.breached
