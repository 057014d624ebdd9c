"""A standing duty over a year: each unbroken gap is one episode, with one key of its own (I73)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.scenarios.world import World, month_end, months
from tracker.frames import each

GAPS = {date(2020, 3, 11): date(2020, 5, 20), date(2020, 8, 1): date(2020, 9, 15)}
DUTY = "unit.branch_pairing"


@pytest.fixture
def year(world: World) -> World:
    """A branch pairing with two gaps in 2020; every month is reported on its last day."""
    world.unit("甲局", "东村")
    starts = [date(2019, 7, 31), *GAPS.values()]
    ends = [date(2020, 3, 10), date(2020, 7, 31), None]
    for first, last in zip(starts, ends, strict=True):
        world.did("甲局", "branch_pairing", first, toward="东村", until=last)
    world.reported(months("2019-08", "2020-12"))
    return world


def test_each_gap_is_an_episode_named_by_its_first_day(year: World) -> None:
    found = []
    for month in months("2020-01", "2020-12"):
        (row,) = each(year.look(month_end(month), DUTY))
        found.append((row.status, row.episode))

    first, second = GAPS
    assert found == [
        ("met", None), ("met", None),
        ("breached", first), ("breached", first), ("met", first), ("met", first), ("met", first),
        ("breached", second), ("met", second), ("met", second), ("met", second), ("met", second),
    ]  # fmt: skip


def test_a_cured_gap_keeps_its_key_and_a_new_gap_gets_another(year: World) -> None:
    days = (date(2020, 4, 30), date(2020, 5, 31), date(2020, 8, 31), date(2020, 9, 30))
    open_, cured, again, cured_again = (year.look(day, DUTY)["key"].item() for day in days)

    assert open_ == cured
    assert again == cured_again
    assert open_ != again


@pytest.mark.parametrize(
    ("cured", "status"),
    [
        (date(2020, 5, 19), "met"),
        (date(2020, 5, 20), "met"),
        (date(2020, 5, 21), "breached"),
    ],
)
def test_it_is_cured_on_the_day_on_which_it_holds_again(
    world: World, cured: date, status: str
) -> None:
    world.unit("甲局", "东村")
    world.did("甲局", "branch_pairing", date(2019, 8, 1), toward="东村", until=date(2020, 3, 10))
    world.did("甲局", "branch_pairing", cured, toward="东村")
    world.reported(months("2019-08", "2020-12"))

    assert world.look(date(2020, 5, 20), DUTY)["status"].item() == status
