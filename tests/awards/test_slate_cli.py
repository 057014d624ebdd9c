"""`query --list`: totals and what needs a look, the copy, the exit code, the JSON form."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from typer.testing import CliRunner

from tests.awards.gating import Gate
from tests.awards.slating import HEAD, TITLE, book, row, told_of
from tests.scenarios.world import World, only, shipped_law
from tracker import audit
from tracker.cli import app
from tracker.cli.office import Office
from tracker.db import table, transaction
from tracker.errors import LuzeError

DUTIES = ("unit.study", "cadre.days_220", "cadre.nights_160")
NOW = "2020-12-01T12:00:00+08:00"


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The world of lists; 钱乙 was punished."""
    with transaction(sqlite_engine) as connection:
        world = World(connection)
        told_of(world)
        Gate(world).incident("discipline", date(2019, 5, 1), subject="钱乙")
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setattr(Office, "law", only(shipped_law(), DUTIES))


def run(*words: str) -> tuple[int, str]:
    """Exit code and what a command prints."""
    with freeze_time(NOW):
        result = CliRunner().invoke(app, ["query", *words], catch_exceptions=False)
    return result.exit_code, result.stdout


def listed(folder: Path, *rows: tuple[object, ...]) -> str:
    return str(book(folder / "名单.xlsx", 名单=[TITLE, HEAD, *rows]))


GOOD, BARRED = row("赵甲", "甲局", "队长"), row("钱乙", "甲局", "队员")
OPEN, UNNAMED_KIND = row("孙丙", "", "队员"), row("周戊", "丙局", "劳动能手")


@pytest.mark.parametrize(
    ("rows", "code"),
    [((GOOD,), 12), ((OPEN,), 12), ((GOOD, UNNAMED_KIND), 10), ((UNNAMED_KIND, OPEN, BARRED), 11)],
)
def test_the_exit_code_is_the_gravest_answers(
    tmp_path: Path, rows: tuple[tuple[object, ...], ...], code: int
) -> None:
    assert run("--list", listed(tmp_path, *rows))[0] == code


def test_totals_come_first_then_what_needs_a_look_then_the_copy(tmp_path: Path) -> None:
    _, told = run("--list", listed(tmp_path, GOOD, UNNAMED_KIND, BARRED, OPEN))

    assert "共 4 个：不得推荐 1，暂缓推荐 1，待补材料 1，未审查 1" in told
    places = [told.index(f"第{n}行") for n in (6, 5, 4, 3)]
    assert places == sorted(places)
    assert told.rstrip().endswith(f"{tmp_path / 'papers' / '名单（审查结果）.xlsx'}")


def test_a_copy_is_never_written_over_another_and_each_is_recorded(
    tmp_path: Path, sqlite_engine: sa.Engine
) -> None:
    for _ in range(2):
        run("--list", listed(tmp_path, GOOD), "--out", str(tmp_path / "结果"))
    names = sorted(path.name for path in (tmp_path / "结果").iterdir())
    assert names == ["名单（审查结果）-2.xlsx", "名单（审查结果）.xlsx"]
    acts = table(audit.Act)
    with sqlite_engine.connect() as connection:
        told = connection.scalars(sa.select(acts.c.detail).where(acts.c.act == "paper")).all()
    assert [json.loads(one)["list"] if isinstance(one, str) else one["list"] for one in told] == [
        "名单.xlsx", "名单.xlsx",
    ]  # fmt: skip


def test_the_list_is_stable_as_json(tmp_path: Path) -> None:
    code, told = run("--list", listed(tmp_path, BARRED, OPEN), "--json")
    found = json.loads(told)

    assert code == 11
    assert list(found) == [
        "list", "as_of", "known_at", "returned", "answer", "answer_name", "totals", "remarks",
        "rows",
    ]  # fmt: skip
    assert found["totals"] == {
        "eligible": 0, "incomplete": 0, "on_hold": 0, "barred": 1, "not_judged": 1,
    }  # fmt: skip
    barred, unclear = found["rows"]
    assert list(barred) == [
        "sheet", "row", "name", "unit", "subject_id", "answer", "judged", "twins", "messages",
        "award",
    ]  # fmt: skip
    assert (barred["row"], barred["answer"], barred["award"]["kind"]) == (
        3,
        "barred",
        "team_member",
    )
    assert (unclear["judged"], unclear["award"], unclear["subject_id"]) == (False, None, None)


@pytest.mark.parametrize("words", [(), ("甲局", "--list", "名单.xlsx")])
def test_either_a_name_or_a_list_is_asked_about(words: tuple[str, ...]) -> None:
    with pytest.raises(LuzeError, match="只写其中一种"):
        run(*words)


def test_a_refused_list_leaves_no_copy(tmp_path: Path) -> None:
    with pytest.raises(LuzeError, match="没有“劳动模范”"):
        run("--list", listed(tmp_path, GOOD), "--award", "劳动模范")
    assert not (tmp_path / "papers").exists()
