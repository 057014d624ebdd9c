"""The scheduler: a tick every minute until it is told to stop."""

from __future__ import annotations

import logging
import signal
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from jobs import backup, nightly, notices, outbox, pull, weekly_digest
from jobs.running import Step
from jobs.ticking import Ticker
from jobs.timetable import load_timetable
from tracker.cli.office import Office
from tracker.clock import SHANGHAI
from tracker.settings import Settings

STEPS: dict[str, Step] = {
    "pull": pull.step,
    "nightly": nightly.step,
    "backup": backup.step,
    "weekly_digest": weekly_digest.step,
    "notices": notices.step,
    "outbox": outbox.step,
}
_TICK = timedelta(minutes=1)
log = logging.getLogger("jobs")


class EveryMinute(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """The next whole minute. APScheduler asks its own triggers for every moment that was missed,
    also to run one of them only: a clock set forward by years would keep it busy for hours."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The whole minute after `now`, whatever came before."""
        return now.replace(second=0, microsecond=0) + _TICK


def ticker(settings: Settings) -> Ticker:
    """The ticker of an installation. Raises LuzeError for a wrong timetable."""
    return Ticker(load_timetable(settings.timetable), STEPS, lambda: Office(settings))


def run(ticker: Ticker) -> None:
    """Tick every minute until SIGTERM or SIGINT; the step in hand is finished first."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ticker.stopping.set())
    # Its default misfire grace is one second, and it replays what it missed unless coalesced.
    defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    scheduler = BackgroundScheduler(timezone=SHANGHAI, job_defaults=defaults)
    ticks = scheduler.add_job(ticker.tick, EveryMinute(), next_run_time=ticker.ask())
    log.info("scheduler started")
    scheduler.start()
    while not ticker.stopping.wait(_TICK.total_seconds()):
        follow_clock(ticks, ticker)
    log.info("stopping")
    scheduler.shutdown(wait=True)


def follow_clock(ticks: Any, ticker: Ticker) -> None:
    """Tick now where the clock was set back: APScheduler would sleep until its old hour returns."""
    now = ticker.ask()
    if ticks.next_run_time and ticks.next_run_time - now > 2 * _TICK:
        ticks.modify(next_run_time=now)
