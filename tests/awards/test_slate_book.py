"""The list that goes back: as it came, with what was found beside each row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from tests.awards.gating import PERSON, Gate
from tests.awards.slating import DAY, book, returned, reviewed, told_of
from tests.scenarios.world import World
from tracker.awards.slate import read_slate, slate_words
from tracker.ledger.forms import load_forms

COLUMNS = list(slate_words().columns)
MISSING = COLUMNS.index("还缺什么")


@pytest.fixture(autouse=True)
def _told(world: World) -> None:
    told_of(world)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A formatted list: a merged title, a header of two rows, a remark merged over two columns."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "名单"
    rows = [
        ("全省脱贫攻坚帮扶先进个人推荐名单",), ("序号", "推荐对象", "", "类别", "备注"),
        ("", "姓名", "单位", "", ""), (1, "赵甲", "甲局", "队长", "=1+1"),
        (2, "钱乙", "甲局", "队员", ""),
        (), ("合计", "2人"), ("注：一式三份",),
    ]  # fmt: skip
    for row in rows:
        sheet.append(list(row))
    for area in ("A1:H1", "A2:A3", "B2:C2", "D2:D3", "E2:F3", "E4:F4", "E5:F5"):
        sheet.merge_cells(area)
    sheet["A1"].font = Font("黑体", 20)
    sheet["D2"].fill = PatternFill("solid", start_color="DCE6F1")
    sheet.print_area = "A1:F8"
    made.create_sheet("附")["A1"] = "别的"
    made.save(tmp_path / "名单.xlsx")
    return tmp_path / "名单.xlsx"


def test_the_columns_stand_right_of_the_table_and_all_else_stays(
    world: World, listed: Path
) -> None:
    before, after = load_workbook(listed), returned(reviewed(world, listed))
    sheet = after["名单"]

    assert [sheet.cell(2, 7 + n).value for n in range(5)] == COLUMNS
    for row in before["名单"].iter_rows(max_col=6):
        for cell in row:
            same = sheet[cell.coordinate]
            assert same.value == cell.value
            assert same.font.name == cell.font.name
            assert same.fill.start_color.rgb == cell.fill.start_color.rgb
    kept = {str(area) for area in before["名单"].merged_cells.ranges}
    assert kept < {str(area) for area in sheet.merged_cells.ranges}
    assert after["附"]["A1"].value == "别的"
    assert sheet["G4"].value == "△ 暂缓推荐"
    assert "还没有公示" in str(sheet.cell(4, 7 + MISSING).value)
    assert [sheet.cell(row, 7).value for row in (6, 7, 8)] == [None, None, None]


def test_it_prints_on_one_pages_width_with_its_header_on_every_page(
    world: World, listed: Path
) -> None:
    sheet = returned(reviewed(world, listed))["名单"]
    assert sheet.print_title_rows == "$2:$3"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert "$K$8" in sheet.print_area
    assert sheet["H4"].alignment.wrap_text


def test_it_says_as_of_when_under_which_plan_and_how_many(world: World, listed: Path) -> None:
    sheet = returned(reviewed(world, listed))["审查说明"]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for said in (
        "截至 2020-12-01",
        "甘脱贫领发〔2020〕41号",
        "共 2 个",
        "2020-12-01 12:00",
        "供审核参考",
    ):
        assert said in text
    counts = {row[0].value: row[1].value for row in sheet.iter_rows() if row[2].value}
    assert (counts["△ 暂缓推荐"], counts["× 不得推荐"]) == (2, 0)


def test_a_list_that_comes_back_is_reviewed_anew_in_the_same_columns(
    world: World, listed: Path, tmp_path: Path
) -> None:
    once = returned(reviewed(world, listed))
    once["名单"]["B5"] = ""
    once["名单"]["C5"] = once["名单"]["D5"] = once["名单"]["E5"] = once["名单"]["A5"] = None
    once.save(tmp_path / "again.xlsx")
    twice = returned(reviewed(world, tmp_path / "again.xlsx"))

    assert twice.sheetnames == once.sheetnames
    sheet = twice["名单"]
    assert sheet.max_column == once["名单"].max_column
    assert sheet["G4"].value == once["名单"]["G4"].value
    assert sheet["G5"].value is None
    assert len(read_slate(tmp_path / "again.xlsx", load_forms(), today=DAY).entries) == 1


def test_a_bar_is_told_with_its_clause_and_texts_stay_texts(world: World, tmp_path: Path) -> None:
    Gate(world).incident("discipline", date(2019, 5, 1), subject="钱乙")
    rows = [("姓名", "单位", "类别"), ("钱乙", "甲局", "队员"), ("=周戊", "丙局", "队员")]
    found = reviewed(world, book(tmp_path / "a.xlsx", 名单=rows), award=PERSON)
    sheet = returned(found)["名单"]

    assert sheet["D2"].value == "× 不得推荐"
    assert sheet["D2"].fill.start_color.rgb == "00FFC7CE"
    assert "处分" in sheet["E2"].value
    assert "一·不得参评" in sheet["G2"].value
    assert sheet["H2"].value is None  # the law names no end


def test_a_csv_comes_back_as_a_workbook(world: World, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,类别\n赵甲,第一书记\n=钱乙,队员\n", "utf-8-sig")
    sheet = returned(reviewed(world, path, award=PERSON))["名单"]
    assert [cell.value for cell in sheet[1]] == ["姓名", "类别", *COLUMNS]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=钱乙", "s")
