"""The ledger: drafts compared with what is live in their cell, and the difference written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from tracker import db
from tracker.ledger.bulk import insert_rows
from tracker.ledger.draft import CellKey, Columns, Covered, Draft
from tracker.ledger.sheets import Workbook
from tracker.ledger.tables import Batch, Cell, Coverage, Entry, Line, Sighting
from tracker.registry.tables import Attribute, Post, Tie

BATCHES = db.table(Batch)
CELLS = db.table(Cell)
ENTRIES = db.table(Entry)
SIGHTINGS = db.table(Sighting)
LINES = db.table(Line)
COVERAGE = db.table(Coverage)
FACTS: dict[str, sa.Table] = {
    "posts": db.table(Post),
    "ties": db.table(Tie),
    "attributes": db.table(Attribute),
}
_CHUNK = 5000
_Id = TypeVar("_Id", int, str)


@dataclass(slots=True)
class Applied:
    """The difference in one cell. `same`: live entry and the draft that confirms it; `kept`: live
    entries that the batch does not speak of."""

    key: CellKey
    new: list[Draft] = field(default_factory=list)
    same: list[tuple[int, Draft]] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def open_batch(
    connection: sa.Connection, workbook: Workbook, *, operator: str, now: datetime
) -> int:
    """A new batch for this workbook; its id."""
    return insert_batch(connection, workbook.file_name, workbook.sha256, operator, now)


def insert_batch(
    connection: sa.Connection,
    file_name: str,
    sha256: str,
    operator: str,
    now: datetime,
    undoes: int | None = None,
) -> int:
    """A new batch; its id."""
    row = {
        "file_name": file_name,
        "file_sha256": sha256,
        "operator": operator,
        "recorded_at": now,
        "undoes_id": undoes,
        "counts": {},
    }
    statement = sa.insert(BATCHES).returning(BATCHES.c.id)
    return int(connection.execute(statement, row).scalar_one())


def apply_cell(
    connection: sa.Connection, batch: int, cell: CellKey, drafts: list[Draft], now: datetime,
    keeps: Callable[[str], bool] | None = None,
) -> Applied:  # fmt: skip
    """Compare the drafts of a cell with its live entries as multisets of digests, void what is
    gone, and return what is to be written. `keeps`: the natural keys not spoken of."""
    connection.execute(sa.insert(CELLS), {"batch_id": batch, **cell._asdict()})
    live: dict[str, list[Any]] = defaultdict(list)
    done = Applied(cell)
    for row in connection.execute(_live(cell)):
        if keeps and keeps(row.natural_key):
            done.kept.append(row)
        else:
            live[row.digest].append(row)
    for draft in drafts:
        if live[draft.digest]:
            done.same.append((live[draft.digest].pop(0).id, draft))
            done.counts[draft.sheet]["same"] += 1
        else:
            done.new.append(draft)
    gone = [row for rows in live.values() for row in rows]
    void_entries(connection, [row.id for row in gone], now)
    _count(done, gone)
    return done


def write_drafts(
    connection: sa.Connection, batch: int, cells: Sequence[Applied], now: datetime
) -> tuple[int, int]:
    """Write new entries with their facts, lines and sightings, and sight what was confirmed.
    Returns the numbers of entries and lines written."""
    new = [draft for cell in cells for draft in cell.new]
    ids = _insert_entries(connection, batch, new, now)
    lines: list[Columns] = []
    facts: dict[str, list[Columns]] = defaultdict(list)
    for entry, draft in zip(ids, new, strict=True):
        stated = {"entry_id": entry, "recorded_at": now}
        for table, fact in draft.facts:
            facts[table].append(fact | stated)
        stated["reported_on"] = draft.reported_on
        lines.extend([line | stated for line in draft.lines])
    for table, rows in facts.items():
        insert_rows(connection, FACTS[table], rows)
    insert_rows(connection, LINES, lines)
    said: list[tuple[int, Any]] = [*zip(ids, new, strict=True)]
    said += [pair for cell in cells for pair in cell.same]
    said += [(row.id, row) for cell in cells for row in cell.kept]
    sightings: list[Columns] = [
        {"entry_id": entry, "batch_id": batch, "sheet": at.sheet, "row": at.row}
        for entry, at in said
    ]
    insert_rows(connection, SIGHTINGS, sightings)
    return len(new), len(lines)


def write_coverage(
    connection: sa.Connection, batch: int, covered: Sequence[Covered], now: datetime
) -> None:
    """What the batch reports takes the place of what was reported for the same cells."""
    for cell in {c.cell for c in covered}:
        void_coverage(connection, cell, now)
    rows = {
        (c.cell.reporter_id, c.cell.form, month, scope)
        for c in covered
        for month in c.months
        for scope in c.scopes
    }
    columns = ("reporter_id", "form", "month", "scope_id")
    stated = {"batch_id": batch, "recorded_at": now}
    reported = [dict(zip(columns, row, strict=True)) | stated for row in sorted(rows)]
    insert_rows(connection, COVERAGE, reported)


def keep_coverage(
    connection: sa.Connection, batch: int, cells: Collection[CellKey], now: datetime
) -> None:
    """Say again what is reported for cells of which the batch reports nothing itself, so that
    an undo of what comes later finds it."""
    names = ("reporter_id", "form", "month", "scope_id")
    for cell in cells:
        live = sa.and_(coverage_of(cell), COVERAGE.c.voided_at.is_(None))
        query = sa.select(*(COVERAGE.c[name] for name in names)).where(live).distinct()
        stated = {"batch_id": batch, "recorded_at": now}
        rows = [{**row._mapping, **stated} for row in connection.execute(query)]
        void_coverage(connection, cell, now)
        insert_rows(connection, COVERAGE, rows)


def void_entries(connection: sa.Connection, entries: Sequence[int], now: datetime) -> None:
    """Close the life of entries with their lines and facts."""
    for ids in chunks(entries):
        for table in (LINES, *FACTS.values()):
            connection.execute(_void(table, table.c.entry_id.in_(ids), now))
        connection.execute(_void(ENTRIES, ENTRIES.c.id.in_(ids), now))


def void_coverage(connection: sa.Connection, cell: CellKey, now: datetime) -> None:
    """Close the life of whatever is reported for a cell."""
    connection.execute(_void(COVERAGE, coverage_of(cell), now))


def of_cell(table: sa.Table, cell: CellKey) -> sa.ColumnElement[bool]:
    """The rows of `entries` or `cells` that belong to a cell."""
    return sa.and_(*(table.c[name] == value for name, value in cell._asdict().items()))


def coverage_of(cell: CellKey) -> sa.ColumnElement[bool]:
    """The coverage of a cell: its reporter and form, the months of its period."""
    year, _, month = cell.period.partition("-")
    first = date(int(year), int(month or 1), 1)
    last = date(int(year), int(month or 12), 1)
    return sa.and_(
        COVERAGE.c.reporter_id == cell.reporter_id,
        COVERAGE.c.form == cell.form,
        COVERAGE.c.month.between(first, last),
    )


def chunks(ids: Sequence[_Id]) -> Iterator[Sequence[_Id]]:
    """Ids in portions that every database takes as parameters."""
    return (ids[i : i + _CHUNK] for i in range(0, len(ids), _CHUNK))


def _void(table: sa.Table, where: sa.ColumnElement[bool], now: datetime) -> sa.Update:
    return sa.update(table).where(where, table.c.voided_at.is_(None)).values(voided_at=now)


def _live(cell: CellKey) -> sa.Select[Any]:
    c = ENTRIES.c
    return (
        sa.select(c.id, c.digest, c.natural_key, c.sheet, c.row)
        .where(of_cell(ENTRIES, cell), c.voided_at.is_(None))
        .order_by(c.id)
    )


def _count(done: Applied, gone: Iterable[Any]) -> None:
    """A gone and a new row of one natural key are one changed row."""
    left: dict[str, list[str]] = defaultdict(list)
    for row in gone:
        left[row.natural_key].append(row.sheet)
    for draft in done.new:
        if left[draft.natural_key]:
            left[draft.natural_key].pop()
            done.counts[draft.sheet]["changed"] += 1
        else:
            done.counts[draft.sheet]["added"] += 1
    for sheets in left.values():
        for sheet in sheets:
            done.counts[sheet]["removed"] += 1


def _insert_entries(
    connection: sa.Connection, batch: int, drafts: Sequence[Draft], now: datetime
) -> list[int]:
    if not drafts:
        return []
    rows = [
        {
            "batch_id": batch,
            **draft.cell._asdict(),
            "sheet": draft.sheet,
            "row": draft.row,
            "content": draft.content,
            "digest": draft.digest,
            "natural_key": draft.natural_key,
            "reported_on": draft.reported_on,
            "recorded_at": now,
        }
        for draft in drafts
    ]
    statement = sa.insert(ENTRIES).returning(ENTRIES.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())
