"""`interviews` from the command line: the whole life of one, and what each waits for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tests.consequences.desk import BREACH, behind
from tests.scenarios.world import World
from tracker.cli import app
from tracker.db import transaction
from tracker.errors import LuzeError


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One recommendation of section 五."""
    with transaction(sqlite_engine) as connection:
        world = World(connection)
        behind(world)
        world.check(BREACH)
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))


def run(*words: str) -> str:
    """What a command prints, in one line."""
    result = CliRunner().invoke(app, ["interviews", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_an_interview_goes_its_way_from_the_command_line() -> None:
    by, who = ("--by", "何甲子"), ("--authority", "示例县协调办", "--officer", "何甲子")
    assert "待决定" in run()
    assert "陈述申辩至 1月14日" in run("inform", "1", *by, "--on", "2021-01-11")
    said = ("--who", "李甲子", "--text", "正在补开会议", "--on", "2021-01-12")
    assert "现为待决定" in run("state", "1", *said)
    decision = ("--document", "示协办〔2021〕1号", "--meeting", "2021-01-20", "--on", "2021-01-13")
    assert "待约谈（定于 1月20日）" in run("decide", "1", *who, *decision)
    held = ("--interviewer", "何甲子", "--present", "李甲子", "--record", "要求立即整改")
    assert "整改至 2月19日" in run("conduct", "1", *held, "--on", "2021-01-20")
    ruling = ("不影响推荐", "--reason", "情节轻微", *who, "--on", "2021-01-21")
    assert "整改至 2月19日" in run("rule", "1", *ruling)
    result = ("--result", "会议均已补开", "--on", "2021-02-01")
    assert "待销号" in run("verify", "1", *by, *result)
    assert "待销号" in run("list", "甲局")
    assert "已销号" in run("close", "1", "--authority", "示例县协调办", "--on", "2021-02-02")
    assert "约谈 0 件" in run()
    assert "已销号" in run("--all")
    assert "已销号" in run("--state", "已销号")


def test_one_interview_is_shown_whole() -> None:
    told = run("show", "1", "--as-of", "2021-01-09")

    for part in (
        "第1号", "组长单位：县组长办", "主要领导：李甲子；分管领导（空缺）",
        "依次约谈的各级：1 组长单位",
        "由量化缺口推定", "是否已达到“长期”，须由人认定", "提出建议", "经过（现为待决定）",
    ):  # fmt: skip
        assert part in told


def test_the_list_is_stable_as_json() -> None:
    (found,) = json.loads(run("--json", "--as-of", "2021-01-09"))

    assert list(found) == [
        "id", "document", "section", "accountable", "interviewer", "interviewees", "grounds",
        "state", "rung", "held_on", "due_on",
    ]  # fmt: skip
    assert (found["state"], found["rung"], found["held_on"]) == ("recommended", 1, None)
    assert json.loads(run("--json", "--as-of", "2021-01-08")) == []


def test_an_unknown_state_names_those_there_are() -> None:
    with pytest.raises(LuzeError, match="可用的：待决定、待约谈"):
        run("list", "--state", "讨论中")


def test_a_failed_rectification_and_a_dismissal_end_the_case() -> None:
    reason = ("--reason", "情况特殊", "--authority", "示例县协调办", "--officer", "何甲子")
    assert "现为不约谈" in run("dismiss", "1", *reason, "--on", "2021-01-12")
    with pytest.raises(LuzeError, match="未登记，未作任何改动"):
        run("fail", "1", "--by", "何甲子", "--reason", "未整改", "--on", "2021-01-13")
