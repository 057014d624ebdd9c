"""A list of nominees, first step: a workbook as an office sends it -> its rows. Nothing is judged.

The sheets are read as any ledger is; slate.yaml says how offices head such lists. A row that names
nobody is kept with what is wrong with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tracker.errors import ImportFileError, Problem
from tracker.ledger.blocks import Block
from tracker.ledger.forms import Form, Forms
from tracker.ledger.grids import Grid, read_bytes, read_grids
from tracker.ledger.layout import find_blocks
from tracker.ledger.records import read_records
from tracker.ledger.sheets import CellProblem
from tracker.ledger.titles import lines
from tracker.resources import shipped

SUFFIXES = (".xlsx", ".xlsm", ".csv")


class SlateWords(BaseModel):
    """slate.yaml. `columns`: what a list gets added; `explained`: so is this sheet; `after_award`:
    words of a title that end the name of an award."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cite: str
    columns: tuple[str, ...]
    explained: str
    after_award: tuple[str, ...]
    forms: dict[str, Form]


@cache
def slate_words() -> SlateWords:
    """The words of slate.yaml. Raises pydantic's ValidationError: the file ships with us."""
    return shipped(__file__, "slate.yaml", SlateWords)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row (from 1) of a sheet, as written; '' where nothing is. `around`: the texts that may
    name the award for the whole table, the nearest first; `problems`: why it cannot be judged."""

    sheet: str
    row: int
    name: str = ""
    unit: str = ""
    award: str = ""
    kind: str = ""
    area: str = ""
    around: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slate:
    """A list as read: its tables, and the rows of all of them in the order they came."""

    path: Path
    content: bytes
    grids: list[Grid]
    blocks: list[Block]
    entries: tuple[Entry, ...]
    notes: list[CellProblem] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """The digest of the file, as 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def read_slate(path: Path, forms: Forms, *, today: date) -> Slate:
    """Read a list (.xlsx, .xlsm, .csv). `forms`: the common words of ledgers. Raises
    ImportFileError for a file that cannot be read, or that holds no table of nominees."""
    content = read_bytes(path)
    if path.suffix.lower() not in SUFFIXES:
        fix = "请用 WPS 或 Excel 另存为 .xlsx，再审查"
        raise ImportFileError(f"{path.name} 不是 .xlsx 或 .csv 文件，不能在原表上加栏退回", fix=fix)
    grids, problems = read_grids(path, content), list[CellProblem]()
    with_ours = _forms(forms)
    blocks = [block for grid in grids for block in find_blocks(grid, with_ours, today, problems)]
    entries = tuple(entry for block in blocks for entry in _entries(block, path.stem))
    if not entries:
        raise ImportFileError(
            f"{path.name} 里没有推荐名单",
            problems=[Problem(p.what, f"工作表“{p.sheet}”", p.fix) for p in problems],
            fix="名单要有表头，其中一栏是“姓名”或“名称”，每行一个推荐对象",
        )
    return Slate(path, content, grids, blocks, entries, problems)


def _forms(common: Forms) -> Forms:
    """The forms of lists, with the words common to all ledgers."""
    words = slate_words()
    own = (*common.columns.own, *words.columns)
    unread = (*common.sheets.unread, words.explained)
    return Forms(
        columns=common.columns.model_copy(update={"own": own}), labels=common.labels,
        sheets=common.sheets.model_copy(update={"unread": unread}), rows=common.rows,
        words=common.words, marks=common.marks, forms=words.forms,
    )  # fmt: skip


def _entries(block: Block, file: str) -> Iterator[Entry]:
    """The rows of one table, the refused ones in their places."""
    sheet, below = block.grid.sheet, lines(block.grid, [*block.rows.notes, *block.rows.remarks])
    title = " ".join(block.texts[: len(block.texts) - len(below)])
    around = tuple(filter(None, (title, sheet, file)))
    read = {row.number: row.values for row in read_records(block)}
    for number in block.rows.data:
        row = number + 1
        values = {name: str(value) for name, value in read.get(row, {}).items()}
        wrong = tuple(p.what for p in block.problems if p.row == row and p.severity == "error")
        yield Entry(sheet, row, **values, around=around, problems=wrong)
