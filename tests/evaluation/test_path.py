"""The path between milestones: a straight line from one to the next, and nothing outside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evaluation.path import expected, needed

START, MIDDLE, END = date(2016, 12, 31), date(2018, 12, 31), date(2020, 12, 31)
RISING = [(START, 1000.0), (MIDDLE, 1730.0), (END, 2096.0)]
FALLING = [(START, 15.0), (END, 5.0)]


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (START - timedelta(1), None),
        (START, 1000),
        (START + timedelta(1), 1001),
        (MIDDLE - timedelta(1), 1729),
        (MIDDLE, 1730),
        (date(2019, 12, 31), 1730 + 366 * 365 / 731),
        (END, 2096),
        (END + timedelta(1), None),
    ],
)
def test_it_goes_straight_from_milestone_to_milestone(day: date, value: float | None) -> None:
    assert expected(RISING, day) == (value if value is None else pytest.approx(value))


def test_one_point_alone_is_no_path() -> None:
    assert expected([(START, 1000.0)], START) is None
    assert expected([], START) is None


@pytest.mark.parametrize(("pace", "value"), [(1, 10.0), (0.8, 11.0), (0.5, 12.5)])
def test_just_not_behind_is_a_part_of_the_way_also_downwards(pace: float, value: float) -> None:
    assert needed(FALLING, START + (END - START) / 2, pace) == pytest.approx(value, abs=0.01)


def test_the_way_is_that_since_the_milestone_before() -> None:
    assert needed(RISING, MIDDLE + timedelta(1), 0.5) == pytest.approx(1730.25)
    assert needed(RISING, MIDDLE, 0.5) == pytest.approx(1365)


points = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 10**6)),
    min_size=2, max_size=6, unique_by=lambda point: point[0],
).map(sorted)  # fmt: skip


@given(points=points, day=st.integers(-10, 3010))
def test_it_stays_between_its_milestones(points: list[tuple[int, int]], day: int) -> None:
    value = expected(points, day)
    before = [p for p in points if p[0] <= day]
    after = [p for p in points if p[0] >= day]

    assert (value is None) == (not before or not after)
    if value is not None:
        low, high = sorted((before[-1][1], after[0][1]))
        assert low - 1e-6 <= value <= high + 1e-6
