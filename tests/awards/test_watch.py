"""Trouble after a nomination flags it, with before and after, once for each change."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.awards.campaigning import Campaign
from tests.scenarios.world import OFFICER, World, all_covers, moment
from tracker.awards import acts, watch
from tracker.awards.frozen import content_of
from tracker.awards.tables import NominationEvent
from tracker.awards.watch import Change
from tracker.consequences import incidents
from tracker.consequences.history import Moment
from tracker.db import table

BEFORE, NEXT, AFTER = date(2020, 12, 17), date(2020, 12, 18), date(2020, 12, 22)


@pytest.fixture
def campaign(world: World) -> Campaign:
    """甲局, nominated on 2020-12-16 and handed in on the 17th."""
    found = Campaign(world)
    found.propose()
    found.ready()
    found.nominate()
    found.act(acts.stage_done, "submit", on=BEFORE)
    return found


def night(campaign: Campaign, day: date, hour: int = 22) -> list[Change]:
    """Look again at everybody who was nominated, as a night does."""
    at = Moment(day, moment(day, hour), OFFICER)
    return watch.update(campaign.connection, campaign.world.law, all_covers(), at)


def recorded(campaign: Campaign, kind: str, day: date) -> int:
    """An incident about 甲局, recorded on the day."""
    return incidents.record(
        campaign.connection, campaign.world.law, kind=kind, happened_on=day, determined_on=day,
        authority="省脱贫攻坚领导小组", document_number="1号", now=moment(day, 12),
        subject_id=campaign.world.ids["甲局"], operator=OFFICER,
    )  # fmt: skip


def events(campaign: Campaign) -> list[str]:
    rows = campaign.connection.execute(sa.select(table(NominationEvent))).all()
    return [row.event for row in rows if row.event in (watch.FLAGGED, watch.CLEARED)]


def test_a_quiet_night_writes_nothing(campaign: Campaign) -> None:
    assert night(campaign, NEXT) == []
    assert night(campaign, AFTER) == []
    assert events(campaign) == []


def test_an_incident_after_the_nomination_flags_it_once_with_before_and_after(
    campaign: Campaign,
) -> None:
    assert night(campaign, BEFORE) == []
    number = recorded(campaign, "fabricated_deeds", NEXT)
    (change,) = night(campaign, NEXT)

    assert change.event == watch.FLAGGED
    assert change.before["answer"] == "eligible"
    assert change.after["answer"] == "barred"
    assert (change.before["incidents"], change.after["incidents"]) == ([], [number])
    assert change.told == f"新增事件 {number}；审查结论由可推荐变为不得推荐"
    assert campaign.filed().state == "nominated"
    assert night(campaign, NEXT, 23) == []
    assert night(campaign, AFTER) == []
    assert events(campaign) == [watch.FLAGGED]


def test_a_look_writes_nothing(campaign: Campaign) -> None:
    recorded(campaign, "fabricated_deeds", NEXT)
    found = watch.flags(
        campaign.connection, campaign.world.law, all_covers(), NEXT, moment(NEXT, 22)
    )
    assert [change.event for change in found] == [watch.FLAGGED]
    assert events(campaign) == []


def test_each_further_trouble_is_a_flag_of_its_own(campaign: Campaign) -> None:
    first = recorded(campaign, "fabricated_deeds", NEXT)
    night(campaign, NEXT)
    second = recorded(campaign, "circulated_criticism", AFTER)
    (change,) = night(campaign, AFTER)

    assert change.before["incidents"] == [first]
    assert change.after["incidents"] == [first, second]
    assert change.told == f"新增事件 {second}；审查结论仍为不得推荐"
    assert events(campaign) == [watch.FLAGGED] * 2


def test_an_incident_taken_back_clears_the_flag_and_a_new_one_flags_again(
    campaign: Campaign,
) -> None:
    number = recorded(campaign, "fabricated_deeds", NEXT)
    night(campaign, NEXT)
    assert [row.nomination_id for row in watch.recorded(campaign.connection)] == [1]
    incidents.withdraw(
        campaign.connection, number, reason="查无实据", authority="省扶贫办",
        now=moment(AFTER, 9), operator=OFFICER,
    )  # fmt: skip
    (change,) = night(campaign, AFTER)
    assert (change.event, change.after["answer"]) == (watch.CLEARED, "eligible")
    assert watch.recorded(campaign.connection) == []
    assert [row.as_of for row in watch.recorded(campaign.connection, NEXT)] == [NEXT]
    recorded(campaign, "fabricated_deeds", date(2020, 12, 23))
    night(campaign, date(2020, 12, 23))
    assert events(campaign) == [watch.FLAGGED, watch.CLEARED, watch.FLAGGED]


def test_a_rating_is_no_trouble(campaign: Campaign) -> None:
    recorded(campaign, "rated_good", NEXT)
    assert night(campaign, NEXT) == []


def test_a_new_interview_recommendation_flags_it(campaign: Campaign) -> None:
    world = campaign.world
    number = incidents.record(
        world.connection, world.law, kind="printed_trigger", determined_on=NEXT,
        happened_on=NEXT, authority="示例县领导小组", document_number="2号", officer="何甲子",
        ground="帮扶工作长期滞后", subject_id=world.ids["甲局"], now=moment(NEXT, 12),
        operator=OFFICER,
    )  # fmt: skip
    (change,) = night(campaign, NEXT)
    assert change.after["answer"] == "on_hold"
    world.check(NEXT)
    (change,) = night(campaign, NEXT, 23)
    assert change.told == "新增约谈 1；审查结论仍为暂缓推荐"
    assert change.before["incidents"] == change.after["incidents"] == [number]


def test_papers_that_were_not_handed_in_by_the_deadline_flag_it(world: World) -> None:
    campaign = Campaign(world)
    campaign.propose()
    campaign.ready()
    campaign.nominate()
    assert night(campaign, date(2020, 12, 20)) == []
    (change,) = night(campaign, date(2020, 12, 21))
    assert (change.before["answer"], change.after["answer"]) == ("eligible", "barred")


def test_what_was_recorded_before_is_in_the_snapshot_and_no_news(world: World) -> None:
    campaign = Campaign(world)
    old = recorded(campaign, "circulated_criticism", date(2019, 12, 2))
    campaign.propose()
    campaign.ready()
    content = content_of(campaign.nominate().text)
    campaign.act(acts.stage_done, "submit", on=BEFORE)
    assert [one["number"] for one in content["inputs"]["incidents"]] == [old]
    assert night(campaign, NEXT) == []


def test_who_is_not_nominated_any_more_is_not_watched(campaign: Campaign) -> None:
    campaign.act(acts.withdraw, reason="本人放弃", on=NEXT)
    recorded(campaign, "fabricated_deeds", NEXT)
    assert night(campaign, AFTER) == []
