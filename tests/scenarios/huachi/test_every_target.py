"""Every target of Huachi at every milestone: one step short of it, and just reached."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, months, shipped_law
from tracker.policy.duty import Case, Duty
from tracker.policy.milestones import day_of
from tracker.policy.workplan import REPORTED

PACK = shipped_law().pack("huachi-2015-44")
TARGETS = [PACK.duty(target.id) for target in PACK.targets]
COUNTY = "华池县"
STEP = Decimal("0.01")
YEARS = range(2015, 2021)
LOOKS = [date(year, 1, 31) for year in (2017, 2019, 2021)]  # each sees two years end


def asked(duty: Duty) -> dict[date, Decimal]:
    """The figure that each window asks for, by its last day."""
    bound = duty.at_most if duty.at_least is None else duty.at_least
    if not isinstance(bound, Case):
        return {date(year, 12, 31): Decimal(str(bound)) for year in YEARS}
    return {day_of(key) or date.max: Decimal(value) for key, value in bound.cases.items()}


def told(connection: sa.Connection, steps: int) -> World:
    """The county reports each figure on its last day, so many steps better than asked."""
    world = World(connection)
    world.area("庆阳市", "甘肃省")
    world.area(COUNTY, "庆阳市")
    world.reported(months("2015-01", "2020-12"), scope=COUNTY)
    for duty in TARGETS:
        better = STEP if duty.at_most is None else -STEP
        item = duty.counts[0].item or ""
        for last, figure in asked(duty).items():
            world.did(COUNTY, REPORTED, last, item=item, quantity=figure + steps * better)
    return world


def verdicts(world: World, day: date) -> dict[tuple[str, date], str]:
    """What is said on a day of the windows that ended within 400 days before it."""
    rows = world.look(day, *(duty.id for duty in TARGETS))
    ended = rows[(rows["closes"] < day) & (rows["status"] != "not_applicable")]
    return dict(zip(zip(ended["duty"], ended["closes"], strict=True), ended["status"], strict=True))


@pytest.mark.parametrize(
    ("steps", "verdict"), [(-1, "breached"), (0, "met")], ids=["short", "just"]
)
def test_a_target_is_met_from_its_figure_on(
    steps: int, verdict: str, scenario_sqlite: sa.Engine
) -> None:
    with scenario_sqlite.connect() as connection:
        world = told(connection, steps)
        found = {key: said for day in LOOKS for key, said in verdicts(world, day).items()}
        connection.rollback()

    assert found == {(duty.id, last): verdict for duty in TARGETS for last in asked(duty)}
