"""Findings as stored: a run is one night; a finding is a row only when something changed.

What held in a night is the newest row of each key among the runs up to that night. Nothing is
updated: a finding that is no longer owed gets a row that says so.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class Run(SQLModel, table=True):
    """One check. `as_of`: the night judged; `law`: content hash of packs and calendar; `counts`:
    obligations by status and what changed."""

    __tablename__ = "runs"

    id: int | None = Field(default=None, primary_key=True)
    as_of: date = Field(index=True)
    known_at: datetime = Field(sa_type=Instant)
    law: str = Field(max_length=64)
    operator: str = Field(max_length=60)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    recorded_at: datetime = Field(sa_type=Instant)


class Finding(SQLModel, table=True):
    """The judgement of one obligation. `key` = duty, holder, counterpart, window start, episode.

    Amounts are in the unit of the duty. `done_other`, `status_other`: by the other reading of the
    pack, where there is one. `unreported`: days of the span in months whose report is overdue.
    `status_bare`: the status without the waiver `waiver_id` or without a person's ruling.
    """

    __tablename__ = "findings"
    __table_args__ = (sa.Index("findings_key", "key", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="runs.id", index=True)
    key: str = Field(max_length=120)
    document: str = Field(max_length=60)
    duty: str = Field(max_length=60)
    holder_id: int = Field(foreign_key="subjects.id", index=True)
    counterpart_id: int | None = Field(default=None, foreign_key="subjects.id")
    accountable_id: int = Field(foreign_key="subjects.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="subjects.id")
    team_id: int | None = Field(default=None, foreign_key="subjects.id")
    place_id: int = Field(foreign_key="subjects.id")
    opens: date
    closes: date
    starts: date
    ends: date
    deadline: date
    grace_ends: date
    episode: date | None = None
    status: str = Field(max_length=20)
    reason: str = Field(max_length=32)
    flags: int = 0
    required: float
    literal: float
    done: float
    done_other: float | None = None
    status_other: str | None = Field(default=None, max_length=20)
    unreported: int = 0
    last_safe_on: date | None = None
    waiver_id: int | None = Field(default=None, foreign_key="waivers.id")
    status_bare: str | None = Field(default=None, max_length=20)
