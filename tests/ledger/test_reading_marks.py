"""Month grids: every county's own symbols, by its own legend; a bad mark spoils only its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.workbooks import Rows, month_grid, only, read, read_sheets, save_csv, told
from tracker.ledger.forms import load_forms
from tracker.ledger.marks import legend_of, read_legend

FORMS = load_forms()
USUAL = {
    "√": "overnight",
    "△": "in_village",
    "出": "business_trip",
    "会": "meeting",
    "训": "training",
    "休": "rest",
    "假": "leave",
}


def marks(tmp_path: Path, *symbols: object, footer: Rows = ()) -> dict[int, str]:
    grid = month_grid("2019年1月考勤表", {"甲子": dict(enumerate(symbols, 1))}, footer=footer)
    return only(read_sheets(tmp_path, {"考勤": grid})).rows[0].marks


def test_the_usual_symbols_need_no_legend(tmp_path: Path) -> None:
    assert marks(tmp_path, *USUAL, "") == dict(enumerate(USUAL.values(), 1))


def test_other_ways_of_writing_a_symbol_are_the_symbol(tmp_path: Path) -> None:
    found = marks(tmp_path, "✓", "✔️", "√ ", " √", "出差", "开会", "∆", "×", "/", "事假")
    overnight = dict.fromkeys((1, 2, 3, 4), "overnight")
    assert found == overnight | {
        5: "business_trip", 6: "meeting", 7: "in_village", 10: "leave"
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "注：★=在村住宿  〇=在村未住宿  √=因公出差  空白=无记录",
        "说明：★：在村住宿；○：在村未住宿；√：因公出差",
        "★ = 在村住宿， ○ = 在村未住宿， √ = 因公出差",
        "★表示在村住宿、○表示在村未住宿、√表示因公出差",
        "图例：在村住宿打“★”，在村未住宿打“○”，因公出差打“√”。",
        "备注：在村住宿★；在村未住宿○；因公出差√",
        "（★在村住宿 ○在村未住宿 √因公出差）",
        "★—在村住宿 ○—在村未住宿 √—因公出差",
    ],
)
def test_a_legend_in_any_wording_comes_before_the_usual_meaning(tmp_path: Path, text: str) -> None:
    assert marks(tmp_path, "★", "◯", "√", "会", footer=[[text]]) == {
        1: "overnight",
        2: "in_village",
        3: "business_trip",
        4: "meeting",
    }


def test_a_legend_may_stand_in_cells_of_its_own_or_above_the_table(tmp_path: Path) -> None:
    footer = [["图例", "★", "在村住宿", "●", "请假"]]
    assert marks(tmp_path, "★", "●", footer=footer) == {1: "overnight", 2: "leave"}
    grid = month_grid("2019年1月考勤表", {"甲子": {1: "★"}})
    above = read_sheets(tmp_path, {"考勤": [grid[0], ["★=在村住宿"], *grid[1:]]})
    assert only(above).rows[0].marks == {1: "overnight"}


def test_a_symbol_without_meaning_is_an_error_of_its_cell_only(tmp_path: Path) -> None:
    grid = month_grid("2019年1月考勤表", {"甲子": {1: "√", 2: "○", 3: "√△", 4: "会"}})
    workbook = read_sheets(tmp_path, {"考勤": grid})
    assert only(workbook).rows[0].marks == {1: "overnight", 4: "meeting"}
    assert [(row, at) for row, at, _ in told(workbook)] == [(4, "F"), (4, "G")]


def test_a_legend_that_nobody_understands_takes_the_usual_meaning_away() -> None:
    legend = legend_of(["注：√=出勤  △=在村未住宿"], FORMS)
    assert "√" not in legend.kinds
    assert legend.unclear == {"√": "出勤"}
    assert legend.kinds["△"] == "in_village"


def test_a_symbol_explained_twice_means_nothing() -> None:
    legend = legend_of(["√=在村住宿 ✓=在村未住宿 △=开会 ∆=会议"], FORMS)
    assert legend.unclear == {"√": "在村住宿或在村未住宿"}
    assert legend.kinds["△"] == "meeting"


def test_two_columns_for_one_day_may_not_disagree(tmp_path: Path) -> None:
    header = [day for day in range(1, 6) for _ in range(2)]
    symbols = {1: "√", 2: "√", 3: "√", 4: "假", 5: "", 6: "会"}
    grid = month_grid("2019年1月考勤表", {"甲子": symbols}, header=header)
    workbook = read_sheets(tmp_path, {"考勤": grid})
    assert only(workbook).rows[0].marks == {1: "overnight", 2: "overnight", 3: "meeting"}
    assert told(workbook) == [(4, "H", "2日填了两种不同的符号，只登记第一种")]


def test_a_row_without_its_month_is_told(tmp_path: Path) -> None:
    rows: Rows = [["2019年考勤表"], ["月份", "姓名", *range(1, 32)], ["", "甲子", "√"]]
    workbook = read_sheets(tmp_path, {"考勤": rows})
    assert [sheet.rows for sheet in workbook.sheets] == [[]]
    assert told(workbook) == [(3, "A", "没有填写月份")]


def test_titles_and_notes_are_no_legend() -> None:
    texts = ["华池县2019年1月考勤表", "填报单位：某局", "注：逐日填写。", "以下空白"]
    assert read_legend(texts, FORMS) == {}


@given(st.permutations(list(USUAL.values())))
def test_a_legend_can_give_any_symbol_any_meaning(kinds: list[str]) -> None:
    pairs = dict(zip(USUAL, kinds, strict=True))
    text = "  ".join(f"{s}={FORMS.marks.kinds[kind].meanings[0]}" for s, kind in pairs.items())
    found = legend_of([f"注：{text}"], FORMS).kinds
    assert {symbol: found[symbol] for symbol in USUAL} == pairs


@pytest.mark.parametrize(
    ("title", "last"), [("2019年2月", 28), ("2020年2月", 29), ("2019年4月", 30)]
)
def test_marks_up_to_the_last_day_of_the_month_are_read(
    tmp_path: Path, title: str, last: int
) -> None:
    days = dict.fromkeys((last - 1, last, last + 1), "√")
    rows = month_grid(f"{title}考勤表", {"甲子": days})
    del rows[1]
    workbook = read_sheets(tmp_path, {"考勤": rows})
    late = title.startswith("2020")  # all of it lies after today, 2020-01-09
    assert list(only(workbook).rows[0].marks) == ([] if late else [last - 1, last])
    assert sum(f"没有{last + 1}日" in what for _, _, what in told(workbook)) == 1


def test_a_struck_out_day_that_the_month_lacks_is_no_mark(tmp_path: Path) -> None:
    grid = month_grid("2019年2月考勤表", {"甲子": {28: "√", 29: "/", 30: "×", 31: "—"}})
    assert told(read_sheets(tmp_path, {"考勤": grid})) == []


def test_marks_up_to_the_filing_day_are_read_and_later_ones_refused(tmp_path: Path) -> None:
    grid = month_grid("2020年1月考勤表", {"甲子": {5: "√", 6: "√", 7: "√"}})
    workbook = read_sheets(tmp_path, {"考勤": grid})
    assert list(only(workbook).rows[0].marks) == [5, 6]
    assert [at for _, at, _ in told(workbook)] == ["K"]


def test_a_wholly_blank_row_is_kept_without_marks(tmp_path: Path) -> None:
    assert marks(tmp_path) == {}


def test_marks_merged_over_several_days_count_on_each(tmp_path: Path) -> None:
    grid = month_grid("2019年1月考勤表", {"甲子": {1: "假"}})
    workbook = read_sheets(tmp_path, {"考勤": grid}, merged={"考勤": ["E4:G4"]})
    assert only(workbook).rows[0].marks == dict.fromkeys((1, 2, 3), "leave")


def total_notes(tmp_path: Path, totals: dict[str, object]) -> list[tuple[int, str, str]]:
    people = {name: {1: "√", 2: "△", 3: "会", 4: "休"} for name in totals}
    grid = month_grid("2019年1月考勤表", people, totals=totals)
    return told(read_sheets(tmp_path, {"考勤": grid}), "note")


def test_a_total_that_differs_from_the_marks_is_noted(tmp_path: Path) -> None:
    assert total_notes(tmp_path, {"甲子": 3, "乙丑": "３天", "丙寅": 4}) == [
        (6, "AJ", "合计填的是 4，按符号数是 3；以符号为准")
    ]


def test_totals_may_be_counted_in_the_countys_own_way(tmp_path: Path) -> None:
    assert total_notes(tmp_path, {"甲子": 2, "乙丑": 2}) == []  # 在村 only
    assert total_notes(tmp_path, {"甲子": 1, "乙丑": 1}) == []  # 住宿 only


def test_totals_that_fit_no_way_of_counting_are_noted_once(tmp_path: Path) -> None:
    notes = total_notes(tmp_path, {"甲子": 11, "乙丑": 12, "丙寅": 13})
    assert notes == [(3, "AJ", "看不出“合计”是怎样算的，未作核对")]


def test_the_month_may_come_from_the_sheet_name_alone(tmp_path: Path) -> None:
    grid = month_grid("考勤表", {"甲子": {1: "√"}})
    for name, month in (("2019年3月", 3), ("2019.4", 4), ("201905", 5), ("二〇一九年十月", 10)):
        sheet = only(read_sheets(tmp_path, {name: grid}))
        assert (sheet.year, sheet.month) == (2019, month)


def test_months_stacked_in_one_sheet_are_told_apart(tmp_path: Path) -> None:
    grids = [
        row
        for month in (1, 2)
        for row in month_grid(
            f"2019年{month}月考勤表",
            {"甲子": {month: "√"}},
            footer=[["合计"], ["注：√=在村住宿"], []],
        )
    ]
    workbook = read_sheets(tmp_path, {"考勤": grids})
    found = [(s.year, s.month, s.rows[0].number, s.rows[0].marks) for s in workbook.sheets]
    assert found == [(2019, 1, 4, {1: "overnight"}), (2019, 2, 11, {2: "overnight"})]
    assert workbook.problems == []


def test_months_side_by_side_are_told_apart_by_the_dates_of_the_header(tmp_path: Path) -> None:
    header = [date(2019, 3, 30), date(2019, 3, 31), date(2019, 4, 1), "4月2日", "4月3日"]
    grid = month_grid("考勤表", {"甲子": {1: "√", 2: "会", 3: "△", 4: "休"}}, header=header)
    workbook = read_sheets(
        tmp_path, {"考勤": grid, "回访": [["2019年"], ["时间", "单位", "驻村干部"]]}
    )
    found = {(s.year, s.month): s.rows[0].marks for s in workbook.sheets if s.form == "attendance"}
    assert found == {
        (2019, 3): {30: "overnight", 31: "meeting"},
        (2019, 4): {1: "in_village", 2: "rest"},
    }


def test_months_in_a_column_are_told_apart(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年考勤表"],
        ["月份", "姓名", *range(1, 32)],
        ["1月", "甲子", "√"],
        ["2月", "甲子", "会"],
    ]
    workbook = read_sheets(tmp_path, {"考勤": rows})
    assert [(s.month, s.rows[0].marks) for s in workbook.sheets] == [
        (1, {1: "overnight"}),
        (2, {1: "meeting"}),
    ]


def test_a_grid_may_be_a_csv(tmp_path: Path) -> None:
    grid = month_grid("2019年1月考勤表", {"甲子": {1: "√", 9: "出"}})
    workbook = read(save_csv(tmp_path / "考勤.csv", grid, "gb18030"))
    assert only(workbook).rows[0].marks == {1: "overnight", 9: "business_trip"}
    assert workbook.problems == []
