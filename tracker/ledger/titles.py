"""Reading, second step: what the lines above a header say: year, month, reporter, filing date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.ledger.days import arabic, read_day
from tracker.ledger.forms import Forms
from tracker.ledger.grids import Grid
from tracker.ledger.written import Unreadable, as_text, blank, plain, tight

_YEAR = re.compile(r"((?:19|20)\d{2})\s*年(?!\s*\d{1,2}\s*月\s*\d{1,2}\s*日)")
_LONE_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_MONTH = re.compile(r"(?<![\d.~至—–-])(\d{1,2})\s*月(?!\s*\d|\s*[至~—–-]|底|初|末)")
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})(?:[.\-_年]?(0?[1-9]|1[0-2])月?)?")
_DATE = r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"


@dataclass(frozen=True, slots=True)
class Title:
    """What the lines around a table say; None or '' where they say nothing."""

    year: int | None
    month: int | None
    reporter: str
    filed_on: date | None
    unclear_filing: str


def lines(grid: Grid, rows: Iterable[int]) -> list[str]:
    """The texts of rows, each cell's own text once, two spaces between cells."""
    texts = ("  ".join(as_text(c) for c in grid.written[row] if not blank(c)) for row in rows)
    return [plain(text) for text in texts if text]


def read_title(preamble: list[str], footer: list[str], forms: Forms) -> Title:
    """Year and month from the lines above; reporter and filing date also from those below."""
    around = [*preamble, *footer]
    others = [w for words in (forms.labels.filed_on, forms.rows.notes) for w in words]
    other = "|".join(others)
    left_blank = rf"(?!(?:{other})\s*:)"
    filed = _labelled(around, forms.labels.filed_on, rf"{left_blank}(?:{_DATE}|\S+)")
    filed_on, unclear = None, ""
    if filed:
        try:
            filed_on = read_day(filed, None)
        except Unreadable:
            unclear = filed
    value = rf"{left_blank}\S+?(?: \S+?)*?(?=\s{{2,}}|\s+(?:{other})|(?:{other})\s*:|$)"
    reporter = _labelled(around, forms.labels.reporter, value)
    title = arabic(" ".join(line for line in preamble if not _is_label_line(line, forms)))
    return Title(_year(title), _month(title), tight(reporter), filed_on, unclear)


def period_of_name(name: str) -> tuple[int | None, int | None]:
    """Year and month as far as a sheet's name says them: '考勤1月', '2019.1', '201901'."""
    name = arabic(tight(name))
    if match := _YEAR_MONTH.fullmatch(name):
        return int(match[1]), int(match[2]) if match[2] else None
    return _year(name), _month(name)


def year_of_file(name: str) -> int | None:
    """The year a file's name says: '华池县2019年帮扶工作台账.xlsx', '环县2019包户.csv'."""
    text = arabic(tight(name))
    alone = set(_LONE_YEAR.findall(text))
    return _year(text) or (int(alone.pop()) if len(alone) == 1 else None)


def _year(text: str) -> int | None:
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def _month(text: str) -> int | None:
    """The one month a text names; None where it names several, or a span of them."""
    months = {int(month) for month in _MONTH.findall(text)}
    month = months.pop() if len(months) == 1 else 0
    return month if 1 <= month <= 12 else None


def _is_label_line(line: str, forms: Forms) -> bool:
    return line.startswith((*forms.labels.reporter, *forms.labels.filed_on))


def _labelled(texts: list[str], labels: tuple[str, ...], value: str) -> str:
    """What follows the first of `labels`, with or without a colon or a remark in brackets."""
    # Possessive: a label left blank has no value, not the label that follows it.
    pattern = re.compile(rf"(?:{'|'.join(labels)})(?:\([^()]*\))?\s*+:?+\s*+({value})")
    return next((match[1] for text in texts if (match := pattern.search(text))), "")
