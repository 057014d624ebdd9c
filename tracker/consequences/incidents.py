"""Incidents: facts that a person records with an authority and a date, and that bars and interviews
follow from.

Rows are only ever added; a wrong one is withdrawn by a later row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.clock import SHANGHAI
from tracker.consequences import incident_checks as checks
from tracker.consequences.tables import Incident
from tracker.consequences.triggers import recordable
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.policy.law import Law
from tracker.registry.dated import load_registry

_INCIDENT = table(Incident)
_REFUSED = "事件未登记，未作任何改动"
_FIX = "请改正后重新登记"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An incident, and the row that took it back, if any."""

    incident: Incident
    withdrawal: Incident | None


def record(
    connection: sa.Connection, law: Law, *,
    kind: str, determined_on: date | None, authority: str, now: datetime, operator: str,
    happened_on: date | None = None, qualifiers: Sequence[str] = (), document_number: str = "",
    subject_id: int | None = None, place_id: int | None = None, household_id: int | None = None,
    note: str = "", ground: str = "", officer: str = "",
) -> int:  # fmt: skip
    """Record an incident in the caller's transaction; returns its number.

    `kind` and `qualifiers` by id or Chinese name. `ground`: the printed trigger that `officer`
    judges to be given (I35), by its id or as 'document|section|ground id'. Raises LuzeError with
    every defect at once.
    """
    parties = {"subject_id": subject_id, "place_id": place_id, "household_id": household_id}
    by_whom = f"认定人：{officer.strip()}" if officer.strip() else ""
    texts = {
        "authority": authority, "document_number": document_number,
        "note": "；".join(filter(None, (by_whom, note.strip()))),
    }  # fmt: skip
    meant, problems = checks.in_words(law.vocabulary, kind, qualifiers)
    days = {"happened_on": happened_on, "determined_on": determined_on}
    told: dict[str, Any] = {
        "kind": meant[0] if meant else "", "qualifiers": sorted(set(meant[1:])), **days, **parties,
        **texts, "ground": ground.strip(),
    }  # fmt: skip
    known = on_record(connection, known_at=now)
    problems += [
        *checks.day_problems(happened_on, determined_on, _today(now)),
        *checks.text_problems(texts),
        *checks.party_problems(connection, parties),
        *checks.missing(law.vocabulary, {**told, "officer": officer.strip()}),
        *checks.rated_before(law.vocabulary, told, known),
    ]
    if told["ground"] and determined_on and subject_id is not None:
        told["ground"], unknown = _printed(connection, law, told, now)
        problems += unknown
    problems += [] if problems else checks.told_before(told, known)
    if problems:
        raise LuzeError(_REFUSED, problems=problems, fix=_FIX)
    return _append(connection, "incident", told, now, operator)


def withdraw(
    connection: sa.Connection, number: int, *,
    reason: str, authority: str, now: datetime, operator: str,
    determined_on: date | None = None, document_number: str = "",
) -> int:  # fmt: skip
    """Take an incident back from now on; returns the number of the withdrawing row.

    `determined_on`: the day of that decision, default today. Raises LuzeError.
    """
    today = _today(now)
    known = recorded(connection, known_at=now)
    found = next((each for each in known if each.incident.id == number), None)
    texts = {"authority": authority, "document_number": document_number, "note": reason}
    problems = [
        *checks.day_problems(None, determined_on or today, today),
        *checks.text_problems(texts),
    ]
    if found is None:
        problems.append(Problem(f"没有第 {number} 号事件", fix="编号见 tracker incidents list"))
    elif found.withdrawal:
        problems.append(Problem(f"第 {number} 号事件已经撤销"))
    if not reason.strip():
        problems.append(Problem("没有写撤销的原因", "--reason", "请写明原因"))
    if found is None or problems:
        raise LuzeError("事件未撤销，未作任何改动", problems=problems, fix=_FIX)
    row = {
        "kind": found.incident.kind, "qualifiers": [], "determined_on": determined_on or today,
        "withdraws_id": number, **texts,
    }  # fmt: skip
    return _append(connection, "incident_withdrawn", row, now, operator)


def recorded(
    connection: sa.Connection, *, known_at: datetime, as_of: date | None = None
) -> list[Recorded]:
    """Every incident up to the day `as_of`, as known at `known_at`, withdrawn or not."""
    statement = sa.select(_INCIDENT).where(_INCIDENT.c.recorded_at <= known_at)
    rows = connection.execute(statement.order_by(_INCIDENT.c.id))
    known = [Incident(**row._mapping) for row in rows]
    taken_back: dict[int | None, Incident] = {
        row.withdraws_id: row for row in known if row.withdraws_id is not None
    }
    return [
        Recorded(row, taken_back.get(row.id))
        for row in known
        if row.withdraws_id is None and (as_of is None or row.day <= as_of)
    ]


def on_record(
    connection: sa.Connection, *, known_at: datetime, as_of: date | None = None
) -> list[Incident]:
    """Incidents up to the day `as_of` that were known and not yet withdrawn at `known_at`."""
    found = recorded(connection, known_at=known_at, as_of=as_of)
    return [each.incident for each in found if each.withdrawal is None]


def _printed(
    connection: sa.Connection, law: Law, told: Mapping[str, Any], now: datetime
) -> tuple[str, list[Problem]]:
    """The printed trigger meant, as stored; else a problem that lists those there are."""
    incident = Incident(**told, operator="", recorded_at=now)
    fitting = recordable(incident, law, load_registry(connection, now))
    return checks.ground_meant(incident, fitting)


def _append(
    connection: sa.Connection, act: str, row: Mapping[str, object], now: datetime, operator: str
) -> int:
    stored = {**row, "operator": operator, "recorded_at": now}
    statement = _INCIDENT.insert().returning(_INCIDENT.c.id)
    number = int(connection.execute(statement, stored).scalar_one())
    detail = {"incident": number, **{k: v for k, v in row.items() if v not in (None, "", [])}}
    audit.append(connection, act=act, operator=operator, now=now, detail=detail)
    return number


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
