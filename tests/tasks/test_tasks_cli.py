"""`tasks` from the command line: list, print, fill in, import back, undo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from tests.tasks.plan import PLAN, plan_law
from tracker.cli import app
from tracker.cli.office import Office
from tracker.errors import LuzeError

DEPARTMENTS = """庆阳市2020年部门单位名册
填报单位：庆阳市示例领导小组办公室    填报日期：2020年3月2日
部门名称,单位层级,简称
市教育局,市直,
市水务局,市直,
庆阳市扶贫开发办公室,市直,市扶贫办
"""
VILLAGES = """华池县2020年帮扶单位名册
填报单位：华池县示例领导小组办公室    填报日期：2020年3月2日
单位名称,单位层级,帮扶乡镇,帮扶村
华池县水务局,县直,乔川乡,艾蒿掌村
华池县审计局,县直,林镇乡,张岔村
"""
PRINTED = "庆阳市2020年任务台账.xlsx"
IN_MAY, IN_JUNE = "2020-05-20T12:00:00+08:00", "2020-06-03T12:00:00+08:00"


@pytest.fixture(autouse=True)
def home(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The registry of the plan, imported in March."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setattr(Office, "law", plan_law())
    for name, text in (("部门.csv", DEPARTMENTS), ("村.csv", VILLAGES)):
        (tmp_path / name).write_text(text, "utf-8")
        run("import", str(tmp_path / name), "--area", "庆阳市" if name == "部门.csv" else "华池县")
    return tmp_path


def run(*words: str, now: str = IN_MAY) -> str:
    with freeze_time(now):
        result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(*words: str, now: str = IN_JUNE) -> list[dict[str, Any]]:
    said = run("tasks", "list", "--json", "--as-of", now[:10], *words, now=now)
    rows: list[dict[str, Any]] = json.loads(said)
    return rows


def printed(home: Path, *words: str, now: str = IN_MAY) -> Workbook:
    out = home / "out"
    said = run("tasks", "sheet", "--out", str(out), "--as-of", now[:10], *words, now=now)
    return load_workbook(said.strip().removeprefix("已写出："))


def sent_back(home: Path, book: Workbook, *, now: str = IN_JUNE) -> str:
    """What the import of a book says."""
    book.save(home / PRINTED)
    return run("import", str(home / PRINTED), now=now)


def columns(sheet: Worksheet) -> dict[str, int]:
    (head,) = (row for row in sheet.iter_rows() if row[0].value == "序号")
    return {str(cell.value): place for place, cell in enumerate(head, 1)}


def fill(sheet: Worksheet, task: str, member: str, **cells: str) -> None:
    """Write into the one row of this task and member."""
    at = columns(sheet)
    (row,) = (
        n for n in range(5, sheet.max_row + 1)
        if sheet.cell(n, at["任务"]).value == task
        and member in str(sheet.cell(n, at["对象"]).value or "")
    )  # fmt: skip
    for name, value in cells.items():
        sheet.cell(row, at[name]).value = value


def test_a_printed_sheet_is_filled_in_imported_back_and_taken_back(home: Path) -> None:
    book = printed(home)
    sheet = book.worksheets[0]
    fill(sheet, "重点村逐村销号", "张岔村", 办结日期="2020.5.30", 依据="市扶办发〔2020〕3号")
    fill(sheet, "制定控辍保学专项方案", "", 进展="已完成初稿")
    said = sent_back(home, book)
    assert "任务台账：+6 -0 ~0 =0" in said
    assert "错误" not in said
    rows = {(row["task"], row["member"]): row for row in listed() if row["registered"]}
    closed = rows["task.villages", "林镇乡张岔村"]
    assert (closed["light"], closed["closed_on"]) == ("closed", "2020-05-30")
    assert closed["basis"] == "市扶办发〔2020〕3号"
    assert rows["task.villages", "乔川乡艾蒿掌村"]["light"] == "yellow"
    assert rows["task.plan", None]["progress"] == "已完成初稿"
    assert "√已销号" in run("tasks", "list", "--as-of", "2020-06-03", now=IN_JUNE)
    assert [row["task"] for row in listed("--open")].count("task.villages") == 1

    run("undo", "3", now=IN_JUNE)
    again = {(row["task"], row["member"]): row for row in listed()}
    assert again["task.villages", "林镇乡张岔村"]["closed_on"] is None
    assert again["task.villages", "林镇乡张岔村"]["light"] != "closed"


def test_a_later_print_shows_what_was_closed_and_says_the_same_when_it_comes_back(
    home: Path,
) -> None:
    book = printed(home)
    sheet = book.worksheets[0]
    fill(sheet, "报送年度总结", "", 办结日期="2020.5.18", 依据="已报")
    sent_back(home, book)

    again = printed(home, now=IN_JUNE)
    later = again.worksheets[0]
    at = columns(later)
    shown = {later.cell(n, at["任务"]).value: n for n in range(5, later.max_row + 1)}
    row = shown["报送年度总结"]
    assert later.cell(row, at["亮灯"]).value == "√已销号"
    assert later.cell(row, at["办结日期"]).value == "2020.5.18"
    assert "任务台账：+0 -0 ~0 =6" in sent_back(home, again)


def test_a_light_is_a_sign_and_a_word_on_a_ground_and_the_page_is_a4_across(home: Path) -> None:
    sheet = printed(home, now=IN_JUNE).worksheets[0]
    at = columns(sheet)
    lights = {
        sheet.cell(n, at["亮灯"]).value: sheet.cell(n, at["亮灯"]).fill.start_color.rgb
        for n in range(5, 12)
    }
    assert lights == {
        "■绿灯": "00C6EFCE",
        "□未报送": "00EDEDED",
        "?待核": "00E4DFEC",
    }
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth, sheet.print_title_rows) == (1, "$4:$4")


def test_a_department_has_a_sheet_of_its_own_and_reports_for_itself(home: Path) -> None:
    book = printed(home, "--body", "市扶贫办")
    sheet = book.worksheets[0]
    at = columns(sheet)
    leads = {sheet.cell(n, at["牵头单位"]).value for n in range(5, 8)}
    assert (leads, sheet["A2"].value) == (
        {"庆阳市扶贫开发办公室"},
        "填报单位：庆阳市扶贫开发办公室",
    )
    fill(sheet, "完成饮水安全清零（复核）", "", 办结日期="2020.4.20")
    sent_back(home, book)
    lights = {row["lead"]: row["light"] for row in listed() if row["task"] == "task.water"}
    assert lights == {"庆阳市扶贫开发办公室": "closed", "庆阳市水务局": "unreported"}


def test_the_list_of_a_body_parts_what_it_leads_from_what_it_takes_part_in() -> None:
    parts = {(row["part"], row["task"]) for row in listed("--body", "市扶贫办")}
    assert parts == {
        ("leads", "task.water"), ("leads", "task.villages"), ("takes_part", "task.plan"),
    }  # fmt: skip
    said = run("tasks", "list", "--body", "市扶贫办", "--as-of", "2020-06-03", now=IN_JUNE)
    assert "共 3 项：" in said
    assert "市扶贫办参加的任务（判定属牵头单位）" in said


def test_a_row_carries_the_number_of_the_finding_that_says_the_same() -> None:
    assert {row["finding"] for row in listed(now=IN_MAY)} == {None}
    run("check", now=IN_MAY)
    rows = listed(now=IN_MAY)
    assert all(isinstance(row["finding"], int) for row in rows)
    number = next(row["finding"] for row in rows if row["task"] == "task.plan")
    assert "控辍保学专项方案" in run("explain", f"#{number}", now=IN_MAY)


def test_rows_have_a_stable_json_form() -> None:
    (row,) = (row for row in listed(now=IN_MAY) if row["task"] == "task.plan")
    assert row == {
        "part": "all", "finding": None, "key": row["key"], "document": PLAN, "task": "task.plan",
        "cite": "一", "name": "制定控辍保学专项方案", "lead": "庆阳市教育局", "registered": True,
        "member": None, "taking_part": ["市财政局", "市扶贫办"], "light": "green",
        "light_name": "绿灯", "status": "on_track", "status_name": "正常推进", "reason": None,
        "as_of": "2020-05-20", "due": "2020-06-30", "days_left": 41, "closed_on": None,
        "basis": None, "progress": None, "told_on": None, "contradiction": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told", "near"),
    [
        (("list", "--body", "市扶贫局"), "“市扶贫局”没有牵头或参加的任务", "相近的有：市扶贫办"),
        (
            ("list", "--document", "gansu-2020-41"),
            "“gansu-2020-41”不是列有任务的文件",
            f"有任务的文件：{PLAN}",
        ),
        (("sheet", "--body", "市财政局"), "“市财政局”没有牵头的任务", "先导入名册"),
        (("list", "--as-of", "2019-12-31"), "没有可以列出的任务", "看别的日期加 --as-of"),
    ],
)
def test_what_has_no_task_is_refused_with_what_helps(
    words: tuple[str, ...], told: str, near: str
) -> None:
    with freeze_time(IN_MAY), pytest.raises(LuzeError) as refusal:
        CliRunner().invoke(app, ["tasks", *words], catch_exceptions=False)
    assert told in str(refusal.value)
    assert near in str(refusal.value)
