"""The nightly job: every night once, through a year, through crashes, and beside another."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pandas as pd
import sqlalchemy as sa

from jobs import nightly
from jobs.running import Ended, in_one_transaction, perform
from jobs.slot import Outcome, Slot
from tests.jobs.office import (
    DUTIES,
    Clock,
    Desk,
    at,
    runs,
    settings_for,
    states,
    tell_world,
    ticker,
    url_of,
)
from tracker import audit, db
from tracker.cli.office import Office
from tracker.consequences.tables import InterviewEvent, NoticeEvent
from tracker.db import table
from tracker.evaluation.tables import Finding, Run
from tracker.journal import State
from tracker.workdays import calendar_for

ROOT = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)
FIRST, LAST = date(2019, 12, 1), date(2021, 1, 31)
# What a database or the clock gives; a sequence of PostgreSQL skips what was rolled back.
GIVEN = {"id", "run_id", "recorded_at", "notice_id", "interview_id"}
WHOLE = (
    (date(2019, 12, 29), date(2020, 1, 4)),
    (date(2020, 1, 31), date(2020, 2, 4)),
    (date(2020, 2, 27), date(2020, 3, 2)),
    (date(2020, 12, 29), date(2021, 1, 4)),
)


def letters(office: Office, slot: Slot, now: datetime) -> Outcome:
    """A step that writes a letter."""
    return Outcome({"written": 1}, "写好 1 封")


@in_one_transaction
def lightly(connection: sa.Connection, office: Office, slot: Slot, now: datetime) -> Outcome:
    """A night that only says that it was checked: a year of whole ones takes minutes."""
    connection.execute(table(Run).insert(), {
        "as_of": slot.as_of, "known_at": now, "law": office.law.sha256, "operator": "",
        "counts": {}, "recorded_at": now,
    })  # fmt: skip
    return Outcome()


def night(office: Office, slot: Slot, now: datetime) -> Outcome:
    """A whole night around New Year, 春节, leap day and the end, else a light one."""
    whole = any(first <= slot.as_of <= last for first, last in WHOLE)
    return (nightly.step if whole else lightly)(office, slot, now)


def nights(engine: sa.Engine) -> list[date]:
    """The nights checked, in the order of their runs."""
    with engine.connect() as connection:
        t = table(Run)
        return list(connection.execute(sa.select(t.c.as_of).order_by(t.c.id)).scalars())


def results(engine: sa.Engine) -> dict[str, pd.DataFrame]:
    """What nights wrote, without the numbers that a database gives and when it was."""
    with engine.connect() as connection:
        found = {m.__name__: _rows(connection, m) for m in (Finding, NoticeEvent, InterviewEvent)}
        assert audit.verify(connection)[1] is None
    return found


def _rows(connection: sa.Connection, model: Any) -> pd.DataFrame:
    columns = [c for c in table(model).c if c.name not in GIVEN]
    rows = connection.execute(sa.select(*columns).order_by(table(model).c.id)).all()
    return pd.DataFrame(rows, columns=[c.name for c in columns])


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    """Both hold the same rows, and there are findings at all."""
    assert len(one["Finding"]) > 0
    for name, rows in one.items():
        pd.testing.assert_frame_equal(rows, other[name])


def test_a_year_of_nights_leaves_a_complete_table(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    """The scheduler wakes twice a day; it sleeps through 春节, and
    through one Monday."""
    tell_world(sqlite_engine)
    clock = Clock(at("2019-12-01 02:00"))
    steps = {"nightly": night, "weekly_digest": letters, "notices": letters}
    made = ticker(sqlite_engine, tmp_path, clock, duties=("unit.study",), **steps)
    asleep = {date(2020, 1, 24) + n * DAY for n in range(10)} | {date(2020, 6, 1)}
    every = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    for day in every:
        for hour in ("02:00", "09:00"):
            if day not in asleep:
                clock.set(f"{day} {hour}")
                made.tick()
    assert nights(sqlite_engine) == every
    assert states(sqlite_engine, "nightly") == [(f"{day}", State.succeeded) for day in every]
    late = {r.as_of for r in runs(sqlite_engine, "nightly") if r.started_at.date() != r.as_of}
    assert late == asleep
    assert len(results(sqlite_engine)["Finding"]) > 0

    calendar = calendar_for()
    working = [day for day in every if bool(calendar.is_working(day))]
    told = [run.as_of for run in runs(sqlite_engine, "notices")]
    assert told == [day for day in working if day not in asleep]

    digests = {run.slot: run for run in runs(sqlite_engine, "weekly_digest")}
    assert len(digests) == len(runs(sqlite_engine, "weekly_digest"))
    sent = {s: r.as_of for s, r in digests.items() if r.state == State.succeeded}
    for slot, sent_on in sent.items():
        monday = date.fromisoformat(slot)
        week = [d for d in working if monday <= d < monday + 7 * DAY]
        assert sent_on == (week[1] if week[0] in asleep else week[0])
    assert sent["2020-06-01"] == date(2020, 6, 2)
    mondays = {f"{day}" for day in every if day.weekday() == 0}
    # The first Sunday belongs to a week whose days were over; 春节 slept through a whole week.
    assert digests.keys() == (mondays | {"2019-11-25"}) - {"2020-01-27"}
    assert digests["2019-11-25"].state == State.skipped


def test_missed_nights_equal_those_of_a_scheduler_that_never_slept(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    tell_world(sqlite_engine)
    clock = Clock(at("2020-02-27 02:00"))
    made = ticker(sqlite_engine, tmp_path, clock, nightly=nightly.step)
    made.tick()
    clock.set("2020-03-02 08:00")
    made.tick()
    clock.set("2020-02-28 03:00")  # the clock jumps back
    made.tick()
    assert nights(sqlite_engine) == [date(2020, 2, 27) + n * DAY for n in range(5)]


@contextmanager
def process(engine: sa.Engine, home: Path, now: str, *flag: str) -> Iterator[subprocess.Popen[str]]:
    """One tick in a process of its own."""
    command = [sys.executable, "-m", "tests.jobs.one_tick", url_of(engine), str(home), now, *flag]
    started = subprocess.Popen(command, cwd=ROOT, text=True, stderr=subprocess.PIPE)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def test_a_night_that_was_killed_simply_runs_again(engine: sa.Engine, tmp_path: Path) -> None:
    now = "2020-04-10 02:00"
    calm = db.open_engine(f"sqlite:///{tmp_path / 'calm.sqlite3'}")
    db.upgrade(calm)
    for one in (engine, calm):
        tell_world(one)
    flag = tmp_path / "in the middle"
    with process(engine, tmp_path, now, str(flag)) as night:
        while not flag.exists():
            assert night.poll() is None, night.stderr and night.stderr.read()
            time.sleep(0.05)
    assert nights(engine) == []
    assert states(engine, "nightly") == [("2020-04-10", State.running)]

    for one in (engine, calm):
        ticker(one, tmp_path, Clock(at(now)), nightly=nightly.step).tick()
    # It rests a minute after the interruption.
    assert states(engine, "nightly") == [("2020-04-10", State.interrupted)]
    ticker(engine, tmp_path, Clock(at("2020-04-10 02:01")), nightly=nightly.step).tick()
    assert states(engine, "nightly")[1:] == [("2020-04-10", State.succeeded)]
    assert nights(engine) == nights(calm) == [date(2020, 4, 10)]
    same(results(engine), results(calm))
    calm.dispose()


def test_two_schedulers_at_once_run_a_night_once(engine: sa.Engine, tmp_path: Path) -> None:
    tell_world(engine)
    now = "2020-04-10 02:00"
    with process(engine, tmp_path, now) as one, process(engine, tmp_path, now) as other:
        for scheduler in (one, other):
            _, told = scheduler.communicate(timeout=600)
            assert scheduler.returncode == 0, told
    assert nights(engine) == [date(2020, 4, 10)]
    assert states(engine, "nightly") == [("2020-04-10", State.succeeded)]


def test_two_that_both_began_a_night_run_it_once(engine: sa.Engine, tmp_path: Path) -> None:
    """As if the lock between schedulers did not hold: on a shared folder it may not."""
    tell_world(engine)
    clock, both = Clock(at("2020-04-10 02:00")), Barrier(2)
    slot = Slot("nightly", "2020-04-10", clock(), date(2020, 4, 10))

    def meet(office: Office, slot: Slot, now: datetime) -> Outcome:
        both.wait(timeout=60)
        return nightly.step(office, slot, now)

    def scheduler() -> Ended:
        office = Desk(settings_for(engine, tmp_path), db.open_engine(url_of(engine)), DUTIES)
        try:
            return perform(office, slot, meet, clock)
        finally:
            office.engine.dispose()

    with ThreadPoolExecutor(2) as pool:
        ended = [future.result() for future in [pool.submit(scheduler) for _ in range(2)]]
    assert sorted(one.outcome.state for one in ended) == [State.skipped, State.succeeded]
    assert nights(engine) == [date(2020, 4, 10)]
