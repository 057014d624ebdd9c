"""`waivers`, `objections` and `rule` at the terminal: what people decide about a judgement."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tests.scenarios.scenario import read_days
from tests.scenarios.world import World, months, only, shipped_law
from tracker.cli import app
from tracker.db import transaction
from tracker.ledger.rules import load_rules

NIGHT = date(2020, 3, 11)
FEBRUARY = ("东乡", "township.captains_meeting", "--from", "2020-02-01", "--to", "2020-02-29")


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A township without a meeting in February 2020, a cadre whom two readings judge apart."""
    with transaction(sqlite_engine) as connection:
        world = World(connection, only(shipped_law(), ("township.captains_meeting",)))
        world.did("东乡", "captains_meeting", *months("2019-08", "2020-01"), date(2020, 3, 9))
        world.unit("甲局", "东村")
        world.cadre("赵甲子", "甲局", "东村", (date(2019, 1, 1), None))
        world.did("赵甲子", "overnight", *read_days("2019-07-25 起 160 天"))
        for form in load_rules().covers:
            world.reported(months("2019-01", "2020-02"), form=form)
        world.check(NIGHT)
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        return str(result.exception)
    return result.stdout


def approved() -> None:
    run("waivers", "request", *FEBRUARY, "--reason", "停止集会", "--applicant", "王甲子")
    run("waivers", "approve", "1", "--approver", "李乙丑", "--authority", "县政府")


def test_a_waiver_from_its_request_to_the_verdict() -> None:
    approved()

    listed, shown = run("waivers"), run("waivers", "show", "1")
    assert listed == run("waivers", "list")
    assert "2020-02-01 至 2020-02-29" in listed
    assert "已批准" in listed
    assert "停止集会" in shown
    assert "李乙丑" in shown
    told = run("findings", "东乡", "--as-of", "2020-03-11", "--status", "已豁免")
    assert "豁免第1号，不计豁免则为未达标 0/1" in told
    said = run("explain", "东乡", "township.captains_meeting", "--window", "2020-02-01")
    assert "豁免：第1号，县政府批准，至2月29日" in said


def test_a_finding_tells_programs_of_its_waiver() -> None:
    approved()
    asked = ("--as-of", "2020-03-11", "--status", "waived", "--json")

    (found,) = json.loads(run("findings", *asked))
    assert (found["waiver"], found["status_bare"], found["done"]) == (1, "breached", 0)
    others = json.loads(run("findings", *asked[:2], "--status", "met", "--json"))
    assert {(one["waiver"], one["status_bare"]) for one in others} == {(None, None)}


def test_the_night_names_the_waivers_to_look_at() -> None:
    said = ("--reason", "停止集会", "--applicant", "王甲子")
    run("waivers", "request", *FEBRUARY[:3], "2020-01-01", "--to", "2020-12-31", *said)
    run("waivers", "approve", "1", "--approver", "李乙丑", "--authority", "县政府")

    told = run("check", "--as-of", "2020-12-01")
    assert "豁免：在期 1 件，要留意的 1 件" in told
    assert "第1号 东乡 召开工作队队长工作例会：即将到期，至 2020-12-31，还剩 30 天" in told
    assert "要留意的 0 件" not in told


def test_a_refusal_says_what_to_write() -> None:
    told = run(
        "waivers", "request", "东乡", "unit.study", "--from", "2020-01-01", "--to", "2021-01-01"
    )

    for words in ("东乡不承担", "没有写理由", "没有写申请人", "超过一年", "I67"):
        assert words in told
    assert "日期“明天”不存在" in run("waivers", "revoke", "1", "--on", "明天")


def test_an_objection_from_its_filing_to_the_answer() -> None:
    meeting = ("--finding", "东乡", "--duty", "township.captains_meeting", "--window", "2020-02-01")
    filed = run("objections", "file", "东乡", *meeting, "--by", "王甲子", "--reason", "防疫停会",
                "--evidence", "停会通知")  # fmt: skip
    assert "第 1 号异议" in filed
    assert "待答复" in run("objections")

    words = ("--answer", "属实", "--authority", "县帮扶办", "--officer", "李乙丑")
    assert "成立" in run("objections", "uphold", "1", *words)
    told = run("objections", "show", "1")
    for expected in ("东乡 召开工作队队长工作例会 2020年2月", "停会通知", "李乙丑", "属实"):
        assert expected in told
    assert "请写 --finding、--interview、--incident 中的一个" in run("objections", "file", "东乡")


def test_a_ruling_is_seen_at_once_and_waits_for_new_figures() -> None:
    nights = ("赵甲子", "cadre.nights_160", "--window", "2019-01-01")
    words = (
        "--duty",
        *nights[1:],
        "--officer",
        "李乙丑",
        "--authority",
        "县帮扶办",
        "--reason",
        "属实",
    )
    assert "判定：待人工核定" in run("explain", *nights)

    assert "已核定为达标" in run("rule", "赵甲子", "met", *words)
    told = run("explain", *nights)
    assert "判定：已达标（由人核定）" in told
    assert "理由：属实；核定前为待人工核定" in told
    assert "相同的核定" in run("rule", "赵甲子", "达标", *words)


@pytest.mark.parametrize("group", ["waivers", "objections", "interviews", "notices", "incidents"])
def test_a_group_lists_also_with_options_where_no_word_is_said(group: str) -> None:
    assert run(group, "--as-of", "2020-03-11") == run(group, "list", "--as-of", "2020-03-11")
