"""The plan of 北景港镇 of 2019 says what the text says, and never binds anybody in Gansu."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, months, shipped_law
from tracker.policy.coverage import coverage
from tracker.policy.duty import Case
from tracker.policy.notes import notes

PACK = shipped_law().pack("beijinggang-2019-8")
COUNTED = [  # duty, article, window, at least, at most
    ("helper.household_cap", "二(一)3", "always", None, 5),
    ("township.instructors", "二(一)2", "year", 1, 2),
    ("poverty_office.quarterly_topic", "二(二)2", "quarter", 1, None),
    ("township.opinion_check", "二(二)3", "year", 2, None),
    ("village.opinion_check", "二(二)3", "year", 2, None),
    ("team.opinion_check", "二(二)3", "year", 2, None),
    ("township.field_assessment", "二(三)", "year", None, 1),
]
FULL = [
    "industry_cover", "village_help", "pairing", "clean_villages", "clean_households",
    "education_aid", "basic_insurance", "major_insurance", "contracted_doctor", "public_health",
    "minimum_allowance",
]  # fmt: skip
BELOW = Decimal("0.99")
FIGURES = {  # target -> at least, at most
    **{f"target.{name}": (100, None) for name in FULL},
    "target.exit_people": (298, None),
    "target.star_rating": (4, 5),
    "target.dangerous_houses": (None, 0),
    "target.dropouts": (None, 0),
    "target.credit_overdue": (None, BELOW),
    "target.credit_bad": (None, BELOW),
    "target.town_rewards": (5, 5),
    "target.village_rewards": (5, 5),
}
DUE = {
    "task.full_survey": date(2019, 6, 30),
    "task.platform": date(2019, 12, 31),
    "task.account": date(2019, 12, 31),
}


@pytest.mark.parametrize(("duty_id", "cite", "every", "least", "most"), COUNTED)
def test_a_duty_has_the_number_window_and_clause_of_the_plan(
    duty_id: str, cite: str, every: str, least: int | None, most: int | None
) -> None:
    duty = PACK.duty(duty_id)
    assert (duty.cite, duty.every, duty.at_least, duty.at_most) == (cite, every, least, most)


@pytest.mark.parametrize(
    ("duty_id", "by", "cases"),
    [
        ("helper.visit_by_status", "counterpart.exit_status", {"已脱贫": 3, "未脱贫": 6}),
        (
            "township.party_leaders",
            "counterpart.village_type",
            {"贫困村": 2, "非贫困村": "not_applicable"},
        ),
    ],
)
def test_a_threshold_by_state_is_for_a_person_where_the_state_is_unknown(
    duty_id: str, by: str, cases: dict[str, int | str]
) -> None:
    least = PACK.duty(duty_id).at_least
    assert isinstance(least, Case)
    assert (least.by, least.cases, least.otherwise) == (by, cases, "needs_review")


def test_visits_are_owed_in_principle() -> None:
    duty = PACK.duty("helper.visit_by_status")
    assert duty.in_principle
    assert (duty.in_principle.reason, duty.in_principle.interpretation) == ("visit_reason", "I72")
    assert duty.strength == "must"
    assert duty.per
    assert duty.per.tie == "paired_with"


def test_targets_have_the_figures_of_the_plan_and_there_are_no_others() -> None:
    last = {
        target.id: tuple(
            bound.get("2019") if isinstance(bound, dict) else bound
            for bound in (target.at_least, target.at_most)
        )
        for target in PACK.targets
    }
    assert last == FIGURES


def test_a_rate_below_one_per_cent_is_marked_as_unreadable_in_the_source() -> None:
    for duty_id in ("target.credit_overdue", "target.credit_bad"):
        duty = PACK.duty(duty_id)
        assert "1°%" in duty.contradiction
        assert {"I56", "I89"} <= {*duty.interpretations}


def test_only_printed_days_are_due() -> None:
    assert {task.id: task.due for task in PACK.tasks if task.due} == DUE


def test_the_first_responsible_body_leads_and_the_others_take_part() -> None:
    holders = [*(d.holder for d in PACK.duties), *(q.holder for q in PACK.qualitative)]
    named = [holder for holder in holders if holder.role == "body"]
    assert {holder.bodies for holder in named} == {("镇扶贫办",)}
    assert all(holder.taking_part for holder in named)
    assert "各村" in PACK.duty("task.full_survey").holder.taking_part


def test_a_blank_in_the_source_is_told() -> None:
    told = " ".join(note.text for note in notes(PACK))
    for words in ("责任单位，原文空白", "低于1°%", "原文写作“全县”"):
        assert words in told, words


def test_every_article_is_decided() -> None:
    for row in coverage(PACK):
        rules = (*row.duties, *row.qualitative, *row.scores)
        assert rules if row.covered in ("duty", "qualitative", "score") else row.why, row.article


@pytest.mark.parametrize("day", [date(2019, 6, 30), date(2020, 1, 9)])
def test_nobody_in_gansu_owes_anything_under_it(day: date, sqlite_engine: sa.Engine) -> None:
    mine = [duty.id for duty in PACK.duties]
    with sqlite_engine.connect() as connection:
        world = World(connection)
        world.unit("镇扶贫办", "东村", level="township")
        world.cadre("赵甲子", "镇扶贫办", "东村")
        for number in range(6):
            world.pair("孙甲子", "镇扶贫办", f"HC0{number}")
        world.reported(months("2019-01", "2019-12"))
        found = world.look(day, *mine)
    assert found.empty


@pytest.mark.parametrize(("county", "binds"), [("430623", True), ("430624", False), ("", False)])
def test_the_town_is_known_by_its_name_in_its_county_where_rosters_give_no_code(
    county: str, binds: bool, sqlite_engine: sa.Engine
) -> None:
    with sqlite_engine.connect() as connection:
        world = World(connection)
        world.area("湖南省")
        above = world.subject("某县", "body", "county", home=world.ids["湖南省"], code=county)
        world.tie("part_of", "某县", "湖南省")
        world.subject("北景港镇", "body", "township", home=above)
        world.tie("part_of", "北景港镇", "某县")
        world.unit("镇扶贫办", level="township")
        world.reported(months("2019-01", "2019-12"), scope="湖南省")
        found = world.look(date(2019, 12, 1), "township.opinion_check", "task.full_survey")
    assert {*found["holder"]} == ({"北景港镇", "镇扶贫办"} if binds else set())
