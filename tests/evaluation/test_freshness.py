"""How fresh the newest check is: boundary triples around the hours of freshness.yaml."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, moment
from tracker import db, journal
from tracker.clock import SHANGHAI
from tracker.evaluation.freshness import NIGHTLY, age, freshness

NIGHT = date(2020, 1, 9)
AT = moment(NIGHT, 2)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2020-01-10 07:59", (False, 0)),
        ("2020-01-10 08:00", (False, 0)),
        ("2020-01-10 08:01", (True, 1)),
        ("2020-01-11 05:59", (True, 1)),
        ("2020-01-11 06:00", (True, 2)),
        ("2020-01-13 08:30", (True, 4)),
    ],
)
def test_a_night_is_stale_thirty_hours_after_it_was_checked(
    now: str, expected: tuple[bool, int]
) -> None:
    assert age(NIGHT, AT, at(now)) == expected


def test_a_night_caught_up_late_is_as_old_as_its_own_day() -> None:
    now = at("2020-01-13 10:00")
    assert age(NIGHT, now, now) == (True, 4)
    assert age(date(2020, 1, 12), now, now) == (False, 0)


def test_a_clock_that_jumped_back_makes_nothing_stale() -> None:
    assert age(NIGHT, AT, AT - timedelta(days=9)) == (False, 0)


def test_freshness_reads_the_newest_check_and_whether_anybody_counts_on_it(
    sqlite_engine: sa.Engine,
) -> None:
    with db.transaction(sqlite_engine) as connection:
        never = freshness(connection, AT)
        assert (never.as_of, never.at, never.stale, never.scheduled) == (None, None, True, False)
        World(connection).check(NIGHT, hour=2)
        by_hand = freshness(connection, AT + timedelta(days=3))
        assert (by_hand.as_of, by_hand.at, by_hand.stale, by_hand.missed) == (NIGHT, AT, True, 2)
        assert not by_hand.scheduled
        journal.begin(connection, job=NIGHTLY, slot=f"{NIGHT}", now=AT)
        assert freshness(connection, AT).scheduled
        assert not freshness(connection, AT).stale


@pytest.mark.parametrize(
    ("now", "ahead"),
    [("2020-01-08 23:59", True), ("2020-01-09 00:00", False), ("2020-01-10 00:00", False)],
)
def test_a_night_of_a_day_to_come_is_not_fresh(
    sqlite_engine: sa.Engine, now: str, ahead: bool
) -> None:
    with db.transaction(sqlite_engine) as connection:
        World(connection).check(NIGHT, hour=2)
        found = freshness(connection, at(now))
    assert (found.ahead, found.stale, found.missed) == (ahead, ahead, 0)
