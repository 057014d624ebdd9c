"""The judge as a pure function: each status at its edges, and what must hold for any case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evaluation.judge import NO_DAY, Case, judge, with_other_reading
from tracker.evaluation.words import Reason, Status
from tracker.registry.dated import LAST_DAY, day_number, to_date

OPENS, CLOSES, GRACE = date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 8)


def case(
    day: date, done: int, *, required: int = 4, most: float = np.inf, deadline: date = CLOSES,
    grace: date = GRACE, overdue: int = 0, pending: int = 0, done_late: int = 0,
    warn_from: date | None = None, due_soon: int = 45, pace: float = 1, steady: bool = False,
    due_soon_steady: int = 0,
) -> Case:  # fmt: skip
    """A case whose days are all eligible, one a day, with everything else derived."""
    now, first, last = day_number(day), day_number(OPENS), day_number(deadline)
    short = max(required - done, 0)
    safe = last - short + 1 if short and now <= last and last - short + 1 >= first else NO_DAY
    numbers = {
        "least": required, "most": most, "done": done, "done_late": done_late, "overdue": overdue,
        "pending": pending, "future": max(last - max(now, first - 1), 0),
        "elapsed": max(min(now, last) - first + 1, 0) - pending, "whole": last - first + 1,
        "starts": first, "deadline": last, "grace_ends": day_number(grace), "last_safe": safe,
        "warn_from": day_number(warn_from) if warn_from else LAST_DAY,
    }  # fmt: skip
    return Case(
        day=now, due_soon=due_soon, pace=pace, steady=steady,
        due_soon_steady=due_soon_steady,
        **{name: np.array([value]) for name, value in numbers.items()},
    )  # fmt: skip


def verdict(one: Case) -> tuple[Status, Reason]:
    """The verdict on a single case."""
    status, reason = judge(one)
    return Status(int(status[0])), Reason(int(reason[0]))


@pytest.mark.parametrize(
    ("done", "expected"), [(3, Status.breached), (4, Status.met), (5, Status.met)]
)
def test_at_least_is_met_at_the_number_and_not_one_below(done: int, expected: Status) -> None:
    assert verdict(case(date(2021, 1, 9), done))[0] == expected


def test_it_is_met_as_soon_as_the_number_is_reached() -> None:
    assert verdict(case(date(2020, 2, 1), 4)) == (Status.met, Reason.none)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 12, 31), Status.unreachable),
        (date(2021, 1, 1), Status.in_grace),
        (date(2021, 1, 8), Status.in_grace),
        (date(2021, 1, 9), Status.breached),
    ],
)
def test_after_the_deadline_comes_the_grace_and_then_the_breach(
    day: date, expected: Status
) -> None:
    assert verdict(case(day, 3)) == (expected, Reason.short)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 12, 31), Status.upcoming),
        (date(2020, 1, 1), Status.on_track),
        (date(2020, 1, 2), Status.on_track),
    ],
)
def test_it_is_upcoming_until_its_first_day(day: date, expected: Status) -> None:
    assert verdict(case(day, 0))[0] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 12, 28), Status.at_risk),
        (date(2020, 12, 29), Status.unreachable),
        (date(2020, 12, 30), Status.unreachable),
    ],
)
def test_it_is_unreachable_once_fewer_days_are_left_than_are_missing(
    day: date, expected: Status
) -> None:
    assert verdict(case(day, 1))[0] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 11, 15), (Status.on_track, Reason.none)),
        (date(2020, 11, 16), (Status.at_risk, Reason.due_soon)),
        (date(2020, 11, 17), (Status.at_risk, Reason.due_soon)),
    ],
)
def test_it_is_due_soon_45_days_before_the_last_safe_day(
    day: date, expected: tuple[Status, Reason]
) -> None:
    assert verdict(case(day, 3)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 3, 31), (Status.on_track, Reason.none)),  # 91 of 366 days: less than a quarter
        (date(2020, 4, 1), (Status.at_risk, Reason.behind_pace)),
        (date(2020, 4, 2), (Status.at_risk, Reason.behind_pace)),
    ],
)
def test_it_is_behind_when_an_even_pace_would_have_done_one_more(
    day: date, expected: tuple[Status, Reason]
) -> None:
    assert verdict(case(day, 0)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 1, 31), Status.on_track),
        (date(2020, 2, 1), Status.at_risk),
        (date(2020, 3, 31), Status.unreachable),
    ],
)
def test_a_due_day_warns_from_its_own_day_on(day: date, expected: Status) -> None:
    plan = case(
        day, 0, required=1, deadline=date(2020, 3, 31), warn_from=date(2020, 2, 1), due_soon=0
    )
    assert verdict(plan)[0] == expected


@pytest.mark.parametrize(
    ("day", "late", "expected"),
    [
        (date(2021, 1, 8), 1, (Status.in_grace, Reason.short)),
        (date(2021, 1, 9), 1, (Status.breached, Reason.done_late)),
        (date(2021, 1, 9), 0, (Status.breached, Reason.short)),
    ],
)
def test_done_after_the_due_day_is_a_breach_that_says_so(
    day: date, late: int, expected: tuple[Status, Reason]
) -> None:
    assert verdict(case(day, 3, done_late=late)) == expected


@pytest.mark.parametrize(
    ("overdue", "expected"),
    [(2, Status.breached), (3, Status.unreported), (4, Status.unreported)],
)
def test_months_not_reported_may_hold_what_is_missing(overdue: int, expected: Status) -> None:
    assert verdict(case(date(2021, 1, 9), 1, overdue=overdue))[0] == expected


@pytest.mark.parametrize(
    ("overdue", "expected"),
    [
        (0, (Status.unreachable, Reason.short)),
        (1, (Status.unreported, Reason.depends_on_unreported)),
    ],
)
def test_a_month_not_reported_never_makes_it_unreachable(
    overdue: int, expected: tuple[Status, Reason]
) -> None:
    assert verdict(case(date(2020, 12, 30), 2, overdue=overdue)) == expected


@pytest.mark.parametrize(
    ("day", "done", "expected"),
    [
        (date(2020, 6, 1), 4, Status.on_track),
        (date(2020, 6, 1), 5, Status.breached),
        (date(2020, 12, 31), 4, Status.on_track),
        (date(2021, 1, 1), 4, Status.met),
        (date(2021, 1, 1), 5, Status.breached),
    ],
)
def test_at_most_is_breached_at_once_and_met_only_in_the_end(
    day: date, done: int, expected: Status
) -> None:
    assert verdict(case(day, done, required=0, most=4))[0] == expected


def test_steady_work_ahead_of_its_pace_is_not_warned_by_a_near_last_safe_day() -> None:
    near = case(date(2020, 1, 20), 20, required=360, steady=True)

    assert verdict(near) == (Status.on_track, Reason.none)
    assert verdict(replace(near, steady=False)) == (Status.at_risk, Reason.due_soon)


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [(8, Reason.none), (7, Reason.due_soon), (6, Reason.due_soon)],
)
def test_steady_work_with_hardly_a_day_to_spare_is_due_soon(
    days_left: int, expected: Reason
) -> None:
    on_pace = case(date(2020, 1, 20), 20, required=346 - 1 + 20, steady=True, due_soon_steady=7)
    spare = replace(on_pace, last_safe=np.array([on_pace.day + days_left]))

    assert verdict(spare)[1] == expected


amounts = st.integers(0, 400)
days = st.integers(day_number(date(2020, 1, 1)), day_number(date(2021, 3, 1))).map(to_date)


@given(day=days, done=amounts, required=st.integers(1, 366), overdue=amounts, pending=amounts)
def test_met_exactly_when_enough_is_done(
    day: date, done: int, required: int, overdue: int, pending: int
) -> None:
    status, _ = verdict(case(day, done, required=required, overdue=overdue, pending=pending))

    assert (status is Status.met) == (done >= required)


@given(
    day=days, done=amounts, required=st.integers(1, 366), overdue=amounts, pending=amounts,
    steady=st.booleans(), due_soon=st.integers(0, 60), pace=st.sampled_from([0.5, 0.8, 1.0]),
)  # fmt: skip
def test_one_more_that_counts_never_makes_it_worse(
    day: date, done: int, required: int, overdue: int, pending: int, steady: bool,
    due_soon: int, pace: float,
) -> None:  # fmt: skip
    def of(amount: int) -> Status:
        return verdict(
            case(
                day, amount, required=required, overdue=overdue, pending=pending, steady=steady,
                due_soon=due_soon, pace=pace,
            )
        )[0]  # fmt: skip

    assert _GOODNESS[of(done)] <= _GOODNESS[of(done + 1)]


_GOODNESS = {
    Status.breached: 0, Status.unreachable: 0, Status.in_grace: 1, Status.unreported: 1,
    Status.at_risk: 1, Status.on_track: 2, Status.met: 3,
}  # fmt: skip


@given(day=days, done=amounts, required=st.integers(1, 366), overdue=amounts, pending=amounts)
def test_it_is_lost_exactly_when_nothing_could_still_be_enough(
    day: date, done: int, required: int, overdue: int, pending: int
) -> None:
    one = case(day, done, required=required, overdue=overdue, pending=pending)
    lost = done + overdue + pending + int(one.future[0]) < required
    status, _ = verdict(one)

    if not CLOSES < day <= GRACE:
        assert (status in (Status.unreachable, Status.breached)) == lost


MET, ON_TRACK = Status.met, Status.on_track


@pytest.mark.parametrize(
    ("main", "other", "expected"),
    [
        (MET, MET, MET),
        (MET, Status.breached, Status.needs_review),
        (MET, Status.unreachable, Status.needs_review),
        (Status.breached, MET, Status.needs_review),
        (MET, Status.at_risk, ON_TRACK),
        (MET, Status.unreported, Status.unreported),
        (MET, Status.in_grace, Status.in_grace),
        (Status.breached, Status.breached, Status.breached),
        (Status.at_risk, Status.unreachable, Status.at_risk),
        (ON_TRACK, Status.at_risk, ON_TRACK),
    ],
)
def test_two_readings_make_one_verdict(main: Status, other: Status, expected: Status) -> None:
    none = np.array([int(Reason.none)])
    status, _, differs = with_other_reading(np.array([int(main)]), none, np.array([int(other)]))

    assert status[0] == expected
    assert bool(differs[0]) == (main != expected or expected is Status.needs_review)
