"""What is due when: boundary triples around every hour, day and week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import due
from jobs.slot import Slot
from jobs.timetable import load_timetable
from tests.jobs.office import at
from tracker.clock import SHANGHAI
from tracker.journal import JobRun, State
from tracker.workdays import calendar_for

TABLE = load_timetable()
CALENDAR = calendar_for()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def slots(now: str | datetime, job: str, checked: date | None = date(2020, 1, 8)) -> list[Slot]:
    """What of one job should have run by now."""
    moment = at(now) if isinstance(now, str) else now
    return [s for s in due.slots(TABLE, moment, CALENDAR, checked) if s.job == job]


def names(now: str, job: str, checked: date | None = date(2020, 1, 8)) -> list[str]:
    return [slot.name for slot in slots(now, job, checked) if not slot.idle]


def ran(slot: Slot, state: State, started: datetime) -> JobRun:
    """A row of the journal about a slot."""
    return JobRun(job=slot.job, slot=slot.name, state=state, started_at=started)


def ready(slot: Slot, now: datetime, *runs: JobRun) -> bool:
    return due.ready([slot], runs, now, TABLE.retry_minutes) == [slot]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-01-09 01:59", []),
        ("2020-01-09 02:00", ["2020-01-09"]),
        ("2020-01-09 02:01", ["2020-01-09"]),
        ("2020-01-10 01:59", ["2020-01-09"]),
        ("2020-01-10 02:00", ["2020-01-09", "2020-01-10"]),
    ],
)
def test_a_night_is_due_from_its_hour_on(now: str, expected: list[str]) -> None:
    assert names(now, "nightly") == expected


def test_missed_nights_come_one_by_one_each_with_its_own_date() -> None:
    found = slots("2020-03-02 10:00", "nightly", date(2020, 2, 27))
    assert [slot.as_of for slot in found] == [
        date(2020, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2020, 3, 2),
    ]  # fmt: skip


def test_an_empty_database_begins_with_tonight() -> None:
    assert names("2020-01-09 02:00", "nightly", None) == ["2020-01-09"]
    assert names("2020-01-09 01:59", "nightly", None) == []


def test_tonight_checked_by_hand_is_still_run_once() -> None:
    assert names("2020-01-09 02:00", "nightly", date(2020, 1, 9)) == ["2020-01-09"]
    assert names("2020-01-10 01:00", "nightly", date(2020, 1, 9)) == []


def test_a_night_of_a_day_to_come_is_loud_until_that_day() -> None:
    """The clock jumped back, or was ahead when the night was checked: nobody can tell which."""
    for now in ("2019-12-01 12:00", "2020-01-08 01:00", "2020-01-08 23:59"):
        (only,) = slots(now, "nightly", date(2020, 1, 9))
        assert only.refused
        assert "2020-01-09，晚于今天" in only.refused.what
        assert "时钟" in only.refused.fix
        done = ran(only, State.succeeded, only.at - DAY)
        assert ready(only, at(now), done), "that its own night was checked makes it no better"
    assert slots("2020-01-09 01:59", "nightly", date(2020, 1, 9)) == []


def test_so_many_missing_nights_are_left_to_a_person() -> None:
    last = date(2020, 1, 9)
    most = TABLE.most_nights
    found = slots(at("2020-01-09 12:00") + most * DAY, "nightly", last)
    assert len(found) == most
    assert not any(slot.refused for slot in found)
    (only,) = slots(at("2020-01-09 12:00") + (most + 1) * DAY, "nightly", last)
    assert only.refused
    assert "时钟" in only.refused.fix


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-01-06 08:29", []),  # a Monday
        ("2020-01-06 08:30", ["2020-01-06"]),
        ("2020-01-07 23:59", ["2020-01-06"]),  # late, on the next working day
        ("2020-01-08 00:00", []),  # too late
        ("2020-04-06 12:00", []),  # Monday, 清明
        ("2020-04-07 08:30", ["2020-04-06"]),  # Tuesday instead
        ("2020-10-08 12:00", []),  # Thursday, the last holiday
        ("2020-10-09 08:30", ["2020-10-05"]),  # Friday, the first working day
        ("2020-10-10 08:30", ["2020-10-05"]),  # a Saturday that is worked: late
        ("2020-10-11 08:30", []),
    ],
)
def test_the_digest_comes_on_the_first_working_day_of_the_week(
    now: str, expected: list[str]
) -> None:
    assert names(now, "weekly_digest") == expected


def test_a_week_of_holidays_has_no_digest_and_says_so() -> None:
    (only,) = slots("2020-01-27 08:30", "weekly_digest")  # 春节 with its extension
    assert "没有工作日" in only.idle
    assert slots("2020-01-27 08:29", "weekly_digest") == []


def test_a_digest_that_is_too_late_says_so() -> None:
    (only,) = slots("2020-01-08 09:00", "weekly_digest")
    assert "下周" in only.idle


@settings(deadline=None)
@given(st.dates(date(2019, 12, 1), date(2021, 1, 31)), st.times())
def test_a_week_has_one_digest_slot_whatever_the_moment(day: date, hour: time) -> None:
    found = slots(datetime.combine(day, hour, SHANGHAI), "weekly_digest")
    monday = day - day.weekday() * DAY
    assert [slot.name for slot in found] in ([], [f"{monday}"])


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-01-09 08:59", []),
        ("2020-01-09 09:00", ["2020-01-09"]),
        ("2020-01-09 23:59", ["2020-01-09"]),
        ("2020-01-10 00:00", []),  # not on the day after
        ("2020-01-11 12:00", []),  # Saturday
        ("2020-01-19 12:00", ["2020-01-19"]),  # a Sunday that is worked
        ("2020-01-24 12:00", []),  # 除夕
    ],
)
def test_notices_go_out_on_working_days(now: str, expected: list[str]) -> None:
    assert names(now, "notices") == expected


def test_what_is_due_comes_in_the_order_it_was_planned_and_sending_last() -> None:
    found = due.slots(TABLE, at("2020-01-06 12:00"), CALENDAR, date(2020, 1, 4))
    assert [slot.job for slot in found] == [
        "nightly", "pull", "nightly", "backup", "weekly_digest", "notices", "outbox",
    ]  # fmt: skip


def test_what_is_done_is_not_due_again() -> None:
    (slot,) = slots("2020-01-09 02:00", "nightly")
    for state in (State.succeeded, State.skipped):
        assert not ready(slot, slot.at + DAY, ran(slot, state, slot.at))


@pytest.mark.parametrize("state", [State.failed, State.interrupted])
def test_what_failed_rests_longer_each_time(state: State) -> None:
    (slot,) = slots("2020-01-09 02:00", "nightly")
    runs: list[JobRun] = []
    started = slot.at
    for minutes in (*TABLE.retry_minutes, TABLE.retry_minutes[-1]):
        runs.append(ran(slot, state, started))
        again = started + minutes * MINUTE
        assert not ready(slot, again - timedelta(seconds=1), *runs)
        assert ready(slot, again, *runs)
        started = again


def test_a_rest_is_over_where_the_clock_jumped_back() -> None:
    (slot,) = slots("2020-01-09 02:00", "nightly")
    assert ready(slot, slot.at, ran(slot, State.failed, slot.at + DAY))


def test_a_night_that_rests_holds_up_the_next_and_nothing_else() -> None:
    now = at("2020-01-10 02:00")
    found = due.slots(TABLE, now, CALENDAR, date(2020, 1, 8))
    nights = [slot for slot in found if slot.job == "nightly"]
    assert [slot.name for slot in nights] == ["2020-01-09", "2020-01-10"]
    kept = due.ready(found, [ran(nights[0], State.failed, now)], now, TABLE.retry_minutes)
    assert kept == [slot for slot in found if slot.job != "nightly"]


def test_sending_never_rests_and_is_never_done() -> None:
    (slot,) = slots("2020-01-09 12:00", "outbox")
    for state in (State.failed, State.succeeded):
        assert ready(slot, slot.at, ran(slot, state, slot.at))


def test_the_plan_of_a_week_with_a_holiday() -> None:
    planned = due.planned(TABLE, CALENDAR, date(2020, 4, 6), date(2020, 4, 12))
    days = {job: [moment.day for j, moment in planned if j == job] for job in TABLE.daily}
    assert days["nightly"] == [6, 7, 8, 9, 10, 11, 12]
    assert days["weekly_digest"] == [7]
    assert days["notices"] == [7, 8, 9, 10]
    assert planned == sorted(planned, key=lambda one: one[1])
