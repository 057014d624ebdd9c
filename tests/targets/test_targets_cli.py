"""`targets` from the command line: list, print, fill in, import back, undo."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from tests.scenarios.world import shipped_law
from tracker.cli import app
from tracker.cli.office import Office
from tracker.errors import LuzeError

COUNTY, RATE, INCOME = "华池县", "贫困发生率", "农村居民人均可支配收入"
UNITS = """华池县2019年帮扶单位名册
填报单位：华池县示例领导小组办公室    填报日期：2019年3月2日
单位名称,单位层级,帮扶乡镇,帮扶村
华池县水务局,县直,乔川乡,艾蒿掌村
"""
IN_JULY = "2019-07-10T12:00:00+08:00"


@pytest.fixture(autouse=True)
def home(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The county's registry, under the county's own document alone."""
    law = shipped_law()
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setattr(Office, "law", replace(law, packs=(law.pack("huachi-2015-44"),)))
    (tmp_path / "单位.csv").write_text(UNITS, "utf-8")
    run("import", str(tmp_path / "单位.csv"))
    return tmp_path


def run(*words: str) -> str:
    with freeze_time(IN_JULY):
        result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(*words: str) -> dict[str, dict[str, Any]]:
    rows = json.loads(run("targets", "list", COUNTY, "--as-of", "2019-07-10", "--json", *words))
    return {row["name"]: row for row in rows}


def printed(home: Path) -> Path:
    said = run("targets", "sheet", COUNTY, "--as-of", "2019-07-10", "--out", str(home / "out"))
    return Path(said.strip().removeprefix("已写出："))


def columns(sheet: Worksheet) -> dict[str, int]:
    (head,) = (row for row in sheet.iter_rows() if row[0].value == "条款")
    return {str(cell.value): place for place, cell in enumerate(head, 1)}


def fill(sheet: Worksheet, indicator: str, value: float | str, day: str) -> None:
    at = columns(sheet)
    (row,) = (
        n for n in range(1, sheet.max_row + 1) if sheet.cell(n, at["指标"]).value == indicator
    )
    sheet.cell(row, at["数值"]).value = value
    sheet.cell(row, at["数据日期"]).value = day


def test_a_printed_sheet_is_filled_in_imported_back_and_taken_back(home: Path) -> None:
    path = printed(home)
    book = load_workbook(path)
    fill(book["指标台账"], RATE, 5.2, "2019.6.30")
    fill(book["指标台账"], INCOME, "9,100", "2019.6.30")
    book.save(path)

    said = run("import", str(path))
    assert "指标台账：+2 -0 ~0 =0" in said
    assert "错误" not in said
    assert "行没有填写“数值、数据日期”，未读入" in said

    rows = listed()
    assert rows[RATE]["reported"] == [{"day": "2019-06-30", "value": 5.2}]
    assert rows[INCOME]["reported"] == [{"day": "2019-06-30", "value": 9100.0}]
    run("undo", "2")
    assert listed()[RATE]["reported"] == []


def test_a_row_half_filled_in_is_refused_at_its_cell(home: Path) -> None:
    path = printed(home)
    book = load_workbook(path)
    fill(book["指标台账"], RATE, 5.2, "")
    book.save(path)

    assert "没有填写“数据日期”" in run("import", str(path))
    assert listed()[RATE]["reported"] == []


def test_only_what_is_behind_or_missed_is_listed_when_asked_for(home: Path) -> None:
    path = printed(home)
    book = load_workbook(path)
    fill(book["指标台账"], INCOME, 7400, "2019.6.30")
    fill(book["指标台账"], RATE, 5.1, "2019.6.30")
    book.save(path)
    run("import", str(path))

    behind = listed("--behind")
    assert INCOME in behind
    assert RATE not in behind


def test_a_body_without_targets_is_told_which_documents_have_some(home: Path) -> None:
    with freeze_time(IN_JULY), pytest.raises(LuzeError) as refused:
        CliRunner().invoke(app, ["targets", "list", "乔川乡"], catch_exceptions=False)

    assert "没有要考核的指标" in refused.value.what
    assert "huachi-2015-44" in (refused.value.fix or "")


def test_a_later_print_holds_what_was_filed_so_that_nothing_is_taken_back(home: Path) -> None:
    path = printed(home)
    book = load_workbook(path)
    fill(book["指标台账"], RATE, 5.2, "2019.3.31")
    book.save(path)
    run("import", str(path))

    again = printed(home)
    later = load_workbook(again)
    sheet, at = later["指标台账"], columns(later["指标台账"])
    filled = [n for n in range(1, sheet.max_row + 1) if sheet.cell(n, at["指标"]).value == RATE]
    assert [str(sheet.cell(n, at["数值"]).value or "") for n in filled] == ["5.2", ""]
    sheet.cell(filled[1], at["数值"]).value = 5.1
    sheet.cell(filled[1], at["数据日期"]).value = "2019.6.30"
    later.save(again)

    assert "指标台账：+1 -0 ~0 =1" in run("import", str(again))
    figures = [(one["day"], one["value"]) for one in listed()[RATE]["reported"]]
    assert figures == [("2019-03-31", 5.2), ("2019-06-30", 5.1)]
