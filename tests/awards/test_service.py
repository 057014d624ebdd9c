"""How long somebody served and lived in the village, to the day (I46, I47)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.awards.gating import Gate, ruling, shipped_plan
from tests.scenarios.scenario import read_days
from tests.scenarios.world import World, months
from tracker.awards.careers import begun, held_before, years_after
from tracker.awards.gate import Answer, Outcome
from tracker.awards.record import Record
from tracker.registry.dated import to_date

_SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda t: (t[0], t[0] + t[1])), max_size=5
)


@given(_SPANS, st.integers(0, 100))
def test_days_held_are_those_of_the_union(spans: list[tuple[int, int]], day: int) -> None:
    held = {d for starts, ends in spans for d in range(starts, ends + 1) if d < day}

    assert held_before(tuple(spans), day) == len(held)
    assert begun(tuple(spans), day) == to_date(day) - timedelta(len(held))


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2019, 12, 20), 1, date(2020, 12, 20)),
        (date(2020, 2, 29), 1, date(2021, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
    ],
)
def test_an_anniversary_of_the_leap_day_is_the_28th(day: date, years: int, expected: date) -> None:
    assert years_after(day, years) == expected


def test_one_year_is_reached_on_the_anniversary(world: World) -> None:
    gate = Gate(world)
    for name, first in (("赵甲", 19), ("钱乙", 20), ("孙丙", 21)):
        world.cadre(name, _unit(world), "东村", (date(2019, 12, first), None))
    facts = gate.facts("赵甲", "钱乙", "孙丙")

    found = [gate.clause("service_resident", who, facts=facts) for who in ("赵甲", "钱乙", "孙丙")]
    assert [c.outcome for c in found] == [Outcome.passed, Outcome.passed, Outcome.failed]
    assert [c.answer for c in found] == [Answer.eligible, Answer.eligible, Answer.on_hold]
    assert found[1].cite == "甘脱贫领发〔2020〕41号 一(三)2"
    assert "驻村自 2019-12-20 起，到 2020-12-20 已满 1 年" in found[1].text


@pytest.mark.parametrize(
    ("reference", "outcome"),
    [
        (date(2021, 2, 27), Outcome.failed),
        (date(2021, 2, 28), Outcome.passed),
        (date(2021, 3, 1), Outcome.passed),
    ],
)
def test_who_came_on_the_leap_day_has_a_year_on_28_february(
    world: World, reference: date, outcome: Outcome
) -> None:
    gate = Gate(world)
    world.cadre("赵甲", _unit(world), "东村", (date(2020, 2, 29), None))

    plan = shipped_plan(2021, reference)
    assert gate.clause("service_resident", "赵甲", plan=plan).outcome is outcome


def test_two_teams_make_one_service_and_overlapping_days_count_once(world: World) -> None:
    gate, unit = Gate(world), _unit(world)
    world.cadre("赵甲", unit, "东村", (date(2019, 12, 20), date(2020, 6, 30)))
    world.cadre("赵甲", unit, "西村", (date(2020, 7, 1), None))
    world.cadre("钱乙", unit, "东村", (date(2020, 1, 1), date(2020, 11, 30)))
    world.cadre("钱乙", unit, "西村", (date(2020, 6, 1), None))
    world.cadre("孙丙", unit, "东村", (date(2019, 11, 1), date(2020, 1, 31)))
    world.cadre("孙丙", unit, "西村", (date(2020, 4, 1), None))
    facts = gate.facts("赵甲", "钱乙", "孙丙")

    found = [gate.clause("service_resident", who, facts=facts) for who in ("赵甲", "钱乙", "孙丙")]
    assert [c.outcome for c in found] == [Outcome.passed, Outcome.failed, Outcome.failed]
    assert "中间有间断，相当于从 2019-12-31 起" in found[2].text


def test_who_came_on_a_day_nobody_wrote_down_is_unknown(world: World) -> None:
    gate = Gate(world)
    world.cadre("赵甲", _unit(world), "东村")

    found = gate.clause("service_resident", "赵甲")
    assert (found.outcome, found.answer) == (Outcome.unknown, Answer.incomplete)


def test_the_documented_exception_is_shown_with_its_reason(world: World) -> None:
    gate = Gate(world)
    world.cadre("赵甲", _unit(world), "东村", (date(2020, 9, 1), None))

    record = Record(excused={"service_resident": ruling()})
    found = gate.clause("service_resident", "赵甲", record=record)
    assert (found.outcome, found.answer) == (Outcome.passed, Answer.eligible)
    assert "不满 1 年；示例县领导小组（何甲子）2020-12-20 认定通过：事迹特别突出" in found.text


def test_a_campaign_of_two_years_is_proved_by_the_registry_or_by_a_person(world: World) -> None:
    gate = Gate(world)
    world.pair("赵甲", _unit(world), "HC01", (date(2018, 12, 20), None))
    world.pair("钱乙", _unit(world), "HC01", (date(2018, 12, 21), None))
    world.person("孙丙", _unit(world))
    facts = gate.facts("赵甲", "钱乙", "孙丙")

    found = [
        gate.clause(
            "service_contribution", who, "review_contribution", "merit.individual", facts=facts
        )
        for who in ("赵甲", "钱乙", "孙丙")
    ]
    assert [c.outcome for c in found] == [Outcome.passed, Outcome.person, Outcome.person]


@pytest.mark.parametrize(
    ("nights", "trips", "outcome"),
    [
        (159, 61, Outcome.failed),
        (160, 60, Outcome.passed),
        (160, 59, Outcome.failed),
        (161, 60, Outcome.passed),
    ],
)
def test_the_days_of_the_plans_year_to_date_decide(
    world: World, nights: int, trips: int, outcome: Outcome
) -> None:
    gate = Gate(world)
    _lived(world, nights, trips)
    world.reported(months("2019-01", "2020-11"))

    found = gate.clause("residency", "赵甲")
    assert (found.outcome, found.interpretation) == (outcome, "I47、I72")
    assert f"{nights}/160 天" in found.text
    assert f"{nights + trips}/220 工作日" in found.text
    assert "佐证：“驻村时间”2019年" in found.text


def test_days_that_nobody_reported_leave_it_unknown(world: World) -> None:
    gate = Gate(world)
    _lived(world, 160, 50)
    world.reported(months("2019-01", "2020-10"))

    found = gate.clause("residency", "赵甲")
    assert (found.outcome, found.answer) == (Outcome.unknown, Answer.incomplete)
    assert "210/220 工作日，21 工作日没有报送" in found.text
    world.reported(months("2020-11", "2020-11"))
    assert gate.clause("residency", "赵甲").outcome is Outcome.failed


def test_a_part_of_the_year_owes_its_part_with_the_literal_figure_beside(world: World) -> None:
    gate = Gate(world)
    world.cadre("赵甲", _unit(world), "东村", (date(2020, 7, 1), None))
    world.did("赵甲", "overnight", *read_days("2020-07-01 起 115 个工作日"))
    world.reported(months("2020-01", "2020-11"))

    found = gate.clause("residency", "赵甲")
    assert found.outcome is Outcome.passed
    assert "115/81 天（按在岗时间折算，原文 160 天，I2）" in found.text


def test_support_of_a_year_too_far_back_is_still_shown(world: World) -> None:
    gate = Gate(world)
    _lived(world, 160, 60)
    world.did("赵甲", "overnight", *read_days("2019-08-01 起 3 个工作日"))
    world.reported(months("2019-01", "2021-05"))

    about = gate.facts("赵甲", as_of=date(2021, 6, 1)).about(world.ids["赵甲"])
    assert {row.opens.year for row in about.figures} == {2020, 2021}
    assert {row.opens.year for row in about.support} >= {2019}
    assert "2019年 3/220" in gate.clause("residency", "赵甲", as_of=date(2021, 6, 1)).text


def _unit(world: World) -> str:
    world.unit("甲局", "东村")
    return "甲局"


def _lived(world: World, nights: int, trips: int) -> None:
    world.cadre("赵甲", _unit(world), "东村", (date(2019, 1, 1), None))
    world.did("赵甲", "overnight", *read_days(f"2020-01-02 起 {nights} 个工作日"))
    world.did("赵甲", "business_trip", *read_days(f"2020-09-01 起 {trips} 个工作日"))
