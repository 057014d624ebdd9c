"""Recommendations over the nights: one per accountable subject and section; people decide (I35)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.scenarios.scenario import read_days
from tests.scenarios.world import World, history, months, only, shipped_law
from tracker.consequences.cases import load_cases
from tracker.consequences.lives import INTERVIEW_OPEN
from tracker.consequences.tables import Interview, InterviewEvent, InterviewGround
from tracker.db import table
from tracker.evaluation import findings

DUTIES = ("unit.study", "unit.leader_visit", "unit.return_visit")
GRACE_ENDS, BREACH = date(2021, 1, 8), date(2021, 1, 9)


def behind(world: World) -> World:
    """A unit short of one study, one visit and the return visit of the third quarter of 2020."""
    world.law = only(shipped_law(), DUTIES)
    world.unit("甲局", "东村")
    world.unit("县甲办", leads="示例县")
    world.unit("市甲办", level="prefecture", leads="示例县")
    world.post("李甲子", "head", "甲局")
    world.leader("钱甲子", "甲局")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    studies = [date(2020, month, 5) for month in (2, 5, 8)]
    world.did("甲局", "committee_study", *studies, *months("2019-01", "2019-04"))
    world.did("甲局", "committee_study", *months("2021-01", "2021-04"))
    visits = [date(2019, 3, 4), date(2019, 9, 4), date(2020, 4, 8), date(2021, 1, 4)]
    world.did("钱甲子", "leader_visit", *visits, date(2021, 2, 4), place="东村")
    quarters = [date(2020, month, 10) for month in (1, 4, 10)]
    world.did("甲局", "return_visit", *quarters, date(2021, 1, 5), toward="赵甲子")
    world.reported(months("2019-01", "2021-03"))
    return world


def standing(world: World) -> dict[tuple[str, str], list[str]]:
    """(accountable, section) -> duties of the live grounds."""
    names = {number: name for name, number in world.ids.items()}
    return {
        (names[case.accountable_id], case.section): sorted(k.split("|")[1] for k in case.keys)
        for case in load_cases(world.connection, states=INTERVIEW_OPEN)
    }


def events(world: World) -> list[tuple[date, str]]:
    """Every transition of an interview."""
    return [(e.as_of, e.event) for e in history(world.connection, InterviewEvent)]


def parties(world: World) -> Any:
    """The one interview as stored."""
    (found,) = world.connection.execute(table(Interview).select()).all()
    return found


@pytest.mark.parametrize(("night", "expected"), [(GRACE_ENDS, []), (BREACH, ["recommended"])])
def test_a_breach_recommends_once_its_grace_is_over(
    world: World, night: date, expected: list[str]
) -> None:
    world.law = only(shipped_law(), ("unit.study",))
    world.unit("甲局", "东村")
    world.did("甲局", "committee_study", date(2019, 2, 5), date(2019, 5, 5), date(2019, 8, 5))
    world.did("甲局", "committee_study", date(2019, 9, 5))
    world.reported(months("2019-01", "2020-12"))
    world.check(night)

    assert [event for _, event in events(world)] == expected


def test_later_breaches_join_the_one_open_recommendation(world: World) -> None:
    behind(world).check(date(2020, 10, 15))
    assert standing(world) == {("甲局", "五"): ["unit.return_visit"]}

    world.check(BREACH)
    world.check(date(2021, 1, 10))
    assert standing(world) == {
        ("甲局", "五"): ["unit.leader_visit", "unit.return_visit", "unit.study"]
    }
    assert events(world) == [(date(2020, 10, 15), "recommended")]
    grounds = {e.key.split("|")[1]: e.ground for e in history(world.connection, InterviewGround)}
    assert grounds == {
        "unit.return_visit": "保障措施落实不到位",
        "unit.leader_visit": "帮扶工作长期滞后",
        "unit.study": "帮扶工作长期滞后",
    }


def test_it_is_withdrawn_only_when_every_ground_is_cured(world: World) -> None:
    behind(world)
    late = [date(2021, 1, 11), date(2021, 1, 12), date(2021, 1, 13)]
    world.did("甲局", "committee_study", date(2020, 12, 1), entered=late[0])
    world.did("钱甲子", "leader_visit", date(2020, 12, 1), place="东村", entered=late[1])
    world.did("甲局", "return_visit", date(2020, 9, 1), toward="赵甲子", entered=late[2])

    left = []
    for night in (BREACH, *late, date(2021, 1, 14)):
        world.check(night)
        left.append(standing(world).get(("甲局", "五"), []))
    assert left == [
        ["unit.leader_visit", "unit.return_visit", "unit.study"],
        ["unit.leader_visit", "unit.return_visit"],
        ["unit.return_visit"],
        [],
        [],
    ]
    assert events(world) == [(BREACH, "recommended"), (late[2], "withdrawn")]


def test_a_breach_after_the_withdrawal_is_a_new_recommendation(world: World) -> None:
    world.law = only(shipped_law(), ("unit.study",))
    world.unit("甲局", "东村")
    world.did("甲局", "committee_study", *months("2019-01", "2019-04"))
    world.did("甲局", "committee_study", date(2020, 2, 5), date(2020, 5, 5), date(2020, 8, 5))
    world.did(
        "甲局", "committee_study", date(2020, 12, 1),
        entered=date(2021, 1, 11), voided=date(2021, 1, 13),
    )  # fmt: skip
    world.reported(months("2019-01", "2021-01"))
    for night in (BREACH, date(2021, 1, 11), date(2021, 1, 12), date(2021, 1, 13)):
        world.check(night)

    assert events(world) == [
        (BREACH, "recommended"),
        (date(2021, 1, 11), "withdrawn"),
        (date(2021, 1, 13), "recommended"),
    ]
    assert len(world.connection.execute(table(Interview).select()).all()) == 2


def test_time_alone_never_withdraws_a_recommendation(world: World) -> None:
    """400 days later the window is no longer judged, but its breach was never cured."""
    world.law = only(shipped_law(), ("unit.study",))
    world.unit("甲局", "东村")
    world.did("甲局", "committee_study", *months("2021-01", "2021-04"))
    world.did("甲局", "committee_study", *months("2019-01", "2019-04"))
    world.did("甲局", "committee_study", *months("2022-01", "2022-04"))
    world.reported(months("2019-01", "2022-12"))
    world.check(BREACH)
    world.check(date(2022, 5, 1))

    assert standing(world) == {("甲局", "五"): ["unit.study"]}
    assert events(world) == [(BREACH, "recommended")]


@pytest.mark.parametrize(("studies", "open_now"), [(3, True), (4, False), (5, False)])
def test_a_late_entry_cures_a_breach_however_old(
    world: World, studies: int, open_now: bool
) -> None:
    """I64: by the day the thing happened; the night after the entry looks back that far."""
    world.law = only(shipped_law(), ("unit.study",))
    world.unit("甲局", "东村")
    for year in ("2019", "2021", "2022"):
        world.did("甲局", "committee_study", *months(f"{year}-01", f"{year}-04"))
    world.reported(months("2019-01", "2022-12"))
    world.check(BREACH)
    world.check(date(2022, 5, 1))
    late = [date(2020, month, 10) for month in range(1, studies + 1)]
    world.did("甲局", "committee_study", *late, entered=date(2022, 5, 2))
    world.check(date(2022, 5, 2))

    assert bool(standing(world)) is open_now
    assert (events(world)[-1] == (date(2022, 5, 2), "withdrawn")) is not open_now


def test_the_interviewer_is_the_group_leader_unit_of_the_same_level(world: World) -> None:
    behind(world).check(BREACH)

    assert parties(world).interviewer == {
        "role": "group_leader_unit", "name": "组长单位", "people": [world.ids["县甲办"]],
    }  # fmt: skip


def test_interviewees_are_named_by_post_and_a_vacant_post_by_nobody(world: World) -> None:
    behind(world).check(BREACH)

    assert parties(world).interviewees == [
        {"post": "head", "name": "主要领导", "people": [world.ids["李甲子"]]},
        {"post": "deputy_in_charge", "name": "分管领导", "people": []},
    ]


def test_who_left_the_post_before_the_night_is_not_interviewed(world: World) -> None:
    behind(world)
    world.post("李乙丑", "deputy_in_charge", "甲局", (None, date(2021, 1, 8)))
    world.post("李丙寅", "deputy_in_charge", "甲局", (BREACH, None))
    world.check(BREACH)

    assert parties(world).interviewees[1]["people"] == [world.ids["李丙寅"]]


def test_a_team_answers_with_its_captain_and_the_person_concerned(world: World) -> None:
    world.law = only(shipped_law(), ("cadre.days_220",))
    world.unit("甲局", "东村")
    for cadre in ("赵甲子", "赵乙丑"):
        world.cadre(cadre, "甲局", "东村", (date(2020, 1, 1), None))
    world.post("赵乙丑", "captain", "东村工作队")
    world.did("赵乙丑", "in_village", *read_days("2020-01-02 起 220 个工作日"))
    world.reported(months("2020-01", "2020-12"))
    world.check(BREACH)

    assert standing(world) == {("东村工作队", "九"): ["cadre.days_220"]}
    assert [who["people"] for who in parties(world).interviewees] == [
        [world.ids["赵乙丑"]],
        [world.ids["赵甲子"]],
    ]


def test_a_helper_is_interviewed_by_the_own_unit(world: World) -> None:
    world.law = only(shipped_law(), ("helper.visit", "helper.deed"))
    world.unit("甲局", "东村")
    world.pair("孙甲子", "甲局", "HC01", (date(2020, 1, 1), None))
    world.pair("孙乙丑", "甲局", "HC02", (date(2020, 1, 1), None))
    world.did("孙乙丑", "household_visit", date(2020, 3, 2), date(2020, 9, 2), toward="HC02")
    world.did("孙乙丑", "good_deed", date(2020, 9, 2), toward="HC02")
    world.reported(months("2020-01", "2020-12"))
    world.check(BREACH)

    assert standing(world) == {("孙甲子", "十"): ["helper.deed", "helper.visit"]}
    assert parties(world).interviewer["people"] == [world.ids["甲局"]]
    assert parties(world).interviewees == [
        {"post": "person_concerned", "name": "帮扶责任人", "people": [world.ids["孙甲子"]]}
    ]


def test_sections_and_subjects_are_recommended_apart(world: World) -> None:
    world.law = only(
        shipped_law(),
        ("unit.study", "township.captains_meeting", "county.promotion_meeting", "prefecture.study"),
    )
    world.unit("甲局", "东村")
    world.unit("乙局", "东村")
    world.reported(months("2020-01", "2020-12"))
    world.check(BREACH)

    assert sorted(standing(world)) == [
        ("东乡", "八"), ("乙局", "五"), ("甲局", "五"), ("示例县", "七"), ("示例市", "六"),
    ]  # fmt: skip


def test_what_is_only_unreported_or_for_review_recommends_nothing(world: World) -> None:
    world.law = only(shipped_law(), ("cadre.nights_160", "unit.study"))
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    world.did("赵甲子", "overnight", *read_days("2020-07-25 起 160 天"))
    world.reported(months("2020-01", "2020-12"), form="attendance", scope="赵甲子")
    world.reported(months("2020-01", "2020-12"), form="pairings", scope="示例县")
    world.check(BREACH)

    found = findings.state(world.connection).query("closes.astype('str') == '2020-12-31'")
    assert dict(zip(found["duty"], found["status"], strict=True)) == {
        "unit.study": "unreported",
        "cadre.nights_160": "needs_review",
    }
    assert events(world) == []
