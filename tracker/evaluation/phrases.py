"""Phrases of plain official Chinese that every sentence is made of: amounts, days, windows."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from tracker.registry.dated import FIRST_DAY, to_date

# A duty of milestones is told by the day of the next one.
EVERY_NAMES = {
    "year": "每年", "half_year": "每半年", "quarter": "每季度", "month": "每月",
    "once": "限期", "always": "始终",
}  # fmt: skip


def amount(value: float) -> str:
    """4.0 -> '4', 4.5 -> '4.5', 2795400.0 -> '2795400'."""
    return f"{value:.12g}"


def short_date(day: date, beside: date | None = None) -> str:
    """'7月31日'; with the year where it differs from `beside` or none is given."""
    text = f"{day.month}月{day.day}日"
    return text if beside and beside.year == day.year else f"{day.year}年{text}"


def window_name(opens: date, closes: date) -> str:
    """'2019年', '2018年至2020年', '2019年下半年', '2019年第3季度', '2019年9月', from-to, or '常设'
    if open."""
    if opens <= to_date(FIRST_DAY) or closes.year > 9000:
        return "常设"
    whole = opens.day == 1 and (closes + timedelta(days=1)).day == 1
    months = (closes.year - opens.year) * 12 + closes.month - opens.month + 1
    if whole and opens.month == 1 and months % 12 == 0:
        return f"{opens.year}年" + (f"至{closes.year}年" if months > 12 else "")
    if whole and months == 6 and opens.month % 6 == 1:
        return f"{opens.year}年{'上' if opens.month == 1 else '下'}半年"
    if whole and months == 3 and opens.month % 3 == 1:
        return f"{opens.year}年第{closes.month // 3}季度"
    if whole and months == 1:
        return f"{opens.year}年{opens.month}月"
    return f"{short_date(opens)}至{short_date(closes, opens)}"


def fraction(finding: pd.Series) -> str:
    """'219/220'."""
    return f"{amount(finding['done'])}/{amount(finding['required'])}"
