"""Nominations as stored: a head that never changes, one row per step, and the frozen snapshots."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.consequences.tables import Act
from tracker.db import Instant


class Nomination(SQLModel, table=True):
    """A nominee under one award of one plan. `subject_id`: the subject of the registry, None where
    the registry does not know it; `name`, `unit`: as the office wrote them; `area_code`: the area
    whose quota it uses, as the plan's table names it ('' where the award has no such table)."""

    __tablename__ = "nominations"

    id: int | None = Field(default=None, primary_key=True)
    document: str = Field(max_length=60, index=True)
    award: str = Field(max_length=40)
    kind: str = Field(max_length=40)
    branch: str = Field(max_length=40)
    subject_id: int | None = Field(default=None, foreign_key="subjects.id", index=True)
    name: str = Field(max_length=80)
    unit: str = Field(default="", max_length=80)
    area_code: str = Field(default="", max_length=12)


class NominationEvent(Act, table=True):
    """proposed, stage_done, asked (an organ), opinion, posted (publicity), complaint, taken_down,
    material, excused (an exception with its reason), judged (a check by a person), nominated,
    flagged, withdrawn, cancelled. `detail` says which stage, organ, material or check."""

    __tablename__ = "nomination_events"

    nomination_id: int = Field(foreign_key="nominations.id", index=True)


class Snapshot(SQLModel, table=True):
    """What a nomination rested on, frozen: `content` is the canonical JSON text that `sha256` is
    over (nominee, as_of, known_at, law, inputs, clauses, answer)."""

    __tablename__ = "snapshots"

    id: int | None = Field(default=None, primary_key=True)
    nomination_id: int = Field(foreign_key="nominations.id", index=True)
    content: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=64)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)
