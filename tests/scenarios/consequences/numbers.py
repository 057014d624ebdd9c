"""How a story counts: 事件1 is the first recorded, whatever number the database gave it."""

from __future__ import annotations

import sqlalchemy as sa

from tracker.consequences.tables import Incident, Objection
from tracker.db import table
from tracker.registry.waiver_tables import Waiver

_OF = {"事件": table(Incident), "豁免": table(Waiver), "异议": table(Objection)}


def stored(connection: sa.Connection, kind: str, number: str) -> int:
    """The number in the database of the story's n-th 事件, 豁免 or 异议."""
    found = _in_order(connection, kind)
    if not number.isdecimal() or not 1 <= int(number) <= len(found):
        raise ValueError(f"没有{kind} {number}，已登记 {len(found)} 件")
    return found[int(number) - 1]


def told(connection: sa.Connection, kind: str, number: int) -> str:
    """How the story counts what the database calls by this number."""
    return str(_in_order(connection, kind).index(number) + 1)


def _in_order(connection: sa.Connection, kind: str) -> list[int]:
    t = _OF[kind]
    rows = sa.select(t.c.id).order_by(t.c.id)
    if "withdraws_id" in t.c:  # a row that takes an incident back is none
        rows = rows.where(t.c.withdraws_id.is_(None))
    return list(connection.scalars(rows))
