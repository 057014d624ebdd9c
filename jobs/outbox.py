"""A round of sending: what is due in the outbox, outside any transaction."""

from __future__ import annotations

from datetime import datetime

from jobs.slot import Outcome, Slot
from tracker.cli.office import Office
from tracker.delivery import channels, send
from tracker.journal import State


def step(office: Office, slot: Slot, now: datetime) -> Outcome:
    """Send what is due. A channel that is down fails the round; its letters wait."""
    done = send.step(office.database, channels.build(office.settings), now)
    counts = {name: count for name, count in done.items() if name != "told"}
    state = State.failed if done["told"] else State.succeeded
    return Outcome(counts, send.told(done), state)
