"""How much room texts take in the cells of a form, so that it fills its page and no more."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil

_WIDE = "\u2e80"  # from here on a character is as wide as it is high
_NARROW = 0.6


def width(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1 if character >= _WIDE else _NARROW for character in text)


def lines(text: str, room: float) -> int:
    """How many lines a text takes in a cell that holds `room` Chinese characters."""
    return sum(max(1, ceil(width(part) / room)) for part in text.split("\n"))


def row_lines(row: Sequence[str], rooms: Sequence[float]) -> int:
    """How many lines a row of a table takes."""
    return max(lines(text, room) for text, room in zip(row, rooms, strict=True))


def cut(text: str, room: float, at_most: int) -> str:
    """The text, or its beginning and its end as far as they fill so many lines."""
    if lines(text, room) <= at_most:
        return text
    too_long = bisect_left(
        range(len(text)), True, key=lambda kept: lines(_ends(text, kept), room) > at_most
    )
    return _ends(text, max(too_long - 1, 0))


def _ends(text: str, kept: int) -> str:
    """So many characters of the text, half of them from its end."""
    return f"{text[: kept // 2]}……{text[len(text) - (kept - kept // 2) :]}"
