"""The ground: what is to be told to whom, written in the transaction of what it tells.

A letter is only added; what became of it is in `sendings` (delivery). The key makes it one letter
however often it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant, table


class Outgoing(SQLModel, table=True):
    """A letter to one contact. `key`: names what is told to whom, e.g. 'digest|2020-01-06|12';
    `kind`: digest, notices, alert; `text`: as plain text, which every channel can show."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=160, unique=True)
    kind: str = Field(max_length=20)
    contact_id: int = Field(foreign_key="contacts.id", index=True)
    subject: str = Field(max_length=200)
    text: str = Field(sa_type=sa.Text)
    html: str = Field(default="", sa_type=sa.Text)
    recorded_at: datetime = Field(sa_type=Instant)


class OutgoingFile(SQLModel, table=True):
    """A file that goes with a letter."""

    __tablename__ = "outbox_files"

    id: int | None = Field(default=None, primary_key=True)
    outgoing_id: int = Field(foreign_key="outbox.id", index=True)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=100)
    data: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send: its name with ending, its media type and its bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What one contact is to read. A channel without HTML shows `text`."""

    subject: str
    text: str
    html: str = ""
    files: Sequence[Attachment] = ()


_OUT, _FILE = table(Outgoing), table(OutgoingFile)


def append(
    connection: sa.Connection, *, key: str, kind: str, contact_id: int, letter: Letter,
    now: datetime,
) -> bool:  # fmt: skip
    """Put a letter into the outbox in the caller's transaction, which holds the write lock. False
    where it was there already."""
    if connection.execute(sa.select(_OUT.c.id).where(_OUT.c.key == key)).first():
        return False
    values = {
        "key": key, "kind": kind, "contact_id": contact_id, "subject": letter.subject,
        "text": letter.text, "html": letter.html, "recorded_at": now,
    }  # fmt: skip
    number = connection.execute(_OUT.insert().returning(_OUT.c.id), values).scalar_one()
    for one in letter.files:
        said = {"name": one.name, "media_type": one.media_type, "data": one.data}
        connection.execute(_FILE.insert(), {"outgoing_id": number, **said})
    return True
