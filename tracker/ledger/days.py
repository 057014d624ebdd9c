"""Reading, first step: days, spans and months as offices write them. Never moved, never guessed."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from tracker.ledger.sheets import DaySpan
from tracker.ledger.written import Cell, Unreadable, as_text, tight

Edge = Literal["first", "last"]

_HOW = "请写成 2019.7.31 或 2019年7月31日 这样的日期"
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20000, 73051)  # 1954 .. 2099: a plain number outside is no day
_YEARS = range(1949, 2100)

_CLOCK = re.compile(r"(?<=[\d日\s])\s*(?:T|上午|下午)?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")
_REMARK = re.compile(r"\([^()]*\)$|(?:星期|周)[一二三四五六日天]$")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_NUMERALS = re.compile(r"[〇零○一二三四五六七八九十廿卅]+(?=[年月日号])")
_DASHES = re.compile(r"[—–‒−~-]+")
_DAY = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{4})[年./-](\d{1,2})月?份?")
_YEAR = re.compile(r"(\d{4})年(?:度|全年)?")
_EITHER = r"(?:(?:(\d{4})[年./-])?(\d{1,2})[月./-])?(\d{1,2})[日号]?"
_SPAN = re.compile(rf"从?{_EITHER}(?:至|到|-){_EITHER}止?")


@lru_cache(maxsize=8192, typed=True)  # typed: True is no 1
def read_day(cell: Cell, year: int | None, edge: Edge | None = None) -> date:
    """One day. `year` completes '7月31日'; `edge` lets '2017年6月' stand for that month's edge.

    Raises Unreadable for an impossible day, a missing year, or what is no day at all.
    """
    text = _written(cell, year)
    if match := _DAY.fullmatch(text):
        return _day(match[1] or year, match[2], match[3])
    if edge and (month := _MONTH.fullmatch(text)):
        first = _day(month[1], month[2], 1)
        return first if edge == "first" else first.replace(day=length(first.year, first.month))
    if _MONTH.fullmatch(text):
        raise Unreadable(f"“{as_text(cell)}”没有写到日", _HOW)
    raise Unreadable(f"“{as_text(cell)}”不是日期", _HOW)


def read_dated(cell: Cell) -> str:
    """A day, or only its month or year where no more is written: '2019-12-20', '2019-12', '2019'.

    Raises Unreadable.
    """
    text = _written(cell, None)
    if year := re.fullmatch(r"(\d{4})(?:年度?)?", text):
        return str(_day(year[1], 1, 1).year)
    if month := _MONTH.fullmatch(text):
        return f"{_day(month[1], month[2], 1):%Y-%m}"
    return read_day(cell, None).isoformat()


def is_month_only(cell: Cell, year: int | None) -> bool:
    """True for '2017年6月': a month where a day belongs."""
    return _MONTH.fullmatch(_written(cell, year)) is not None


def read_span(cell: Cell, year: int | None) -> DaySpan:
    """A closed span: '6月17日-21日', '2019.4.15—2019.4.19', one day, or a whole '2019年'."""
    text = _written(cell, year)
    if match := _SPAN.fullmatch(text):
        if not _DAY.fullmatch(text):  # '7-31' is a day, not the 7th to the 31st
            return _span(as_text(cell), year, *match.groups())
    elif whole := _YEAR.fullmatch(text):
        return DaySpan(_day(whole[1], 1, 1), _day(whole[1], 12, 31))
    day = read_day(cell, year)
    return DaySpan(day, day)


def read_month(cell: Cell) -> int:
    """A month of the year, 1 to 12: '1月', '一月份', '2019年1月', 1."""
    text = arabic(tight(as_text(cell)))
    match = re.fullmatch(r"(?:\d{4}[年./-])?(\d{1,2})月?份?", text)
    if not match or not 1 <= int(match[1]) <= 12:
        raise Unreadable(f"“{as_text(cell)}”不是月份", "请写成 1月 这样的月份")
    return int(match[1])


def _span(
    text: str,
    year: int | None,
    year_1: str | None,
    month_1: str | None,
    day_1: str,
    year_2: str | None,
    month_2: str | None,
    day_2: str,
) -> DaySpan:
    if not month_1:
        raise Unreadable(f"“{text}”没有写月份", "请写成 6月17日-21日 这样的起止日期")
    starts_on = _day(year_1 or year, month_1, day_1)
    ends_on = _day(year_2 or starts_on.year, month_2 or month_1, day_2)
    if ends_on < starts_on:
        raise Unreadable(f"“{text}”的止日早于起日", "请核对起止日期；跨年的请写明两边的年份")
    return DaySpan(starts_on, ends_on)


def _written(cell: Cell, year: int | None) -> str:
    """The cell as digits and separators; a serial number or date cell as year.month.day."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return f"{cell.year:04}-{cell.month}-{cell.day}"
    if isinstance(cell, float) and not cell.is_integer() and 1 < cell < 13:
        return _month_and_day(cell, year)
    text = tight(_CLOCK.sub("", as_text(cell)))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in _SERIALS:
        return (_EPOCH + timedelta(days=int(float(text)))).isoformat()
    text = arabic(_REMARK.sub("", text))
    text = _COMPACT.sub(r"\1.\2.\3", text).replace("。", ".")
    return _DASHES.sub("-", text).strip(".")


def _month_and_day(number: float, year: int | None) -> str:
    """7.31 typed as a number is 7月31日; 7.3 may have been 7.30 and is refused as unclear."""
    month, _, day = repr(number).partition(".")
    readings = [d for d in {day, day.ljust(2, "0")} if _possible(year, month, d)]
    if len(readings) > 1:
        raise Unreadable(
            f"数字 {number} 分不清是{month}月{int(day)}日还是{month}月{int(day) * 10}日",
            _HOW,
        )
    return f"{month}.{readings[0] if readings else day}"


def _possible(year: int | None, month: str, day: str) -> bool:
    try:
        date(year or 2000, int(month), int(day))
    except ValueError:
        return False
    return True


def arabic(text: str) -> str:
    """Chinese numerals before 年, 月, 日 as digits: '二〇一九年七月' -> '2019年7月'."""
    if not _NUMERALS.search(text):
        return text
    from cn2an import cn2an  # loads slowly, and few files need it

    def digits(match: re.Match[str]) -> str:
        try:
            return str(cn2an(match[0].replace("○", "〇"), "smart"))
        except (ValueError, KeyError):  # a KeyError for 〇十〇, which is no numeral either
            return match[0]

    return _NUMERALS.sub(digits, text)


def _day(year: str | int | None, month: str | int, day: str | int) -> date:
    if year is None:
        raise Unreadable(
            f"“{month}月{day}日”没有年份，表题上也看不出年份", "请在表题或日期中写明年份"
        )
    year, month, day = int(year), int(month), int(day)
    if year not in _YEARS:
        raise Unreadable(f"年份 {year} 不合理", "请核对年份")
    if not 1 <= month <= 12:
        raise Unreadable(f"没有{month}月", "请核对月份；本程序不替您改动日期")
    if not 1 <= day <= length(year, month):
        raise Unreadable(f"{year}年没有{month}月{day}日", "请核对日期；本程序不替您改动日期")
    return date(year, month, day)


@lru_cache(maxsize=512)
def length(year: int, month: int) -> int:
    """How many days a month has."""
    return monthrange(year, month)[1]


def chinese(day: date) -> str:
    """2019年7月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
