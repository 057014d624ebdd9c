"""What the operator must hear of: a letter to every contact that wants alerts, once per matter."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker import outbox
from tracker.delivery import contacts
from tracker.outbox import Letter

ALERTS, KIND = "alerts", "alert"


def tell(connection: sa.Connection, key: str, subject: str, text: str, now: datetime) -> int:
    """Write the letters in the caller's transaction; returns how many were new. Texts name jobs,
    days and numbers only: a group may read them."""
    letter = Letter(subject=f"履责：{subject}", text=text)
    written = (
        outbox.append(
            connection,
            key=f"{KIND}|{key}|{one.contact_id}",
            kind=KIND,
            contact_id=one.contact_id,
            letter=letter,
            now=now,
        )
        for one in contacts.load(connection, wants=ALERTS)
    )
    return sum(written)
