"""The sample as another county might keep it: other names, headers, dates, symbols and places.

Everything that reading may lean on is changed, nothing that was done: the rows must be the same.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.ledger.workbooks import read, save
from tracker.ledger.forms import Form, load_forms
from tracker.ledger.grids import Grid, read_grids
from tracker.ledger.sheets import DaySpan, FormSheet, Row, Value, Workbook
from tracker.ledger.written import Cell, as_text, heading

SAMPLE = Path(__file__).parents[1] / "fixtures" / "华池县2019年帮扶工作台账.xlsx"
FORMS = load_forms()
SYMBOLS = {"√": "★", "△": "√", "出": "△", "会": "甲", "训": "乙", "休": "○", "假": "●"}
LEGEND = "★：在村住宿；√：在村不住宿；△：公出；甲：会议；乙：轮训；〇：调休；●：事假。"


@pytest.fixture(scope="module")
def here() -> Workbook:
    """The sample without its later months, which say nothing new here."""
    workbook = read(SAMPLE)
    workbook.sheets = [sheet for sheet in workbook.sheets if sheet.month in (None, 1, 2)]
    return workbook


@pytest.fixture(scope="module")
def elsewhere(here: Workbook, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    grids = {grid.sheet: grid for grid in read_grids(SAMPLE, SAMPLE.read_bytes())}
    sheets = {
        f"表{number}": retold(grids[sheet.sheet], sheet) for number, sheet in enumerate(here.sheets)
    }
    return read(save(tmp_path_factory.mktemp("elsewhere") / "上报.xlsx", sheets))


def retold(grid: Grid, sheet: FormSheet) -> list[list[Cell | None]]:
    """The same rows two rows lower and one column further right, told in other words."""
    form = FORMS.forms[sheet.form]
    month = f"{sheet.month}月" if sheet.month else ""
    legend = LEGEND if sheet.month else "说明：以上情况属实"
    head: list[list[Cell | None]] = [
        [], [None, "某某县"], [None, f"（{sheet.year}年{month}）"], [None, "报送时间", "2020.1.6"],
    ]  # fmt: skip
    header: list[Cell | None] = [
        None,
        *(other_header(as_text(cell), form) for cell in grid.written[2]),
    ]
    rows: list[list[Cell | None]] = [[None, *retold_row(row, grid, sheet)] for row in sheet.rows]
    return [*head, header, *rows, [], [None, legend]]


def other_header(text: str, form: Form) -> str:
    field = form.by_header.get(heading(text))
    if field is None:
        return f"{text}日" if text.isdigit() else text
    return form.fields[field].headers[-1]


def retold_row(row: Row, grid: Grid, sheet: FormSheet) -> list[Cell]:
    header = [as_text(cell) for cell in grid.written[2]]
    form = FORMS.forms[sheet.form]
    cells: list[Cell] = []
    for text, cell in zip(header, grid.filled[row.number - 1], strict=True):
        field = form.by_header.get(heading(text), "")
        value = row.values.get(field)
        cells.append(retold_value(value) if isinstance(value, date | DaySpan) else cell)
        if sheet.month and text.isdigit():
            kind = row.marks.get(int(text))
            usual = {FORMS.marks.by_symbol[symbol]: symbol for symbol in SYMBOLS}
            cells[-1] = SYMBOLS[usual[kind]] if kind else ""
    return cells


def retold_value(value: date | DaySpan) -> str:
    if isinstance(value, DaySpan):
        return f"{retold_value(value.starts_on)}至{retold_value(value.ends_on)}"
    digits = str(value.year).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    return f"{digits}年 {value.month} 月{value.day}号"


def content(sheet: FormSheet) -> list[tuple[dict[str, Value], dict[int, str]]]:
    return [(row.values, row.marks) for row in sheet.rows]


def test_every_sheet_is_known_by_its_headers_alone(here: Workbook, elsewhere: Workbook) -> None:
    def periods(workbook: Workbook) -> list[tuple[str, int | None, int | None]]:
        return [(sheet.form, sheet.year, sheet.month) for sheet in workbook.sheets]

    assert periods(elsewhere) == periods(here)
    assert len(here.sheets) == 13


def test_every_row_says_the_same(here: Workbook, elsewhere: Workbook) -> None:
    for ours, theirs in zip(here.sheets, elsewhere.sheets, strict=True):
        assert content(theirs) == content(ours), ours.form


def test_nothing_is_refused(elsewhere: Workbook) -> None:
    assert [p for p in elsewhere.problems if p.severity == "error"] == []
