"""Notices as stored: read from their rows on any day, and written, one row per transition.

blue 临近, yellow 滞后, red 逾期或已无法达标. What a night writes is decided in `notice_steps`; a
second run of the same night finds everything already there and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.consequences.history import Moment
from tracker.consequences.lives import NOTICE
from tracker.consequences.notice_calls import Call
from tracker.consequences.notice_steps import Decision, Life
from tracker.consequences.tables import Notice, NoticeEvent
from tracker.db import table
from tracker.history import newest, up_to
from tracker.lifecycle import NEW

__all__ = [
    "Call", "apply", "history", "leader_heard", "listed", "live", "load", "open_notices",
    "story",
]  # fmt: skip

_NOTICE, _EVENT = table(Notice), table(NoticeEvent)
_OF_PLACE = (_NOTICE.c.key, _NOTICE.c.level, _NOTICE.c.subject_id)
_MANY = 1000
Place = tuple[str, str, int]  # key, level, subject


def open_notices(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> dict[tuple[str, str], Call]:
    """Every notice that is open (as of a day, as known at a moment), by key and level; without
    the muted ones."""
    last = newest(_EVENT, "notice_id", as_of=as_of, known_at=known_at).subquery()
    rows = connection.execute(
        sa.select(_NOTICE).join(last, last.c.notice_id == _NOTICE.c.id)
        .where(last.c.state == "open")
    )  # fmt: skip
    return {(row.key, row.level): _call(row) for row in rows}


def live(connection: sa.Connection) -> dict[str, Life]:
    """Every open or muted notice by key; a key has one at a time."""
    last = newest(_EVENT, "notice_id").subquery()
    unfinished = sa.select(last.c.notice_id).where(last.c.state != "closed")
    return {life.call.key: life for life in history(connection, where=_NOTICE.c.id.in_(unfinished))}


def listed(
    connection: sa.Connection, *, as_of: date | None = None, known_at: datetime | None = None
) -> list[Life]:
    """Every notice that there was up to the day, also muted and closed ones, by its number."""
    lives = {life.id: life for life in history(connection, as_of=as_of, known_at=known_at)}
    return [lives[number] for number in sorted(lives)]


def leader_heard(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> set[int]:
    """The numbers of the open notices that the leader has been told of."""
    found = listed(connection, as_of=as_of, known_at=known_at)
    return {life.id for life in found if life.state == "open" and life.leader_on}


def load(
    connection: sa.Connection, number: int, *,
    as_of: date | None = None, known_at: datetime | None = None,
) -> Life | None:  # fmt: skip
    """One notice by its number; None where there is (was) none."""
    own = _NOTICE.c.id == number
    told = [*history(connection, where=own, as_of=as_of, known_at=known_at)]
    return told[-1] if told else None


def history(
    connection: sa.Connection, *, where: sa.ColumnElement[bool] | None = None,
    as_of: date | None = None, known_at: datetime | None = None,
) -> Iterator[Life]:  # fmt: skip
    """Each notice as it stood after each of its transitions, in the order they were written."""
    statement = _rows(as_of, known_at)
    lives: dict[int, Life] = {}
    for row in connection.execute(statement if where is None else statement.where(where)):
        old = lives.get(row.notice_id)
        life = old.after(row) if old else Life.begun(row.notice_id, _call(row), row)
        lives[row.notice_id] = life
        yield life


def story(
    connection: sa.Connection, number: int, *,
    as_of: date | None = None, known_at: datetime | None = None,
) -> list[Any]:  # fmt: skip
    """The rows of one notice's history, oldest first."""
    return list(connection.execute(_rows(as_of, known_at).where(_NOTICE.c.id == number)))


def _rows(as_of: date | None, known_at: datetime | None) -> sa.Select[tuple[Any, ...]]:
    about = [c for c in _NOTICE.c if c.name != "id"]
    own = [c for c in _EVENT.c if c.name != "id"]
    statement = sa.select(*about, *own).join(_EVENT, _EVENT.c.notice_id == _NOTICE.c.id)
    statement = up_to(statement, _EVENT, as_of, known_at)
    return statement.order_by(_EVENT.c.id)


def apply(
    connection: sa.Connection, decisions: list[Decision], lives: Mapping[str, Life], moment: Moment
) -> dict[str, int]:
    """Write the transitions; returns how many of each event."""
    if not decisions:
        return {}
    numbers = {_place(life.call): life.id for life in lives.values()}
    states = {_place(life.call): life.state for life in lives.values()}
    numbers |= _heads(connection, [d.call for d in decisions if _place(d.call) not in numbers])
    speaking = {life.call.key: life.id for life in lives.values()}
    speaking |= {d.call.key: numbers[_place(d.call)] for d in decisions if d.event == "raised"}
    rows, counts = [], dict[str, int]()
    for decision in decisions:
        place, event = _place(decision.call), decision.event
        states[place] = NOTICE.after(states.get(place, NEW), event)
        note = decision.note
        if decision.upper:
            note += f"，并入第 {speaking[decision.upper]} 号提醒"
        row = moment.row(event, note, states[place])
        rows.append({**row, "notice_id": numbers[place]})
        counts[event] = counts.get(event, 0) + 1
    connection.execute(_EVENT.insert(), rows)
    return counts


def _heads(connection: sa.Connection, calls: list[Call]) -> dict[Place, int]:
    """The numbers of the notices about these calls; a new one gets its head."""
    if not calls:
        return {}
    columns = (_NOTICE.c.id, *_OF_PLACE)
    known = sa.select(*columns)
    if len(calls) <= _MANY:
        known = known.where(_NOTICE.c.key.in_({call.key for call in calls}))
    found = {tuple(row)[1:]: row.id for row in connection.execute(known)}
    fresh = [
        {"key": c.key, "level": c.level, "subject_id": c.subject_id, "duty": c.duty}
        for c in calls if _place(c) not in found
    ]  # fmt: skip
    if fresh:
        new = connection.execute(_NOTICE.insert().returning(*columns), fresh)
        found |= {tuple(row)[1:]: row.id for row in new}
    return found


def _place(call: Call) -> Place:
    return call.key, call.level, call.subject_id


def _call(row: Any) -> Call:
    return Call(row.key, row.level, row.subject_id, row.duty)
