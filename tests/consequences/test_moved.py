"""Who answers for a cadre who moved: the last team of each window, never one joined later."""

from __future__ import annotations

from datetime import date

import pytest

from tests.consequences.desk import BREACH
from tests.scenarios.world import World, months, only, shipped_law
from tracker.consequences.cases import load_cases
from tracker.frames import each

NIGHTS = "cadre.nights_160"


def moved(world: World, until: date, since: date) -> World:
    """赵甲子 leaves 东村 on one day and comes to 西村 on another; he sleeps nowhere."""
    world.law = only(shipped_law(), (NIGHTS,))
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2019, 1, 1), until))
    world.cadre("赵甲子", "甲局", "西村", (since, None))
    world.reported(months("2019-01", "2021-12"))
    return world


@pytest.mark.parametrize("since", [date(2020, 10, 1), date(2020, 10, 2)])
def test_a_year_is_answered_for_by_the_last_team_of_that_year(world: World, since: date) -> None:
    rows = moved(world, date(2020, 9, 30), since).look(BREACH)
    found = {row.opens.year: (row.accountable, row.status) for row in each(rows)}

    assert found[2019] == ("东村工作队", "breached")
    assert found[2020] == ("西村工作队", "breached")


def test_nobody_interviews_a_team_for_a_year_before_the_cadre_came(world: World) -> None:
    moved(world, date(2020, 9, 30), date(2020, 10, 1)).check(BREACH)
    east, west = (world.ids[f"{village}工作队"] for village in ("东村", "西村"))
    years = {case.accountable_id: [k.split("|")[4] for k in case.keys]
             for case in load_cases(world.connection)}  # fmt: skip

    assert years == {east: ["2019-01-01"], west: ["2020-01-01"]}


@pytest.mark.parametrize("since", [date(2020, 10, 1), date(2020, 10, 2)])
def test_asking_about_the_former_team_judges_the_whole_year(world: World, since: date) -> None:
    moved(world, date(2020, 9, 30), since)
    whole = world.look(BREACH).set_index("key")
    alone = world.look(BREACH, focus=frozenset({world.ids["东村工作队"]})).set_index("key")

    columns = ["required", "accountable", "status"]
    assert alone[columns].equals(whole.loc[alone.index, columns])
