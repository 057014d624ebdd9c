"""The ground: a history as it stood on a day, as known at a moment, and its newest transitions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa


def up_to(
    statement: sa.Select[Any], events: sa.Table, as_of: date | None, known_at: datetime | None
) -> sa.Select[Any]:
    """The statement with only those transitions of `events` up to a day that were known at a
    moment (None: all)."""
    if as_of is not None:
        statement = statement.where(events.c.as_of <= as_of)
    if known_at is not None:
        statement = statement.where(events.c.recorded_at <= known_at)
    return statement


def newest(
    events: sa.Table, *heads: str, as_of: date | None = None, known_at: datetime | None = None
) -> sa.Select[Any]:
    """The newest transition of each head, as of a day and as known at a moment (default: now)."""
    latest = sa.select(sa.func.max(events.c.id)).group_by(*(events.c[head] for head in heads))
    return sa.select(events).where(events.c.id.in_(up_to(latest, events, as_of, known_at)))
