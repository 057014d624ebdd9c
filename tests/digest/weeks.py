"""Weeks to be told: two counties with a unit and a township each, checked twice.

示例县: 甲局 is short of a study, 赵甲子 of a visit; 东乡 missed the meeting of November and entered
it late. 另一县 is 丙局's and never lies in 示例县.
"""

from __future__ import annotations

from datetime import date

from tests.scenarios.world import World, moment, months, only, shipped_law
from tracker.digest.reader import LEADER, Reader
from tracker.digest.week import Week, gather

LAST_WEEK, TODAY = date(2020, 1, 8), date(2020, 1, 17)
DUTIES = ("unit.study", "helper.visit", "township.captains_meeting")


def two_counties(world: World) -> None:
    """Who there is, and what was done and reported in 2019."""
    world.law = only(shipped_law(), DUTIES)
    for name, parent in (("另一县", "示例市"), ("南乡", "另一县"), ("南村", "南乡")):
        world.area(name, parent)
    for unit, village, helper in (
        ("甲局", "东村", "赵甲子"), ("乙局", "西村", "钱乙丑"), ("丙局", "南村", "孙丙寅"),
    ):  # fmt: skip
        world.unit(unit, village)
        world.person(helper, unit)
        household = f"户{village}"
        world.subject(household, "household", home=world.ids["示例县"], code=f"HC-{village}")
        world.tie("part_of", household, village)
        world.tie("paired_with", helper, household)
    for unit, studies in (("甲局", 3), ("乙局", 4), ("丙局", 2)):
        world.did(unit, "committee_study", *months("2019-08", f"2019-{7 + studies:02}"))
    for helper, village in (("钱乙丑", "西村"), ("孙丙寅", "南村")):
        world.did(helper, "household_visit", date(2019, 9, 2), date(2019, 10, 8),
                  toward=f"户{village}")  # fmt: skip
    world.reported(months("2019-01", "2019-12"))


def busy(world: World, hour: int = 23) -> None:
    """Two checks with a week between, the last at an hour; 东乡 entered a meeting late, so
    something is resolved."""
    two_counties(world)
    held = [day.replace(day=6) for day in months("2019-08", "2019-12")]
    world.did("南乡", "captains_meeting", *held)
    world.did("东乡", "captains_meeting", *(day for day in held if day.month != 11))
    world.check(LAST_WEEK)
    world.did("东乡", "captains_meeting", date(2019, 11, 6), entered=date(2020, 1, 10))
    world.check(TODAY, hour)


def told(world: World, scope: str, role: str = LEADER, as_of: date = TODAY, hour: int = 23) -> Week:
    """The week of one reader."""
    reader = Reader(1, "何甲子", world.ids[scope], role)
    (week,) = gather(
        world.connection, world.law, [reader], as_of=as_of, known_at=moment(as_of, hour)
    )
    return week


def quiet(world: World) -> None:
    """Two checks between which nothing happened; all that was owed is done."""
    world.law = only(shipped_law(), ("unit.study",))
    world.unit("甲局", "东村")
    world.did("甲局", "committee_study", *months("2019-08", "2019-11"))
    world.reported(months("2019-01", "2019-12"))
    world.check(LAST_WEEK)
    world.check(TODAY)
