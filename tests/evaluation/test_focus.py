"""A focus changes what is looked at, never what is found."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.scenarios.world import World, months

JUDGED = date(2021, 1, 20)
PARTIES = ["holder", "counterpart", "accountable"]


def told(world: World) -> World:
    """Two units and two teams, a cadre who moved, a helper, a leader."""
    world.unit("甲局", "东村", "西村")
    world.unit("乙局", "西村")
    world.leader("钱甲子", "甲局")
    world.pair("孙甲子", "乙局", "HC01")
    world.cadre("赵乙丑", "乙局", "西村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), date(2020, 6, 30)))
    world.cadre("赵甲子", "甲局", "西村", (date(2020, 7, 1), None))
    world.did("赵甲子", "in_village", *pd.bdate_range("2020-01-02", "2020-12-30").date)
    world.did("钱甲子", "leader_visit", date(2020, 5, 6), place="东村")
    world.reported(months("2020-01", "2020-12"), scope="示例县")
    return world


@pytest.mark.parametrize(
    "subject",
    ["甲局", "乙局", "东村工作队", "西村工作队", "赵甲子", "钱甲子", "孙甲子", "示例县", "HC01"],
)
def test_a_subject_by_itself_is_judged_as_among_all(world: World, subject: str) -> None:
    duties = (
        "unit.study", "unit.leader_visit", "unit.pairing", "unit.return_visit", "unit.insurance",
        "county.training", "cadre.days_220", "team.systems", "helper.visit",
    )  # fmt: skip
    everything = told(world).look(JUDGED, *duties)
    alone = world.look(JUDGED, *duties, focus=frozenset({world.ids[subject]}))

    def of_subject(rows: pd.DataFrame) -> pd.DataFrame:
        mine = (rows[PARTIES] == subject).any(axis=1)
        return rows[mine].sort_values("key").reset_index(drop=True)

    assert len(of_subject(everything)) > 0
    pd.testing.assert_frame_equal(of_subject(alone), of_subject(everything), check_dtype=False)
