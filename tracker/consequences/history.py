"""State from history: the newest transition of each head decides, on any day one asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by whom a transition is written: the night's run, or a person's hand."""

    as_of: date
    now: datetime
    operator: str
    run_id: int | None = None

    def row(self, event: str, note: str = "", state: str = "") -> dict[str, object]:
        """The columns every transition row carries; `state`: what the event led to."""
        return {
            "event": event, "state": state, "note": note[:400], "as_of": self.as_of,
            "run_id": self.run_id, "operator": self.operator, "recorded_at": self.now,
        }  # fmt: skip


def newest(
    events: sa.Table, *heads: str, as_of: date | None = None, known_at: datetime | None = None
) -> sa.Select[tuple[object, ...]]:
    """The newest transition of each head, as of a day and as known at a moment (default: now)."""
    latest = sa.select(sa.func.max(events.c.id)).group_by(*(events.c[head] for head in heads))
    if as_of is not None:
        latest = latest.where(events.c.as_of <= as_of)
    if known_at is not None:
        latest = latest.where(events.c.recorded_at <= known_at)
    return sa.select(events).where(events.c.id.in_(latest))
