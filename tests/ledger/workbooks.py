"""Small workbooks for the tests of reading: sheets as rows of cells, saved as offices save them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book

from tracker.ledger.forms import load_forms
from tracker.ledger.reading import read_workbook
from tracker.ledger.sheets import CellProblem, FormSheet, Workbook

TODAY = date(2020, 1, 9)
FILED = "填报单位：华池县某局    填报日期：2020年1月6日"
Rows = Sequence[Sequence[Any]]

VISITS: Rows = [
    ["华池县2019年入户走访台账"],
    [FILED],
    ["走访时间", "帮扶责任人", "户编号", "户主", "内容", "是否办实事"],
    ["2019.3.1", "甲子", "HC0101", "乙丑", "宣讲政策", "是"],
]


def save(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
) -> Path:
    """Write sheets (name -> rows of cells) to an xlsx file; `merged`: name -> cell ranges."""
    book = Book()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def save_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    """Write rows to a csv file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path, today: date = TODAY) -> Workbook:
    """Read a file with the shipped forms."""
    return read_workbook(path, load_forms(), today=today)


def read_sheets(
    tmp_path: Path,
    sheets: Mapping[str, Rows],
    *,
    name: str = "book.xlsx",
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
) -> Workbook:
    """Save and read."""
    return read(save(tmp_path / name, sheets, merged=merged, hidden=hidden))


def only(workbook: Workbook) -> FormSheet:
    """The one form of a workbook."""
    (sheet,) = workbook.sheets
    return sheet


def told(workbook: Workbook, severity: str = "error") -> list[tuple[int, str, str]]:
    """(row, column, what) of the problems of one severity."""
    return [(p.row, p.column, p.what) for p in workbook.problems if p.severity == severity]


def errors(problems: Sequence[CellProblem]) -> list[CellProblem]:
    """The errors among problems."""
    return [problem for problem in problems if problem.severity == "error"]


def month_grid(
    title: str,
    marks: Mapping[str, Mapping[int, Any]],
    *,
    header: Sequence[Any] = tuple(range(1, 32)),
    footer: Rows = (),
    totals: Mapping[str, Any] | None = None,
) -> list[list[Any]]:
    """A month grid: person -> day -> symbol."""
    rows: list[list[Any]] = [[title], [FILED], ["序号", "乡镇", "村", "姓名", *header, "合计"]]
    for number, (person, days) in enumerate(marks.items(), 1):
        cells = [days.get(day, "") for day in range(1, len(header) + 1)]
        total = (totals or {}).get(person, "")
        rows.append([number, "甲乡", "乙村", person, *cells, total])
    return [*rows, *map(list, footer)]
