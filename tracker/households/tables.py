"""Households as stored: a person's decisions on exits that are held, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from tracker.db import Instant


class ExitDecision(SQLModel, table=True):
    """A decision on one exit check of a household; the newest of a check counts, while the facts
    that it was made on (`basis`, a digest) still stand."""

    __tablename__ = "exit_decisions"

    id: int | None = Field(default=None, primary_key=True)
    household_id: int = Field(foreign_key="subjects.id", index=True)
    document: str = Field(max_length=60)
    exit_check: str = Field(max_length=60)
    verdict: str = Field(max_length=20)
    basis: str = Field(max_length=64)
    found: str = Field(max_length=400)
    as_of: date
    officer: str = Field(max_length=60)
    authority: str = Field(max_length=80)
    document_number: str = Field(default="", max_length=60)
    reason: str = Field(max_length=400)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)
