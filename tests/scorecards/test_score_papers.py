"""The score sheet an office signs, and the list that is for the assessing office alone."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from tests.delivery import reading
from tests.scenarios.world import all_covers
from tests.scorecards.town import NOW, PACK, TODAY, VILLAGES, Town, card
from tracker.delivery.documents import score_list, score_sheet
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.render import render
from tracker.delivery.documents.sheets import as_xlsx
from tracker.scorecards import desk


def occasion(town: Town) -> Occasion:
    return Occasion(town.connection, town.world.law, all_covers(), TODAY, NOW)


def paper(town: Town, who: str = "示例村") -> str:
    found = desk.sheet_of(
        town.connection, town.world.law, PACK, town.world.ids[who], as_of=TODAY, known_at=NOW
    )
    facts = score_sheet.score_sheet(occasion(town), found)
    return reading.text(render(score_sheet.NAME, facts.told))


def workbook(town: Town) -> Any:
    found, placed = desk.ranking(
        town.connection,
        town.world.law,
        PACK,
        VILLAGES,
        office="镇扶贫办",
        as_of=TODAY,
        known_at=NOW,
    )
    made = score_list.score_list(occasion(town), found, placed, "镇扶贫办")
    return openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))


def all_reported(town: Town, who: str = "示例村") -> None:
    """Full marks for every item that is reported."""
    for item in card(VILLAGES).items:
        for part in item.reported:
            town.record(who, item.id, part.id, part.full)


def test_every_point_stands_beside_its_event_and_source(town: Town) -> None:
    town.record(
        "示例村",
        "ordinary",
        "late",
        "0.5",
        note="大排查台账迟报",
        document_number="某通〔2019〕1号",
    )
    town.record("示例村", "field", "", "87.5")
    town.record("示例村", "hosting", "county", note="产业现场会")
    told = paper(town)
    assert (
        "未在限期内完成，扣 0.5 分（镇扶贫办，2019-12-20，某通〔2019〕1号，第1号）：大排查台账迟报"
        in told
    )
    assert "综合成绩 87.5×0.3＝26.25 分（镇脱贫攻坚大会战指挥部，2019-12-20，第2号）" in told
    assert (
        "19 | 承担经验交流现场会 | 2 | ＋1 | 县级 1 分（镇扶贫办，2019-12-20，第3号）：产业现场会"
        in told
    )
    for blank in ("被考核单位意见", "考核单位", "负责人签字", "代拟稿"):
        assert blank in told


def test_what_is_not_reported_is_no_nought(town: Town) -> None:
    town.record("示例村", "health", "data", "2.5")
    told = paper(town)
    assert "4 | 产业扶贫 | 5 | 未报 | 尚未报送" in told
    assert "未报：实地考核" in told
    assert "分数未报齐" in told
    assert "已报部分合计 22.5 分" in told
    assert "总分是否低于否决线待定" in told


def test_a_complete_sheet_says_its_total_and_whether_it_is_vetoed(town: Town) -> None:
    all_reported(town)
    assert "总分 100 分" in paper(town)
    assert "没有一票否决的情形" in paper(town)
    town.record("示例村", "veto", "mishandled", note="舆情处置不当")
    assert "一票否决：重大舆情信访处置不当" in paper(town)


def test_floors_caps_and_prevailing_results_are_explained(town: Town) -> None:
    for n in range(11):
        town.record("示例村", "ordinary", "late", 2, note=f"第{n}次")
    for n in range(4):
        town.record("示例村", "media", "central_media", note=f"第{n}篇")
    told = paper(town)
    assert "合计为 -2 分，扣完为止，计 0 分" in told
    assert "合计 4 分，按上限 3 分" in told
    town.record("示例站", "indicators", "city", 17)
    assert "按公式为 -1 分，原文没有写下限，计 0 分，请核" in paper(town, "示例站")
    town.record("示例站", "indicators", "provincial", 3)
    told = paper(town, "示例站")
    assert "市级名次 17，另有结果为准，不计" in told
    assert "省级类别 3，计 11 分" in told


def test_the_list_is_marked_internal_and_its_totals_are_formulas(town: Town) -> None:
    all_reported(town)
    all_reported(town, "青松村")
    town.record("青松村", "ordinary", "late", 1)
    (sheet,) = workbook(town).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(score_list.INTERNAL in str(row[0]) for row in rows)
    assert any("考核单位：镇扶贫办" in str(row[0]) for row in rows)
    head = next(i for i, row in enumerate(rows) if row[0] == "名次")
    assert rows[head][:9] == [
        "名次", "被考核单位", "平时工作", "实地考核", "行业扶贫", "加分", "减分", "总分", "说明",
    ]  # fmt: skip
    first, second = rows[head + 1], rows[head + 2]
    assert [row[:7] for row in (first, second)] == [
        [1, "北景港镇示例村", 20, 30, 50, 0, 0], [2, "北景港镇青松村", 19, 30, 50, 0, 0],
    ]  # fmt: skip
    line = head + 2
    assert first[7] == f"=SUM(C{line},D{line},E{line},F{line})-G{line}"


def test_the_vetoed_and_the_incomplete_stand_last_without_a_place(town: Town) -> None:
    all_reported(town)
    town.record("示例村", "veto", "leaders_called", note="市检")
    town.record("青松村", "finance", "", 2)
    rows = [[c.value for c in row] for row in workbook(town).worksheets[0].iter_rows()]
    told = {row[1]: (row[0], row[8]) for row in rows if "村" in str(row[1])}
    assert told["北景港镇示例村"][0] == told["北景港镇青松村"][0] == "—"
    assert "一票否决" in told["北景港镇示例村"][1]
    assert told["北景港镇青松村"][1] == "未报 21 项"
