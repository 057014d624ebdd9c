"""The day's reading of the services that the office pulls from."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from jobs.slot import Outcome, Slot
from tracker.cli.failures import one_line
from tracker.cli.office import Office
from tracker.cli.pull import pull_each, sources
from tracker.errors import LuzeError
from tracker.journal import State


def step(office: Office, slot: Slot, now: datetime) -> Outcome:
    """Pull every source; what one of them refuses holds up no other, but fails the run, which is
    then tried again: what was stored comes again and changes nothing."""
    if office.settings.pulls is None:
        return Outcome(told="没有设置 TRACKER_PULLS", state=State.skipped)
    counts, told = Counter({"sources": 0, "failed": 0}), []
    for done in pull_each(office, sources(office), now):
        counts["sources"] += 1
        if isinstance(done, LuzeError):
            counts["failed"] += 1
            told.append(one_line(done))
        else:
            counts.update(done.counts)
            told.append(done.line)
    state = State.failed if counts["failed"] else State.succeeded
    return Outcome(dict(counts), "；".join(told), state)
