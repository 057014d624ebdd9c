"""The sample workbook and workbooks of other counties, read into typed rows."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.workbooks import (
    FILED,
    VISITS,
    Rows,
    month_grid,
    only,
    read,
    read_sheets,
    save,
    save_csv,
    told,
)
from tracker.errors import ImportFileError
from tracker.ledger.forms import load_forms
from tracker.ledger.sheets import DaySpan, Workbook

SAMPLE = Path(__file__).parents[1] / "fixtures" / "华池县2019年帮扶工作台账.xlsx"
OFFICE = "华池县脱贫攻坚帮扶工作协调领导小组办公室"
ROWS = {
    "assisting_units": 73,
    "unit_leaders": 237,
    "resident_cadres": 174,
    "pairings": 800,
    "unit_meetings": 307,
    "leader_visits": 625,
    "household_visits": 1841,
    "trainings": 9,
    "household_plans": 792,
    "return_visits": 239,
    "county_matters": 219,
}
VISIT_HEADER = ["走访时间", "帮扶责任人", "户编号"]


@pytest.fixture(scope="module")
def sample() -> Workbook:
    return read(SAMPLE)


def test_the_sample_is_read_whole_registry_first(sample: Workbook) -> None:
    lists = {s.form: len(s.rows) for s in sample.sheets if s.form != "attendance"}
    assert lists == ROWS
    assert [s.form for s in sample.sheets][:4] == list(ROWS)[:4]
    months = [(s.month, len(s.rows)) for s in sample.sheets if s.form == "attendance"]
    assert months == [(m, 169 if m in (7, 12) else 168) for m in range(1, 13)]
    about = {(s.year, s.reporter, s.filed_on) for s in sample.sheets}
    assert about == {(2019, OFFICE, date(2020, 1, 6))}


def test_the_wrong_rows_of_the_sample_are_named_and_no_others(sample: Workbook) -> None:
    found = [(p.sheet, p.row, p.column, p.severity, p.what) for p in sample.problems]
    assert found == [
        ("会议台账", 313, "B", "error", "2020年1月3日不在本年度（本表是2019年的）"),
        ("入户走访", 4, "A", "error", "2018年11月5日不在本年度（本表是2019年的）"),
        ("入户走访", 307, "A", "error", "2019年没有2月29日"),
        ("考勤2月", 77, "AG", "error", "2019年2月没有29日，却填了“√”"),
        ("考勤6月", 65, "AJ", "note", "合计填的是 30，按符号数是 18；以符号为准"),
    ]


def test_the_merged_cells_of_the_sample_reach_every_row(sample: Workbook) -> None:
    units, _, cadres, pairs = (s.rows for s in sample.sheets[:4])
    assert all(row.values["unit"] and row.values["level"] for row in units)
    assert (units[1].values["unit"], units[1].values["village"]) == (
        "甘肃陇原水土保持研究院",
        "银坪村",
    )
    assert all(row.values["township"] for row in cadres)
    assert {
        len(row.values["helper"]) for row in pairs if isinstance(row.values["helper"], str)
    } == {
        2,
        3,
    }


def test_the_sample_is_read_in_time() -> None:
    best = min(_seconds() for _ in range(3))
    assert best < 1.5


def _seconds() -> float:
    """Seconds of this process's own work, so that a busy machine does not fail the test."""
    start = time.process_time()
    read(SAMPLE)
    return time.process_time() - start


def visits(
    tmp_path: Path, *days: object, title: str = "2019年入户走访", filed: str = ""
) -> Workbook:
    rows: Rows = [[title], [filed], VISIT_HEADER, *([day, "甲子", "HC0101"] for day in days)]
    return read_sheets(tmp_path, {"走访": rows})


def test_a_row_is_kept_with_what_was_written_and_where(tmp_path: Path) -> None:
    row = only(read_sheets(tmp_path, {"走访": VISITS})).rows[0]
    assert row.number == 4
    assert row.raw["走访时间"] == "2019.3.1"
    assert row.columns["good_deed"] == "F"


def test_a_row_without_a_required_value_stays_out_and_the_others_stay_in(tmp_path: Path) -> None:
    workbook = visits(tmp_path, "3月1日", "", "3月3日")
    assert [row.number for row in only(workbook).rows] == [4, 6]
    assert told(workbook) == [(5, "A", "没有填写“走访时间”")]


def test_all_bad_cells_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    rows: Rows = [["2019年走访"], VISIT_HEADER, ["2月30日", "", " "]]
    assert [at for _, at, _ in told(read_sheets(tmp_path, {"走访": rows}))] == ["A", "B", "C"]


def test_days_up_to_the_filing_day_are_read_and_later_ones_refused(tmp_path: Path) -> None:
    workbook = visits(tmp_path, "2020.1.5", "2020.1.6", "2020.1.7", title="2020年走访", filed=FILED)
    assert [row.number for row in only(workbook).rows] == [4, 5]
    assert [row for row, _, _ in told(workbook)] == [6]


def test_without_a_filing_day_days_up_to_today_are_read(tmp_path: Path) -> None:
    workbook = visits(tmp_path, "2020.1.8", "2020.1.9", "2020.1.10", title="2020年走访")
    assert [row.number for row in only(workbook).rows] == [4, 5]
    assert told(workbook) == [(6, "A", "2020年1月10日在今天（2020年1月9日）之后")]


def test_only_days_of_the_year_of_the_title_are_read(tmp_path: Path) -> None:
    workbook = visits(tmp_path, "2018.12.31", "2019.1.1", "2019.12.31", "2020.1.1")
    assert [row.number for row in only(workbook).rows] == [5, 6]
    assert [row for row, _, _ in told(workbook)] == [4, 7]


def test_without_a_year_in_the_title_most_days_decide(tmp_path: Path) -> None:
    workbook = visits(tmp_path, "2019.3.1", "2019/3/2", "4月1日", "2018.3.1", title="走访登记")
    assert only(workbook).year == 2019
    assert [row.values["day"] for row in only(workbook).rows] == [
        date(2019, 3, 1),
        date(2019, 3, 2),
        date(2019, 4, 1),
    ]
    assert told(workbook) == [(7, "A", "2018年3月1日不在本年度（本表多数日期是2019年的）")]


def test_a_sheet_without_any_year_takes_that_of_its_fellows_then_of_the_file(
    tmp_path: Path,
) -> None:
    plain: Rows = [VISIT_HEADER, ["3月1日", "甲子", "HC0101"]]
    other: Rows = [["2018年回访"], ["时间", "单位", "驻村干部"], ["3月1日", "某局", "甲子"]]
    fellows = read_sheets(tmp_path, {"走访": plain, "回访": other}, name="2019年.xlsx")
    assert {s.year for s in fellows.sheets} == {2018}
    alone = read_sheets(tmp_path, {"走访": plain}, name="2019年台账.xlsx")
    assert only(alone).year == 2019


def test_a_title_and_a_sheet_name_that_disagree_are_refused(tmp_path: Path) -> None:
    grid = month_grid("2019年1月考勤表", {"甲子": {1: "√"}})
    workbook = read_sheets(tmp_path, {"考勤2月": grid})
    assert workbook.sheets == []
    assert told(workbook) == [(3, "", "表题与工作表名“考勤2月”的年月不一致，整张表没有读入")]


def test_reporter_and_filing_day_are_read_from_cells_of_their_own(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年走访"],
        ["填报单位（盖章）：", "某县某局", "填报日期", date(2020, 1, 6)],
        VISIT_HEADER,
        ["3月1日", "甲子", "HC0101"],
    ]
    sheet = only(read_sheets(tmp_path, {"走访": rows}))
    assert (sheet.reporter, sheet.filed_on) == ("某县某局", date(2020, 1, 6))


def test_reporter_and_filing_day_may_stand_below_the_table(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年走访"],
        VISIT_HEADER,
        ["3月1日", "甲子", "HC0101"],
        ["填报单位：某局", "填表人：丙寅", "填报日期：二〇二〇年一月六日"],
    ]
    sheet = only(read_sheets(tmp_path, {"走访": rows}))
    assert (sheet.reporter, sheet.filed_on, len(sheet.rows)) == ("某局", date(2020, 1, 6), 1)


def test_totals_notes_blank_rows_and_lone_numbers_are_no_data(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年走访"],
        ["序号", *VISIT_HEADER, "内容"],
        [1, "3月1日", "甲子", "HC0101", "合计：走访一户"],
        ["小 计", "1次"],
        [2],
        [None, "3月2日", "甲子", "HC0101"],
        ["合计：2次"],
        ["注：逐户填写。"],
        ["审核人：", None, "填表人："],
        ["以下空白"],
    ]
    workbook = read_sheets(tmp_path, {"走访": rows})
    assert [row.number for row in only(workbook).rows] == [3, 6]
    assert told(workbook) == []
    assert told(workbook, "note") == [(10, "", "这一行不是数据，没有读入：以下空白")]


def test_a_header_that_begins_again_on_each_page_is_one_table(tmp_path: Path) -> None:
    page: Rows = [VISIT_HEADER, ["3月1日", "甲子", "HC0101"]]
    sheet = only(read_sheets(tmp_path, {"走访": [["2019年走访"], [FILED], *page, *page]}))
    assert [row.number for row in sheet.rows] == [4, 6]
    assert sheet.filed_on == date(2020, 1, 6)


def test_the_same_again_means_the_cell_above(tmp_path: Path) -> None:
    rows: Rows = [["2019年走访"], VISIT_HEADER, ["3月1日", "甲子", "HC1"], ["同上", "〃", "HC2"]]
    second = only(read_sheets(tmp_path, {"走访": rows})).rows[1].values
    assert (second["day"], second["helper"]) == (date(2019, 3, 1), "甲子")


ROSTER: Rows = [
    ["2019年驻村干部花名册"],
    ["乡镇", "村", "姓名", "派出单位", "到村时间", "离村时间", "保险", "体检时间"],
]


def test_days_of_a_roster_may_be_of_other_years(tmp_path: Path) -> None:
    row = ["甲乡", "乙村", "甲子", "某局", "2017.6.1", "至今", "2018.7.1-2019.6.30", "2018.9.1"]
    workbook = read_sheets(tmp_path, {"驻村": [*ROSTER, row]})
    values = only(workbook).rows[0].values
    assert values["from"] == date(2017, 6, 1)
    assert "to" not in values
    assert values["insurance"] == DaySpan(date(2018, 7, 1), date(2019, 6, 30))
    assert values["health_check"] == date(2018, 9, 1)
    assert told(workbook, "note") == [(3, "H", "2018年9月1日不在2019年，按所写日期登记")]


def test_a_month_alone_counts_from_its_first_to_its_last_day_and_is_noted(tmp_path: Path) -> None:
    row = ["甲乡", "乙村", "甲子", "某局", "2017年6月", "2019.4", "有", ""]
    workbook = read_sheets(tmp_path, {"驻村": [*ROSTER, row]})
    values = only(workbook).rows[0].values
    assert (values["from"], values["to"]) == (date(2017, 6, 1), date(2019, 4, 30))
    assert [at for _, at, _ in told(workbook, "note")] == ["E", "F"]


def test_a_bad_value_that_the_row_can_do_without_keeps_the_row(tmp_path: Path) -> None:
    row = ["甲乡", "乙村", "甲子", "某局", "2017.6.1", "", "也许", "2019.2.29"]
    workbook = read_sheets(tmp_path, {"驻村": [*ROSTER, row]})
    assert [at for _, at, _ in told(workbook)] == ["G", "H"]
    assert only(workbook).rows[0].values.keys() == {"township", "village", "person", "unit", "from"}


def test_a_bad_span_of_stay_keeps_the_row_out(tmp_path: Path) -> None:
    row = ["甲乡", "乙村", "甲子", "某局", "2017.6.31", "", "有", ""]
    workbook = read_sheets(tmp_path, {"驻村": [*ROSTER, row]})
    assert only(workbook).rows == []
    assert told(workbook) == [(3, "E", "2017年没有6月31日")]


def test_a_general_record_is_read_by_the_words_of_the_vocabulary(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年履责事项登记"],
        ["责任主体", "事项类型", "方式", "对象", "日期", "截止", "数量"],
        ["某县", "督查检查", "组织", "某乡", "6月1日", "2020.5.31", "３次"],
    ]
    assert only(read_sheets(tmp_path, {"登记": rows})).rows[0].values == {
        "subject": "某县",
        "kind": "inspection",
        "as": "organiser",
        "counterpart": "某乡",
        "day": date(2019, 6, 1),
        "until": date(2020, 5, 31),
        "quantity": Decimal(3),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = save_csv(tmp_path / "入户走访.csv", VISITS, encoding)
    sheet = only(read(path))
    assert (sheet.sheet, sheet.form, sheet.year) == ("入户走访", "household_visits", 2019)
    assert sheet.rows[0].values["householder"] == "乙丑"
    assert sheet.filed_on == date(2020, 1, 6)


def test_what_a_csv_lost_of_merged_cells_is_filled_down_and_noted(tmp_path: Path) -> None:
    rows: Rows = [
        ["2019年驻村干部花名册"],
        ["乡镇", "村", "姓名", "派出单位"],
        ["甲乡", "乙村", "甲子", "某局"],
        ["", "", "乙丑", "某局"],
        ["", "丙村", "丙寅", "某局"],
        ["丁乡", "", "丁卯", "某局"],
    ]
    workbook = read(save_csv(tmp_path / "驻村干部.csv", rows))
    places = [(r.values["township"], r.values["village"]) for r in only(workbook).rows]
    assert places == [("甲乡", "乙村"), ("甲乡", "乙村"), ("甲乡", "丙村")]
    assert told(workbook) == [(6, "B", "没有填写“村”")]
    assert [row for row, _, _ in told(workbook, "note")] == [2]


def test_blank_cells_of_a_workbook_that_are_not_merged_stay_blank(tmp_path: Path) -> None:
    rows: Rows = [*ROSTER, ["甲乡", "乙村", "甲子", "某局"], ["", "", "乙丑", "某局"]]
    assert told(read_sheets(tmp_path, {"驻村": rows})) == [(4, "B", "没有填写“村”")]


def test_the_same_content_reads_the_same_and_has_the_same_digest(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"走访": VISITS})
    first, second = read(path), read(path)
    assert first == second
    assert len(first.sha256) == 64


CELLS = st.one_of(
    st.sampled_from(sorted(load_forms().known_headers)),
    st.sampled_from(
        ["2019年1月考勤表", FILED, "合计", "注：√=在村住宿", "√", "", "2019.2.29", "3月1日"]
    ),
    st.integers(0, 50).map(str),
    st.text(max_size=6),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, max_size=12), min_size=1, max_size=12))
def test_any_table_is_read_or_refused_and_never_breaks(rows: list[list[str]]) -> None:
    header = [
        *load_forms().forms["attendance"].fields["person"].headers[:1],
        *map(str, range(1, 32)),
    ]
    for table in (rows, [["2019年"], header, *rows], [["2019年1月"], VISIT_HEADER, *rows]):
        with TemporaryDirectory() as folder:
            path = save_csv(Path(folder) / "表.csv", [["始"], *table])
            try:
                workbook = read(path)
            except ImportFileError:
                continue
        assert all(1 <= row.number <= len(table) + 1 for s in workbook.sheets for row in s.rows)
        assert all(problem.what for problem in workbook.problems)
