"""The explanation is counted by another hand: its rows add up to the tally, for any ledger."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pandas as pd
import pytest

from tests.scenarios.world import World, all_covers, months
from tracker.evaluation import findings
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import Explanation, explain

JUDGED = date(2020, 12, 10)
COUNTED = (
    "unit.study", "unit.leader_visit", "unit.return_visit", "county.training",
    "township.captains_meeting", "cadre.days_220", "cadre.nights_160", "helper.plan",
    "helper.visit", "helper.deed",
)  # fmt: skip


def amount(explanation: Explanation) -> float:
    """What the counted rows add up to."""
    if explanation.duty.measure == "sum":
        return sum(row.quantity for row in explanation.counted)
    return len(explanation.counted)


def random_ledger(world: World, random: Random) -> None:
    """A county-year in which everything that can go wrong with a row does."""
    world.unit("甲局", "东村")
    world.tie("assists", "甲局", "西村", (date(2020, 3, 1), date(2020, 9, 30)))
    world.leader("钱甲子", "甲局", (date(2020, 2, 1), None))
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 15), date(2020, 11, 20)))
    world.cadre("赵乙丑", "甲局", "西村")
    world.pair("孙甲子", "甲局", "HC01")
    world.pair("孙甲子", "甲局", "HC02", (date(2020, 4, 1), None))
    world.reported(months("2020-01", "2020-12"))
    people = ["甲局", "示例县", "东乡", "钱甲子", "赵甲子", "赵乙丑", "孙甲子"]
    kinds = [
        "committee_study", "other_meeting", "leader_visit", "return_visit", "training",
        "captains_meeting", "overnight", "in_village", "business_trip", "rest",
        "plan_adjusted", "household_visit", "good_deed",
    ]  # fmt: skip
    for _ in range(260):
        day = date(2019, 12, 1) + timedelta(random.randrange(400))
        entered = day + timedelta(random.choice([0, 0, 0, 40]))
        world.did(
            random.choice(people), random.choice(kinds), day,
            role=random.choice(["performer", "organiser", "participant"]),
            toward=random.choice([None, "赵甲子", "赵乙丑", "HC01", "HC02"]),
            place=random.choice([None, "东村", "西村"]), quantity=random.choice([1, 2]),
            entered=entered,
            voided=random.choice([None, None, entered + timedelta(30)]),
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_counted_rows_add_up_to_the_tally(world: World, seed: int) -> None:
    random_ledger(world, Random(seed))
    scene = world.scene(JUDGED, *COUNTED)
    frame = evaluate(world.connection, scene, all_covers())
    rows = findings.to_rows(scene, frame)

    totals = []
    for (_, evaluated), (_, finding) in zip(frame.iterrows(), rows.iterrows(), strict=True):
        told = explain(world.connection, scene, all_covers(), evaluated, finding)
        totals.append((finding["key"], amount(told), finding["done"]))

    assert [t for t in totals if t[1] != t[2]] == []
    assert sum(done > 0 for _, _, done in totals) >= 5


REASONS = [
    ({"kind": "other_meeting"}, "类别不符"),
    ({"day": date(2020, 12, 11)}, "晚于判定日"),
    ({"day": date(2019, 12, 31)}, "早于考核期（或任职、结对）起始日"),
    ({"day": date(2020, 5, 12)}, "同一天（同一地点）已计一次"),
    ({"voided": date(2020, 7, 1)}, "该行已被更正、替换或撤销"),
    ({"role": "chair"}, "身份不符（组织、参加或履行）"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), REASONS, ids=[why for _, why in REASONS])
def test_a_row_that_does_not_count_says_why(
    world: World, change: dict[str, object], why: str
) -> None:
    world.unit("甲局", "东村")
    world.did("甲局", "committee_study", date(2020, 5, 12))
    values: dict[str, object] = {"kind": "committee_study", "day": date(2020, 6, 12), **change}
    kind, day = str(values.pop("kind")), values.pop("day")
    world.did("甲局", kind, day, entered=date(2020, 6, 12), **values)  # type: ignore[arg-type]
    world.reported(months("2020-01", "2020-11"))

    scene = world.scene(JUDGED, "unit.study")
    frame = evaluate(world.connection, scene, all_covers())
    rows = findings.to_rows(scene, frame)
    (position,) = [n for n, opens in enumerate(rows["opens"]) if opens == date(2020, 1, 1)]
    told = explain(world.connection, scene, all_covers(), frame.iloc[position], rows.iloc[position])

    assert [row.why_not for row in told.not_counted] == [why]
    assert len(told.counted) == 1
    assert pd.isna(told.finding["done_other"])
