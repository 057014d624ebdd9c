"""The generated prefecture: the same rows every time, in the shape an import leaves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.scenarios.world import OFFICER, all_covers, moment, shipped_law
from tracker import audit, nightly
from tracker.db import open_engine, table, transaction, upgrade
from tracker.demo import people, prefecture
from tracker.ledger.tables import Batch, Entry, Line
from tracker.ledger.undo import undo_batch
from tracker.registry.tables import Post, Subject, Tie
from tracker.workdays import calendar_for

NOW = moment(date(2020, 12, 1), 9)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counties of three villages."""
    monkeypatch.setattr(people, "VILLAGES", 3)


def fill(engine: sa.Engine, *numbers: int) -> None:
    for number in numbers:
        with transaction(engine) as connection:
            calendar = calendar_for(shipped_law().calendar)
            prefecture.fill(connection, number, calendar, now=NOW, operator=OFFICER)


def rows(engine: sa.Engine, model: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table(model)).order_by(table(model).c.id)))


def test_the_same_number_gives_the_same_rows_again(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    upgrade(other)
    fill(sqlite_engine, 0)
    fill(other, 0)
    for model in (Subject, Tie, Post, Entry, Line):
        assert rows(sqlite_engine, model) == rows(other, model)
    other.dispose()


def test_a_generated_county_can_be_taken_back_like_any_batch(engine: sa.Engine) -> None:
    fill(engine, 0)
    assert not any(one.voided_at for one in rows(engine, Line))
    with transaction(engine) as connection:
        undo_batch(connection, 1, now=NOW, operator=OFFICER)
    assert all(one.voided_at for one in rows(engine, Line))


def test_each_county_is_a_batch_and_an_act_of_its_own(engine: sa.Engine) -> None:
    fill(engine, 0, 1)
    names = [batch.file_name[:3] for batch in rows(engine, Batch)]
    assert names == ["庆城县", "环县2"]
    with engine.connect() as connection:
        assert audit.verify(connection) == (2, None)


def test_after_the_last_county_the_first_grows(engine: sa.Engine) -> None:
    fill(engine, 0, prefecture.FULL)
    found = rows(engine, Subject)
    assert sum(one.kind == "county" for one in found) == 1
    assert sum(one.kind == "village" for one in found) == 2 * people.VILLAGES
    codes = [one.code for one in found if one.sort == "household"]
    assert len(codes) == len(set(codes)) == 2 * people.VILLAGES * 10


def test_no_day_to_come_is_told_and_every_line_has_its_entry(engine: sa.Engine) -> None:
    fill(engine, 0)
    entries = {one.id for one in rows(engine, Entry)}
    lines = rows(engine, Line)
    assert {one.entry_id for one in lines} <= entries
    assert max(one.day for one in lines) <= date(2020, 11, 30)


def test_both_years_of_residence_are_judged(engine: sa.Engine) -> None:
    fill(engine, 0)
    with engine.connect() as connection:
        scene = nightly.set_scene(
            connection, shipped_law(), as_of=prefecture.LAST_NIGHT, known_at=NOW
        )
        found = nightly.look(connection, scene, all_covers())
    days = found[found["duty"] == "cadre.days_220"]
    assert {day.year for day in days["opens"]} == {2019, 2020}
    assert (days["done"] > 0).all()
    assert (found["status"] == "met").mean() > 0.7
