"""Sheets for people who print: what one says, told once and written as xlsx and as docx.

In the workbook a figure of ours is the formula by which the office checks it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from docx.shared import Mm
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from pydantic import BaseModel, ConfigDict

from tracker.delivery.documents.charts import Chart, draw
from tracker.delivery.documents.paper import Paper
from tracker.ledger.pages import SERIF, TEXT_SIZE, Formula, Page, Value, new_book
from tracker.resources import shipped

_REFERENCE = re.compile(r"\{([^{}]+)\}")
_SIDE = Mm(20)
_NUMERALS = "一二三四五六七八九十"


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MonthlySettings(_Settings):
    """`duty`: the meeting itself; `points_shown`: of one team; `decisions`: columns to fill in."""

    duty: str
    teams_a_page: int
    points_shown: int
    decision_rows: int
    agenda: tuple[str, ...]
    decisions: tuple[str, ...]
    signatures: tuple[str, ...]


class LedgerSettings(_Settings):
    """`examples`: how many of the entries not counted are named for each reason."""

    examples: int
    signatures: tuple[str, ...]


class SheetSettings(_Settings):
    """sheets.yaml: the office's own choices."""

    cite: str
    monthly: MonthlySettings
    ledger: LedgerSettings


@cache
def sheet_settings() -> SheetSettings:
    """sheets.yaml. Raises pydantic's ValidationError: the file ships with the program."""
    return shipped(__file__, "sheets.yaml", SheetSettings)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and the formula that gives it: '=SUM({履责记录.数量})' of a table's column,
    '={应完成}-{已完成}' of the same row."""

    value: float
    formula: str


Shown = str | float | None | Figure


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `total`: a last row that belongs to no column; `by_hand`: rows to write in; a new
    page begins after every `page_rows` rows; `filtered`: its columns can be filtered."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Shown]]
    total: Sequence[Shown] = ()
    left: frozenset[str] = frozenset()
    by_hand: bool = False
    page_rows: int = 0
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab of the workbook, one part of the paper. `widths`: of the columns of its tables, in
    half-width characters; `lines` stand above the tables, `charts` below them in the workbook."""

    name: str
    widths: tuple[float, ...]
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    signatures: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Printout:
    """A whole sheet: its title, the line below it, its parts."""

    title: str
    subtitle: str
    sheets: tuple[Sheet, ...] = field(default=())


def as_xlsx(printout: Printout) -> bytes:
    """The printout as a workbook."""
    book, writer = new_book(), _Workbook()
    for sheet in printout.sheets:
        page = Page(book, sheet.name, sheet.widths)
        page.title(printout.title)
        page.line(printout.subtitle, centred=True)
        for text in sheet.lines:
            page.line(text)
        for table in sheet.tables:
            writer.table(page, table, only=len(sheet.tables) == 1)
        if sheet.charts:
            draw(book, page.sheet, sheet.charts, page.row + 2)
        if sheet.signatures:
            page.signatures(*sheet.signatures)
    writer.fill_in()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_docx(printout: Printout) -> bytes:
    """The printout as a document, across; figures instead of formulas."""
    paper = Paper(printout.title, landscape=True)
    _narrow(paper)
    paper.title(printout.title)
    paper.note(printout.subtitle)
    for number, sheet in enumerate(printout.sheets):
        if number:
            paper.page_break()
        if len(printout.sheets) > 1:
            paper.heading(f"{_NUMERALS[number]}、{sheet.name}")
        for text in sheet.lines:
            paper.note(text)
        for table in sheet.tables:
            if len(sheet.tables) > 1:
                paper.heading(table.name, level=2)
            _table_in(paper, table, sheet.widths)
        if sheet.signatures:
            blanks = "".join(f"{name}：{'　' * 5}" for name in sheet.signatures)
            paper.recipients(blanks + "日期：　　　年　　月　　日")
    return paper.data()


def _narrow(paper: Paper) -> None:
    """Tables need more of the page than the text of an official paper leaves them."""
    section = paper.document.sections[0]
    section.left_margin = section.right_margin = _SIDE
    section.top_margin = section.bottom_margin = _SIDE


def _table_in(paper: Paper, table: Table, widths: Sequence[float]) -> None:
    rows = [[_said(value) for value in row] for row in [*table.rows, *_total(table)]]
    centred = [name not in table.left for name in table.columns]
    paper.table(table.columns, rows, widths[: len(table.columns)], centred)


def _total(table: Table) -> list[Sequence[Shown]]:
    return [table.total] if table.total else []


def _said(value: Shown) -> str:
    if isinstance(value, Figure):
        value = value.value
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:g}"


class _Workbook:
    """Writes tables onto pages; formulas are filled in when every table has its place."""

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.waiting: list[tuple[Page, int, int, Figure, Mapping[str, str]]] = []

    def table(self, page: Page, table: Table, *, only: bool) -> None:
        """Write one table; the `only` one of its page repeats its header on every page."""
        if not only:
            page.line(table.name, bold=True)
        first = page.header(table.columns, repeat=only) + 1
        for number, row in enumerate(table.rows):
            if table.page_rows and number and number % table.page_rows == 0:
                page.sheet.row_breaks.append(Break(page.row))
            self._row(page, table, row)
        for place, name in enumerate(table.columns, 1):
            letter, last = get_column_letter(place), max(page.row, first)
            cells = f"'{page.sheet.title}'!${letter}${first}:${letter}${last}"
            self.columns[f"{table.name}.{name}"] = cells
        if table.filtered:
            edge = get_column_letter(len(table.columns))
            page.sheet.auto_filter.ref = f"A{first - 1}:{edge}{max(page.row, first)}"
        if table.total:
            self._row(page, table, table.total, Font(SERIF, TEXT_SIZE, bold=True))

    def _row(
        self, page: Page, table: Table, row: Sequence[Shown], font: Font | None = None
    ) -> None:
        values: list[Value] = [v.value if isinstance(v, Figure) else v for v in row]
        middle = [i for i, name in enumerate(table.columns) if name not in table.left]
        page.cells(values, font, centred=middle, tall=table.by_hand)
        beside = {n: f"{get_column_letter(i)}{page.row}" for i, n in enumerate(table.columns, 1)}
        self.waiting += [
            (page, page.row, place, value, beside)
            for place, value in enumerate(row, 1)
            if isinstance(value, Figure)
        ]

    def fill_in(self) -> None:
        """Put every formula where its figure stands."""
        for page, row, column, figure, beside in self.waiting:
            places = {**self.columns, **beside}
            text = _REFERENCE.sub(lambda found: places[found[1]], figure.formula)  # noqa: B023
            page.sheet.cell(row, column).value = Formula(text)
