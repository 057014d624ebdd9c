"""Levels, both bounds and thresholds by case, on an invented document: every day of each case on
SQLite, its fullest one on PostgreSQL too."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.scenarios.bounds.invented import HERE, invented
from tests.scenarios.scenario import Case, load_all
from tests.scenarios.test_scenarios import by_day, wrong_on
from tests.scenarios.world import World

CASES = load_all(HERE)


def wrong(engine: sa.Engine, case: Case, days: dict[date, list[str]]) -> str:
    """What the findings of these days say otherwise than the case."""
    with engine.connect() as connection:
        world = case.build(World(connection, invented()))
        told = [text for day, about in days.items() for text in wrong_on(world, case, day, about)]
        connection.rollback()
    return "\n".join(told)


@pytest.mark.parametrize("case", CASES)
def test_the_verdicts_are_as_the_file_says(case: Case, scenario_sqlite: sa.Engine) -> None:
    assert not wrong(scenario_sqlite, case, by_day(case))


@pytest.mark.parametrize("case", CASES)
def test_the_fullest_day_is_judged_alike_on_postgresql(
    case: Case, scenario_postgresql: sa.Engine
) -> None:
    days = by_day(case)
    fullest = max(days, key=lambda day: (len(days[day]), day))
    assert not wrong(scenario_postgresql, case, {fullest: days[fullest]})
