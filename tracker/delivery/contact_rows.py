"""Delivery: whom an office asks to register, as written; and a list of them read from a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.delivery.rules import delivery_rules
from tracker.errors import ImportFileError, Problem
from tracker.ledger.blocks import Block
from tracker.ledger.forms import Forms
from tracker.ledger.grids import read_bytes, read_grids
from tracker.ledger.layout import find_blocks
from tracker.ledger.records import read_records
from tracker.ledger.sheets import CellProblem


@dataclass(frozen=True, slots=True)
class Asked:
    """A contact as written; '' where nothing is. `where`: the row or option, for problems."""

    name: str
    scope: str = ""
    role: str = ""
    mail: str = ""
    wecom: str = ""
    wants: str = ""
    where: str = ""


def read_contacts(path: Path, forms: Forms, today: date) -> tuple[list[Asked], list[Problem]]:
    """The rows of a list (.xlsx, .csv), and what is wrong with those that cannot be read.
    `forms`: the common words of ledgers. Raises ImportFileError for what holds no such list."""
    notes: list[CellProblem] = []
    grids = read_grids(path, read_bytes(path))
    ours = _forms(forms)
    blocks = [block for grid in grids for block in find_blocks(grid, ours, today, notes)]
    asked = [one for block in blocks for one in _rows(block)]
    told = [p for block in blocks for p in block.problems] + notes
    errors = [Problem(p.what, _place(p.sheet, p.row), p.fix) for p in told if p.severity == "error"]
    if not asked and not errors:
        raise ImportFileError(
            f"{path.name} 里没有联系人名单", fix="名单要有表头：姓名、单位、身份、邮箱、接收什么"
        )
    return asked, errors


def _forms(common: Forms) -> Forms:
    """The form of such lists, with the words common to all ledgers."""
    return Forms(
        columns=common.columns, labels=common.labels, sheets=common.sheets, rows=common.rows,
        words=common.words, marks=common.marks, forms=delivery_rules().forms,
    )  # fmt: skip


def _rows(block: Block) -> Iterator[Asked]:
    for row in read_records(block):
        values = {name: str(value) for name, value in row.values.items()}
        yield Asked(**values, where=_place(block.grid.sheet, row.number))


def _place(sheet: str, row: int) -> str:
    return f"工作表“{sheet}”第 {row} 行" if row else f"工作表“{sheet}”"
