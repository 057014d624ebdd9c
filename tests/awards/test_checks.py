"""Records, interviews and ranks that speak against a nominee, to the day (I27-I31, I49)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.awards.gating import PLAN, UNIT, Gate, ruling, shipped_plan
from tests.consequences.desk import Desk, behind
from tests.scenarios.world import OFFICER, World, all_covers, moment
from tracker.awards.facts import gather
from tracker.awards.gate import Answer, Clause, Outcome
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record
from tracker.awards.verdict import judge
from tracker.consequences import objections

PASSED, FAILED = Outcome.passed, Outcome.failed
UNKNOWN, PERSON = Outcome.unknown, Outcome.person
DAY = date(2020, 6, 1)


@pytest.fixture
def gate(world: World) -> Gate:
    """甲局 helps 东村, where 赵甲 leads the team and 钱乙 is a member; 孙丙 helps a household."""
    found = Gate(world)
    world.unit("甲局", "东村", level="prefecture")
    for name in ("赵甲", "钱乙"):
        world.cadre(name, "甲局", "东村", (date(2018, 1, 1), None))
    world.post("赵甲", "captain", "东村工作队")
    world.pair("孙丙", "甲局", "HC01")
    return found


# ---- what is recorded


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (date(2019, 12, 31), PASSED),
        (date(2020, 1, 1), FAILED),
        (date(2020, 12, 31), FAILED),
        (date(2021, 1, 1), PASSED),
    ],
)
def test_criticism_weighs_in_the_plans_calendar_year(
    gate: Gate, on: date, outcome: Outcome
) -> None:
    gate.incident("circulated_criticism", on, subject="赵甲")

    found = gate.clause("criticised", "赵甲", as_of=date(2021, 1, 2))
    assert (found.outcome, found.interpretation) == (outcome, "I28、I29")
    assert ("示领发〔2020〕1号" in found.text) == (outcome is FAILED)


def test_what_happened_later_than_the_day_asked_about_is_not_known_yet(gate: Gate) -> None:
    gate.incident("circulated_criticism", DAY, subject="赵甲")

    days = (date(2020, 5, 31), DAY, date(2020, 6, 2))
    found = [gate.clause("criticised", "赵甲", as_of=day).outcome for day in days]
    assert found == [PASSED, FAILED, FAILED]


@pytest.mark.parametrize(
    ("authority", "answer"),
    [
        ("示例县脱贫攻坚领导小组办公室", Answer.barred),
        ("省脱贫攻坚帮扶工作协调领导小组", Answer.barred),
        ("示例县水务局", Answer.on_hold),
    ],
)
def test_criticism_by_anybody_else_needs_a_person(
    gate: Gate, authority: str, answer: Answer
) -> None:
    gate.incident("circulated_criticism", DAY, subject="赵甲", authority=authority)

    found = gate.clause("criticised", "赵甲")
    assert (found.answer, found.outcome is PERSON) == (answer, answer is Answer.on_hold)


def test_criticism_of_a_team_is_not_its_members(gate: Gate) -> None:
    gate.incident("circulated_criticism", DAY, subject="东村工作队")
    facts = gate.facts("赵甲", "东村工作队")

    assert gate.clause("criticised", "赵甲", facts=facts).outcome is PASSED
    team = gate.clause("criticised", "东村工作队", "resident_team", UNIT, facts=facts)
    assert team.answer is Answer.barred


def test_a_punishment_has_no_time_limit_until_an_officer_judges_its_effect(gate: Gate) -> None:
    gate.incident("discipline", date(2015, 3, 2), subject="赵甲", authority="示例县纪委监委")
    found = gate.clause("discipline", "赵甲")
    assert (found.answer, found.interpretation) == (Answer.barred, "I49")
    assert "2015-03-02认定" in found.text

    judged = Record(judged={"discipline": ruling(on=date(2020, 12, 1))})
    assert gate.clause("discipline", "赵甲", record=judged).outcome is PASSED


def test_a_judgement_does_not_cover_what_was_recorded_after_it(gate: Gate) -> None:
    gate.incident("discipline", date(2020, 12, 2), subject="赵甲")

    for on, outcome in ((1, FAILED), (2, PASSED)):
        judged = Record(judged={"discipline": ruling(on=date(2020, 12, on))})
        assert gate.clause("discipline", "赵甲", record=judged).outcome is outcome


def test_no_judgement_undoes_what_the_text_excludes_for_the_year(gate: Gate) -> None:
    gate.incident("circulated_criticism", DAY, subject="赵甲")

    judged = Record(judged={"criticised": ruling()})
    assert gate.clause("criticised", "赵甲", record=judged).answer is Answer.barred


def test_a_person_may_judge_that_a_check_fails(gate: Gate) -> None:
    judged = Record(judged={"conditions": ruling(passed=False)})

    found = gate.clause("conditions", "赵甲", record=judged)
    assert (found.outcome, found.answer) == (FAILED, Answer.barred)


@pytest.mark.parametrize("passed", [True, False])
def test_what_a_person_decided_takes_the_place_of_what_was_asked(gate: Gate, passed: bool) -> None:
    for check in ("conditions", "rank"):
        record = Record(judged={check: ruling(passed=passed)})
        open_, ruled = gate.clause(check, "赵甲"), gate.clause(check, "赵甲", record=record)
        assert "认定" in open_.text
        assert "还没有登记" not in ruled.text
        assert "请补登" not in ruled.text
        assert ("认定通过" in ruled.text) is passed


def test_conditions_are_those_of_the_kind(gate: Gate) -> None:
    told = gate.clause("conditions", "赵甲").text
    assert told.startswith(
        "评选条件由审核单位把关：由审核单位认定，还没有登记。条件：第一书记（队长）："
    )
    assert "队员：" not in told
    unnamed = gate.clause("conditions", "赵甲", "")
    assert "队员：" in unnamed.text


def test_conditions_that_nobody_has_judged_are_unknown(gate: Gate) -> None:
    found = gate.clause("conditions", "赵甲")
    assert (found.outcome, found.answer) == (UNKNOWN, Answer.incomplete)
    assert "六大员" in found.text

    record = Record(judged={"conditions": ruling()})
    assert gate.clause("conditions", "赵甲", record=record).answer is Answer.eligible


GRAVE = ("grave_consequence", "helping_work_inadequate", "adverse_impact")


def test_a_unit_and_the_team_at_fault_are_reached_by_joint_liability(gate: Gate) -> None:
    gate.incident("major_poverty_incident", DAY, *GRAVE, "team_error", place="东村")
    facts = gate.facts("甲局", "赵甲", "钱乙", "东村工作队")

    unit = gate.clause("grave_incident", "甲局", "prefecture_unit", UNIT, facts=facts)
    assert unit.answer is Answer.barred
    assert "甲局帮扶东乡东村，事件发生在该村" in unit.text
    captain = gate.clause("grave_incident", "赵甲", facts=facts)
    assert (captain.answer, "赵甲任队长" in captain.text) == (Answer.barred, True)
    member = gate.clause("grave_incident", "钱乙", "team_member", facts=facts)
    assert member.answer is Answer.eligible


def test_an_incident_needs_every_qualifier_of_the_plan(gate: Gate) -> None:
    for qualifiers, outcome in ((GRAVE[1:], PASSED), (GRAVE[:1], PASSED), (GRAVE, FAILED)):
        gate.incident("major_poverty_incident", DAY, *qualifiers, subject="甲局", place="东村")
        found = gate.clause("grave_incident", "甲局", "prefecture_unit", UNIT)
        assert found.outcome is outcome


def test_a_fact_under_an_objection_that_was_upheld_is_not_counted(gate: Gate) -> None:
    world = gate.world
    number = gate.incident("discipline", DAY, subject="赵甲")
    said: dict[str, Any] = {"on": DAY, "now": moment(DAY, 21), "operator": OFFICER}
    filed = objections.file(
        world.connection, world.law, about=f"incident|{number}",
        subject_id=world.ids["赵甲"], filed_by="赵甲", reason="不是本人", **said,
    )  # fmt: skip
    waiting = gate.clause("discipline", "赵甲")
    assert (waiting.answer, "有异议待答复" in waiting.text) == (Answer.barred, True)

    objections.uphold(
        world.connection, filed, answer="同名", authority="示例县纪委", officer="何甲子",
        **{**said, "now": moment(DAY, 22)},
    )  # fmt: skip
    assert gate.clause("discipline", "赵甲").outcome is PASSED


# ---- ranks


@pytest.mark.parametrize(
    ("rank", "outcome", "answer"),
    [
        ("副厅级", FAILED, Answer.on_hold),
        ("正处级", PASSED, Answer.eligible),
        ("", UNKNOWN, Answer.incomplete),
    ],
)
def test_a_high_rank_is_normally_not_nominated(
    gate: Gate, rank: str, outcome: Outcome, answer: Answer
) -> None:
    if rank:
        gate.world.attribute("赵甲", "rank", rank)

    found = gate.clause("rank", "赵甲")
    assert (found.outcome, found.answer) == (outcome, answer)


def test_a_team_has_no_rank(gate: Gate) -> None:
    assert gate.clause("rank", "东村工作队", "resident_team", UNIT).outcome is PASSED


# ---- interviews


def interview_clauses(desk: Desk, as_of: date, year: int = 2021, **said: Any) -> list[Clause]:
    """The clauses of 甲局 (a unit of a prefecture) about interviews, under a plan of the year."""
    world, plan = desk.world, shipped_plan(year, date(year, 12, 20))
    facts = gather(
        world.connection, world.law, all_covers(), [world.ids["甲局"]],
        as_of=as_of, known_at=moment(as_of, 23),
    )  # fmt: skip
    kind, award = said.get("kind", "prefecture_unit"), said.get("award", UNIT)
    nominee = Nominee(PLAN, award, kind, "甲局", "", world.ids["甲局"], "")
    verdict = judge(plan, plan.award(award), nominee, facts, said.get("record", Record()))
    return [c for c in verdict.clauses if c.check.startswith("interviewed")]


@pytest.fixture
def desk(world: World) -> Desk:
    """A recommendation to interview 甲局, of 9 January 2021."""
    found = behind(world)
    world.check(date(2021, 1, 9))
    return found


BY_THE_PROVINCE: dict[str, Any] = {"rung": 2, "reason": "情节严重"}


def test_an_open_recommendation_and_a_decision_hold_the_nomination(desk: Desk) -> None:
    (open_,) = interview_clauses(desk, date(2021, 1, 10))
    assert (open_.outcome, open_.answer, open_.interpretation) == (PERSON, Answer.on_hold, "I27")
    judged = Record(judged={"interviewed": ruling(on=date(2021, 1, 10))})
    (still,) = interview_clauses(desk, date(2021, 1, 10), record=judged)
    assert still.answer is Answer.on_hold

    desk.to("decided")
    (decided,) = interview_clauses(desk, date(2021, 1, 15))
    assert (decided.answer, "已经决定" in decided.text) == (Answer.on_hold, True)


def test_a_dismissal_passes_and_says_why(desk: Desk) -> None:
    desk.act("dismiss", date(2021, 1, 11))

    (found,) = interview_clauses(desk, date(2021, 1, 11))
    assert (found.outcome, "情况特殊" in found.text) == (PASSED, True)


@pytest.mark.parametrize(
    ("held", "year", "outcome"),
    [
        (date(2021, 12, 31), 2021, FAILED),
        (date(2021, 12, 31), 2022, PASSED),
        (date(2022, 1, 1), 2021, PASSED),
        (date(2022, 1, 1), 2022, FAILED),
    ],
)
def test_an_interview_by_a_group_bars_for_its_calendar_year(
    desk: Desk, held: date, year: int, outcome: Outcome
) -> None:
    desk.to("decided", **BY_THE_PROVINCE)
    desk.act("conduct", held)

    (found,) = interview_clauses(desk, date(2022, 1, 2), year)
    assert found.outcome is outcome
    if outcome is FAILED:
        assert (found.answer, found.ends_on) == (Answer.barred, date(year, 12, 31))
        assert found.interpretation == "I28、I29"


def test_no_ruling_frees_from_an_interview_by_a_group(desk: Desk) -> None:
    desk.to("conducted", **BY_THE_PROVINCE)
    desk.act("rule", date(2021, 1, 21))

    (found,) = interview_clauses(desk, date(2021, 1, 21))
    assert (found.answer, "不影响推荐" in found.text) == (Answer.barred, True)


@pytest.mark.parametrize(
    ("effect", "outcome", "answer"),
    [
        ("", PERSON, Answer.on_hold),
        ("free", PASSED, Answer.eligible),
        ("blocks", FAILED, Answer.barred),
    ],
)
def test_an_interview_by_a_group_leader_unit_needs_a_ruling(
    desk: Desk, effect: str, outcome: Outcome, answer: Answer
) -> None:
    desk.to("conducted")
    if effect:
        desk.act("rule", date(2021, 1, 21), effect=effect)

    (found,) = interview_clauses(desk, date(2021, 1, 21))
    assert (found.outcome, found.answer) == (outcome, answer)
    assert "由组长单位约谈" in found.text


@pytest.mark.parametrize(("effect", "answer"), [("", Answer.on_hold), ("free", Answer.eligible)])
def test_a_kind_that_the_text_does_not_bar_needs_a_ruling_too(
    desk: Desk, effect: str, answer: Answer
) -> None:
    desk.to("conducted", **BY_THE_PROVINCE)
    if effect:
        desk.act("rule", date(2021, 1, 21), effect=effect)

    (found,) = interview_clauses(
        desk, date(2021, 1, 21), kind="township_government", award="advanced.collective"
    )
    assert (found.check, found.answer) == ("interviewed_other", answer)
