"""Cases: one interview whole, on any day, read from its rows: grounds, parties, every act.

The state is that of the newest transition up to the day asked about, as known at the moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from tracker.consequences.lives import INTERVIEW, INTERVIEW_HELD, INTERVIEW_OPEN
from tracker.consequences.parties import Party
from tracker.consequences.tables import Incident, Interview, InterviewEvent, InterviewGround
from tracker.db import table
from tracker.errors import LuzeError
from tracker.evaluation.findings import holder_of
from tracker.history import newest, up_to
from tracker.registry.tables import Subject

JOINED, CURED = "joined", "cured"
INCIDENT = "incident"
_INTERVIEW, _EVENT = table(Interview), table(InterviewEvent)
_GROUND = table(InterviewGround)
_Select = sa.Select[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class CaseGround:
    """What the interview is about: a finding's key or 'incident|5|...', the printed trigger it is
    evidence for, since when. `note`: how it came in, or why it is gone."""

    key: str
    ground: str
    joined_on: date
    live: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One transition: what happened on which day, by whose hand, on which authority and paper."""

    event: str
    as_of: date
    note: str
    authority: str
    document_number: str
    due_on: date | None
    detail: Mapping[str, Any]
    operator: str
    recorded_at: datetime

    @property
    def name(self) -> str:
        """The act in Chinese."""
        return INTERVIEW.steps[self.event].name


_ACT = tuple(field.name for field in fields(CaseAct))


@dataclass(frozen=True)
class Case:
    """One interview. `rung`: index into the ladder, as decided, before that as suggested.
    `interviewer` and `interviewees`: {role or post, name, people: [ids]} as resolved last, by the
    decision or before it by the recommendation; `concerned`: the persons of the live grounds."""

    id: int
    document: str
    section: str
    accountable_id: int
    state: str
    rung: int
    interviewer: Party
    interviewees: list[Party]
    concerned: tuple[int, ...]
    grounds: tuple[CaseGround, ...]
    acts: tuple[CaseAct, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the live grounds, in order."""
        return tuple(sorted(ground.key for ground in self.grounds if ground.live))

    @property
    def is_open(self) -> bool:
        """Whether the conversation is still to be decided on or held (I27)."""
        return self.state in INTERVIEW_OPEN

    @property
    def is_held(self) -> bool:
        """Whether the conversation was held."""
        return self.state in INTERVIEW_HELD

    @cached_property
    def people(self) -> frozenset[int]:
        """Everybody to be interviewed, and who was present."""
        held = self.last("conducted")
        present = held.detail.get("present", ()) if held else ()
        return frozenset([*present, *(i for who in self.interviewees for i in who["people"])])

    def last(self, *events: str) -> CaseAct | None:
        """The newest act of these kinds."""
        return next((act for act in reversed(self.acts) if act.event in events), None)


def load_case(
    connection: sa.Connection, number: int, as_of: date | None = None,
    known_at: datetime | None = None,
) -> Case:  # fmt: skip
    """One interview by its number, as of a day. Raises LuzeError where there is none."""
    found = load_cases(connection, numbers=(number,), as_of=as_of, known_at=known_at)
    if not found:
        when = f"截至 {as_of} " if as_of else ""
        raise LuzeError(f"{when}没有第 {number} 号约谈", fix="编号见 tracker interviews list --all")
    return found[0]


def load_cases(
    connection: sa.Connection, *, states: Collection[str] = (), numbers: Collection[int] = (),
    as_of: date | None = None, known_at: datetime | None = None,
) -> list[Case]:  # fmt: skip
    """Interviews in these states, or of these numbers (both empty: all), by number."""
    last = newest(_EVENT, "interview_id", as_of=as_of, known_at=known_at).subquery()
    wanted = sa.select(last.c.interview_id)
    if states:
        wanted = wanted.where(last.c.state.in_(states))
    if numbers:
        wanted = wanted.where(last.c.interview_id.in_(numbers))
    asked = sa.select(_INTERVIEW).where(_INTERVIEW.c.id.in_(wanted)).order_by(_INTERVIEW.c.id)
    heads = connection.execute(asked).all()
    events = _by_case(connection, _EVENT, wanted, as_of, known_at)
    grounds = _by_case(connection, _GROUND, wanted, as_of, known_at)
    joined = {row.id: _grounds(grounds.get(row.id, ())) for row in heads}
    about = _subjects_of(connection, {g.key for found in joined.values() for g in found})
    persons = _persons(connection, {*about.values(), *(row.accountable_id for row in heads)})
    return [
        _case(
            row, events[row.id], joined[row.id],
            persons & {row.accountable_id, *(about.get(g.key) for g in joined[row.id] if g.live)},
        )
        for row in heads
    ]  # fmt: skip


def rectifications_due(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> list[tuple[int, int, date]]:
    """Of interviews held and not yet verified: number, accountable subject, when it is due."""
    last = newest(_EVENT, "interview_id", as_of=as_of, known_at=known_at).subquery()
    rows = connection.execute(
        sa.select(_INTERVIEW.c.id, _INTERVIEW.c.accountable_id, _EVENT.c.due_on)
        .join(last, last.c.interview_id == _INTERVIEW.c.id)
        .join(_EVENT, _EVENT.c.interview_id == _INTERVIEW.c.id)
        .where(last.c.state == "conducted", _EVENT.c.event == "conducted")
        .order_by(_INTERVIEW.c.id)
    )
    return [(row.id, row.accountable_id, row.due_on) for row in rows]


def _subjects_of(connection: sa.Connection, keys: Iterable[str]) -> dict[str, int]:
    """Whom each ground is about: the holder of the finding, or whom the incident names."""
    split = {key: key.split("|") for key in keys}
    told = sorted({int(part[1]) for part in split.values() if part[0] == INCIDENT})
    c = table(Incident).c
    rows = connection.execute(sa.select(c.id, c.subject_id).where(c.id.in_(told)))
    named = {row.id: row.subject_id for row in rows if row.subject_id is not None}
    return {
        key: holder_of(key) if part[0] != INCIDENT else named[int(part[1])]
        for key, part in split.items()
        if part[0] != INCIDENT or int(part[1]) in named
    }


def _persons(connection: sa.Connection, subjects: Iterable[int]) -> set[int]:
    c = table(Subject).c
    asked = sa.select(c.id).where(c.sort == "person", c.id.in_(sorted(subjects)))
    return set(connection.scalars(asked))


def _by_case(
    connection: sa.Connection, rows: sa.Table, wanted: _Select, as_of: date | None,
    known_at: datetime | None,
) -> dict[int, list[Any]]:  # fmt: skip
    """The rows of each wanted case, oldest first."""
    statement = sa.select(rows).where(rows.c.interview_id.in_(wanted)).order_by(rows.c.id)
    statement = up_to(statement, rows, as_of, known_at)
    found: dict[int, list[Any]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.interview_id, []).append(row)
    return found


def _grounds(rows: Iterable[Any]) -> tuple[CaseGround, ...]:
    found: dict[str, CaseGround] = {}
    for row in rows:
        if row.event == JOINED:
            found[row.key] = CaseGround(row.key, row.ground, row.as_of, True, row.note)
        else:
            was = found[row.key]
            found[row.key] = CaseGround(row.key, was.ground, was.joined_on, False, row.note)
    return tuple(found.values())


def _case(head: Any, rows: list[Any], grounds: tuple[CaseGround, ...], concerned: set[int]) -> Case:
    acts = tuple(CaseAct(**{name: getattr(row, name) for name in _ACT}) for row in rows)
    decided = next((act.detail for act in reversed(acts) if act.event == "decided"), None)
    resolved = decided or {
        "rung": acts[0].detail.get("rung", 0),
        "interviewer": head.interviewer,
        "interviewees": [_with_concerned(who, concerned) for who in head.interviewees],
    }
    return Case(
        head.id, head.document, head.section, head.accountable_id, rows[-1].state,
        resolved["rung"], resolved["interviewer"], resolved["interviewees"],
        tuple(sorted(concerned)), grounds, acts,
    )  # fmt: skip


def _with_concerned(who: Party, concerned: set[int]) -> Party:
    """The persons concerned are those of the live grounds, whenever these joined."""
    return {**who, "people": sorted(concerned)} if who.get("post") == "person_concerned" else who
