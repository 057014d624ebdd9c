"""What persons record of a nomination: order, opinions, publicity, complaints, papers, rulings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.awards.campaigning import CITY, COUNTY, DECISION, LISTED, ORGANS, Campaign
from tests.scenarios.world import World, moment, shipped_law
from tracker import audit
from tracker.awards import acts
from tracker.awards.meant import meant, stages_of
from tracker.awards.nominations import NOMINATION, load, load_all
from tracker.awards.tables import NominationEvent
from tracker.db import table
from tracker.errors import LuzeError
from tracker.lifecycle import NEW
from tracker.policy.awards import Branch

ENDS = date(2020, 12, 8)


@pytest.fixture
def campaign(world: World) -> Campaign:
    """甲局 is on the list of 2020-12-01 as number 1."""
    found = Campaign(world)
    found.propose()
    return found


def refused(campaign: Campaign, do: Callable[..., Any], *what: object, **said: Any) -> str:
    """What is told where an act is refused; nothing may have been written."""
    before = count(campaign)
    with pytest.raises(LuzeError) as failure:
        campaign.act(do, *what, **said)
    assert count(campaign) == before
    return str(failure.value)


def count(campaign: Campaign) -> int:
    events = sa.select(sa.func.count()).select_from(table(NominationEvent))
    return campaign.connection.scalar(events) or 0


def local() -> Branch:
    """The way of 甲局."""
    plan = shipped_law().pack("gansu-2020-41").awards
    assert plan
    return plan.branch("local")


# ---- the order of stages


def test_a_stage_waits_for_the_one_before_and_says_which_is_next(campaign: Campaign) -> None:
    told = refused(campaign, acts.stage_done, "county_review", on=LISTED)
    assert f"下一步是“{local().stages[0].name}”" in told
    campaign.act(acts.stage_done, "县初选", on=LISTED)
    assert campaign.filed().record.stages == {"county_list": LISTED}
    assert "已于 2020-12-01 完成" in refused(campaign, acts.stage_done, "1", on=LISTED)


def test_an_unknown_stage_names_those_there_are(campaign: Campaign) -> None:
    told = refused(campaign, acts.stage_done, "公示", on=LISTED)
    assert "县（市、区）公示、市（州）" in told


def test_a_consultation_is_done_when_everybody_asked_has_answered(campaign: Campaign) -> None:
    campaign.act(acts.stage_done, "county_list", on=LISTED)
    for organ in ORGANS[:-1]:
        campaign.act(acts.opinion, organ, agrees=True, on=LISTED)
    told = refused(campaign, acts.stage_done, "征求意见", on=LISTED)
    assert "还没有收到卫健的意见" in told
    campaign.act(acts.opinion, "卫健", agrees=False, text="在查", on=LISTED)
    campaign.act(acts.stage_done, "征求意见", on=LISTED)
    assert "consult" in campaign.filed().record.stages


def test_a_stage_is_not_done_before_the_day_of_the_one_before(campaign: Campaign) -> None:
    campaign.before_publicity(on=date(2020, 12, 3))
    told = refused(
        campaign, acts.post, "县公示", starts_on=date(2020, 12, 2), ends_on=ENDS,
        now=moment(ENDS),
    )  # fmt: skip
    assert "2020-12-02 早于" in told
    assert "完成的 2020-12-03" in told


def test_what_follows_the_nomination_waits_for_it(campaign: Campaign) -> None:
    campaign.ready()
    on = date(2020, 12, 16)
    told = refused(campaign, acts.stage_done, "submit", on=on)
    assert "须在推荐之后" in told
    assert "tracker campaign nominate 1" in told
    campaign.nominate(on=on)
    campaign.act(acts.stage_done, "submit", on=on)
    campaign.act(acts.stage_done, "office_review", on=date(2020, 12, 22))
    campaign.act(acts.stage_done, "会议审定", on=date(2020, 12, 25))
    assert list(campaign.filed().record.stages) == [stage.id for stage in local().stages]


# ---- opinions


def test_an_opinion_of_an_unknown_body_is_refused_with_the_list(campaign: Campaign) -> None:
    told = refused(campaign, acts.opinion, "水利", agrees=True, on=LISTED)
    assert "没有“水利”这个部门" in told
    assert "纪委监委、公安、市场监管、税务、卫健、原单位" in told


def test_one_opinion_more_than_the_branch_asks_is_kept_with_a_note(campaign: Campaign) -> None:
    filed = campaign.act(acts.opinion, "原单位", agrees=True, on=LISTED)
    row = campaign.connection.execute(sa.select(table(NominationEvent))).all()[-1]
    assert row.note == "本渠道没有要求征求原单位的意见，留存备查"
    assert not filed.record.opinions["original_unit"].asked_for
    assert (
        campaign.act(acts.opinion, "税务", agrees=True, on=LISTED).record.opinions["tax"].asked_for
    )


def test_an_objection_needs_its_reason_and_a_later_opinion_counts(campaign: Campaign) -> None:
    told = refused(campaign, acts.opinion, "税务", agrees=False, on=LISTED)
    assert "没有写不同意的理由" in told
    campaign.act(acts.opinion, "税务", agrees=False, text="欠税", on=LISTED)
    filed = campaign.act(acts.opinion, "税务", agrees=True, text="已缴清", on=COUNTY)
    assert (filed.record.opinions["tax"].agrees, filed.record.opinions["tax"].on) == (True, COUNTY)
    assert not campaign.filed(as_of=LISTED).record.opinions["tax"].agrees


def test_a_body_is_asked_again_only_after_it_answered(campaign: Campaign) -> None:
    campaign.act(acts.ask, "公安", on=COUNTY)
    assert "已经征求过" in refused(campaign, acts.ask, "police", on=COUNTY)
    early = refused(campaign, acts.opinion, "公安", agrees=True, on=LISTED)
    assert "答复的 2020-12-01 早于征求意见的 2020-12-02" in early
    campaign.act(acts.opinion, "公安", agrees=True, on=COUNTY)
    assert campaign.act(acts.ask, "公安", on=CITY).record.asked["police"] == CITY


# ---- publicity


def test_a_publicity_that_ends_before_it_starts_is_refused(campaign: Campaign) -> None:
    campaign.before_publicity()
    told = refused(campaign, acts.post, "县公示", starts_on=COUNTY, ends_on=LISTED)
    assert "公示终止日 2020-12-01 早于起始日 2020-12-02" in told


@pytest.mark.parametrize(
    ("last", "days"), [(date(2020, 12, 4), 3), (date(2020, 12, 6), 3), (date(2020, 12, 7), 4)]
)
def test_too_short_a_publicity_names_the_first_day_on_which_it_may_end(
    campaign: Campaign, last: date, days: int
) -> None:
    campaign.before_publicity()
    campaign.act(acts.post, "县公示", starts_on=COUNTY, ends_on=last)
    told = refused(campaign, acts.take_down, "县公示", on=last, result="无异议")
    assert f"只有 {days} 个工作日，须不少于 5 个" in told
    assert "最早 2020-12-08 结束" in told
    filed = campaign.act(acts.take_down, "县公示", on=ENDS, result="无异议")
    assert filed.record.stages["county_publicity"] == ENDS


def test_the_city_begins_after_the_county_has_ended(campaign: Campaign) -> None:
    campaign.before_publicity()
    campaign.act(acts.post, "县公示", starts_on=COUNTY, ends_on=ENDS)
    running = refused(campaign, acts.stage_done, "city_summary", on=ENDS)
    assert "“县（市、区）公示”还没有完成" in running
    campaign.act(acts.take_down, "县公示", on=ENDS, result="无异议")
    for stage in ("city_summary", "city_review"):
        campaign.act(acts.stage_done, stage, on=ENDS)
    told = refused(campaign, acts.post, "市公示", starts_on=ENDS, ends_on=date(2020, 12, 14))
    assert "下一级公示到 2020-12-08 才结束" in told
    campaign.act(acts.post, "市公示", starts_on=CITY, ends_on=date(2020, 12, 15))


@pytest.mark.parametrize(
    ("stage", "told"),
    [("征求意见", "不是公示环节"), ("市公示", "以前的“县（市、区）公示”还没有完成")],
)
def test_only_the_publicity_that_is_next_is_posted(
    campaign: Campaign, stage: str, told: str
) -> None:
    campaign.before_publicity()
    assert told in refused(campaign, acts.post, stage, starts_on=COUNTY, ends_on=ENDS)


def test_a_publicity_is_posted_once_and_taken_down_once(campaign: Campaign) -> None:
    campaign.before_publicity()
    down: dict[str, Any] = {"on": ENDS, "result": "无异议"}
    assert "现在没有在公示" in refused(campaign, acts.take_down, "县公示", **down)
    campaign.act(acts.post, "县公示", starts_on=COUNTY, ends_on=ENDS)
    again = refused(campaign, acts.post, "县公示", starts_on=date(2020, 12, 3), ends_on=ENDS)
    assert "已自 2020-12-02 起公示" in again
    assert "不能直接登记完成" in refused(campaign, acts.stage_done, "县公示", on=ENDS)
    campaign.act(acts.take_down, "县公示", **down)
    assert "现在没有在公示" in refused(campaign, acts.take_down, "县公示", **down)


# ---- complaints, papers, rulings


def test_a_complaint_is_open_until_it_is_answered(campaign: Campaign) -> None:
    campaign.before_publicity()
    assert "没有公示过" in refused(campaign, acts.complaint, "县公示", text="x", on=COUNTY)
    campaign.act(acts.post, "县公示", starts_on=COUNTY, ends_on=ENDS)
    early = refused(campaign, acts.complaint, "县公示", text="x", on=LISTED)
    assert "早于公示开始的 2020-12-02" in early
    for text in ("优亲厚友", "材料不实"):
        campaign.act(acts.complaint, "县公示", text=text, on=date(2020, 12, 3))
    assert "没有第 3 件" in refused(campaign, acts.complaint_closed, 3, answer="x", on=ENDS)
    campaign.act(acts.complaint_closed, 2, answer="查无实据", on=ENDS)
    first, second = campaign.filed().record.complaints
    assert (first.text, first.closed_on) == ("优亲厚友", None)
    assert (second.answer, second.closed_on) == ("查无实据", ENDS)
    told = refused(campaign, acts.complaint_closed, 2, answer="x", on=ENDS)
    assert "已于 2020-12-08 办结" in told


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("   \n\t\u3000", 0),
        ("先进，事迹。", 6),
        ("先 进\n事迹 2020 年\u00a0", 9),
        ("𠀀字", 2),
    ],
)
def test_white_space_is_no_character_and_punctuation_is(text: str, characters: int) -> None:
    assert acts.counted(text) == characters


@given(st.text(), st.text(alphabet=" \t\n\u3000\u00a0"))
def test_blanks_never_change_a_count(text: str, blanks: str) -> None:
    assert acts.counted(blanks + text + blanks) == acts.counted(text)
    assert acts.counted(text + text) == 2 * acts.counted(text)


def test_a_paper_is_recorded_as_it_came_and_the_newest_counts(campaign: Campaign) -> None:
    campaign.act(acts.material, "事迹", text="字" * 2001, media=("纸质",), on=LISTED)
    assert campaign.filed().record.materials["deeds"].characters == 2001
    filed = campaign.act(
        acts.material, "事迹材料", characters=1999, media=("电子", "纸质"), on=COUNTY
    )
    paper = filed.record.materials["deeds"]
    assert (paper.characters, paper.media, paper.on) == (1999, ("electronic", "paper"), COUNTY)


@pytest.mark.parametrize(
    ("which", "said", "told"),
    [
        ("毕业证", {}, "没有“毕业证”这个材料"),
        ("deeds", {"copies": -1}, "不能是负数"),
        ("deeds", {"characters": 5, "text": "字"}, "只写一个"),
        ("deeds", {"media": ("光盘",)}, "没有“光盘”这个载体"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(
    campaign: Campaign, which: str, said: dict[str, Any], told: str
) -> None:
    assert told in refused(campaign, acts.material, which, on=LISTED, **said)


def test_an_exception_is_given_only_where_the_document_makes_one(campaign: Campaign) -> None:
    told = refused(campaign, acts.excuse, "interviewed", on=LISTED, **DECISION)
    assert "没有“interviewed”这个可以例外的条款" in told
    assert "可写：报送期限" in told
    filed = campaign.act(acts.excuse, "报送期限", on=LISTED, **DECISION)
    assert filed.record.excused["deadline"].authority == "示例县领导小组"


def test_a_ruling_needs_reason_authority_and_officer(campaign: Campaign) -> None:
    bare: dict[str, Any] = {"reason": "", "authority": " ", "officer": ""}
    told = refused(campaign, acts.judge, "conditions", passed=True, on=LISTED, **bare)
    for part in ("没有写理由", "没有写作出决定的机关", "没有写经办人"):
        assert part in told
    filed = campaign.act(acts.judge, "conditions", passed=False, on=LISTED, **DECISION)
    assert not filed.record.judged["conditions"].passed


def test_a_kind_the_text_does_not_name_is_open_to_a_ruling(campaign: Campaign) -> None:
    number = campaign.propose("甲协会", kind="行业协会")
    filed = campaign.act(acts.judge, "类别", number=number, passed=True, on=LISTED, **DECISION)
    assert filed.record.judged["kind"].reason == "经查属实"


# ---- the life of a nomination


@pytest.mark.parametrize(
    ("on", "told"),
    [
        (date(2020, 11, 30), "早于“提出初选”的 2020-12-01"),
        (date(2020, 12, 2), "晚于今天 2020-12-01"),
    ],
)
def test_an_act_lies_between_the_proposal_and_today(
    campaign: Campaign, on: date, told: str
) -> None:
    assert told in refused(campaign, acts.stage_done, "county_list", on=on, now=moment(LISTED, 12))


def test_who_is_taken_back_is_acted_on_no_more(campaign: Campaign) -> None:
    campaign.act(acts.material, "deeds", characters=5, on=COUNTY)
    early = refused(campaign, acts.withdraw, reason="本人放弃", on=LISTED)
    assert "早于“收到材料”的 2020-12-02" in early
    campaign.act(acts.withdraw, reason="本人放弃", on=COUNTY)
    assert campaign.filed().state == "withdrawn"
    told = refused(campaign, acts.ask, "公安", on=COUNTY)
    assert "第 1 号推荐现为“已撤回”，不能再征求意见" in told


def test_a_nomination_is_read_as_of_any_day_and_as_known_at_any_moment(campaign: Campaign) -> None:
    campaign.act(acts.ask, "公安", on=LISTED, now=moment(ENDS))
    connection = campaign.connection

    assert campaign.filed(as_of=LISTED).record.asked == {"police": LISTED}
    assert load(connection, 1, known_at=moment(ENDS - timedelta(1))).record.asked == {}
    with pytest.raises(LuzeError, match="截至 2020-11-30 没有第 1 号推荐"):
        load(connection, 1, date(2020, 11, 30))
    with pytest.raises(LuzeError, match="没有第 7 号推荐"):
        load(connection, 7)


def test_a_list_is_narrowed_by_award_and_area(campaign: Campaign) -> None:
    campaign.propose("甲村支部", area_code="庆阳市")
    campaign.propose("王某", award="advanced.individual", kind="local_cadre", area_code="庆阳市")

    def numbers(award: str | None = None, area: str | None = None) -> list[int | None]:
        found = load_all(campaign.connection, "gansu-2020-41", award, area)
        return [one.nominee.nomination_id for one in found]

    assert numbers() == [1, 2, 3]
    assert numbers("advanced.collective") == [1, 2]
    assert numbers("advanced.collective", "6210") == [2]
    assert load_all(campaign.connection, "gansu-2019-33") == []


def test_every_act_is_in_the_audit_and_the_state_is_that_of_its_history(
    campaign: Campaign,
) -> None:
    campaign.ready()
    campaign.nominate()
    rows = campaign.connection.execute(sa.select(table(NominationEvent))).all()
    said = campaign.connection.execute(
        sa.select(table(audit.Act).c.act).where(table(audit.Act).c.act.like("nomination%"))
    ).scalars()

    assert list(said) == [f"nomination_{row.event}" for row in rows]
    assert NOMINATION.replay(row.event for row in rows) == rows[-1].state == "nominated"
    assert audit.verify(campaign.connection)[1] is None


@given(st.lists(st.sampled_from(sorted(NOMINATION.steps)), max_size=8))
def test_no_life_leads_back_from_its_end(events: list[str]) -> None:
    state, over = NEW, False
    for event in events:
        if NOMINATION.allows(state, event):
            assert not over
            state = NOMINATION.after(state, event)
            over = state in ("withdrawn", "cancelled")


# ---- what a clerk means


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("county_publicity", "county_publicity"), ("4", "county_publicity"),
        ("县（市、区）公示", "county_publicity"), ("县公示", "county_publicity"),
        ("市公示", "city_publicity"), ("征求意见", "consult"), ("市复审", "city_summary"),
        ("市审核", "city_review"), ("县审核", "county_review"), ("市（州）公示", "city_publicity"),
        ("公示", ""), ("11", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_stage_is_meant_by_id_number_or_shortened_name(text: str, stage: str) -> None:
    assert meant(text, stages_of(local())) == stage
