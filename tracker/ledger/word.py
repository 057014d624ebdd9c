"""The ledger: what a batch speaks of: whole cells, or single rows by their ids (sheets.Extent)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from tracker.ledger.apply import ENTRIES, chunks
from tracker.ledger.draft import CellKey, Draft
from tracker.ledger.sheets import Extent


class Word:
    """What the drafts of a batch, by cell, say of rows that they do not repeat."""

    def __init__(self, extent: Extent | None, drafts: Mapping[CellKey, list[Draft]]) -> None:
        self.extent = extent or Extent(True, frozenset())
        self.drafts = drafts
        stored = {d.natural_key for rows in drafts.values() for d in rows} if extent else set()
        self.spoken = stored | self.extent.deleted
        self.left_out = self.extent.came - self.spoken

    def cells(self, connection: sa.Connection) -> list[CellKey]:
        """The cells of the drafts, and those in which a row stands that is now elsewhere or no
        more."""
        touched = {cell for cell, rows in self.drafts.items() if rows}
        if self.spoken:
            touched |= {
                cell for known in set(self.drafts) for cell in self._held(connection, known)
            }
        known = [cell for cell in self.drafts if cell in touched]
        return [*known, *sorted(touched - set(known))]

    def _held(self, connection: sa.Connection, known: CellKey) -> Iterator[CellKey]:
        """The cells of this reporter and form in which a row spoken of is live."""
        c = ENTRIES.c
        mine = sa.and_(c.reporter_id == known.reporter_id, c.form == known.form)
        for ids in chunks(sorted(self.spoken)):
            where = sa.and_(mine, c.voided_at.is_(None), c.natural_key.in_(ids))
            for period in connection.scalars(sa.select(c.period).where(where).distinct()):
                yield CellKey(known.reporter_id, known.form, period)

    def keeps(self, cell: CellKey) -> Callable[[str], bool]:
        """Of the natural keys live in a cell, those that the batch leaves as they are."""
        if self.extent.whole and self.drafts.get(cell):
            return self.left_out.__contains__
        return lambda key: key not in self.spoken
