"""The papers: what each says, what stays blank, whose words are quoted, and when there is none."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.consequences.desk import BREACH, DECIDED, HELD, TOLD, Desk, behind
from tests.delivery import reading
from tests.scenarios.world import OFFICER, World, all_covers, moment
from tracker.consequences import incidents
from tracker.consequences.cases import load_cases
from tracker.delivery.documents.clauses import load_text
from tracker.delivery.documents.kinds import KINDS, kind_of, write
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.proof import ROOM, fit, height
from tracker.errors import LuzeError
from tracker.evaluation import findings

WORDS = "一、责任\n（一）旧条。\n五、帮扶单位\n（一）本局自拟的第一条原文。\n不办的，进行约谈。"


@pytest.fixture
def desk(world: World) -> Desk:
    """甲局 is short of a study and 钱甲子 of a visit; the unit has a head and no deputy."""
    found = behind(world, "unit.study", "unit.leader_visit")
    world.check(BREACH)
    return found


def made(desk: Desk, kind: str, number: int, on: date = BREACH, **more: Any) -> bytes:
    """A paper of a day."""
    occasion = Occasion(desk.connection, desk.world.law, all_covers(), on, moment(on, 23))
    return write(occasion, kind_of(kind), number, **more).data


def about(desk: Desk, kind: str, number: int, on: date = BREACH, **more: Any) -> str:
    """Its text."""
    return reading.text(made(desk, kind, number, on, **more))


def load_words(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "原文.txt"
    file.write_text(WORDS, encoding="utf-8")
    pack = desk.world.law.pack("gansu-2019-33")
    load_text(desk.connection, pack, file, now=moment(BREACH, 22), operator=OFFICER)


def finding(desk: Desk, duty: str) -> int:
    rows = findings.state(desk.connection)
    return int(rows.loc[(rows["duty"] == duty) & (rows["status"] == "breached"), "id"].iloc[-1])


def number_for(desk: Desk, kind: str) -> int:
    """A number that the kind can be asked about."""
    by_about = {"subject": desk.world.ids["甲局"], "interview": 1}
    asked = kind_of(kind).about
    return by_about[asked] if asked in by_about else finding(desk, "unit.study")


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_paper_is_a_draft_whose_number_seal_and_date_are_blank(desk: Desk, kind: str) -> None:
    desk.to("conducted")
    told = about(desk, kind, number_for(desk, kind), HELD)

    assert told.startswith("代拟稿")
    if kind != "认定依据":
        assert "〔2021〕　　号" in told
        assert "年　　月　　日" in told or kind == "约谈记录"
    if kind not in ("认定依据", "约谈记录"):
        assert "（印章）" in told


# ---- warnings


def test_a_warning_tells_clause_figure_and_what_to_do(desk: Desk) -> None:
    told = reading.lines(made(desk, "预警通知书", desk.world.ids["甲局"]))

    assert "甲局：" in told
    assert (
        "1 | 党委（党组）研究部署帮扶工作（2020年） | 甲局 | 五(一) | 3/4次 | 未达标 | — | "
        "已完成的补录并附佐证；未完成的说明原因，提出整改措施"
    ) in told
    assert any(line.startswith("2 | 单位领导") and "甲局钱甲子" in line for line in told)
    assert "一、● 红色预警事项（2项）" in told


@pytest.mark.parametrize(
    ("on", "safe", "todo"),
    [
        (date(2020, 12, 30), "2020年12月31日", "最迟自2020年12月31日起全力履行，再完成1次"),
        (date(2020, 12, 31), "2020年12月31日", "本期已不能达标，说明原因，并继续履行"),
        (date(2021, 1, 1), "—", "已按期完成的，于2021年1月8日前补录；未完成的，说明情况"),
    ],
)
def test_a_warning_names_the_last_safe_day_until_it_is_over(
    world: World, on: date, safe: str, todo: str
) -> None:
    desk = behind(world)
    world.check(on)
    (row,) = [line for line in reading.lines(made(desk, "预警通知书", world.ids["甲局"], on))
              if line.startswith("1 | 党委")]  # fmt: skip

    assert row.split(" | ")[-2:] == [safe, todo]


def test_a_person_is_warned_of_what_is_his_own(desk: Desk) -> None:
    told = about(desk, "预警通知书", desk.world.ids["钱甲子"])

    assert "单位领导到帮扶村调研指导" in told
    assert "研究部署" not in told


def test_who_owes_a_report_is_told_the_month_and_that_it_is_no_failure(world: World) -> None:
    desk = behind(world, "county.captains_meeting")
    world.check(date(2023, 3, 20))
    told = about(desk, "预警通知书", world.ids["甘肃省"], date(2023, 3, 20))

    assert "2023年2月的台账没有收到，请补报。未收到台账的事项不作为未履责处理。" in told


def test_nobody_is_warned_of_nothing(desk: Desk) -> None:
    with pytest.raises(LuzeError, match="“县组长办”在 2021-01-09 没有未了结的提醒"):
        made(desk, "预警通知书", desk.world.ids["县组长办"])


def test_a_supervision_says_its_colour_in_word_and_symbol(desk: Desk) -> None:
    data = made(desk, "督办单", desk.world.ids["甲局"])
    first = reading.opened(data).paragraphs[0]

    assert first.text == "代拟稿\t● 红色"
    assert str(first.runs[-1].font.color.rgb) == "C00000"
    assert "帮扶工作红色督办单" in reading.text(data)


def test_a_supervision_of_another_colour_takes_only_that_one(world: World) -> None:
    desk = behind(world)
    on = date(2020, 12, 20)
    world.check(on)
    unit = world.ids["甲局"]

    assert "帮扶工作蓝色督办单" in about(desk, "督办单", unit, on)
    assert "■ 蓝色" in about(desk, "督办单", unit, on, level="blue")
    with pytest.raises(LuzeError, match="没有这种颜色的提醒") as refused:
        made(desk, "督办单", unit, on, level="red")
    assert refused.value.fix == "现有：■ 蓝色"


# ---- whose words


@pytest.mark.parametrize("kind", ["预警通知书", "督办单", "约谈通知书", "整改通知书", "认定依据"])
def test_a_clause_is_quoted_once_its_text_was_loaded_and_retold_before(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    desk.to("conducted")
    number = number_for(desk, kind)
    before = about(desk, kind, number, HELD)
    load_words(desk, tmp_path)
    after = about(desk, kind, number, HELD)

    assert "本局自拟的第一条原文。" not in before
    assert "转述" in before
    assert "帮扶单位党委（党组）一年至少四次专门研究帮扶工作" in before
    assert "本局自拟的第一条原文。" in after
    assert "原文" in after


# ---- interviews


def test_a_summons_names_posts_people_and_the_vacant_post(desk: Desk) -> None:
    told = reading.lines(made(desk, "约谈通知书", 1))

    assert "约谈人 | 组长单位（县组长办）" in told
    assert "被约谈人 | 主要领导：甲局李甲子" in told
    assert "被约谈人 | 分管领导：空缺" in told
    assert "时间 | 　　　　年　　月　　日" in told
    assert "地点 | " in told


def test_a_summons_before_the_decision_proposes_and_tells_of_the_right_to_be_heard(
    desk: Desk,
) -> None:
    proposed = about(desk, "约谈通知书", 1)
    desk.act("inform", TOLD)
    told = about(desk, "约谈通知书", 1, TOLD)
    desk.act("decide", DECIDED, meeting_on=HELD, place="二楼")
    decided = about(desk, "约谈通知书", 1, DECIDED)

    assert "拟由组长单位（县组长办）进行约谈" in proposed
    assert "收到本通知之日起3个工作日内书面提出" in proposed
    assert "请在2021年1月14日前书面提出" in told
    assert "经示例县协调办示协办〔2021〕1号决定，由组长单位（县组长办）进行约谈" in decided
    assert "时间 | 2021年1月20日\n地点 | 二楼" in decided
    assert "作出决定以前已告知陈述申辩的权利" in decided
    # The day before, it was not decided.
    assert "拟由" in about(desk, "约谈通知书", 1, date(2021, 1, 14))


def test_a_summons_says_what_a_person_must_establish(desk: Desk) -> None:
    told = about(desk, "约谈通知书", 1)

    assert "1．帮扶工作长时间落后于要求。" in told
    assert "1．未完成是否已达到“长期”，须由人认定。" in told
    assert "1 | 党委（党组）研究部署帮扶工作（2020年） | 甲局 | 五(一) | 3/4次 | 未达标" in told


@pytest.mark.parametrize("kind", ["约谈通知书", "整改通知书"])
def test_a_dismissed_case_gets_no_paper(desk: Desk, kind: str) -> None:
    desk.act("inform", TOLD)
    desk.act("dismiss", DECIDED)

    with pytest.raises(LuzeError, match=r"现为“不约谈”.*未生成"):
        made(desk, kind, 1, DECIDED)


def test_the_record_is_blank_before_and_filled_after(desk: Desk) -> None:
    blank = reading.lines(made(desk, "约谈记录", 1))
    desk.to("conducted")
    filled = reading.lines(made(desk, "约谈记录", 1, HELD))

    assert "时间 | 　　　　年　　月　　日 | 地点 | " in blank
    assert blank.count("") > 15
    assert any("2021年1月20日" in line for line in filled)
    assert "约谈人 | 组长单位（县组长办）：何甲子 | 记录人 | " in filled
    assert "要求立即整改" in filled
    assert "参加人员 | 甲局李甲子" in filled
    assert "整改期限：2021年2月19日" in filled


def test_the_record_holds_every_statement(desk: Desk) -> None:
    desk.act("inform", TOLD)
    for who, text in (("李甲子", "会议记录漏报"), ("钱甲子", "已补走访")):
        desk.act("state", TOLD, who=who, text=text)
    told = reading.lines(made(desk, "约谈记录", 1, TOLD))

    at = told.index("2021年1月11日，李甲子：会议记录漏报")
    assert told[at - 1 : at + 2] == [
        "被约谈人的陈述申辩",
        told[at],
        "2021年1月11日，钱甲子：已补走访",
    ]


def test_a_retold_clause_is_a_whole_sentence(desk: Desk) -> None:
    told = reading.lines(made(desk, "约谈通知书", 1))

    retold = [line for line in told if "（转述）：" in line]
    assert len(retold) > 1
    assert all(line.endswith("。") for line in retold)


def test_a_rectification_follows_the_interview_and_has_a_receipt(desk: Desk) -> None:
    with pytest.raises(LuzeError, match="还没有约谈，未生成整改通知书"):
        made(desk, "整改通知书", 1)
    desk.to("conducted")
    told = reading.lines(made(desk, "整改通知书", 1, HELD))
    at = next(i for i, line in enumerate(told) if "裁切线" in line)

    assert "请于2021年2月19日前完成整改，书面报送整改情况并附佐证，由指定人员核实后销号。" in told
    assert told[at + 1] == "整改通知书回执"
    assert "收到日期 | 年　　月　　日 | 整改期限 | 2021年2月19日" in told
    assert "约谈编号 | 第1号 | 责任单位 | 甲局" in told


# ---- proof and statement


def test_a_proof_shows_the_steps_and_the_records(desk: Desk) -> None:
    told = reading.lines(made(desk, "认定依据", finding(desk, "unit.study")))

    assert "责任主体 | 甲局" in told
    assert "累计 | 3/4 次，差 1" in told
    (counted,) = [line for line in told if line.startswith("计入的记录3行")]
    assert counted.count("2020年") == 3
    (left_out,) = [line for line in told if line.startswith("未计入的记录1行")]
    assert "2021年1月1日" in left_out
    assert "晚于考核期" in left_out


def test_many_records_are_counted_by_month(world: World) -> None:
    desk = behind(world, "cadre.nights_160")
    world.cadre("赵甲子", "甲局", "东村")
    world.did("赵甲子", "overnight", *(date(2020, 3, day) for day in range(1, 26)))
    world.did("赵甲子", "overnight", *(date(2020, 4, day) for day in range(1, 4)))
    world.check(BREACH)
    told = about(desk, "认定依据", finding(desk, "cadre.nights_160"))

    assert "计入的记录28行" in told
    assert "2020年3月25行、4月3行" in told


@given(
    st.lists(st.tuples(st.sampled_from(["步骤", "计入的记录"]), st.integers(0, 4000)), max_size=22)
)
def test_a_proof_is_cut_to_one_page_and_no_further(rows: list[tuple[str, int]]) -> None:
    steps = [(label, "文" * length) for label, length in rows]
    cut = fit(steps)

    assert height(cut) <= ROOM
    for (label, whole), (kept_label, kept) in zip(steps, cut, strict=True):
        assert kept_label == label
        assert whole == kept or whole.startswith(kept.removesuffix("……（其余从略）"))
    if height(steps) <= ROOM:
        assert cut == steps


def test_the_records_are_cut_before_the_clause() -> None:
    clause, records = "条" * 500, "录" * 500

    assert [text == whole for (_, text), whole in zip(
        fit([("条款原文", clause), ("计入的记录", records)]), (clause, records), strict=True
    )] == [True, False]  # fmt: skip


def test_a_statement_gives_the_answer_and_what_speaks_against(desk: Desk) -> None:
    told = about(desk, "合规情况说明", desk.world.ids["甲局"])

    assert "审查意见为：暂缓推荐。" in told
    assert "甘办发〔2019〕33号 五·约谈（口径I27）" in told
    assert "2 | 党委（党组）研究部署帮扶工作 | 甲局 | 五(一) | 2020年 | 3/4次 | 未达标" in told


def test_whom_nothing_speaks_against_is_told_so(desk: Desk) -> None:
    told = about(desk, "合规情况说明", desk.world.ids["县组长办"])

    assert "审查意见为：可推荐。" in told
    assert "没有未办结的约谈建议，没有待核定事项，没有在期限制。" in told


def test_a_village_gets_no_statement(desk: Desk) -> None:
    with pytest.raises(LuzeError, match="“东乡东村”不是推荐对象"):
        made(desk, "合规情况说明", desk.world.ids["东村"])


# ---- names


def test_a_household_is_masked_in_every_paper(world: World) -> None:
    desk = behind(world, "helper.visit")
    world.subject("史乙酉", "household", home=world.ids["示例县"], code="HC0001")
    world.tie("part_of", "史乙酉", "东村")
    world.pair("孙甲子", "甲局", "史乙酉")
    world.check(BREACH)
    told = about(desk, "预警通知书", world.ids["孙甲子"])

    assert "HC0001 史*" in told
    assert "史乙酉" not in told


def test_a_paper_is_called_by_its_kind_subject_and_day(desk: Desk) -> None:
    occasion = Occasion(desk.connection, desk.world.law, all_covers(), BREACH, moment(BREACH, 23))
    written = write(occasion, kind_of("summons"), 1)

    assert written.title == "约谈通知书_第1号_甲局_2021-01-09"


def test_an_unknown_kind_is_answered_with_all_there_are() -> None:
    with pytest.raises(LuzeError, match="没有文种“通报”") as refused:
        kind_of("通报")
    assert all(kind.name in refused.value.fix for kind in KINDS)


def after_incident(world: World, kind: str, *qualifiers: str) -> Desk:
    """A cadre of 甲局 in the team of 东村, an incident about him, and the night after."""
    desk = behind(world)
    world.cadre("赵甲子", "甲局", "东村")
    world.post("赵甲子", "captain", "东村工作队")
    incidents.record(
        desk.connection, world.law, kind=kind, qualifiers=qualifiers,
        happened_on=date(2020, 6, 1), determined_on=date(2020, 7, 1), authority="示例县纪委",
        document_number="示纪〔2020〕7号", subject_id=world.ids["赵甲子"],
        now=moment(date(2020, 7, 1)), operator=OFFICER,
    )  # fmt: skip
    world.check(date(2020, 7, 2))
    return desk


def case_of(desk: Desk, section: str) -> int:
    return next(case.id for case in load_cases(desk.connection) if case.section == section)


def test_a_recorded_fact_stands_among_the_grounds(world: World) -> None:
    desk = after_incident(world, "侵害群众利益")
    told = about(desk, "约谈通知书", case_of(desk, "九"), date(2020, 7, 2))

    assert "1．驻村干部侵害群众利益，或者群众反映强烈。" in told
    assert "第1号事件：2020年6月1日，" in told
    assert "（示例县纪委示纪〔2020〕7号认定）。" in told
    assert "推定" not in told


def test_joint_liability_is_called_by_its_name(world: World) -> None:
    desk = after_incident(world, "弄虚作假", "在各级督查考核中")
    told = about(desk, "约谈通知书", case_of(desk, "九·连带"), date(2020, 7, 2))

    assert "甘办发〔2019〕33号）九·限制，拟由同级组长单位、县（市、区）" in told
    assert "驻村干部" in told.split("一、约谈事由")[1].split("第1号事件")[0]
    assert "第1号事件：2020年6月1日，弄虚作假、在各级督查考核中" in told


def test_what_was_put_right_since_the_interview_is_told_so(desk: Desk) -> None:
    desk.to("conducted")
    later = HELD + timedelta(2)
    desk.world.did("甲局", "committee_study", date(2020, 12, 1), entered=later)
    desk.world.check(later)
    study = [
        next(line for line in reading.lines(made(desk, "整改通知书", 1, on)) if "研究部署" in line)
        for on in (HELD, later)
    ]

    assert [row.split(" | ")[-2] for row in study] == ["3/4次", "4/4次"]
    assert [row.split(" | ")[-1][:4] for row in study] == ["已完成的", "已达标"]


def test_a_decided_case_without_a_live_ground_asks_for_nothing(desk: Desk) -> None:
    desk.to("decided")
    desk.world.did("甲局", "committee_study", date(2020, 12, 1), entered=HELD)
    desk.world.did("钱甲子", "leader_visit", date(2020, 12, 2), entered=HELD, place="东村")
    desk.world.check(HELD)
    desk.act("conduct", HELD)

    assert "约谈所依据的未达标事项均已消除，请巩固并报送整改情况。" in reading.lines(
        made(desk, "整改通知书", 1, HELD)
    )
