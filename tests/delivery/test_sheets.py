"""Sheets for print: figures that an office can check, people and open points where they belong."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.scenarios.world import World, all_covers, moment, months, only, shipped_law
from tracker.db import table
from tracker.delivery.documents import monthly
from tracker.delivery.documents.sheets import (
    Figure,
    Printout,
    Sheet,
    Table,
    as_docx,
    as_xlsx,
)
from tracker.delivery.documents.unit_ledger import UnitLedger, ledger_sheet, unit_ledger
from tracker.errors import LuzeError
from tracker.ledger.forms import load_forms
from tracker.ledger.tables import Coverage

NIGHT = date(2020, 1, 9)
DUTIES = (
    "unit.study", "unit.leader_visit", "unit.insurance", "township.captains_meeting",
    "team.systems", "cadre.days_220", "cadre.nights_160", "helper.visit",
)  # fmt: skip
MARCH = [date(2019, 3, 1) + timedelta(days=n) for n in range(31)]


@pytest.fixture
def world(sqlite_engine: sa.Engine) -> Iterator[World]:
    """甲局 helps 东村 with a cadre and a helper; 2019 is reported."""
    with sqlite_engine.begin() as connection:
        made = World(connection, only(shipped_law(), DUTIES))
        made.unit("甲局", "东村")
        made.leader("张一", "甲局")
        made.cadre("王二", "甲局", "东村")
        made.subject("史乙酉", "household", home=made.ids["示例县"], code="HC0001")
        made.tie("part_of", "史乙酉", "东村")
        made.pair("李三", "甲局", "史乙酉")
        made.reported(months("2019-01", "2019-12"))
        made.did("甲局", "committee_study", *MARCH[:3])
        made.did("甲局", "committee_study", MARCH[0])
        made.did("张一", "leader_visit", MARCH[4], place="东村")
        made.did("张一", "leader_visit", MARCH[5], place="西村")
        made.did("李三", "household_visit", MARCH[6], toward="史乙酉", place="东村")
        made.did("王二", "overnight", *MARCH, place="东村")
        made.did("王二", "rest", date(2019, 4, 2), date(2019, 4, 3), place="东村")
        yield made


def ledger_of(world: World, year: int = 2019, as_of: date = NIGHT) -> UnitLedger:
    return unit_ledger(
        world.connection, world.law, all_covers(), world.ids["甲局"], year,
        as_of=as_of, known_at=moment(as_of, 23), day_kinds=load_forms().marks.kinds,
    )  # fmt: skip


def monthly_of(world: World, subject: str = "东乡", month: date = date(2020, 1, 1)) -> Printout:
    return monthly.monthly_sheet(
        world.connection, world.law, world.ids[subject], month, moment(date(2020, 2, 28))
    )


def table_of(printout: Printout, name: str) -> list[dict[str, Any]]:
    """A table's rows by column."""
    found = next(t for sheet in printout.sheets for t in sheet.tables if t.name == name)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def sums(printout: Printout, name: str, column: str) -> dict[str, float]:
    return {str(row["类别"]): figure(row[column]) for row in table_of(printout, name)}


def figure(value: Any) -> float:
    return float(value.value if isinstance(value, Figure) else value)


# ---- a unit's ledger


def test_a_unit_sees_what_it_owes_with_clause_figures_and_verdict(world: World) -> None:
    owed = table_of(ledger_sheet(ledger_of(world)), "单位应履责任")
    study = next(row for row in owed if row["责任事项"] == "党委（党组）研究部署帮扶工作")

    assert (study["条款"], study["考核期"], study["判定"]) == ("五(一)", "2019年", "未达标")
    assert (study["应完成"], study["已完成"], figure(study["差额"])) == (4, 3, 1)


def test_duties_of_its_people_stand_apart(world: World) -> None:
    printout = ledger_sheet(ledger_of(world))
    own, staff = (table_of(printout, name) for name in ("单位应履责任", "本单位人员应履责任"))

    assert {row["责任主体"] for row in staff} >= {"王二", "李三 → HC0001 史**"}
    assert not {row["责任事项"] for row in own} & {row["责任事项"] for row in staff}


def test_entries_are_added_up_by_kind_and_days_of_a_month_stand_together(world: World) -> None:
    printout = ledger_sheet(ledger_of(world))

    assert sums(printout, "计入的记录", "数量") == {
        "党委（党组）研究部署帮扶工作": 3, "单位领导到村": 1, "入户走访": 1, "在村并住宿": 31,
    }  # fmt: skip
    nights = [r for r in table_of(printout, "履责记录") if r["类别"] == "在村并住宿"]
    assert sorted((r["日期"], r["数量"], r["计入的责任事项"]) for r in nights) == [
        ("2019年3月", 10, "住村时间"), ("2019年3月", 21, "驻村时间、住村时间"),
    ]  # fmt: skip


def test_what_was_not_counted_says_why(world: World) -> None:
    told = {
        (row["类别"], str(row["原因和举例"]).partition("：")[0]): row["条数"]
        for row in table_of(ledger_sheet(ledger_of(world)), "未计入的记录")
    }
    assert told[("单位领导到村", "到访地点不是本单位帮扶村")] == 1
    assert told[("轮休", "类别不符")] == 2


@pytest.mark.parametrize(
    ("as_of", "begun"),
    [(date(2018, 12, 31), False), (date(2019, 1, 1), True), (date(2019, 1, 2), True)],
)
def test_a_year_that_has_not_begun_has_no_ledger(world: World, as_of: date, begun: bool) -> None:
    if begun:
        assert ledger_of(world, 2019, as_of).year == 2019
        return
    with pytest.raises(LuzeError, match="2019 年还没有开始"):
        ledger_of(world, 2019, as_of)


def test_only_a_unit_has_a_ledger(world: World) -> None:
    world.ids["甲局"] = world.ids["东村"]
    with pytest.raises(LuzeError, match="“东村”不是单位"):
        ledger_of(world)


def test_households_are_masked_on_paper(world: World) -> None:
    printout = ledger_sheet(ledger_of(world))
    for text in (words_of_docx(printout), words_of_xlsx(printout)):
        assert "史乙酉" not in text
        assert "HC0001 史**" in text
        assert "填表人" in text
        assert "分管领导" in text


def test_every_formula_gives_our_figure(world: World, tmp_path: Path) -> None:
    printout = ledger_sheet(ledger_of(world))
    (tmp_path / "a.xlsx").write_bytes(as_xlsx(printout))
    formulas = load_workbook(tmp_path / "a.xlsx")
    recalculated = load_workbook(recalculate(tmp_path / "a.xlsx"), data_only=True)
    found = [
        recalculated[sheet.title][cell.coordinate].value
        for sheet in formulas for row in sheet for cell in row if cell.data_type == "f"
    ]  # fmt: skip
    ours = [
        value.value
        for sheet in printout.sheets for shown in sheet.tables
        for row in [*shown.rows, shown.total] for value in row if isinstance(value, Figure)
    ]  # fmt: skip
    assert len(ours) > 12
    assert found == ours


def recalculate(path: Path) -> Path:
    """The workbook as LibreOffice saves it again; in CI its absence is a failure."""
    program = shutil.which("soffice")
    if program is None:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse("no LibreOffice here: run `make office`")
    out = path.parent / "out"
    command = [
        program, f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx", "--outdir", str(out), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return out / path.name


# ---- the monthly meeting


@pytest.mark.parametrize(
    ("night", "captain"),
    [(date(2020, 1, 7), monthly.VACANT), (date(2020, 1, 8), "王二"), (NIGHT, "王二")],
)
def test_a_captain_stands_there_from_the_first_day_of_the_post(
    world: World, night: date, captain: str
) -> None:
    world.post("王二", "captain", "东村工作队", (date(2020, 1, 8), None))
    world.check(night)
    (row,) = table_of(monthly_of(world), monthly.TEAMS)
    assert (row["村"], row["队长"], row["签到"]) == ("东村", captain, "")


def test_open_points_of_a_team_are_listed_worst_first_one_a_line(world: World) -> None:
    world.check(NIGHT)
    (row,) = table_of(monthly_of(world), monthly.TEAMS)
    lines = str(list(row.values())[-1]).split("\n")

    assert lines == [
        "东村工作队　坚持驻村工作制度　常设　0/6　未达标",
        "王二　驻村时间　2019年　21/220　未达标",
        "王二　住村时间　2019年　31/160　未达标",
        "甲局 → 王二　为驻村干部办理人身意外伤害保险　常设　0/1　未达标",
    ]


def test_what_no_team_reported_is_said_once_above_the_table(world: World) -> None:
    world.connection.execute(table(Coverage).delete())
    world.cadre("赵四", "甲局", "西村")
    world.check(NIGHT)
    printout = monthly_of(world)

    (said,) = [line for line in printout.sheets[0].lines if line.startswith("各队都没有报送的")]
    assert "坚持驻村工作制度" in said
    assert all("未报送" not in str(row) for row in table_of(printout, monthly.TEAMS))


def test_a_later_check_says_nothing_of_an_earlier_month(world: World) -> None:
    world.check(date(2020, 1, 31))
    world.check(date(2020, 2, 1))
    assert monthly_of(world).subtitle == "待办事项截至 2020年1月31日的检查"
    assert monthly_of(world, month=date(2020, 2, 1)).subtitle.endswith("2020年2月1日的检查")


@pytest.mark.parametrize(
    ("subject", "month", "told"),
    [
        ("东村", date(2020, 1, 1), "“东村”不是乡镇"),
        ("东乡", date(2019, 12, 1), "2019-12-31 以前没有检查过"),
    ],
)
def test_no_sheet_without_a_township_and_a_check(
    world: World, subject: str, month: date, told: str
) -> None:
    world.check(NIGHT)
    with pytest.raises(LuzeError, match=told):
        monthly_of(world, subject, month)


def test_a_township_without_teams_is_told_so(sqlite_engine: sa.Engine) -> None:
    with sqlite_engine.begin() as connection:
        world = World(connection, only(shipped_law(), DUTIES))
        world.check(NIGHT)
        with pytest.raises(LuzeError, match="东乡没有登记驻村帮扶工作队"):
            monthly_of(world)


# ---- on paper


@pytest.mark.parametrize(("rows", "breaks"), [(11, 0), (12, 0), (13, 1), (24, 1), (25, 2)])
def test_a_page_holds_so_many_rows(rows: int, breaks: int) -> None:
    long = Table("表", ("序号",), [[str(n)] for n in range(rows)], page_rows=12)
    book = load_workbook(io.BytesIO(as_xlsx(sheet_with(long))))
    assert len(book["页"].row_breaks.brk) == breaks


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


@settings(max_examples=10, deadline=None)
@given(st.lists(_TEXTS | _TEXTS.map("={}".format), min_size=20, max_size=20))
def test_any_text_stays_as_it_was_written(texts: list[str]) -> None:
    printout = sheet_with(Table("表", ("甲",), [[text] for text in texts]))
    page = load_workbook(io.BytesIO(as_xlsx(printout)))["页"]
    cells = [page.cell(row, 1) for row in range(4, 24)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in texts]
    made = docx.Document(io.BytesIO(as_docx(printout))).tables[0]
    assert [row.cells[0].text for row in made.rows][1:] == texts


def sheet_with(shown: Table) -> Printout:
    return Printout("题", "副题", (Sheet("页", (20,), (), (shown,)),))


def words_of_docx(printout: Printout) -> str:
    paper = docx.Document(io.BytesIO(as_docx(printout)))
    cells = [cell.text for made in paper.tables for row in made.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def words_of_xlsx(printout: Printout) -> str:
    book = load_workbook(io.BytesIO(as_xlsx(printout)))
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(value) for row in rows for value in row if value is not None)
