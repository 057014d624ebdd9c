"""Reading, fourth step: the rows of a list become typed rows; bad cells are named, not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tracker.ledger.blocks import Block
from tracker.ledger.days import chinese, is_month_only
from tracker.ledger.forms import Field
from tracker.ledger.sheets import DaySpan, Row, Value
from tracker.ledger.values import read_value
from tracker.ledger.written import Cell, Unreadable, as_text, blank, tight


def read_records(block: Block) -> list[Row]:
    """The data rows that can be stored; what keeps the others out is in `block.problems`."""
    rows = []
    shown = _shown(block)
    letters = block.letters
    columns = sorted(block.match.columns.items(), key=lambda item: item[1])
    above: dict[str, Cell] = {}
    carried: set[str] = set()
    for number in block.rows.data:
        cells = {name: block.grid.filled[number][c] for name, c in columns}
        carried |= _complete(cells, above, block)
        above = cells
        values = _values(number, cells, block)
        if values is None:
            continue
        written = block.grid.filled[number]
        raw = {text: as_text(written[c]) for c, text in shown.items() if not blank(written[c])}
        rows.append(Row(number + 1, values, raw, letters))
    if carried:
        names = "、".join(block.form.fields[name].headers[0] for name in sorted(carried))
        what = f"CSV 不保留合并单元格，“{names}”的空白处已按上一行补齐"
        block.report(block.header.bottom, -1, "note", what, "如不对，请把空白处填全后重新导入")
    return rows


def _shown(block: Block) -> dict[int, str]:
    """Column -> header for `Row.raw`, without the columns that must not be taken in."""
    shown: dict[int, str] = {}
    for column in block.header.paths:
        if column not in block.match.withheld:
            text = block.header.text(column)
            shown[column] = f"{text}（{column + 1}列）" if text in shown.values() else text
    return shown


def _complete(cells: dict[str, Cell], above: Mapping[str, Cell], block: Block) -> set[str]:
    """Fill in '同上', and what a csv lost of merged cells. Returns the fields filled unasked.

    `cells` and `above` are in the order of the columns.

    Merged groups nest from left to right: once a row has its own value in one of the columns that
    are usually merged, what stands right of it is the row's own affair.
    """
    filled = set()
    own = block.grid.knows_merging
    ditto = block.forms.words.ditto
    for name, cell in cells.items():
        if isinstance(cell, str) and tight(cell) in ditto:
            cells[name] = above.get(name, "")
        elif block.form.fields[name].carry:
            own = own or not blank(cell)
            if not own and not blank(above.get(name, "")):
                cells[name] = above[name]
                filled.add(name)
    return filled


def _values(number: int, cells: Mapping[str, Cell], block: Block) -> dict[str, Value] | None:
    """The values of one row, or None where it must not be stored. All its bad cells are told."""
    values: dict[str, Value] = {}
    refused = False
    for name, field in block.form.fields.items():
        if name not in cells:
            continue
        column = block.match.columns[name]
        try:
            value = read_value(cells[name], field, block.forms, block.year)
            if value is None:
                if field.required:
                    raise Unreadable(f"没有填写“{field.headers[0]}”", "请补填")
                continue
            if field.year != "any":
                _check(number, column, value, field, block)
            if field.not_before:
                _check_order(values, value, field)
        except Unreadable as error:
            block.report(number, column, "error", error.what, error.fix)
            refused = refused or not field.lenient
            continue
        if field.month_only:
            _note_month(number, column, cells[name], field, block)
        values.setdefault(field.same_as or name, value)
    return None if refused else values


def _check(number: int, column: int, value: Value, field: Field, block: Block) -> None:
    """Days must lie in the sheet's year, and not after the day of filing (ledgers only)."""
    first = value.starts_on if isinstance(value, DaySpan) else value
    last = value.ends_on if isinstance(value, DaySpan) else value
    if not isinstance(first, date) or not isinstance(last, date):
        return
    if last > block.last_day:
        raise Unreadable(
            f"{chinese(last)}在{block.last_day_is}（{chinese(block.last_day)}）之后",
            "还没有发生的事不能登记，请核对日期",
        )
    if block.year is None or first.year == block.year:
        return
    if field.year == "note":
        what = f"{chinese(first)}不在{block.year}年，按所写日期登记"
        block.report(number, column, "note", what, "如是笔误，请改正")
        return
    basis = "本表是" if block.year_stated else "本表多数日期是"
    raise Unreadable(
        f"{chinese(first)}不在本年度（{basis}{block.year}年的）",
        f"请改正年份，或填到{first.year}年的表里",
    )


def _check_order(values: Mapping[str, Value], value: Value, field: Field) -> None:
    start = values.get(field.not_before or "")
    if isinstance(start, date) and isinstance(value, date) and value < start:
        raise Unreadable(f"{chinese(value)}早于起始的{chinese(start)}", "请核对这两个日期")


def _note_month(number: int, column: int, cell: Cell, field: Field, block: Block) -> None:
    if is_month_only(cell, block.year):
        edge = "第一天" if field.month_only == "first" else "最后一天"
        what = f"“{as_text(cell)}”只写到月，按当月{edge}计"
        block.report(number, column, "note", what, "知道确切日期的请补上")
