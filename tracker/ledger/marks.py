"""Reading, fourth step: month grids. Each day's symbol becomes a kind, by the sheet's own legend.

A symbol that neither the legend nor forms.yaml explains is an error of its cell; the other days of
the row stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tracker.ledger.blocks import Block
from tracker.ledger.days import chinese, length
from tracker.ledger.forms import Forms
from tracker.ledger.headers import DayColumn
from tracker.ledger.records import read_records
from tracker.ledger.sheets import Row
from tracker.ledger.written import Cell, as_text, plain, tight

Period = tuple[int, int]
_AROUND_SEPARATOR = re.compile(r"\s*[=:]+\s*")
_ITEM = re.compile(r"[\s,，;；、。|()]+")
_QUOTES = re.compile(r"[\"'“”‘’「」【】\[\]]")
_VERB = re.compile(r"=|—+|-+|代表|表示|记为|打|为|是|填|指")


@dataclass(slots=True)
class Legend:
    """Symbol -> kind ('' records nothing), and symbols whose explanation nobody understands."""

    kinds: dict[str, str]
    unclear: dict[str, str] = field(default_factory=dict)


def read_legend(texts: Iterable[str], forms: Forms) -> dict[str, str]:
    """Symbol -> explanation as the sheet words it: '√=在村并住宿', '在村住宿打“√”', '△ 未住宿'."""
    meanings = forms.marks.by_meaning
    opening = re.compile(rf"(?:{'|'.join(forms.rows.notes)})\d*\s*[:、.]")
    found: dict[str, str] = {}
    for text in texts:
        bare = _AROUND_SEPARATOR.sub("=", opening.sub(" ", _QUOTES.sub("", plain(text))))
        items = [item for item in _ITEM.split(bare) if item]
        for item, following in pairwise([*items, ""]):
            pair = _pair(item, forms)
            if not pair and len(item) <= 2 and item not in meanings and following in meanings:
                pair = (item, following)
            if pair:
                symbol = forms.marks.by_glyph.get(pair[0], pair[0])
                said = found.setdefault(symbol, pair[1])
                if meanings.get(said, said) != meanings.get(pair[1], pair[1]):
                    found[symbol] = f"{said}或{pair[1]}"  # two meanings are no meaning
    return found


def _pair(item: str, forms: Forms) -> tuple[str, str] | None:
    """One explained symbol, in either order."""
    meanings = forms.marks.by_meaning
    parts = [part for part in _VERB.split(item, maxsplit=1) if part]
    if len(parts) == 2:
        left, right = parts[0], parts[1].lstrip("=")
        if right in meanings or ("=" in item and len(left) <= 2):
            return (left, right) if len(left) <= 2 or left in forms.marks.blank else None
        if left in meanings and len(right) <= 2:
            return right, left
        return None
    for size in (1, 2):  # nothing between symbol and meaning: '√在村住宿', '在村住宿√'
        if item[size:] in meanings and item not in meanings:
            return item[:size], item[size:]
        if item[:-size] in meanings and item not in meanings:
            return item[-size:], item[:-size]
    return None


def legend_of(texts: Iterable[str], forms: Forms) -> Legend:
    """The meanings in force on a sheet: its legend before the usual ones."""
    legend = Legend(dict(forms.marks.by_symbol))
    for symbol, meaning in read_legend(texts, forms).items():
        if symbol in forms.marks.blank:
            continue
        if meaning in forms.marks.by_meaning:
            legend.kinds[symbol] = forms.marks.by_meaning[meaning]
        else:
            legend.kinds.pop(symbol, None)
            legend.unclear[symbol] = meaning
    return legend


def read_months(block: Block, legend: Legend) -> dict[Period, list[Row]]:
    """Rows of a month grid by (year, month), with their marks; empty where no month is known."""
    months: dict[Period, list[Row]] = {}
    faulty: set[int] = set()
    for row in read_records(block):
        stated = row.values.pop("month", None)
        month = int(stated) if isinstance(stated, Decimal) else block.month
        if month is None and not all(day.month for day in block.header.days):
            column = block.match.columns["month"]
            block.report(row.number - 1, column, "error", "没有填写月份", "请补填")
            continue
        for period, marks in _marks(row, month, block, legend, faulty).items():
            copy = Row(row.number, row.values, row.raw, row.columns, marks)
            months.setdefault(period, []).append(copy)
    if len(months) == 1:
        _check_totals(next(iter(months.values())), faulty, block)
    return months


def _marks(
    row: Row, month: int | None, block: Block, legend: Legend, faulty: set[int]
) -> dict[Period, dict[int, str]]:
    """The marks of one row by period; adds the row to `faulty` where one could not be read."""
    cells = block.grid.filled[row.number - 1]
    marks: dict[Period, dict[int, str]] = {}
    for column in block.header.days:
        period = (column.year or block.year or 0, column.month or month or 0)
        of_month = marks.setdefault(period, {})
        cell = cells[column.column]
        if cell == "":
            continue
        kind = _kind(cell, block.forms, legend)
        why = _refusal(cell, kind, period, column, block, legend)
        if kind and of_month.get(column.day, kind) != kind:
            why = (f"{column.day}日填了两种不同的符号，只登记第一种", "请核对这一天，只留一种")
        if why:
            block.report(row.number - 1, column.column, "error", *why)
            faulty.add(row.number)
        elif kind:
            of_month[column.day] = kind
    return marks


def _kind(cell: Cell, forms: Forms, legend: Legend) -> str | None:
    """The kind of a mark; '' where it records nothing, None where nobody knows it."""
    if isinstance(cell, str) and cell in legend.kinds:
        return legend.kinds[cell]
    symbol = tight(as_text(cell))
    if not symbol:
        return ""
    return legend.kinds.get(symbol) or legend.kinds.get(forms.marks.by_glyph.get(symbol, symbol))


def _refusal(
    cell: Cell,
    kind: str | None,
    period: Period,
    column: DayColumn,
    block: Block,
    legend: Legend,
) -> tuple[str, str] | None:
    """Why a mark cannot be stored: (what, fix)."""
    if kind == "":
        return None
    symbol = as_text(cell)
    if kind is None:
        glyph = block.forms.marks.by_glyph.get(tight(symbol), tight(symbol))
        if glyph in legend.unclear:
            return (
                f"图例说“{symbol}”是“{legend.unclear[glyph]}”，不知归入哪一类",
                "请改用在村并住宿、在村未住宿、因公出差、开会、培训、轮休、请假之一，或在对照文件中写明",
            )
        return f"不认识的考勤符号“{symbol}”", "请改成图例中的符号，或在表下的图例中写明它的含义"
    year, month = period
    if column.day > length(year, month):
        return f"{year}年{month}月没有{column.day}日，却填了“{symbol}”", "请删去，或核对是哪一天"
    if (day := date(year, month, column.day)) > block.last_day:
        return (
            f"{chinese(day)}在{block.last_day_is}（{chinese(block.last_day)}）之后",
            "还没有到的日子不能填考勤，请删去或核对填报日期",
        )
    return None


def _check_totals(rows: list[Row], faulty: set[int], block: Block) -> None:
    """Note the rows whose hand-typed total differs from their marks, counted as most rows are."""
    typed = {row.number: row for row in rows if "total" in row.values and row.number not in faulty}
    if not typed:
        return

    def agreeing(kinds: tuple[str, ...]) -> set[int]:
        return {n for n, row in typed.items() if row.values["total"] == _count(row.marks, kinds)}

    kinds = max(block.forms.marks.totals, key=lambda k: len(agreeing(k)))
    agreed = agreeing(kinds)
    column = block.match.columns["total"]
    if len(agreed) * 2 < len(typed):
        what = "看不出“合计”是怎样算的，未作核对"
        block.report(block.header.bottom, column, "note", what)
        return
    for number in sorted(typed.keys() - agreed):
        row = typed[number]
        what = (
            f"合计填的是 {row.values['total']}，按符号数是 {_count(row.marks, kinds)}；以符号为准"
        )
        block.report(number - 1, column, "note", what, "请核对这一行")


def _count(marks: Mapping[int, str], kinds: tuple[str, ...]) -> int:
    return sum(kind in kinds for kind in marks.values())
