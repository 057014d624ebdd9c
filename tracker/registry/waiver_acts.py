"""The registry: the acts of a waiver: request, approve, refuse, withdraw, revoke (I67).

Each is refused with every defect at once, and written with its audit row in the caller's
transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from rapidfuzz import process

from tracker import audit
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.history import newest
from tracker.lifecycle import NEW
from tracker.policy.law import Law
from tracker.policy.model import Document, Duty
from tracker.registry.acts import day_problems, text_problems
from tracker.registry.dated import load_registry
from tracker.registry.holders import holders
from tracker.registry.roles import AREAS, Roles
from tracker.registry.spelling import clean
from tracker.registry.waiver_tables import Waiver, WaiverEvent
from tracker.registry.waivers import WAIVER, life

_WAIVER, _EVENT = table(Waiver), table(WaiverEvent)
_FIX = "请改正后重新办理；豁免须有理由、期限（最长一年）、申请人和另一位批准人（口径 I67）"
_SAME = ("document", "duty", "holder_id", "counterpart_id", "starts_on", "ends_on")


def request(
    connection: sa.Connection, law: Law, *,
    document: str, duty: str, holder_id: int, counterpart_id: int | None = None,
    starts_on: date, ends_on: date, reason: str, applicant: str,
    on: date, now: datetime, operator: str,
) -> int:  # fmt: skip
    """Apply for a waiver in the caller's transaction; returns its number.

    Raises LuzeError with every defect at once.
    """
    head = {
        "document": document, "duty": duty, "holder_id": holder_id,
        "counterpart_id": counterpart_id, "starts_on": starts_on, "ends_on": ends_on,
        "reason": reason, "applicant": applicant,
    }  # fmt: skip
    problems = [
        *_span_problems(starts_on, ends_on),
        *text_problems(reason=reason, applicant=applicant),
        *day_problems(on, now),
        *_duty_problems(connection, law, head, now),
        *_twin_problems(connection, head),
    ]
    if problems:
        raise LuzeError("豁免未登记，未作任何改动", problems=problems, fix=_FIX)
    statement = _WAIVER.insert().returning(_WAIVER.c.id)
    number = int(connection.execute(statement, head).scalar_one())
    _append(connection, number, NEW, "requested", on, now, operator, note=reason)
    return number


def approve(
    connection: sa.Connection, number: int, *,
    approver: str, authority: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> None:  # fmt: skip
    """Approve a request: from now on judgement knows it. Raises LuzeError with every defect."""
    head, last = _case(connection, number, "approved")
    told = {"approver": approver, "authority": authority, "document_number": document_number}
    problems = [
        *text_problems(**told),
        *day_problems(on, now, (last.as_of, "申请")),
        *_twin_problems(connection, head),
    ]
    if approver.strip() and clean(approver) == clean(head["applicant"]):
        problems.append(
            Problem("批准人就是申请人", "--approver", "须由申请人以外的人批准（口径 I67）")
        )
    if problems:
        raise LuzeError("豁免未批准，未作任何改动", problems=problems, fix=_FIX)
    _append(connection, number, last.state, "approved", on, now, operator, **told)


def refuse(
    connection: sa.Connection, number: int, *,
    approver: str, authority: str, reason: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> None:  # fmt: skip
    """Refuse a request. Raises LuzeError with every defect."""
    told = {"approver": approver, "authority": authority, "document_number": document_number}
    _end(connection, number, "refused", on, now, operator, reason, told)


def withdraw(
    connection: sa.Connection, number: int, *, reason: str, on: date, now: datetime, operator: str
) -> None:
    """Take a request back before it was decided. Raises LuzeError with every defect."""
    _end(connection, number, "withdrawn", on, now, operator, reason, {})


def revoke(
    connection: sa.Connection, number: int, *,
    reason: str, authority: str, on: date, now: datetime, operator: str, document_number: str = "",
) -> None:  # fmt: skip
    """End an approved waiver: `on` is the first day without it. Raises LuzeError."""
    told = {"authority": authority, "document_number": document_number}
    _end(connection, number, "revoked", on, now, operator, reason, told)


def _end(
    connection: sa.Connection, number: int, event: str, on: date, now: datetime, operator: str,
    reason: str, told: dict[str, str],
) -> None:  # fmt: skip
    _, last = _case(connection, number, event)
    earlier = (last.as_of, WAIVER.steps[last.event].name)
    problems = [*text_problems(reason=reason, **told), *day_problems(on, now, earlier)]
    if problems:
        what = f"豁免未能{WAIVER.steps[event].name}，未作任何改动"
        raise LuzeError(what, problems=problems, fix=_FIX)
    _append(connection, number, last.state, event, on, now, operator, note=reason, **told)


def _case(connection: sa.Connection, number: int, event: str) -> tuple[dict[str, Any], Any]:
    """The head and newest transition of a waiver that this act may follow."""
    head = connection.execute(sa.select(_WAIVER).where(_WAIVER.c.id == number)).mappings().first()
    if head is None:
        raise LuzeError(f"没有第 {number} 号豁免", fix="编号见 tracker waivers")
    last = life(connection, number)[-1]
    WAIVER.after(last.state, event, number)
    return dict(head), last


def _append(
    connection: sa.Connection, number: int, state: str, event: str, on: date, now: datetime,
    operator: str, **told: str,
) -> None:  # fmt: skip
    said = {"approver": "", "authority": "", "document_number": "", "note": "", **told}
    row = {
        "waiver_id": number, "event": event, "state": WAIVER.after(state, event, number),
        "as_of": on, "operator": operator, "recorded_at": now, **said,
    }  # fmt: skip
    connection.execute(_EVENT.insert(), row)
    detail = {"waiver": number, "on": on, **{k: v for k, v in told.items() if v}}
    audit.append(connection, act=f"waiver_{event}", operator=operator, now=now, detail=detail)


def _span_problems(starts_on: date, ends_on: date) -> Iterator[Problem]:
    if ends_on < starts_on:
        yield Problem(f"终止日 {ends_on} 早于起始日 {starts_on}", "--to", "请核对两个日期")
    anniversary = (starts_on.year + 1, starts_on.month, starts_on.day)
    if (ends_on.year, ends_on.month, ends_on.day) >= anniversary:
        yield Problem(
            f"{starts_on} 至 {ends_on} 超过一年", "--to", "最长一年，期满可重新申请（口径 I67）"
        )


def _twin_problems(connection: sa.Connection, head: dict[str, Any]) -> Iterator[Problem]:
    last = newest(_EVENT, "waiver_id").subquery()
    same = (_WAIVER.c[name].is_not_distinct_from(head[name]) for name in _SAME)
    twins = (
        sa.select(_WAIVER.c.id)
        .join(last, last.c.waiver_id == _WAIVER.c.id)
        .where(last.c.state == "approved", *same)
    )
    for number in connection.scalars(twins):
        yield Problem(f"已有相同的豁免：第 {number} 号（已批准）", fix="无须重复办理（口径 I67）")


def _duty_problems(
    connection: sa.Connection, law: Law, head: dict[str, Any], now: datetime
) -> Iterator[Problem]:
    pack = next((p for p in law.packs if p.document.id == head["document"]), None)
    if pack is None:
        known = "、".join(p.document.id for p in law.packs)
        yield Problem(f"没有规则包“{head['document']}”", "--pack", f"可写：{known}")
        return
    duty = next((d for d in pack.duties if d.id == head["duty"]), None)
    if duty is not None:
        yield from _party_problems(connection, pack.document, duty, head, now)
    elif head["duty"] in {q.id for q in pack.qualitative}:
        yield Problem(f"“{head['duty']}”由人评判、不作计算，无须豁免", "DUTY")
    else:
        near = process.extract(head["duty"], [d.id for d in pack.duties], limit=3)
        yield Problem(
            f"没有责任事项“{head['duty']}”",
            "DUTY",
            "可写：" + "、".join(name for name, _, _ in near),
        )


def _party_problems(
    connection: sa.Connection, document: Document, duty: Duty, head: dict[str, Any], now: datetime
) -> Iterator[Problem]:
    """Who never owes this duty needs no release from it. Every area is taken as one that
    reports: a waiver may be approved before the first report."""
    registry = load_registry(connection, now)
    areas = registry.subjects["kind"].isin(AREAS)
    roles = Roles(registry, frozenset(map(int, registry.subjects.index[areas])))
    owed = holders(roles, document, duty)
    mine = owed[owed["holder"] == head["holder_id"]]
    toward = head["counterpart_id"]
    if mine.empty:
        name = registry.name(head["holder_id"])
        yield Problem(f"{name}不承担“{duty.name}”", "HOLDER", "请核对责任主体和责任事项")
    elif toward is not None and not (duty.per and toward in set(mine["counterpart"])):
        yield Problem(
            f"“{duty.name}”不对{registry.name(toward)}履行", "--toward", "请核对对象，或不写对象"
        )
