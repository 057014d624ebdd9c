"""Cells as offices write them: what is read, what is refused, and that nothing is moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tracker.ledger.days import read_day, read_month, read_span
from tracker.ledger.forms import load_forms
from tracker.ledger.sheets import DaySpan
from tracker.ledger.values import people_of, read_value
from tracker.ledger.written import Cell, Unreadable

LAST_OF_JULY = date(2019, 7, 31)
FORMS = load_forms()
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
CHINESE = "〇一二三四五六七八九"


def value(form: str, field: str, cell: Cell) -> object:
    return read_value(cell, FORMS.forms[form].fields[field], FORMS, 2019)


@pytest.mark.parametrize(
    "cell",
    [
        "2019.7.31", "2019年7月31日", "2019/7/31", "2019-07-31", "7月31日", "7.31", 7.31, "7-31",
        "20190731", 20190731.0, 43677.0, "43677", 43677.5, "２０１９．７．３１", "４３６７７",
        "二〇一九年七月三十一日", "二○一九年七月三十一日", "七月三十一日", "2019 年 7 月 31 日",
        " 2019.7.31 ", "2019.7.31.", "2019年7月31日（星期三）", "2019-07-31 00:00:00",
        "2019。7。31", "2019年7月31号", LAST_OF_JULY, datetime(2019, 7, 31, 8, 30),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert read_day(cell, 2019) == LAST_OF_JULY


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2019-02-29", "2019年没有2月29日"),
        ("2.29", "2019年没有2月29日"),
        ("2019.4.31", "2019年没有4月31日"),
        ("2019.13.1", "没有13月"),
        ("2019.7.0", "没有7月0日"),
        ("1019.7.31", "年份 1019 不合理"),
        ("19.7.31", "不是日期"),
        ("7月", "不是日期"),
        ("2019.7", "没有写到日"),
        ("是", "不是日期"),
        (True, "不是日期"),
        (19999.0, "不是日期"),
        (7.3, "分不清是7月3日还是7月30日"),
        ("2019.7.31、8.1", "不是日期"),
    ],
)
def test_what_is_no_day_is_refused_and_never_moved(cell: Cell, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_day(cell, 2019)
    assert words in refused.value.what
    assert refused.value.fix


def test_29_february_is_read_in_a_leap_year_only() -> None:
    assert read_day("2月29日", 2020) == date(2020, 2, 29)
    with pytest.raises(Unreadable):
        read_day("2月29日", 2019)


def test_a_number_with_one_decimal_is_read_where_only_one_day_is_possible() -> None:
    assert read_day(2.3, 2019) == date(2019, 2, 3)  # 2月30日 does not exist
    assert read_day(7.4, 2019) == date(2019, 7, 4)  # nor does 7月40日


def test_a_day_without_year_needs_the_year_of_the_sheet() -> None:
    with pytest.raises(Unreadable, match="没有年份"):
        read_day("7月31日", None)


def test_a_month_stands_for_its_edge_only_where_the_field_allows_it() -> None:
    assert read_day("2017年6月", 2019, "first") == date(2017, 6, 1)
    assert read_day("2016.2", 2019, "last") == date(2016, 2, 29)
    with pytest.raises(Unreadable):
        read_day("2017年6月", 2019)


def _styles(day: date) -> list[Cell]:
    year, month, number = day.year, day.month, day.day
    chinese_year = "".join(CHINESE[int(digit)] for digit in str(year))
    return [
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{year}/{month}/{number}",
        day.isoformat(),
        f"{year}{month:02}{number:02}",
        f"{year}.{month}.{number}".translate(FULL_WIDTH),
        f"{chinese_year}年{_chinese(month)}月{_chinese(number)}日",
        f"{month}月{number}日",
        float((day - date(1899, 12, 30)).days),
        str((day - date(1899, 12, 30)).days),
        day,
    ]


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{CHINESE[tens]}十"
    return head + (CHINESE[ones] if ones else "")


@settings(deadline=None)  # the first Chinese numeral loads its library
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_every_day_reads_as_itself_in_every_style(day: date) -> None:
    assert {read_day(cell, day.year) for cell in _styles(day)} == {day}


@settings(deadline=None)
@example("〇十〇年")
@given(st.text(alphabet="0123456789.年月日/- 至〇十", max_size=10))
def test_any_text_is_a_day_or_a_refusal_that_says_what_to_do(text: str) -> None:
    try:
        day = read_day(text, None)
    except Unreadable as refused:
        day, fix = None, refused.fix
    assert fix if day is None else day.year in range(1949, 2100)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2019年3月18日至3月22日", (3, 18), (3, 22)),
        ("6月17日-21日", (6, 17), (6, 21)),
        ("6月17-21日", (6, 17), (6, 21)),
        ("2019.4.15—2019.4.19", (4, 15), (4, 19)),
        ("2019.4.15——2019.4.19", (4, 15), (4, 19)),
        ("6月30日～7月2日", (6, 30), (7, 2)),
        ("20190318-20190322", (3, 18), (3, 22)),
        ("3.18-22", (3, 18), (3, 22)),
        ("2019年3月18日至3月22日（5天）", (3, 18), (3, 22)),
        ("3月18日", (3, 18), (3, 18)),
        ("3-18", (3, 18), (3, 18)),
        ("2019-3-18", (3, 18), (3, 18)),
        ("2019年度", (1, 1), (12, 31)),
    ],
)
def test_a_span_is_read_however_it_is_written(
    cell: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    assert read_span(cell, 2019) == DaySpan(date(2019, *first), date(2019, *last))


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 400))
def test_a_span_keeps_its_two_days(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"{first.year}.{first.month}.{first.day}—{last.year}.{last.month}.{last.day}"
    assert read_span(text, None) == DaySpan(first, last)


@pytest.mark.parametrize("cell", ["17日-21日", "3.22-3.18", "2019.2.28-2.29", "三天"])
def test_an_impossible_span_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        read_span(cell, 2019)


@pytest.mark.parametrize(
    ("cell", "month"), [("1月", 1), ("十二月份", 12), (3.0, 3), ("2019年4月", 4)]
)
def test_a_month_is_read(cell: Cell, month: int) -> None:
    assert read_month(cell) == month


@pytest.mark.parametrize("cell", ["13月", "0", "春"])
def test_what_is_no_month_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        read_month(cell)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("甲子、乙丑", ("甲子", "乙丑")),
        ("甲子，乙丑；丙寅\n丁卯", ("甲子", "乙丑", "丙寅", "丁卯")),
        ("甲 子、乙\u3000丑", ("甲子", "乙丑")),
        ("甲子 乙丑 丙寅丁", ("甲子", "乙丑", "丙寅丁")),
        ("张 三", ("张三",)),
        ("王乙（紫坊畔、乔川）、甲子", ("王乙(紫坊畔、乔川)", "甲子")),
        ("甲子、乙丑等2人", ("甲子", "乙丑")),
        ("甲子、", ("甲子",)),
    ],
)
def test_names_in_one_cell_are_told_apart(cell: str, names: tuple[str, ...]) -> None:
    assert people_of(cell) == names


@pytest.mark.parametrize("cell", ["甲子、乙丑等", "甲子、乙丑等3人"])
def test_a_list_of_names_that_is_cut_short_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match="名单不全"):
        people_of(cell)


def test_names_and_household_numbers_have_one_form() -> None:
    assert value("household_visits", "helper", "杨\u3000 丁") == "杨丁"
    assert value("household_visits", "household", "ｈｃ 0101 ") == "HC0101"
    assert value("household_visits", "household", 5603.0) == "5603"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("有", True), ("√", True), ("✔", True), ("已办理", True),
        ("无", False), ("×", False), ("✗", False), ("未办理", False),
        ("2019.1.1-2019.12.31", DaySpan(date(2019, 1, 1), date(2019, 12, 31))),
        ("2019年", DaySpan(date(2019, 1, 1), date(2019, 12, 31))),
        ("  ", None),
    ],
)  # fmt: skip
def test_insurance_is_yes_no_or_a_span(cell: str, expected: object) -> None:
    assert value("resident_cadres", "insurance", cell) == expected


@pytest.mark.parametrize("cell", ["至今", "在岗", "", "—"])
def test_an_open_end_is_no_day(cell: str) -> None:
    assert value("resident_cadres", "to", cell) is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [("５天", "5"), (2.0, "2"), ("2.5", "2.5"), ("1,200户", "1200"), ("26人次", "26")],
)
def test_a_number_may_be_full_width_and_carry_its_counter(cell: Cell, number: str) -> None:
    assert value("trainings", "days", cell) == Decimal(number)


@pytest.mark.parametrize("cell", ["NaN", "5万", "三", "inf"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        value("trainings", "days", cell)


@pytest.mark.parametrize(
    ("cell", "level"),
    [("省直", "provincial"), ("中央在甘", "central"), ("州直", "prefecture"), ("县 直", "county")],
)
def test_a_level_has_many_names(cell: str, level: str) -> None:
    assert value("assisting_units", "level", cell) == level


def test_a_kind_is_known_by_the_word_of_the_vocabulary_and_by_its_other_names() -> None:
    assert value("duty_records", "kind", "单位领导到村") == "leader_visit"
    assert value("duty_records", "kind", "推进会") == "promotion_meeting"
    assert value("duty_records", "as", "主持") == "chair"


def test_short_names_come_out_of_a_remark_and_other_remarks_say_nothing() -> None:
    assert value("assisting_units", "remark", "简称：县委办、县办") == ("县委办", "县办")
    assert value("assisting_units", "remark", "2019年新增") is None
