"""The ground: every act leaves a row, each chained to the one before, so that a change shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.clock import SHANGHAI
from tracker.db import Instant, table


class Act(SQLModel, table=True):
    """One act of a person or a job. `digest` covers the row and the digest before it."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    recorded_at: datetime = Field(sa_type=Instant)
    operator: str = Field(max_length=60)
    act: str = Field(max_length=40)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    digest: str = Field(max_length=64)


_ACT = table(Act)


def append(
    connection: sa.Connection, *, act: str, operator: str, now: datetime, detail: dict[str, Any]
) -> None:
    """Record an act in the caller's transaction, which holds the write lock."""
    last = connection.execute(
        sa.select(_ACT.c.digest).order_by(_ACT.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    plain = json.loads(json.dumps(detail, ensure_ascii=False, default=str))
    connection.execute(
        _ACT.insert(),
        {
            "recorded_at": now, "operator": operator, "act": act, "detail": plain,
            "digest": _digest(last or "", now, operator, act, plain),
        },
    )  # fmt: skip


def verify(connection: sa.Connection) -> tuple[int, int | None]:
    """How many acts hold, and the id of the first that breaks the chain (None: all hold)."""
    before, count = "", 0
    for row in connection.execute(sa.select(_ACT).order_by(_ACT.c.id)):
        if row.digest != _digest(before, row.recorded_at, row.operator, row.act, row.detail):
            return count, row.id
        before, count = row.digest, count + 1
    return count, None


def _digest(
    before: str, recorded_at: datetime, operator: str, act: str, detail: dict[str, Any]
) -> str:
    moment = recorded_at.astimezone(SHANGHAI).isoformat()
    text = json.dumps([before, moment, operator, act, detail], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
