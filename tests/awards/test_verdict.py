"""The whole verdict: whom the award is for, every clause in the plan's order, another plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.awards.gating import DEADLINE, PLAN, UNIT, Gate, ruling
from tests.scenarios.world import OFFICER, World, all_covers, moment, months, shipped_law
from tracker import resources
from tracker.awards import proposals
from tracker.awards.asking import asked
from tracker.awards.facts import gather
from tracker.awards.gate import Answer, Outcome
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record
from tracker.awards.verdict import can_be_nominated, judge
from tracker.errors import LuzeError
from tracker.policy.load import load_law

LOCAL = "advanced.collective"
PACKS = Path(__file__).resolve().parent.parent / "packs"


@pytest.fixture
def gate(world: World) -> Gate:
    """Units of two levels help 东村, where 赵甲 leads the team; 钱乙 of the county is a helper."""
    found = Gate(world)
    world.unit("甲局", "东村", level="county")
    world.unit("乙厅", "东村", level="provincial")
    world.cadre("赵甲", "乙厅", "东村", (date(2018, 1, 1), None))
    world.post("赵甲", "captain", "东村工作队")
    world.pair("钱乙", "甲局", "HC01")
    return found


@pytest.mark.parametrize(
    ("name", "kind", "award", "outcome", "answer"),
    [
        ("甲局", "county_unit", LOCAL, Outcome.passed, Answer.eligible),
        ("示例县", "county_government", LOCAL, Outcome.failed, Answer.barred),
        ("东村工作队", "resident_team", LOCAL, Outcome.person, Answer.on_hold),
        ("甲局", "", LOCAL, Outcome.person, Answer.on_hold),
        ("赵甲", "captain", LOCAL, Outcome.failed, Answer.barred),
        ("甲局", "provincial_enterprise", UNIT, Outcome.person, Answer.on_hold),
        ("乙厅", "provincial_enterprise", UNIT, Outcome.passed, Answer.eligible),
        ("某合作社", "cooperative", LOCAL, Outcome.passed, Answer.eligible),
    ],
)
def test_a_kind_is_named_or_excluded_or_for_a_person(
    gate: Gate, name: str, kind: str, award: str, outcome: Outcome, answer: Answer
) -> None:
    found = gate.clause("kind", name, kind, award)

    assert (found.outcome, found.answer) == (outcome, answer)


@pytest.mark.parametrize(("passed", "answer"), [(True, Answer.eligible), (False, Answer.barred)])
def test_a_person_settles_a_kind_not_named_or_not_borne_out(
    gate: Gate, passed: bool, answer: Answer
) -> None:
    record, facts = Record(judged={"kind": ruling(passed)}), gate.facts("甲局", "乙厅")

    for name, kind in (("甲局", ""), ("乙厅", "county_unit")):
        asked_first = gate.clause("kind", name, kind, LOCAL, facts=facts)
        assert asked_first.answer is Answer.on_hold
        settled = gate.clause("kind", name, kind, LOCAL, facts=facts, record=record)
        assert settled.answer is answer


def test_a_kind_that_nobody_named_is_still_looked_at_as_others_are(gate: Gate) -> None:
    gate.incident("circulated_criticism", date(2020, 6, 1), subject="甲局")

    found = gate.clause("criticised_other", "甲局", "", LOCAL)
    assert (found.outcome, found.answer) == (Outcome.person, Answer.on_hold)


def test_clauses_stand_in_the_plans_order_also_those_that_are_met(gate: Gate) -> None:
    found = gate.judge("赵甲")

    assert [c.check for c in found.clauses] == [
        "kind", "service_resident", "residency", "rank", "discipline", "interviewed", "criticised",
        "grave_incident", "fabricated", "conditions", "", "organ.discipline", "organ.police",
        "organ.market", "organ.tax", "organ.health", "stage.county_publicity",
        "stage.city_publicity", "approval_form", "deeds", "deadline",
    ]  # fmt: skip
    assert all(c.cite.startswith("甘") for c in found.clauses)
    assert {c.outcome for c in found.clauses} == {Outcome.passed, Outcome.unknown}
    assert (found.answer, found.as_of) == (Answer.incomplete, DEADLINE)


def test_whom_the_registry_does_not_know_is_unknown_and_says_so(gate: Gate) -> None:
    found = gate.judge("某人", "captain")

    assert found.answer is Answer.incomplete
    told = [c for c in found.clauses if c.check in ("service_resident", "residency", "discipline")]
    assert [c.outcome for c in told] == [Outcome.unknown] * 3
    assert all("登记资料里没有这个对象" in c.text for c in told)


def test_what_the_lists_say_bars_under_a_plan_too(gate: Gate) -> None:
    qualifiers = ("team_error", "adverse_impact")
    gate.incident("major_poverty_incident", date(2020, 6, 1), *qualifiers, place="东村")

    found = gate.judge("赵甲")
    (bar,) = [c for c in found.clauses if c.answer is Answer.barred]
    assert (found.answer, bar.check) == (Answer.barred, "")
    assert (bar.cite, bar.ends_on) == ("甘办发〔2019〕33号 九·限制", date(2020, 12, 31))
    assert "赵甲任队长" in bar.text


def test_whoever_is_nominated_already_cannot_be_once_more(gate: Gate) -> None:
    world, on = gate.world, date(2020, 12, 1)
    said: dict[str, Any] = {"area_code": "6212", "on": on, "now": moment(on, 9)}
    proposals.propose(
        world.connection, world.law, document=PLAN, award=LOCAL, kind="county_unit",
        subject_id=world.ids["甲局"], operator=OFFICER, **said,
    )  # fmt: skip
    facts = gate.facts("甲局", as_of=on)

    again = gate.judge("甲局", "county_unit", LOCAL, facts=facts)
    (twice,) = [c for c in again.clauses if c.check == "twice"]
    assert (twice.answer, "第1号" in twice.text) == (Answer.barred, True)
    own = gate.judge("甲局", "county_unit", LOCAL, facts=facts, nomination_id=1)
    assert [c for c in own.clauses if c.check == "twice"] == []
    meant = asked(facts, world.ids["甲局"], PLAN)
    assert (meant.nominee.nomination_id, meant.award.id) == (1, LOCAL)


def test_households_and_villages_are_helped_and_not_nominated(gate: Gate) -> None:
    registry, ids = gate.facts("甲局").scene.registry, gate.world.ids

    told = [can_be_nominated(registry, ids[name]) for name in ("HC01", "东村", "东乡", "赵甲")]
    assert told == [False, False, True, True]


# ---- what a question means


@pytest.mark.parametrize(
    ("name", "award", "kind", "meant"),
    [
        ("赵甲", PLAN, "", ("helping.individual", "captain")),
        ("赵甲", "helping.individual", "队员", ("helping.individual", "team_member")),
        ("甲局", PLAN, "", (LOCAL, "county_unit")),
        ("甲局", f"{PLAN}:{LOCAL}", "县直单位", (LOCAL, "county_unit")),
        ("乙厅", PLAN, "", (UNIT, "provincial_enterprise")),
        ("示例县", LOCAL, "", (LOCAL, "county_government")),
        ("甲局", LOCAL, "别的单位", (LOCAL, "")),
        ("赵甲", PLAN, "贡献奖", ("merit.individual", "review_contribution")),
    ],
)
def test_award_and_kind_are_understood_where_one_alone_fits(
    gate: Gate, name: str, award: str, kind: str, meant: tuple[str, str]
) -> None:
    found = asked(gate.facts(name), gate.world.ids[name], award, kind)

    assert (found.award.id, found.nominee.kind) == meant
    assert found.nominee.unit == ("乙厅" if name == "赵甲" else "")


@pytest.mark.parametrize(
    ("name", "award", "kind", "told"),
    [
        ("甲局", "没有的奖", "", "gansu-2020-41:helping.collective"),
        ("甲局", "别的方案:advanced.collective", "", "没有“别的方案:advanced.collective”"),
        ("钱乙", "helping.individual", "", "看不出以哪一类别推荐"),
        ("钱乙", PLAN, "", "可以申报的奖项不是只有一个"),
        ("甲局", PLAN, "别的单位", "以类别“别的单位”可以申报的奖项不是只有一个"),
        ("示例县", PLAN, "", "可以申报的奖项不是只有一个"),
    ],
)
def test_what_may_mean_several_things_is_asked_back(
    gate: Gate, name: str, award: str, kind: str, told: str
) -> None:
    with pytest.raises(LuzeError) as refused:
        asked(gate.facts(name), gate.world.ids[name], award, kind)

    assert told in str(refused.value)


# ---- another plan: nothing of one year or place is in the program


def test_a_plan_of_another_year_and_place_is_judged_by_its_own_words(world: World) -> None:
    law = load_law([resources.folder("duties"), PACKS])
    world.law = law
    world.unit("甲局", "东村", level="county")
    world.cadre("赵甲", "甲局", "东村", (date(2019, 6, 10), None))
    world.cadre("钱乙", "甲局", "东村", (date(2019, 6, 11), None))
    world.reported(months("2019-01", "2022-04"))
    as_of = date(2022, 6, 10)
    facts = gather(
        world.connection, law, all_covers(), [world.ids[n] for n in ("赵甲", "钱乙", "甲局")],
        as_of=as_of, known_at=moment(as_of, 23),
    )  # fmt: skip
    pack = law.pack("yunling-2022")
    plan = pack.awards
    assert plan

    def clauses(name: str, award: str, kind: str) -> dict[str, Any]:
        nominee = Nominee("yunling-2022", award, kind, name, "", world.ids[name], "")
        found = judge(plan, plan.award(award), nominee, facts, Record())
        assert all(c.cite.startswith((pack.document.number, "甘办发")) for c in found.clauses)
        return {c.check: c for c in found.clauses}

    reached, short = (clauses(who, "forest.person", "cadre") for who in ("赵甲", "钱乙"))
    assert (reached["service"].outcome, short["service"].answer) == (
        Outcome.passed, Answer.barred,
    )  # fmt: skip
    assert "2020年" in reached["residency"].text
    assert {"organ.forestry", "organ.women", "deeds"} <= reached.keys()
    unit = clauses("甲局", "forest.unit", "helping_unit")
    assert (unit["rank"].outcome, unit["rank"].answer) == (Outcome.failed, Answer.on_hold)
    assert "deeds" not in unit
    assert "县直" in unit["rank"].text
    assert shipped_law().sha256 != law.sha256
