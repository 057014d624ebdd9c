"""What reading hands to storing: sheets recognised as forms, rows with typed values, problems.

Reading (reading, recognise, values) knows cells and headers and nothing of the registry. Storing
(names, build, store) knows people and places and nothing of cells but their addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Severity = Literal["error", "question", "note"]


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A closed span of days as written in one cell ('2019.3.18至3.22')."""

    starts_on: date
    ends_on: date


Value = str | date | DaySpan | Decimal | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell or row that needs a person. error: not stored; question: stored once answered;
    note: stored, but worth a look. `column` is a letter, empty for the whole row; `row` 0 means
    the sheet as a whole."""

    sheet: str
    row: int
    column: str
    severity: Severity
    what: str
    fix: str = ""


@dataclass(slots=True)
class Row:
    """One data row. `values` by field of the form, typed; absent where blank. `raw` is what was
    written, by header. `marks` (month grids) maps day of month -> kind; blank days are absent.
    `id`: the lasting name of the row where a service gave it one."""

    number: int
    values: dict[str, Value]
    raw: dict[str, str]
    columns: dict[str, str]
    marks: dict[int, str] = field(default_factory=dict)
    id: str = ""


@dataclass(slots=True)
class FormSheet:
    """One sheet recognised as a form. `month` only for month grids. `blank`: it had no data row."""

    sheet: str
    form: str
    year: int | None
    month: int | None
    reporter: str
    filed_on: date | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Extent:
    """What rows with ids speak of; a file, whose rows have none, speaks of its whole cells.

    `whole`: of the whole of every cell that a row is stored in; else of the rows alone. `came`:
    ids of all rows that came, also of those that cannot be read; `deleted`: ids of rows that are
    no more. A row that came and cannot be stored leaves what is stored of it as it is.
    """

    whole: bool
    came: frozenset[str]
    deleted: frozenset[str] = frozenset()


@dataclass(slots=True)
class Workbook:
    """A file as read: its forms in the order to be stored (registry first), its problems, and
    the sheets and columns that nobody recognised (reported, never dropped silently)."""

    file_name: str
    sha256: str
    sheets: list[FormSheet]
    problems: list[CellProblem]
    extent: Extent | None = None
