"""The gate as far as the list decides it: eligible, or on hold with every clause that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.consequences.desk import TOLD, Desk
from tests.scenarios.scenario import read_days
from tests.scenarios.world import OFFICER, World, all_covers, moment, months, only, shipped_law
from tracker.awards.gate import Answer
from tracker.consequences import objections
from tracker.query import Dossier, dossier

BREACH = date(2021, 1, 9)


def told(world: World) -> World:
    """A diligent unit, one short of a study, a cadre whose nights two readings judge apart."""
    world.law = only(shipped_law(), ("unit.study", "cadre.nights_160", "cadre.days_220"))
    for unit in ("甲局", "乙局"):
        world.unit(unit, "东村")
        world.did(
            unit, "committee_study", *months("2020-01", "2020-03"), *months("2021-01", "2021-04")
        )
        world.did(unit, "committee_study", *months("2019-01", "2019-04"))
    world.did("甲局", "committee_study", date(2020, 9, 1))
    world.post("李甲子", "head", "乙局")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    world.did("赵甲子", "overnight", *read_days("2020-07-25 起 160 天"))
    world.did("赵甲子", "business_trip", *read_days("2020-01-02 起 130 个工作日"))
    world.reported(months("2019-01", "2020-12"))
    return world


def ask(world: World, subject: str, as_of: date, known_at: datetime | None = None) -> Dossier:
    """The dossier of a subject on a day."""
    return dossier(
        world.connection, world.law, all_covers(), world.ids[subject],
        as_of=as_of, known_at=known_at or moment(as_of, 23),
    )  # fmt: skip


def test_whom_nothing_speaks_against_is_eligible(world: World) -> None:
    told(world).check(BREACH)
    found = ask(world, "甲局", BREACH)

    assert found.answer is Answer.eligible
    assert found.clauses == []
    assert set(found.owes["duty"]) == {"unit.study"}


def test_an_open_recommendation_puts_the_unit_on_hold(world: World) -> None:
    told(world).check(BREACH)
    found = ask(world, "乙局", BREACH)

    assert found.answer is Answer.on_hold
    (clause,) = found.clauses
    assert (clause.answer, clause.interpretation) == (Answer.on_hold, "I27")
    assert clause.cite == "甘办发〔2019〕33号 五·约谈"
    assert [notice.level for notice in found.notices] == ["red"]
    assert [case.section for case in found.interviews] == ["五"]


def test_who_is_to_be_interviewed_is_on_hold_too(world: World) -> None:
    told(world).check(BREACH)

    assert ask(world, "李甲子", BREACH).answer is Answer.on_hold


def test_the_hold_follows_what_was_known_at_the_moment(world: World) -> None:
    told(world).check(BREACH, hour=20)

    def why(as_of: date, known_at: datetime) -> tuple[Answer | None, list[str]]:
        found = ask(world, "乙局", as_of, known_at)
        return found.answer, [clause.interpretation for clause in found.clauses]

    assert why(date(2021, 1, 8), moment(BREACH, 23)) == (Answer.eligible, [])
    # The breach is there before a night has made it a recommendation.
    assert why(BREACH, moment(BREACH, 19)) == (Answer.on_hold, ["I35"])
    assert why(BREACH, moment(BREACH, 20)) == (Answer.on_hold, ["I27"])


def test_a_verdict_that_a_person_must_give_puts_the_cadre_on_hold(world: World) -> None:
    told(world)
    found = ask(world, "赵甲子", BREACH)

    assert found.answer is Answer.on_hold
    (clause,) = found.clauses
    assert clause.interpretation == "I4"
    assert clause.cite == "甘办发〔2019〕33号 九(四)"
    year = found.owes[found.owes["opens"] == date(2020, 1, 1)]
    assert set(year["status"]) == {"met", "needs_review"}


def test_the_team_that_answers_for_him_is_on_hold_with_him(world: World) -> None:
    assert ask(told(world), "东村工作队", BREACH).answer is Answer.on_hold


def test_a_late_cure_frees_the_unit_again(world: World) -> None:
    cured = date(2021, 1, 12)
    told(world).did("乙局", "committee_study", date(2020, 12, 1), entered=cured)
    world.check(BREACH)
    world.check(cured)

    assert ask(world, "乙局", date(2021, 1, 11)).answer is Answer.on_hold
    assert ask(world, "乙局", cured).answer is Answer.eligible


def test_a_household_is_helped_and_not_nominated(world: World) -> None:
    told(world).pair("孙甲子", "甲局", "HC01")

    assert ask(world, "HC01", BREACH).answer is None
    assert ask(world, "东村", BREACH).answer is None


def interviewed(world: World, state: str) -> Desk:
    """乙局, one study short, with its case brought to a state; held on 20 January 2021."""
    told(world).check(BREACH)
    desk = Desk(world)
    desk.to(state)
    return desk


def why(world: World, subject: str, as_of: date) -> tuple[Answer | None, list[tuple[str, str]]]:
    """The answer, and each clause as (interpretation, answer)."""
    found = ask(world, subject, as_of)
    return found.answer, [(c.interpretation, c.answer.value) for c in found.clauses]


HELD, YEAR_ENDS = date(2021, 1, 20), date(2021, 12, 31)


def test_a_decision_to_interview_leaves_the_nomination_on_hold(world: World) -> None:
    interviewed(world, "decided")

    assert why(world, "乙局", HELD) == (Answer.on_hold, [("I27", "on_hold")])
    (clause,) = ask(world, "乙局", HELD).clauses
    assert clause.text == "第1号约谈已经决定，办结前暂缓推荐"


@pytest.mark.parametrize("state", ["conducted", "verified", "closed"])
@pytest.mark.parametrize("who", ["乙局", "李甲子"])
def test_holding_the_interview_frees_nobody_until_a_person_rules(
    world: World, state: str, who: str
) -> None:
    interviewed(world, state)
    later = date(2021, 2, 1)

    assert why(world, who, later) == (Answer.on_hold, [("I27、I28", "on_hold")])


def test_what_was_held_weighs_until_its_calendar_year_ends(world: World) -> None:
    interviewed(world, "conducted")

    answers = [why(world, "乙局", day)[0] for day in (YEAR_ENDS, YEAR_ENDS + timedelta(1))]
    assert answers == [Answer.on_hold, Answer.eligible]


@pytest.mark.parametrize(
    ("effect", "answer", "ends"),
    [("free", Answer.eligible, None), ("blocks", Answer.barred, YEAR_ENDS)],
)
def test_a_ruling_frees_or_bars_for_the_year(
    world: World, effect: str, answer: Answer, ends: date | None
) -> None:
    desk = interviewed(world, "conducted")
    ruled_on = HELD + timedelta(5)
    desk.act("rule", ruled_on, effect=effect)

    assert why(world, "乙局", ruled_on - timedelta(1))[0] is Answer.on_hold
    found = ask(world, "乙局", ruled_on)
    assert (found.answer, [(c.interpretation, c.ends_on) for c in found.clauses]) == (
        answer, [("I28", ends)],
    )  # fmt: skip
    assert "示例县协调办认定" in found.clauses[0].text


def test_the_newest_ruling_counts(world: World) -> None:
    desk = interviewed(world, "conducted")
    for effect, on in (("blocks", HELD), ("free", HELD + timedelta(1))):
        desk.act("rule", on, effect=effect)

    assert [why(world, "乙局", HELD + timedelta(n))[0] for n in (0, 1)] == [
        Answer.barred, Answer.eligible,
    ]  # fmt: skip


def test_a_dismissal_frees_at_once(world: World) -> None:
    told(world).check(BREACH)
    Desk(world).act("dismiss", TOLD)

    assert why(world, "乙局", TOLD - timedelta(1))[0] is Answer.on_hold
    assert why(world, "乙局", TOLD) == (Answer.eligible, [])


@pytest.mark.parametrize(
    ("word", "answer"),
    [("hold", Answer.on_hold), ("bar", Answer.barred), ("warn", Answer.eligible)],
)
def test_the_pack_says_what_an_open_recommendation_does(
    world: World, word: str, answer: Answer
) -> None:
    told(world)
    packs = [
        pack.model_copy(update={"interviews": tuple(
            rule.model_copy(update={"while_open": word}) for rule in pack.interviews
        )})
        for pack in world.law.packs
    ]  # fmt: skip
    world.law = replace(world.law, packs=tuple(packs))
    # The same before the night has written it down and after.
    assert why(world, "乙局", BREACH) == (answer, [("I35", answer.value)])
    world.check(BREACH)
    assert why(world, "乙局", BREACH) == (answer, [("I27", answer.value)])


def test_a_breach_under_objection_is_on_hold_until_it_is_answered(world: World) -> None:
    told(world)
    eve = world.check(BREACH - timedelta(1))
    (study,) = eve.findings.query("status == 'in_grace' and duty == 'unit.study'")["key"]
    said: dict[str, Any] = {"on": BREACH, "now": moment(BREACH, 12), "operator": OFFICER}
    number = objections.file(
        world.connection, world.law, about=study, subject_id=world.ids["乙局"],
        filed_by="李甲子", reason="会议记录漏报", **said,
    )  # fmt: skip
    world.check(BREACH)
    found = ask(world, "乙局", BREACH)
    assert (found.answer, found.interviews) == (Answer.on_hold, [])
    assert [c.text for c in found.clauses] == ["有 1 项事由有异议待答复，答复前暂缓推荐"]

    said = {"on": TOLD, "now": moment(TOLD, 12), "operator": OFFICER}
    objections.uphold(
        world.connection, number, answer="确有会议", authority="示例县协调办", officer="何甲子",
        **said,
    )  # fmt: skip
    assert why(world, "乙局", TOLD) == (Answer.eligible, [])


@pytest.mark.parametrize(("ground", "answer"), [(True, Answer.on_hold), (False, Answer.eligible)])
def test_a_doubt_about_what_only_warns_holds_nobody(
    world: World, *, ground: bool, answer: Answer
) -> None:
    told(world)
    if not ground:
        (pack,) = (p for p in world.law.packs if p.duties)
        warned = [d.model_copy(update={"on_breach": "warn"}) for d in pack.duties]
        warns = pack.model_copy(update={"duties": tuple(warned)})
        world.law = replace(world.law, packs=(warns,))
    found = ask(world, "赵甲子", BREACH)

    assert "needs_review" in set(found.owes["status"])
    assert found.answer == answer
