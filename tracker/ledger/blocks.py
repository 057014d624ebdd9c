"""Reading, third step: one table of a sheet, and which of its rows are data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from tracker.ledger.forms import Form, Forms
from tracker.ledger.grids import Grid
from tracker.ledger.headers import Header
from tracker.ledger.recognise import Match
from tracker.ledger.sheets import CellProblem, Severity
from tracker.ledger.written import as_text, blank, letter, tight


@dataclass(frozen=True, slots=True)
class RowSorts:
    """Row numbers from 0. `notes` begin with a known word (注, 填表人 ...), `remarks` with none.
    `taken`: begin like the example of a template, but show nothing else of it. `unfilled`: as a
    print of ours left them."""

    data: list[int]
    notes: list[int]
    remarks: list[int]
    taken: list[int]
    unfilled: list[int]


@dataclass(slots=True)
class Block:
    """A header and the rows under it, with the period and the limits they are read by.

    `texts`: the lines above and below the data (a legend may stand in either). `year_stated`: the
    year was written somewhere, not inferred from most rows. `last_day`: nothing later can be
    reported; `last_day_is` says why (填报日期 or 今天).
    """

    grid: Grid
    forms: Forms
    match: Match
    header: Header
    rows: RowSorts
    texts: list[str]
    year: int | None
    month: int | None
    reporter: str
    filed_on: date | None
    last_day: date
    last_day_is: str
    year_stated: bool = True
    refused: bool = False
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def form(self) -> Form:
        """The form this block is."""
        return self.forms.forms[self.match.form]

    @property
    def letters(self) -> dict[str, str]:
        """Field, or day of month, -> letter of its column."""
        fields = self.form.fields
        letters: dict[str, str] = {}
        for name, column in self.match.columns.items():
            letters.setdefault(fields[name].same_as or name, letter(column))
        return letters | {str(day.day): letter(day.column) for day in self.header.days}

    def report(self, row: int, column: int, severity: Severity, what: str, fix: str = "") -> None:
        """Add a problem of the cell (row, column), both from 0; -1 is the whole sheet or row."""
        at = letter(column) if column >= 0 else ""
        self.problems.append(CellProblem(self.grid.sheet, row + 1, at, severity, what, fix))

    def refuse(self, what: str, fix: str) -> None:
        """Leave the whole block unread, with an error at its header."""
        self.refused = True
        self.report(self.header.top, -1, "error", what, fix)


def sort_rows(grid: Grid, header: Header, match: Match, end: int, forms: Forms) -> RowSorts:
    """Tell data from blank rows, totals and notes between the header and row `end`."""
    days = {day.column for day in header.days}
    worded = [column for column in range(grid.width) if column not in days]
    telling = sorted({*match.columns.values(), *match.unknown, *days})
    total, note, words = _totals(forms), _notes(forms), set(forms.rows.totals)
    examples = forms.rows.examples
    by_hand = {match.columns.get(name) for name in forms.forms[match.form].by_hand}
    sorts = RowSorts([], [], [], [], [])
    for number in range(header.bottom + 1, end):
        row = grid.written[number]
        texts = [text for column in worded if (text := tight(as_text(row[column])))]
        if texts and texts[0] in examples:
            if len(texts) > 1 and not any(examples[0] in text for text in texts[1:]):
                sorts.taken.append(number)
        elif texts and note.match(texts[0]):
            sorts.notes.append(number)
        elif texts and (total.match(texts[0]) or not words.isdisjoint(texts)):
            continue
        elif any(not blank(row[column]) for column in telling):
            filled = any(column is not None and not blank(row[column]) for column in by_hand)
            (sorts.data if filled or not by_hand else sorts.unfilled).append(number)
        elif texts and not texts[0].isdigit():  # a lone serial number is a row left blank
            sorts.remarks.append(number)
    return sorts


def _totals(forms: Forms) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(forms.rows.totals)})(?:[:(\d].*)?$")


def _notes(forms: Forms) -> re.Pattern[str]:
    words = "|".join(sorted(forms.rows.notes, key=len, reverse=True))
    return re.compile(rf"(?:{words})(?:[^:]{{0,6}}:|\d*[、.]|$)")
