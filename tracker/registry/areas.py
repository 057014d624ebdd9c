"""The registry: which county a text speaks of, with its code and what it lies in (GB/T 2260)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gb2260.data import data as _revisions

from tracker.registry.spelling import everyday

Kind = Literal["province", "prefecture", "county"]
_SHARED = "市辖区"  # the name of 281 codes: never a place by itself
_RURAL = "县"  # the name of the counties of a municipality, as a group
_PLACEHOLDER = "直辖县级"  # a code that only groups counties lying directly in a province


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the official code list. `code` has six digits."""

    code: str
    name: str
    kind: Kind


def county_of(*texts: str) -> tuple[Area, ...]:
    """Province, (prefecture,) county of the first text that names exactly one county; else ().

    A text may be a six-digit code, or any text with the county's full name in it; a name that
    several counties share counts only where its prefecture or province stands in the text too.
    """
    for text in texts:
        if text.isdigit() and text in _counties_by_code():
            return _chain(text)
        code = _named_in(text)
        if code:
            return _chain(code)
    return ()


def prefecture_of(*texts: str) -> tuple[Area, ...]:
    """Province and prefecture of the first text that names exactly one prefecture in full or as it
    is called every day (甘南州), or is its six-digit code; else ()."""
    for text in texts:
        named = _longest([name for name in _prefectures() if name in text])
        codes = {_prefectures()[name] for name in named} or {*_prefectures().values()} & {text}
        if len(codes) == 1:
            return _chain(codes.pop())[:-1]
    return ()


@cache
def _prefectures() -> dict[str, str]:
    """Name -> code; no two share a name."""
    return {
        called: code
        for code, name in _areas().items()
        if code.endswith("00") and not code.endswith("0000")
        if name not in (_SHARED, _RURAL) and _PLACEHOLDER not in name
        for called in (name, everyday(name))
    }


@cache
def _areas() -> dict[str, str]:
    return {str(code): name for code, name in _revisions[None].items()}


@cache
def _counties_by_code() -> dict[str, str]:
    return {
        code: name for code, name in _areas().items() if not code.endswith("00") and name != _SHARED
    }


@cache
def _codes_by_name() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for code, name in _counties_by_code().items():
        for called in {name, everyday(name)}:
            codes.setdefault(called, []).append(code)
    return codes


def _named_in(text: str) -> str:
    names = [name for name in _codes_by_name() if name in text]
    longest = _longest(names)
    if len(longest) != 1:
        return ""
    codes = _codes_by_name()[longest[0]]
    if len(codes) > 1 or (len(longest[0]) == 2 and not _stands_alone(longest[0], text)):
        codes = [c for c in codes if any(_names(a.name, text) for a in _chain(c)[:-1])]
    return codes[0] if len(codes) == 1 else ""


def _names(area: str, text: str) -> bool:
    return area in text or everyday(area) in text


def _longest(names: list[str]) -> list[str]:
    """城区 also stands inside 西城区: only the longest name at a place counts."""
    return [n for n in names if not any(n != other and n in other for other in names)]


def _stands_alone(name: str, text: str) -> bool:
    """Whether a name of two characters (环县) is no tail of a longer word."""
    return re.search(rf"(^|[^\u4e00-\u9fff]|[年省市州区]){name}", text) is not None


def _chain(code: str) -> tuple[Area, ...]:
    areas = _areas()
    steps: tuple[tuple[str, Kind], ...] = (
        (code[:2] + "0000", "province"),
        (code[:4] + "00", "prefecture"),
        (code, "county"),
    )
    return tuple(
        Area(step, areas[step], kind)
        for step, kind in steps
        if step in areas and areas[step] != _SHARED and _PLACEHOLDER not in areas[step]
    )
