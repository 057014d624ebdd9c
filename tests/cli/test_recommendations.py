"""`policy recommendations`: what a document would have somebody decide, and who decides."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tracker.cli import app

PACKS = Path(__file__).parents[1] / "packs"


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setenv("TRACKER_POLICY_DIR", str(PACKS))


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["policy", "recommendations", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        return str(result.exception)
    return result.stdout


def test_each_is_listed_with_the_duties_it_follows_and_who_decides() -> None:
    said = run("hewan-2015-1")
    for words in ("一票否决", "县市区党委政府：脱贫人口", "河湾县扶贫开发领导小组", "系统不作决定"):
        assert words in said


def test_a_document_without_any_says_so() -> None:
    assert run("ningyuan-2016-3") == "没有这类建议\n"


def test_an_unknown_document_is_refused_with_those_there_are() -> None:
    said = run("hewan-2015-2")
    assert "没有规则包“hewan-2015-2”" in said
    assert "hewan-2015-1" in said
