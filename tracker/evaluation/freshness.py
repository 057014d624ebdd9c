"""Beside the findings: when the check last succeeded, and whether that is too long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import sqlalchemy as sa
from pydantic import Field

from tracker import journal
from tracker.clock import SHANGHAI
from tracker.db import table
from tracker.evaluation.findings import last_run
from tracker.policy.base import Cite, Rule
from tracker.resources import shipped

NIGHTLY = "nightly"
_DAY = timedelta(days=1)


class _Limits(Rule):
    cite: Cite
    stale_after_hours: int = Field(ge=24)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest check: the night it judged, when it was run (None: never), whether it is stale,
    and how many nights since should have been checked and were not. `scheduled`: whether a
    scheduler has ever run here, so that somebody counts on it; `ahead`: whether it judged a day to
    come, which shuts out every night until then."""

    as_of: date | None
    at: datetime | None
    stale: bool
    missed: int
    scheduled: bool
    ahead: bool = False


def freshness(connection: sa.Connection, now: datetime) -> Freshness:
    """How fresh the newest findings are at a moment of the real clock."""
    run, scheduled = last_run(connection), _scheduled(connection)
    if run is None:
        return Freshness(None, None, True, 0, scheduled)
    stale, missed = age(run.as_of, run.recorded_at, now)
    ahead = run.as_of > now.astimezone(SHANGHAI).date()
    return Freshness(run.as_of, run.recorded_at, stale or ahead, missed, scheduled, ahead)


def age(as_of: date, at: datetime, now: datetime) -> tuple[bool, int]:
    """Whether a night checked at a moment is stale by now, and how many nights were missed since.

    A night caught up late speaks of its own day: it ages from the end of that day at the latest.
    """
    limit = timedelta(hours=_limits().stale_after_hours)
    spoke_at = min(at, datetime.combine(as_of + _DAY, time(), SHANGHAI))
    stale = now - spoke_at > limit
    due = (now.astimezone(SHANGHAI) - (limit - _DAY)).date()
    return stale, max(0, (due - as_of).days) if stale else 0


def _scheduled(connection: sa.Connection) -> bool:
    run = table(journal.JobRun)
    asked = sa.select(run.c.id).where(run.c.job == NIGHTLY).limit(1)
    return connection.execute(asked).first() is not None


@cache
def _limits() -> _Limits:
    return shipped(__file__, "freshness.yaml", _Limits)
