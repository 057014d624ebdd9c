"""Objections (异议): what one is about stands still until a person has answered.

Filed about a finding, an interview or an incident by whom it concerns (`matters`). While one is
open nothing escalates; one that is upheld excuses what it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.consequences import matters
from tracker.consequences.history import Moment
from tracker.consequences.lives import OBJECTION
from tracker.consequences.tables import Objection, ObjectionEvent
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.history import newest, up_to
from tracker.lifecycle import NEW
from tracker.policy.law import Law
from tracker.registry.acts import day_problems, text_problems
from tracker.registry.spelling import clean

_OBJECTION, _EVENT = table(Objection), table(ObjectionEvent)
_FIX = "请改正后重新登记"


@dataclass(frozen=True, slots=True)
class Standing:
    """What objections speak against: finding keys, 'interview|12', 'incident|5', and the grounds
    of those interviews."""

    open: frozenset[str]
    upheld: frozenset[str]

    def freezes(self, key: str) -> bool:
        """Whether an objection about this is still to be answered: nothing may escalate."""
        return _within(key, self.open)

    def excuses(self, key: str) -> bool:
        """Whether an objection about this was upheld: nothing may follow from it."""
        return _within(key, self.upheld)


def _within(key: str, about: frozenset[str]) -> bool:
    """An incident's key begins every key of a ground that follows from it."""
    return key in about or "|".join(key.split("|")[:2]) in about


def frozen(
    connection: sa.Connection, known_at: datetime | None = None, as_of: date | None = None
) -> Standing:
    """What is under objection, and what was excused (as of a day, as known at a moment).

    An open one about an interview speaks of its live grounds; an upheld one of those that were
    live when it was upheld, so that later grounds stand.
    """
    last = newest(_EVENT, "objection_id", as_of=as_of, known_at=known_at).subquery()
    rows = connection.execute(
        sa.select(_OBJECTION.c.about, last.c.state, last.c.as_of, last.c.recorded_at)
        .join(last, last.c.objection_id == _OBJECTION.c.id)
        .where(last.c.state.in_(("open", "upheld")))
    ).all()
    spoken: dict[str, set[str]] = {"open": set(), "upheld": set()}
    for row in rows:
        when = (as_of, known_at) if row.state == "open" else (row.as_of, row.recorded_at)
        spoken[row.state] |= {row.about, *matters.live_grounds(connection, row.about, *when)}
    return Standing(frozenset(spoken["open"]), frozenset(spoken["upheld"]))


def file(
    connection: sa.Connection, law: Law, *,
    about: str, subject_id: int, filed_by: str, reason: str, on: date, now: datetime, operator: str,
    evidence: Sequence[str] = (),
) -> int:  # fmt: skip
    """File an objection in the caller's transaction; returns its number.

    `about`: a finding's key, 'interview|12' or 'incident|5'. Raises LuzeError with every defect.
    """
    matter = matters.matter(connection, law, about, now)
    problems = list(text_problems(reason=reason, filed_by=filed_by))
    if matter is None:
        problems.append(
            Problem(f"没有“{about}”这项判定、约谈或事件", fix="编号见 tracker findings、interviews")
        )
    else:
        problems += day_problems(on, now, (matter.since, f"{matter.name}成立"))
        if subject_id not in matter.parties:
            problems.append(
                Problem(f"{matter.name}不涉及该单位或个人", "当事人", "只有当事人可以提出异议")
            )
    if _is_open(connection, about, subject_id):
        problems.append(Problem("该当事人对此已有待答复的异议", fix="请先等待答复，或撤回前一件"))
    if problems:
        raise LuzeError("异议未登记，未作任何改动", problems=problems, fix=_FIX)
    head = {
        "about": about, "subject_id": subject_id, "filed_by": filed_by, "reason": reason,
        "evidence": list(evidence),
    }  # fmt: skip
    statement = _OBJECTION.insert().returning(_OBJECTION.c.id)
    number = int(connection.execute(statement, head).scalar_one())
    _append(connection, number, NEW, "filed", Moment(on, now, operator), reason)
    return number


def uphold(
    connection: sa.Connection, number: int, *,
    answer: str, authority: str, officer: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> None:  # fmt: skip
    """Answer that the objection is right. Raises LuzeError with every defect."""
    _answer(
        connection, number, "upheld", Moment(on, now, operator), answer, authority, officer,
        document_number,
    )  # fmt: skip


def reject(
    connection: sa.Connection, number: int, *,
    answer: str, authority: str, officer: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> None:  # fmt: skip
    """Answer that the objection is not right. Raises LuzeError with every defect."""
    _answer(
        connection, number, "rejected", Moment(on, now, operator), answer, authority, officer,
        document_number,
    )  # fmt: skip


def withdraw(
    connection: sa.Connection, number: int, *,
    reason: str, on: date, now: datetime, operator: str,
) -> None:  # fmt: skip
    """Take an objection back before it was answered. Raises LuzeError with every defect."""
    _, last = _open_case(connection, number, "withdrawn")
    problems = [*text_problems(reason=reason), *day_problems(on, now, (last.as_of, "提出"))]
    if problems:
        raise LuzeError("异议未撤回，未作任何改动", problems=problems, fix=_FIX)
    _append(connection, number, last.state, "withdrawn", Moment(on, now, operator), reason)


def _answer(
    connection: sa.Connection, number: int, event: str, moment: Moment, answer: str,
    authority: str, officer: str, document_number: str,
) -> None:  # fmt: skip
    head, last = _open_case(connection, number, event)
    problems = [
        *text_problems(
            answer=answer, authority=authority, officer=officer, document_number=document_number
        ),
        *day_problems(moment.as_of, moment.now, (last.as_of, "提出")),
    ]
    if officer.strip() and clean(officer) == clean(head.filed_by):
        problems.append(Problem("答复异议的人就是提出人", "--officer", "请由提出人以外的人答复"))
    if problems:
        raise LuzeError("异议未答复，未作任何改动", problems=problems, fix=_FIX)
    told = {
        "authority": authority, "document_number": document_number, "detail": {"officer": officer}
    }  # fmt: skip
    _append(connection, number, last.state, event, moment, answer, **told)


def _open_case(connection: sa.Connection, number: int, event: str) -> tuple[Any, Any]:
    """The head and newest transition of an objection that this act may follow."""
    heads = sa.select(_OBJECTION).where(_OBJECTION.c.id == number)
    head = connection.execute(heads).first()
    if head is None:
        raise LuzeError(f"没有第 {number} 号异议", fix="编号见 tracker objections")
    last = life(connection, number)[-1]
    OBJECTION.after(last.state, event, number)
    return head, last


def _is_open(connection: sa.Connection, about: str, subject_id: int) -> bool:
    last = newest(_EVENT, "objection_id").subquery()
    found = connection.execute(
        sa.select(_OBJECTION.c.id)
        .join(last, last.c.objection_id == _OBJECTION.c.id)
        .where(
            last.c.state == "open", _OBJECTION.c.about == about,
            _OBJECTION.c.subject_id == subject_id,
        )
    )  # fmt: skip
    return found.first() is not None


def _append(
    connection: sa.Connection, number: int, state: str, event: str, moment: Moment, note: str,
    **told: Any,
) -> None:  # fmt: skip
    led_to = OBJECTION.after(state, event, number)
    row = {"detail": {}, **moment.row(event, note, led_to), **told, "objection_id": number}
    connection.execute(_EVENT.insert(), row)
    audit.append(
        connection, act=f"objection_{event}", operator=moment.operator, now=moment.now,
        detail={"objection": number, "on": moment.as_of, "note": note, **told},
    )  # fmt: skip


def life(
    connection: sa.Connection, number: int, as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[Any]:  # fmt: skip
    """Every transition of one objection up to a day, as known at a moment; oldest first."""
    statement = sa.select(_EVENT).where(_EVENT.c.objection_id == number)
    statement = up_to(statement, _EVENT, as_of, known_at)
    return list(connection.execute(statement.order_by(_EVENT.c.id)))


def listed(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> list[Any]:
    """Every objection with its newest transition (state, as_of, note), newest last."""
    last = newest(_EVENT, "objection_id", as_of=as_of, known_at=known_at).subquery()
    statement = sa.select(
        _OBJECTION, last.c.state, last.c.as_of, last.c.note, last.c.authority
    ).join(last, last.c.objection_id == _OBJECTION.c.id)
    return list(connection.execute(statement.order_by(_OBJECTION.c.id)))
