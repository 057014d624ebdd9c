"""Reading, whole: a file -> forms with typed rows, and everything about it that needs a person.

grids (file to cells) -> headers, recognise, titles (what is this sheet) -> layout, periods (which
rows are data, of which month) -> records, marks (typed rows). Nothing here knows who or where
anybody is: that is for storing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from tracker.ledger.blocks import Block
from tracker.ledger.forms import Forms
from tracker.ledger.grids import Grid, read_bytes, read_grids
from tracker.ledger.layout import find_blocks
from tracker.ledger.marks import legend_of, read_legend, read_months
from tracker.ledger.periods import settle_periods
from tracker.ledger.records import read_records
from tracker.ledger.sheets import CellProblem, FormSheet, Row, Workbook
from tracker.ledger.titles import lines, year_of_file
from tracker.ledger.written import blank, heading


def read_workbook(path: Path, forms: Forms, *, today: date) -> Workbook:
    """Read an .xlsx, .xlsm, .xls or .csv file.

    Bad cells are problems of the result. Raises ImportFileError where the file as a whole cannot
    be read: no such file, no workbook, a password, a wrong encoding, nothing in it.
    """
    content = read_bytes(path)
    digest = hashlib.sha256(content).hexdigest()
    return understand(path.name, digest, read_grids(path, content), forms, today=today)


def understand(
    name: str, sha256: str, grids: Iterable[Grid], forms: Forms, *, today: date
) -> Workbook:
    """Read the cells of a file, or what a service said as cells."""
    problems: list[CellProblem] = []
    blocks = [block for grid in grids for block in find_blocks(grid, forms, today, problems)]
    settle_periods(blocks, year_of_file(name))
    sheets: list[FormSheet] = []
    for block in blocks:
        if not block.refused:
            sheets += _form_sheets(block)
            _tell_unread(block)
        problems += block.problems
    order = list(forms.forms)
    sheets.sort(key=lambda s: (order.index(s.form), s.year or 0, s.month or 0))
    return Workbook(name, sha256, _joined(sheets), _in_order(problems))


def _form_sheets(block: Block) -> Iterator[FormSheet]:
    """What a block says: one form, or for a month grid one per month."""
    if block.form.layout == "rows":
        yield _form_sheet(block, block.year, None, read_records(block))
        return
    months = read_months(block, legend_of(block.texts, block.forms))
    for (year, month), rows in months.items():
        yield _form_sheet(block, year, month, rows)
    if "month" in block.match.columns and not block.rows.data:
        block.report(-1, -1, "note", "没有可入库的数据行，不视为已报送")
    elif not months:
        yield _form_sheet(block, block.year, block.month, [])


def _form_sheet(block: Block, year: int | None, month: int | None, rows: list[Row]) -> FormSheet:
    return FormSheet(
        sheet=block.grid.sheet,
        form=block.match.form,
        year=year,
        month=month,
        reporter=block.reporter,
        filed_on=block.filed_on,
        rows=rows,
    )


def _joined(sheets: list[FormSheet]) -> list[FormSheet]:
    """Pages of one table as one."""
    joined: dict[tuple[object, ...], FormSheet] = {}
    for sheet in sheets:
        key = (sheet.sheet, sheet.form, sheet.year, sheet.month, sheet.reporter, sheet.filed_on)
        if key in joined:
            joined[key].rows += sheet.rows
        else:
            joined[key] = sheet
    return list(joined.values())


def _tell_unread(block: Block) -> None:
    """Note every column and line that is not read, so that nothing is dropped silently."""
    header = block.header
    for column, why in block.match.unknown.items():
        what = f"“{header.text(column)}”列没有读入" + (f"（{why}）" if why else "")
        block.report(header.bottom, column, "note", what, "需要读入的，请改用通用的表头")
    for column in block.match.withheld:
        if heading(header.paths[column][-1]) not in block.forms.private:
            continue
        what = f"“{header.text(column)}”列涉及个人信息，没有读入"
        block.report(header.bottom, column, "note", what, "上报前请删去此列")
    headed = {*header.paths, *(day.column for day in header.days)}
    for column in set(range(block.grid.width)) - headed:
        cells = ((row, block.grid.written[row][column]) for row in block.rows.data)
        if (first := next((row for row, cell in cells if not blank(cell)), None)) is not None:
            block.report(
                first, column, "note", "这一列没有表头，没有读入", "需要读入的，请补上表头"
            )
    for row in block.rows.taken:
        what = f"这一行首格写着“{block.forms.rows.examples[0]}”，没有读入"
        block.report(row, -1, "error", what, "如是正式数据，请把首格改成序号；示例行请保持原样")
    if unfilled := block.rows.unfilled:
        named = "、".join(block.form.fields[name].headers[0] for name in block.form.by_hand)
        what = f"从这一行起有 {len(unfilled)} 行没有填写“{named}”，未读入"
        block.report(unfilled[0], -1, "note", what, "填好以后再导入")
    for row in block.rows.remarks:
        text = lines(block.grid, [row])[0]
        if not read_legend([text], block.forms):
            block.report(row, -1, "note", f"这一行不是数据，没有读入：{text[:30]}")


def _in_order(problems: list[CellProblem]) -> list[CellProblem]:
    """By sheet as met, then by row and column; each said once."""
    sheets = list(dict.fromkeys(problem.sheet for problem in problems))
    return sorted(
        dict.fromkeys(problems),
        key=lambda p: (sheets.index(p.sheet), p.row, len(p.column), p.column),
    )
