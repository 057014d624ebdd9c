"""`tracker policy` at the terminal: a new pack from its first folder to its impact."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from tests.scenarios.world import World, months
from tracker import db
from tracker.cli import app

NEW = (
    "policy", "new", "shili-2021-1", "--number", "示例发〔2021〕1号", "--title", "2021年帮扶通知",
    "--area-code", "629901", "--area-name", "示例县", "--issued-on", "2021-01-20",
    "--from", "2021-01-20",
)  # fmt: skip
TEXT = """2021年帮扶通知

一、每月研究一次。
二、工作要求
（一）及时解决困难。
（二）提高认识，
加强领导。
"""
DUTIES = """
- id: unit.study
  cite: 一
  name: 每月研究
  paraphrase: 每月至少研究一次
  holder: {role: assisting_unit}
  counts: [{kind: committee_study, as: performer}]
  measure: count
  at_least: 1
  unit: 次
  every: month
  mid_window: {rule: whole, interpretation: I68}
  on_breach: warn
- id: county.meeting_cap
  cite: 二(二)
  name: 少开会
  paraphrase: 推进会每年至多三次
  holder: {role: county}
  counts: [{kind: promotion_meeting}]
  measure: count
  at_most: 3
  unit: 次
  every: year
  mid_window: {rule: whole, interpretation: I68}
  on_breach: warn
"""
QUALITATIVE = "- {id: unit.help, cite: 二(一), name: 解决困难, holder: {role: assisting_unit}}\n"


def office(folder: Path) -> Path:
    """An office in a folder of its own: two units of 示例县, their studies, the county's
    meetings."""
    (folder / "通知.txt").write_text(TEXT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        assert run("init").exit_code == 0
    engine = db.open_engine(f"sqlite:///{folder / 'home' / 'luze.sqlite3'}")
    with db.transaction(engine) as connection:
        world = World(connection)
        for unit in ("甲局", "乙局"):
            world.unit(unit, "东村")
        world.did("甲局", "committee_study", *months("2020-01", "2020-12"))
        world.did("乙局", "committee_study", *months("2020-01", "2020-10"))
        world.did("乙局", "committee_study", *months("2021-01", "2021-04"))
        world.did("示例县", "promotion_meeting", *months("2020-01", "2020-04"))
        for form in ("unit_meetings", "county_matters"):
            world.reported(months("2019-01", "2021-06"), form=form)
    engine.dispose()
    return folder


def enter(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Work in this office."""
    patch.setenv("TRACKER_HOME", str(folder / "home"))
    patch.delenv("TRACKER_POLICY_DIR", raising=False)
    patch.chdir(folder)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the text of a notice."""
    (tmp_path / "通知.txt").write_text(TEXT, encoding="utf-8")
    enter(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a new pack in which every article is decided; only to be read."""
    folder = office(tmp_path_factory.mktemp("office"))
    with pytest.MonkeyPatch.context() as patch:
        enter(folder, patch)
        finish(folder)
        assert run("check", "--as-of", "2021-07-09").exit_code == 0
    return folder


@pytest.fixture
def finished(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That office, worked in; the folder of its new pack."""
    enter(begun, monkeypatch)
    return begun / "规则包"


def finish(folder: Path) -> Path:
    """Begin the pack and decide about its articles."""
    assert run(*NEW, "--text", "通知.txt").exit_code == 0
    made = folder / "规则包" / "shili-2021-1"
    document = made / "document.yaml"
    said = document.read_text("utf-8")
    for covered in ("duty", "qualitative", "duty"):
        said = said.replace("covered: undecided", f"covered: {covered}", 1)
    document.write_text(said, "utf-8")
    (made / "duties.yaml").write_text(DUTIES, "utf-8")
    (made / "qualitative.yaml").write_text(QUALITATIVE, "utf-8")
    return made


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def refusal(*words: str) -> str:
    """What the program says when it refuses."""
    result = run(*words)
    assert result.exit_code == 1
    return str(result.exception)


# ---- policy new


def test_a_new_pack_waits_for_a_decision_on_every_article_of_the_text(home: Path) -> None:
    result = run(*NEW, "--text", "通知.txt", "--issuer", "示例县委办公室")
    assert "从原文列出条款 3 条" in result.output
    told = refusal("policy", "lint", "规则包")
    for article in ("一", "二(一)", "二(二)"):
        assert f"条款“{article}”" in told
    assert told.count("还没有决定怎样处理") == 3
    assert "条款“二”" not in told  # a mere title of its items
    assert "示例县委办公室" in (home / "规则包/shili-2021-1/document.yaml").read_text("utf-8")


def test_decided_it_passes_and_every_article_tells_what_became_of_it(finished: Path) -> None:
    assert "没有问题" in run("policy", "lint", "规则包").output
    told = run("policy", "coverage", "shili-2021-1", "规则包").output
    assert "unit.study" in told
    assert "unit.help" in told
    assert "还没有着落" not in told


def test_one_article_left_undecided_keeps_the_pack_out_and_coverage_names_it(home: Path) -> None:
    made = finish(home)
    document = made / "document.yaml"
    said = document.read_text("utf-8").replace("covered: qualitative", "covered: undecided")
    document.write_text(said, "utf-8")
    (made / "qualitative.yaml").unlink()

    assert "条款“二(一)”（及时解决困难）还没有决定" in refusal("policy", "lint", "规则包")
    told = run("policy", "coverage", "shili-2021-1", "规则包").output
    assert "还没有着落的条款 1 条：二(一)" in told
    assert "还有 1 处问题" in told


def test_coverage_of_a_pack_that_cannot_be_read_says_what_is_wrong(home: Path) -> None:
    (finish(home) / "document.yaml").write_text("id: [", "utf-8")
    told = refusal("policy", "coverage", "shili-2021-1", "规则包")
    assert "shili-2021-1/document.yaml:1" in told


def test_without_a_text_one_article_is_there_to_begin_with(home: Path) -> None:
    assert "条款请自己填" in run(*NEW).output
    assert "条款“一”（请改成条款的名称）" in refusal("policy", "lint", "规则包")


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--area-code", "62990", "不是统计区划代码"),
        ("--area-code", "629900", "请只写到本级：6299"),
        ("--area-code", "629901000000", "请只写到本级：629901"),
        ("--from", "2021-01-19", "早于印发日"),
        ("--from", "2021-02-30", "--from 的日期“2021-02-30”不存在"),
        ("--number", " ", "--number：不能空着"),
    ],
)
def test_what_is_wrong_is_refused_by_the_name_of_its_option(
    home: Path, option: str, value: str, told: str
) -> None:
    words = list(NEW)
    words[words.index(option) + 1] = value
    assert told in refusal(*words)
    assert not (home / "规则包").exists()


@pytest.mark.parametrize("name", ["Shili", "示例", "a_b", "../x"])
def test_an_id_of_other_letters_is_refused(home: Path, name: str) -> None:
    assert f"编号“{name}”写法不对" in refusal(*NEW[:2], name, *NEW[3:])
    assert list(home.glob("**/document.yaml")) == []


def test_all_that_is_wrong_is_told_at_once(home: Path) -> None:
    words = [w.replace("629901", "6").replace("shili-2021-1", "gansu-2019-33") for w in NEW]
    words[-1] = "2021-01-19"
    told = refusal(*words)
    for part in ("已经有规则包“gansu-2019-33”", "“6”不是统计区划代码", "早于印发日"):
        assert part in told


def test_a_folder_that_is_there_is_never_written_over(finished: Path) -> None:
    before = {p.name: p.read_bytes() for p in (finished / "shili-2021-1").iterdir()}
    assert "目录已经有了" in refusal(*NEW)
    assert {p.name: p.read_bytes() for p in (finished / "shili-2021-1").iterdir()} == before


def test_an_unfinished_pack_is_kept_out_of_the_law_in_force(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "local").mkdir()
    monkeypatch.setenv("TRACKER_POLICY_DIR", str(home / "local"))
    assert "现用的本地规则" in refusal(*NEW, "--out", "local")
    assert list((home / "local").iterdir()) == []


def test_a_text_without_numbered_articles_is_refused(home: Path) -> None:
    (home / "白纸.txt").write_text("没有条款。\n", "utf-8")
    assert "没有找到编号的条款" in refusal(*NEW, "--text", "白纸.txt")


def test_a_pack_given_for_its_folder_is_told_so(finished: Path) -> None:
    assert "请写 规则包" in refusal("policy", "lint", "规则包/shili-2021-1")


# ---- policy conflicts, query


def test_the_stricter_of_two_documents_leads_with_how_much_more(finished: Path) -> None:
    told = " ".join(run("policy", "conflicts", "规则包").output.split())
    assert "从严 1" in told
    assert "先列的全年严 8 次" in told
    assert "一项写至少，一项写至多" in told.replace(" ", "")
    assert told.index("示例发〔2021〕1号 一") < told.index("甘办发〔2019〕33号")


def test_a_body_sees_one_list_from_every_document(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_POLICY_DIR", str(finished))
    told = run("query", "乙局", "--as-of", "2021-07-09").output
    stricter, looser = told.index("从严"), told.index("另有更严规定")
    assert told.index("示例发〔2021〕1号") < stricter < looser
    assert "4/4" in told  # the looser is met, and stands beside the stricter that is not


def test_the_json_of_a_body_tells_which_are_stacked(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_POLICY_DIR", str(finished))
    owes = json.loads(run("query", "乙局", "--as-of", "2021-07-09", "--json").output)["owes"]
    year = next(f for f in owes if f["document"] == "gansu-2019-33" and "2021" in f["key"])
    months_ = [f for f in owes if f["document"] == "shili-2021-1" and f["key"] in
               year["stacked"]["beside"]]  # fmt: skip

    assert year["stacked"]["mark"] == "looser"
    assert {f["stacked"]["mark"] for f in months_} == {"stricter"}
    assert [f["window_start"][:7] for f in months_ if f["status"] == "breached"] == [
        "2021-05", "2021-06",
    ]  # fmt: skip
    before = next(f for f in owes if "2020-01-01" in f["key"] and f["document"] == "gansu-2019-33")
    assert before["stacked"] is None


# ---- policy impact


def impact_json(*words: str) -> Any:
    result = run("policy", "impact", "规则包", *words, "--json")
    assert result.exit_code == 0, result.exception
    return json.loads(result.output)


def test_who_would_have_been_short_last_year_stands_beside_the_rule_now_in_force(
    finished: Path,
) -> None:
    found = impact_json("--year", "2020")
    study, cap = found["duties"]
    assert [study[k] for k in ("holders", "owed", "met", "short", "short_holders")] == [
        2, 24, 22, 2, 1,
    ]  # fmt: skip
    (now,) = study["now"]
    assert (now["document"], now["stricter"], now["owed"], now["met"]) == (
        "gansu-2019-33", True, 2, 2,
    )  # fmt: skip
    assert [(f["holder"]["name"], f["window_start"]) for f in found["short"]] == [
        ("示例县", "2020-01-01"), ("乙局", "2020-11-01"), ("乙局", "2020-12-01"),
    ]  # fmt: skip
    assert (cap["owed"], cap["short"], cap["now"][0]["relation"]) == (1, 1, "mixed")
    assert found["short"][0]["done"] - found["short"][0]["required"] == 1


def test_nothing_is_written_by_an_impact(finished: Path, tmp_path: Path) -> None:
    database = finished.parent / "home" / "luze.sqlite3"

    def dumped() -> list[str]:
        with closing(sqlite3.connect(database)) as connection:
            return list(connection.iterdump())

    before = dumped()
    assert any("committee_study" in line for line in before)
    words = ("--year", "2020", "--xlsx", "--out", str(tmp_path))
    assert "没有写入数据库" in run("policy", "impact", "规则包", *words).output
    assert dumped() == before


def test_the_workbook_holds_the_figures_and_the_whole_list(finished: Path, tmp_path: Path) -> None:
    run("policy", "impact", "规则包", "--year", "2020", "--xlsx", "--out", str(tmp_path))
    (path,) = tmp_path.iterdir()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["测算", "会不达标的主体", "逐项"]
    told = [[cell.value for cell in row] for row in book["会不达标的主体"].iter_rows()]
    assert ["乙局", "每月研究", "一", 12, 2, "2 次"] in told


def test_a_ledger_that_says_nothing_of_a_kind_is_told_so(finished: Path) -> None:
    told = run("policy", "impact", "规则包", "--year", "2018").output
    assert "每月研究：台账里没有 2018 年的“党委（党组）研究部署帮扶工作”记录，全部未报送" in told
    assert "会不达标的主体" not in told


def test_reported_without_a_line_is_short_and_not_unreported(finished: Path) -> None:
    found = impact_json("--year", "2019")
    study = found["duties"][0]
    assert (study["short"], study["unreported"], study["silent"]) == (24, 0, ["committee_study"])


def test_the_year_is_the_one_before_the_last_night(finished: Path) -> None:
    assert impact_json()["year"] == 2020


def test_a_year_that_is_not_over_is_refused(finished: Path) -> None:
    assert "还没有过完" in refusal("policy", "impact", "规则包", "--year", "9999")


def test_a_folder_without_duties_is_refused(home: Path) -> None:
    (home / "规则包").mkdir()
    assert "没有可以计算的责任" in refusal("policy", "impact", "规则包", "--year", "2020")
