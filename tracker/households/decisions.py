"""Households: what a named officer decides on an exit that is held; undone only by a new decision.

A decision counts while what was found stays as it was; all stay on record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from tracker import audit
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.history import up_to
from tracker.households.checks import Checked, Outcome
from tracker.households.tables import ExitDecision
from tracker.registry.acts import day_problems, text_problems

VERDICTS = {"allow": "准予退出", "refuse": "不予退出", "hold": "继续暂缓"}
_HOLD = "hold"
_DECISION = table(ExitDecision)
_LONGEST = 400  # as `found` is stored

Key = tuple[int, str, str]


def decide(
    connection: sa.Connection, household: int, found: Checked, *,
    verdict: str, officer: str, authority: str, reason: str, on: date, now: datetime,
    operator: str, document_number: str = "",
) -> int:  # fmt: skip
    """Decide on a held check in the caller's transaction; returns the number of the decision.

    `verdict`: allow, refuse or hold (which takes an earlier decision back), or in Chinese. Raises
    LuzeError with every defect at once.
    """
    chosen = {name: word for word, name in VERDICTS.items()}.get(verdict, verdict)
    told = {
        "officer": officer, "authority": authority, "document_number": document_number,
        "reason": reason,
    }  # fmt: skip
    former = decisions(connection).get((household, found.document, found.check.id))
    problems = [
        *_verdict_problems(found, chosen, former),
        *text_problems(**told),
        *day_problems(on, now, (former.as_of if former else None, "上一次决定")),
    ]
    if problems:
        fix = "请改正后重新登记"
        raise LuzeError("没有登记决定，未作任何改动", problems=problems, fix=fix)
    row = {
        "household_id": household, "document": found.document, "exit_check": found.check.id,
        "verdict": chosen, "basis": found.basis, "found": found.reason[:_LONGEST], "as_of": on,
        **told,
    }  # fmt: skip
    return _append(connection, row, now, operator)


def decisions(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> Mapping[Key, ExitDecision]:
    """The newest decision of each household and check, as of a day and as known at a moment."""
    return {(one.household_id, one.document, one.exit_check): one
            for one in made(connection, as_of=as_of, known_at=known_at)}  # fmt: skip


def made(
    connection: sa.Connection, household: int | None = None, as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[ExitDecision]:  # fmt: skip
    """Every decision (of a household), oldest first."""
    query = up_to(sa.select(_DECISION), _DECISION, as_of, known_at).order_by(_DECISION.c.id)
    if household is not None:
        query = query.where(_DECISION.c.household_id == household)
    return [ExitDecision(**row._mapping) for row in connection.execute(query)]


def stands(decision: ExitDecision | None, found: Checked) -> bool:
    """Whether a decision releases or refuses what is found now."""
    return bool(decision and decision.verdict != _HOLD and decision.basis == found.basis)


def _verdict_problems(
    found: Checked, verdict: str, former: ExitDecision | None
) -> Iterator[Problem]:
    if verdict not in VERDICTS:
        told = "、".join(VERDICTS.values())
        yield Problem(f"没有“{verdict}”这种决定", "VERDICT", f"可写：{told}")
    if found.outcome is not Outcome.held:
        yield Problem(f"“{found.check.name}”没有暂缓", "CHECK", "只有暂缓的才需要决定")
    elif verdict == _HOLD and not stands(former, found):
        yield Problem("现在就是暂缓，没有可以撤回的决定", "VERDICT", "请写准予退出或不予退出")
    elif former and former.verdict == verdict and stands(former, found):
        yield Problem(f"已于 {former.as_of} 作过相同的决定", "VERDICT", "情况未变，无须重复")


def _append(connection: sa.Connection, row: dict[str, object], now: datetime, operator: str) -> int:
    stored = {**row, "operator": operator, "recorded_at": now}
    statement = _DECISION.insert().returning(_DECISION.c.id)
    number = int(connection.execute(statement, stored).scalar_one())
    audit.append(
        connection, act="exit_decision", operator=operator, now=now,
        detail={"decision": number, **row},
    )  # fmt: skip
    return number
