"""Bad days of a scheduler: locked, full, a template with a mistake: told once, mended, nothing
doubled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from jobs import nightly, notices, weekly_digest
from tests.jobs.office import Clock, at, runs, settings_for, states, tell_world, ticker
from tests.jobs.test_nightly_job import nights
from tracker import db
from tracker.db import table
from tracker.delivery.tables import Contact
from tracker.journal import State
from tracker.outbox import Outgoing
from tracker.registry.tables import Subject

SUNDAY, MONDAY = "2020-04-12 02:00", "2020-04-13 09:00"


@contextmanager
def locked(engine: sa.Engine) -> Iterator[None]:
    """Another program holds the write lock, and nobody waits long for it."""

    def impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    engine.dispose()
    event.listen(engine, "connect", impatient)
    path = engine.url.database or ""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
    event.remove(engine, "connect", impatient)
    engine.dispose()


@contextmanager
def full(engine: sa.Engine, spare: int) -> Iterator[None]:
    """The disk has room for so many pages more."""

    def limited(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + spare}")

    engine.dispose()
    event.listen(engine, "connect", limited)
    yield
    event.remove(engine, "connect", limited)
    engine.dispose()


def test_a_locked_database_is_one_line_and_the_night_runs_later(
    sqlite_engine: sa.Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tell_world(sqlite_engine)
    clock = Clock(at(SUNDAY))
    made = ticker(sqlite_engine, tmp_path, clock, nightly=nightly.step)
    with locked(sqlite_engine):
        made.tick()
    assert "占用" in caplog.text
    assert "Traceback" not in caplog.text
    assert runs(sqlite_engine) == []
    for _ in range(2):
        made.tick()
        clock.now += timedelta(minutes=1)
    made.tick()
    failed, done = runs(sqlite_engine, "nightly")
    assert (failed.state, done.state) == (State.failed, State.succeeded)
    assert "占用" in failed.told
    assert nights(sqlite_engine) == [date(2020, 4, 12)]


@pytest.mark.parametrize("spare", [0, 1, 3])
def test_a_full_disk_leaves_no_half_night(
    sqlite_engine: sa.Engine, tmp_path: Path, spare: int
) -> None:
    tell_world(sqlite_engine)
    clock = Clock(at(SUNDAY))
    made = ticker(sqlite_engine, tmp_path, clock, duties=(), nightly=nightly.step)
    with full(sqlite_engine, spare):
        made.tick()
        assert nights(sqlite_engine) == []
    for _ in range(3):
        clock.now += timedelta(minutes=1)
        made.tick()
    assert nights(sqlite_engine) == [date(2020, 4, 12)]
    failed, done = runs(sqlite_engine, "nightly")
    assert (failed.state, done.state) == (State.failed, State.succeeded)
    assert "full" in failed.told


def tell_reader(engine: sa.Engine) -> None:
    """A leader of the county who wants everything."""
    with db.transaction(engine) as connection:
        t = table(Subject)
        county = connection.execute(sa.select(t.c.id).where(t.c.name == "示例县")).scalar_one()
        connection.execute(table(Contact).insert(), {
            "name": "何甲子", "scope_id": county, "role": "leader", "channel": "mail",
            "address": "he@example.gov.cn", "wants": ["digest", "notices"], "operator": "测试员",
            "recorded_at": at("2020-01-01 00:00"),
        })  # fmt: skip


def letters(engine: sa.Engine) -> list[str]:
    """The kinds of the letters in the outbox."""
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table(Outgoing).c.kind)).scalars())


def test_a_template_with_a_mistake_is_told_and_mended_without_a_second_letter(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    tell_world(sqlite_engine)
    tell_reader(sqlite_engine)
    mine = settings_for(sqlite_engine, tmp_path).home / "templates" / "email" / "digest.html"
    mine.parent.mkdir(parents=True)
    mine.write_text("{% if %}", encoding="utf-8")
    clock = Clock(at(MONDAY))
    made = ticker(
        sqlite_engine, tmp_path, clock, nightly=nightly.step, weekly_digest=weekly_digest.step,
        notices=notices.step,
    )  # fmt: skip
    made.tick()
    (failed,) = runs(sqlite_engine, "weekly_digest")
    assert failed.state == State.failed
    assert "digest.html" in failed.told
    assert "digest" not in letters(sqlite_engine)

    mine.unlink()
    for _ in range(3):
        clock.now += timedelta(minutes=1)
        made.tick()
    assert letters(sqlite_engine).count("digest") == 1
    assert states(sqlite_engine, "weekly_digest")[1:] == [("2020-04-13", State.succeeded)]
    clock.set("2020-04-14 09:00")
    made.tick()
    assert letters(sqlite_engine).count("digest") == 1
