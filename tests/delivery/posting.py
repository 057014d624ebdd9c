"""A post office for tests: contacts of an invented world, letters to them, a channel that obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.scenarios.world import OFFICER, World, moment
from tracker import outbox
from tracker.db import table, transaction
from tracker.delivery.channel import DeliveryError
from tracker.delivery.tables import Contact, Sending
from tracker.outbox import Letter, Outgoing

MONDAY = date(2020, 1, 6)
MORNING = moment(MONDAY, 9)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_CONTACT, _SENDING, _OUT = table(Contact), table(Sending), table(Outgoing)


@dataclass
class Pretend:
    """A channel that keeps what it is given, and fails as `refuse` says."""

    refuse: Callable[[str], DeliveryError | None] = lambda address: None
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, letter: Letter, address: str, key: str) -> None:
        if failure := self.refuse(address):
            raise failure
        self.sent.append((letter.subject, address, key))


class Office:
    """Contacts and letters in a database of their own."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        with transaction(engine) as connection:
            self.ids = World(connection).ids

    def contact(
        self, name: str = "李甲", *, address: str = "li@example.cn", role: str = "liaison",
        channel: str = "mail", scope: str = "示例县", wants: tuple[str, ...] = ("notices",),
        now: datetime = MORNING - DAY,
    ) -> int:  # fmt: skip
        """A contact; returns its number."""
        values = {
            "name": name, "subject_id": None, "scope_id": self.ids[scope], "role": role,
            "channel": channel, "address": address, "wants": list(wants), "operator": OFFICER,
            "recorded_at": now,
        }  # fmt: skip
        with transaction(self.engine) as connection:
            made = connection.execute(_CONTACT.insert().returning(_CONTACT.c.id), values)
            return int(made.scalar_one())

    def letters(
        self, contact: int, count: int = 1, *, kind: str = "notices", text: str = "有事项待办",
        now: datetime = MORNING,
    ) -> list[str]:  # fmt: skip
        """Letters to a contact; returns their keys."""
        with transaction(self.engine) as connection:
            first = connection.execute(sa.select(sa.func.count()).select_from(_OUT)).scalar_one()
            keys = [f"{kind}|{first + number}|{contact}" for number in range(count)]
            for key in keys:
                outbox.append(
                    connection, key=key, kind=kind, contact_id=contact,
                    letter=Letter(f"提醒 {key}", text, f"<p>{text}</p>"), now=now,
                )  # fmt: skip
        return keys

    def void(self, contact: int, now: datetime = MORNING) -> None:
        """The contact no longer stands."""
        with transaction(self.engine) as connection:
            gone = _CONTACT.update().where(_CONTACT.c.id == contact)
            connection.execute(gone.values(voided_at=now))

    def sendings(self) -> dict[str, Any]:
        """Key -> what became of the letter."""
        joined = sa.select(_OUT.c.key, _SENDING).join(_SENDING, _SENDING.c.outgoing_id == _OUT.c.id)
        with self.engine.connect() as connection:
            return {row.key: row for row in connection.execute(joined.order_by(_OUT.c.id))}

    def states(self) -> list[str]:
        """The state of each letter that anything became of, in order."""
        return [row.state for row in self.sendings().values()]
