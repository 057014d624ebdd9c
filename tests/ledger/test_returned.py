"""The copy that goes back: the same sheet, its bad cells marked and explained row by row."""

from __future__ import annotations

import csv
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.ledger.workbooks import FILED, VISITS, Rows, errors, only, read, save, save_csv
from tracker.ledger.grids import read_grids
from tracker.ledger.returned import COLUMN, write_returned
from tracker.ledger.sheets import CellProblem

FIXTURES = Path(__file__).parents[1] / "fixtures"
RED, YELLOW, BLUE = "00FFC7CE", "00FFEB9C", "00DDEBF7"
BAD: Rows = [
    ["华池县2019年入户走访台账"],
    [FILED],
    ["走访时间", "帮扶责任人", "户编号", "天气"],
    ["2019.2.29", "甲子", "HC0101", "晴"],
    ["2019.3.1", "", "", "晴"],
    ["2019.3.2", "甲子", "HC0101", "晴"],
]


def returned(tmp_path: Path, path: Path, *more: CellProblem) -> Path:
    return write_returned(path, [*read(path).problems, *more], tmp_path / "退回" / path.name)


def sheet_of(path: Path, name: str) -> Worksheet:
    sheet = load_workbook(path)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_bad_cells_are_coloured_commented_and_explained_at_the_right(tmp_path: Path) -> None:
    copy = returned(tmp_path, save(tmp_path / "a.xlsx", {"走访": BAD}))
    sheet = sheet_of(copy, "走访")
    assert str(sheet["E3"].value).startswith(COLUMN)
    assert sheet["E4"].value == ("【错误】A列：2019年没有2月29日。请核对日期；本程序不替您改动日期")
    assert str(sheet["E5"].value).splitlines() == [
        "【错误】B列：没有填写“帮扶责任人”。请补填",
        "【错误】C列：没有填写“户编号”。请补填",
    ]
    assert sheet["E6"].value is None
    assert {c: sheet[c].fill.fgColor.rgb for c in ("A4", "B5", "C5", "E4")} == dict.fromkeys(
        ("A4", "B5", "C5", "E4"), RED
    )
    assert sheet["A4"].comment is not None
    assert "2019年没有2月29日" in sheet["A4"].comment.text
    assert (sheet["A6"].comment, sheet["A6"].fill.fill_type) == (None, None)


def test_questions_and_notes_have_their_own_colours_and_the_gravest_wins(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"走访": VISITS})
    copy = returned(
        tmp_path,
        path,
        CellProblem("走访", 4, "B", "question", "是哪一位甲子"),
        CellProblem("走访", 4, "D", "note", "户主与名册不同"),
    )
    sheet = sheet_of(copy, "走访")
    assert sheet["B4"].fill.fgColor.rgb == YELLOW
    assert sheet["D4"].fill.fgColor.rgb == BLUE
    assert sheet["G4"].fill.fgColor.rgb == YELLOW
    assert str(sheet["G4"].value).splitlines() == [
        "【待答】B列：是哪一位甲子",
        "【提示】D列：户主与名册不同",
    ]


def test_values_styles_and_merging_of_the_sheet_are_kept(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"走访": BAD, "回访": VISITS}, merged={"走访": ["A1:D1"]})
    book = load_workbook(path)
    book["走访"]["A6"].font = Font(bold=True)
    book["走访"].column_dimensions["A"].width = 33
    book.save(path)
    sheet = sheet_of(returned(tmp_path, path), "走访")
    assert sheet["A6"].font.bold
    assert sheet.column_dimensions["A"].width == 33
    assert [str(cells) for cells in sheet.merged_cells.ranges] == ["A1:D1"]
    assert [[c.value or "" for c in row[:4]] for row in sheet.iter_rows(min_row=4)] == BAD[3:]


def test_a_sheet_without_problems_gets_no_column(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"走访": BAD, "入户": VISITS})
    assert sheet_of(returned(tmp_path, path), "入户").max_column == 6


def test_a_bad_cell_inside_a_merged_block_is_marked_at_its_first_cell(tmp_path: Path) -> None:
    rows: Rows = [*BAD[:3], ["2019.2.29", "甲子", "HC1"], [None, "甲子", "HC2"]]
    path = save(tmp_path / "a.xlsx", {"走访": rows}, merged={"走访": ["A4:A5"]})
    sheet = sheet_of(returned(tmp_path, path), "走访")
    assert sheet["A4"].fill.fgColor.rgb == RED
    assert "A列" in str(sheet["E4"].value)
    assert "A列" in str(sheet["E5"].value)


def test_what_concerns_the_whole_sheet_stands_in_the_header_of_the_column(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"走访": VISITS})
    copy = returned(tmp_path, path, CellProblem("走访", 0, "", "note", "没有覆盖（任何）月份"))
    assert sheet_of(copy, "走访")["G3"].value == f"{COLUMN}（【提示】没有覆盖〔任何〕月份）"


def test_a_copy_that_comes_back_corrected_reads_clean(tmp_path: Path) -> None:
    copy = returned(tmp_path, save(tmp_path / "a.xlsx", {"走访": BAD}))
    book = load_workbook(copy)
    for cell, value in {"A4": "2019.2.28", "B5": "甲子", "C5": "HC0102"}.items():
        book["走访"][cell] = value
    book.save(copy)
    workbook = read(copy)
    assert errors(workbook.problems) == []
    assert [p.what for p in workbook.problems] == ["“天气”列没有读入"]
    assert [row.number for row in only(workbook).rows] == [4, 5, 6]
    assert all(COLUMN not in key for row in only(workbook).rows for key in row.raw)


def test_a_copy_of_a_copy_carries_only_the_new_marks(tmp_path: Path) -> None:
    copy = returned(tmp_path, save(tmp_path / "a.xlsx", {"走访": BAD}))
    book = load_workbook(copy)
    book["走访"]["A4"] = "2019.2.28"
    book["走访"]["A6"].fill = PatternFill("solid", fgColor="FF00FF00")
    book.save(copy)
    again = write_returned(copy, read(copy).problems, tmp_path / "again.xlsx")
    sheet = sheet_of(again, "走访")
    assert (sheet["A4"].comment, sheet["A4"].fill.fill_type, sheet["E4"].value) == (None,) * 3
    assert sheet["B5"].fill.fgColor.rgb == RED
    assert sheet["A6"].fill.fgColor.rgb == "FF00FF00"
    assert sheet.max_column == 5


def test_a_csv_comes_back_as_a_csv_with_the_column(tmp_path: Path) -> None:
    copy = returned(tmp_path, save_csv(tmp_path / "入户走访.csv", BAD, "gb18030"))
    with copy.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[2][4].startswith(COLUMN)
    assert "2019年没有2月29日" in rows[3][4]
    assert [row[:4] for row in rows[3:]] == BAD[3:]
    assert {len(row) for row in rows} == {5}
    assert len(errors(read(copy).problems)) == 3


def test_the_sample_comes_back_with_its_five_rows_explained(tmp_path: Path) -> None:
    copy = returned(tmp_path, FIXTURES / "华池县2019年帮扶工作台账.xlsx")
    explained = {
        (grid.sheet, number, str(row[-1])[:11])
        for grid in read_grids(copy, copy.read_bytes())
        for number, row in enumerate(grid.written, 1)
        if str(row[-1]).startswith("【")
    }
    assert explained == {
        ("会议台账", 313, "【错误】B列：2020"),
        ("入户走访", 4, "【错误】A列：2018"),
        ("入户走访", 307, "【错误】A列：2019"),
        ("考勤2月", 77, "【错误】AG列：201"),
        ("考勤6月", 65, "【提示】AJ列：合计填"),
    }


def test_a_title_merged_beyond_the_table_leaves_room_for_the_new_column(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "某年进度"
    sheet["A1"] = "图"
    sheet.merge_cells("A1:H1")
    book.save(tmp_path / "图.xlsx")
    told = CellProblem("某年进度", 0, "", "note", "不认识这张表", "")

    path = write_returned(tmp_path / "图.xlsx", [told], tmp_path / "退回.xlsx")

    assert "不认识这张表" in str(load_workbook(path)["某年进度"]["I1"].value)
