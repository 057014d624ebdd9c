"""The ground: every run of a job is a row: for which slot, with what, how it ended, how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant, table


class State(StrEnum):
    """How a run stands. `interrupted`: it never said how it ended (a crash, a power cut);
    `skipped`: another had done it in the meantime, or there was nothing to do it about."""

    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    skipped = "skipped"
    interrupted = "interrupted"


STATE_NAMES = {
    State.running: "运行中",
    State.succeeded: "成功",
    State.failed: "失败",
    State.skipped: "略过",
    State.interrupted: "中断",
}


TOLD = 400


class JobRun(SQLModel, table=True):
    """One run. `slot`: what it was due for ('2020-01-09', '2020-01-09T08:30'); `as_of`: the day it
    speaks of; `law`: content hash of packs and calendar; `inputs`: what it read (newest act of the
    audit chain, cursor); `told`: one line in the office's language."""

    __tablename__ = "job_runs"
    __table_args__ = (sa.Index("job_runs_slot", "job", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    job: str = Field(max_length=20)
    slot: str = Field(max_length=32)
    as_of: date | None = None
    state: str = Field(max_length=12)
    law: str = Field(default="", max_length=64)
    inputs: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    told: str = Field(default="", max_length=TOLD)
    host: str = Field(default="", max_length=80)
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


_RUN = table(JobRun)


def begin(
    connection: sa.Connection, *, job: str, slot: str, now: datetime, as_of: date | None = None,
    law: str = "", inputs: Mapping[str, Any] | None = None, host: str = "",
) -> int:  # fmt: skip
    """A run has begun; returns its number."""
    values = {
        "job": job, "slot": slot, "as_of": as_of, "state": State.running, "law": law,
        "inputs": dict(inputs or {}), "counts": {}, "told": "", "host": host, "started_at": now,
    }  # fmt: skip
    return int(connection.execute(_RUN.insert().returning(_RUN.c.id), values).scalar_one())


def end(
    connection: sa.Connection, number: int, state: State, *, now: datetime, told: str = "",
    counts: Mapping[str, Any] | None = None, law: str = "", inputs: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """How a run ended, once: a later word about it changes nothing. Where it wrote anything itself,
    this belongs in the same transaction."""
    values = {"state": state, "told": told[:TOLD], "counts": dict(counts or {}), "finished_at": now}
    if law:
        values["law"] = law
    if inputs:
        values["inputs"] = dict(inputs)
    still = (_RUN.c.id == number) & (_RUN.c.state == State.running)
    connection.execute(_RUN.update().where(still).values(values))


def bury(connection: sa.Connection, told: str) -> int:
    """Mark every running run as interrupted; returns how many. For the caller to know that nothing
    runs any more."""
    running = _RUN.c.state == State.running
    dead = _RUN.update().where(running).values(state=State.interrupted, told=told)
    return connection.execute(dead).rowcount


def load(
    connection: sa.Connection, *, job: str = "", since: str = "", limit: int = 0
) -> list[JobRun]:
    """The runs of a job ('': all) whose slot is `since` or later, oldest first; with a limit only
    the newest so many."""
    asked = sa.select(_RUN).order_by(_RUN.c.id.desc())
    if job:
        asked = asked.where(_RUN.c.job == job)
    if since:
        asked = asked.where(_RUN.c.slot >= since)
    rows = connection.execute(asked.limit(limit) if limit else asked).all()
    return [JobRun(**row._mapping) for row in reversed(rows)]


def done(connection: sa.Connection, job: str, slot: str) -> bool:
    """Whether some run of the slot succeeded, or found that there was nothing to do."""
    ended = _RUN.c.state.in_([State.succeeded, State.skipped])
    return bool(
        connection.execute(
            sa.select(_RUN.c.id).where(_RUN.c.job == job, _RUN.c.slot == slot, ended).limit(1)
        ).first()
    )
