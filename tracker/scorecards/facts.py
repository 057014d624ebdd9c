"""Scorecards: the facts on record, as of a day and as known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.db import table
from tracker.scorecards.tables import ScoreEvent

_EVENT = table(ScoreEvent)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact, and the row that took it back, if any."""

    fact: ScoreEvent
    voided: ScoreEvent | None


def recorded(
    connection: sa.Connection, document: str, *, as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[Recorded]:  # fmt: skip
    """Every fact of a document's scorecards up to a day, as known at a moment (None: all), voided
    or not, in the order of recording."""
    wanted = _EVENT.c.document == document
    if known_at is not None:
        wanted &= _EVENT.c.recorded_at <= known_at
    rows = connection.execute(sa.select(_EVENT).where(wanted).order_by(_EVENT.c.id))
    known = [ScoreEvent(**row._mapping) for row in rows]
    taken_back: dict[int | None, ScoreEvent] = {
        row.voids_id: row for row in known if row.voids_id is not None
    }
    return [
        Recorded(row, taken_back.get(row.id))
        for row in known
        if row.voids_id is None and (as_of is None or row.day <= as_of)
    ]


def on_record(
    connection: sa.Connection, document: str, *, as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[ScoreEvent]:  # fmt: skip
    """The facts of a document's scorecards that were known and not voided."""
    found = recorded(connection, document, as_of=as_of, known_at=known_at)
    return [each.fact for each in found if each.voided is None]
