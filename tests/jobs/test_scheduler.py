"""The scheduler around the ticks: a clock that jumps back does not put it to sleep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.scheduler import STEPS, EveryMinute, follow_clock
from jobs.timetable import JOBS, load_timetable
from tests.jobs.office import Clock, at, ticker

NOW = at("2020-01-09 12:00")


@dataclass
class Ticks:
    """The scheduler's own job, as far as it matters."""

    next_run_time: datetime | None

    def modify(self, next_run_time: datetime) -> None:
        self.next_run_time = next_run_time


@pytest.mark.parametrize(
    ("ahead", "followed"),
    [
        (timedelta(seconds=30), False),
        (timedelta(minutes=2), False),
        (timedelta(minutes=2, seconds=1), True),
        (timedelta(days=1), True),
    ],
)
def test_a_clock_set_back_is_followed(
    sqlite_engine: sa.Engine, tmp_path: Path, ahead: timedelta, followed: bool
) -> None:
    ticks = Ticks(NOW + ahead)
    follow_clock(ticks, ticker(sqlite_engine, tmp_path, Clock(NOW)))
    assert ticks.next_run_time == (NOW if followed else NOW + ahead)


@pytest.mark.parametrize("before", [None, at("1970-01-01 08:00"), NOW])
def test_whatever_was_missed_is_one_tick_at_the_next_whole_minute(before: datetime | None) -> None:
    now = NOW + timedelta(seconds=59, microseconds=999_999)
    assert EveryMinute().get_next_fire_time(before, now) == at("2020-01-09 12:01")
    assert EveryMinute().get_next_fire_time(before, NOW) == at("2020-01-09 12:01")


def test_every_job_of_the_timetable_has_a_step() -> None:
    assert STEPS.keys() == JOBS.keys() == {*load_timetable().daily, "outbox"}
