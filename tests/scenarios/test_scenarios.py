"""Every scenario file, judged day by day on both kinds of database. See README.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.scenarios.scenario import Case, load_all
from tests.scenarios.verdict import asked, differences, pick
from tests.scenarios.world import World, shipped_law

CASES = load_all(Path(__file__).parent)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("case", CASES)
def test_the_verdicts_are_as_the_file_says(
    case: Case, database: str, request: pytest.FixtureRequest
) -> None:
    engine = request.getfixturevalue(f"scenario_{database}")
    days: dict[date, list[str]] = {}
    for about, by_day in case.expected.items():
        for day in by_day:
            days.setdefault(day, []).append(about)
    wrong = []
    with engine.connect() as connection:
        world = case.build(World(connection))
        duties = {asked(about).duty for about in case.expected}
        for day, matters in sorted(days.items()):
            rows = world.look(day, *sorted(duties))
            wrong += [
                f"{day} {about}：{text}"
                for about in matters
                for text in differences(pick(rows, asked(about)), case.expected[about][day])
            ]
        connection.rollback()
    assert not wrong, "\n".join(wrong)


def test_every_computed_duty_of_the_law_has_a_scenario() -> None:
    told = {asked(about).duty for case in CASES for about in case.expected}

    assert told == {duty.id for pack in shipped_law().packs for duty in pack.duties}
