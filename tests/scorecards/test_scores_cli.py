"""`score` from the command line: record, see, take back, print; ranking for its office alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from typer.testing import CliRunner

from tests.scenarios.world import World, shipped_law
from tests.scorecards.town import Town
from tracker.cli import app
from tracker.cli.office import MOST, Office
from tracker.db import transaction
from tracker.errors import LuzeError

NOW = "2020-01-20T12:00:00+08:00"
BY = ("--officer", "何甲子", "--on", "2019-12-20")


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The town in the registry, nothing recorded."""
    with transaction(sqlite_engine) as connection:
        Town(World(connection))
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setattr(Office, "law", shipped_law())


def run(*words: str) -> str:
    """What a command prints, in one line."""
    with freeze_time(NOW):
        result = CliRunner().invoke(app, ["score", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def refused(*words: str) -> str:
    with freeze_time(NOW), pytest.raises(LuzeError) as refusal:
        CliRunner().invoke(app, ["score", *words], catch_exceptions=False)
    return str(refusal.value)


def late() -> str:
    return run(
        "record", "示例村", "日常工作责任落实", "未在限期内完成", "--amount", "0.5", "--source",
        "镇扶贫办", "--note", "大排查迟报", *BY,
    )  # fmt: skip


def test_a_fact_is_recorded_listed_and_taken_back() -> None:
    assert "已登记为第 1 号记录，作废用 tracker score void 1" in late()
    assert "未在限期内完成 0.5" in run("list", "示例村")
    assert "平时工作 19.5 分" in run("show", "示例村")
    assert "已作废" in run("void", "1", "--reason", "重复登记", "--officer", "何甲子")
    assert "已作废：重复登记" in run()
    assert "没有登记过" in refused("show", "示例村")


def test_lists_and_sheets_have_a_stable_json_form() -> None:
    late()
    (fact,) = json.loads(run("list", "--json"))
    assert fact == {
        "number": 1, "document": "beijinggang-2019-8", "card": "villages",
        "subject": fact["subject"], "item": "ordinary", "what": "late", "amount": 0.5,
        "day": "2019-12-20", "source": "镇扶贫办", "document_number": None, "officer": "何甲子",
        "note": "大排查迟报", "voided": None,
    }  # fmt: skip
    sheet = json.loads(run("show", "示例村", "--json"))
    assert (sheet["total"], sheet["too_low"], sheet["vetoed"]) == (19.5, None, False)
    assert sheet["sections"][0]["items"][0] == {
        "item": "ordinary", "cite": "附件1·平时工作", "points": 19.5, "before": 19.5, "missing": [],
        "average": False, "facts": [{"number": 1, "points": -0.5}],
    }  # fmt: skip


def test_an_office_says_once_which_card_scores_it() -> None:
    assert "请用 --card 写明，可写：" in refused(
        "record", "示例站", "第三方评估", "--amount", "9", *BY
    )
    run("record", "示例站", "第三方评估", "--amount", "18", "--card", "stations.line", *BY)
    run("record", "示例站", "上稿", "中央媒体上稿", "--note", "产业报道", *BY)
    told = run("show", "示例站")
    assert "加分 1 分" in told
    assert "没有一票否决的规定" in told


def test_a_wrong_figure_is_named() -> None:
    told = refused(
        "record", "示例村", "1", "未及时上报", "--amount", "2.5", "--source", "镇扶贫办",
        "--note", "月报", *BY,
    )  # fmt: skip
    assert "扣分 2.5 不在规定之内 → 应为 0.5 至 2" in told
    assert "--amount 的“两分”不是数字" in refused("record", "示例村", "2", "--amount", "两分", *BY)


@pytest.mark.parametrize("number", ["7", str(MOST)])
def test_a_number_that_no_record_has_is_answered(number: str) -> None:
    told = refused("void", number, "--reason", "重复", "--officer", "何甲子")
    assert f"没有第 {number} 号记录" in told


def test_the_sheet_is_written_and_audited(tmp_path: Path, sqlite_engine: sa.Engine) -> None:
    late()
    assert "已生成（代拟稿）" in run("sheet", "示例村")
    assert [p.name for p in (tmp_path / "papers").iterdir()] == [
        "评分表_北景港镇示例村_2020-01-20.docx"
    ]
    with sqlite_engine.connect() as connection:
        acts = list(connection.exec_driver_sql("SELECT act FROM audit ORDER BY id").scalars())
    assert acts == ["score", "paper"]


def test_a_ranking_needs_the_name_of_an_assessing_office(tmp_path: Path) -> None:
    late()
    told = refused("ranking", "villages")
    assert "没有写明是哪个考核单位" in told
    assert "“镇文化站”不是" in refused("ranking", "villages", "--assessing-office", "镇文化站")
    assert "排名只供考核单位使用，请用 --assessing-office 写明：镇扶贫办、" in told
    assert not (tmp_path / "papers").exists()
    told = run("ranking", "villages", "--assessing-office", "镇扶贫办")
    assert "内部资料，仅供考核单位使用，不对外公布。" in told
    assert [p.suffix for p in (tmp_path / "papers").iterdir()] == [".xlsx"]
