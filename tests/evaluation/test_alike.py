"""Duties that are judged together get the verdicts that each gets alone."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.scenarios.world import World, all_covers, months, shipped_law
from tracker.evaluation.alike import alike, item_of
from tracker.evaluation.evaluate import evaluate
from tracker.policy.workplan import REPORTED

PACK = shipped_law().pack("huachi-2015-44")
COUNTY = "华池县"


def told(world: World) -> World:
    """The county reports every other target of its plan, each with a figure of its own."""
    world.area("庆阳市", "甘肃省")
    world.area(COUNTY, "庆阳市")
    world.reported(months("2015-01", "2017-11"), scope=COUNTY)
    for number, target in enumerate(PACK.targets[::2]):
        world.did(COUNTY, REPORTED, date(2017, 3, 31), item=target.name, quantity=number)
        world.did(COUNTY, REPORTED, date(2017, 9, 30), item=target.name, quantity=number + 1)
    return world


@pytest.mark.parametrize("day", [date(2017, 6, 1), date(2018, 1, 20)])
def test_duties_judged_together_are_judged_as_each_alone(world: World, day: date) -> None:
    told(world)
    together, alone = (world.scene(day, *(duty.id for duty in PACK.duties)) for _ in range(2))
    alone.__dict__["batches"] = [[index] for index in range(len(alone.duties))]
    assert len(together.batches) < len(alone.batches) / 2

    found = evaluate(world.connection, together, all_covers())
    each = evaluate(world.connection, alone, all_covers())

    pd.testing.assert_frame_equal(found, each, check_like=True)
    assert found["done"].nunique() > 10


def test_every_duty_is_judged_once_and_only_with_those_of_its_own_document() -> None:
    duties = [(pack.document, duty) for pack in shipped_law().packs for duty in pack.duties]
    batches = alike(duties)

    assert sorted(index for batch in batches for index in batch) == list(range(len(duties)))
    assert all(len({duties[index][0].id for index in batch}) == 1 for batch in batches)


@pytest.mark.parametrize(
    "change",
    [{"every": "year"}, {"measure": "sum"}, {"entry_grace": 9}, {"working_days_only": True}],
    ids=str,
)
def test_what_decides_how_a_duty_is_judged_keeps_it_apart(change: dict[str, object]) -> None:
    levels = [d for d in PACK.duties if d.measure == "latest" and d.every == "milestones"]
    one, other = levels[:2]
    assert item_of(one) != item_of(other)

    assert alike([(PACK.document, one), (PACK.document, other)]) == [[0, 1]]
    changed = other.model_copy(update=change)
    assert alike([(PACK.document, one), (PACK.document, changed)]) == [[0], [1]]
