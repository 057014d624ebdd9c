"""Reading, first step: one cell as written becomes one typed value, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from rapidfuzz import process

from tracker.ledger.days import read_dated, read_day, read_month, read_span
from tracker.ledger.forms import Field, Forms
from tracker.ledger.sheets import Value
from tracker.ledger.written import Cell, Unreadable, as_text, blank, plain, tight

_NEAR, _ALIKE = 3, 55  # so many are named; of 100: a word less like any other resembles none
_AND = re.compile(r"[、,;/\n]+(?![^(]*\))")
_SPACED = re.compile(r"\S{2,4}(?:\s+\S{2,4})+")
_AND_OTHERS = re.compile(r"等(?:(\d+)[人名])?$")
_SHORT_NAMES = re.compile(r"简称(?:为|是)?[:\s]*([^。;\n]+)")


def read_value(cell: Cell, field: Field, forms: Forms, year: int | None) -> Value | None:
    """The value of one cell; None where it is blank, or says that it is open ('至今').

    Raises Unreadable, whose words are for the clerk.
    """
    if blank(cell):
        return None
    return _READERS[field.type](cell, field, forms, year)


def people_of(text: str) -> tuple[str, ...]:
    """The names in one cell, joined by 、 or the like. A list that says 等 is incomplete."""
    text = plain(text)
    counted = _AND_OTHERS.search(text)
    text = _AND_OTHERS.sub("", text)
    if not _AND.search(text) and _SPACED.fullmatch(text):
        text = "、".join(text.split())
    names = tuple(name for part in _AND.split(text) if (name := tight(part)))
    if counted and counted[1] != str(len(names)):
        raise Unreadable("名单不全（写了“等”）", "请把每个人的姓名都写上，用顿号分开")
    return names


def _name(cell: Cell, *_: object) -> str:
    return tight(as_text(cell))


def _text(cell: Cell, *_: object) -> str:
    return " ".join(as_text(cell).split())


def _household(cell: Cell, *_: object) -> str:
    return tight(as_text(cell)).upper()


def _day(cell: Cell, field: Field, forms: Forms, year: int | None) -> Value | None:
    if not field.required and tight(as_text(cell)) in forms.words.open:
        return None
    return read_day(cell, year, field.month_only)


def _dated(cell: Cell, field: Field, forms: Forms, year: int | None) -> Value | None:
    return None if tight(as_text(cell)) in forms.words.open else read_dated(cell)


def _span(cell: Cell, field: Field, forms: Forms, year: int | None) -> Value:
    return read_span(cell, year)


def _month(cell: Cell, *_: object) -> Value:
    return Decimal(read_month(cell))


def _number(cell: Cell, field: Field, forms: Forms, year: int | None) -> Value:
    text = tight(as_text(cell)).replace(",", "")
    for counter in sorted(forms.words.counters, key=len, reverse=True):
        text = text.removesuffix(counter)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unreadable(f"“{as_text(cell)}”不是数", "请只填数字")
    return number


def _flag(cell: Cell, field: Field, forms: Forms, year: int | None) -> bool:
    word = _glyph(tight(as_text(cell)), forms)
    if word in forms.words.yes:
        return True
    if word in forms.words.no:
        return False
    raise Unreadable(f"“{as_text(cell)}”看不出是有还是没有", "请填“是”或“否”")


def _provision(cell: Cell, field: Field, forms: Forms, year: int | None) -> Value:
    try:
        return _flag(cell, field, forms, year)
    except Unreadable:
        span = read_span(cell, year)
    if span.starts_on == span.ends_on:
        raise Unreadable(f"“{as_text(cell)}”只有一个日期", "请填“有”“无”或起止日期")
    return span


def _people(cell: Cell, *_: object) -> Value | None:
    return people_of(as_text(cell)) or None


def _choice(cell: Cell, field: Field, *_: object) -> str:
    word = tight(as_text(cell))
    if word not in field.choices:
        near = process.extract(word, list(field.choices), limit=_NEAR, score_cutoff=_ALIKE)
        ids = dict.fromkeys(field.choices[word] for word, _, _ in near)
        usual = "、".join(field.values[i][0] for i in ids or field.values)
        fix = f"相近的有：{usual}" if ids else f"可填：{usual}"
        raise Unreadable(f"“{as_text(cell)}”不在可填的范围内", fix)
    return field.choices[word]


def _short_names(cell: Cell, *_: object) -> Value | None:
    """Short forms of a name out of a remark: '简称：县委办'; other remarks say nothing."""
    match = _SHORT_NAMES.search(plain(as_text(cell)))
    return people_of(match[1]) or None if match else None


def _glyph(symbol: str, forms: Forms) -> str:
    return forms.marks.by_glyph.get(symbol, symbol)


_READERS: dict[str, Callable[[Cell, Field, Forms, int | None], Value | None]] = {
    "name": _name,
    "text": _text,
    "household": _household,
    "day": _day,
    "dated": _dated,
    "span": _span,
    "month": _month,
    "number": _number,
    "flag": _flag,
    "provision": _provision,
    "people": _people,
    "choice": _choice,
    "short_names": _short_names,
}
