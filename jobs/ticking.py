"""A tick: everything that is due now, in order, each on its own: a failure stops only itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event

import sqlalchemy as sa

from jobs import due, lock
from jobs.running import Ended, Step, perform
from jobs.slot import Slot
from jobs.timetable import Timetable
from tracker import clock, db, journal
from tracker.cli.failures import one_line
from tracker.cli.office import Office
from tracker.db import table
from tracker.errors import LuzeError
from tracker.evaluation.findings import last_run
from tracker.journal import State
from tracker.ledger.tables import Coverage
from tracker.registry.roles import AREAS
from tracker.registry.tables import Subject
from tracker.workdays import Calendar, calendar_for

log = logging.getLogger("jobs")
INTERRUPTED = "没有说明结果就停了：可能是断电或被终止，会重新运行"


@dataclass(slots=True)
class Ticker:
    """Runs what is due. Each tick opens the office anew, so that a mended pack, a restored database
    or a new day's calendar counts at once.

    `steps`: job -> step; `stopping`: ends a tick after the step in hand; `unsaved`: ends of runs
    that the database could not take (full, locked), written down as soon as it can; `broken`: what
    was last told of the law's calendar, once rather than every minute.
    """

    timetable: Timetable
    steps: Mapping[str, Step]
    make_office: Callable[[], Office]
    ask: Callable[[], datetime] = clock.now
    stopping: Event = field(default_factory=Event)
    unsaved: list[Ended] = field(default_factory=list)
    calendars: dict[date, Calendar] = field(default_factory=dict)
    broken: str = ""

    def tick(self) -> list[Ended] | None:
        """What was run, oldest first; None where another scheduler is at work. Never raises for
        what goes wrong with the database or a job."""
        office = self.make_office()
        ran: list[Ended] = []
        try:
            with lock.alone(office.database) as alone:
                if not alone:
                    return None
                self._settle(office)
                while slot := self._next(office, ran):
                    ran.append(self._run(office, slot))
        except (LuzeError, sa.exc.DBAPIError, OSError) as failure:
            log.error("no tick: %s", one_line(failure))
        finally:
            office.engine.dispose()
        return ran

    def waiting(self, office: Office) -> list[Slot]:
        """What is due now, oldest first."""
        now = self.ask()
        with office.database.connect() as connection:
            run = last_run(connection)
            calendar = self.calendar(office, connection, now)
            found = due.slots(self.timetable, now, calendar, run.as_of if run else None)
            runs = journal.load(connection, since=min(slot.name for slot in found))
        return due.ready(found, runs, now, self.timetable.retry_minutes)

    def calendar(self, office: Office, connection: sa.Connection, now: datetime) -> Calendar:
        """The office's calendar, read once a day; the country's alone while a pack is broken."""
        today = now.astimezone(clock.SHANGHAI).date()
        if today not in self.calendars:
            try:
                found = calendar_for(office.law.calendar, _area_code(connection))
            except LuzeError as failure:
                if failure.what != self.broken:
                    log.error("the calendar of the law cannot be read: %s", failure.what)
                self.broken = failure.what
                return calendar_for()
            self.calendars, self.broken = {today: found}, ""
        return self.calendars[today]

    def _next(self, office: Office, ran: Sequence[Ended]) -> Slot | None:
        """Asked anew after each step. What failed is over for this tick, and so is all of its job:
        the journal may not know of the failure yet, and no night may overtake another."""
        if self.stopping.is_set():
            return None
        tried = {(one.slot.job, one.slot.name) for one in ran}
        failed = {one.slot.job for one in ran if one.failed}
        left = (
            slot
            for slot in self.waiting(office)
            if slot.job not in failed and (slot.job, slot.name) not in tried
        )
        return next(left, None)

    def _run(self, office: Office, slot: Slot) -> Ended:
        ended = perform(office, slot, self.steps[slot.job], self.ask)
        if not (ended.quiet and self._already_said(office, ended)):
            self.unsaved.append(ended)
            self._settle(office, bury=False)
        return ended

    def _already_said(self, office: Office, ended: Ended) -> bool:
        """Whether a quiet round is nothing new: a mail server that is down is one row, not one
        every minute."""
        with office.database.connect() as connection:
            past = journal.load(connection, job=ended.slot.job, since=ended.slot.name, limit=1)
        if not ended.failed:
            return not past or past[-1].state == State.succeeded
        return bool(past) and past[-1].told == ended.outcome.told[: journal.TOLD]

    def _settle(self, office: Office, *, bury: bool = True) -> None:
        """Write down how runs ended; what still says running then was cut off, for this scheduler
        is alone."""
        if not self.unsaved and not bury:
            return
        try:
            with db.transaction(office.database) as connection:
                for ended in self.unsaved:
                    ended.save(connection)
                if bury and (count := journal.bury(connection, INTERRUPTED)):
                    log.warning("%d run(s) had been cut off", count)
        except sa.exc.OperationalError as failure:
            log.error("the journal cannot be written, will try again: %s", one_line(failure))
        else:
            self.unsaved.clear()


def _area_code(connection: sa.Connection) -> str:
    """The code of the area whose ledger is kept here; '' before the first import."""
    subject, covered = table(Subject), table(Coverage)
    areas = (
        sa.select(subject.c.code)
        .where(subject.c.id.in_(sa.select(covered.c.scope_id)), subject.c.kind.in_(AREAS))
        .order_by(subject.c.id)
    )
    return next((code for code in connection.execute(areas).scalars() if code), "")
