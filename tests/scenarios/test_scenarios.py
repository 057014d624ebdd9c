"""Every scenario file, judged day by day on SQLite, and its fullest day on PostgreSQL too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.scenarios.scenario import Case, load_all
from tests.scenarios.verdict import asked, differences, pick
from tests.scenarios.world import World, shipped_law

HERE = Path(__file__).parent
FOLDERS = ("", "beijinggang", "gannan", "huachi")  # the duty list of 2019, and other documents
CASES = [case for folder in FOLDERS for case in load_all(HERE / folder)]


def by_day(case: Case) -> dict[date, list[str]]:
    """The days judged, in order, and what is expected on each."""
    days: dict[date, list[str]] = {}
    for about, verdicts in case.expected.items():
        for day in verdicts:
            days.setdefault(day, []).append(about)
    return dict(sorted(days.items()))


def wrong_on(world: World, case: Case, day: date, matters: list[str]) -> list[str]:
    """What a day's findings say otherwise than the case."""
    rows = world.look(day, *sorted({asked(about).duty for about in matters}))
    return [
        f"{day} {about}：{text}"
        for about in matters
        for text in differences(pick(rows, asked(about)), case.expected[about][day])
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_verdicts_are_as_the_file_says(case: Case, scenario_sqlite: sa.Engine) -> None:
    with scenario_sqlite.connect() as connection:
        world = case.build(World(connection))
        wrong = [
            text
            for day, matters in by_day(case).items()
            for text in wrong_on(world, case, day, matters)
        ]
        connection.rollback()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", CASES)
def test_the_fullest_day_is_judged_alike_on_postgresql(
    case: Case, scenario_postgresql: sa.Engine
) -> None:
    day, matters = max(by_day(case).items(), key=lambda item: (len(item[1]), item[0]))
    with scenario_postgresql.connect() as connection:
        wrong = wrong_on(case.build(World(connection)), case, day, matters)
        connection.rollback()
    assert not wrong, "\n".join(wrong)


def test_every_computed_duty_of_the_law_has_a_scenario() -> None:
    """Targets and tasks are written out by one rule each: some are told, not all."""
    told = {asked(about).duty for case in CASES for about in case.expected}
    law = shipped_law().packs
    short = {target.id for pack in law for target in pack.targets}
    short |= {task.id for pack in law for task in pack.tasks}

    assert told - short == {duty.id for pack in law for duty in pack.duties} - short
