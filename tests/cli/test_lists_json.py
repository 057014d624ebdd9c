"""`findings`, `notices` and `interviews` with --json: one object each, filtered as asked."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tests.scenarios.world import World, months, only, shipped_law
from tracker.cli import app
from tracker.db import transaction

BREACHED = date(2020, 1, 9)


@pytest.fixture
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit short of one study in 2019, checked once."""
    with transaction(sqlite_engine) as connection:
        world = World(connection, only(shipped_law(), ("unit.study",)))
        world.unit("甲局", "东村")
        world.did("甲局", "committee_study", *months("2019-09", "2019-11"))
        world.reported(months("2019-01", "2019-12"))
        world.check(BREACHED)
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))


def asked(*words: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    listed: list[dict[str, Any]] = json.loads(result.stdout)
    return listed


@pytest.mark.usefixtures("office")
def test_findings_are_filtered_by_area_and_year() -> None:
    (found,) = asked("findings", "--duty", "unit.study", "--window-year", "2019", "--area", "6299")

    assert (found["window_start"], found["window_end"]) == ("2019-01-01", "2019-12-31")
    assert found["holder"]["name"] == found["holder"]["unit"] == "甲局"
    assert (found["status"], found["done"], found["flags"]) == ("breached", 3, ["transitional"])
    assert found["beside"] == []
    assert asked("findings", "--area", "63") == []


@pytest.mark.usefixtures("office")
def test_notices_and_interviews_are_shown_as_of_a_day() -> None:
    (notice,), (interview,) = asked("notices"), asked("interviews")

    assert (notice["level"], notice["event"], notice["as_of"]) == ("red", "raised", "2020-01-09")
    assert notice["subject"] == interview["accountable"]
    assert interview["grounds"] == [notice["key"]]
    assert (
        asked("notices", "--as-of", "2020-01-08")
        == asked("interviews", "--as-of", "2020-01-08")
        == []
    )
