"""`tracker digest`: letters to look at in a folder; nothing is sent, nothing written over."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from tests.digest.weeks import TODAY, busy
from tests.scenarios.world import OFFICER, World, moment
from tracker.cli import app
from tracker.cli.digest import some_readers
from tracker.db import table, transaction
from tracker.delivery.tables import Contact
from tracker.outbox import Outgoing


@pytest.fixture
def home(sqlite_engine: sa.Engine, tmp_path: Path) -> Path:
    """A home whose database tells the busy week."""
    with transaction(sqlite_engine) as connection:
        busy(World(connection))
    return tmp_path


def digest(home: Path, *words: str) -> Result:
    environment = {"TRACKER_HOME": str(home), "COLUMNS": "200"}
    return CliRunner().invoke(app, ["digest", *words], env=environment)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_without_contacts_the_county_and_a_unit_are_previewed(home: Path) -> None:
    told = digest(home)
    assert told.exit_code == 0, told.output
    assert str(home / "digests" / "2020-01-17" / "index.html") in told.stdout.replace("\n", "")
    page = (home / "digests" / "2020-01-17" / "index.html").read_text(encoding="utf-8")
    assert "示例县帮扶履责周报 1月17日：新增2 化解1 即将到期1 待您决定1" in page
    assert "甲局帮扶履责周报" in page
    assert names(home / "digests" / "2020-01-17") == [
        *(f"0{n}-leader.{ending}" for n in (1, 2) for ending in ("docx", "html", "txt", "xlsx")),
        "index.html",
    ]


def test_every_link_of_the_listing_leads_to_a_file(home: Path, tmp_path: Path) -> None:
    digest(home, "--scope", "示例县", "--out", str(tmp_path / "out"))
    folder = tmp_path / "out" / "2020-01-17"
    page = (folder / "index.html").read_text(encoding="utf-8")
    listed = [name for name in names(folder) if f'href="{name}"' in page]
    assert listed == [name for name in names(folder) if name != "index.html"]


def test_a_second_preview_is_written_beside_the_first_and_says_the_same(home: Path) -> None:
    digest(home, "--scope", "甲局")
    digest(home, "--scope", "甲局")
    first, second = (home / "digests" / name for name in ("2020-01-17", "2020-01-17-2"))
    assert names(first) == names(second)
    assert all((first / n).read_bytes() == (second / n).read_bytes() for n in names(first))


def test_nothing_is_sent_by_looking(home: Path, sqlite_engine: sa.Engine) -> None:
    digest(home)
    with sqlite_engine.connect() as connection:
        assert (
            connection.execute(sa.select(sa.func.count()).select_from(table(Outgoing))).scalar()
            == 0
        )


def contact(engine: sa.Engine, name: str, scope: int) -> None:
    values = {
        "name": name, "scope_id": scope, "role": "leader", "channel": "mail", "address": "",
        "wants": ["digest"], "operator": OFFICER, "recorded_at": moment(TODAY),
    }  # fmt: skip
    with transaction(engine) as connection:
        connection.execute(table(Contact).insert(), values)


def test_contacts_that_want_digests_are_previewed_instead(
    home: Path, sqlite_engine: sa.Engine
) -> None:
    with sqlite_engine.connect() as connection:
        county, unit = some_readers(connection, TODAY)
    contact(sqlite_engine, "何甲子", county.scope_id)
    contact(sqlite_engine, "李乙丑", unit.scope_id)
    assert "周报 2 份" in digest(home).stdout
    one = digest(home, "--to", "李乙丑").stdout
    assert "周报 1 份" in one
    assert "甲局帮扶履责周报" in one


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "王丙寅"), "没有接收周报的联系人“王丙寅”"),
        (("--to", "1", "--scope", "示例县"), "不能同时写"),
        (("--scope", "示例县", "--role", "市长"), "--role 可写：领导、联络员、群"),
        (("--as-of", "2019-06-01"), "没有检查过"),
        (("--as-of", "1月9日"), "应写成 2020-01-09"),
    ],
)
def test_what_cannot_be_asked_is_told(home: Path, words: tuple[str, ...], told: str) -> None:
    result = digest(home, *words)
    assert result.exit_code != 0
    assert told in str(result.exception)
    assert not (home / "digests").exists()


def test_the_preview_of_a_group_is_text_alone(home: Path) -> None:
    digest(home, "--scope", "示例县", "--role", "群")
    assert names(home / "digests" / "2020-01-17") == ["01-group.txt", "index.html"]
