"""Undo: the word before the undone one lives again; what others said is never lost."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger import books as b
from tracker import tables
from tracker.db import open_engine, transaction
from tracker.errors import LuzeError
from tracker.ledger.apply import COVERAGE, ENTRIES, LINES, SIGHTINGS
from tracker.ledger.directory import TIES
from tracker.ledger.report import UndoReport
from tracker.ledger.sheets import FormSheet
from tracker.ledger.undo import undo_batch

DAYS = [date(2019, month, 5) for month in range(1, 5)]


def undo(engine: sa.Engine, batch: int) -> UndoReport:
    with transaction(engine) as connection:
        return undo_batch(connection, batch, now=b.NOW, operator="测试员")


def meetings(*months: int, reporter: str = b.OFFICE, filed_on: date = b.FILED) -> FormSheet:
    rows = [b.meeting(DAYS[month]) for month in months]
    return b.sheet("unit_meetings", *rows, reporter=reporter, filed_on=filed_on)


def send(engine: sa.Engine, *months: int) -> int:
    return b.store(engine, b.book(meetings(*months))).batch_id


def days(engine: sa.Engine) -> list[int]:
    """Which of DAYS the live lines of meetings speak of, with repetitions."""
    found = b.tally(engine, "committee_study")
    return sorted(DAYS.index(line[5]) for line in found if line[2] == "performer")


@pytest.fixture
def known(engine: sa.Engine) -> sa.Engine:
    """A database that knows the rosters."""
    b.store(engine, b.book(b.units()))
    return engine


def test_undoing_the_only_batch_leaves_nothing_live(known: sa.Engine) -> None:
    batch = send(known, 0, 1)
    report = undo(known, batch)
    assert (report.voided, report.restored, report.kept) == (2, 0, 0)
    assert days(known) == []
    assert live_coverage(known) == 0


def live_coverage(engine: sa.Engine) -> int:
    query = sa.select(sa.func.count()).select_from(COVERAGE)
    query = query.where(COVERAGE.c.form == "unit_meetings", COVERAGE.c.voided_at.is_(None))
    with engine.connect() as connection:
        return int(connection.scalar(query) or 0)


def test_undoing_the_newest_restores_what_it_had_replaced(known: sa.Engine) -> None:
    send(known, 0, 1)
    second = send(known, 1, 2)
    report = undo(known, second)
    assert (report.voided, report.restored) == (1, 1)
    assert days(known) == [0, 1]
    assert live_coverage(known) == 12


def test_restored_rows_are_copies_that_name_what_they_restore(known: sa.Engine) -> None:
    first = send(known, 0)
    second = send(known, 1)
    undone = undo(known, second)
    with known.connect() as connection:
        original, copy = connection.execute(
            sa.select(ENTRIES)
            .where(
                ENTRIES.c.form == "unit_meetings", ENTRIES.c.batch_id.in_([first, undone.batch_id])
            )
            .order_by(ENTRIES.c.id)
        ).all()
        seen = connection.scalars(
            sa.select(SIGHTINGS.c.batch_id).where(SIGHTINGS.c.entry_id == copy.id)
        ).all()
        lines = connection.scalar(
            sa.select(sa.func.count()).select_from(LINES).where(LINES.c.entry_id == copy.id)
        )
    assert copy.restores_id == original.id
    assert (copy.content, copy.digest, copy.reported_on) == (
        original.content,
        original.digest,
        original.reported_on,
    )
    assert original.voided_at is not None
    assert copy.voided_at is None
    assert seen == [first]
    assert lines == 2  # the unit and its chair


def test_undoing_an_older_batch_changes_nothing_while_a_newer_speaks(known: sa.Engine) -> None:
    first = send(known, 0, 1)
    second = send(known, 1, 2)
    report = undo(known, first)
    assert (report.voided, report.restored, report.cells, report.kept) == (0, 0, 0, 1)
    assert days(known) == [1, 2]
    undo(known, second)
    assert days(known) == []


def test_undoing_the_newer_then_the_older_leaves_nothing(known: sa.Engine) -> None:
    first, second = send(known, 0, 1), send(known, 1, 2)
    undo(known, second)
    undo(known, first)
    assert days(known) == []


def test_what_another_batch_confirmed_survives(known: sa.Engine) -> None:
    first = send(known, 0)
    send(known, 0)
    undo(known, first)
    assert days(known) == [0]


def test_a_file_can_be_sent_again_after_its_undo(known: sa.Engine) -> None:
    first = send(known, 0, 1)
    undo(known, first)
    again = send(known, 0, 1)
    assert days(known) == [0, 1]
    undo(known, again)
    assert days(known) == []


def test_a_restored_row_is_confirmed_and_restored_once_more(known: sa.Engine) -> None:
    send(known, 0)
    undo(known, send(known, 1))
    confirming = send(known, 0)
    assert days(known) == [0]
    undo(known, send(known, 2))
    assert days(known) == [0]
    undo(known, confirming)
    assert days(known) == [0]


def test_facts_of_rosters_fall_and_return_with_their_rows(engine: sa.Engine) -> None:
    query = sa.select(sa.func.count()).select_from(TIES)
    query = query.where(TIES.c.kind == "assists", TIES.c.voided_at.is_(None))

    def assists() -> int:
        with engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    b.store(engine, b.book(b.units()))
    shorter = b.units()
    shorter.rows.pop()
    second = b.store(engine, b.book(shorter)).batch_id
    assert assists() == 3
    undo(engine, second)
    assert assists() == 4
    undo(engine, 1)
    assert assists() == 0


def test_two_reporters_do_not_touch_each_other(known: sa.Engine) -> None:
    b.store(known, b.book(meetings(0, reporter=b.WATER), file_name="华池县.xlsx"))
    other = send(known, 1)
    undo(known, other)
    assert days(known) == [0]


def test_the_coverage_of_the_word_before_returns(known: sa.Engine) -> None:
    b.store(known, b.book(meetings(0, filed_on=date(2019, 6, 30))))
    assert live_coverage(known) == 6
    second = send(known, 0)
    assert live_coverage(known) == 12
    undo(known, second)
    assert live_coverage(known) == 6


def test_an_unknown_batch_an_undone_one_and_an_undo_are_refused(known: sa.Engine) -> None:
    batch = send(known, 0)
    undone = undo(known, batch)
    for wrong, message in (
        (999, "没有第 999 批"),
        (batch, "已经撤销"),
        (undone.batch_id, "本身是一次撤销"),
    ):
        with pytest.raises(LuzeError, match=message):
            undo(known, wrong)
    assert days(known) == []


STEPS = st.lists(
    st.one_of(
        st.lists(st.integers(0, 3), max_size=4),  # a workbook with these meetings
        st.integers(0, 9),  # undo the n-th workbook, where there is one not undone
    ),
    max_size=7,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_what_lives_is_always_what_the_newest_batch_not_undone_said(
    steps: list[list[int] | int],
) -> None:
    engine = open_engine("sqlite://")
    tables.METADATA.create_all(engine)
    b.store(engine, b.book(b.units()))
    said: dict[int, list[int]] = {}
    for step in steps:
        if isinstance(step, list):
            batch = send(engine, *step)
            if step:  # a sheet without rows says nothing
                said[batch] = sorted(step)
        elif step < len(said):
            batch = list(said)[step]
            undo(engine, batch)
            del said[batch]
        expected = said[max(said)] if said else []
        assert days(engine) == expected
        assert live_coverage(engine) == (12 if said else 0)
    engine.dispose()
