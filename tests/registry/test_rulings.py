"""Rulings: a named officer's verdict on what needs a person, on the figures of that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.scenarios.world import OFFICER, World, moment
from tracker import audit
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.registry import rulings
from tracker.registry.rulings import Judged
from tracker.registry.waiver_tables import Ruling

KEY = "gansu-2019-33|cadre.nights_160|9||2020-01-01|"
ASKED = Judged(KEY, "needs_review", 160, 160, date(2020, 1, 1))
RULED = date(2021, 1, 12)


@pytest.fixture
def world(engine: sa.Engine) -> Iterator[World]:
    """An empty world on a fresh database of each kind."""
    with transaction(engine) as connection:
        yield World(connection)


def rule(world: World, finding: Judged | None = ASKED, on: date = RULED, **changes: Any) -> int:
    told = {
        "verdict": "breached", "officer": "李乙丑", "authority": "县帮扶办",
        "reason": "节假日住村不计", "now": moment(on, 9), **changes,
    }  # fmt: skip
    return rulings.rule(world.connection, finding, on=on, operator=OFFICER, **told)


def refused(world: World, *words: Any, **changes: Any) -> str:
    before = stored(world)
    with pytest.raises(LuzeError) as refusal:
        rule(world, *words, **changes)
    assert stored(world) == before
    return str(refusal.value)


def stored(world: World) -> list[Any]:
    t = table(Ruling)
    return list(world.connection.execute(sa.select(t).order_by(t.c.id)))


def test_a_ruling_keeps_the_figures_it_was_made_on(world: World) -> None:
    rule(world, verdict="未达标", document_number="华帮办〔2021〕1号")

    (row,) = stored(world)
    assert (row.key, row.verdict, row.done, row.required) == (KEY, "breached", 160, 160)
    assert audit.verify(world.connection) == (1, None)


def test_a_ruling_needs_a_person_an_authority_and_a_reason(world: World) -> None:
    told = refused(world, officer=" ", authority="", reason="", verdict="差不多")

    for words in ("没有写经办人", "没有写作出决定的机关", "没有写理由", "没有“差不多”这种核定"):
        assert words in told


@pytest.mark.parametrize("status", ["met", "breached", "unreported", "waived"])
def test_only_what_needs_review_is_ruled_on(world: World, status: str) -> None:
    assert "不是待人工核定" in refused(world, Judged(KEY, status, 160, 160, date(2020, 1, 1)))
    assert "没有这项判定" in refused(world, None)


def test_the_same_verdict_on_the_same_figures_is_given_once(world: World) -> None:
    rule(world)

    assert "作过相同的核定" in refused(world)
    assert rule(world, Judged(KEY, "needs_review", 161, 160, date(2020, 1, 1)))


def test_a_later_ruling_replaces_the_former_and_both_stay(world: World) -> None:
    rule(world)
    rule(world, on=date(2021, 1, 13), verdict="met", reason="复核改正")

    def verdict(day: date, hour: int) -> str | None:
        found = rulings.load_rulings(world.connection, moment(day, hour)).get(KEY)
        return found.verdict if found else None

    assert len(stored(world)) == 2
    assert [verdict(RULED, 8), verdict(RULED, 9), verdict(date(2021, 1, 13), 8)] == [
        None, "breached", "breached",
    ]  # fmt: skip
    assert rulings.load_rulings(world.connection)[KEY].verdict == "met"


def test_a_ruling_is_not_dated_before_its_ground_nor_ahead(world: World) -> None:
    known = moment(RULED, 9)

    assert "早于考核期开始" in refused(world, on=date(2019, 12, 31), now=known)
    assert "晚于今天" in refused(world, on=date(2021, 1, 13), now=known)
    rule(world, now=known)
    assert "早于上一次核定" in refused(world, on=date(2021, 1, 11), now=known, verdict="met")
    assert rule(world, on=RULED, now=known, verdict="met")
