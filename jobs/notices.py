"""The morning's letters about notices to liaison officers; the outbox sends them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from jobs.running import in_one_transaction
from jobs.slot import Outcome, Slot
from tracker.cli.office import Office
from tracker.delivery import notice_letters


@in_one_transaction
def step(connection: sa.Connection, office: Office, slot: Slot, now: datetime) -> Outcome:
    """Write what is new since the last letters into the outbox."""
    counts = notice_letters.enqueue(
        connection, office.law, as_of=slot.as_of, now=now, home=office.settings.home
    )
    return Outcome(counts, f"写好 {sum(counts.values())} 封提醒信")
