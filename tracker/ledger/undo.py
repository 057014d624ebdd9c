"""The ledger: taking a batch back. Where it was the newest word, the word before it lives again.

Nothing is deleted: what only this batch said is voided, and what it had voided is restored as
copies (`restores_id` names the first of all copies) with their lines, facts and sightings. Where a
later batch has spoken since, nothing changes but that this batch's word no longer counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.errors import LuzeError
from tracker.ledger.apply import (
    BATCHES,
    CELLS,
    COVERAGE,
    ENTRIES,
    FACTS,
    LINES,
    SIGHTINGS,
    chunks,
    coverage_of,
    insert_batch,
    of_cell,
    void_coverage,
    void_entries,
)
from tracker.ledger.draft import CellKey
from tracker.ledger.report import UndoReport

_ROOT = sa.func.coalesce(ENTRIES.c.restores_id, ENTRIES.c.id)
_UNDONE = sa.select(BATCHES.c.undoes_id).where(BATCHES.c.undoes_id.is_not(None))


def undo_batch(
    connection: sa.Connection, batch_id: int, *, now: datetime, operator: str
) -> UndoReport:
    """Take an import back. Raises LuzeError for an unknown batch, one undone before, an undo."""
    file_name = _check(connection, batch_id)
    undo = insert_batch(connection, file_name, "", operator, now, undoes=batch_id)
    voided = restored = kept = 0
    cells = _cells(connection, batch_id)
    for cell in cells:
        newest, before = _word_before(connection, cell, batch_id)
        if not newest:
            kept += 1
            continue
        live, said = _live(connection, cell), _said(connection, cell, before)
        gone = [entry for root, entry in live.items() if root not in said]
        back = sorted(said - live.keys())
        void_entries(connection, gone, now)
        void_coverage(connection, cell, now)
        _restore(connection, undo, back, now)
        if before is not None:
            _restore_coverage(connection, cell, before, now)
        voided, restored = voided + len(gone), restored + len(back)
    counts = {"voided": voided, "restored": restored}
    connection.execute(sa.update(BATCHES).where(BATCHES.c.id == undo).values(counts=counts))
    return UndoReport(undo, batch_id, file_name, voided, restored, len(cells) - kept, kept)


def _check(connection: sa.Connection, batch_id: int) -> str:
    batch = connection.execute(sa.select(BATCHES).where(BATCHES.c.id == batch_id)).first()
    if batch is None:
        raise LuzeError(f"没有第 {batch_id} 批", fix="请核对批次号")
    if batch.undoes_id is not None:
        raise LuzeError(f"第 {batch_id} 批本身是一次撤销，不能再撤销", fix="请重新导入原来的文件")
    if connection.scalar(sa.select(BATCHES.c.id).where(BATCHES.c.undoes_id == batch_id)):
        raise LuzeError(f"第 {batch_id} 批已经撤销过了，未作任何改动", fix="需要时请重新导入文件")
    return str(batch.file_name)


def _cells(connection: sa.Connection, batch_id: int) -> list[CellKey]:
    c = CELLS.c
    query = sa.select(c.reporter_id, c.form, c.period).where(c.batch_id == batch_id)
    return [CellKey(*row) for row in connection.execute(query.order_by(c.id))]


def _word_before(
    connection: sa.Connection, cell: CellKey, batch_id: int
) -> tuple[bool, int | None]:
    """Whether the batch is the newest word on the cell, and the batch that spoke before it."""
    query = sa.select(CELLS.c.batch_id).where(
        of_cell(CELLS, cell),
        sa.or_(CELLS.c.batch_id == batch_id, CELLS.c.batch_id.not_in(_UNDONE)),
    )
    spoken = sorted(set(connection.scalars(query)))
    if spoken[-1] != batch_id:
        return False, None
    return True, spoken[-2] if len(spoken) > 1 else None


def _live(connection: sa.Connection, cell: CellKey) -> dict[int, int]:
    query = sa.select(_ROOT, ENTRIES.c.id)
    query = query.where(of_cell(ENTRIES, cell), ENTRIES.c.voided_at.is_(None))
    return {row[0]: row[1] for row in connection.execute(query)}


def _said(connection: sa.Connection, cell: CellKey, batch_id: int | None) -> set[int]:
    """The entries, each by the first of its copies, that a batch contains in a cell."""
    query = sa.select(_ROOT).join(SIGHTINGS, SIGHTINGS.c.entry_id == ENTRIES.c.id)
    query = query.where(SIGHTINGS.c.batch_id == batch_id, of_cell(ENTRIES, cell))
    return set(connection.scalars(query))


def _restore(connection: sa.Connection, undo: int, roots: Sequence[int], now: datetime) -> None:
    """Copy entries with all that hangs on them."""
    for ids in chunks(roots):
        changed = {
            "batch_id": sa.literal(undo),
            "recorded_at": sa.literal(now, ENTRIES.c.recorded_at.type),
            "voided_at": sa.null(),
            "restores_id": ENTRIES.c.id,
        }
        _copy(connection, ENTRIES, ENTRIES, ENTRIES.c.id.in_(ids), changed)
        new = ENTRIES.alias("new")
        for table in (LINES, *FACTS.values()):
            changed = {
                "entry_id": new.c.id,
                "recorded_at": new.c.recorded_at,
                "voided_at": sa.null(),
            }
            source = table.join(new, new.c.restores_id == table.c.entry_id)
            where = sa.and_(new.c.batch_id == undo, new.c.restores_id.in_(ids))
            _copy(connection, table, source, where, changed)
        _copy_sightings(connection, undo, ids)


def _copy(
    connection: sa.Connection,
    table: sa.Table,
    source: sa.FromClause,
    where: sa.ColumnElement[bool],
    changed: dict[str, sa.ColumnElement[object]],
) -> None:
    names = [c.name for c in table.c if c.name != "id"]
    query = sa.select(*(changed.get(n, table.c[n]).label(n) for n in names))
    query = query.select_from(source).where(where)
    connection.execute(sa.insert(table).from_select(names, query))


def _copy_sightings(connection: sa.Connection, undo: int, roots: Sequence[int]) -> None:
    """Who else had said it says it still: of every copy, by batches not undone."""
    new = ENTRIES.alias("new")
    query = (
        sa.select(new.c.id, SIGHTINGS.c.batch_id, SIGHTINGS.c.sheet, SIGHTINGS.c.row)
        .join_from(SIGHTINGS, ENTRIES, SIGHTINGS.c.entry_id == ENTRIES.c.id)
        .join(new, new.c.restores_id == _ROOT)
        .where(
            new.c.batch_id == undo,
            new.c.restores_id.in_(roots),
            SIGHTINGS.c.batch_id.not_in(_UNDONE),
        )
        .distinct()
    )
    names = ["entry_id", "batch_id", "sheet", "row"]
    connection.execute(sa.insert(SIGHTINGS).from_select(names, query))


def _restore_coverage(
    connection: sa.Connection, cell: CellKey, batch_id: int, now: datetime
) -> None:
    c = COVERAGE.c
    query = (
        sa.select(
            c.batch_id,
            c.reporter_id,
            c.form,
            c.month,
            c.scope_id,
            sa.literal(now, c.recorded_at.type),
        )
        .where(coverage_of(cell), c.batch_id == batch_id)
        .distinct()
    )
    names = ["batch_id", "reporter_id", "form", "month", "scope_id", "recorded_at"]
    connection.execute(sa.insert(COVERAGE).from_select(names, query))
