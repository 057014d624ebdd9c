"""Sheets for people who print: one look for import templates, meeting sheets and unit ledgers.

A page is written from top to bottom. Text is always text, whatever it begins with; only a
`Formula` is worked out by the office program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

SERIF, BODY = "宋体", "仿宋"
TITLE_SIZE, TEXT_SIZE = 18, 11
EXAMPLE = Font(BODY, TEXT_SIZE, italic=True, color="808080")
_LINE = Side("thin", color="000000")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY = PatternFill("solid", start_color="E7E6E6")
_ROW_HEIGHT, _TITLE_HEIGHT, _BY_HAND = 16.5, 30, 24  # points
_MARGINS = {"left": 0.6, "right": 0.6, "top": 0.7, "bottom": 0.7, "header": 0.3, "footer": 0.35}

Value = str | int | float | date | None


class Formula(str):
    """A formula of ours, '=SUM(A1:A3)'."""


def new_book() -> Workbook:
    """A workbook without sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.calculation.fullCalcOnLoad = True  # formulas are written without their results
    return book


class Page:
    """One sheet on A4, from the top down. `widths`: of its columns, in half-width characters."""

    def __init__(self, book: Workbook, name: str, widths: Sequence[float]) -> None:
        self.sheet: Worksheet = book.create_sheet(name)
        self.widths = tuple(widths)
        self.row = 0
        for column, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        _set_up(self.sheet)

    def title(self, text: str) -> None:
        """The title, over all columns."""
        self._wide(text, Font(SERIF, TITLE_SIZE, bold=True), "center", _TITLE_HEIGHT)

    def line(self, text: str, *, bold: bool = False, centred: bool = False) -> None:
        """A line of text over all columns, as high as it needs."""
        height = height_of(text, sum(self.widths))
        font = Font(SERIF if bold else BODY, TEXT_SIZE, bold=bold)
        self._wide(text, font, "center" if centred else "left", height)

    def parts(self, *parts: tuple[str, int]) -> None:
        """A line of several texts, each over so many columns."""
        self.row += 1
        column = 1
        for text, span in parts:
            cell = put(self.sheet, self.row, column, text)
            cell.font, cell.alignment = Font(BODY, TEXT_SIZE), Alignment(vertical="center")
            if span > 1:
                self.sheet.merge_cells(
                    start_row=self.row, end_row=self.row, start_column=column,
                    end_column=column + span - 1,
                )  # fmt: skip
            column += span
        self.sheet.row_dimensions[self.row].height = _ROW_HEIGHT * 1.4

    def skip(self) -> None:
        """An empty line."""
        self.row += 1

    def header(self, texts: Iterable[Value], *, repeat: bool = True) -> int:
        """The header of a table; with `repeat` on every page, and what stands above it stays on
        the screen. Returns its row."""
        written = list(texts)
        self.cells(written, Font(SERIF, TEXT_SIZE, bold=True), centred=range(len(written)))
        for cell in self.sheet[self.row][: len(written)]:
            cell.fill = _GREY
        if repeat:
            self.sheet.freeze_panes = f"A{self.row + 1}"
            self.sheet.print_title_rows = f"{self.row}:{self.row}"
        return self.row

    def cells(
        self, values: Iterable[Value], font: Font | None = None, *, centred: Iterable[int] = (),
        tall: bool = False,
    ) -> int:  # fmt: skip
        """A framed row, `tall` enough to be filled in by hand; the columns `centred` (from 0) are
        centred. Returns the row."""
        self.row += 1
        middle = set(centred)
        lines = 1
        for column, value in enumerate(values):
            cell = put(self.sheet, self.row, column + 1, value)
            cell.font, cell.border = font or Font(BODY, TEXT_SIZE), _FRAME
            horizontal = "center" if column in middle or _is_figure(value) else "left"
            cell.alignment = Alignment(horizontal, vertical="center", wrap_text=True)
            if isinstance(value, str) and not isinstance(value, Formula):
                lines = max(lines, _lines(value, self.widths[column]))
        self.sheet.row_dimensions[self.row].height = max(
            _ROW_HEIGHT * lines + 3, _BY_HAND if tall else 0
        )
        return self.row

    def signatures(self, *names: str) -> None:
        """The sign-off block: a blank after each name, and a blank date."""
        self.skip()
        text = "".join(f"{name}：{'　' * 8}" for name in names)
        self.line(text + "日期：　　　　年　　月　　日", bold=True)
        self.sheet.row_dimensions[self.row].height = _ROW_HEIGHT * 2

    def _wide(self, text: str, font: Font, horizontal: str, height: float) -> None:
        self.row += 1
        cell = put(self.sheet, self.row, 1, text)
        cell.font = font
        cell.alignment = Alignment(horizontal, vertical="center", wrap_text=True)
        if len(self.widths) > 1:
            self.sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=1, end_column=len(self.widths)
            )
        self.sheet.row_dimensions[self.row].height = height


def put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write a value; text stays text even where it begins with = + - @."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing is ever written into a covered cell
    if isinstance(value, str) and not isinstance(value, Formula):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    return cell


def height_of(text: str, width: float) -> float:
    """How high a cell of so many half-width characters must be to show a text, in points."""
    return _ROW_HEIGHT * _lines(text, width)


def _is_figure(value: Value) -> bool:
    return isinstance(value, Formula) or not isinstance(value, str)


def _set_up(sheet: Worksheet) -> None:
    """A4 across, all columns on one page's width, the page number below."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    for side, inches in _MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"  # type: ignore[union-attr]  # always there


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in so many half-width characters."""
    room = max(width - 2, 4)
    return sum(-(-max(_half_widths(part), 1) // int(room)) for part in text.split("\n"))


def _half_widths(text: str) -> int:
    return sum(1 if ord(char) < 0x2E80 else 2 for char in text)
