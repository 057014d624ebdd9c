"""Names of written files: free, short enough, and inside the folder whatever a unit is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.scenarios.world import World, months
from tracker.cli import app
from tracker.cli.files import free_name
from tracker.cli.office import here
from tracker.db import transaction

STRANGE = ("../../逃出", "甲局/乙办", "长" * 110, "甲\t局:*?")


def test_a_name_that_a_file_has_is_not_given_again(tmp_path: Path) -> None:
    assert free_name(tmp_path, "表", ".xlsx").name == "表.xlsx"
    (tmp_path / "表.xlsx").touch()
    (tmp_path / "表-2.xlsx").touch()
    assert free_name(tmp_path, "表", ".xlsx").name == "表-3.xlsx"


def test_a_long_name_is_cut_between_characters_and_stays_free(tmp_path: Path) -> None:
    first = free_name(tmp_path, "长" * 110, ".xlsx")
    first.touch()
    assert first.name == f"{'长' * 66}.xlsx"
    assert free_name(tmp_path, "长" * 110, ".xlsx").name == f"{'长' * 66}-2.xlsx"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office that imported units with strange names."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    assert CliRunner().invoke(app, ["init"]).exit_code == 0
    with transaction(here().database) as connection:
        world = World(connection)
        for name in STRANGE:
            world.unit(name, "东村")
        world.reported(months("2019-01", "2019-12"))
    return tmp_path


@pytest.mark.parametrize("words", [("sheet", "ledger"), ("paper", "statement")])
@pytest.mark.parametrize("name", STRANGE)
def test_what_is_written_about_a_unit_stays_in_the_folder(
    office: Path, words: tuple[str, ...], name: str
) -> None:
    before = {path for path in office.rglob("*") if path.is_file()}
    out = office / "far" / "down"
    year = ("--year", "2019") if words[0] == "sheet" else ()
    asked = [*words, name, *year, "--as-of", "2020-01-09", "--out", str(out)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.exception
    made = {p for p in office.rglob("*") if p.is_file() and not p.name.startswith("luze")} - before
    assert made
    assert {path.parent for path in made} == {out}
