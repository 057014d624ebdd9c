"""The demo and what it says to type next: the first minutes of a new user."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tracker import demo
from tracker.cli import app


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the demo has filled once; what it printed lies beside it."""
    home = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(app, ["demo"], env={"TRACKER_HOME": str(home)})
    assert result.exit_code == 0, result.output
    (home / "printed.txt").write_text(result.stdout, encoding="utf-8")
    return home


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"TRACKER_HOME": str(home)})


@pytest.mark.parametrize(
    "told",
    [
        "错误 5 处", "2020-01-09 的检查已完成", "未达标      64", "待人工核定  2",
        "约谈建议：今夜新增 53 件", "提名审查（仅就责任清单而言）：暂缓推荐", "退回表",
        "export TRACKER_HOME=",
    ],
)  # fmt: skip
def test_the_demo_prints_a_readable_result(home: Path, told: str) -> None:
    assert told in (home / "printed.txt").read_text(encoding="utf-8")


def test_the_marked_copy_of_the_workbook_lies_where_it_says(home: Path) -> None:
    assert [path.name for path in (home / "returned").iterdir()] == [
        demo.WORKBOOK.stem + "-退回.xlsx"
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("findings", "--status", "未达标"), "判定结果 64 项"),
        (("notices", "华池县"), "未报送："),
        (("interviews", "show", "1"), "由量化缺口推定"),
        (("batches",), "有效"),
        (("policy", "coverage", "gansu-2019-33"), "cadre.days_220"),
        (("policy", "lint"), "没有问题"),
        (("audit", "verify"), "链条完整"),
        (("query", "杨湾湾村驻村帮扶工作队"), "工作队整体：未达标"),
        (("query", "HC0117"), "1/2"),
    ],
)
def test_what_to_type_next_answers(home: Path, words: tuple[str, ...], told: str) -> None:
    assert told in run(home, *words).stdout


@pytest.mark.parametrize(
    ("who", "duty", "told"),
    [
        ("蒋己未", "cadre.days_220", ["220/220", "判定：已达标", "计入的记录 220 行"]),
        ("昌癸巳", "unit.leader_visit", ["2×78÷365 向上取整 = 1", "判定：已达标"]),
        ("酆辛巳", "cadre.days_220", ["219/220 工作日，差 1", "判定：未达标"]),
        ("钱辛巳", "cadre.days_220", ["220/220", "不是法定工作日"]),
        ("云癸丑", "cadre.nights_160", ["另一口径", "152/160", "判定：待人工核定"]),
        ("华池县卫生健康局", "unit.study", ["3/4 次，差 1", "类别不符"]),
    ],
)
def test_a_verdict_can_be_argued_with(home: Path, who: str, duty: str, told: list[str]) -> None:
    result = run(home, "explain", who, duty, "--window", "2019-01-01")

    assert result.exit_code == 0
    assert [words for words in told if words not in result.stdout] == []


def test_an_unreachable_and_an_unreported_finding_are_explained(home: Path) -> None:
    on_the_last_day = ("--window", "2019-01-01", "--as-of", "2019-12-31")
    lost = run(home, "explain", "酆辛巳", "cadre.days_220", *on_the_last_day).stdout
    silent = run(home, "explain", "华池县", "county.special_office").stdout

    assert "判定：已无法达标" in lost
    assert "判定：未报送（没有收到报送数据）" in silent


@pytest.mark.parametrize(
    ("who", "answer", "code"),
    [
        ("县卫健局", "on_hold", 10),
        ("云癸丑", "on_hold", 10),
        ("蒋己未", "eligible", 0),
        ("HC0117", None, 0),
    ],
)
def test_the_question_before_a_nomination(
    home: Path, who: str, answer: str | None, code: int
) -> None:
    result = run(home, "query", who, "--json")

    assert (result.exit_code, json.loads(result.stdout)["answer"]) == (code, answer)


def test_a_name_of_two_people_asks_back(home: Path) -> None:
    refused = run(home, "query", "王乙").exception

    assert "王乙@华池县工业和信息化局" in str(refused)
    assert "王乙@华池县审计局" in str(refused)


def test_the_same_workbook_again_changes_nothing(home: Path) -> None:
    told = run(home, "import", "--dry-run", str(demo.WORKBOOK)).stdout

    assert "试导入，未入库" in told
    assert "帮扶单位：+0 -0 ~0 =73" in told
