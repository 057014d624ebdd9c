"""The gate as far as the list decides it: eligible, or on hold with every clause that says so."""

from __future__ import annotations

from datetime import date, datetime

from tests.scenarios.scenario import read_days
from tests.scenarios.world import World, all_covers, moment, months, only, shipped_law
from tracker.awards.gate import Answer
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
    assert [interview["section"] for interview in found.interviews] == ["五"]


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
