"""Reading, second step: where a sheet's header stands, and what each column of it says.

A header is one to three rows: a merged group over its parts ('帮扶责任人' over '姓名', '单位'), a
row of day numbers, a row of weekdays. A column's path is its texts from top to bottom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tracker.ledger.days import read_day
from tracker.ledger.forms import Forms
from tracker.ledger.grids import Grid
from tracker.ledger.written import Cell, Unreadable, as_text, blank, heading, tight

_SEARCHED = 40  # rows; a preamble longer than this is no preamble
_MONTH_GRID_DAYS = 5  # fewer day columns are no month grid
_DAY_NUMBER = re.compile(r"(\d{1,2})[日号]?")


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A column of a month grid; year and month only where its header is a whole date."""

    column: int
    day: int
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` to `bottom` (from 0, inclusive); column -> path of texts; the day columns."""

    top: int
    bottom: int
    paths: dict[int, tuple[str, ...]]
    days: tuple[DayColumn, ...]

    def text(self, column: int) -> str:
        """The header of a column as shown to people."""
        return "/".join(self.paths.get(column, ()))


def find_header(grid: Grid, forms: Forms) -> Header | None:
    """The first header of a sheet: the row with the most known words, and what belongs to it."""
    counts = [_known(row, forms) for row in grid.filled[:_SEARCHED]]
    best = max(counts, default=0)
    if best < 2:
        return None
    top = bottom = counts.index(best)
    while top and _is_group_row(grid, top - 1, forms):
        top -= 1
    while bottom + 1 < len(grid.filled) and _continues(grid, top, bottom + 1, forms):
        bottom += 1
    return _header(grid, top, bottom, forms)


def repeats(grid: Grid, header: Header) -> Iterator[int]:
    """Rows further down where the same header begins again (a new page, the next month)."""
    first = {c: tight(as_text(x)) for c, x in enumerate(grid.written[header.top]) if not blank(x)}
    start, word = next(iter(first.items()))
    for row in range(header.bottom + 1, len(grid.written)):
        cells = grid.written[row]
        if tight(as_text(cells[start])) == word:
            same = sum(tight(as_text(cells[c])) == text for c, text in first.items())
            if same * 5 >= len(first) * 4:
                yield row


def header_at(grid: Grid, like: Header, top: int, forms: Forms) -> Header:
    """The header that begins again at row `top`."""
    return _header(grid, top, top + like.bottom - like.top, forms)


def _known(row: list[Cell], forms: Forms) -> int:
    """How many different known header words a row holds."""
    words = {heading(cell) for cell in row if isinstance(cell, str) and cell}
    return len(words & forms.known_headers)


def _is_group_row(grid: Grid, row: int, forms: Forms) -> bool:
    """True for a row above the best one that groups its columns, and is no title line."""
    texts = {tight(as_text(cell)) for cell in grid.filled[row] if not blank(cell)}
    labels = (*forms.labels.reporter, *forms.labels.filed_on)
    if len(texts) < 2 or any(text.startswith(labels) for text in texts):
        return False
    return (
        _merges_between(grid, row)
        or _known(grid.filled[row], forms) >= 2
        or _wide_cells(grid, row) >= 2
    )


def _merges_between(grid: Grid, row: int) -> bool:
    """True where some cell of the row reaches down into the next one."""
    return any(
        r == row + 1 and top <= row and not blank(grid.written[top][left])
        for (r, _), (top, left) in grid.masters.items()
    )


def _wide_cells(grid: Grid, row: int) -> int:
    """How many cells of the row reach over several columns: a title line has one, groups more."""
    return len({m for (r, c), m in grid.masters.items() if r == row and m[0] == row and m[1] != c})


def _continues(grid: Grid, top: int, row: int, forms: Forms) -> bool:
    """True where `row`, below a header that began at `top`, still belongs to it."""
    if any(r == row and m[0] in range(top, row) for (r, _), m in grid.masters.items()):
        return True
    cells = [cell for cell in grid.written[row] if not blank(cell)]
    if not cells or len(cells) < 2:
        return False
    weekdays = sum(_is_weekday(cell, forms) for cell in cells)
    known = _known(grid.written[row], forms)
    return (
        weekdays >= max(_MONTH_GRID_DAYS, len(cells) - 3)
        or known * 5 >= len(cells) * 4
        or _counts_up(cells)
    )


def _is_weekday(cell: Cell, forms: Forms) -> bool:
    text = tight(as_text(cell)).removeprefix("星期").removeprefix("周")
    return text in forms.words.weekdays


def _counts_up(cells: list[Cell]) -> bool:
    """True for 1, 2, 3 ...: day numbers, or the column numbers of a statistical table."""
    numbers = [as_text(cell) for cell in cells]
    return len(numbers) >= 3 and numbers == [str(n + 1) for n in range(len(numbers))]


def _header(grid: Grid, top: int, bottom: int, forms: Forms) -> Header:
    rows = [_spread(grid, row, bottom) for row in range(top, bottom + 1)]
    paths: dict[int, tuple[str, ...]] = {}
    days: list[DayColumn] = []
    for column in range(grid.width):
        told = [top + i for i, row in enumerate(rows) if not blank(row[column])]
        if told and grid.masters.get((told[-1], column), (0, column))[1] != column:
            continue  # one wide header over several columns: its data stand in the first
        cells = [rows[row - top][column] for row in told]
        cells = [c for i, c in enumerate(cells) if i == 0 or c != cells[i - 1]]
        day = next((d for cell in cells if (d := _day_column(column, cell))), None)
        if day:
            days.append(day)
        if cells and not (len(cells) > 1 and _is_weekday(cells[-1], forms)):
            paths[column] = tuple(tight(as_text(cell)) for cell in cells)
        elif cells:
            paths[column] = tuple(tight(as_text(cell)) for cell in cells[:-1])
    return Header(top, bottom, paths, tuple(days) if len(days) >= _MONTH_GRID_DAYS else ())


def _spread(grid: Grid, row: int, bottom: int) -> list[Cell]:
    """A header row, its groups spread over their parts also where they are not merged (csv)."""
    cells = grid.filled[row].copy()
    if row == bottom or any(r == row for r, _ in grid.masters):
        return cells
    below = grid.filled[row + 1]
    for column in range(1, len(cells)):
        if blank(cells[column]) and not blank(below[column]) and not blank(below[column - 1]):
            cells[column] = cells[column - 1]
    return cells


def _day_column(column: int, cell: Cell) -> DayColumn | None:
    """'15', '15日' or a whole date ('1月15日', '2019.1.15', a date cell) over a column."""
    if isinstance(cell, str | int | float) and not isinstance(cell, bool):
        match = _DAY_NUMBER.fullmatch(tight(as_text(cell)))
        if match:
            return DayColumn(column, int(match[1])) if 1 <= int(match[1]) <= 31 else None
    if isinstance(cell, str) and not any(char.isdigit() for char in cell):
        return None
    has_year = isinstance(cell, date | datetime) or re.match(r"\d{4}", tight(as_text(cell)))
    try:
        day = read_day(cell, 2000)  # a leap year, so that 2月29日 is read
    except Unreadable:
        return None
    return DayColumn(column, day.day, day.month, day.year if has_year else None)
