"""`query --award` at the terminal: the clauses of a plan, the exit code, what is asked back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tests.awards.gating import PLAN, Gate
from tests.scenarios.world import World, months
from tracker.cli import app
from tracker.db import transaction

ON = ("--as-of", "2020-12-20")


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """甲局 of the county helps 东村, with all its studies; 乙局 was criticised in June 2020."""
    with transaction(sqlite_engine) as connection:
        world = World(connection)
        gate = Gate(world)
        for unit in ("甲局", "乙局"):
            world.unit(unit, "东村")
            world.did(unit, "committee_study", *months("2020-01", "2020-04"))
        world.reported(months("2019-01", "2020-11"))
        gate.incident("circulated_criticism", date(2020, 6, 1), subject="乙局")
        world.unit("丙局")
        world.pair("孙丙", "丙局", "HC01")
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setenv("COLUMNS", "400")


def run(*words: str) -> tuple[str, int]:
    result = CliRunner().invoke(app, ["query", *words, *ON])
    if result.exception and not isinstance(result.exception, SystemExit):
        return str(result.exception), -1
    return result.stdout, result.exit_code


def test_every_clause_is_listed_with_its_outcome_and_source() -> None:
    told, code = run("甲局", "--award", PLAN)

    assert code == 12
    assert "甲局    全省脱贫攻坚先进集体（县直单位，还没有提名）    截至 2020-12-20" in told
    assert "提名审查：待补材料" in told
    for words in ("通过", "不明", "就在今天", "甘脱贫领发〔2020〕41号 一·不得参评", "I28、I29"):
        assert words in told


def test_a_bar_of_the_plan_decides_the_exit_code() -> None:
    told, code = run("乙局", "--award", "advanced.collective")

    assert code == 11
    assert "不通过" in told
    assert "示领发〔2020〕1号" in told
    assert run("乙局", "--award", "advanced.collective", "--kind", "合作社")[1] == 10


def test_programs_read_the_verdict_beside_what_was_there_before() -> None:
    document: dict[str, Any] = json.loads(run("乙局", "--award", PLAN, "--json")[0])
    under = document["award"]

    assert (under["document"], under["award"], under["kind"]) == (
        PLAN, "advanced.collective", "county_unit",
    )  # fmt: skip
    assert (under["answer"], under["answer_name"]) == ("barred", "不得推荐")
    (barred,) = [c for c in under["clauses"] if c["answer"] == "barred"]
    assert (barred["check"], barred["outcome"], barred["outcome_name"]) == (
        "criticised", "failed", "不通过",
    )  # fmt: skip
    assert under["nomination"] is None
    before = json.loads(run("乙局", "--json")[0])
    assert before["award"] is None
    assert {k: v for k, v in document.items() if k != "award"} == {
        k: v for k, v in before.items() if k != "award"
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("甲局", "--award", "没有的奖"), "gansu-2020-41:helping.individual"),
        (("孙丙", "--award", "helping.individual"), "请写 --kind 类别"),
        (("甲局", "--kind", "县直单位"), "请同时写 --award"),
        (("HC01", "--award", PLAN), "户和村是帮扶对象，不能推荐"),
        (("东村", "--award", PLAN), "户和村是帮扶对象，不能推荐"),
    ],
)
def test_what_cannot_be_answered_says_what_to_write(words: tuple[str, ...], told: str) -> None:
    assert told in run(*words)[0]
