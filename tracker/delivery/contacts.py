"""Delivery: whom the program writes to, where, and about what. Rows are added and voided only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.db import table
from tracker.delivery.tables import Contact
from tracker.registry.dated import known

_CONTACT = table(Contact)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact that stands. `role`: leader, liaison or group; `channel`: mail or wecom; `wants`:
    of digest, notices, alerts; see delivery/tables.py Contact."""

    contact_id: int
    name: str
    subject_id: int | None
    scope_id: int
    role: str
    channel: str
    address: str
    wants: frozenset[str]


def load(
    connection: sa.Connection, wants: str = "", known_at: datetime | None = None
) -> list[Recipient]:
    """The contacts that stand (as known at a moment, None: now) by number; with `wants` only
    those who want that."""
    stands = known(_CONTACT, known_at)
    rows = connection.execute(sa.select(_CONTACT).where(stands).order_by(_CONTACT.c.id))
    found = [_recipient(row) for row in rows]
    return [one for one in found if not wants or wants in one.wants]


def _recipient(row: sa.Row[tuple[object, ...]]) -> Recipient:
    said = row._mapping
    return Recipient(
        said["id"], said["name"], said["subject_id"], said["scope_id"], said["role"],
        said["channel"], said["address"], frozenset(said["wants"]),
    )  # fmt: skip


def current(connection: sa.Connection, contact_id: int) -> Recipient | None:
    """A contact as it stands: where it was replaced (a new address), what replaced it; None where
    it was removed."""
    old = connection.execute(sa.select(_CONTACT).where(_CONTACT.c.id == contact_id)).one()
    same = [_CONTACT.c[name] == getattr(old, name) for name in ("name", "scope_id", "role")]
    same += [_CONTACT.c.channel == old.channel, known(_CONTACT, None)]
    newest = sa.select(_CONTACT).where(*same).order_by(_CONTACT.c.id.desc()).limit(1)
    row = connection.execute(newest).first() if old.voided_at else old
    return _recipient(row) if row else None
