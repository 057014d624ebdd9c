"""The interviews of a night: the ladder, what is settled, objections, waivers and incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.consequences.desk import BREACH, DECIDED, HELD, TOLD, Desk, behind
from tests.scenarios.world import OFFICER, World, all_covers, moment, only, shipped_law
from tracker import nightly
from tracker.consequences import incidents, interview_night, objections
from tracker.consequences.cases import load_cases
from tracker.consequences.history import Moment
from tracker.consequences.interviews import Standing, suggested_rung
from tracker.consequences.lives import INTERVIEW, INTERVIEW_OPEN
from tracker.consequences.tables import InterviewGround
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.policy.model import interview_rule
from tracker.policy.sanctions import InterviewRule
from tracker.registry import waiver_acts

DAY = timedelta(1)
DOCUMENT = "gansu-2019-33"
RUNGS = ["group_leader_unit", "provincial_leader_seat", "province_coordination_group"]


def rule(section: str = "五") -> InterviewRule:
    """The shipped rule of a section."""
    return interview_rule(shipped_law().pack(DOCUMENT), section)


def held(desk: Desk, number: int, first: date) -> date:
    """Hold the interview of a recommended case on one day; the day after."""
    for name in ("inform", "state", "decide", "conduct"):
        desk.act(name, first, number)
    return first + DAY


def test_in_turn_the_next_rung_follows_an_interview_and_the_top_repeats() -> None:
    assert [suggested_rung(rule(), at) for at in (None, 0, 1, 2)] == [0, 1, 2, 2]


@pytest.mark.parametrize("section", ["三", "七", "八", "九·连带"])
def test_elsewhere_no_interview_raises_the_rung(section: str) -> None:
    assert [suggested_rung(rule(section), at) for at in (None, 0, 1)] == [0, 0, 0]


def test_what_was_not_rectified_is_recommended_again_one_rung_higher(world: World) -> None:
    desk = behind(world)
    world.check(BREACH)
    night = BREACH
    for number in range(1, 5):
        case = desk.case(number)
        assert (case.state, len(case.keys)) == ("recommended", 1)
        night = held(desk, number, night + 2 * DAY)
        world.check(night)  # while its rectification runs nothing new is said of it
        assert len(desk.cases()) == number
        desk.act("fail", night, number)
        world.check(night)

    assert [(state, rung) for _, state, rung in desk.cases()] == [
        ("failed", 0), ("failed", 1), ("failed", 2), ("failed", 2), ("recommended", 2),
    ]  # fmt: skip
    assert [case.interviewer["role"] for case in load_cases(world.connection)] == [
        *RUNGS, RUNGS[-1], RUNGS[-1],
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["conducted", "verified", "closed"])
def test_what_an_interview_dealt_with_is_not_recommended_again(world: World, state: str) -> None:
    desk = behind(world)
    world.check(BREACH)
    desk.to(state)
    for night in (date(2021, 2, 1), date(2021, 2, 2)):
        assert world.check(night).counts["interviews"] == {
            "recommended": 0, "grounds_joined": 0, "withdrawn": 0,
        }  # fmt: skip

    assert desk.cases() == [("五", state, 0)]


def test_a_new_ground_after_an_interview_opens_a_new_case_at_the_next_rung(world: World) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", voided=date(2021, 1, 25))
    world.check(BREACH)
    desk.to("conducted")
    world.check(date(2021, 1, 24))
    assert desk.cases() == [("五", "conducted", 0)]

    world.check(date(2021, 1, 25))
    assert desk.cases() == [("五", "conducted", 0), ("五", "recommended", 1)]
    assert [key.split("|")[1] for key in desk.case(2).keys] == ["unit.leader_visit"]


def test_a_dismissed_ground_stays_dismissed_and_no_rung_is_climbed(world: World) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", voided=date(2021, 1, 25))
    world.check(BREACH)
    desk.act("dismiss", TOLD)
    world.check(date(2021, 1, 24))
    assert desk.cases() == [("五", "dismissed", 0)]

    world.check(date(2021, 1, 25))
    assert desk.cases() == [("五", "dismissed", 0), ("五", "recommended", 0)]


def test_a_dismissal_settles_only_what_still_stood(world: World) -> None:
    """The visit was proven when the case was dismissed; its proof turned out to be none."""
    desk = behind(world, "unit.study", "unit.leader_visit")
    spoken_for: dict[str, Any] = {"entered": TOLD, "voided": date(2021, 1, 25)}
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", **spoken_for)
    world.check(BREACH)
    assert len(desk.case().keys) == 2
    world.check(TOLD)
    desk.act("dismiss", TOLD)
    world.check(date(2021, 1, 24))
    assert desk.cases() == [("五", "dismissed", 0)]

    world.check(date(2021, 1, 25))
    assert [key.split("|")[1] for key in desk.case(2).keys] == ["unit.leader_visit"]


def test_what_left_between_the_decision_and_the_interview_was_dealt_with(world: World) -> None:
    desk = behind(world)
    world.did(
        "甲局", "committee_study", date(2020, 12, 1), entered=DECIDED + DAY,
        voided=date(2021, 2, 1),
    )  # fmt: skip
    world.check(BREACH)
    desk.to("decided")
    world.check(DECIDED + DAY)
    desk.act("conduct", HELD)
    world.check(date(2021, 2, 1))

    assert [state for _, state, _ in desk.cases()] == ["conducted"]


def test_a_dismissal_dated_before_a_ground_joined_does_not_settle_that_ground(
    world: World,
) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", voided=date(2021, 1, 20))
    world.check(BREACH)
    world.check(date(2021, 1, 20))
    desk.act("dismiss", TOLD, now=moment(date(2021, 1, 25)))
    world.check(date(2021, 1, 26))

    assert [state for _, state, _ in desk.cases()] == ["dismissed", "recommended"]
    assert [key.split("|")[1] for key in desk.case(2).keys] == ["unit.leader_visit"]


def test_a_new_ground_joins_a_case_that_is_decided(world: World) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", voided=date(2021, 1, 16))
    world.check(BREACH)
    desk.to("decided")
    world.check(date(2021, 1, 16))

    assert desk.cases() == [("五", "decided", 0)]
    assert len(desk.case().keys) == 2
    assert len(desk.case(as_of=DECIDED).keys) == 1


def test_a_decided_case_is_left_to_a_person_when_its_grounds_are_gone(world: World) -> None:
    desk = behind(world)
    world.did("甲局", "committee_study", date(2020, 12, 1), entered=date(2021, 1, 16))
    world.check(BREACH)
    desk.to("decided")
    night = world.check(date(2021, 1, 16))

    case = desk.case()
    assert (case.state, case.keys, night.counts["interviews"]["withdrawn"]) == ("decided", (), 0)
    assert [(g.live, g.note) for g in case.grounds] == [(False, "现为已达标")]
    assert desk.act("conduct", HELD).state == "conducted"


def test_the_same_night_twice_writes_nothing_more(world: World) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    for hour in (20, 21):
        world.check(BREACH, hour=hour)
        grounds = world.connection.execute(table(InterviewGround).select()).all()
        assert (desk.rows(), len(grounds)) == (1, 2)


def file(desk: Desk, about: str, on: date) -> int:
    """An objection of the unit."""
    return objections.file(
        desk.connection, desk.world.law, about=about, subject_id=desk.world.ids["甲局"],
        filed_by="李甲子", reason="会议记录漏报", on=on, now=moment(on, 12), operator=OFFICER,
    )  # fmt: skip


def answer(desk: Desk, number: int, verdict: str, on: date) -> None:
    """Uphold or reject an objection."""
    getattr(objections, verdict)(
        desk.connection, number, answer="已核", authority="示例县协调办", officer="何甲子",
        on=on, now=moment(on, 12), operator=OFFICER,
    )  # fmt: skip


@pytest.mark.parametrize(("verdict", "expected"), [("reject", ["recommended"]), ("uphold", [])])
def test_an_open_objection_keeps_a_breach_from_being_recommended(
    world: World, verdict: str, expected: list[str]
) -> None:
    desk = behind(world)
    eve = world.check(BREACH - DAY)
    (study,) = eve.findings.query("status == 'in_grace'")["key"]
    number = file(desk, study, BREACH - DAY)
    world.check(BREACH)
    assert desk.cases() == []

    answer(desk, number, verdict, TOLD)
    world.check(TOLD)
    assert [state for _, state, _ in desk.cases()] == expected


def test_a_ground_that_had_joined_stays_while_the_objection_is_open(world: World) -> None:
    desk = behind(world)
    world.check(BREACH)
    number = file(desk, "interview|1", TOLD)
    world.check(TOLD)
    assert (desk.case().state, len(desk.case().keys)) == ("recommended", 1)

    answer(desk, number, "uphold", TOLD + DAY)
    world.check(TOLD + DAY)
    case = desk.case()
    assert (case.state, [g.note for g in case.grounds]) == ("withdrawn", ["异议成立"])
    world.check(TOLD + 2 * DAY)
    assert len(desk.cases()) == 1


def test_a_waiver_takes_the_ground_away_and_says_so(world: World) -> None:
    desk = behind(world)
    world.check(BREACH)
    said: dict[str, Any] = {"on": TOLD, "now": moment(TOLD, 12), "operator": OFFICER}
    number = waiver_acts.request(
        world.connection, world.law, document=DOCUMENT, duty="unit.study",
        holder_id=world.ids["甲局"], starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31),
        reason="疫情防控", applicant="李甲子", **said,
    )  # fmt: skip
    waiver_acts.approve(
        world.connection, number, approver="何甲子", authority="示例县协调办", **said
    )
    world.check(TOLD)

    case = desk.case()
    assert (case.state, [g.note for g in case.grounds]) == ("withdrawn", ["现为已豁免"])


def test_a_recorded_fact_recommends_until_it_is_withdrawn(world: World) -> None:
    world.law = only(shipped_law(), ("cadre.days_220",))
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    desk = Desk(world)
    told: dict[str, Any] = {"authority": "示例县纪委", "operator": OFFICER}
    number = incidents.record(
        world.connection, world.law, kind="harm_to_masses", happened_on=date(2020, 3, 2),
        determined_on=date(2020, 4, 1), subject_id=world.ids["赵甲子"],
        now=moment(date(2020, 4, 2)), **told,
    )  # fmt: skip
    world.check(date(2020, 4, 2))

    (case,) = load_cases(world.connection)
    assert (case.section, case.accountable_id) == ("九", world.ids["东村工作队"])
    assert case.interviewees[1]["people"] == [world.ids["赵甲子"]]
    (ground,) = case.grounds
    assert ground.key.startswith(f"incident|{number}|")
    assert "赵甲子" in ground.note
    withdrawn_on = date(2020, 4, 3)
    incidents.withdraw(
        world.connection, number, reason="认定有误", now=moment(withdrawn_on), **told
    )
    world.check(withdrawn_on)
    case = desk.case()
    assert (case.state, case.grounds[0].note) == ("withdrawn", "事件已撤销，或不再涉及")


def test_a_night_caught_up_knows_what_a_person_has_decided_since(world: World) -> None:
    """The night of the 12th runs on the 20th, after the dismissal of the 15th."""
    desk = behind(world)
    world.check(BREACH)
    desk.act("dismiss", DECIDED)
    nightly.check(
        world.connection, world.law, all_covers(),
        as_of=date(2021, 1, 12), now=moment(HELD), operator=OFFICER,
    )  # fmt: skip

    assert desk.cases() == [("五", "dismissed", 0)]


def test_fewer_grounds_than_the_rule_asks_for_recommend_nothing(world: World) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    pack = world.law.pack(DOCUMENT)
    rules = tuple(r.model_copy(update={"minimum_breaches": 2}) for r in pack.interviews)
    world.law = replace(world.law, packs=(pack.model_copy(update={"interviews": rules}),))
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", voided=date(2021, 1, 25))
    world.check(BREACH)
    assert desk.cases() == []

    world.check(date(2021, 1, 25))
    assert desk.cases() == [("五", "recommended", 0)]


def test_nothing_called_for_and_nothing_said_changes_nothing() -> None:
    place = (DOCUMENT, "五", 1)
    made = interview_night.plan({}, {place: Standing(1, "recommended", frozenset({"k"}))}, ())

    assert made == interview_night.Plan()


UNITS, KEYS, NIGHTS = ("甲局", "乙局"), 3, 14
ACTS = ("inform", "state", "decide", "dismiss", "conduct", "verify", "fail", "close", "rule")
FORWARD = {
    "recommended": ("inform", "state", "decide"), "decided": ("conduct",),
    "conducted": ("verify",), "verified": ("close",),
}  # fmt: skip
night = st.lists(st.tuples(st.sampled_from(UNITS), st.integers(1, KEYS)), unique=True)
steps = st.lists(
    st.one_of(
        night,
        st.tuples(st.sampled_from(ACTS), st.integers(1, 4)),
        st.tuples(st.sampled_from(("forward", "forward", "fail")), st.integers(1, 3)),
    ),
    min_size=6, max_size=NIGHTS,
)  # fmt: skip


class Story:
    """Nights of invented breaches, and acts that may be refused, one step a day."""

    def __init__(self, connection: sa.Connection) -> None:
        self.world = World(connection, only(shipped_law(), ("unit.study",)))
        self.desk = Desk(self.world)
        for unit in UNITS:
            self.world.unit(unit, "东村")
            self.world.post("李甲子", "head", unit)

    def keys(self, unit: str) -> list[str]:
        """All that may ever be breached by a unit."""
        holder = self.world.ids[unit]
        return [f"{DOCUMENT}|unit.study|{holder}||{2016 + n}-01-01|" for n in range(1, KEYS + 1)]

    def night(self, breached: list[tuple[str, int]], on: date) -> None:
        """A night on which exactly these are breached."""
        rows = pd.DataFrame(
            [
                {
                    "key": key, "document": DOCUMENT, "duty": "unit.study",
                    "holder_id": self.world.ids[unit], "accountable_id": self.world.ids[unit],
                    "status": "breached" if (unit, number) in breached else "met",
                }
                for unit in UNITS
                for number, key in enumerate(self.keys(unit), start=1)
            ]
        )  # fmt: skip
        at = Moment(on, moment(on, 23), OFFICER)
        scene = self.world.scene(on)
        interview_night.update(self.world.connection, rows, scene, rows[["key", "status"]], at)

    def tell(self, step: list[tuple[str, int]] | tuple[str, int], on: date) -> None:
        """A night, or an act; a refused act leaves nothing behind."""
        if isinstance(step, list):
            return self.night(step, on)
        name, number = step
        cases = {case.id: case.state for case in load_cases(self.world.connection)}
        for act in FORWARD.get(cases.get(number, ""), ()) if name == "forward" else (name,):
            before = self.desk.rows()
            try:
                self.desk.act(act, on, number)
            except LuzeError:
                assert self.desk.rows() == before
        return None


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=steps)
def test_any_history_replays_to_what_is_stored(
    sqlite_engine: sa.Engine, told: list[list[tuple[str, int]] | tuple[str, int]]
) -> None:
    """And at most one case of a place is open, and nothing settled is ever recommended again."""
    with sqlite_engine.connect() as connection:
        story = Story(connection)
        story.night([(UNITS[0], 1), (UNITS[1], 2)], BREACH)
        for days, step in enumerate(told):
            story.tell(step, TOLD + 3 * days * DAY)
            cases = load_cases(connection)
            places = [c.accountable_id for c in cases if c.state in INTERVIEW_OPEN]
            assert len(places) == len(set(places))
        for case in cases:
            assert INTERVIEW.replay(act.event for act in case.acts) == case.state
            for act in case.acts:
                so_far = [a.event for a in case.acts if a.as_of <= act.as_of]
                assert story.desk.case(case.id, act.as_of).state == INTERVIEW.replay(so_far)
            settled = case.state in ("dismissed", "conducted", "verified", "closed")
            later = {g.key for c in cases if c.id > case.id for g in c.grounds}
            assert not (settled and later & set(case.keys))
        connection.rollback()


def test_both_databases_tell_the_same_life(engine: sa.Engine) -> None:
    with transaction(engine) as connection:
        world = World(connection)
        desk = behind(world, "unit.study", "unit.leader_visit")
        world.check(BREACH)
        desk.to("conducted")
        desk.act("fail", HELD, 1)
        world.check(HELD)

        assert desk.cases() == [("五", "failed", 0), ("五", "recommended", 1)]
        assert desk.case(2).keys == desk.case(1).keys
        assert desk.case(1, DECIDED).state == "decided"
