"""`tracker paper` and `tracker policy text`: never over an earlier file, every act on record."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from tests.consequences.desk import BREACH, behind
from tests.delivery import reading
from tests.scenarios.world import World
from tracker import audit, settings
from tracker.cli import app
from tracker.cli.office import Office
from tracker.db import table, transaction
from tracker.errors import LuzeError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with one night checked and one interview recommended."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    assert run("init").exit_code == 0
    with transaction(database()) as connection:
        world = World(connection)
        behind(world)
        world.check(BREACH)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def database() -> sa.Engine:
    return Office(settings.from_environment()).database


def acts() -> list[sa.Row[tuple[object, ...]]]:
    """The acts of this test, after the night."""
    with database().connect() as connection:
        assert audit.verify(connection)[1] is None
        rows = connection.execute(table(audit.Act).select()).all()
    return [row for row in rows if row.act != "check"]


@pytest.mark.parametrize(
    ("kind", "about", "name"),
    [
        ("预警通知书", "甲局", "预警通知书_甲局_2021-01-09"),
        ("supervision", "甲局", "督办单_甲局_红色_2021-01-09"),
        ("约谈通知书", "第1号", "约谈通知书_第1号_甲局_2021-01-09"),
        ("合规情况说明", "甲局", "合规情况说明_甲局_2021-01-09"),
    ],
)
def test_a_paper_is_written_and_the_act_is_on_record_with_its_digest(
    home: Path, kind: str, about: str, name: str
) -> None:
    result = run("paper", kind, about)

    assert result.exit_code == 0, result.output
    (path,) = (home / "papers").iterdir()
    assert path.name == f"{name}.docx"
    assert str(path) in result.output.replace("\n", "")
    (act,) = acts()
    assert (act.act, act.detail["file"], act.detail["as_of"]) == ("paper", path.name, "2021-01-09")
    assert act.detail["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_paper_is_never_written_over_an_earlier_one(home: Path) -> None:
    out = home / "给某局的"
    for _ in range(2):
        assert run("paper", "约谈记录", "1", "--out", str(out)).exit_code == 0

    names = sorted(path.name for path in out.iterdir())
    assert names == ["约谈记录_第1号_甲局_2021-01-09-2.docx", "约谈记录_第1号_甲局_2021-01-09.docx"]


def test_a_template_of_the_office_is_taken(home: Path) -> None:
    folder = home / "templates" / "documents"
    folder.mkdir(parents=True)
    (folder / "约谈记录.md").write_text("# 本县约谈记录\n\n{{ unit }}\n", encoding="utf-8")

    assert run("paper", "约谈记录", "1").exit_code == 0
    (path,) = (home / "papers").iterdir()
    assert reading.lines(path.read_bytes()) == ["代拟稿", "本县约谈记录", "", "甲局"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("通报", "甲局"), "没有文种“通报”"),
        (("约谈记录", "甲局"), "约谈记录要写编号，而“甲局”不是编号"),
        (("约谈记录", "7"), "没有第 7 号约谈"),
        (("认定依据", "#77"), "没有编号为 77 的判定"),
        (("整改通知书", "1"), "还没有约谈"),
        (("督办单", "甲局", "--level", "紫"), "不能写 --level 紫"),
        (("预警通知书", "甲局", "--level", "红"), "只有督办单分颜色"),
        (("督办单", "甲局", "--level", "蓝"), "没有这种颜色的提醒"),
        (("预警通知书", "丁局"), "丁局"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    result = run("paper", *words)

    assert isinstance(result.exception, LuzeError)
    assert said in str(result.exception)
    assert not list(home.glob("papers/*"))
    assert acts() == []


def test_an_interview_paper_is_of_the_day_of_the_last_act(home: Path) -> None:
    day = date(2021, 1, 11)
    assert run("interviews", "inform", "1", "--by", "何甲子", "--on", str(day)).exit_code == 0
    assert run("paper", "约谈通知书", "1").exit_code == 0
    (path,) = (home / "papers").iterdir()

    assert path.name.endswith("2021-01-11.docx")
    assert "请在2021年1月14日前书面提出" in reading.text(path.read_bytes())


def test_a_text_is_loaded_and_says_what_was_not_found(home: Path) -> None:
    file = home / "清单.txt"
    file.write_text("五、某部分\n（一）自拟的话。", encoding="gb18030")
    result = run("policy", "text", "gansu-2019-33", str(file))

    assert result.exit_code == 0, result.output
    assert "存入 甘办发〔2019〕33号 原文 1 条" in result.output
    assert "没有找到：一(一)、" in result.output
    assert [act.act for act in acts()] == ["policy_text"]
    assert run("paper", "预警通知书", "甲局").exit_code == 0
    (path,) = (home / "papers").iterdir()
    assert "五(一)（原文）：自拟的话。" in reading.lines(path.read_bytes())


def test_a_text_of_an_unknown_document_is_refused(home: Path) -> None:
    result = run("policy", "text", "nobody", str(home / "x.txt"))

    assert "没有规则包“nobody”" in str(result.exception)
