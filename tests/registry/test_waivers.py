"""The life of a waiver: who may ask, who may approve, how long it lasts (I67)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from tests.registry.waiving import APPROVED, REQUESTED, approve, request, revoke, waive
from tests.scenarios.world import OFFICER, World, moment
from tracker import audit
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.registry import waiver_acts, waivers
from tracker.registry.waiver_tables import Waiver, WaiverEvent
from tracker.registry.waivers import WAIVER, effects, load_waivers

LATER = date(2020, 2, 10)


@pytest.fixture
def world(engine: sa.Engine) -> Iterator[World]:
    """An empty world on a fresh database of each kind."""
    with transaction(engine) as connection:
        yield World(connection)


def stored(world: World) -> tuple[int | None, ...]:
    """How many rows of waivers, their events and the audit there are."""
    counted = (sa.select(sa.func.count()).select_from(table(model))
               for model in (Waiver, WaiverEvent, audit.Act))  # fmt: skip
    return tuple(world.connection.scalar(statement) for statement in counted)


def refused(world: World, act: Callable[..., Any], *words: Any, **changes: Any) -> str:
    """What the refusal of an act says; nothing was written."""
    before = stored(world)
    with pytest.raises(LuzeError) as refusal:
        act(world, *words, **changes)
    assert stored(world) == before
    return str(refusal.value)


def states(world: World) -> dict[int, str]:
    """The state of every waiver as listed."""
    return {row.id: row.state for row in waivers.listed(world.connection)}


def end(world: World, act: str, number: int, on: date) -> None:
    """Refuse, withdraw or revoke on a day."""
    told: dict[str, Any] = {"reason": "理由", "on": on, "now": moment(on, 12), "operator": OFFICER}
    if act != "withdraw":
        told["authority"] = "县脱贫攻坚领导小组"
    if act == "refuse":
        told["approver"] = "李乙丑"
    getattr(waiver_acts, act)(world.connection, number, **told)


def decide(world: World, number: int, act: str) -> None:
    """Approve, refuse or withdraw on the day LATER."""
    if act == "approve":
        approve(world, number, LATER)
    else:
        end(world, act, number, LATER)


@pytest.mark.parametrize(
    ("starts", "last"),
    [
        (date(2020, 1, 1), date(2020, 12, 31)),
        (date(2019, 3, 1), date(2020, 2, 29)),
        (date(2020, 2, 29), date(2021, 2, 28)),
        (date(2020, 3, 1), date(2021, 2, 28)),
    ],
)
def test_a_waiver_lasts_a_year_at_most(world: World, starts: date, last: date) -> None:
    day = pd.Timedelta(days=1)
    eve, after = (last - day, last + day)

    assert "超过一年" in refused(world, request, starts_on=starts, ends_on=after)
    for ends in (eve, last):
        request(world, starts_on=starts, ends_on=ends)
    assert states(world) == {1: "requested", 2: "requested"}


def test_it_ends_on_the_day_it_begins_or_later(world: World) -> None:
    begins = date(2020, 2, 10)

    assert "早于起始日" in refused(world, request, starts_on=begins, ends_on=date(2020, 2, 9))
    assert request(world, starts_on=begins, ends_on=begins)
    assert request(world, starts_on=begins, ends_on=date(2020, 2, 11))


def test_everything_wrong_with_a_request_is_told_at_once(world: World) -> None:
    told = refused(
        world, request, duty="township.captain_meeting", reason=" ", applicant="",
        ends_on=date(2019, 1, 1), on=date(2020, 2, 12), now=moment(date(2020, 2, 11), 9),
    )  # fmt: skip

    for words in (
        "没有责任事项“township.captain_meeting”", "可写：township.captains_meeting", "没有写理由",
        "没有写申请人", "早于起始日", "晚于今天", "I67",
    ):  # fmt: skip
        assert words in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"document": "gansu-1999-1"}, "没有规则包"),
        ({"duty": "county.coordinate", "holder": "示例县"}, "不作计算，无须豁免"),
        ({"holder": "甲局"}, "甲局不承担"),
        ({"holder": "东村"}, "东村不承担"),
        ({"toward": "甲局"}, "不对甲局履行"),
        ({"duty": "helper.visit", "holder": "孙甲子", "toward": "HC02"}, "不对HC02履行"),
    ],
)
def test_only_who_owes_a_computed_duty_needs_a_waiver(
    world: World, changes: dict[str, Any], told: str
) -> None:
    world.unit("甲局", "东村")
    world.pair("孙甲子", "甲局", "HC01")
    world.pair("孙乙丑", "甲局", "HC02")

    assert told in refused(world, request, **changes)
    assert request(world, duty="helper.visit", holder="孙甲子", toward="HC01")
    assert request(world, duty="helper.visit", holder="孙甲子")


@pytest.mark.parametrize("approver", ["王甲子", "王 甲子", "王\u3000甲子 "])
def test_nobody_approves_his_own_request(world: World, approver: str) -> None:
    number = request(world)

    assert "批准人就是申请人" in refused(world, approve, number, approver=approver)
    assert states(world) == {number: "requested"}


def test_an_approval_needs_a_person_and_an_authority(world: World) -> None:
    told = refused(world, approve, request(world), approver="", authority="")

    assert "没有写批准人" in told
    assert "没有写作出决定的机关" in told


def test_it_is_not_approved_before_it_was_requested(world: World) -> None:
    number = request(world)
    known = moment(LATER, 9)

    assert "早于申请" in refused(world, approve, number, date(2020, 2, 2), now=known)
    approve(world, number, REQUESTED, now=known)
    approve(world, request(world, ends_on=date(2020, 2, 28)), date(2020, 2, 4), now=known)
    assert set(states(world).values()) == {"approved"}


@pytest.mark.parametrize("first", ["approve", "refuse", "withdraw"])
@pytest.mark.parametrize("second", ["approve", "refuse", "withdraw"])
def test_a_request_is_decided_once(world: World, first: str, second: str) -> None:
    number = request(world)
    decide(world, number, first)

    assert "现为" in refused(world, decide, number, second)


def test_a_number_that_does_not_exist_is_refused(world: World) -> None:
    assert "没有第 7 号豁免" in refused(world, approve, 7)


def test_the_same_waiver_is_not_approved_twice(world: World) -> None:
    first, second = request(world), request(world)
    approve(world, first)

    assert f"第 {first} 号" in refused(world, approve, second)
    assert f"第 {first} 号" in refused(world, request)
    revoke(world, first, LATER)
    approve(world, second, LATER)
    assert states(world) == {first: "revoked", second: "approved"}


def test_only_what_was_approved_is_loaded_and_from_then_on(world: World) -> None:
    request(world)
    end(world, "refuse", request(world, ends_on=date(2020, 2, 20)), APPROVED)
    number = waive(world, ends_on=date(2020, 2, 25))

    def loaded(hour: int) -> list[int]:
        return [w.number for w in load_waivers(world.connection, moment(APPROVED, hour))]

    assert loaded(9) == []
    assert loaded(10) == [number]
    (waiver,) = load_waivers(world.connection)
    assert (waiver.ends_on, waiver.approver) == (date(2020, 2, 25), "李乙丑")


def test_a_revocation_ends_it_the_day_before(world: World) -> None:
    number, unbegun = (
        waive(world),
        waive(world, starts_on=date(2020, 3, 1), ends_on=LATER.replace(month=3)),
    )
    revoke(world, number, LATER)
    revoke(world, unbegun, LATER)

    (before, _), (after,) = (
        load_waivers(world.connection, moment(LATER, hour)) for hour in (10, 11)
    )
    assert (before.number, before.ends_on) == (number, date(2020, 2, 29))
    assert (after.number, after.ends_on) == (number, date(2020, 2, 9))


def test_the_effect_of_a_waiver_is_what_it_releases_from(world: World) -> None:
    one, idle = waive(world), waive(world, ends_on=date(2020, 2, 28))
    rows = pd.DataFrame({"waiver_id": [one, one, None]}, dtype=object)

    def told(day: date) -> list[tuple[int, int, bool, bool]]:
        found = effects(rows, load_waivers(world.connection), day)
        return [(e.released, e.days_left, e.idle, e.expiring(30)) for e in found]

    assert told(date(2020, 1, 31)) == [(2, 29, False, False), (0, 28, False, False)]
    assert told(date(2020, 2, 1)) == [(2, 28, False, True), (0, 27, True, True)]
    assert told(date(2020, 2, 29)) == [(2, 0, False, True), (0, -1, False, False)]
    assert [row.id for row in waivers.listed(world.connection)] == [one, idle]


def test_it_is_expiring_so_many_days_before_its_end(world: World) -> None:
    waive(world, ends_on=date(2020, 12, 31))

    def expiring(day: date) -> bool:
        (effect,) = effects(pd.DataFrame({"waiver_id": []}), load_waivers(world.connection), day)
        return effect.expiring(30)

    days = (date(2020, 11, 30), date(2020, 12, 1), date(2020, 12, 2), date(2021, 1, 1))
    assert [expiring(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize("seed", range(8))
def test_a_life_replayed_from_its_rows_gives_the_stored_state(
    sqlite_engine: sa.Engine, seed: int
) -> None:
    random = Random(seed)
    with transaction(sqlite_engine) as connection:
        world, day = World(connection), REQUESTED
        for _ in range(14):
            day = day.fromordinal(day.toordinal() + random.randint(0, 2))
            number = random.randint(1, 4)
            act = random.choice(["request", "approve", "refuse", "withdraw", "revoke"])
            try:
                if act == "request":
                    request(world, starts_on=day, ends_on=date(2020, 12, 31), on=day)
                elif act == "approve":
                    approve(world, number, day)
                else:
                    end(world, act, number, day)
            except LuzeError:
                continue
        lives = {number: waivers.life(connection, number) for number in states(world)}
        assert {n: WAIVER.replay(e.event for e in life) for n, life in lives.items()} == states(
            world
        )
        assert all(e.state == WAIVER.replay(x.event for x in life[: i + 1])
                   for life in lives.values() for i, e in enumerate(life))  # fmt: skip
        assert lives
        assert audit.verify(connection)[1] is None


def test_an_earlier_state_can_be_asked(world: World) -> None:
    number = waive(world)
    revoke(world, number, LATER)

    days = (date(2020, 2, 2), REQUESTED, APPROVED, date(2020, 2, 9), LATER)
    found = [[row.state for row in waivers.listed(world.connection, day)] for day in days]
    assert found == [[], ["requested"], ["approved"], ["approved"], ["revoked"]]
