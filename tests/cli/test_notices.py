"""`tracker notices`: what is listed, one notice's whole life, and acting on it by its number."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tests.scenarios.world import World, months, only, shipped_law
from tracker.cli import app
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.evaluation.tables import Finding


@pytest.fixture
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit short of one study in 2019, checked on two nights five working days apart."""
    with transaction(sqlite_engine) as connection:
        world = World(connection, only(shipped_law(), ("unit.study",)))
        world.unit("甲局", "东村")
        world.did("甲局", "committee_study", *months("2019-09", "2019-11"))
        world.reported(months("2019-01", "2019-12"))
        for night in (date(2020, 1, 9), date(2020, 1, 16)):
            world.check(night)
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["notices", *words], env={"COLUMNS": "160"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def asked(*words: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(run(*words, "--json"))
    return listed


@pytest.mark.usefixtures("office")
def test_a_bare_group_lists_and_takes_the_options_of_list() -> None:
    assert run() == run("list")
    assert asked() == asked("list") == asked("甲局") == asked("list", "甲局")
    assert asked("--as-of", "2020-01-08") == asked("示例县") == []


@pytest.mark.usefixtures("office")
def test_json_gives_number_state_and_what_was_done_since_it_was_raised() -> None:
    (found,) = asked()

    assert (found["number"], found["level"], found["state"]) == (1, "red", "open")
    assert (found["since"], found["told_leader"]) == ("2020-01-09", "2020-01-16")
    assert (found["reminders"], found["event"]) == (1, "reminded")
    assert found["acknowledged"] is found["answered"] is found["due_on"] is None
    assert [row["event"] for row in asked("--history")] == ["raised", "told_leader", "reminded"]
    (earlier,) = asked("--as-of", "2020-01-15")
    assert (earlier["reminders"], earlier["event"]) == (0, "raised")


@pytest.mark.usefixtures("office")
def test_only_one_level_is_listed_by_its_word_or_its_id() -> None:
    assert len(asked("--level", "红")) == len(asked("--level", "red")) == 1
    assert asked("--level", "黄") == []
    with pytest.raises(LuzeError, match="没有“紫”这一级提醒"):
        run("--level", "紫")


def test_two_notices_of_one_unit_say_whose_they_are_and_by_which_finding(
    sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(sqlite_engine) as connection:
        world = World(connection, only(shipped_law(), ("unit.leader_visit",)))
        world.unit("甲局", "东村")
        for leader in ("李甲子", "钱甲子"):
            world.leader(leader, "甲局")
        world.reported(months("2019-01", "2019-12"))
        world.check(date(2020, 1, 9))
        stored = {row.holder_id: f"#{row.id}" for row in connection.execute(
            sa.select(table(Finding)).where(table(Finding).c.status == "breached"))}  # fmt: skip
        numbers = [stored[world.ids[leader]] for leader in ("李甲子", "钱甲子")]
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))

    listed = run()
    for leader, number in zip(("李甲子", "钱甲子"), numbers, strict=True):
        assert f"（{leader}，2019年）  {number}" in listed
    assert f"依据：tracker explain '{numbers[0]}'" in run("show", "1")


@pytest.mark.usefixtures("office")
def test_a_notice_is_acted_on_by_its_number_and_tells_its_life() -> None:
    run("acknowledge", "1", "--who", "王甲", "--on", "2020-01-17")
    run(
        "answer", "1", "--who", "王甲", "--text", "已补学", "--evidence", "会议记录",
        "--evidence", "签到表", "--due", "2020-02-28", "--on", "2020-01-20",
    )  # fmt: skip

    told = run("show", "1")
    for words in ("发出", "报告领导", "第 1 次再提醒", "签收", "王甲", "答复 已补学",
                  "会议记录、签到表；2020-02-28 前完成"):  # fmt: skip
        assert words in told
    (found,) = asked()
    assert (found["acknowledged"], found["answered"], found["due_on"]) == (
        "2020-01-17", "2020-01-20", "2020-02-28",
    )  # fmt: skip
    assert "签收" not in run("show", "1", "--as-of", "2020-01-16")


@pytest.mark.usefixtures("office")
def test_a_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LuzeError, match="没有第 9 号提醒"):
        run("show", "9")
