"""A held exit is answered by a person, in words and on the record, and undone only by another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.households.home import HEAD, NOW, TODAY, Home
from tracker.audit import Act
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.households.decisions import decide, made

YEAR = "exit.same_year"
BY = {
    "officer": "何甲子", "authority": "示例县脱贫攻坚领导小组",
    "reason": "复核：2014年已识别，系录入错误", "on": TODAY, "now": NOW, "operator": "测试员",
}  # fmt: skip


def held(home: Home) -> Home:
    home.told("identified_on", "2019-03")
    home.told("exited_on", "2019-12-20")
    return home


def act(home: Home, verdict: str, check: str = YEAR, **other: Any) -> int:
    return decide(
        home.connection, home.world.ids[HEAD], home.checks()[check], verdict=verdict,
        **{**BY, **other},
    )  # fmt: skip


def state(home: Home, check: str = YEAR) -> tuple[bool, bool]:
    """Whether the check is open, and whether a decision stands."""
    found = next(one for one in home.file().found if one.checked.check.id == check)
    return found.open, found.stands


def test_a_held_exit_is_open_until_somebody_decides(home: Home) -> None:
    assert state(held(home)) == (True, False)
    assert act(home, "准予退出") == 1
    assert state(home) == (False, True)


def test_a_decision_is_undone_by_a_new_one_and_both_stay(home: Home) -> None:
    act(held(home), "allow")
    act(home, "hold", reason="再查")
    assert state(home) == (True, False)
    act(home, "refuse")
    assert state(home) == (False, True)
    told = [(one.verdict, one.reason) for one in made(home.connection)]
    assert told == [("allow", BY["reason"]), ("hold", "再查"), ("refuse", BY["reason"])]


def test_a_decision_does_not_answer_what_is_found_later(home: Home) -> None:
    home.told("exited_on", "2019-12-20")
    home.guaranteed(date(2019, 11, 8), "住房安全")
    act(home, "allow", "exit.guarantees")
    assert state(home, "exit.guarantees") == (False, True)
    home.guaranteed(date(2019, 12, 1), "住房安全", "基本医疗")
    assert state(home, "exit.guarantees") == (True, False)


def test_every_decision_is_in_the_audit_chain(home: Home) -> None:
    act(held(home), "allow", document_number="示例发〔2020〕1号")
    (done,) = home.connection.execute(sa.select(table(Act))).all()
    assert (done.act, done.operator) == ("exit_decision", "测试员")
    wanted = {
        "household_id": home.world.ids[HEAD], "exit_check": YEAR, "verdict": "allow",
        "officer": "何甲子", "document_number": "示例发〔2020〕1号",
        "found": "2019年3月识别，2019年12月20日脱贫",
    }  # fmt: skip
    assert wanted.items() <= done.detail.items()


def test_all_that_is_wrong_with_a_decision_is_told_at_once(home: Home) -> None:
    with pytest.raises(LuzeError) as refusal:
        act(held(home), "也许", officer="", authority=" ", reason="", on=date(2020, 1, 11))
    told = str(refusal.value)
    for words in (
        "没有“也许”这种决定 → 可写：准予退出、不予退出、继续暂缓", "--officer：没有写经办人",
        "--authority：没有写作出决定的机关", "--reason：没有写理由",
        "2020-01-11 晚于今天 2020-01-10",
    ):  # fmt: skip
        assert words in told
    assert made(home.connection) == []


def test_only_what_is_held_is_decided(home: Home) -> None:
    held(home).line("income_actual", date(2019, 11, 30), "工资性收入", 8600)
    with pytest.raises(LuzeError, match="没有登记决定") as refusal:
        act(home, "allow", "exit.expected_income")
    assert "“预期收入算作当年收入”没有暂缓" in str(refusal.value)


def test_a_decision_is_not_made_twice_nor_taken_back_where_there_is_none(home: Home) -> None:
    with pytest.raises(LuzeError, match="没有登记决定") as refusal:
        act(held(home), "hold")
    assert "没有可以撤回的决定" in str(refusal.value)
    act(home, "allow")
    with pytest.raises(LuzeError, match="没有登记决定") as refusal:
        act(home, "allow")
    assert "已于 2020-01-10 作过相同的决定" in str(refusal.value)


@pytest.mark.parametrize("statement", ["UPDATE exit_decisions SET verdict = 'x'",
                                       "DELETE FROM exit_decisions"])  # fmt: skip
def test_the_database_refuses_to_rewrite_a_decision(engine: sa.Engine, statement: str) -> None:
    with transaction(engine) as connection:
        act(held(Home(connection)), "allow")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="only added"):
        connection.execute(sa.text(statement))
