"""Reading, the way back: a copy of the sheet as sent, its bad cells marked and explained.

The clerk corrects the copy and sends it in again: what this program wrote into it (its column,
its marks and comments) is not read as data, and is cleared when a copy is made of a copy.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.ledger.forms import load_forms
from tracker.ledger.grids import Grid, Place, csv_rows, decode, read_bytes, read_grids
from tracker.ledger.headers import find_header
from tracker.ledger.sheets import CellProblem, Severity
from tracker.ledger.written import blank, heading

COLUMN = "错误说明"
_AUTHOR = "履责"
_STYLED = (".xlsx", ".xlsm")
_WIDTH = 60
_WORDS: dict[Severity, str] = {"error": "错误", "question": "待答", "note": "提示"}
_COLOURS: dict[Severity, str] = {"error": "FFC7CE", "question": "FFEB9C", "note": "DDEBF7"}


def write_returned(path: Path, problems: Sequence[CellProblem], out_path: Path) -> Path:
    """Write a copy of `path` to `out_path` with `problems` marked: cells coloured and commented,
    and a column 错误说明 at the right of each sheet concerned. A csv gets the column only.

    Returns the path written (an old .xls comes back as .xlsx). Raises ImportFileError where `path`
    cannot be read.
    """
    content = read_bytes(path)
    grids = {grid.sheet: grid for grid in read_grids(path, content)}
    out_path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() in (".csv", ".txt"):
        _write_csv(path, content, next(iter(grids.values())), problems, out_path)
        return out_path
    book = _open(path, content, grids.values())
    for name, grid in grids.items():
        sheet = book[name]
        own = _own_columns(grid)
        if own:
            _clear(sheet, grid, own)
        if of_sheet := [problem for problem in problems if problem.sheet == name]:
            _mark(sheet, grid, own[0] + 1 if own else _free_column(sheet, grid), of_sheet)
    if path.suffix.lower() not in _STYLED:
        out_path = out_path.with_suffix(".xlsx")
    book.save(out_path)
    return out_path


def _open(path: Path, content: bytes, grids: Iterable[Grid]) -> Book:
    """The workbook with its styles; of an old .xls only the values."""
    if path.suffix.lower() in _STYLED:
        with warnings.catch_warnings(action="ignore"):  # parts that a copy need not keep
            return load_workbook(BytesIO(content), keep_vba=path.suffix.lower() == ".xlsm")
    book = Book()
    book.remove(book.worksheets[0])
    for grid in grids:
        sheet = book.create_sheet(grid.sheet)
        for row in grid.written:
            sheet.append(["" if blank(cell) else cell for cell in row])
    return book


def _free_column(sheet: Worksheet, grid: Grid) -> int:
    """The first column (from 1) right of all that is written, and of titles merged beyond it."""
    return 1 + max(_last_column(grid) + 1, *(merged.max_col for merged in sheet.merged_cells), 0)


def _clear(sheet: Worksheet, grid: Grid, own: list[int]) -> None:
    """Take out what an earlier copy was marked with."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment and cell.comment.author == _AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()
    for column in own:
        for number in range(1, sheet.max_row + 1):
            if (number - 1, column) not in grid.masters:
                sheet.cell(number, column + 1).value = None


def _own_columns(grid: Grid) -> list[int]:
    """Columns of this program's own in a copy that came back."""
    return sorted(
        {
            column
            for row in grid.written
            for column, cell in enumerate(row)
            if isinstance(cell, str) and COLUMN in cell and heading(cell) == COLUMN
        }
    )


def _mark(sheet: Worksheet, grid: Grid, column: int, problems: list[CellProblem]) -> None:
    """Mark one sheet; its texts go into `column` (from 1)."""
    top = _header_row(grid)
    texts = _by_row(problems)
    sheet.cell(top, column).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    for row in sorted({top, *texts} - {0}):
        text = texts.get(row, "") if row != top else _header_text(texts, top)
        cell = sheet.cell(row, column, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if told := [p for p in problems if p.row in ((row, 0) if row == top else (row,))]:
            cell.fill = _fill(told)
    for (row, at), told in _by_cell(grid, problems).items():
        marked = sheet.cell(row + 1, at + 1)
        marked.fill = _fill(told)
        marked.comment = Comment("\n".join(_text(p, where=False) for p in told), _AUTHOR, 120, 320)


def _header_text(texts: Mapping[int, str], top: int) -> str:
    """The new column's header. What concerns the whole sheet follows in brackets, so that the
    header is still known as this program's own when the copy comes back."""
    whole = "；".join(filter(None, (texts.get(0), texts.get(top))))
    whole = whole.translate(str.maketrans("()（）[]", "〔〕〔〕〔〕"))
    return f"{COLUMN}（{whole}）" if whole else COLUMN


def _by_cell(grid: Grid, problems: Iterable[CellProblem]) -> dict[Place, list[CellProblem]]:
    """Problems by cell; those of a merged block by its first cell, which alone can be marked."""
    cells: dict[Place, list[CellProblem]] = {}
    for problem in problems:
        if problem.row and problem.column:
            place = (problem.row - 1, column_index_from_string(problem.column) - 1)
            cells.setdefault(grid.masters.get(place, place), []).append(problem)
    return cells


def _fill(problems: Iterable[CellProblem]) -> PatternFill:
    """The colour of the gravest of some problems."""
    worst = min(problems, key=lambda p: list(_COLOURS).index(p.severity)).severity
    return PatternFill("solid", fgColor=_COLOURS[worst])


def _text(problem: CellProblem, *, where: bool = True) -> str:
    place = f"{problem.column}列：" if where and problem.column else ""
    fix = f"。{problem.fix}" if problem.fix else ""
    return f"【{_WORDS[problem.severity]}】{place}{problem.what}{fix}"


def _by_row(problems: Iterable[CellProblem]) -> dict[int, str]:
    ordered = sorted(problems, key=lambda p: (p.row, list(_COLOURS).index(p.severity)))
    rows = groupby(ordered, key=lambda p: p.row)
    return {row: "\n".join(dict.fromkeys(map(_text, group))) for row, group in rows}


def _last_column(grid: Grid) -> int:
    return max(
        (c for row in grid.written for c, cell in enumerate(row) if not blank(cell)), default=0
    )


def _header_row(grid: Grid) -> int:
    """The row of the header, from 1; the first row where none is recognised."""
    header = find_header(grid, load_forms())
    return header.bottom + 1 if header else 1


def _write_csv(
    path: Path, content: bytes, grid: Grid, problems: Sequence[CellProblem], out_path: Path
) -> None:
    texts = _by_row(problems)
    top = _header_row(grid)
    own = _own_columns(grid)
    width = grid.width - len(own)
    with out_path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for number, record in enumerate(csv_rows(path.name, decode(path.name, content)), 1):
            kept = [value for column, value in enumerate(record) if column not in own]
            text = _header_text(texts, top) if number == top else texts.get(number, "")
            writer.writerow([*kept, *[""] * (width - len(kept)), text])
