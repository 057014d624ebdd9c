"""Pulling: up to where a source has been read, kept with what was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from tracker import db
from tracker.ledger.apply import BATCHES, CELLS, ENTRIES, chunks
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.records import Reading, moment_of, order
from tracker.ledger.pull.workbook import VERSION, file_name
from tracker.ledger.tables import PullCursor

CURSORS = db.table(PullCursor)


def current(connection: sa.Connection, source: PullSource) -> str:
    """The newest cursor that holds, '' for the beginning. One is void once a batch up to it has
    been taken back: what was taken back is read again."""
    undo = BATCHES.alias("undo")
    c = CURSORS.c
    query = (
        sa.select(c.cursor, c.recorded_at, undo.c.recorded_at)
        .outerjoin_from(CURSORS, undo, undo.c.undoes_id == c.batch_id)
        .where(c.source == source.id)
        .order_by(c.id)
    )
    holds, taken_back = "", None
    for cursor, recorded_at, undone_at in connection.execute(query):
        taken_back = max(filter(None, (taken_back, undone_at)), default=None)
        if taken_back is None or taken_back < recorded_at:
            holds = cursor
    return holds


def following(reading: Reading, left_out: Iterable[str], since: str, now: datetime) -> str:
    """Where to read on: the newest row that came, or, while a row cannot be stored, the newest
    before that one, so that it comes again until it can."""
    cursor = reading.source.cursor
    if cursor is None or reading.is_unordered:
        return since
    known = {since, *reading.versions}
    waiting = {r.version for name in left_out if (r := reading.records.get(name))}
    waiting |= reading.waiting | ahead(reading, now)
    if waiting:
        oldest = min(order(cursor, version) for version in waiting)
        known = {version for version in known if order(cursor, version) < oldest}
    return max(known, key=lambda version: order(cursor, version), default="")


def ahead(reading: Reading, now: datetime) -> set[str]:
    """The versions that are moments to come: a wrong clock over there. Read on from one of them,
    the source would be silent until it has come."""
    cursor = reading.source.cursor
    if cursor is None or cursor.order != "time":
        return set()
    return {version for version in reading.versions if moment_of(version) > now.timestamp()}


def newest_batch(connection: sa.Connection, source: PullSource) -> int:
    """The newest batch that this source, or an undo of it, has written; 0 for none."""
    query = sa.select(sa.func.max(BATCHES.c.id)).where(BATCHES.c.file_name == file_name(source))
    return connection.scalar(query) or 0


def outdated(connection: sa.Connection, source: PullSource, reading: Reading) -> set[str]:
    """The ids of rows that came in an older version than the ledger has."""
    cursor = source.cursor
    if cursor is None:
        return set()
    c = ENTRIES.c
    batches = sa.select(BATCHES.c.id).where(BATCHES.c.file_name == file_name(source))
    reporters = sa.select(CELLS.c.reporter_id).where(CELLS.c.batch_id.in_(batches))
    mine = sa.and_(c.reporter_id.in_(reporters), c.form == source.form, c.voided_at.is_(None))
    found = set()
    for ids in chunks(sorted(reading.records)):
        query = sa.select(c.natural_key, c.content).where(mine, c.natural_key.in_(ids))
        for name, content in connection.execute(query):
            came = reading.records[name].version
            if order(cursor, content.get(VERSION, "")) > order(cursor, came):
                found.add(name)
    return found


def write(
    connection: sa.Connection, source: PullSource, cursor: str, batch: int | None, now: datetime
) -> None:
    """From now on the source is read from this cursor on."""
    row = {"source": source.id, "cursor": cursor, "batch_id": batch, "recorded_at": now}
    connection.execute(sa.insert(CURSORS), row)
