"""The commands that write sheets for print: files with free names, each act on record."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from tests.scenarios.world import World, months
from tracker import settings
from tracker.audit import Act
from tracker.cli import app
from tracker.cli.office import Office
from tracker.db import table

NIGHT = date(2020, 1, 9)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose small world was checked once."""
    home = tmp_path_factory.mktemp("office")
    assert run(home, "init").exit_code == 0
    with database(home).begin() as connection:
        world = World(connection)
        world.unit("甲局", "东村")
        world.cadre("王二", "甲局", "东村")
        world.reported(months("2019-01", "2019-12"))
        world.check(NIGHT)
    return home


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"TRACKER_HOME": str(home)})


def database(home: Path) -> sa.Engine:
    return Office(settings.load({"TRACKER_HOME": str(home)})).database


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (("monthly", "东乡", "--month", "2020-01"), "东乡2020年1月驻村帮扶工作队队长工作例会表"),
        (("monthly", "东乡"), "东乡2020年1月驻村帮扶工作队队长工作例会表"),
        (("ledger", "甲局", "--year", "2019"), "甲局2019年帮扶履责台账"),
    ],
)
def test_a_sheet_is_written_twice_and_the_act_is_on_record(
    home: Path, tmp_path: Path, words: tuple[str, ...], title: str
) -> None:
    result = run(home, "sheet", *words, "--out", str(tmp_path))
    assert result.exit_code == 0, result.output

    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(written) == {f"{title}.xlsx", f"{title}.docx"}
    with database(home).connect() as connection:
        acts = table(Act)
        last = connection.execute(sa.select(acts).order_by(acts.c.id.desc()).limit(1)).one()
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    assert (last.act, last.detail["files"]) == ("sheet", digests)


def test_a_template_never_replaces_one_that_was_filled_in(home: Path, tmp_path: Path) -> None:
    for _ in range(2):
        words = ("--template", "考勤", "--year", "2019", "--out", str(tmp_path))
        result = run(home, "import", *words)
        assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2019年导入模板-考勤-2.xlsx", "2019年导入模板-考勤.xlsx",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import",), "没有写明要导入的文件"),
        (("import", "--template", "月报"), "没有这种表：月报"),
        (("sheet", "monthly", "东乡", "--month", "2020-13"), "--month 的月份“2020-13”写法不对"),
        (("sheet", "monthly", "甲局"), "“甲局”不是乡镇"),
        (("sheet", "ledger", "甲局", "--year", "2021"), "2021 年还没有开始"),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_no_file(
    home: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in str(run(home, *words, "--out", str(tmp_path)).exception)
    assert list(tmp_path.iterdir()) == []
