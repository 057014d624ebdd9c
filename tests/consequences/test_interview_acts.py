"""The acts of persons on an interview: what each needs, what refuses it, and that nothing is half
written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.consequences.desk import BREACH, DECIDED, HEARD_BY, HELD, TOLD, Desk, behind
from tests.scenarios.world import OFFICER, World, moment, months, only, shipped_law
from tracker import audit
from tracker.consequences import objections
from tracker.consequences.cases import rectifications_due
from tracker.db import table
from tracker.errors import LuzeError

DAY = timedelta(1)
LATER = date(2021, 3, 1)


@pytest.fixture
def desk(world: World) -> Desk:
    """One recommendation of section 五, at the first rung."""
    found = behind(world)
    world.check(BREACH)
    return found


def refusal(desk: Desk, act: str, on: date, **said: Any) -> str:
    """What a refused act says; it leaves no row anywhere."""
    before = desk.rows(), audit.verify(desk.connection)
    with pytest.raises(LuzeError) as refused:
        desk.act(act, on, **said)
    assert (desk.rows(), audit.verify(desk.connection)) == before
    return str(refused.value)


def object_to(desk: Desk, about: str, on: date = TOLD) -> int:
    """File an objection of the unit."""
    return objections.file(
        desk.connection, desk.world.law, about=about, subject_id=desk.world.ids["甲局"],
        filed_by="李甲子", reason="会议记录漏报", on=on, now=moment(on, 22), operator=OFFICER,
    )  # fmt: skip


def test_the_whole_life_of_an_interview(desk: Desk) -> None:
    case = desk.to("closed")

    assert [(act.event, act.as_of) for act in case.acts] == [
        ("recommended", BREACH), ("informed", TOLD), ("decided", DECIDED), ("conducted", HELD),
        ("verified", date(2021, 1, 30)), ("closed", date(2021, 1, 31)),
    ]  # fmt: skip
    states = ["recommended", "recommended", "decided", "conducted", "verified", "closed"]
    for act, state in zip(case.acts, states, strict=True):
        assert desk.case(as_of=act.as_of).state == state
        following = next((a.as_of for a in case.acts if a.as_of > act.as_of), LATER)
        assert desk.case(as_of=following - DAY).state == state
    with pytest.raises(LuzeError, match="截至 2021-01-08 没有第 1 号约谈"):
        desk.case(as_of=BREACH - DAY)


def test_every_act_is_in_the_audit(desk: Desk) -> None:
    desk.to("closed")

    told = desk.connection.execute(table(audit.Act).select()).all()
    assert [row.act for row in told] == [
        "check", "interview_informed", "interview_decided", "interview_conducted",
        "interview_verified", "interview_closed",
    ]  # fmt: skip
    assert told[2].detail["document_number"] == "示协办〔2021〕1号"
    assert audit.verify(desk.connection) == (6, None)


@pytest.mark.parametrize(
    ("act", "lacking", "said"),
    [
        ("inform", {"by": ""}, "没有写经手人"),
        ("decide", {"authority": " "}, "没有写作出决定的机关"),
        ("decide", {"officer": ""}, "没有写经办人"),
        ("decide", {"document_number": ""}, "没有文号，也没有理由"),
        ("dismiss", {"reason": ""}, "没有写理由"),
        ("dismiss", {"authority": ""}, "没有写作出决定的机关"),
        ("dismiss", {"officer": ""}, "没有写经办人"),
        ("state", {"who": ""}, "没有写陈述人"),
        ("state", {"text": ""}, "没有写陈述申辩的内容"),
        ("decide", {"document_number": "文" * 61}, "超过 60 字"),
        ("decide", {"rung": 3}, "没有第 4 级"),
        ("decide", {"rung": -1}, "没有第 0 级"),
        ("decide", {"severity": "严重"}, "不按轻重"),
        ("decide", {"meeting_on": DECIDED - DAY}, "早于决定"),
    ],
)
def test_what_an_act_needs_before_a_decision(
    desk: Desk, act: str, lacking: dict[str, Any], said: str
) -> None:
    desk.act("inform", TOLD)

    assert said in refusal(desk, act, DECIDED, **lacking)


@pytest.mark.parametrize(
    ("state", "act", "lacking", "said"),
    [
        ("decided", "conduct", {"interviewer": ""}, "没有写实际主持约谈的人"),
        ("decided", "conduct", {"record": ""}, "没有写约谈记录"),
        ("decided", "conduct", {"present": ()}, "没有写到场的被约谈人"),
        ("decided", "conduct", {"rectify_by": LATER - DAY}, "早于约谈"),
        ("conducted", "verify", {"result": ""}, "没有写核实的结果"),
        ("conducted", "verify", {"by": ""}, "没有写经手人"),
        ("conducted", "fail", {"reason": ""}, "没有写理由"),
        ("verified", "close", {"authority": ""}, "没有写作出决定的机关"),
        ("conducted", "rule", {"authority": ""}, "没有写作出决定的机关"),
        ("conducted", "rule", {"reason": ""}, "没有写理由"),
        ("conducted", "rule", {"officer": ""}, "没有写经办人"),
        ("conducted", "rule", {"effect": "maybe"}, "可写：影响推荐、不影响推荐"),
    ],
)
def test_what_an_act_needs_after_a_decision(
    desk: Desk, state: str, act: str, lacking: dict[str, Any], said: str
) -> None:
    desk.to(state)

    assert said in refusal(desk, act, LATER, **lacking)


@pytest.mark.parametrize(
    ("state", "act", "said"),
    [
        ("decided", "state", "现为“待约谈”，不能再陈述申辩"),
        ("decided", "decide", "现为“待约谈”，不能再决定约谈"),
        ("closed", "decide", "现为“已销号”，不能再决定约谈"),
        ("closed", "dismiss", "现为“已销号”，不能再决定不约谈"),
        ("recommended", "conduct", "现为“待决定”，不能再登记约谈"),
        ("recommended", "rule", "现为“待决定”"),
        ("decided", "verify", "现为“待约谈”"),
        ("conducted", "close", "现为“整改中”，不能再销号"),
        ("verified", "fail", "现为“已核实”"),
        ("conducted", "conduct", "现为“整改中”"),
    ],
)
def test_an_act_that_may_not_follow_is_refused(desk: Desk, state: str, act: str, said: str) -> None:
    desk.to(state)

    assert said in refusal(desk, act, LATER)


def test_a_case_that_does_not_exist_is_refused(desk: Desk) -> None:
    assert "没有第 2 号约谈" in refusal(desk, "inform", TOLD, number=2)


def test_everything_wrong_is_said_at_once(desk: Desk) -> None:
    told = refusal(desk, "decide", BREACH - DAY, authority="", officer="", document_number="")

    assert told.count("  · ") == 5
    for part in ("早于“提出建议”的 2021-01-09", "机关", "经办人", "也没有理由", "还没有告知"):
        assert part in told


@pytest.mark.parametrize("act", ["inform", "dismiss", "decide"])
def test_no_act_happened_before_the_recommendation_or_after_today(desk: Desk, act: str) -> None:
    assert "早于“提出建议”的 2021-01-09" in refusal(desk, act, BREACH - DAY)
    assert "晚于今天 2021-01-11" in refusal(desk, act, TOLD + DAY, now=moment(TOLD, 23))
    assert desk.act("dismiss", BREACH).state == "dismissed"


@pytest.mark.parametrize(
    ("on", "refused"),
    [(HEARD_BY - DAY, True), (HEARD_BY, True), (DECIDED, False)],
    ids=["the day before", "the last day", "the day after"],
)
def test_a_decision_waits_for_the_statement_or_for_its_days(
    desk: Desk, on: date, refused: bool
) -> None:
    case = desk.act("inform", TOLD)
    assert case.acts[-1].due_on == HEARD_BY
    if refused:
        assert "陈述申辩的期限到 2021-01-14" in refusal(desk, "decide", on)
        desk.act("state", on)
    assert desk.act("decide", on).state == "decided"


def test_a_long_holiday_lengthens_the_days_for_a_statement(desk: Desk) -> None:
    """Three working days after 10 February 2021: Spring Festival lies between."""
    assert desk.act("inform", date(2021, 2, 10)).acts[-1].due_on == date(2021, 2, 20)


def test_no_decision_before_the_subject_was_told_of_its_right(desk: Desk) -> None:
    assert "还没有告知当事人陈述申辩的权利" in refusal(desk, "decide", LATER)
    assert desk.act("dismiss", LATER).state == "dismissed"


@pytest.mark.parametrize("about_the_case", [True, False])
def test_an_open_objection_holds_the_decision_until_it_is_answered(
    desk: Desk, about_the_case: bool
) -> None:
    number = object_to(desk, "interview|1" if about_the_case else desk.case().keys[0])
    desk.act("inform", TOLD)
    assert f"第 {number} 号异议还没有答复" in refusal(desk, "decide", DECIDED)

    objections.reject(
        desk.connection, number, answer="记录属实", authority="示例县协调办", officer="何甲子",
        on=DECIDED, now=moment(DECIDED, 22), operator=OFFICER,
    )  # fmt: skip
    assert desk.act("decide", DECIDED).state == "decided"


@pytest.mark.parametrize(
    ("state", "act", "on"), [("decided", "conduct", HELD), ("conducted", "fail", LATER)]
)
def test_an_open_objection_holds_what_follows_the_decision_too(
    desk: Desk, state: str, act: str, on: date
) -> None:
    filed = desk.to(state).acts[-1].as_of
    number = object_to(desk, "interview|1", filed)
    rows = desk.rows()
    assert f"第 {number} 号异议还没有答复" in refusal(desk, act, on)
    assert desk.rows() == rows

    objections.withdraw(
        desk.connection, number, reason="已说明", on=on, now=moment(on, 12), operator=OFFICER
    )
    assert desk.act(act, on).state != state


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize(("state", "act"), [("recommended", "decide"), ("decided", "conduct")])
def test_what_an_upheld_objection_excused_is_not_interviewed_about(
    desk: Desk, state: str, act: str, night: bool
) -> None:
    desk.act("inform", TOLD) if state == "recommended" else desk.to(state)
    number = object_to(desk, "interview|1", DECIDED)
    objections.uphold(
        desk.connection, number, answer="漏报属实", authority="示例县协调办", officer="何甲子",
        on=DECIDED, now=moment(DECIDED, 22), operator=OFFICER,
    )  # fmt: skip
    if night:
        desk.world.check(DECIDED)
    if night and state == "recommended":
        assert desk.case().state == "withdrawn"
        return
    assert "异议已认定成立" in refusal(desk, act, HELD)
    assert desk.act("dismiss", HELD).state == "dismissed"


def test_a_ground_that_joins_after_the_subject_was_told_has_to_be_told_too(world: World) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.did("钱甲子", "leader_visit", date(2020, 9, 8), place="东村", voided=DECIDED)
    world.check(BREACH)
    desk.act("inform", TOLD)
    world.check(DECIDED)
    assert "之后又加入 1 项事由" in refusal(desk, "decide", HELD)

    desk.act("inform", HELD)
    assert desk.act("decide", HELD + timedelta(9)).state == "decided"


def test_the_decision_needs_a_number_or_a_reason_and_either_is_enough(desk: Desk) -> None:
    desk.act("inform", TOLD)

    case = desk.act("decide", DECIDED, document_number="", reason="多次提醒无效")
    assert (case.acts[-1].note, case.acts[-1].document_number) == ("多次提醒无效", "")


def test_another_rung_than_the_one_whose_turn_it_is_needs_a_reason(desk: Desk) -> None:
    desk.act("inform", TOLD)
    told = refusal(desk, "decide", DECIDED, rung=2)
    assert "甘办发〔2019〕33号 五·约谈" in told
    assert "应由组长单位约谈，改由省脱贫攻坚帮扶工作协调领导小组约谈要有理由" in told

    case = desk.act("decide", DECIDED, rung=2, reason="后果严重")
    assert (case.rung, case.interviewer["role"]) == (2, "province_coordination_group")


def county_behind(world: World) -> Desk:
    """示例县 without its promotion meetings of 2020."""
    world.law = only(shipped_law(), ("county.promotion_meeting",))
    world.post("周甲子", "secretary", "示例县")
    world.did("示例县", "promotion_meeting", *months("2019-01", "2019-02"), role="organiser")
    world.reported(months("2019-01", "2020-12"))
    world.check(BREACH)
    desk = Desk(world)
    desk.act("inform", TOLD)
    return desk


def test_in_section_seven_the_severity_tells_who_interviews(world: World) -> None:
    """分别: ordinary -> the prefecture's group, severe -> the province's, with a reason (I33)."""
    desk = county_behind(world)
    assert desk.case().interviewer["role"] == "prefecture_coordination_group"
    assert "没有写情节轻重" in refusal(desk, "decide", DECIDED)
    assert "没有“特别严重”这一档" in refusal(desk, "decide", DECIDED, severity="特别严重")
    assert "要有理由" in refusal(desk, "decide", DECIDED, severity="严重")

    case = desk.act("decide", DECIDED, severity="严重", reason="影响脱贫验收")
    assert (case.rung, case.interviewer["role"]) == (1, "province_coordination_group")


def test_an_ordinary_case_of_section_seven_needs_no_further_reason(world: World) -> None:
    case = county_behind(world).act("decide", DECIDED, severity="一般")

    assert (case.rung, case.acts[-1].detail["severity"]) == (0, "一般")


@pytest.mark.parametrize(
    ("on", "head"),
    [(DECIDED - DAY, "李甲子"), (DECIDED, "李乙丑"), (DECIDED + DAY, "李乙丑")],
)
def test_the_decision_names_who_holds_the_post_that_day(world: World, on: date, head: str) -> None:
    desk = behind(world, head=(None, DECIDED - DAY))
    world.post("李乙丑", "head", "甲局", (DECIDED, None))
    world.check(BREACH)
    desk.act("inform", TOLD)
    desk.act("state", TOLD)
    assert desk.case().interviewees[0]["people"] == [world.ids["李甲子"]]

    case = desk.act("decide", on)
    assert case.interviewees[0]["people"] == [world.ids[head]]
    assert desk.case(as_of=on - DAY).interviewees[0]["people"] == [world.ids["李甲子"]]


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_present_is_who_holds_the_post_on_the_day_of_the_interview(world: World, days: int) -> None:
    desk = behind(world)
    world.post("李乙丑", "deputy_in_charge", "甲局", (HELD, HELD))
    world.check(BREACH)
    desk.to("decided")
    on = HELD + days * DAY
    if days == 0:
        case = desk.act("conduct", on, present=("李乙丑",))
        assert case.people >= {world.ids["李乙丑"]}
        return
    told = refusal(desk, "conduct", on, present=("李甲子", "李乙丑"))
    assert f"李乙丑在 {on} 不任应被约谈的职务，也不是当事人" in told
    assert (
        f"按 甘办发〔2019〕33号 五·约谈，{on} 应被约谈的是：主要领导李甲子；分管领导（空缺）"
        in told
    )


def test_the_person_concerned_may_come_for_a_team(world: World) -> None:
    world.law = only(shipped_law(), ("cadre.days_220",))
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    world.person("钱甲子", "甲局")
    world.did("赵甲子", "in_village", *months("2020-01", "2020-12"))
    world.reported(months("2020-01", "2020-12"))
    world.check(BREACH)
    desk = Desk(world)
    desk.to("decided")

    assert "工作队队长（空缺）；当事人赵甲子" in refusal(desk, "conduct", HELD, present=("钱甲子",))
    assert desk.act("conduct", HELD, present=("赵甲子",)).state == "conducted"


def test_the_interview_is_not_before_its_decision(desk: Desk) -> None:
    desk.to("decided")

    assert "早于“决定约谈”的 2021-01-15" in refusal(desk, "conduct", DECIDED - DAY)
    assert desk.act("conduct", DECIDED).state == "conducted"


def test_a_rectification_is_due_thirty_days_after_or_on_the_day_given(desk: Desk) -> None:
    desk.to("decided")
    assert rectifications_due(desk.connection) == []
    desk.act("conduct", HELD)

    unit = desk.world.ids["甲局"]
    assert rectifications_due(desk.connection) == [(1, unit, HELD + 30 * DAY)]
    desk.act("rule", HELD + DAY)
    assert rectifications_due(desk.connection) == [(1, unit, HELD + 30 * DAY)]
    assert rectifications_due(desk.connection, HELD - DAY) == []
    desk.act("verify", LATER)
    assert rectifications_due(desk.connection) == []
    assert rectifications_due(desk.connection, LATER - DAY) == [(1, unit, HELD + 30 * DAY)]


def test_the_day_given_for_the_rectification_counts(desk: Desk) -> None:
    desk.to("decided")

    assert desk.act("conduct", HELD, rectify_by=HELD).acts[-1].due_on == HELD


def test_a_decided_interview_may_still_be_dismissed(desk: Desk) -> None:
    desk.to("decided")

    assert desk.act("dismiss", LATER).state == "dismissed"


def test_whom_the_decision_named_may_come_though_his_ground_is_gone_since(world: World) -> None:
    world.law = only(shipped_law(), ("cadre.nights_160",))
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    world.cadre("孙甲子", "甲局", "东村", (date(2021, 1, 1), None))
    world.reported(months("2020-01", "2021-01"))
    nights = [date(2020, 1, 1) + timedelta(n) for n in range(180)]
    world.did("赵甲子", "overnight", *nights, place="东村", entered=DECIDED + DAY)
    world.check(BREACH)
    desk = Desk(world)
    desk.to("decided")
    world.check(DECIDED + DAY)
    assert desk.case().keys == ()

    assert "孙甲子在 2021-01-20 不任" in refusal(desk, "conduct", HELD, present=("孙甲子",))
    assert desk.act("conduct", HELD, present=("赵甲子",)).state == "conducted"
