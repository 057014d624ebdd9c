"""The week's digests into the outbox, one letter to every contact that wants them."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from jobs.running import in_one_transaction
from jobs.slot import Outcome, Slot
from tracker.cli.office import Office
from tracker.delivery import digest_letter


def step(office: Office, slot: Slot, now: datetime) -> Outcome:
    """Write the digests of the slot's week; its Monday is in their keys, so never two of one."""
    began = time.perf_counter()
    with office.database.connect() as connection:
        letters = digest_letter.letters(
            connection, office.law, as_of=slot.as_of, now=now,
            base_url=office.settings.base_url, home=office.settings.home,
        )  # fmt: skip

    @in_one_transaction
    def post(connection: sa.Connection, office: Office, slot: Slot, now: datetime) -> Outcome:
        monday = date.fromisoformat(slot.name)
        counts = digest_letter.enqueue(connection, letters, first_day=monday, now=now)
        return Outcome(counts, f"写好 {sum(counts.values())} 封周报")

    return post(office, slot, now + timedelta(seconds=time.perf_counter() - began))
