"""What offices keep of households comes in by their own sheets, and the checks follow from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ledger.books import NOW, book, rosters, sheet, store
from tests.ledger.workbooks import FILED, read, save
from tests.scenarios.world import shipped_law
from tracker.households.checks import check
from tracker.households.facts import Household, households
from tracker.ledger.days import read_dated
from tracker.ledger.written import Unreadable
from tracker.registry.dated import load_registry
from tracker.registry.lookup import find_subject

EXITED: dict[str, Any] = {
    "household": "HC0001", "householder": "史乙酉", "identified": "2014-05", "exited": "2019-12-20",
    "support": ("产业", "低保"), "monitored": "脱贫不稳定户", "monitored_on": date(2019, 9, 1),
}  # fmt: skip


def known(engine: sa.Engine, number: str = "HC0001") -> Household:
    with engine.connect() as connection:
        one = find_subject(connection, number)
        return next(households(connection, load_registry(connection, NOW), [one], NOW))


def told(engine: sa.Engine, number: str = "HC0001") -> dict[str, str]:
    found = check(shipped_law(), known(engine, number), NOW.date())
    return {one.check.id: one.outcome.value for one in found}


def test_the_registration_of_a_household_comes_in(engine: sa.Engine) -> None:
    report = store(engine, book(*rosters(), sheet("households", EXITED)))
    assert report.of("error") == []
    found, day = known(engine), NOW.date()
    assert found.value("identified_on", day) == "2014-05"
    assert set(found.values("support", day)) == {"产业", "低保"}
    assert told(engine)["exit.same_year"] == "clear"
    assert told(engine)["monitored.consolidation"] == "warned"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2019, 12, 19), "未脱贫"),
        (date(2019, 12, 20), "已脱贫"),
        (date(2019, 12, 21), "已脱贫"),
    ],
)
def test_the_status_changes_on_the_day_of_the_exit(
    sqlite_engine: sa.Engine, day: date, status: str
) -> None:
    store(sqlite_engine, book(*rosters(), sheet("households", EXITED)))
    assert known(sqlite_engine).value("exit_status", day) == status


def test_an_exit_told_by_its_year_is_noted_as_one_of_the_last_day(
    sqlite_engine: sa.Engine,
) -> None:
    report = store(
        sqlite_engine, book(*rosters(), sheet("households", {**EXITED, "exited": "2019"}))
    )
    assert "（2019-12-31）" in str([problem.what for problem in report.problems])
    days = (date(2019, 12, 30), date(2019, 12, 31))
    found = known(sqlite_engine)
    assert [found.value("exit_status", day) for day in days] == ["未脱贫", "已脱贫"]


def test_a_plan_in_the_roster_is_a_line_of_the_ledger(sqlite_engine: sa.Engine) -> None:
    row = {**EXITED, "consolidation": date(2019, 9, 20)}
    store(sqlite_engine, book(*rosters(), sheet("households", row)))
    assert told(sqlite_engine)["monitored.consolidation"] == "clear"


def test_who_is_said_not_to_be_monitored_is_not(sqlite_engine: sa.Engine) -> None:
    row = {**EXITED, "monitored": "无", "exited": "", "exit_status": "未脱贫"}
    store(sqlite_engine, book(*rosters(), sheet("households", row)))
    assert told(sqlite_engine) == {}


def test_a_household_nobody_knew_needs_its_village_and_head(sqlite_engine: sa.Engine) -> None:
    report = store(sqlite_engine, book(*rosters(), sheet("households", {"household": "HC0900"})))
    assert [p.what for p in report.of("error")] == [
        "这一户是新的，没有写所在的村", "这一户是新的，没有写户主"
    ]  # fmt: skip
    new = {
        "household": "HC0900",
        "householder": "时辰",
        "township": "乔川乡",
        "village": "杨湾湾村",
    }
    store(sqlite_engine, book(*rosters(), sheet("households", new)))
    assert known(sqlite_engine, "HC0900").village is not None


def test_a_household_that_has_not_exited_has_no_day_of_exit(sqlite_engine: sa.Engine) -> None:
    row = {**EXITED, "exit_status": "未脱贫"}
    report = store(sqlite_engine, book(*rosters(), sheet("households", row)))
    assert [p.what for p in report.of("error")] == ["脱贫状态是“未脱贫”，却写了脱贫时间"]


def test_one_visit_says_what_is_guaranteed_and_what_not(engine: sa.Engine) -> None:
    visit = {
        "day": date(2019, 11, 8), "household": "HC0001", "education": "met", "medical": "met",
        "housing": "unmet",
    }  # fmt: skip
    report = store(engine, book(*rosters(), sheet("households", EXITED),
                                sheet("household_guarantees", visit)))  # fmt: skip
    assert report.of("error") == []
    assert {(row.item, row.kind) for row in known(engine).said} == {
        ("义务教育", "guarantee_met"), ("基本医疗", "guarantee_met"),
        ("住房安全", "guarantee_unmet"),
    }  # fmt: skip
    assert told(engine)["exit.guarantees"] == "held"
    assert told(engine)["exit.water"] == "unknown"


@pytest.mark.parametrize(
    ("nature", "counted", "kinds", "outcome"),
    [
        ("actual", True, {"income_actual"}, "clear"),
        ("expected", False, {"income_expected"}, "clear"),
        ("expected", None, {"income_expected"}, "clear"),
        ("expected", True, {"income_expected", "expected_counted"}, "held"),
    ],
)
def test_income_earned_and_expected_are_kept_apart(
    sqlite_engine: sa.Engine, nature: str, counted: bool | None, kinds: set[str], outcome: str
) -> None:
    row = {"day": date(2019, 11, 30), "household": "HC0001", "source": "经营净收入",
           "nature": nature, "amount": Decimal("3000.50"), "counted": counted}  # fmt: skip
    store(sqlite_engine, book(*rosters(), sheet("households", EXITED),
                              sheet("household_incomes", row)))  # fmt: skip
    rows = known(sqlite_engine).said
    assert {one.kind for one in rows} == kinds
    assert {one.quantity for one in rows} == {Decimal("3000.50")}
    assert told(sqlite_engine)["exit.expected_income"] == outcome


def test_the_three_sheets_are_recognised_as_offices_word_them(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "贫困户信息": [
            ["户编号", "户主", "识别时间", "是否脱贫", "脱贫年度", "帮扶措施", "监测对象"],
            ["HC0001", "史乙酉", 2014, "是", "2019年", "产业、就业", "边缘户"],
        ],
        "三保障核实": [["核实日期", "户编号", "义务教育", "基本医疗", "住房安全", "安全饮水"],
                  ["2019.11.8", "HC0001", "达标", "有保障", "不安全", "未解决"]],
        "收入台账": [["日期", "户编号", "收入来源", "收入性质", "金额（元）", "是否计入"],
                 ["2019.11.30", "HC0001", "工资性收入", "预计", "3,000元", "是"]],
    }  # fmt: skip
    titled = {name: [[f"华池县2019年{name}"], [FILED], *rows] for name, rows in sheets.items()}
    book_ = read(save(tmp_path / "户.xlsx", titled))
    assert [p for p in book_.problems if p.severity != "note"] == []
    values = {one.form: one.rows[0].values for one in book_.sheets}
    assert values["households"] == {
        "household": "HC0001", "householder": "史乙酉", "identified": "2014",
        "exit_status": "已脱贫", "exited": "2019", "support": ("产业", "就业"),
        "monitored": "边缘易致贫户",
    }  # fmt: skip
    assert values["household_guarantees"]["water"] == "unmet"
    assert values["household_incomes"]["amount"] == Decimal(3000)
    assert values["household_incomes"]["counted"] is True


@pytest.mark.parametrize(
    ("written", "read_as"),
    [(2014, "2014"), ("2014年", "2014"), ("2014年度", "2014"), ("2014.5", "2014-05"),
     ("二〇一四年五月", "2014-05"), ("2014/5/6", "2014-05-06"), (date(2014, 5, 6), "2014-05-06")],
)  # fmt: skip
def test_a_day_may_be_told_only_to_the_month_or_year(written: Any, read_as: str) -> None:
    assert read_dated(written) == read_as


@pytest.mark.parametrize("written", ["去年", "1014年", "2014.13", "2014.2.30", "5月6日"])
def test_what_is_no_day_month_or_year_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        read_dated(written)
