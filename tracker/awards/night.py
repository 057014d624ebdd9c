"""The whole of a night: the check, then everyone nominated looked at again. One way to run it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker import nightly
from tracker.awards import watch
from tracker.consequences.history import Moment
from tracker.policy.law import Law


@dataclass(frozen=True, slots=True)
class Tonight:
    """What one night found and stored: the check, and what changed about nominees."""

    check: nightly.Night
    changes: Sequence[watch.Change]


def run(
    connection: sa.Connection, law: Law, covers: nightly.Covers, *,
    as_of: date, now: datetime, operator: str,
) -> Tonight:  # fmt: skip
    """Run one night in the caller's transaction; see `nightly.check`."""
    night = nightly.check(connection, law, covers, as_of=as_of, now=now, operator=operator)
    moment = Moment(as_of, now, operator, night.run_id)
    return Tonight(night, watch.update(connection, law, covers, moment))
