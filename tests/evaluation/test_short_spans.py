"""The floor of a count (I12): under 30 days nothing is owed, under 15 in a month; 220 has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.scenarios.world import World, months, only, shipped_law
from tracker.policy.document import Every
from tracker.policy.law import Law

END = date(2020, 6, 30)
DUTY = "unit.return_visit"


def counted_every(every: Every) -> Law:
    """The law with its return visits counted in another window."""
    law = only(shipped_law(), (DUTY,))
    pack = law.pack("gansu-2019-33")
    duty = pack.duties[0].model_copy(update={"every": every})
    return replace(law, packs=(pack.model_copy(update={"duties": (duty,)}),))


@pytest.mark.parametrize("every", ["month", "quarter", "half_year"])
def test_a_span_owes_from_its_floor_on(world: World, every: Every) -> None:
    floor = 15 if every == "month" else 30
    world.law = counted_every(every)
    world.unit("甲局", "东村")
    for days in (floor - 1, floor, floor + 1):
        world.cadre(f"在村{days}天", "甲局", "东村", (END - timedelta(days - 1), None))
    world.reported(months("2020-01", "2020-06"))

    rows = world.look(date(2020, 7, 8))
    found = rows[rows["closes"] == END].set_index("counterpart")
    assert found["status"].to_dict() == {
        f"在村{floor - 1}天": "not_applicable",
        f"在村{floor}天": "breached",
        f"在村{floor + 1}天": "breached",
    }
    assert found["required"].tolist() == [0, 1, 1]


def test_a_whole_window_owes_however_short_the_window_is(world: World) -> None:
    world.law = counted_every("month")
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 2, 1), date(2020, 2, 29)))
    world.reported(months("2020-01", "2020-06"))

    rows = world.look(date(2020, 7, 8))
    assert rows.set_index("opens")["status"].to_dict() == {date(2020, 2, 1): "breached"}
