"""The task ledger: what was written of tasks: when each was closed, on what ground, what is under
way. Read from the ledger as it was known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.db import table
from tracker.ledger.apply import chunks
from tracker.ledger.forms import Form
from tracker.ledger.tables import Cell, Entry, Line
from tracker.policy.workplan import CLOSED
from tracker.registry.dated import known
from tracker.registry.spelling import clean

FORM = "task_ledger"
_CELL, _ENTRY, _LINE = table(Cell), table(Entry), table(Line)


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a task ledger as written: '' and None where it says nothing."""

    task: str
    lead: str
    member: str
    basis: str
    progress: str
    reported_on: date


class Closing(NamedTuple):
    """A task closed by a body, of one of its members or (None) as a whole."""

    task: str
    lead: int
    member: int | None


def closings(
    connection: sa.Connection, form: Form, leads: Collection[int], as_of: date, known_at: datetime
) -> dict[Closing, tuple[date, Told]]:
    """The first day on which each was closed, and the row that says so. `leads`: the bodies asked
    for, since the ledger is found by its subjects."""
    query = (
        sa.select(_LINE.c.item, _LINE.c.subject_id, _LINE.c.counterpart_id, _LINE.c.day,
                  _ENTRY.c.content, _ENTRY.c.reported_on)
        .join_from(_LINE, _ENTRY, _LINE.c.entry_id == _ENTRY.c.id)
        .where(_LINE.c.kind == CLOSED, _LINE.c.day <= as_of, known(_LINE, known_at))
        .order_by(_LINE.c.day, _LINE.c.id)
    )  # fmt: skip
    found: dict[Closing, tuple[date, Told]] = {}
    for some in chunks(sorted(leads)):
        for item, subject, member, day, content, reported_on in connection.execute(
            query.where(_LINE.c.subject_id.in_(some))
        ):
            told = _told(form, content, reported_on)
            found.setdefault(Closing(clean(item), subject, member), (day, told))
    return found


def progress(
    connection: sa.Connection, form: Form, as_of: date, known_at: datetime
) -> Iterator[Told]:
    """Every row of the task ledgers, the newest first."""
    # Entries are found by their reporter: of forms alone every row would have to be looked at.
    reporters = sa.select(_CELL.c.reporter_id).where(_CELL.c.form == FORM)
    query = (
        sa.select(_ENTRY.c.content, _ENTRY.c.reported_on)
        .where(
            _ENTRY.c.reporter_id.in_(reporters), _ENTRY.c.form == FORM,
            _ENTRY.c.reported_on <= as_of, known(_ENTRY, known_at),
        )
        .order_by(_ENTRY.c.reported_on.desc(), _ENTRY.c.id.desc())
    )  # fmt: skip
    return (_told(form, *row) for row in connection.execute(query))


def _told(form: Form, content: Mapping[str, Any], reported_on: date) -> Told:
    said = form.by_field(content)
    task, lead, member = (clean(said.get(name, "")) for name in ("task", "lead", "member"))
    return Told(task, lead, member, said.get("basis", ""), said.get("progress", ""), reported_on)
