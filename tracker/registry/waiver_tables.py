"""The registry: waivers and rulings as stored, the two ways in which a person answers a judgement.

Both are inputs of judgement, known at a moment like every other fact; nothing here is updated.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from tracker.db import Instant


class Waiver(SQLModel, table=True):
    """A release (豁免) from one duty of one holder (toward one counterpart, or all), for a span of
    days (I67). It holds from its approval (`WaiverEvent`) and ends by itself on `ends_on`."""

    __tablename__ = "waivers"

    id: int | None = Field(default=None, primary_key=True)
    document: str = Field(max_length=60)
    duty: str = Field(max_length=60)
    holder_id: int = Field(foreign_key="subjects.id", index=True)
    counterpart_id: int | None = Field(default=None, foreign_key="subjects.id")
    starts_on: date
    ends_on: date
    reason: str = Field(max_length=400)
    applicant: str = Field(max_length=60)


class WaiverEvent(SQLModel, table=True):
    """requested, approved, refused, withdrawn, revoked; `as_of`: the day of that act."""

    __tablename__ = "waiver_events"

    id: int | None = Field(default=None, primary_key=True)
    waiver_id: int = Field(foreign_key="waivers.id", index=True)
    event: str = Field(max_length=20)
    state: str = Field(max_length=20)
    as_of: date
    approver: str = Field(default="", max_length=60)
    authority: str = Field(default="", max_length=80)
    document_number: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=400)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)


class Ruling(SQLModel, table=True):
    """A person's verdict (核定) on a finding that needs review; the newest of a key counts, while
    the figures it was made on (`done`, `required`) still stand."""

    __tablename__ = "rulings"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, index=True)
    verdict: str = Field(max_length=20)
    done: float
    required: float
    as_of: date
    officer: str = Field(max_length=60)
    authority: str = Field(max_length=80)
    document_number: str = Field(default="", max_length=60)
    reason: str = Field(max_length=400)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)

    def stands_on(self, done: float, required: float) -> bool:
        """Whether these are the figures that it was made on."""
        return (self.done, self.required) == (done, required)
