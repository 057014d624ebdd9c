"""The last safe date is exact: full effort from that day on is enough, a day later it is not."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from chinese_calendar import is_workday

from tests.scenarios.world import World, months

DAY, END = date(2020, 8, 14), date(2020, 12, 31)
PEOPLE = 12


def each_day(first: date, last: date, *, working: bool = False) -> list[date]:
    """The days of a span, or its working days."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if not working or is_workday(day)]


def next_day(day: date, *, working: bool) -> date:
    """The next day that counts."""
    return each_day(day + timedelta(1), day + timedelta(15), working=working)[0]


def arrivals(random: Random) -> list[tuple[date | None, date | None]]:
    """Spans of all kinds that hold DAY."""
    return [
        (
            random.choice([None, date(2020, 1, 1) + timedelta(random.randrange(200))]),
            random.choice([None, DAY + timedelta(random.randrange(40, 139))]),
        )
        for _ in range(PEOPLE)
    ]


@pytest.mark.parametrize(
    ("duty", "kind", "working"),
    [("cadre.days_220", "in_village", True), ("cadre.nights_160", "overnight", False)],
)
def test_days_on_post(world: World, duty: str, kind: str, working: bool) -> None:
    random = Random(duty)
    world.unit("甲局", "东村")
    world.reported(months("2020-01", "2021-02"))
    spans = arrivals(random)
    for number, span in enumerate(spans):
        past = each_day(span[0] or date(2020, 1, 1), DAY, working=working)
        done = sorted(random.sample(past, int(len(past) * random.uniform(0.3, 1))))
        for twin in ("早", "迟"):
            world.cadre(f"{twin}{number}", "甲局", "东村", span)
            if done:
                world.did(f"{twin}{number}", kind, *done)

    rows = world.look(DAY, duty)
    safe = rows[rows["opens"] == date(2020, 1, 1)].set_index("holder")["last_safe_on"].to_dict()
    expected: dict[str, bool] = {}
    for number, span in enumerate(spans):
        end, day = min(span[1] or END, END), safe[f"早{number}"]
        if day is None:  # enough already
            expected |= {f"{twin}{number}": True for twin in ("早", "迟")}
            continue
        for twin, first in (("早", day), ("迟", next_day(day, working=working))):
            effort = [d for d in each_day(first, end, working=working) if d > DAY]
            if effort:
                world.did(f"{twin}{number}", kind, *effort)
            expected[f"{twin}{number}"] = twin == "早" and day > DAY

    rows = world.look(date(2021, 2, 20), duty)
    rows = rows[rows["opens"] == date(2020, 1, 1)].set_index("holder")
    met = (rows["done"] >= rows["required"]).to_dict()
    assert met == expected
    assert len(set(expected.values())) == 2


def test_visits_to_villages_that_change(world: World) -> None:
    world.area("南村", "东乡")
    world.unit("甲局", "东村")
    world.tie("assists", "甲局", "西村", (None, date(2020, 12, 20)))
    world.tie("assists", "甲局", "南村", (date(2020, 12, 31), None))
    for person in ("钱甲子", "钱乙丑"):
        world.leader(person, "甲局")
    world.reported(months("2020-01", "2021-02"))

    rows = world.look(date(2020, 12, 1), "unit.leader_visit")
    rows = rows[rows["opens"] == date(2020, 1, 1)]
    # On the 31st two villages are helped again, so that one day is enough for both visits.
    assert set(rows["last_safe_on"]) == {date(2020, 12, 31)}

    world.did("钱甲子", "leader_visit", date(2020, 12, 31), place="东村")
    world.did("钱甲子", "leader_visit", date(2020, 12, 31), place="南村")
    world.did("钱乙丑", "leader_visit", date(2020, 12, 30), place="东村")
    world.did("钱乙丑", "leader_visit", date(2020, 12, 30), place="南村")
    rows = world.look(date(2021, 1, 9), "unit.leader_visit")
    rows = rows[rows["opens"] == date(2020, 1, 1)].set_index("holder")
    assert rows["status"].to_dict() == {"钱甲子": "met", "钱乙丑": "breached"}
