"""Delivery: a group hears of bodies and counts, never of a person or household by name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.clock import SHANGHAI
from tracker.db import table
from tracker.delivery.channel import DeliveryError
from tracker.digest.scope import Land
from tracker.outbox import Letter
from tracker.registry.dated import load_registry
from tracker.registry.tables import Subject

_SUBJECT = table(Subject)


def refuse_names(connection: sa.Connection, letter: Letter, scope_id: int, now: datetime) -> None:
    """Raise DeliveryError where the letter names a person or household of the group's scope."""
    if names_told(connection, f"{letter.subject}\n{letter.text}", scope_id, now):
        told = "群消息里有人员或农户的姓名，未发出；请改发给个人，或撤销这一封"
        raise DeliveryError(told, permanent=True)


def names_told(connection: sa.Connection, text: str, scope_id: int, now: datetime) -> list[int]:
    """The people and households of a scope whose names stand in a text, and not only as a part of
    a body's name (永和 in 永和镇)."""
    named = _found_in(connection, text, _SUBJECT.c.sort.in_(("person", "household")))
    bodies = [name for _, name in _found_in(connection, text, _SUBJECT.c.sort == "body")]
    for body in sorted(bodies, key=len, reverse=True):
        text = text.replace(body, "□")
    hits = [number for number, name in named if name in text]
    if not hits:
        return []
    registry = load_registry(connection, now)
    scope = Land(registry, now.astimezone(SHANGHAI).date()).scope(scope_id)
    return [one for one in hits if scope.owns(one)]


def _found_in(
    connection: sa.Connection, text: str, whom: sa.ColumnElement[bool]
) -> list[tuple[int, str]]:
    """The subjects whose names stand in a text; the database looks through all of them."""
    position = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    there = position(sa.literal(text), _SUBJECT.c.name) > 0
    rows = connection.execute(
        sa.select(_SUBJECT.c.id, _SUBJECT.c.name).where(whom, there, _SUBJECT.c.name != "")
    )
    return [(row.id, row.name) for row in rows]
