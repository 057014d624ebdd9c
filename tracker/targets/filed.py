"""Targets: what a body itself has filed this year, so that a printed sheet holds it again.

An import speaks for all of its reporter's year: a row that the sheet left out would be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.db import table
from tracker.ledger.forms import Form
from tracker.ledger.tables import Entry
from tracker.registry.dated import known

FORM = "indicators"
_ENTRY = table(Entry)


@dataclass(frozen=True, slots=True)
class Filed:
    """One row of an indicator ledger as written, '' where it says nothing."""

    body: str
    indicator: str
    unit: str
    value: str
    day: str
    basis: str


def filed(
    connection: sa.Connection, form: Form, reporter: int, year: int, known_at: datetime
) -> list[Filed]:
    """The rows that a reporter's indicator ledger of a year holds, in the order written."""
    query = (
        sa.select(_ENTRY.c.content)
        .where(
            _ENTRY.c.reporter_id == reporter, _ENTRY.c.form == FORM,
            _ENTRY.c.period == str(year), known(_ENTRY, known_at),
        )
        .order_by(_ENTRY.c.id)
    )  # fmt: skip
    return [_row(form, content) for content in connection.scalars(query)]


def _row(form: Form, content: Mapping[str, Any]) -> Filed:
    said = form.by_field(content)
    return Filed(*(said.get(name, "") for name in Filed.__slots__))
