"""Scorecards: recording a fact and taking it back, each with its row in the audit chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.clock import SHANGHAI
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.policy.law import Law
from tracker.registry.dated import load_registry
from tracker.scorecards import checks
from tracker.scorecards.facts import on_record, recorded
from tracker.scorecards.meant import cards_of
from tracker.scorecards.tables import ScoreEvent

_EVENT = table(ScoreEvent)
_FIX = "请改正后重新登记"


def record(
    connection: sa.Connection, law: Law, *,
    document: str, card: str, subject_id: int, item: str, on: date, officer: str, now: datetime,
    operator: str, what: str = "", amount: Decimal | None = None, source: str = "",
    document_number: str = "", note: str = "",
) -> int:  # fmt: skip
    """Record a fact about one item in the caller's transaction; returns its number.

    `item`, `what`: id or Chinese name. `amount`: points off for an event in a range, the score,
    class or place that was reported; none where the document itself says the points. Raises
    LuzeError with every defect at once.
    """
    plan = cards_of(law, document)
    scorecard = plan.card(card)
    entry, problems = checks.entry_of(scorecard, item)
    texts = {"officer": officer, "document_number": document_number, "note": note}
    told: dict[str, Any] = {
        "document": document, "card": card, "subject_id": subject_id, "item": item, "what": what,
        "amount": amount, "day": on, "source": source.strip(),
        **{name: text.strip() for name, text in texts.items()},
    }  # fmt: skip
    known = on_record(connection, document, known_at=now)
    area = law.pack(document).document.area
    problems += [
        *checks.subject_problems(scorecard, area, load_registry(connection, now), subject_id),
        *checks.day_problems(plan, on, _today(now)),
    ]
    event = False
    if entry:
        known_whats = checks.meant(plan, entry)
        event, told["item"] = known_whats.event, entry.id
        told["what"], unknown = checks.what_of(known_whats, what)
        told["source"], no_source = checks.source_of(entry, told["what"], told["source"])
        problems += [*unknown, *no_source, *checks.contrary(entry, told, known)]
        problems += [] if unknown else checks.amount_problems(entry, told["what"], amount)
    problems += checks.text_problems(entry, event, texts)
    families = {each.id: each.family for each in plan.scorecards}
    problems += checks.repeated(scorecard, told, event, known, families) if entry else ()
    if problems:
        raise LuzeError("没有登记，未作任何改动", problems=problems, fix=_FIX)
    return _append(connection, "score", told, now, operator)


def void(
    connection: sa.Connection, number: int, *,
    reason: str, officer: str, now: datetime, operator: str,
) -> int:  # fmt: skip
    """Take a fact back from now on; it and this row both stay on record. Returns the number of the
    voiding row. Raises LuzeError."""
    row = connection.execute(sa.select(_EVENT).where(_EVENT.c.id == number)).first()
    problems = [*checks.text_problems(None, True, {"officer": officer, "note": reason})]
    if row is None or row.voids_id is not None:
        problems.append(Problem(f"没有第 {number} 号记录", fix="编号见 tracker score list"))
    else:
        found = recorded(connection, row.document, known_at=now)
        if any(each.fact.id == number and each.voided for each in found):
            problems.append(Problem(f"第 {number} 号记录已经作废"))
    if row is None or problems:
        raise LuzeError("没有作废，未作任何改动", problems=problems, fix=_FIX)
    names = ("document", "card", "subject_id", "item", "what", "source")
    told = {name: row._mapping[name] for name in names}
    told |= {"day": _today(now), "officer": officer.strip(), "note": reason.strip()}
    return _append(connection, "score_voided", {**told, "voids_id": number}, now, operator)


def _append(
    connection: sa.Connection, act: str, row: Mapping[str, object], now: datetime, operator: str
) -> int:
    stored = {**row, "operator": operator, "recorded_at": now}
    statement = _EVENT.insert().returning(_EVENT.c.id)
    number = int(connection.execute(statement, stored).scalar_one())
    detail = {"score": number, **{k: v for k, v in row.items() if v not in (None, "")}}
    audit.append(connection, act=act, operator=operator, now=now, detail=detail)
    return number


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
