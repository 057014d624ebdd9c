"""Delivery: the words of a document as an office loaded them, for papers to quote."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class ClauseText(SQLModel, table=True):
    """One article's own words; the newest row of an article is quoted. `sha256`: of the file."""

    __tablename__ = "clause_texts"
    __table_args__ = (sa.Index("clause_texts_article", "document", "article", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    document: str = Field(max_length=60)
    article: str = Field(max_length=40)
    text: str = Field(sa_type=sa.Text)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)


class Contact(SQLModel, table=True):
    """Where somebody reads what the program tells, and of what. A row is only ever voided.

    `name`: whom the mail greets, or the group of a robot; `subject_id`: the person, where the
    registry knows one; `scope_id`: the body or seat whose matters it is about (area, unit, seat,
    office, team); `role`: leader, liaison or group; `wants`: of digest, notices, alerts;
    `address`: a mail address, or the name under which the environment keeps a robot's key; ''
    while the office does not know it.
    """

    __tablename__ = "contacts"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    subject_id: int | None = Field(default=None, foreign_key="subjects.id", index=True)
    scope_id: int = Field(foreign_key="subjects.id", index=True)
    role: str = Field(max_length=12)
    channel: str = Field(max_length=12)
    address: str = Field(default="", max_length=200)
    wants: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)


class Sending(SQLModel, table=True):
    """What became of a letter of the outbox; no row: nobody has tried yet.

    state: sending (leased until then to one sender), sent, waiting (tried, again at `next_at`),
    set_aside (will not be tried again until a person says so), cancelled (never, a person said).
    `told`: why, in one line without secrets.
    """

    __tablename__ = "sendings"

    outgoing_id: int = Field(primary_key=True, foreign_key="outbox.id")
    state: str = Field(max_length=12, index=True)
    attempts: int = 0
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    told: str = Field(default="", max_length=400)
