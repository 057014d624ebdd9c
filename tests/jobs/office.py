"""An office for tests of jobs: a given database and law, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jobs.slot import Outcome, Slot
from jobs.ticking import Ticker
from jobs.timetable import load_timetable
from tests.scenarios.world import World, all_covers, months, only, shipped_law
from tracker import db, journal, settings
from tracker.cli.office import Office
from tracker.clock import SHANGHAI
from tracker.journal import JobRun

DUTIES = ("unit.study", "township.captains_meeting", "cadre.nights_160")
OPERATOR = "定时任务"


class Desk(Office):
    """An office on a test's own database, with a law and forms of worlds."""

    def __init__(self, said: settings.Settings, engine: sa.Engine, duties: tuple[str, ...]) -> None:
        super().__init__(said)
        # Asking each tick whether the schema fits is what a year of ticks would mostly do.
        self.__dict__.update(engine=engine, database=engine, law=only(shipped_law(), duties))

    @property
    def covers(self) -> Mapping[str, frozenset[str]]:
        """The forms of worlds."""
        return all_covers()


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        """To a moment like '2020-01-09 02:00' in Asia/Shanghai."""
        self.now = at(text)


def at(text: str) -> datetime:
    """'2020-01-09 02:00' in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def url_of(engine: sa.Engine) -> str:
    """The address of a test's database, as a setting."""
    return engine.url.render_as_string(hide_password=False)


def settings_for(engine: sa.Engine, home: Path) -> settings.Settings:
    """Settings of an office on a test's database."""
    said = {"TRACKER_HOME": str(home), "TRACKER_DATABASE_URL": url_of(engine)}
    return settings.load({**said, "TRACKER_OPERATOR": OPERATOR})


def nothing(office: Office, slot: Slot, now: datetime) -> Outcome:
    """A step without anything to do."""
    return Outcome()


def ticker(
    engine: sa.Engine, home: Path, clock: Clock, *, duties: tuple[str, ...] = DUTIES, **steps: Any
) -> Ticker:
    """A ticker with these steps; every other does nothing."""
    said = settings_for(engine, home)
    every = dict.fromkeys(("pull", "backup", "weekly_digest", "notices", "outbox"), nothing)
    table = load_timetable()
    work = {"nightly": nothing, **every, **steps}
    return Ticker(table, work, lambda: Desk(said, engine, duties), clock)


def tell_world(engine: sa.Engine) -> None:
    """A unit, a cadre and a year of what they did, with the last months not yet reported."""
    with db.transaction(engine) as connection:
        world = World(connection, only(shipped_law(), DUTIES))
        world.unit("甲局", "东村", "西村")
        world.cadre("赵甲子", "甲局", "东村")
        world.did("甲局", "committee_study", date(2020, 2, 4), date(2020, 3, 12))
        nights = [date(2020, 3, 1) + timedelta(days=n) for n in range(40)]
        world.did("赵甲子", "overnight", *nights)
        world.reported(months("2019-08", "2020-10"), scope="示例县")


def runs(engine: sa.Engine, job: str = "") -> list[JobRun]:
    """The journal, oldest first."""
    with engine.connect() as connection:
        return journal.load(connection, job=job)


def states(engine: sa.Engine, job: str = "") -> list[tuple[str, str]]:
    """(slot, state) of the journal, oldest first."""
    return [(run.slot, run.state) for run in runs(engine, job)]


def failing(failure: Exception) -> Callable[[Office, Slot, datetime], Outcome]:
    """A step that fails so."""

    def step(office: Office, slot: Slot, now: datetime) -> Outcome:
        raise failure

    return step
