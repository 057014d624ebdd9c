"""The registry: rulings (核定), a named officer's verdict on what needs a person to judge.

A ruling counts while the figures it was made on still stand; the newest of a finding replaces
the former, and all stay on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker import audit
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.registry.acts import day_problems, text_problems
from tracker.registry.waiver_tables import Ruling

VERDICTS = {"met": "达标", "breached": "未达标"}
_RULING = table(Ruling)
_FIX = "请改正后重新核定"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding as it stands tonight without waivers and rulings: its key, its status, the
    figures, and the first day of its span."""

    key: str
    status: str
    done: float
    required: float
    starts: date


def rule(
    connection: sa.Connection, finding: Judged | None, *,
    verdict: str, officer: str, authority: str, reason: str, on: date, now: datetime,
    operator: str, document_number: str = "",
) -> int:  # fmt: skip
    """Rule on a finding that needs review, in the caller's transaction; returns the number.

    `verdict`: met or breached, or in Chinese. Raises LuzeError with every defect at once.
    """
    chosen = {name: word for word, name in VERDICTS.items()}.get(verdict, verdict)
    told = {
        "officer": officer, "authority": authority, "document_number": document_number,
        "reason": reason,
    }  # fmt: skip
    former = load_rulings(connection).get(finding.key) if finding else None
    problems = [
        *_verdict_problems(finding, chosen, former),
        *text_problems(**told),
        *day_problems(
            on,
            now,
            (finding.starts if finding else None, "考核期开始"),
            (former.as_of if former else None, "上一次核定"),
        ),
    ]
    if finding is None or problems:
        raise LuzeError("没有核定，未作任何改动", problems=problems, fix=_FIX)
    row = {
        "key": finding.key, "verdict": chosen, "done": finding.done,
        "required": finding.required, "as_of": on, **told,
    }  # fmt: skip
    return _append(connection, row, now, operator)


def load_rulings(connection: sa.Connection, known_at: datetime | None = None) -> dict[str, Ruling]:
    """The newest ruling of each key, as known at a moment (None: now)."""
    latest = sa.select(sa.func.max(_RULING.c.id)).group_by(_RULING.c.key)
    if known_at is not None:
        latest = latest.where(_RULING.c.recorded_at <= known_at)
    rows = connection.execute(sa.select(_RULING).where(_RULING.c.id.in_(latest)))
    return {row.key: Ruling(**row._mapping) for row in rows}


def _verdict_problems(
    finding: Judged | None, verdict: str, former: Ruling | None
) -> Iterator[Problem]:
    if verdict not in VERDICTS:
        yield Problem(
            f"没有“{verdict}”这种核定", "VERDICT", "可写：" + "、".join(VERDICTS.values())
        )
    if finding is None:
        yield Problem("没有这项判定", "FINDING", "编号见 tracker findings --status 待人工核定")
    elif finding.status != "needs_review":
        yield Problem("这项判定不是待人工核定", "FINDING", "只有待人工核定的才能核定")
    elif former and former.verdict == verdict and former.stands_on(finding.done, finding.required):
        yield Problem(f"已于 {former.as_of} 作过相同的核定", "FINDING", "数字未变，无须重复核定")


def _append(connection: sa.Connection, row: dict[str, object], now: datetime, operator: str) -> int:
    stored = {**row, "operator": operator, "recorded_at": now}
    statement = _RULING.insert().returning(_RULING.c.id)
    number = int(connection.execute(statement, stored).scalar_one())
    audit.append(
        connection, act="ruling", operator=operator, now=now, detail={"ruling": number, **row}
    )
    return number
