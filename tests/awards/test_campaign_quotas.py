"""Who may be entered in a list: places by city and part, kinds, and nobody twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.awards.campaigning import COLLECTIVE, INDIVIDUAL, LISTED, PLAN, Campaign
from tests.scenarios.world import OFFICER, World, moment, shipped_law
from tracker import resources
from tracker.awards import acts, proposals
from tracker.awards.campaign import late, overview
from tracker.awards.quotas import area_of
from tracker.awards.tables import Nomination, NominationEvent
from tracker.db import table
from tracker.errors import LuzeError
from tracker.policy.load import load_law

HELPING = "helping.individual"


@pytest.fixture
def campaign(world: World) -> Campaign:
    """甲局 and an award office."""
    return Campaign(world)


def stored(campaign: Campaign) -> tuple[int, int]:
    """How many nominations and acts are stored."""
    return tuple(
        campaign.connection.scalar(sa.select(sa.func.count()).select_from(table(model))) or 0
        for model in (Nomination, NominationEvent)
    )  # type: ignore[return-value]


def refused(campaign: Campaign, **said: Any) -> str:
    """What is told where a proposal is refused; nothing may have been written."""
    before = stored(campaign)
    with pytest.raises(LuzeError) as failure:
        campaign.propose(**said)
    assert stored(campaign) == before
    return str(failure.value)


# ---- the city table


def cities(award: str) -> list[tuple[str, str, int]]:
    """Code, name and number of each row of the table."""
    plan = shipped_law().pack(PLAN).awards
    assert plan
    quota = plan.award(award).quota
    return [(code, quota.area_names[code], number) for code, number in quota.by_area.items()]


@pytest.mark.parametrize(
    ("award", "kind", "whole"),
    [(COLLECTIVE, "village_branch", 100), (INDIVIDUAL, "local_cadre", 200)],
)
def test_each_city_is_filled_to_its_quota_and_not_over(
    campaign: Campaign, award: str, kind: str, whole: int
) -> None:
    for code, name, number in cities(award):
        for n in range(number):
            campaign.propose(f"{code}之{n}", award=award, kind=kind, area_code=name)
        told = refused(campaign, name="多一", award=award, kind=kind, area_code=code)
        assert f"{name}名额 {number} 个，已用 {number} 个，没有剩余" in told
        assert "地区之间不得调剂" in told
    assert f"全部名额 {whole} 个，已用 {whole} 个，没有剩余" in told

    found = overview(campaign.connection, campaign.world.law, PLAN, LISTED)
    places = [p for p in found.places if p.award.id == award]
    assert len(places) == 14
    assert {(p.proposed == p.number, p.nominated, p.left) for p in places} == {(True, 0, 0)}
    assert places[0].number == whole


def test_a_city_with_places_left_gives_none_to_another(campaign: Campaign) -> None:
    campaign.propose("甲村支部", area_code="金昌市")
    assert "金昌市名额 1 个" in refused(campaign, name="乙村支部", area_code="金昌市")
    assert campaign.propose("乙村支部", area_code="酒泉市") == 2


def test_a_nominee_taken_back_frees_its_place(campaign: Campaign) -> None:
    number = campaign.propose("甲村支部", area_code="6203")
    assert "金昌市名额 1 个，已用 1 个" in refused(campaign, name="乙村支部", area_code="6203")
    campaign.act(acts.withdraw, number=number, on=LISTED, reason="本人放弃")

    assert campaign.propose("乙村支部", area_code="6203") == number + 1


def test_a_part_of_the_quota_is_not_exceeded_either(campaign: Campaign) -> None:
    kind = {"award": HELPING, "kind": "troops_cadre", "area_code": ""}
    for n in range(2):
        campaign.propose(f"干部{n}", **kind)
    told = refused(campaign, name="干部2", **kind)

    assert "驻甘部队帮扶干部名额 2 个，已用 2 个，没有剩余" in told


def test_an_annex_that_is_missing_is_unknown_and_not_zero(campaign: Campaign) -> None:
    campaign.propose("干部", award=HELPING, kind="troops_cadre", area_code="陇南市")
    found = overview(campaign.connection, campaign.world.law, PLAN, LISTED)

    unknown = {award for award, annex in found.unknown if "附件1-2" in annex}
    assert unknown == {"全省脱贫攻坚帮扶先进集体", "全省脱贫攻坚帮扶先进个人"}
    assert campaign.filed().nominee.area_code == ""
    assert not [p for p in found.places if p.award.id == HELPING and p.area_code]


def test_figures_that_do_not_agree_are_told(campaign: Campaign) -> None:
    found = overview(campaign.connection, campaign.world.law, PLAN, LISTED)

    told = dict(found.mismatches)
    assert "46" in told["全省脱贫攻坚奖先进集体"]
    assert "31" in told["全省脱贫攻坚奖先进个人"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6212", "6212"), ("621222", "6212"), ("陇南市", "6212"), ("陇南", "6212"),
        ("甘南州", "6230"), ("嘉峪关市", ""), ("6202", ""), ("州", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_area_is_meant_by_its_code_or_name(text: str, code: str) -> None:
    plan = shipped_law().pack(PLAN).awards
    assert plan
    assert area_of(plan.award(COLLECTIVE), text) == code


def test_an_area_without_a_row_in_the_table_is_refused(campaign: Campaign) -> None:
    assert "没有“嘉峪关市”" in refused(campaign, name="甲村支部", area_code="嘉峪关市")


# ---- whom an award is for


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"award": "全省劳动模范"}, "没有“全省劳动模范”这个奖项"),
        ({"award": COLLECTIVE, "kind": "county_government"}, "不参加“全省脱贫攻坚先进集体”评选"),
        ({"award": INDIVIDUAL, "kind": "县委书记"}, "不参加“全省脱贫攻坚先进个人”评选"),
        ({"award": INDIVIDUAL, "kind": "村党支部"}, "评选个人，村党支部是集体"),
        ({"award": HELPING, "kind": "民间艺人", "area_code": ""}, "没有“民间艺人”这一类"),
        ({"award": COLLECTIVE, "kind": " "}, "没有写类别"),
        ({"name": " "}, "没有写姓名或名称"),
        ({"unit": "长" * 81}, "单位超过 80 字"),
    ],
)
def test_who_is_not_meant_is_refused(campaign: Campaign, said: dict[str, Any], told: str) -> None:
    assert told in refused(campaign, **{"name": "甲某", **said})


def test_a_kind_the_text_does_not_name_is_kept_for_a_person(campaign: Campaign) -> None:
    campaign.propose("甲协会", kind="行业协会")
    (row,) = campaign.connection.execute(sa.select(table(NominationEvent)))

    assert campaign.filed().nominee.kind == ""
    assert row.note == "文件没有列举“行业协会”这一类，须由人认定"
    assert row.detail["kind_written"] == "行业协会"
    assert row.detail["branch"] == "local"


def test_a_body_is_no_individual(campaign: Campaign) -> None:
    told = refused(campaign, award=INDIVIDUAL, kind="local_cadre")
    assert "评选个人，甲局不是" in told


def test_everything_wrong_is_told_at_once(campaign: Campaign) -> None:
    campaign.propose()
    told = refused(campaign, kind="county_government", area_code="嘉峪关市", on=date(2020, 12, 21))
    for part in ("不参加", "已有推荐（第 1 号", "嘉峪关市", "没有写超过期限的理由"):
        assert part in told


# ---- once, and in time


def test_the_same_subject_is_not_nominated_twice_under_a_plan(campaign: Campaign) -> None:
    campaign.propose()
    told = refused(campaign, award="helping.collective", kind="prefecture_unit", area_code="")
    assert "甲局在本方案下已有推荐（第 1 号，全省脱贫攻坚先进集体）" in told


def test_the_same_name_and_unit_however_spaced_is_the_same_nominee(campaign: Campaign) -> None:
    campaign.propose("甲 村支部")
    assert "已有推荐" in refused(campaign, name="甲村支部 ")
    assert campaign.propose("甲村支部", unit="西村") == 2


@pytest.mark.parametrize(("ends", "again"), [("withdraw", True), ("cancel", False)])
def test_who_withdrew_may_come_back_and_who_was_cancelled_may_not(
    campaign: Campaign, ends: str, again: bool
) -> None:
    campaign.propose()
    do: Callable[..., Any] = getattr(acts, ends)
    said: dict[str, Any] = {"reason": "虚构事迹", **({} if again else {"authority": "省扶贫办"})}
    campaign.act(do, on=LISTED, **said)

    if again:
        assert campaign.propose() == 2
    else:
        assert "评选资格已经撤销" in refused(campaign)


@pytest.mark.parametrize(
    ("on", "needs_reason"),
    [(date(2020, 12, 19), False), (date(2020, 12, 20), False), (date(2020, 12, 21), True)],
)
def test_after_the_deadline_a_proposal_needs_a_reason(
    campaign: Campaign, on: date, needs_reason: bool
) -> None:
    if needs_reason:
        assert "没有写超过期限的理由" in refused(campaign, on=on)
    campaign.propose(on=on, reason="省扶贫办同意补报" if needs_reason else "")
    (row,) = campaign.connection.execute(sa.select(table(NominationEvent)))
    assert ("已过报送期限 2020-12-20" in row.note) is needs_reason


def test_nobody_is_proposed_before_the_plan_was_issued(campaign: Campaign) -> None:
    assert "早于方案印发的 2020-11-30" in refused(campaign, on=date(2020, 11, 29))
    assert campaign.propose(on=date(2020, 11, 30)) == 1


def test_an_unknown_plan_names_those_there_are(campaign: Campaign) -> None:
    assert "可写：gansu-2020-41" in refused(campaign, document="gansu-2019-33")


# ---- getting late


@pytest.mark.parametrize(
    ("as_of", "left", "is_late"),
    [(date(2020, 12, 1), 5, False), (date(2020, 12, 7), 1, False), (date(2020, 12, 8), 0, True)],
)
def test_whoever_must_begin_within_a_round_is_told_early(
    campaign: Campaign, as_of: date, left: int, is_late: bool
) -> None:
    campaign.propose()
    (way,) = late(campaign.connection, campaign.world.law, as_of)
    assert (way.days_left, way.is_late) == (left, is_late)


def test_a_nominee_with_time_enough_is_not_pressing(campaign: Campaign) -> None:
    campaign.propose()
    assert late(campaign.connection, campaign.world.law, LISTED, within=4) == []
    campaign.act(acts.withdraw, on=LISTED, reason="本人放弃")
    assert late(campaign.connection, campaign.world.law, date(2020, 12, 20)) == []


def test_a_plan_of_another_year_and_place_has_its_own_places_and_ways(world: World) -> None:
    world.law = load_law([resources.folder("duties"), Path(__file__).parents[1] / "packs"])
    on = date(2022, 5, 20)
    law = world.law

    def propose(name: str, award: str, kind: str, area: str = "") -> int:
        return proposals.propose(
            world.connection, law, document="yunling-2022", award=award, kind=kind, name=name,
            area_code=area, on=on, now=moment(on), operator=OFFICER,
        )  # fmt: skip

    propose("甲队", "兴林先进集体", "工作队", "乙市")
    with pytest.raises(LuzeError, match="乙市名额 1 个，已用 1 个"):
        propose("乙队", "forest.unit", "team", "9902")
    for n in range(3):
        propose(f"护林员{n}", "forest.person", "护林员")
    with pytest.raises(LuzeError, match="护林员名额 3 个"):
        propose("护林员3", "forest.person", "ranger")
    # Papers on Friday 06-10. The posting day does not count and levels may overlap: posted on
    # 06-07, then 08, 09, 10. Two working days of review: 06-09 and 06-10.
    by_kind = {
        way.filed.nominee.kind: way.timeline
        for way in late(world.connection, law, date(2022, 6, 6), within=99)
    }
    due = {step.stage.id: step.begins_by for step in by_kind["team"].ahead}
    assert (due["town_publicity"], due["county_publicity"]) == (date(2022, 6, 7), date(2022, 6, 7))
    assert by_kind["ranger"].ahead[0].begins_by == date(2022, 6, 9)
