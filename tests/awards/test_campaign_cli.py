"""`campaign` from the command line: from the quotas to a verified snapshot and its flags."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from typer.testing import CliRunner

from tests.awards.campaigning import CITY, COUNTY, ORGANS, Campaign
from tests.awards.slating import book
from tests.scenarios.world import World, only, shipped_law
from tracker.cli import app
from tracker.cli.office import Office
from tracker.db import transaction
from tracker.errors import LookupFailed, LuzeError

NOW = "2020-12-17T12:00:00+08:00"
BY = ("--reason", "经查属实", "--authority", "示例县领导小组", "--officer", "何甲子")


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """甲局 in the registry, nobody nominated; one duty in the law."""
    with transaction(sqlite_engine) as connection:
        Campaign(World(connection))
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setattr(Office, "law", only(shipped_law(), ("unit.study",)))


def run(*words: str) -> str:
    """What a command prints, in one line."""
    with freeze_time(NOW):
        result = CliRunner().invoke(app, ["campaign", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def propose(*words: str) -> str:
    said = ("全省脱贫攻坚先进集体", "--kind", "县直单位", "--area", "陇南", "--on", "2020-12-01")
    return run("propose", *(words or ("甲局",)), *said)


def brought_on_its_way() -> None:
    """Everything the gate asks of 甲局, as a clerk types it."""
    propose()
    run("done", "1", "县初选", "--on", "2020-12-01")
    run("ask", "1", "税务", "--on", "2020-12-01")
    for organ in ORGANS:
        run("opinion", "1", organ, "同意", "--on", "2020-12-01")
    for stage in ("征求意见", "县审核"):
        run("done", "1", stage, "--on", "2020-12-01")
    run("post", "1", "县公示", "--from", f"{COUNTY}", "--to", "2020-12-08")
    run("take-down", "1", "县公示", "--result", "无异议", "--on", "2020-12-08")
    for stage in ("市复审", "市审核"):
        run("done", "1", stage, "--on", "2020-12-08")
    run("post", "1", "市公示", "--from", f"{CITY}", "--to", "2020-12-15")
    run("complaint", "1", "市公示", "--text", "材料不实", "--on", "2020-12-10")
    run("complaint-close", "1", "1", "--answer", "查无实据", "--on", "2020-12-14")
    run("take-down", "1", "市公示", "--result", "已查清", "--on", "2020-12-15")
    both = ("--media", "纸质", "--media", "电子")
    run("material", "1", "审批表", "--copies", "3", "--double-sided", *both, "--on", "2020-12-15")
    run("material", "1", "事迹", "--characters", "1999", *both, "--on", "2020-12-15")
    for check in ("rank", "conditions"):
        run("judge", "1", check, "通过", *BY, "--on", "2020-12-16")


def test_a_nominee_goes_its_way_and_its_snapshot_is_verified(tmp_path: Path) -> None:
    brought_on_its_way()
    assert "提名审查：可推荐" in run("show-one", "1")
    told = run("nominate", "1", "--on", "2020-12-16")
    assert "现为已推荐，下一步：报省" in told
    (file,) = (tmp_path / "snapshots").iterdir()
    code = file.stem.split("-")[1]
    assert f"核验码 {code}" in told
    for asked in ((), ("--against-database",)):
        verified = run("verify", str(file), *asked)
        assert f"核验码 {code} 第 1 号 甲局，全省脱贫攻坚先进集体" in verified
        assert "2020-12-16 审查：可推荐" in verified

    file.write_text(file.read_text("utf-8").replace("甲局", "乙局"), "utf-8")
    with pytest.raises(LuzeError) as failure:
        run("verify", str(file))
    assert "推荐对象：与封存时不一致" in str(failure.value)


def test_the_next_step_and_the_latest_starts_are_told() -> None:
    propose()
    told = run("step", "1", "--as-of", "2020-12-04")
    assert "最迟 2020-12-07，还有 2 个工作日" in told
    assert "2020-12-14 2020-12-20" in told
    late = run("step", "1", "--as-of", "2020-12-08")
    assert "已来不及（2020-12-08 起）" in late


def test_the_campaign_is_shown_with_places_deadline_and_whoever_is_late() -> None:
    propose()
    told = run("show", "--as-of", "2020-12-08")

    assert "报送期限 2020-12-20（含当日），还有 9 个工作日" in told
    assert "陇南市 14 1 0 13" in told
    assert "不明" in told
    assert "46" in told
    assert "已来不及" in told
    assert "，就在今天）" in run("show", "gansu-2020-41", "--as-of", "2020-12-20")
    assert "2020-12-20，已过" in run("show", "--as-of", "2020-12-21")


def test_the_campaign_is_stable_as_json() -> None:
    propose()
    found = json.loads(run("show", "--json", "--as-of", "2020-12-08"))
    (one,) = json.loads(run("--json", "--as-of", "2020-12-08"))

    assert list(found) == [
        "plan", "year", "as_of", "deadline", "days_left", "places", "mismatches", "pressing",
    ]  # fmt: skip
    assert found["pressing"] == [one]
    place = next(p for p in found["places"] if p["area"] == "6212")
    assert (place["number"], place["proposed"], place["left"]) == (14, 1, 13)
    assert one == {
        "number": 1, "document": "gansu-2020-41", "award": "advanced.collective",
        "kind": "county_unit", "name": "甲局", "unit": None, "subject_id": one["subject_id"],
        "area": "6212", "state": "proposed", "next": "county_list", "due": "2020-12-07",
        "days_left": 0, "feasible": False,
    }  # fmt: skip


def test_a_list_is_narrowed_and_shows_the_ended_ones_only_when_asked() -> None:
    propose()
    propose("甲村支部", "--unregistered", "--unit", "东村")
    run("withdraw", "2", "--reason", "本人放弃", "--on", "2020-12-02")

    assert "推荐对象 1 个" in run("--award", "advanced.collective", "--area", "陇南市")
    assert "推荐对象 0 个" in run("--area", "庆阳市")
    assert "甲村支部@东村" in run("--all")
    with pytest.raises(LuzeError, match="没有列出"):
        run("--award", "劳动模范")


def test_whoever_is_not_in_the_registry_must_be_said_to_be_so() -> None:
    with pytest.raises(LookupFailed, match="加 --unregistered"):
        propose("甲村支部")
    assert "第 1 号初选：甲村支部" in propose("甲村支部", "--unregistered")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("opinion", "1", "税务", "赞成"), "应写 同意 或 不同意"),
        (("judge", "1", "conditions", "可以", *BY), "应写 通过 或 不通过"),
        (("done", "1", "公示"), "没有“公示”这个环节"),
        (("show", "gansu-2019-33"), "没有评选方案"),
        (("cancel", "1", "--reason", "虚构事迹"), "没有写作出决定的机关"),
        (("excuse", "1", "interviewed", *BY), "没有“interviewed”这个可以例外的条款"),
        (("nominate", "1"), "还没有公示"),
    ],
)
def test_what_a_clerk_types_wrong_is_told(words: tuple[str, ...], told: str) -> None:
    propose()
    with pytest.raises(LuzeError) as failure:
        run(*words)
    assert told in str(failure.value)


def test_a_kind_that_the_registry_shows_need_not_be_typed() -> None:
    run("propose", "甲局", "全省脱贫攻坚先进集体", "--area", "陇南", "--on", "2020-12-01")
    (one,) = json.loads(run("--json", "--as-of", "2020-12-01"))
    assert (one["kind"], one["area"]) == ("county_unit", "6212")


def test_what_nothing_shows_is_asked_for_with_what_may_be_written() -> None:
    with pytest.raises(LuzeError) as failure:
        run("propose", "甲村支部", "全省脱贫攻坚先进集体", "--unregistered", "--on", "2020-12-01")
    told = str(failure.value)
    assert "--kind：没有写类别 → 可写：县直单位" in told
    assert "--area：没有写用哪个地区的名额 → 可写：陇南市" in told


def test_one_act_is_recorded_of_several_or_of_none() -> None:
    propose()
    propose("甲村支部", "--unregistered", "--unit", "东村")
    told = run("done", "1-2", "县初选", "--on", "2020-12-01")
    assert "第 1 号现为初选" in told
    assert "第 2 号现为初选" in told

    run("ask", "2", "税务", "--on", "2020-12-01")
    with pytest.raises(LuzeError) as failure:
        run("ask", "1,2,9", "税务", "--on", "2020-12-01")
    assert "第 2 号 部门：2020-12-01 已经征求过" in str(failure.value)
    assert "第 9 号：没有第 9 号推荐" in str(failure.value)
    assert "征求意见" not in run("show-one", "1").partition("办理经过")[2]


@pytest.mark.parametrize(("last", "short"), [("2020-12-07", True), ("2020-12-08", False)])
def test_a_notice_that_ends_too_early_is_told_at_once(last: str, short: bool) -> None:
    propose()
    run("done", "1", "县初选", "--on", "2020-12-01")
    for organ in ORGANS:
        run("opinion", "1", organ, "同意", "--on", "2020-12-01")
    for stage in ("征求意见", "县审核"):
        run("done", "1", stage, "--on", "2020-12-01")
    told = run("post", "1", "县公示", "--from", "2020-12-02", "--to", last)
    assert "最早 2020-12-08 结束" in told
    assert ("须延长" in told) is short


def test_a_paper_that_is_not_as_the_plan_wants_it_is_told_at_once() -> None:
    propose()
    both = ("--media", "纸质", "--media", "电子", "--on", "2020-12-02")
    assert "2001 字，超过 2000 字" in run("material", "1", "事迹", "--characters", "2001", *both)
    assert "2000 字" in run("material", "1", "事迹", "--characters", "2000", *both)


def test_a_refused_nomination_leaves_no_file(tmp_path: Path) -> None:
    propose()
    with pytest.raises(LuzeError):
        run("nominate", "1")
    assert not (tmp_path / "snapshots").exists()


def test_a_text_is_counted_by_the_program(tmp_path: Path) -> None:
    propose()
    deeds = tmp_path / "事迹.txt"
    deeds.write_text("先进 事迹。\n", "utf-8-sig")
    run("material", "1", "事迹", "--text-file", str(deeds), "--on", "2020-12-02")
    assert "5 字" in run("show-one", "1")
    deeds.write_bytes("先进事迹".encode("gb18030"))
    with pytest.raises(LuzeError, match="不是 UTF-8 文本"):
        run("material", "1", "事迹", "--text-file", str(deeds))


def test_trouble_after_a_nomination_is_listed_before_and_after_the_night() -> None:
    brought_on_its_way()
    run("nominate", "1", "--on", "2020-12-16")
    assert "推荐以后的新情况 0 项" in run("flags")
    with freeze_time(NOW):
        said = ["incidents", "add", "虚构事迹材料或违反评选规定", "--about", "甲局",
                "--on", "2020-12-10", "--determined", "2020-12-17", "--authority", "省扶贫办",
                "--document", "1号"]  # fmt: skip
        assert CliRunner().invoke(app, said, catch_exceptions=False).exit_code == 0
    assert "待下次检查登记" in run("flags")
    with freeze_time(NOW):
        assert CliRunner().invoke(app, ["check"], catch_exceptions=False).exit_code == 0
    told = run("flags")
    assert "推荐以后的新情况 1 项" in told
    assert "可推荐 不得推荐 已登记" in told
    assert f"{date(2020, 12, 17)}" in told


def a_list(folder: Path, *rows: tuple[str, ...]) -> str:
    head = ("名称", "类别", "市州")
    return str(book(folder / "名单.xlsx", 集体=[("全省脱贫攻坚先进集体推荐名单",), head, *rows]))


def test_a_list_is_proposed_in_one_go_and_told_row_by_row(tmp_path: Path) -> None:
    good, unplaced = ("甲局", "县直单位", "陇南市"), ("某支部", "村党支部", "")
    file = a_list(tmp_path, good, unplaced, ("乙支部", "村党支部", "陇南市"))
    tried = run("propose-list", file, "--dry-run", "--on", "2020-12-01")
    assert "可登记 2 个，未登记 1 个" in tried
    assert "推荐对象 0 个" in run()

    told = run("propose-list", file, "--on", "2020-12-01")
    assert "共 3 个：已登记 2 个（第 1-2 号），未登记 1 个" in told
    assert "集体 第4行 某支部 没有写用哪个地区的名额（可写：陇南市" in told
    assert "以前已登记 2 个（第 1-2 号），未登记 1 个" in run("propose-list", file)


def test_nominations_are_refused_together_with_the_commands_that_mend_them() -> None:
    propose()
    propose("甲村支部", "--unregistered", "--unit", "东村")
    with pytest.raises(LuzeError) as failure:
        run("nominate", "1-2", "--on", "2020-12-02")
    told = str(failure.value)
    assert "2 个推荐对象都没有办理" in told
    assert "第 1-2 号 甘脱贫领发〔2020〕41号 二·先进：不明：征求税务意见：还没有征求意见 → " in told
    assert "tracker campaign opinion 1-2 税务 同意或不同意" in told
    assert "tracker campaign judge 1-2 评选条件由审核单位把关 通过或不通过 --reason" in told
    assert told.count("还没有征求意见") == len(ORGANS)
    assert "条件：" not in told


def test_what_is_wrong_with_some_holds_up_the_others_and_names_them(tmp_path: Path) -> None:
    brought_on_its_way()
    propose("甲村支部", "--unregistered", "--unit", "东村")
    with pytest.raises(LuzeError, match="第 1 号没有问题，可以先单独办理"):
        run("nominate", "1,2", "--on", "2020-12-16")
    assert not (tmp_path / "snapshots").exists()
    assert "现为已推荐" in run("nominate", "1", "--on", "2020-12-16")


def test_a_body_that_nobody_knows_is_kept_only_where_it_is_no_slip() -> None:
    propose()
    with pytest.raises(LuzeError, match="确是其他部门的，加 --extra"):
        run("opinion", "1", "生态环境", "同意", "--on", "2020-12-02")
    run("opinion", "1", "生态环境", "不同意", "--extra", "--text", "超标", "--on", "2020-12-02")
    told = run("show-one", "1", "--as-of", "2020-12-02")
    assert "本渠道没有要求征求生态环境的意见，留存备查" in told
    assert "需人认定 征求生态环境意见：不同意（2020-12-02）" in told
    run("judge", "1", "生态环境的意见", "通过", *BY, "--on", "2020-12-03")
    assert "经查属实" in run("show-one", "1", "--as-of", "2020-12-03")


def test_what_a_plan_bars_for_is_told_with_the_incident_and_flags_as_json() -> None:
    brought_on_its_way()
    run("nominate", "1", "--on", "2020-12-16")
    assert json.loads(run("flags", "--json")) == []
    with freeze_time(NOW):
        said = ["incidents", "add", "虚构事迹材料或违反评选规定", "--about", "甲局", "--determined",
                "2020-12-17", "--authority", "省扶贫办", "--document", "1号"]  # fmt: skip
        told = CliRunner().invoke(app, said, catch_exceptions=False).stdout
    assert "“虚构事迹材料、违反评选规定的撤销评选资格”：不得推荐" in told
    assert "tracker campaign withdraw 编号" in run("flags")
    (flag,) = json.loads(run("flags", "--json"))
    assert (flag["number"], flag["after"]["answer"], flag["recorded"]) == (1, "barred", False)


def test_a_publicity_with_an_open_complaint_did_not_end_without_objection() -> None:
    propose()
    run("done", "1", "县初选", "--on", "2020-12-01")
    for organ in ORGANS:
        run("opinion", "1", organ, "同意", "--on", "2020-12-01")
    for stage in ("征求意见", "县审核"):
        run("done", "1", stage, "--on", "2020-12-01")
    run("post", "1", "县公示", "--from", "2020-12-02", "--to", "2020-12-08")
    run("complaint", "1", "县公示", "--text", "材料不实", "--on", "2020-12-03")
    down = ("take-down", "1", "县公示", "--on", "2020-12-08", "--result")
    with pytest.raises(LuzeError, match="tracker campaign complaint-close 1 1"):
        run(*down, "无异议")
    run("complaint-close", "1", "1", "--answer", "查无实据", "--on", "2020-12-08")
    assert "下一步：市" in run(*down, "无异议")
