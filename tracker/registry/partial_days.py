"""The registry: a day that is told only to the month or the year: 2019, 2019-12, 2019-12-20."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

_UNITS = ("年", "月", "日")


def bounds(text: str) -> tuple[date, date]:
    """The first and the last day that the text may mean."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    first, last = (parts[1], parts[1]) if len(parts) == 2 else (1, 12)
    year = parts[0]
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def spoken(text: str | date) -> str:
    """'2019-03' -> '2019年3月', '2019' -> '2019年', a day -> '2019年12月20日', '' -> ''."""
    parts = zip(str(text).split("-"), _UNITS, strict=False)
    return "".join(f"{int(part)}{unit}" for part, unit in parts if part)
