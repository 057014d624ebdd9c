"""The ledger: one row understood but not yet stored: its facts and lines as plain dicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from tracker.ledger.sheets import DaySpan

Columns = dict[str, Any]


class CellKey(NamedTuple):
    """What a batch speaks for: one reporter, one form, one month ('2019-04') or year ('2019')."""

    reporter_id: int
    form: str
    period: str


@dataclass(slots=True)
class Refs:
    """Whom and when a row speaks of: subjects by field, days as (day, until) by field; `words`:
    texts by field as the law words them."""

    ids: dict[str, tuple[int, ...]] = field(default_factory=dict)
    days: dict[str, tuple[tuple[date, date | None], ...]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """A row ready to be stored. `facts` are (table, columns); columns are as in the tables, without
    entry and moments. `digest` is the sameness of the row in a diff; `subjects`: of whom it
    speaks, also where no line follows from it."""

    cell: CellKey
    sheet: str
    row: int
    content: Columns
    natural_key: str
    reported_on: date
    facts: list[tuple[str, Columns]]
    lines: list[Columns]
    digest: str = ""
    subjects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """The rows of one cell report these months (their first days) for these scopes."""

    cell: CellKey
    months: tuple[date, ...]
    scopes: tuple[int, ...]


def plain(value: object) -> str:
    """A typed value as one normal text, for keys and digests."""
    if isinstance(value, DaySpan):
        return f"{value.starts_on}/{value.ends_on}"
    if isinstance(value, tuple):
        return "、".join(plain(v) for v in value)
    return "" if value is None else str(value)
