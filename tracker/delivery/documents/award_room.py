"""How much room texts take in the cells of a form, so that it fills its page and no more."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from math import ceil

_WIDE = "\u2e80"  # from here on a character is as wide as it is high
_NARROW = 0.6
_LEFT_OUT = "……"
_ASIDE = re.compile(r"（[^（）]{9,}）")
_SENTENCE = re.compile(r"[^；。]*[；。]|[^；。]+$")


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
    """The text as far as it fills so many lines: without long asides, then without whole sentences
    before the last, the last too; only a first sentence that is too long is broken off."""
    return next(one for one in _shorter(text, room, at_most) if lines(one, room) <= at_most)


def _shorter(text: str, room: float, at_most: int) -> Iterator[str]:
    """The text, then ever less of it."""
    yield text
    brief = _ASIDE.sub(f"（{_LEFT_OUT}）", text)
    yield brief
    first, *rest = _SENTENCE.findall(brief)
    if len(rest) > 1:
        yield _longest(
            len(rest) - 1, lambda kept: "".join((first, *rest[:kept], _LEFT_OUT, rest[-1])),
            room, at_most,
        )  # fmt: skip
    yield first + _LEFT_OUT
    yield _longest(len(first), lambda kept: first[:kept] + _LEFT_OUT, room, at_most)


def _longest(most: int, made: Callable[[int], str], room: float, at_most: int) -> str:
    """Of texts that grow with a number below `most`, the last that has room, else the first."""
    fits = bisect_left(range(most), True, key=lambda kept: lines(made(kept), room) > at_most)
    return made(max(fits - 1, 0))
