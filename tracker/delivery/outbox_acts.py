"""Delivery: the outbox as the operator sees it, and what he may do: send again, or cancel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.db import table
from tracker.delivery.sendings import LETTER, letters, write
from tracker.delivery.tables import Contact, Sending
from tracker.errors import LuzeError, Problem
from tracker.lifecycle import NEW
from tracker.outbox import Outgoing
from tracker.registry.acts import text_problems

_OUT, _SENDING, _CONTACT = table(Outgoing), table(Sending), table(Contact)
_FINISHED = ("sent", "cancelled")


@dataclass(frozen=True, slots=True)
class Pending:
    """A letter that is not sent: to whom, where it stands, why, and when it is tried again."""

    id: int
    kind: str
    subject: str
    contact_id: int
    name: str
    channel: str
    state: str
    attempts: int
    told: str
    recorded_at: datetime
    next_at: datetime | None


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many letters stand in each state of `LETTER`; '' for those nobody has tried yet."""
    state = sa.func.coalesce(_SENDING.c.state, NEW)
    rows = connection.execute(letters(state, sa.func.count()).group_by(state)).all()
    found = {str(name): int(number) for name, number in rows}
    return {name: found.get(name, 0) for name in LETTER.states}


def pending(connection: sa.Connection) -> list[Pending]:
    """Every letter that is neither sent nor cancelled, the oldest first."""
    state = sa.func.coalesce(_SENDING.c.state, NEW)
    rows = connection.execute(
        letters(
            *(_OUT.c[name] for name in ("id", "kind", "subject", "contact_id")),
            _CONTACT.c.name, _CONTACT.c.channel, state.label("state"),
            sa.func.coalesce(_SENDING.c.attempts, 0).label("attempts"),
            sa.func.coalesce(_SENDING.c.told, "").label("told"),
            _OUT.c.recorded_at, _SENDING.c.next_at,
        ).where(state.not_in(_FINISHED)).order_by(_OUT.c.id)
    )  # fmt: skip
    return [Pending(**row._mapping) for row in rows]


def retry(
    connection: sa.Connection, numbers: list[int] | None, *, now: datetime, operator: str
) -> int:
    """Make letters due at once, with all attempts before them (None: all that wait or are set
    aside); returns how many. Raises LuzeError for one that cannot be sent again."""
    states = _states(connection, numbers)
    if numbers is None:
        states = {n: state for n, state in states.items() if LETTER.allows(state, "retried")}
    for number, state in states.items():
        after = LETTER.after(state, "retried", number)
        write(connection, number, state=after, attempts=0, next_at=now)
    _record(connection, "outbox_retry", states, now, operator)
    return len(states)


def cancel(
    connection: sa.Connection, number: int, *, reason: str, now: datetime, operator: str
) -> None:
    """Never send a letter. Raises LuzeError without a reason, or once it is sent."""
    if problems := list(text_problems(reason=reason)):
        raise LuzeError("撤销没有登记", problems=problems)
    state = _states(connection, [number])[number]
    write(
        connection, number, state=LETTER.after(state, "cancelled", number), next_at=None,
        leased_until=None, told=reason,
    )  # fmt: skip
    _record(connection, "outbox_cancel", {number: state}, now, operator, reason=reason)


def _states(connection: sa.Connection, numbers: list[int] | None) -> dict[int, str]:
    """The state of each of these letters (None: of all). Raises LuzeError for what is none."""
    asked = letters(_OUT.c.id, _SENDING.c.state).order_by(_OUT.c.id)
    if numbers is not None:
        asked = asked.where(_OUT.c.id.in_(numbers))
    found = {row.id: row.state or NEW for row in connection.execute(asked)}
    missing = [Problem(f"没有第 {n} 号信件") for n in numbers or () if n not in found]
    if missing:
        raise LuzeError("信件编号不对，未作任何改动", problems=missing, fix="编号见 tracker outbox")
    return found


def _record(
    connection: sa.Connection, act: str, states: dict[int, str], now: datetime, operator: str,
    **said: Any,
) -> None:  # fmt: skip
    if states:
        detail = {"letters": list(states), **said}
        audit.append(connection, act=act, operator=operator, now=now, detail=detail)
