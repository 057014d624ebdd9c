"""One notice speaks for what follows from it; objections and rectifications over the nights."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.consequences.test_notices import september
from tests.scenarios.world import OFFICER, World, history, moment, only, shipped_law
from tracker.consequences import notices, objections
from tracker.consequences.notice_calls import causes
from tracker.consequences.tables import Interview, InterviewEvent, NoticeEvent
from tracker.db import table

MEETING, CAPTAIN = "township.captains_meeting", "township.chief_captain"
FILLED = date(2020, 10, 20)
LAST_HELD = date(2020, 8, 19)


def vacant(world: World, last_day: date = LAST_HELD, filled: date = FILLED) -> World:
    """September's meeting is missing; the chief captain's post is vacant from the day after
    `last_day` until it is `filled`."""
    september(world)
    world.law = only(shipped_law(), (MEETING, CAPTAIN))
    for person, span in (("钱甲", (None, last_day)), ("钱乙", (filled, None))):
        world.post(person, "chief_captain", "东乡", span)
        world.post(person, "party_leader", "东乡", span)
    return world


def told(world: World, *days: date) -> list[tuple[date, str, str, str]]:
    """Run these nights; every row as (night, duty, event, level), reminders left out."""
    for day in days:
        world.check(day)
    heads = {life.id: life.call for life in notices.listed(world.connection)}
    return [
        (e.as_of, heads[e.notice_id].duty, e.event, heads[e.notice_id].level)
        for e in history(world.connection, NoticeEvent)
        if e.event not in ("reminded", "told_leader")
    ]


def test_a_vacant_post_mutes_its_months_misses_until_it_is_filled(world: World) -> None:
    days = (date(2020, 9, 22), date(2020, 9, 23), date(2020, 10, 1), date(2020, 10, 15))

    assert told(vacant(world), *days, date(2020, 10, 19), FILLED, date(2020, 10, 21)) == [
        (date(2020, 9, 22), CAPTAIN, "raised", "red"),
        (date(2020, 9, 23), MEETING, "muted", "blue"),
        (date(2020, 10, 1), MEETING, "superseded", "blue"),
        (date(2020, 10, 1), MEETING, "muted", "yellow"),
        (date(2020, 10, 15), MEETING, "superseded", "yellow"),
        (date(2020, 10, 15), MEETING, "muted", "red"),
        (FILLED, CAPTAIN, "cured", "red"),
        (FILLED, MEETING, "raised", "red"),
    ]
    captain, *_ = notices.listed(world.connection)
    muted = [e for e in history(world.connection, NoticeEvent) if e.event == "muted"]
    assert {e.note for e in muted} == {
        f"因“一名党委领导担任乡镇总队长”未落实，并入第 {captain.id} 号提醒"
    }


def test_a_muted_notice_is_not_open_and_never_repeated(world: World) -> None:
    nights = told(vacant(world), date(2020, 10, 15), date(2020, 10, 19))

    assert [event for _, duty, event, _ in nights if duty == MEETING] == ["muted"]
    assert [call.duty for call in notices.open_notices(world.connection).values()] == [CAPTAIN]
    loud = [e for e in history(world.connection, NoticeEvent) if e.event == "told_leader"]
    assert notices.leader_heard(world.connection) == {e.notice_id for e in loud}
    (muted,) = (e for e in notices.listed(world.connection) if e.state == "muted")
    assert muted.id not in {e.notice_id for e in loud}


@pytest.mark.parametrize(
    ("last_held", "explained"),
    [(date(2020, 9, 29), True), (date(2020, 9, 30), False), (date(2020, 10, 1), False)],
)
def test_a_gap_explains_the_month_in_which_it_begins_and_none_before_it(
    world: World, last_held: date, explained: bool
) -> None:
    """October's meeting is held; the gap begins on the day after `last_held`."""
    rows = vacant(world, last_held, filled=date(2020, 11, 20)).look(date(2020, 10, 31))
    found = causes(rows, world.law.packs, date(2020, 10, 31))
    breached = rows[rows["status"] == "breached"]
    missed = set(breached[breached["duty"] == MEETING]["key"])

    assert sorted(breached["duty"]) == [MEETING, CAPTAIN]
    assert set(found) == (missed if explained else set())


def red_meeting(world: World) -> str:
    """The key of September's missing meeting, whose notice is red since 15 October."""
    september(world).check(date(2020, 10, 15))
    (call,) = notices.open_notices(world.connection).values()
    return call.key


def object_(world: World, key: str, day: date) -> int:
    return objections.file(
        world.connection, world.law, about=key, subject_id=world.ids["东乡"], filed_by="东乡王甲",
        reason="会议已开，记录在乡里", on=day, now=moment(day, 9), operator=OFFICER,
    )  # fmt: skip


def answered(world: World, number: int, day: date, *, right: bool) -> None:
    answer = objections.uphold if right else objections.reject
    answer(
        world.connection, number, answer="已查阅记录", authority="示例县脱贫办", officer="李乙",
        on=day, now=moment(day, 9), operator=OFFICER,
    )  # fmt: skip


def test_an_objection_holds_the_reminder_back_until_it_is_rejected(world: World) -> None:
    key = red_meeting(world)
    number = object_(world, key, date(2020, 10, 16))
    for day in (date(2020, 10, 22), date(2020, 11, 2)):
        world.check(day)
    assert [e.event for e in history(world.connection, NoticeEvent)] == ["raised"]

    answered(world, number, date(2020, 11, 3), right=False)
    world.check(date(2020, 11, 3))
    assert [e.event for e in history(world.connection, NoticeEvent)] == [
        "raised", "told_leader", "reminded",
    ]  # fmt: skip


def test_an_objection_upheld_withdraws_the_notice_for_good(world: World) -> None:
    key = red_meeting(world)
    answered(world, object_(world, key, date(2020, 10, 16)), date(2020, 10, 19), right=True)
    for day in (date(2020, 10, 19), date(2020, 10, 20), date(2020, 11, 2)):
        world.check(day)

    rows = history(world.connection, NoticeEvent)
    assert [(e.as_of, e.event, e.note) for e in rows] == [
        (date(2020, 10, 15), "raised", ""),
        (date(2020, 10, 19), "withdrawn", "异议成立"),
    ]


def interview(world: World, **event: Any) -> None:
    """A row of the history of interview 1."""
    row = {
        "interview_id": 1, "note": "", "operator": OFFICER, "detail": {}, "authority": "",
        "document_number": "", "due_on": None, **event,
        "recorded_at": moment(event["as_of"], 9), "state": event["event"],
    }  # fmt: skip
    world.connection.execute(table(InterviewEvent).insert(), row)


def conducted(world: World) -> World:
    """An interview of 东乡, with a rectification due on 20 November 2020."""
    september(world).did("东乡", "captains_meeting", date(2020, 9, 9))
    world.connection.execute(table(Interview).insert(), {
        "id": 1, "document": "gansu-2019-33", "section": "八", "accountable_id": world.ids["东乡"],
        "interviewer": {"role": "county_heads", "name": "县主要负责同志", "people": []},
        "interviewees": [],
    })  # fmt: skip
    for event in ("recommended", "decided"):
        interview(world, event=event, as_of=date(2020, 10, 20))
    due = date(2020, 11, 20)
    interview(world, event="conducted", as_of=date(2020, 10, 21), due_on=due)
    return world


def test_a_rectification_not_verified_is_warned_about_before_and_after_its_day(
    world: World,
) -> None:
    days = [date(2020, 11, day) for day in (12, 13, 20, 21)]
    nights = told(conducted(world), *days)
    assert nights == [
        (date(2020, 11, 13), "", "raised", "yellow"),
        (date(2020, 11, 21), "", "superseded", "yellow"),
        (date(2020, 11, 21), "", "raised", "red"),
    ]
    (call,) = notices.open_notices(world.connection).values()
    assert (call.key, call.subject_id) == ("interview|1|rectification", world.ids["东乡"])

    interview(world, event="verified", as_of=date(2020, 11, 23))
    assert told(world, date(2020, 11, 23))[-1] == (date(2020, 11, 23), "", "cured", "red")


def test_a_rectification_not_accepted_is_no_longer_warned_about(world: World) -> None:
    told(conducted(world), date(2020, 11, 21))
    interview(world, event="failed", as_of=date(2020, 11, 23))
    assert told(world, date(2020, 11, 23))[-1][2:] == ("withdrawn", "red")
