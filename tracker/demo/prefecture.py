"""The demo: a generated prefecture, county by county, written as imports would be.

One county of a hundred villages is the unit of scale. The same scale gives the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import sqlalchemy as sa

from tracker import audit
from tracker.demo import days, names
from tracker.demo.book import Book
from tracker.demo.deeds import Deeds
from tracker.demo.people import Census, Village
from tracker.ledger.apply import apply_cell, insert_batch, write_coverage, write_drafts
from tracker.ledger.directory import Directory
from tracker.registry.areas import county_of
from tracker.workdays import Calendar

LAST_NIGHT = date(2020, 12, 1)
ASKED = "庆城县水务局"
FULL = len(names.COUNTIES)  # the whole prefecture: about a million ledger lines
_PREFECTURE, _OFFICE = "庆阳市", "扶贫开发办公室"


@dataclass(frozen=True, slots=True)
class Filled:
    """One county as written."""

    county: str
    entries: int
    lines: int


def fill(
    connection: sa.Connection, number: int, calendar: Calendar, *, now: datetime, operator: str
) -> Filled:
    """Write the county of this number (from 0; after the last county comes the first again, with
    other villages) in the caller's transaction, as one batch."""
    at, round_ = number % FULL, number // FULL
    name, dice = names.COUNTIES[at], np.random.default_rng(number)
    directory = Directory(connection, county_of(f"{_PREFECTURE}{name}"), now)
    reporter = directory.ensure("body", "office", f"{name}{_OFFICE}", directory.county)
    book = Book(directory.county, reporter)
    census = Census(directory, book, dice, round_)
    _write_ledgers(book, list(census.villages(name, names.INITIALS[at])), calendar, dice)
    directory.write_new(connection)
    title = f"{name}{days.FIRST_DAY:%Y}至{days.LAST_DAY:%Y}年帮扶工作台账（生成）"
    batch = insert_batch(connection, title, "", operator, now)
    cells = [apply_cell(connection, batch, cell, rows, now) for cell, rows in book.drafts.items()]
    entries, lines = write_drafts(connection, batch, cells, now)
    write_coverage(connection, batch, book.covered, now)
    audit.append(
        connection, act="import", operator=operator, now=now, detail={"batch": batch, "file": title}
    )
    return Filled(name, entries, lines)


def _write_ledgers(
    book: Book, villages: list[Village], calendar: Calendar, dice: np.random.Generator
) -> None:
    deeds = Deeds(book, dice)
    for village in villages:
        days.attendance(book, village, calendar, dice)
        deeds.of_village(village)
    cadres = [person for village in villages for person, _ in village.cadres]
    deeds.of_county(sorted({village.township for village in villages}), cadres)
    deeds.cover()
    days.cover(book, cadres)
