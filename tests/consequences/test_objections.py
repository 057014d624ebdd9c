"""Objections: who may file one, what stands still, who answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from tests.scenarios.world import OFFICER, World, moment, months, only, shipped_law
from tracker import audit
from tracker.consequences import incidents, objections
from tracker.consequences.cases import load_cases
from tracker.consequences.lives import OBJECTION
from tracker.consequences.tables import Objection, ObjectionEvent
from tracker.db import table, transaction
from tracker.errors import LuzeError

BREACH = date(2021, 1, 9)
FILED = date(2021, 1, 11)
KEY = "gansu-2019-33|unit.study|{}||2020-01-01|"


@pytest.fixture
def world(engine: sa.Engine) -> Iterator[World]:
    """A unit short of one study in 2020, checked once; its head is to be interviewed."""
    with transaction(engine) as connection:
        yield told(World(connection))


def told(world: World) -> World:
    world.law = only(shipped_law(), ("unit.study",))
    for unit in ("甲局", "乙局"):
        world.unit(unit, "东村")
    world.post("李甲子", "head", "甲局")
    world.did(
        "甲局", "committee_study", *months("2019-09", "2019-12"), *months("2020-01", "2020-03")
    )
    world.did(
        "乙局", "committee_study", *months("2019-09", "2019-12"), *months("2020-01", "2020-04")
    )
    world.reported(months("2019-01", "2020-12"))
    world.check(BREACH)
    return world


def key(world: World, unit: str = "甲局") -> str:
    return KEY.format(world.ids[unit])


def file(world: World, subject: str = "甲局", on: date = FILED, **changes: Any) -> int:
    """Filed by 王甲子, at nine on the day, about the breach unless said otherwise."""
    said = {
        "about": key(world), "filed_by": "王甲子", "reason": "12月有一次未录入",
        "evidence": ["会议纪要"], "now": moment(on, 9), **changes,
    }  # fmt: skip
    return objections.file(
        world.connection, world.law, subject_id=world.ids[subject], on=on, operator=OFFICER, **said
    )


def answer(
    world: World, number: int, act: str = "uphold", on: date = FILED, **changes: Any
) -> None:
    """Answered by 李乙丑 at ten on the day, or withdrawn."""
    said = {"answer": "情况属实", "authority": "县帮扶办", "officer": "李乙丑"}
    if act == "withdraw":
        said = {"reason": "已补录"}
    known = {"now": moment(on, 10), "operator": OFFICER, "on": on}
    getattr(objections, act)(world.connection, number, **{**known, **said, **changes})


def stored(world: World) -> tuple[int | None, ...]:
    counted = (sa.select(sa.func.count()).select_from(table(model))
               for model in (Objection, ObjectionEvent, audit.Act))  # fmt: skip
    return tuple(world.connection.scalar(statement) for statement in counted)


def refused(world: World, act: Callable[..., Any], *words: Any, **changes: Any) -> str:
    """What the refusal of an act says; nothing was written."""
    before = stored(world)
    with pytest.raises(LuzeError) as refusal:
        act(world, *words, **changes)
    assert stored(world) == before
    return str(refusal.value)


def states(world: World) -> dict[int, str]:
    return {row.id: row.state for row in objections.listed(world.connection)}


def interview(world: World) -> str:
    (case,) = load_cases(world.connection)
    return f"interview|{case.id}"


def test_what_is_under_objection_stands_still_until_it_is_answered(world: World) -> None:
    number = file(world)
    answer(world, number, on=FILED + timedelta(3))

    def standing(day: date) -> tuple[bool, bool]:
        found = objections.frozen(world.connection, as_of=day)
        return found.freezes(key(world)), found.excuses(key(world))

    days = [FILED - timedelta(1), FILED, FILED + timedelta(2), FILED + timedelta(3)]
    assert [standing(day) for day in days] == [
        (False, False), (True, False), (True, False), (False, True),
    ]  # fmt: skip
    assert not objections.frozen(world.connection).excuses(key(world, "乙局"))


def test_an_objection_is_unknown_before_it_was_recorded(world: World) -> None:
    file(world, now=moment(FILED, 15))

    def freezes(hour: int) -> bool:
        found = objections.frozen(world.connection, known_at=moment(FILED, hour))
        return found.freezes(key(world))

    assert [freezes(hour) for hour in (14, 15, 16)] == [False, True, True]


@pytest.mark.parametrize("act", ["reject", "withdraw"])
def test_what_was_not_upheld_excuses_nothing(world: World, act: str) -> None:
    answer(world, file(world), act)
    found = objections.frozen(world.connection)

    assert (found.open, found.upheld) == (frozenset(), frozenset())


def test_an_objection_to_an_interview_speaks_of_its_live_grounds(world: World) -> None:
    number = file(world, about=interview(world))
    found = objections.frozen(world.connection)
    assert found.open == {interview(world), key(world)}

    answer(world, number)
    found = objections.frozen(world.connection)
    assert found.upheld == {interview(world), key(world)}
    assert not found.open


def test_an_objection_to_an_incident_speaks_of_all_that_follows_from_it(world: World) -> None:
    incident = incidents.record(
        world.connection, world.law, kind="弄虚作假", subject_id=world.ids["甲局"],
        happened_on=date(2020, 11, 2), determined_on=date(2021, 1, 10), authority="县纪委监委",
        now=moment(FILED, 8), operator=OFFICER,
    )  # fmt: skip
    about = f"incident|{incident}"
    assert "早于" in refused(world, file, about=about, on=date(2021, 1, 9), now=moment(FILED, 9))
    file(world, about=about)

    found = objections.frozen(world.connection)
    assert found.freezes(about)
    assert found.freezes(f"{about}|弄虚作假")
    assert not found.freezes(f"incident|{incident}0|弄虚作假")


def test_only_whom_it_concerns_may_object(world: World) -> None:
    assert "不涉及" in refused(world, file, "乙局")
    assert "不涉及" in refused(world, file, "李甲子")
    assert "不涉及" in refused(world, file, "乙局", about=interview(world))
    assert file(world, "李甲子", about=interview(world))
    assert file(world, "甲局", about=interview(world))


@pytest.mark.parametrize(
    "about",
    ["gansu-2019-33|unit.study|1||1999-01-01|", "interview|99", "interview|x", "incident|99", ""],
)
def test_an_objection_to_nothing_is_refused(world: World, about: str) -> None:
    assert f"没有“{about}”" in refused(world, file, about=about)


def test_everything_wrong_with_an_objection_is_told_at_once(world: World) -> None:
    told = refused(
        world, file, "乙局", reason="", filed_by=" ", on=BREACH - timedelta(1),
        now=moment(FILED, 9),
    )  # fmt: skip

    for words in ("没有写理由", "没有写提出人", "早于这项判定成立", "不涉及"):
        assert words in told
    assert "晚于今天" in refused(world, file, on=FILED + timedelta(1), now=moment(FILED, 9))
    assert file(world, on=BREACH)


def test_one_objection_is_open_at_a_time(world: World) -> None:
    number = file(world)

    assert "已有待答复的异议" in refused(world, file)
    answer(world, number, "reject")
    assert file(world)


@pytest.mark.parametrize("act", ["uphold", "reject"])
def test_an_answer_needs_words_an_authority_and_another_person(world: World, act: str) -> None:
    number = file(world)

    told = refused(world, answer, number, act, answer="", authority="", officer="")
    for words in ("没有写答复意见", "没有写作出决定的机关", "没有写经办人"):
        assert words in told
    assert "就是提出人" in refused(world, answer, number, act, officer="王 甲子")
    early = {"on": FILED - timedelta(1), "now": moment(FILED, 10)}
    assert "早于提出" in refused(world, answer, number, act, **early)
    answer(world, number, act)
    assert "现为" in refused(world, answer, number, "uphold")
    assert "没有第 9 号异议" in refused(world, answer, 9, act)


@pytest.mark.parametrize("seed", range(6))
def test_a_life_replayed_from_its_rows_gives_the_stored_state(
    sqlite_engine: sa.Engine, seed: int
) -> None:
    random = Random(seed)
    with transaction(sqlite_engine) as connection:
        world, day = told(World(connection)), FILED
        for _ in range(12):
            day += timedelta(random.randint(0, 2))
            act = random.choice(["file", "file", "uphold", "reject", "withdraw"])
            try:
                if act == "file":
                    file(world, on=day, about=random.choice([key(world), interview(world)]))
                else:
                    answer(world, random.randint(1, 3), act, day)
            except LuzeError:
                continue
        lives = {number: objections.life(connection, number) for number in states(world)}
        assert lives
        for number, life in lives.items():
            assert OBJECTION.replay(e.event for e in life) == states(world)[number]
            assert [e.state for e in life] == [
                OBJECTION.replay(x.event for x in life[: n + 1]) for n in range(len(life))
            ]
        assert audit.verify(connection)[1] is None


def test_an_earlier_state_can_be_asked(world: World) -> None:
    number = file(world)
    answer(world, number, "withdraw", FILED + timedelta(2))

    days = [FILED - timedelta(1), FILED, FILED + timedelta(1), FILED + timedelta(2)]
    found = [[row.state for row in objections.listed(world.connection, day)] for day in days]
    assert found == [[], ["open"], ["open"], ["withdrawn"]]
    assert len(objections.life(world.connection, number, FILED)) == 1
