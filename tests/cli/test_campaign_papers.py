"""`campaign summary`, `form`, `report`, `compliance`, and `verify` by what a paper carries."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from typer.testing import CliRunner

from tests.awards.campaigning import Campaign
from tests.delivery import reading
from tests.scenarios.world import World, only, shipped_law
from tracker import audit, settings
from tracker.cli import app
from tracker.cli.office import Office
from tracker.db import table, transaction
from tracker.errors import LuzeError

NOW = "2020-12-17T12:00:00+08:00"
TITLE = "2020年度全省脱贫攻坚先进集体先进个人评选"


@pytest.fixture(autouse=True)
def engine_here(
    sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> sa.Engine:
    """甲局 nominated as number 1, a village branch proposed as number 2."""
    with transaction(sqlite_engine) as connection:
        campaign = Campaign(World(connection))
        campaign.propose()
        campaign.ready()
        campaign.nominate()
        campaign.propose("乙村支部")
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setattr(Office, "law", only(shipped_law(), ("unit.study",)))
    return sqlite_engine


def run(*words: str) -> str:
    """What a command prints, in one line."""
    with freeze_time(NOW):
        result = CliRunner().invoke(app, ["campaign", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def papers_written(engine: sa.Engine) -> list[sa.Row[tuple[object, ...]]]:
    """The acts of writing a paper; the chain holds."""
    with engine.connect() as connection:
        assert audit.verify(connection)[1] is None
        rows = connection.execute(table(audit.Act).select()).all()
    return [row for row in rows if row.act == "paper"]


@pytest.mark.parametrize(
    ("words", "kind", "name"),
    [
        (("summary",), "award_summary", f"{TITLE}推荐名单汇总表_2020-12-17.xlsx"),
        (("form", "1"), "award_form", "推荐审批表_第1号_甲局_2020-12-17.docx"),
        (("report",), "award_report", f"公示和征求意见情况说明_{TITLE}_2020-12-17.docx"),
        (
            ("report", "--award", "全省脱贫攻坚先进集体"), "award_report",
            "公示和征求意见情况说明_全省脱贫攻坚先进集体_2020-12-17.docx",
        ),
        (("compliance", "2"), "award_compliance", "合规审查单_第2号_乙村支部_2020-12-17.docx"),
    ],
)  # fmt: skip
def test_a_paper_is_written_said_and_on_record(
    engine_here: sa.Engine, tmp_path: Path, words: tuple[str, ...], kind: str, name: str
) -> None:
    told = run(*words)

    path = tmp_path / "papers" / name
    assert f"已生成（代拟稿）：{path}" in told
    (act,) = papers_written(engine_here)
    assert (act.detail["kind"], act.detail["file"]) == (kind, name)
    assert act.detail["as_of"] == "2020-12-17"
    assert act.detail["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_paper_is_never_written_over_an_earlier_one(tmp_path: Path) -> None:
    for _ in range(2):
        run("form", "2", "--out", str(tmp_path / "给县办"), "--as-of", "2020-12-16")

    stem = "推荐审批表_第2号_乙村支部_2020-12-16"
    assert sorted(path.name for path in (tmp_path / "给县办").iterdir()) == [
        f"{stem}-2.docx", f"{stem}.docx",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("form", "7"), "没有第 7 号推荐"),
        (("compliance", "1", "--as-of", "2020-11-30"), "没有第 1 号推荐"),
        (("summary", "--award", "全省脱贫攻坚帮扶先进个人"), "没有推荐对象，未生成文书"),
        (("report", "--award", "劳动模范"), "没有“劳动模范”这个奖项"),
        (("summary", "--plan", "gansu-2019-33"), "没有评选方案"),
        (("report", "--as-of", "昨天"), "写法不对"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    engine_here: sa.Engine, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(LuzeError) as failure:
        run(*words)

    assert said in str(failure.value)
    assert not list(tmp_path.glob("papers/*"))
    assert papers_written(engine_here) == []


def test_the_code_printed_on_a_paper_is_verified(tmp_path: Path) -> None:
    run("compliance", "1")
    (path,) = (tmp_path / "papers").iterdir()
    (printed,) = re.findall(r"核验码　(\S+)", reading.text(path.read_bytes()))
    (whole,) = re.findall(r"[0-9a-f]{64}", reading.text(path.read_bytes()))

    for what in (printed, whole, f"luze:verify:1:{whole}", "1", "第1号"):
        told = run("verify", what)
        assert "数据库中的快照完整，与推荐时登记的一致，推荐现为已推荐" in told
        assert f"核验码 {whole[:12]} 第 1 号 甲局" in told
        assert "2020-12-16 审查：可推荐" in told


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("2", "第 2 号推荐没有快照，还没有提名"),
        ("9", "没有第 9 号推荐"),
        ("000000000001", "数据库中没有快照用"),  # a code of digits only is no number
        ("不在的.json", "不是现有的快照文件"),
    ],
)
def test_what_leads_to_no_snapshot_is_refused(what: str, said: str) -> None:
    with pytest.raises(LuzeError) as failure:
        run("verify", what)
    assert said in str(failure.value)


def test_a_withdrawn_one_is_verified_and_said_to_be_withdrawn() -> None:
    run("withdraw", "1", "--reason", "本人放弃")
    assert "推荐现为已撤回" in run("verify", "1")


def test_the_office_s_address_goes_into_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings.load({}).base_url == ""
    assert settings.load({"TRACKER_BASE_URL": "http://luze.example/"}).base_url == (
        "http://luze.example"
    )
    run("compliance", "1")
    monkeypatch.setenv("TRACKER_BASE_URL", "http://luze.example/")
    run("compliance", "1")
    pictures = {picture_in(path) for path in (tmp_path / "papers").iterdir()}

    assert len(pictures) == 2


def picture_in(path: Path) -> bytes:
    """The only picture of a docx."""
    archive = zipfile.ZipFile(path)
    (name,) = [n for n in archive.namelist() if n.startswith("word/media/")]
    return archive.read(name)
