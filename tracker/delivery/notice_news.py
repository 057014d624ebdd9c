"""What is new about notices, and for whom: read once in a morning for all contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa

from tracker.consequences import notices
from tracker.consequences.notice_steps import Life
from tracker.consequences.tables import Notice, NoticeEvent
from tracker.db import table
from tracker.delivery.contacts import Recipient
from tracker.delivery.rules import delivery_rules
from tracker.delivery.tables import Contact
from tracker.digest.reader import LEADER
from tracker.digest.scope import Land, Scope
from tracker.evaluation import findings
from tracker.evaluation.tables import Finding
from tracker.frames import absent
from tracker.outbox import Outgoing
from tracker.registry.dated import load_registry

KIND = "notices"
RAISED, REMINDED, TOLD_LEADER = "raised", "reminded", "told_leader"
_NOTICE, _EVENT, _OUT, _CONTACT = (table(t) for t in (Notice, NoticeEvent, Outgoing, Contact))
_COLUMNS = [column.name for column in table(Finding).c]


@dataclass(frozen=True, slots=True)
class News:
    """A notice that is open and was raised, repeated or reported (`event`), with its finding."""

    event_id: int
    event: str
    note: str
    life: Life
    finding: pd.Series | None

    @property
    def again(self) -> bool:
        """Whether it was told before."""
        return self.event == REMINDED

    @property
    def last_safe_on(self) -> date | None:
        """The last safe date of its finding."""
        day = None if self.finding is None else self.finding["last_safe_on"]
        return None if absent(day) else day


@dataclass(frozen=True)
class Reading:
    """The news of a morning, and what lies where. `open`: every open notice; `rows`: the findings
    of all of these, by key."""

    news: tuple[News, ...]
    open: tuple[Life, ...]
    rows: pd.DataFrame
    land: Land

    def of(self, scope: Scope, role: str, after: int) -> list[News]:
        """The news of a scope since an event: each notice once, with the newest; one that was
        raised and repeated meanwhile is new to whoever heard of neither."""
        wanted = (TOLD_LEADER,) if role == LEADER else (RAISED, REMINDED)
        fresh = [one for one in self.news if one.event_id > after and one.event in wanted]
        inside = self._inside(scope, (one.life for one in fresh))
        found: dict[int, News] = {}
        for one in fresh:
            first = found.get(one.life.id)
            if first is not None and first.event == RAISED:
                one = replace(one, event=RAISED, note=first.note)
            if one.life.id in inside:
                found[one.life.id] = one
        return list(found.values())

    def open_in(self, scope: Scope) -> int:
        """How many notices of a scope are open, told before or not."""
        return len(self._inside(scope, self.open))

    def body(self, one: News) -> int:
        """Whoever answers for a notice; for a person the unit."""
        answers = one.life.call.subject_id
        if answers not in self.land.persons:
            return answers
        unit = None if one.finding is None else one.finding["unit_id"]
        if unit is not None and not absent(unit):
            return int(unit)
        return self.land.day.parent(answers) or answers

    def _inside(self, scope: Scope, lives: Iterable[Life]) -> set[int]:
        """The numbers of the notices that lie in a scope: by their findings, else by whom they
        are about."""
        keys = set(scope.within(self.rows)["key"])
        known = set(self.rows["key"])
        return {
            life.id
            for life in lives
            if life.call.key in keys
            or (life.call.key not in known and scope.owns(life.call.subject_id))
        }


def told_up_to(connection: sa.Connection, to: Recipient) -> int:
    """The newest event that the contact, also under an earlier address, was told of; for one that
    never had a letter, the newest some days before it was registered."""
    same = [_CONTACT.c.name == to.name, _CONTACT.c.scope_id == to.scope_id]
    same += [_CONTACT.c.role == to.role, _OUT.c.kind == KIND]
    joined = _OUT.join(_CONTACT, _CONTACT.c.id == _OUT.c.contact_id)
    keys = connection.scalars(sa.select(_OUT.c.key).select_from(joined).where(*same)).all()
    if keys:
        return max(int(key.rpartition("|")[2]) for key in keys)
    own = sa.select(_CONTACT.c.recorded_at).where(_CONTACT.c.id == to.contact_id)
    back = timedelta(delivery_rules().notices.first_looks_back_days)
    before = connection.execute(own).scalar_one() - back
    newest = sa.select(sa.func.max(_EVENT.c.id)).where(_EVENT.c.recorded_at < before)
    return connection.execute(newest).scalar() or 0


def read(connection: sa.Connection, after: int, as_of: date, now: datetime) -> Reading:
    """Every open notice, and what happened to it since the event `after`."""
    live = [life for life in notices.live(connection).values() if life.state == "open"]
    by_number = {life.id: life for life in live}
    found = findings.newest_of(connection, (life.call.key for life in live))
    rows = pd.DataFrame([dict(row._mapping) for row in found.values()], columns=_COLUMNS)
    series = {key: pd.Series(dict(row._mapping), dtype=object) for key, row in found.items()}
    told = sa.select(_EVENT.c.id, _EVENT.c.notice_id, _EVENT.c.event, _EVENT.c.note).where(
        _EVENT.c.id > after, _EVENT.c.event.in_((RAISED, REMINDED, TOLD_LEADER))
    )
    news = tuple(
        News(row.id, row.event, row.note, life, series.get(life.call.key))
        for row in connection.execute(told.order_by(_EVENT.c.id))
        if (life := by_number.get(row.notice_id))
    )
    return Reading(news, tuple(live), rows, Land(load_registry(connection, now), as_of))
