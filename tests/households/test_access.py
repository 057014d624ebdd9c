"""Who may read the name of a household's head."""

from __future__ import annotations

from datetime import date

import pytest

from tests.households.home import TODAY, Home
from tracker.households.access import why_allowed


def allowed(home: Home, who: str, on: date = TODAY) -> str:
    return why_allowed(home.registry, home.known(), home.world.ids[who], on)


def test_the_helper_may_read_it(home: Home) -> None:
    assert allowed(home, "赵甲") == "帮扶责任人"


def test_the_team_of_the_village_may_and_that_of_another_may_not(home: Home) -> None:
    home.world.cadre("李丁", "县水务局", "东村")
    home.world.cadre("吴己", "县水务局", "西村")
    assert (allowed(home, "李丁"), allowed(home, "吴己")) == ("驻村帮扶工作队", "")


@pytest.mark.parametrize(("body", "right"), [
    ("东乡", "所在乡镇的干部"), ("示例县", "所在县的干部"), ("示例市", ""), ("县水务局", ""),
])  # fmt: skip
def test_officers_of_its_township_and_county_may(home: Home, body: str, right: str) -> None:
    home.world.post("孙丙", "secretary", body)
    assert allowed(home, "孙丙") == right


@pytest.mark.parametrize(("day", "may"), [(29, True), (30, True), (31, False)])
def test_a_right_ends_with_what_it_rests_on(home: Home, day: int, may: bool) -> None:
    home.world.post("孙丙", "secretary", "东乡", (None, date(2019, 12, 30)))
    assert bool(allowed(home, "孙丙", date(2019, 12, day))) == may


def test_nobody_else_of_the_unit_may(home: Home) -> None:
    home.world.person("钱乙", "县水务局")
    home.household("时辰", "HC0002")
    home.world.pair("钱乙", "县水务局", "时辰")
    assert allowed(home, "钱乙") == ""
