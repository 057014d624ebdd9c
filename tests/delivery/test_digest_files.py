"""What goes with a digest: every matter in a workbook, the week as a paper; the same, always."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from openpyxl import Workbook

from tests.delivery import reading
from tests.digest.weeks import busy, quiet, told
from tests.scenarios.world import World
from tracker.delivery import digest_letter
from tracker.delivery.digest_files import workbook
from tracker.outbox import Attachment


def files(world: World, scope: str = "示例县") -> dict[str, Attachment]:
    letter = digest_letter.letter(told(world, scope))
    return {one.name.rpartition(".")[2]: one for one in letter.files}


def book(world: World, scope: str = "示例县") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(files(world, scope)["xlsx"].data))


def test_files_are_named_for_the_body_and_the_day(world: World) -> None:
    quiet(world)
    names = [one.name for one in files(world).values()]
    assert names == [f"示例县帮扶履责周报_2020-01-17.{ending}" for ending in ("xlsx", "docx")]


def test_the_workbook_has_a_sheet_for_each_section_that_holds_something(world: World) -> None:
    busy(world)
    assert book(world).sheetnames == [
        "概况", "待您决定", "新增未达标", "即将到期", "本周化解", "由他人决定", "未达标（全部）",
    ]  # fmt: skip


def test_a_sheet_lists_every_matter_with_a_filter_and_its_print_setup(world: World) -> None:
    busy(world)
    sheet = book(world)["新增未达标"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == (
        "序号", "对象", "责任单位", "事项", "依据", "考核期", "完成/要求", "现状", "说明",
    )  # fmt: skip
    assert rows[2] == (
        2, "甲局", "甲局", "党委（党组）研究部署帮扶工作", "五(一)", "2019年", "3/4次", "未达标",
        "过渡期",
    )  # fmt: skip
    assert sheet.auto_filter.ref == "A3:I5"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.fitToWidth == 1


def test_a_column_with_days_is_there_where_there_are_days(world: World) -> None:
    busy(world)
    sheet = book(world)["即将到期"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3)]
    assert dict(zip(rows[0], rows[1], strict=True))["日期"] == "2020年1月31日"


def test_the_overview_counts_now_and_then(world: World) -> None:
    busy(world)
    rows = {row[0]: row[1:] for row in book(world)["概况"].values if row[0]}
    assert rows["新增未达标"][0] == 2
    assert rows["未达标"] == (3, 2, "+1")


def test_the_paper_tells_the_week_in_its_sections(world: World) -> None:
    busy(world)
    lines = reading.lines(files(world)["docx"].data)
    text = "\n".join(lines)
    assert "示例县帮扶履责周报" in lines
    assert "新增未达标2项，化解1项，即将到期1项，待领导决定1项。" in text
    assert "二、新增未达标（2项）" in lines
    assert "2 | 甲局　党委（党组）研究部署帮扶工作 | 2019年 3/4次，未达标 | 五(一)" in lines
    assert (
        "1 | 东乡　召开工作队队长工作例会 | 2020年1月 0/1次，正常推进 | 八(二) | 最迟1月31日"
        in lines
    )


def test_the_paper_of_a_quiet_week_says_that_the_check_ran(world: World) -> None:
    quiet(world)
    text = reading.text(files(world)["docx"].data)
    assert "本周无新增未达标" in text
    assert "每夜检查照常运行" in text


@pytest.mark.parametrize("scope", ["示例县", "甲局"])
def test_the_same_week_gives_the_same_bytes(
    world: World, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(world)
    first = files(world, scope)
    monkeypatch.setattr("zipfile.time.localtime", lambda *_: (2031, 5, 6, 7, 8, 10, 0, 1, 0))
    assert files(world, scope) == first
    assert digest_letter.letter(told(world, scope)) == digest_letter.letter(told(world, scope))


def test_a_long_list_says_how_many_are_left_out(world: World) -> None:
    busy(world)
    week = told(world, "示例县")
    cut = replace(week, new=replace(week.new, items=week.new.items[:1]))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(cut)))["新增未达标"]
    assert sheet["A3"].value == "共2项，列出前1项"
