"""A list of nominees, last step: the same workbook with the verdicts in new columns at its right.

Formatting and merged cells stay; columns that an earlier review added are written anew. A csv comes
back as a workbook.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.awards import slate_told as told
from tracker.awards.gate import ANSWER_NAMES, ANSWER_SIGNS, Answer
from tracker.awards.slate import Slate, slate_words
from tracker.awards.slate_review import Review, Reviewed
from tracker.ledger.blocks import Block
from tracker.ledger.pages import TEXT_SIZE, Page, height_of, put
from tracker.ledger.written import blank, heading

_WIDTHS = (14, 44, 52, 26, 12)  # half-width characters
_SIZE = 10  # points; a little smaller than a list is written in
_HIGHEST = 409  # points; no office program takes more
_LINE = Side("thin", color="000000")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FILLS = {
    answer: PatternFill("solid", start_color=colour)
    for answer, colour in (
        (Answer.eligible, "E2EFDA"), (Answer.incomplete, "DDEBF7"), (Answer.on_hold, "FFEB9C"),
        (Answer.barred, "FFC7CE"), (None, "E7E6E6"),
    )
}  # fmt: skip


def returned_book(review: Review, now: datetime) -> bytes:
    """The list as it came, with the verdicts. `now`: when it was judged."""
    book = _open(review.slate)
    rows = {(row.entry.sheet, row.entry.row): row for row in review.rows}
    for name in dict.fromkeys(block.grid.sheet for block in review.slate.blocks):
        blocks = [block for block in review.slate.blocks if block.grid.sheet == name]
        _fill(
            book[name], blocks, {row: told for (sheet, row), told in rows.items() if sheet == name}
        )
    _explain(book, review, now)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _open(slate: Slate) -> Workbook:
    if slate.path.suffix.lower() != ".csv":
        with warnings.catch_warnings(action="ignore"):  # parts that a copy need not keep
            return load_workbook(BytesIO(slate.content))
    book = Workbook()
    book.remove(book.worksheets[0])
    for grid in slate.grids:
        sheet = book.create_sheet(grid.sheet[:31])
        for number, row in enumerate(grid.written, 1):
            for column, value in enumerate(row, 1):
                put(sheet, number, column, str(value))
    return book


def _fill(sheet: Worksheet, blocks: list[Block], rows: Mapping[int, Reviewed]) -> None:
    """Write the columns of one sheet, under each header that it has."""
    first = _first_column(sheet, blocks)
    _clear(sheet, blocks[0].header.bottom + 2, first)
    for offset, width in enumerate(_WIDTHS):
        letter = get_column_letter(first + offset)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].hidden = False
    for block in blocks:
        _header(sheet, block.header.top + 1, block.header.bottom + 1, first)
    for number, row in rows.items():
        _row(sheet, number, first, row)
    _for_print(sheet, blocks[0], first + len(_WIDTHS) - 1)


def _first_column(sheet: Worksheet, blocks: list[Block]) -> int:
    """The first of our columns where the list was reviewed before, else the first free one."""
    if ours := [column for block in blocks for column in _ours(block)]:
        return ours[0] + 1
    used = [
        column + 1
        for block in blocks
        for row in (*range(block.header.top, block.header.bottom + 1), *block.rows.data)
        for column, cell in enumerate(block.grid.written[row]) if not blank(cell)
    ]  # fmt: skip
    tables = [(b.header.top + 1, max((b.header.bottom, *b.rows.data)) + 1) for b in blocks]
    merged = [
        int(area.max_col)
        for area in sheet.merged_cells.ranges
        if any(area.min_row <= bottom and area.max_row >= top for top, bottom in tables)
    ]
    return max((*used, *merged)) + 1


def _clear(sheet: Worksheet, top: int, first: int) -> None:
    """Take out what an earlier review wrote: a row may have been emptied since."""
    for row in sheet.iter_rows(top, sheet.max_row, first, first + len(_WIDTHS) - 1):
        for cell in row:
            if isinstance(cell, Cell):
                cell.value, cell.fill = None, PatternFill()


def _ours(block: Block) -> Iterator[int]:
    """Where our columns begin in a table that comes back."""
    texts = {column: heading(path[-1]) for column, path in block.header.paths.items()}
    wanted = slate_words().columns
    for column in texts:
        if tuple(texts.get(column + n) for n in range(len(wanted))) == wanted:
            yield column


def _header(sheet: Worksheet, top: int, bottom: int, first: int) -> None:
    """Our headers, in the look of the one beside them, over all its rows."""
    like = sheet.cell(top, first - 1)
    for column, text in enumerate(slate_words().columns, first):
        for row in range(top, bottom + 1):
            if isinstance(cell := sheet.cell(row, column), Cell):
                cell.border = _FRAME
        cell = put(sheet, top, column, text)
        cell._style = copy(like._style)  # type: ignore[attr-defined,union-attr]
        cell.border = _FRAME
        cell.alignment = Alignment("center", vertical="center", wrap_text=True)
        if bottom > top:
            sheet.merge_cells(start_row=top, end_row=bottom, start_column=column, end_column=column)


def _row(sheet: Worksheet, number: int, first: int, row: Reviewed) -> None:
    """One row: the answer by sign, word and colour; texts numbered where there are several."""
    texts = (
        told.told_answer(row), _lines([*told.remarks(row), *told.reasons(row)]),
        _lines(told.missing(row)), "\n".join(told.cites(row)),
    )  # fmt: skip
    family = sheet.cell(number, first - 1).font.name
    for column, value in enumerate((*texts, told.free_on(row)), first):
        cell = put(sheet, number, column, value)
        cell.font, cell.border = Font(family, _SIZE), _FRAME
        cell.alignment = Alignment("left", vertical="center", wrap_text=True)
    sheet.cell(number, column).number_format = "yyyy-mm-dd"
    answer = sheet.cell(number, first)
    answer.fill = _FILLS[row.verdict.answer if row.verdict else None]
    answer.font = Font(family, _SIZE, bold=True)
    smaller = _SIZE / TEXT_SIZE
    needed = max(
        height_of(text, width / smaller) for text, width in zip(texts, _WIDTHS, strict=False)
    )
    sheet.row_dimensions[number].height = min(
        max(sheet.row_dimensions[number].height or 0, needed * smaller + 3), _HIGHEST
    )


def _lines(texts: list[str]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _for_print(sheet: Worksheet, block: Block, last: int) -> None:
    """All columns on one page's width, A4 across, the header on every page."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.print_area:
        sheet.print_area = f"A1:{get_column_letter(last)}{sheet.max_row}"
    if not sheet.print_title_rows:
        sheet.print_title_rows = f"{block.header.top + 1}:{block.header.bottom + 1}"


def _explain(book: Workbook, review: Review, now: datetime) -> None:
    """The sheet that says what the columns rest on."""
    name = slate_words().explained
    if name in book.sheetnames:  # of an earlier review
        del book[name]
    page = Page(book, name, (18, 12, 70))
    page.title("推荐名单审查说明")
    for line in explanation(review, now):
        page.line(line)
    page.skip()
    page.header(("审查结论", "行数", "含义"), repeat=False)
    for answer, meaning in _MEANINGS.items():
        word = f"{ANSWER_SIGNS[answer]} {ANSWER_NAMES[answer]}" if answer else told.NOT_JUDGED
        page.cells((word, review.totals.get(answer, 0), meaning), centred=(0, 1))
        page.sheet.cell(page.row, 1).fill = _FILLS[answer]


_MEANINGS: dict[Answer | None, str] = {
    Answer.barred: "有一条以上明文规定不得推荐",
    Answer.on_hold: "有未办结的约谈建议，或有事项须由人认定",
    Answer.incomplete: "没有不得推荐的情形，但有材料、意见、公示等还没有登记",
    Answer.eligible: "各项条款均已通过",
    None: "看不出是谁，或看不出推荐哪个奖项，改正后再审查",
}


def explanation(review: Review, now: datetime) -> list[str]:
    """As of when, under which plan, of how many; what speaks about the list as a whole."""
    plans = "；".join(f"{name}（{number}）" for name, number in review.plans)
    return [
        f"名单：{review.slate.path.name}，共 {len(review.rows)} 个推荐对象",
        f"评选方案：{plans or '无'}",
        f"截至 {review.as_of}，按 {review.known_at:%Y-%m-%d %H:%M} 以前登记的资料",
        f"审查时间：{now:%Y-%m-%d %H:%M}",
        *of_the_whole(review),
        "本结果由程序依据登记资料逐条核对得出，供审核参考，不代替审核决定。",
    ]


def of_the_whole(review: Review) -> list[str]:
    """What speaks about the list as a whole."""
    doubled = sum(bool(row.twins) for row in review.rows)
    return [*([f"重复列入的有 {doubled} 行，请只保留一行"] if doubled else []), *review.remarks]
