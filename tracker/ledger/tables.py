"""The ledger as stored. Rows are only ever added; a row's life is [recorded_at, voided_at).

A **batch** is one import, correction or undo. An **entry** is one row of a ledger or roster as it
was written, with its source; its **lines** are what counts. A **sighting** says that a batch
contains an entry: a workbook sent again confirms what it repeats, so that undoing one batch never
loses what another also said. A **cell** (reporter, form, period) is what a batch speaks for.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class Batch(SQLModel, table=True):
    """One import or one undo. `undoes_id` names the batch that an undo took back."""

    __tablename__ = "batches"

    id: int | None = Field(default=None, primary_key=True)
    file_name: str = Field(max_length=255)
    file_sha256: str = Field(default="", max_length=64)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)
    undoes_id: int | None = Field(default=None, foreign_key="batches.id")
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class Cell(SQLModel, table=True):
    """What a batch speaks for: one reporter, one form, one month ('2019-04') or year ('2019')."""

    __tablename__ = "cells"

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batches.id", index=True)
    reporter_id: int = Field(foreign_key="subjects.id")
    form: str = Field(max_length=40)
    period: str = Field(max_length=7)


class Entry(SQLModel, table=True):
    """One row as written. `content` holds its cells as read; `digest` is its sameness in a diff;
    `natural_key` pairs a changed row with the one it changes; `reported_on` is the filing date."""

    __tablename__ = "entries"
    __table_args__ = (sa.Index("entries_cell", "reporter_id", "form", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batches.id", index=True)
    reporter_id: int = Field(foreign_key="subjects.id")
    form: str = Field(max_length=40)
    period: str = Field(max_length=7)
    sheet: str = Field(max_length=120)
    row: int
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    digest: str = Field(max_length=64)
    natural_key: str = Field(max_length=200)
    reported_on: date
    recorded_at: datetime = Field(sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)
    restores_id: int | None = Field(default=None, foreign_key="entries.id")


class Sighting(SQLModel, table=True):
    """Batch `batch_id` contains entry `entry_id`, in this sheet and row of its file."""

    __tablename__ = "sightings"
    __table_args__ = (sa.Index("sightings_batch", "batch_id", "entry_id"),)

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="entries.id", index=True)
    batch_id: int = Field(foreign_key="batches.id")
    sheet: str = Field(max_length=120)
    row: int


class Line(SQLModel, table=True):
    """What an entry says of one subject: this is what duties count.

    role: the `as` of a pack (organiser, chair, performer, participant). `until`: last day of a
    standing provision (insurance ...), null = open or not a span. `item`: a named member of a
    list (a system, a seconding body). `quantity`: in the unit of the kind, days for training.
    """

    __tablename__ = "lines"
    __table_args__ = (
        sa.Index(
            "lines_tally",
            "subject_id",
            "kind",
            "day",
            "counterpart_id",
            "place_id",
            "role",
            "quantity",
            "reported_on",
            "recorded_at",
            "voided_at",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="entries.id", index=True)
    subject_id: int = Field(foreign_key="subjects.id")
    kind: str = Field(max_length=40)
    role: str = Field(max_length=12)
    counterpart_id: int | None = Field(default=None, foreign_key="subjects.id", index=True)
    place_id: int | None = Field(default=None, foreign_key="subjects.id")
    item: str = Field(default="", max_length=60)
    day: date
    until: date | None = None
    quantity: Decimal = Field(default=Decimal(1), sa_type=sa.Numeric(12, 2))
    reported_on: date
    recorded_at: datetime = Field(sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)


class Coverage(SQLModel, table=True):
    """A batch reported `form` for the month beginning `month`, as far as `scope_id` goes: an area
    or unit for lists, one person for a grid that lists people (I65)."""

    __tablename__ = "coverage"
    __table_args__ = (sa.Index("coverage_scope", "scope_id", "form", "month"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batches.id", index=True)
    reporter_id: int = Field(foreign_key="subjects.id")
    form: str = Field(max_length=40)
    month: date
    scope_id: int = Field(foreign_key="subjects.id")
    recorded_at: datetime = Field(sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)


class Answer(SQLModel, table=True):
    """A clerk's answer to a question of the import (two people of one name ...), kept for good."""

    __tablename__ = "answers"

    id: int | None = Field(default=None, primary_key=True)
    question: str = Field(max_length=200, index=True)
    answer: str = Field(max_length=200)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)


class PullCursor(SQLModel, table=True):
    """Up to where a service has been read; the newest row of a source holds. It is written in the
    transaction that stores what was read. `batch_id`: what that was, None where nothing came."""

    __tablename__ = "pull_cursors"

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=60, index=True)
    cursor: str = Field(max_length=200)
    batch_id: int | None = Field(default=None, foreign_key="batches.id")
    recorded_at: datetime = Field(sa_type=Instant)
