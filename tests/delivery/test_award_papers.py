"""The papers of an award campaign: they say what is recorded, and what is missing first."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.awards.campaigning import COUNTY, INDIVIDUAL, LISTED, PLAN, Campaign
from tests.delivery import reading
from tests.scenarios.world import World, all_covers, moment, only, shipped_law
from tracker.awards import acts, kept
from tracker.awards.snapshot import Frozen
from tracker.awards.tables import Snapshot
from tracker.db import table
from tracker.delivery.documents import (
    award_compliance,
    award_form,
    award_report,
    award_room,
    award_summary,
)
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.render import render
from tracker.delivery.documents.sheets import as_xlsx
from tracker.errors import LuzeError

DAY = date(2020, 12, 17)
CAPTAIN: dict[str, Any] = {"kind": "captain", "award": "helping.individual", "area_code": ""}


@pytest.fixture
def campaign(world: World) -> Campaign:
    """甲局 as number 1, nothing done for it yet."""
    made = Campaign(world)
    made.propose()
    return made


def occasion(campaign: Campaign, day: date = DAY) -> Occasion:
    at = moment(day, 23)
    return Occasion(campaign.connection, campaign.world.law, all_covers(), day, at)


def nominated(campaign: Campaign) -> Frozen:
    campaign.ready()
    return campaign.nominate()


def compliance(campaign: Campaign, number: int = 1, day: date = DAY, **said: Any) -> str:
    facts = award_compliance.compliance(occasion(campaign, day), number, **said)
    return reading.text(render(award_compliance.NAME, facts.told))


def form(campaign: Campaign, number: int = 1) -> list[str]:
    name, facts = award_form.form(occasion(campaign), number)
    return reading.lines(render(name, facts.told))


def report(campaign: Campaign, award: str | None = None, day: date = DAY) -> list[str]:
    facts = award_report.report(occasion(campaign, day), PLAN, award)
    return reading.lines(render(award_report.NAME, facts.told))


def summary(campaign: Campaign, award: str | None = None) -> Any:
    data = as_xlsx(award_summary.summary(occasion(campaign), PLAN, award))
    return openpyxl.load_workbook(io.BytesIO(data))


def captain(campaign: Campaign, since: date = date(2019, 12, 20)) -> int:
    """王乙丑, captain of the team of 东村 since a day, proposed."""
    world = campaign.world
    world.law = only(shipped_law(), ("unit.study", "cadre.days_220", "cadre.nights_160"))
    world.cadre("王乙丑", "甲局", "东村", (since, None))
    world.post("王乙丑", "captain", "东村工作队", (since, None))
    world.attribute("王乙丑", "rank", "乡科级副职")
    return campaign.propose(subject_id=world.ids["王乙丑"], **CAPTAIN)


# ---- compliance


def test_a_nominee_not_nominated_yet_has_no_code(campaign: Campaign) -> None:
    told = compliance(campaign)

    assert "尚未提名，未封存" in told
    assert "核验码　" not in told
    assert "审查结论：待补材料" in told
    assert "？ 不明 | 征求税务意见：还没有征求意见 | 二·先进" in told


def test_a_nominated_one_shows_its_frozen_verdict_and_code(campaign: Campaign) -> None:
    frozen = nominated(campaign)
    # Something new, which the gate of today would see.
    campaign.act(acts.complaint, "city_publicity", on=DAY, text="反映材料不实")
    told = compliance(campaign)

    assert "审查结论：可推荐" in told
    assert f"核验码　{frozen.code[:4]}-{frozen.code[4:8]}-{frozen.code[8:]}" in told
    assert frozen.sha256 in told
    assert "2020-12-16 20:00" in told
    assert "尚未提名" not in told


def test_the_day_before_the_nomination_it_was_not_frozen(campaign: Campaign) -> None:
    nominated(campaign)

    assert "尚未提名" in compliance(campaign, day=date(2020, 12, 15))
    assert "核验码　" in compliance(campaign, day=date(2020, 12, 16))


def test_a_withdrawn_one_keeps_the_verdict_it_was_nominated_with(campaign: Campaign) -> None:
    frozen = nominated(campaign)
    campaign.act(acts.withdraw, on=DAY, reason="本人放弃")
    told = compliance(campaign)

    assert "推荐第1号，已撤回" in told
    assert frozen.sha256 in told


def test_a_snapshot_that_is_not_as_frozen_is_put_on_no_paper(campaign: Campaign) -> None:
    nominated(campaign)
    snapshots = table(Snapshot)
    stored = dict(campaign.connection.execute(snapshots.select()).one()._mapping)
    content = stored["content"].replace('"answer":"eligible","as_of"', '"answer":"barred","as_of"')
    assert content != stored.pop("content")
    del stored["id"]
    campaign.connection.execute(snapshots.insert(), {**stored, "content": content})

    with pytest.raises(LuzeError, match="快照核验不符，未生成文书"):
        compliance(campaign)


def test_the_qr_code_is_in_the_paper_and_holds_the_address(campaign: Campaign) -> None:
    frozen = nominated(campaign)
    facts = award_compliance.compliance(occasion(campaign), 1)
    data = render(award_compliance.NAME, facts.told)
    (name,) = [part for part in reading.parts(data) if part.startswith("word/media/")]

    assert name.endswith(".png")
    assert facts.told["address"] == f"luze:verify:1:{frozen.sha256}"
    (drawing,) = reading.opened(data).inline_shapes
    assert round(drawing.width.mm) == round(drawing.height.mm) >= 20
    linked = award_compliance.compliance(occasion(campaign), 1, "https://luze.example").told
    assert linked["address"] == f"https://luze.example/verify/{frozen.sha256}"
    assert linked["picture"].picture != facts.told["picture"].picture


def test_a_code_on_a_paper_leads_back_to_its_snapshot(campaign: Campaign) -> None:
    frozen = nominated(campaign)
    facts = award_compliance.compliance(occasion(campaign), 1).told
    for written in (facts["code"], facts["sha256"], facts["address"]):
        assert kept.by_code(campaign.connection, written).sha256 == frozen.sha256


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["√ 通过", "× 不通过", "？ 不明"]),
        st.integers(0, 600).map(lambda length: ("经查2020年（属实）；" * 60)[:length]),
        st.just("三(二)"),
    ),
    max_size=26,
)


@settings(deadline=None)
@given(rows=ROWS)
def test_clauses_are_cut_to_their_page_and_none_is_left_out(
    rows: list[tuple[str, str, str]],
) -> None:
    told = award_compliance.fit(rows, award_compliance.ROOM)

    assert [(word, cite) for word, _, cite in told] == [(word, cite) for word, _, cite in rows]
    assert award_compliance.height(told) <= award_compliance.ROOM
    for (_, text, _), (_, shown, _) in zip(rows, told, strict=True):
        assert shown == text or ("……" in shown and shown[:3] == text[:3])


@given(text=st.text(max_size=300), room=st.integers(6, 40), most=st.integers(1, 5))
def test_a_cut_text_fills_at_most_so_many_lines(text: str, room: int, most: int) -> None:
    flat = text.replace("\n", "")
    assert award_room.lines(award_room.cut(flat, room, most), room) <= most


NAME, END = "原则上应达到规定的驻村天数：", "某机关认定通过"
DAYS, NIGHTS = "“驻村时间”2020年 0/220 天", "“住宿夜数”2020年 0/160 夜"
RESIDENCY = (
    f"{NAME}{DAYS}（按在岗时间折算，原文 220 天），未达标；"
    f"{NIGHTS}（佐证：“住宿夜数”2019年 170/160 夜，已达标），未达标；{END}"
)


@pytest.mark.parametrize(
    ("most", "shown"),
    [
        (4, RESIDENCY),
        (3, f"{NAME}{DAYS}（……），未达标；{NIGHTS}（……），未达标；{END}"),
        (2, f"{NAME}{DAYS}（……），未达标；……{END}"),
        (1, f"{NAME}{DAYS}（……）……"),
    ],
)
def test_a_text_loses_asides_then_whole_sentences_and_keeps_its_end(most: int, shown: str) -> None:
    assert award_room.cut(RESIDENCY, 32.5, most) == shown


# ---- the approval form


def test_a_captain_s_form_has_span_rank_and_the_days_of_both_years(campaign: Campaign) -> None:
    lines = form(campaign, captain(campaign))

    assert "全省脱贫攻坚帮扶先进个人推荐审批表" in lines
    assert "职务 | 东村工作队驻村帮扶工作队队长 | 职级 | 乡科级副职" in lines
    assert "参与帮扶时间 | 2019年12月20日至今，到2020年12月20日共1年" in lines
    (days,) = [line for line in lines if line.startswith("驻村天数")]
    assert "“驻村时间”2020年" in days
    assert "“驻村时间”2019年" in days
    assert any("一式3份，双面打印（三(四)）；原附件不在手，表样以发文机关为准" in s for s in lines)
    assert any(line.startswith("主要事迹 | （2000字以内") for line in lines)


@pytest.mark.parametrize(
    ("since", "length"),
    [
        (date(2019, 12, 21), "共11个月"),
        (date(2019, 12, 20), "共1年"),
        (date(2019, 12, 19), "共1年"),
        (date(2020, 12, 20), "共0个月"),
        (date(2018, 11, 20), "共2年1个月"),
    ],
)
def test_service_is_told_in_whole_months_up_to_the_deadline(
    campaign: Campaign, since: date, length: str
) -> None:
    (told,) = [s for s in form(campaign, captain(campaign, since)) if s.startswith("参与帮扶时间")]

    assert told.endswith(length)


def test_every_body_of_the_branch_has_one_blank_box_in_order(campaign: Campaign) -> None:
    lines = form(campaign)
    boxes = [line.partition(" | ") for line in lines if "（盖章）" in line]

    assert [label for label, _, _ in boxes] == [
        "县（市、区）脱贫攻坚帮扶工作协调领导小组意见", "县（市、区）脱贫攻坚领导小组意见",
        "市（州）脱贫攻坚帮扶工作协调领导小组意见", "市（州）脱贫攻坚领导小组意见",
        "省脱贫攻坚帮扶工作协调领导小组办公室意见", "省脱贫攻坚领导小组意见",
    ]  # fmt: skip
    blank = "".join(text for _, _, text in boxes)
    assert not any(character.isdecimal() for character in blank)


def test_a_collective_has_its_own_form_with_what_is_recorded(campaign: Campaign) -> None:
    campaign.before_publicity()
    campaign.act(acts.post, "county_publicity", starts_on=COUNTY, ends_on=date(2020, 12, 8))
    lines = form(campaign)

    assert "集体名称 | 甲局 | 所属单位 | 　" in lines
    assert not any(line.startswith(("姓名", "驻村天数")) for line in lines)
    (public,) = [line for line in lines if line.startswith("公示情况")]
    assert "县（市、区）公示：2020-12-02至2020-12-08，5个工作日，公示未结束" in public
    assert "市（州）公示：尚未公示" in public


def test_there_is_no_form_for_one_that_does_not_stand(campaign: Campaign) -> None:
    campaign.act(acts.withdraw, on=DAY, reason="本人放弃")

    with pytest.raises(LuzeError, match="第 1 号推荐已撤回，未生成推荐审批表"):
        form(campaign)


# ---- the statement of publicity and opinions


def test_what_is_missing_stands_first_and_plainly(campaign: Campaign) -> None:
    campaign.act(acts.ask, "tax", on=LISTED, document_number="示领办函〔2020〕3号")
    lines = report(campaign)
    at = {line[:2]: place for place, line in enumerate(lines)}
    (gap,) = [line for line in lines[at["一、"] : at["二、"]] if line.startswith("第1号")]
    (row,) = [line for line in lines[at["二、"] :] if line.startswith("第1号")]

    assert "征求税务意见：已于 2020-12-01 征求意见，还没有答复" in gap
    assert "还没有公示：县（市、区）公示、市（州）公示" in gap
    assert "市（州）公示：尚未公示" in row
    assert "纪委监委、公安、市场监管、卫健：均尚未征求\n税务：2020-12-01已征求，未答复" in row


def test_where_nothing_is_missing_it_says_so(campaign: Campaign) -> None:
    campaign.ready()
    lines = report(campaign)

    assert "没有。全部推荐对象的公示和征求意见均已完成。" in lines
    (row,) = [line for line in lines if line.startswith("第1号")]
    assert "县（市、区）公示：2020-12-02至2020-12-08，5个工作日，无异议\n市（州）公示" in row
    assert row.endswith("| 纪委监委、公安、市场监管、税务、卫健：均同意（2020-12-01）")
    assert "1 | 甲局 | — | 全省脱贫攻坚先进集体 | 县直单位 | 陇南市 | 初选" in lines


def test_a_complaint_is_missing_until_it_is_answered(campaign: Campaign) -> None:
    campaign.ready()
    campaign.act(acts.complaint, "city_publicity", on=date(2020, 12, 16), text="反映材料不实")
    before = report(campaign, day=date(2020, 12, 15))
    open_ = report(campaign, day=date(2020, 12, 16))
    campaign.act(acts.complaint_closed, 1, on=DAY, answer="查无实据")
    closed = report(campaign)

    assert not any("反映材料不实" in line for line in before)
    assert any("投诉举报第1件还没有办结（需人认定）" in line for line in open_)
    told = "第1件（2020-12-16）反映材料不实；2020-12-17办结：查无实据"
    assert any(told in line for line in closed)
    assert "没有。全部推荐对象的公示和征求意见均已完成。" in closed


def test_a_report_may_be_of_one_award_only(campaign: Campaign) -> None:
    captain(campaign)

    whole, one = "\n".join(report(campaign)), "\n".join(report(campaign, "helping.individual"))
    assert "集体1个、个人1名" in whole
    assert "集体0个、个人1名" in one
    assert "甲局 |" not in one
    with pytest.raises(LuzeError, match="没有推荐对象，未生成文书"):
        report(campaign, INDIVIDUAL)


# ---- the summary table


def test_nominees_stand_by_the_quota_table_then_by_number(campaign: Campaign) -> None:
    campaign.propose("丙村党支部", area_code="6210")
    campaign.propose("丁村党支部", area_code="6229")
    campaign.propose("戊村党支部")
    campaign.act(acts.withdraw, number=3, on=DAY, reason="本人放弃")
    sheet = summary(campaign)["全省脱贫攻坚先进集体"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    numbered = [row for row in rows if isinstance(row[0], int)]

    assert [(row[1], row[5]) for row in numbered] == [
        ("甲局", "陇南市"), ("戊村党支部", "陇南市"), ("丙村党支部", "庆阳市"),
    ]  # fmt: skip
    (total,) = [row for row in rows if row[0] == "合计"]
    assert total[5] == "名额100\n已用3\n剩余97"


def test_a_row_tells_publicity_opinions_deeds_verdict_and_code(campaign: Campaign) -> None:
    frozen = nominated(campaign)
    sheet = summary(campaign)["全省脱贫攻坚先进集体"]
    (row,) = [r for r in sheet.iter_rows(values_only=True) if r[0] == 1]

    assert "市（州）公示：2020-12-09至2020-12-15，5个工作日，无异议" in row[6]
    assert "税务：同意（2020-12-01）" in row[7]
    assert (row[8], row[9]) == (2000, "可推荐")
    assert row[10] == f"核验码\n{kept.grouped(frozen.sha256)}"


def test_a_sheet_prints_across_a4_with_its_header_on_every_page(campaign: Campaign) -> None:
    captain(campaign)
    book = summary(campaign)

    assert book.sheetnames == ["全省脱贫攻坚先进集体", "全省脱贫攻坚帮扶先进个人", "名额使用情况"]
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        head = sheet.print_title_rows.replace("$", "").split(":")[0]
        assert sheet[f"A{head}"].value in ("序号", "奖项")


def test_places_left_are_counted_and_unknown_ones_told(campaign: Campaign) -> None:
    captain(campaign)
    rows = list(summary(campaign)["名额使用情况"].iter_rows(values_only=True))

    (row,) = [row for row in rows if row[1] == "陇南市"]
    assert row[2:5] == (14, 1, 0)
    assert row[5].startswith("=C")
    assert any("附件1-2，不在手，按不明处理" in str(row[0]) for row in rows)


def test_a_name_that_a_workbook_refuses_is_taken_all_the_same() -> None:
    assert award_summary._sheet_name("先进[集体]/个人:一?") == "先进_集体__个人_一_"
    assert len(award_summary._sheet_name("奖" * 40)) == 31


def test_no_paper_names_a_household(campaign: Campaign) -> None:
    world = campaign.world
    world.pair("王乙丑", "甲局", "HC0117")
    number = captain(campaign, DAY - timedelta(days=400))
    text = "\n".join([*form(campaign, number), compliance(campaign, number), *report(campaign)])

    assert "HC0117" not in text
