"""A sheet is known by its headers, wherever they stand and however the office words them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.ledger.workbooks import (
    FILED,
    VISITS,
    Rows,
    month_grid,
    only,
    read,
    read_sheets,
    save_csv,
    told,
)
from tracker.ledger.forms import load_forms

FIRST_VISIT = {
    "day": date(2019, 3, 1),
    "helper": "甲子",
    "household": "HC0101",
    "householder": "乙丑",
    "content": "宣讲政策",
    "good_deed": True,
}


@pytest.mark.parametrize("name", ["入户走访", "Sheet1", "表七", "会议台账"])
def test_the_headers_decide_and_the_sheet_may_have_any_name(tmp_path: Path, name: str) -> None:
    sheet = only(read_sheets(tmp_path, {name: VISITS}))
    assert (sheet.form, sheet.rows[0].values) == ("household_visits", FIRST_VISIT)


def test_other_header_words_in_another_order_are_known(tmp_path: Path) -> None:
    rows: Rows = [
        ["××县二〇一九年度帮扶纪实"],
        ["贫困户编号", "贫困户姓名", "帮扶干部", "日期（年/月/日）", "办实事", "帮 扶 内 容*"],
        ["HC0101", "乙丑", "甲子", "2019/3/1", "是", "宣讲政策"],
    ]
    sheet = only(read_sheets(tmp_path, {"1": rows}))
    assert (sheet.form, sheet.year, sheet.rows[0].values) == ("household_visits", 2019, FIRST_VISIT)
    assert sheet.rows[0].columns["helper"] == "C"
    assert sheet.rows[0].raw["贫困户编号"] == "HC0101"


@pytest.mark.parametrize("kind", ["merged", "not merged", "csv"])
def test_a_header_of_two_rows_is_read_by_group_and_part(tmp_path: Path, kind: str) -> None:
    rows: Rows = [
        ["2019年结对帮扶台账"],
        ["序号", "帮扶责任人", None, None, "贫困户", None, None, "结对时间"],
        [None, "姓名", "单位", "职级", "姓名", "编号", "类型", None],
        [1, "甲子", "某局", "正科级", "乙丑", "HC0101", "低保户", "2018.1.5"],
    ]
    merged = {"结对": ["A2:A3", "B2:D2", "E2:G2", "H2:H3"] if kind == "merged" else []}
    if kind == "csv":
        workbook = read(save_csv(tmp_path / "结对.csv", rows))
    else:
        workbook = read_sheets(tmp_path, {"结对": rows}, merged=merged)
    values = only(workbook).rows[0].values
    assert (values["helper"], values["unit"], values["rank"]) == ("甲子", "某局", "正科级")
    assert (values["householder"], values["household"]) == ("乙丑", "HC0101")
    assert values["from"] == date(2018, 1, 5)
    assert values["household_type"] == "低保户"
    assert workbook.problems == []


def test_a_wide_header_over_two_columns_is_one_column(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年回访台账"],
        ["时间", "单位", None, "驻村干部"],
        ["3月1日", "某局", None, "甲子"],
    ]
    workbook = read_sheets(tmp_path, {"回访": rows}, merged={"回访": ["B2:C2", "B3:C3"]})
    assert only(workbook).rows[0].values["unit"] == "某局"
    assert workbook.problems == []


def test_empty_columns_and_rows_before_and_inside_do_not_matter(tmp_path: Path) -> None:
    rows: Rows = [
        [],
        [None, None, "华池县"],
        [],
        [None, None, "2019年入户走访台账"],
        [None, None, FILED],
        [],
        [None, None, "走访时间", None, "帮扶责任人", "户编号"],
        [],
        [None, None, "3月1日", None, "甲子", "HC0101"],
        [],
        [None, None, "3月2日", None, "甲子", "HC0101"],
    ]
    sheet = only(read_sheets(tmp_path, {"S": rows}))
    assert [(row.number, row.values["day"]) for row in sheet.rows] == [
        (9, date(2019, 3, 1)),
        (11, date(2019, 3, 2)),
    ]
    assert sheet.rows[0].columns == {"day": "C", "helper": "E", "household": "F"}


def test_headers_that_fit_two_forms_are_decided_by_the_sheet_name(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年"],
        ["时间", "类型", "名称", "单位", "主持人"],
        ["3月1日", "推进会", "推进会", "某县", "甲子"],
    ]
    assert only(read_sheets(tmp_path, {"县级事项": rows})).form == "county_matters"
    assert only(read_sheets(tmp_path, {"会议记录": rows})).form == "unit_meetings"
    unnamed = read_sheets(tmp_path, {"Sheet1": rows})
    assert unnamed.sheets == []
    assert [(row, "同时合于几种表" in what) for row, _, what in told(unnamed)] == [(2, True)]


def test_an_unknown_sheet_is_noted_and_never_dropped_silently(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"入户走访": VISITS, "物资": [["品名", "数量", "单价"], ["米", 1, 2]]}
    workbook = read_sheets(tmp_path, sheets)
    assert [s.form for s in workbook.sheets] == ["household_visits"]
    (problem,) = workbook.problems
    assert (problem.sheet, problem.row, problem.severity) == ("物资", 0, "note")


def test_a_hidden_sheet_is_noted_and_an_empty_one_says_nothing(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"入户走访": VISITS, "旧": VISITS, "空": []}
    workbook = read_sheets(tmp_path, sheets, hidden=["旧"])
    assert [s.sheet for s in workbook.sheets] == ["入户走访"]
    assert [(p.sheet, p.what) for p in workbook.problems] == [("旧", "隐藏的工作表，没有读入")]


def test_unknown_columns_are_noted_private_ones_are_not_even_kept(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年入户走访台账"],
        ["走访时间", "帮扶责任人", "户编号", "天气", "联系电话", None],
        ["3月1日", "甲子", "HC0101", "晴", "00000000000", "散"],
    ]
    workbook = read_sheets(tmp_path, {"入户走访": rows})
    assert told(workbook, "note") == [
        (2, "D", "“天气”列没有读入"),
        (2, "E", "“联系电话”列涉及个人信息，没有读入"),
        (3, "F", "这一列没有表头，没有读入"),
    ]
    assert only(workbook).rows[0].raw == {
        "走访时间": "3月1日",
        "帮扶责任人": "甲子",
        "户编号": "HC0101",
        "天气": "晴",
    }


def test_a_month_grid_may_have_a_group_over_its_days_and_a_row_of_weekdays(tmp_path: Path) -> None:
    days = list(range(1, 32))
    weekdays = ["二三四五六日一"[n % 7] for n in range(31)]
    rows: Rows = [
        ["2019年1月考勤"],
        ["村", "姓名", "日期", *[None] * 30, "合计"],
        [None, None, *days, None],
        [None, None, *weekdays, None],
        ["乙村", "甲子", "√", "△", *[None] * 29, 2],
    ]
    merged = {"考勤": ["A2:A4", "B2:B4", "C2:AG2", "AH2:AH4"]}
    workbook = read_sheets(tmp_path, {"考勤": rows}, merged=merged)
    sheet = only(workbook)
    assert (sheet.form, sheet.month, sheet.rows[0].number) == ("attendance", 1, 5)
    assert sheet.rows[0].marks == {1: "overnight", 2: "in_village"}
    assert workbook.problems == []


@pytest.mark.parametrize(
    "header",
    [
        [f"{day}日" for day in range(1, 32)],
        [f"1月{day}日" for day in range(1, 32)],
        [date(2019, 1, day) for day in range(1, 32)],
        [str(day) for day in range(1, 32)],
    ],
)
def test_the_days_of_a_grid_may_be_headed_in_any_style(
    tmp_path: Path, header: list[object]
) -> None:
    grid = month_grid("2019年1月考勤表", {"甲子": {1: "√", 31: "出"}}, header=header)
    sheet = only(read_sheets(tmp_path, {"一": grid}))
    assert (sheet.form, sheet.year, sheet.month) == ("attendance", 2019, 1)
    assert sheet.rows[0].marks == {1: "overnight", 31: "business_trip"}


def test_every_form_is_known_by_the_usual_headers_of_its_fields(tmp_path: Path) -> None:
    for key, form in load_forms().forms.items():
        header: list[object] = [field.headers[0] for field in form.fields.values()]
        if form.layout == "month_grid":
            # With a column of months the title's month is not used, and an empty sheet has none.
            header = [*(h for h in header if h != "月份"), *range(1, 32)]
        sheet = only(read_sheets(tmp_path, {form.name: [["2019年1月"], header]}))
        assert (sheet.form, sheet.rows) == (key, [])


def test_a_richer_form_that_lacks_a_column_is_not_taken_for_a_poorer_one(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年登记表"],
        ["时间", "户编号", "户主", "内容", "是否办实事"],
        ["3月1日", "HC0101", "乙丑", "宣讲政策", "是"],
    ]
    workbook = read_sheets(tmp_path, {"Sheet1": rows})
    assert workbook.sheets == []
    assert told(workbook) == [(2, "", "这张表像是“入户走访”，但缺少“帮扶责任人”列")]


def test_short_names_have_a_column_of_their_own_or_stand_in_the_remark(tmp_path: Path) -> None:
    def short_names(header: str, cell: str) -> object:
        rows: Rows = [["2019年"], ["单位名称", "帮扶村", header], ["某局", "甲村", cell]]
        return only(read_sheets(tmp_path, {"帮扶单位": rows})).rows[0].values.get("short_names")

    assert short_names("简称", "县局") == ("县局",)
    assert short_names("备注", "简称：县局") == ("县局",)
    assert short_names("备注", "县局") is None
