"""A history as of a day and as known at a moment: the day before, the day, the day after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tracker.clock import SHANGHAI
from tracker.db import Instant
from tracker.history import newest

DAY, NIGHT = date(2020, 1, 9), datetime(2020, 1, 9, 23, tzinfo=SHANGHAI)
EVENTS = sa.Table(
    "happenings", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.Integer), sa.Column("as_of", sa.Date),
    sa.Column("recorded_at", Instant), sa.Column("event", sa.String(9)),
)  # fmt: skip


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Case 1 begun on the day and ended on the next; case 2 begun on the next, known days later."""
    with engine.begin() as connection:
        EVENTS.create(connection)
        told = [
            (1, 0, 0, "begun"), (1, 1, 1, "ended"), (2, 1, 5, "begun"),
        ]  # fmt: skip
        connection.execute(EVENTS.insert(), [
            {"case_id": case, "as_of": DAY + timedelta(day), "event": event,
             "recorded_at": NIGHT + timedelta(known)}
            for case, day, known, event in told
        ])  # fmt: skip
        yield connection


@pytest.mark.parametrize(
    ("day", "known", "found"),
    [
        (-1, None, {}),
        (0, None, {1: "begun"}),
        (1, None, {1: "ended", 2: "begun"}),
        (None, None, {1: "ended", 2: "begun"}),
        (None, -1, {}),
        (None, 0, {1: "begun"}),
        (1, 4, {1: "ended"}),
        (1, 5, {1: "ended", 2: "begun"}),
        (0, 5, {1: "begun"}),
    ],
)
def test_the_newest_transition_of_each_case_up_to_a_day_and_a_moment(
    connection: sa.Connection, day: int | None, known: int | None, found: dict[int, str]
) -> None:
    rows = connection.execute(
        newest(
            EVENTS, "case_id",
            as_of=None if day is None else DAY + timedelta(day),
            known_at=None if known is None else NIGHT + timedelta(known),
        )
    )  # fmt: skip
    assert {row.case_id: row.event for row in rows} == found
