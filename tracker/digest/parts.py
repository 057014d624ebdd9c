"""The digest: the parts a week is made of, plain and frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Item:
    """One matter in full, a row of the list: whose it is (`who`), who answers for it (`body`),
    what, by which clause, in which window, how far, where it stands, by when, and why."""

    who: str
    what: str
    body: str = ""
    cite: str = ""
    window: str = ""
    done: str = ""
    status: str = ""
    day: date | None = None
    said: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the letter: a matter, or `count` alike. `path`: of its page, '' for none."""

    head: str
    note: str
    cite: str = ""
    day: date | None = None
    path: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the week: how many matters, as lines for the letter and rows for the list.
    `items` may be fewer than `total`, never the lines."""

    id: str
    title: str
    total: int = 0
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()

    def more(self, shown: int) -> int:
        """How many matters are left when so many lines are shown."""
        return self.total - sum(line.count for line in self.lines[:shown])


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings have a status now, and how many had it in the check compared with."""

    name: str
    now: int
    then: int | None

    @property
    def change(self) -> str:
        """'+3', '-2', '0', '' where there is nothing to compare with."""
        if self.then is None:
            return ""
        return f"{self.now - self.then:+d}" if self.now != self.then else "0"


@dataclass(frozen=True, slots=True)
class Cell:
    """The worst of a body in a duty: a sign, a colour for those who see it, and the word."""

    sign: str
    colour: str
    word: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Bodies by duties, those with most to do; bodies stand by name, never by rank."""

    duties: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def joined(id_: str, title: str, parts: Iterable[Section]) -> Section:
    """Several parts as one section."""
    told = list(parts)
    return Section(
        id_, title, sum(part.total for part in told),
        tuple(line for part in told for line in part.lines),
        tuple(item for part in told for item in part.items),
    )  # fmt: skip


def of_items(id_: str, title: str, items: Iterable[Item]) -> Section:
    """A section in which each matter has its own line."""
    listed = tuple(items)
    lines = tuple(Line(f"{i.who}　{i.what}", i.said, i.cite, i.day, i.path) for i in listed)
    return Section(id_, title, len(listed), lines, listed)
