"""Notices over the nights: raised once at each level, cured by evidence, raised again."""

from __future__ import annotations

from datetime import date

from tests.scenarios.world import World, history, moment, months, only, shipped_law
from tracker.consequences import notices
from tracker.consequences.tables import Interview, Notice, NoticeEvent
from tracker.db import table

SEPTEMBER = ("township.captains_meeting",)


def september(world: World) -> World:
    """A township without a meeting in September 2020; the month is reported on 8 October."""
    world.law = only(shipped_law(), SEPTEMBER)
    for month in months("2019-07", "2020-08"):
        world.did("东乡", "captains_meeting", month)
    world.did("东乡", "captains_meeting", *months("2020-10", "2020-12"))
    world.reported(months("2019-07", "2020-08"), scope="示例县")
    world.reported(months("2020-09", "2020-09"), scope="示例县", entered=date(2020, 10, 8))
    world.reported(months("2020-10", "2020-12"), scope="示例县")
    return world


def nights(world: World, *days: date) -> list[tuple[date, str, str]]:
    """Run these nights; returns every transition as (night, event, level)."""
    for day in days:
        world.check(day)
    heads = {
        row.id: row.level
        for row in world.connection.execute(table(Notice).select())
    }  # fmt: skip
    return [(e.as_of, e.event, heads[e.notice_id]) for e in history(world.connection, NoticeEvent)]


def reports(world: World) -> list[str]:
    """The keys of the open reporting notices."""
    return [key for key, level in notices.open_notices(world.connection) if level == "report"]


def test_a_notice_climbs_from_blue_to_yellow_to_red_and_each_is_raised_once(world: World) -> None:
    days = [
        date(2020, 9, 22), date(2020, 9, 23), date(2020, 9, 24), date(2020, 9, 30),
        date(2020, 10, 1), date(2020, 10, 2), date(2020, 10, 14),
        date(2020, 10, 15), date(2020, 10, 16),
    ]  # fmt: skip

    assert nights(september(world), *days) == [
        (date(2020, 9, 23), "raised", "blue"),
        (date(2020, 9, 30), "told_leader", "blue"),
        (date(2020, 9, 30), "reminded", "blue"),
        (date(2020, 10, 1), "superseded", "blue"),
        (date(2020, 10, 1), "raised", "yellow"),
        (date(2020, 10, 14), "told_leader", "yellow"),
        (date(2020, 10, 14), "reminded", "yellow"),
        (date(2020, 10, 15), "superseded", "yellow"),
        (date(2020, 10, 15), "raised", "red"),
    ]
    (open_now,) = notices.open_notices(world.connection).values()
    assert (open_now.level, open_now.subject_id) == ("red", world.ids["东乡"])


def test_evidence_in_time_cures_and_says_so(world: World) -> None:
    september(world).did("东乡", "captains_meeting", date(2020, 9, 25))

    assert nights(world, date(2020, 9, 24), date(2020, 9, 25), date(2020, 9, 26)) == [
        (date(2020, 9, 24), "raised", "blue"),
        (date(2020, 9, 25), "cured", "blue"),
    ]


def test_a_late_entry_cures_a_red_notice_and_taking_it_back_raises_it_again(world: World) -> None:
    september(world).did(
        "东乡", "captains_meeting", date(2020, 9, 29),
        entered=date(2020, 10, 20), voided=date(2020, 10, 25),
    )  # fmt: skip
    days = (date(2020, 10, 15), date(2020, 10, 20), date(2020, 10, 21), date(2020, 10, 25))

    assert nights(world, *days, date(2020, 10, 26)) == [
        (date(2020, 10, 15), "raised", "red"),
        (date(2020, 10, 20), "cured_late", "red"),
        (date(2020, 10, 25), "raised", "red"),
    ]
    assert len(world.connection.execute(table(Notice).select()).all()) == 1


def test_what_was_open_on_an_earlier_night_can_be_asked(world: World) -> None:
    nights(september(world), date(2020, 9, 23), date(2020, 10, 1), date(2020, 10, 15))

    def levels(day: date) -> list[str]:
        found = notices.open_notices(world.connection, as_of=day, known_at=moment(day, 23))
        return [notice.level for notice in found.values()]

    assert levels(date(2020, 9, 22)) == []
    assert levels(date(2020, 9, 30)) == ["blue"]
    assert levels(date(2020, 10, 14)) == ["yellow"]
    assert levels(date(2020, 10, 15)) == ["red"]


def test_silence_is_one_reporting_notice_for_the_newest_month_overdue(world: World) -> None:
    world.law = only(shipped_law(), SEPTEMBER)
    world.did("东乡", "captains_meeting", *months("2019-07", "2019-11"))
    world.reported(months("2019-07", "2019-11"), scope="示例县")
    # December is overdue from 9 January, January from 8 February (five working days).
    days = (date(2020, 1, 8), date(2020, 1, 9), date(2020, 2, 3), date(2020, 2, 7))
    for day in days:
        world.check(day)
    assert reports(world) == [f"report|{world.ids['示例县']}|2019-12"]

    world.check(date(2020, 2, 8))
    assert reports(world) == [f"report|{world.ids['示例县']}|2020-01"]


def test_a_report_that_arrives_cures_the_reporting_notice(world: World) -> None:
    world.law = only(shipped_law(), SEPTEMBER)
    world.did("东乡", "captains_meeting", *months("2019-07", "2019-11"))
    world.reported(months("2019-07", "2019-11"), scope="示例县")
    world.did("东乡", "captains_meeting", date(2019, 12, 9), entered=date(2020, 1, 14))
    world.reported(months("2019-12", "2019-12"), scope="示例县", entered=date(2020, 1, 14))

    found = nights(world, date(2020, 1, 9), date(2020, 1, 13), date(2020, 1, 14))
    assert [(day, event) for day, event, level in found if level == "report"] == [
        (date(2020, 1, 9), "raised"),
        (date(2020, 1, 14), "cured"),
    ]


def test_a_duty_that_only_should_be_done_is_warned_about_and_never_recommended(
    world: World,
) -> None:
    world.law = only(shipped_law(), ("provincial_leader.county_meeting",))
    world.seat("甲领导席位", "示例县")
    world.reported(months("2019-08", "2020-12"))

    found = nights(world, date(2020, 12, 1), date(2021, 1, 9))
    assert (date(2021, 1, 9), "raised", "red") in found
    assert world.connection.execute(table(Interview).select()).all() == []


def test_a_notice_follows_the_cadre_to_the_team_that_answers_for_him_now(world: World) -> None:
    """He moves on 1 October; the former team hears no more, the new one from then on."""
    world.law = only(shipped_law(), ("cadre.nights_160",))
    world.unit("甲局", "东村", "西村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), date(2020, 9, 30)))
    world.reported(months("2020-01", "2020-12"))
    world.check(date(2020, 9, 29))
    (told,) = notices.open_notices(world.connection).values()
    assert told.subject_id == world.ids["东村工作队"]

    world.cadre("赵甲子", "甲局", "西村", (date(2020, 10, 1), None))
    days = (date(2020, 10, 9), date(2020, 10, 10), date(2020, 10, 14))
    assert [e for e in nights(world, *days) if e[0] >= days[0]] == [
        (days[0], "superseded", "red"), (days[0], "raised", "red"), (days[2], "told_leader", "red"),
    ]  # fmt: skip
    (told,) = notices.open_notices(world.connection).values()
    assert told.subject_id == world.ids["西村工作队"]
