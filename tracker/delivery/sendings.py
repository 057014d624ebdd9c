"""Delivery: what becomes of each letter: leased to one sender, then sent, waiting or set aside.

A letter is leased and recorded in short transactions, and sent between them: whoever dies in the
middle leaves a lease that runs out, and the letter goes again under the same key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.db import table
from tracker.delivery import contacts
from tracker.delivery.channel import DeliveryError
from tracker.delivery.contacts import Recipient
from tracker.delivery.rules import delivery_rules
from tracker.delivery.tables import Contact, Sending
from tracker.lifecycle import NEW, Lifecycle, Step
from tracker.outbox import Attachment, Letter, Outgoing, OutgoingFile

LETTER = Lifecycle(
    "信件",
    {
        "leased": Step("发送", (NEW, "waiting", "sending"), "sending"),
        "sent": Step("登记发出", ("sending",), "sent"),
        "failed": Step("推迟", (NEW, "waiting", "sending"), "waiting"),
        "set_aside": Step("搁置", ("sending",), "set_aside"),
        "retried": Step("重发", ("waiting", "set_aside"), "waiting"),
        "cancelled": Step("撤销", (NEW, "waiting", "set_aside"), "cancelled"),
    },
    {
        NEW: "待发", "sending": "发送中", "waiting": "待重发", "set_aside": "已搁置",
        "sent": "已发出", "cancelled": "已撤销",
    },
)  # fmt: skip
_OUT, _FILE, _SENDING, _CONTACT = (table(t) for t in (Outgoing, OutgoingFile, Sending, Contact))
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Leased:
    """A letter that is ours to send until `until`, and whom to. `attempts`: those before; `to` is
    None where the contact was removed."""

    id: int
    key: str
    channel: str
    letter: Letter
    to: Recipient | None
    attempts: int
    until: datetime


def lease(
    connection: sa.Connection, allowed: Mapping[str, Collection[str] | None], now: datetime
) -> Leased | None:
    """Take the oldest due letter, in a transaction that holds the write lock; None where nothing
    is due. `allowed`: channel -> the kinds that may go now (None: all)."""
    columns = (*_OUT.c, _CONTACT.c.channel, _SENDING.c.state, _SENDING.c.attempts)
    row = connection.execute(
        letters(*columns).where(_due(now), _may_go(connection, allowed, now))
        .order_by(_OUT.c.id).limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    until = now + timedelta(minutes=delivery_rules().lease_minutes)
    state = LETTER.after(row.state or NEW, "leased", row.id)
    # Whoever died over a letter made an attempt too.
    attempts = (row.attempts or 0) + (row.state == "sending")
    write(connection, row.id, state=state, leased_until=until, next_at=None, attempts=attempts)
    return Leased(
        row.id, row.key, row.channel, _letter(connection, row),
        contacts.current(connection, row.contact_id), attempts, until,
    )  # fmt: skip


def record_sent(connection: sa.Connection, leased: Leased, now: datetime) -> None:
    """The letter was accepted. This holds even where the lease had run out meanwhile."""
    ours = sa.and_(_SENDING.c.outgoing_id == leased.id, _SENDING.c.sent_at.is_(None))
    values = {"attempts": leased.attempts + 1, "sent_at": now, "told": ""}
    connection.execute(
        _SENDING.update().where(ours)
        .values(state=LETTER.after("sending", "sent"), leased_until=None, next_at=None, **values)
    )  # fmt: skip


def record_failure(
    connection: sa.Connection, leased: Leased, failure: DeliveryError, now: datetime
) -> str:
    """The letter was not accepted; returns its state. Nothing is written where the lease ran out
    and another has taken the letter."""
    ours = (_SENDING.c.outgoing_id == leased.id) & (_SENDING.c.leased_until == leased.until)
    event, values = after_failure(leased.attempts, failure, now)
    state = LETTER.after("sending", event, leased.id)
    connection.execute(
        _SENDING.update().where(ours, _SENDING.c.state == "sending")
        .values(state=state, leased_until=None, told=failure.told[:400], **values)
    )  # fmt: skip
    if failure.whole_channel:
        _postpone(connection, leased.channel, failure.told, values["next_at"], now)
    return state


def after_failure(
    attempts: int, failure: DeliveryError, now: datetime
) -> tuple[str, dict[str, Any]]:
    """The event that a failure is, and what to write beside the state. Where the whole channel is
    down the letter only asks ever more rarely: it is never set aside for that."""
    rules = delivery_rules()
    made = attempts + 1
    if failure.whole_channel:
        made = min(made, len(rules.retry_after_minutes))
    elif failure.permanent or made >= rules.most_attempts:
        return "set_aside", {"attempts": made, "next_at": None}
    return "failed", {"attempts": made, "next_at": now + rules.wait(made)}


def _postpone(
    connection: sa.Connection, channel: str, told: str, until: datetime, now: datetime
) -> None:
    """Let every other due letter of the channel rest as long, without counting an attempt."""
    due = letters(_OUT.c.id, _SENDING.c.state).where(_due(now), _CONTACT.c.channel == channel)
    for row in connection.execute(due).all():
        state = LETTER.after(row.state or NEW, "failed", row.id)
        write(connection, row.id, state=state, leased_until=None, next_at=until, told=told[:400])


def letters(*columns: Any) -> sa.Select[Any]:
    """These columns of the letters, their contacts, and what became of them (none yet: null)."""
    joined = _OUT.join(_CONTACT, _CONTACT.c.id == _OUT.c.contact_id)
    joined = joined.outerjoin(_SENDING, _SENDING.c.outgoing_id == _OUT.c.id)
    return sa.select(*columns).select_from(joined)


def _due(now: datetime) -> sa.ColumnElement[bool]:
    """Not tried yet, its wait over, or its lease run out. A moment further off than any wait of
    ours was written by a clock that jumped, and counts as over."""
    rules, state = delivery_rules(), _SENDING.c.state
    longest = timedelta(minutes=max(rules.retry_after_minutes))
    lease = timedelta(minutes=rules.lease_minutes)
    return sa.or_(
        state.is_(None),
        (state == "waiting") & _over(_SENDING.c.next_at, now, longest),
        (state == "sending") & _over(_SENDING.c.leased_until, now, lease),
    )


def _over(column: sa.Column[Any], now: datetime, longest: timedelta) -> sa.ColumnElement[bool]:
    # Twice as long: the clocks of two senders differ a little without either having jumped.
    return sa.or_(column.is_(None), column <= now, column > now + 2 * longest)


def _may_go(
    connection: sa.Connection, allowed: Mapping[str, Collection[str] | None], now: datetime
) -> sa.ColumnElement[bool]:
    """Letters that their channel lets through now; those of no known channel come up too, to be
    set aside."""
    known = delivery_rules().channels
    ways: list[sa.ColumnElement[bool]] = [_CONTACT.c.channel.not_in(known)]
    for channel, kinds in allowed.items():
        way = _CONTACT.c.channel == channel
        if kinds is not None:
            way = way & _OUT.c.kind.in_(kinds)
        if most := known[channel].most_a_minute:
            way = way & _CONTACT.c.address.not_in(_busy(connection, channel, most, now))
        ways.append(way)
    return sa.or_(*ways)


def _busy(connection: sa.Connection, channel: str, most: int, now: datetime) -> list[str]:
    """The addresses that have had all they may get in this minute."""
    lately = _SENDING.c.sent_at.between(now - _MINUTE, now) | (_SENDING.c.state == "sending")
    counted = letters(_CONTACT.c.address).where(_CONTACT.c.channel == channel, lately)
    counted = counted.group_by(_CONTACT.c.address).having(sa.func.count() >= most)
    return list(connection.scalars(counted))


def _letter(connection: sa.Connection, row: Any) -> Letter:
    files = connection.execute(
        sa.select(_FILE).where(_FILE.c.outgoing_id == row.id).order_by(_FILE.c.id)
    )
    parts = [Attachment(file.name, file.media_type, file.data) for file in files]
    return Letter(row.subject, row.text, row.html, parts)


def write(connection: sa.Connection, number: int, **values: Any) -> None:
    """Write what became of a letter, whether or not anything had yet."""
    written = connection.execute(
        _SENDING.update().where(_SENDING.c.outgoing_id == number).values(**values)
    )
    if not written.rowcount:
        row = {"outgoing_id": number, "attempts": 0, "told": "", **values}
        connection.execute(_SENDING.insert(), row)
