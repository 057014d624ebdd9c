"""Scorecards as stored: one row for each fact that points follow from, never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class ScoreEvent(SQLModel, table=True):
    """A fact about one item of a scorecard of `document`: an event, or a score that was reported.

    `item`, `what`: ids of the pack; `what` is the kind of event, the part of the item or the method
    of its rank ('' for the whole item). `amount`: the points an officer took off, the score as
    reported, the class or the place; null where the pack itself says the points. `source`: who
    reported it. A row with `voids_id` is no fact: it takes that one back, for the reason in `note`.
    """

    __tablename__ = "score_events"
    __table_args__ = (sa.UniqueConstraint("voids_id"),)

    id: int | None = Field(default=None, primary_key=True)
    document: str = Field(max_length=60, index=True)
    card: str = Field(max_length=40)
    subject_id: int = Field(foreign_key="subjects.id", index=True)
    item: str = Field(max_length=40)
    what: str = Field(default="", max_length=40)
    amount: Decimal | None = Field(default=None, sa_type=sa.Numeric(7, 2))
    day: date
    source: str = Field(max_length=80)
    document_number: str = Field(default="", max_length=60)
    officer: str = Field(max_length=60)
    note: str = Field(default="", max_length=400)
    voids_id: int | None = Field(default=None, foreign_key="score_events.id")
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)
