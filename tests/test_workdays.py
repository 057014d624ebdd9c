"""Working days are the State Council's; windows are calendar windows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import resources
from tracker.errors import CalendarError
from tracker.policy.document import Area, Every
from tracker.policy.law import CalendarOverlay
from tracker.policy.load import load_law
from tracker.workdays import LAST, calendar_for, window_containing, windows

NATIONAL = calendar_for()
PUBLISHED = st.dates(date(2004, 1, 1), date(2026, 12, 31))
ANY = st.dates(date(2004, 1, 1), date(2035, 12, 31))


def local(**days: list[date]) -> CalendarOverlay:
    return CalendarOverlay.model_validate(
        {
            "id": "local",
            "cite": "某通知",
            "area": {"code": "6229", "name": "某州"},
            "interpretation": "I6",
            **days,
        }
    )


def year_of(calendar_year: int) -> tuple[date, date]:
    return date(calendar_year, 1, 1), date(calendar_year, 12, 31)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2019-02-02", True),  # make-up Saturday
        ("2019-02-03", True),  # make-up Sunday
        ("2019-02-04", False),
        ("2019-04-28", True),
        ("2019-05-01", False),
        ("2019-05-05", True),
        ("2019-09-29", True),
        ("2019-10-12", True),
        ("2019-12-27", True),
        ("2019-12-28", False),
        ("2020-01-19", True),
        ("2020-01-31", False),  # I7
        ("2020-02-01", False),  # I7: the make-up day was called off
        ("2020-02-03", True),
    ],
)
def test_make_up_days_work_and_holidays_do_not(day: str, working: bool) -> None:
    assert NATIONAL.is_working(np.datetime64(day)) == working


@pytest.mark.parametrize(("year", "days"), [(2019, 250), (2020, 249)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    assert NATIONAL.working_days(*year_of(year)) == days


@given(PUBLISHED)
def test_every_published_day_is_as_the_library_has_it(day: date) -> None:
    assert NATIONAL.is_working(day) == chinese_calendar.is_workday(day)


@given(ANY, ANY, ANY)
def test_adjoining_spans_add_up(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    whole = NATIONAL.working_days(first, last)
    rest = NATIONAL.working_days(middle + timedelta(days=1), last)
    assert whole == NATIONAL.working_days(first, middle) + rest


@given(ANY, st.integers(0, 400))
def test_days_are_the_working_days_of_the_span(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    days = NATIONAL.days(start, end)
    assert len(days) == NATIONAL.working_days(start, end)
    assert NATIONAL.is_working(days).all()


@given(ANY, st.integers(0, 400), st.integers(1, 60))
def test_the_nth_working_day_from_the_end_leaves_exactly_n(
    start: date, length: int, n: int
) -> None:
    end = start + timedelta(days=length)
    day = NATIONAL.nth_working_day_from_end(start, end, n)
    if NATIONAL.working_days(start, end) < n:
        assert np.isnat(day)
    else:
        assert NATIONAL.working_days(day, end) == n
        assert NATIONAL.is_working(day)


@pytest.mark.parametrize(
    ("n", "day"),
    [(1, "2019-12-31"), (21, "2019-12-03"), (22, "2019-12-02"), (23, "NaT"), (0, "NaT")],
)
def test_last_safe_days_of_december_2019(n: int, day: str) -> None:
    found = NATIONAL.nth_working_day_from_end(date(2019, 12, 1), date(2019, 12, 31), n)
    assert str(found) == day


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2019-12-31", 0, "2019-12-31"),
        ("2019-12-31", 1, "2020-01-02"),
        ("2019-12-31", 5, "2020-01-08"),
        ("2019-09-28", 1, "2019-09-29"),  # a make-up Sunday counts
        ("2020-01-23", 1, "2020-02-03"),  # I7
    ],
)
def test_grace_in_working_days(day: str, n: int, expected: str) -> None:
    assert str(NATIONAL.add_working_days(np.datetime64(day), n)) == expected


@given(ANY, st.integers(1, 60))
def test_n_working_days_after_a_day_are_n_working_days(day: date, n: int) -> None:
    end = NATIONAL.add_working_days(day, n)
    assert NATIONAL.working_days(day + timedelta(days=1), end) == n
    assert NATIONAL.is_working(end)


def test_spans_are_counted_as_arrays() -> None:
    starts = np.array(["2019-01-01", "2020-01-01", "2020-02-01"], dtype="datetime64[D]")
    ends = np.array(["2019-12-31", "2020-12-31", "2020-01-31"], dtype="datetime64[D]")
    assert NATIONAL.working_days(starts, ends).tolist() == [250, 249, 0]


@pytest.mark.parametrize(
    ("start", "end", "provisional"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), False),
        (date(2026, 12, 31), date(2027, 1, 1), True),
        (date(2027, 1, 1), date(2027, 12, 31), True),
    ],
)
def test_unpublished_years_are_provisional(start: date, end: date, provisional: bool) -> None:
    assert NATIONAL.is_provisional(start, end) == provisional


def test_provisional_years_are_monday_to_friday() -> None:
    assert NATIONAL.working_days(*year_of(2027)) == np.busday_count("2027-01-01", "2028-01-01")


@pytest.mark.parametrize(
    "day", [date(2003, 12, 31), LAST + timedelta(days=1), np.datetime64("NaT")]
)
def test_days_the_calendar_cannot_answer_are_refused(day: date) -> None:
    with pytest.raises(CalendarError, match="工作日历"):
        NATIONAL.is_working(day)


def test_grace_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarError):
        NATIONAL.add_working_days(LAST, 1)


def test_stating_again_what_the_calendar_has_changes_nothing() -> None:
    law = load_law([resources.folder("duties")])
    stated = calendar_for(law.calendar, "621023")
    assert "I7" in {overlay.interpretation for overlay in stated.overlays}
    for year, days in ((2019, 250), (2020, 249)):
        assert stated.working_days(*year_of(year)) == days


def test_a_local_holiday_rests_only_inside_its_area() -> None:
    holiday = date(2019, 8, 12)  # a Monday
    overlay = local(rest=[holiday])
    inside, outside = calendar_for([overlay], "622901"), calendar_for([overlay], "621023")
    assert not inside.is_working(holiday)
    assert outside.is_working(holiday)
    assert inside.working_days(*year_of(2019)) == 249
    assert (inside.overlays, outside.overlays) == ((overlay,), ())


def test_the_narrower_area_wins() -> None:
    day = date(2019, 8, 12)
    wide = local(rest=[day])
    narrow = local(work=[day]).model_copy(update={"area": Area(code="622901", name="某市")})
    for order in ([wide, narrow], [narrow, wide]):
        assert calendar_for(order, "622901").is_working(day)


@pytest.mark.parametrize(
    ("every", "day", "opens", "closes"),
    [
        ("year", date(2020, 2, 29), date(2020, 1, 1), date(2020, 12, 31)),
        ("half_year", date(2019, 6, 30), date(2019, 1, 1), date(2019, 6, 30)),
        ("half_year", date(2019, 7, 1), date(2019, 7, 1), date(2019, 12, 31)),
        ("quarter", date(2019, 3, 31), date(2019, 1, 1), date(2019, 3, 31)),
        ("quarter", date(2019, 4, 1), date(2019, 4, 1), date(2019, 6, 30)),
        ("month", date(2020, 2, 29), date(2020, 2, 1), date(2020, 2, 29)),
        ("month", date(2019, 12, 31), date(2019, 12, 1), date(2019, 12, 31)),
        ("always", date(2019, 5, 1), date(2019, 5, 1), date(2019, 5, 1)),
    ],
)
def test_the_window_a_day_lies_in(every: Every, day: date, opens: date, closes: date) -> None:
    assert window_containing(every, day) == (opens, closes)


@given(ANY, st.integers(0, 1500), st.sampled_from(["year", "half_year", "quarter", "month"]))
def test_windows_tile_the_span(first: date, length: int, every: Every) -> None:
    last = first + timedelta(days=length)
    found = windows(every, first, last)
    assert found[0].opens <= first <= found[0].closes
    assert found[-1].opens <= last <= found[-1].closes
    for before, after in pairwise(found):
        assert after.opens == before.closes + timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2019, 1, 1), date(2019, 7, 31), 0),
        (date(2019, 1, 1), date(2019, 8, 1), 1),
        (date(2020, 6, 30), date(2021, 1, 1), 1),
        (date(2020, 7, 1), date(2021, 1, 1), 0),
    ],
)
def test_a_duty_of_one_span_has_one_window(first: date, last: date, count: int) -> None:
    span = (date(2019, 8, 1), date(2020, 6, 30))
    found = windows("once", first, last, span)
    assert found == [span] * count


def test_an_empty_span_has_no_windows() -> None:
    assert windows("month", date(2019, 2, 1), date(2019, 1, 31)) == []


def test_a_duty_of_one_span_needs_its_span() -> None:
    with pytest.raises(ValueError, match="once"):
        windows("once", date(2019, 1, 1), date(2019, 12, 31))
