"""One run: begun in the journal, its step taken, and ended there, whatever happens in between."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps

import sqlalchemy as sa

from jobs import alerts
from jobs.slot import Outcome, Slot
from jobs.timetable import JOBS
from tracker import audit, db, journal
from tracker.cli.failures import one_line
from tracker.cli.office import Office
from tracker.db import table
from tracker.errors import LuzeError
from tracker.journal import State

Step = Callable[[Office, Slot, datetime], Outcome]
InTransaction = Callable[[sa.Connection, Office, Slot, datetime], Outcome]
log = logging.getLogger("jobs")
_ACT = table(audit.Act)
_FAILED = (State.failed, State.interrupted)


def in_one_transaction(work: InTransaction) -> Step:
    """A step whose writing and whose end in the journal are one transaction: a crash leaves
    nothing of it. The slot is looked up again under the write lock, which another scheduler, or
    this one before a crash, may have held a moment ago."""

    @wraps(work)
    def step(office: Office, slot: Slot, now: datetime) -> Outcome:
        began = time.perf_counter()
        law = office.law.sha256  # loading it holds up nobody
        with db.transaction(office.database) as connection:
            if journal.done(connection, slot.job, slot.name):
                return Outcome(told="已由另一个调度完成", state=State.skipped)
            read = inputs(connection)
            outcome = work(connection, office, slot, now)
            if slot.run is not None:
                ended = now + timedelta(seconds=time.perf_counter() - began)
                journal.end(
                    connection, slot.run, outcome.state, now=ended, told=outcome.told,
                    counts=outcome.counts, law=law, inputs=read,
                )  # fmt: skip
            return outcome

    return step


def inputs(connection: sa.Connection) -> dict[str, int]:
    """What a run reads: everything up to the newest act of the audit chain."""
    return {"audit": connection.execute(sa.select(sa.func.max(_ACT.c.id))).scalar() or 0}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; it can be written down later where the database could not take it."""

    slot: Slot
    outcome: Outcome
    started_at: datetime
    finished_at: datetime

    @property
    def failed(self) -> bool:
        return self.outcome.state in _FAILED

    @property
    def quiet(self) -> bool:
        """A round in which nothing moved: there is one every minute, and it needs no row."""
        return self.slot.repeats and not any(self.outcome.counts.values())

    def save(self, connection: sa.Connection) -> None:
        """End the row in the journal, and tell those who want alerts of a failure."""
        number = self.slot.run
        if number is None:
            number = _begin(connection, self.slot, self.started_at)
        journal.end(
            connection, number, self.outcome.state, now=self.finished_at, told=self.outcome.told,
            counts=self.outcome.counts,
        )  # fmt: skip
        if self.failed:
            name = JOBS[self.slot.job]
            told = f"{name}（{self.slot.name}）没有成功：{self.outcome.told}"
            key = f"{self.slot.job}|{self.slot.name}"
            alerts.tell(connection, key, f"{name}没有成功", told, self.finished_at)


def perform(office: Office, slot: Slot, step: Step, ask: Callable[[], datetime]) -> Ended:
    """Run one slot. Never raises for what goes wrong: the outcome says it in one line, the log
    has the traceback of a defect. The end of it is not yet saved."""
    started, ticks = ask(), time.perf_counter()
    try:
        if not slot.repeats:
            with db.transaction(office.database) as connection:
                slot = replace(slot, run=_begin(connection, slot, started))
        outcome = _outcome(office, slot, step, started)
    except Exception as failure:
        if not isinstance(failure, LuzeError | sa.exc.OperationalError):
            log.error("%s %s: a defect", slot.job, slot.name, exc_info=failure)
        outcome = Outcome(told=one_line(failure), state=State.failed)
    ended = Ended(slot, outcome, started, ask())
    if not ended.quiet:
        log.log(
            logging.WARNING if ended.failed else logging.INFO, "%s %s %s in %.1f s %s",
            slot.job, slot.name, outcome.state, time.perf_counter() - ticks,
            outcome.told if ended.failed else dict(outcome.counts),
        )  # fmt: skip
    return ended


def _outcome(office: Office, slot: Slot, step: Step, now: datetime) -> Outcome:
    if slot.refused:
        raise slot.refused
    return Outcome(told=slot.idle, state=State.skipped) if slot.idle else step(office, slot, now)


def _begin(connection: sa.Connection, slot: Slot, now: datetime) -> int:
    return journal.begin(
        connection, job=slot.job, slot=slot.name, now=now, as_of=slot.as_of,
        inputs=inputs(connection), host=platform.node()[:80],
    )  # fmt: skip
