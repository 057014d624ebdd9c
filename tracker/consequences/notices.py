"""Notices: blue 临近, yellow 滞后, red 逾期或已无法达标; raised once, cured when evidence arrives.

Deciding is pure (`decide`); applying writes the transitions. A second run of the same night finds
every notice already there and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.consequences.history import Moment, newest
from tracker.consequences.tables import Notice, NoticeEvent
from tracker.db import table
from tracker.evaluation.words import LEVEL_NAMES, Flag, Level, Reason, Status
from tracker.frames import each

REPORT = "report"
OPEN = "raised"
_NOTICE, _EVENT = table(Notice), table(NoticeEvent)


@dataclass(frozen=True, slots=True)
class Call:
    """What tonight's findings call for: one notice about a subject at a level."""

    key: str
    level: str
    subject_id: int
    duty: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One transition to write; `note` says why in the office's language."""

    warning: Call
    event: str
    note: str = ""


_CALLING = [s.name for s in (Status.breached, Status.unreachable, Status.in_grace, Status.at_risk)]


def level_of(status: str, reason: str) -> Level | None:
    """The colour that a finding calls for, None for no notice."""
    if status in (Status.breached.name, Status.unreachable.name):
        return Level.red
    if status == Status.in_grace.name or reason == Reason.behind_pace.name:
        return Level.yellow
    if status == Status.at_risk.name:
        return Level.blue
    return None


def wanted(findings: pd.DataFrame) -> list[Call]:
    """One warning per finding that calls for a colour."""
    open_ = findings[findings["status"].isin(_CALLING)]
    return [
        Call(row.key, level.value, int(row.accountable_id), row.duty)
        for row in each(open_)
        if (level := level_of(row.status, row.reason))
    ]


def wanted_reports(
    findings: pd.DataFrame, reporters: Mapping[int, int], month: date, duty_names: Mapping[str, str]
) -> list[Call]:
    """One reporting notice per body that owes a report, for the newest month overdue (I65); its
    note says what nothing was heard of."""
    # A month whose report is not due yet is nobody's omission.
    silent = findings[(findings["status"] == Status.unreported.name) & (findings["unreported"] > 0)]
    body = silent["place_id"].map(lambda place: reporters.get(int(place)))
    missing = silent.assign(body=body).groupby("body", sort=True)["duty"].unique()
    return [
        Call(
            f"{REPORT}|{int(str(owing))}|{month:%Y-%m}", REPORT, int(str(owing)),
            note="未报送：" + "、".join(duty_names[duty] for duty in duties),
        )
        for owing, duties in missing.items()
    ]  # fmt: skip


def decide(
    warnings: list[Call], open_notices: Mapping[tuple[str, str], Call],
    findings: Mapping[str, tuple[str, int]],
) -> list[Decision]:  # fmt: skip
    """What to write tonight. `findings`: key -> (status name, flags) of every key that tonight
    says something about; a notice about any other keeps its last word."""
    now = {(w.key, w.level): w for w in warnings}
    level_now = {w.key: w.level for w in warnings}
    silent = {w.subject_id for w in warnings if w.level == REPORT}
    decisions = [
        _close(old, level_now.get(old.key), findings.get(old.key), old.subject_id in silent)
        for place, old in open_notices.items()
        if place not in now and (old.level == REPORT or old.key in findings)
    ]
    raised = [Decision(w, OPEN, w.note) for place, w in now.items() if place not in open_notices]
    return decisions + raised


def _close(
    old: Call, level: str | None, finding: tuple[str, int] | None, still_silent: bool
) -> Decision:
    if old.level == REPORT:
        if still_silent:
            return Decision(old, "superseded", "并入新一月的报送提醒")
        return Decision(old, "cured", "已报送，或已不在考核范围")
    if level:
        return Decision(old, "superseded", f"转为{LEVEL_NAMES[Level(level)]}色")
    status, flags = finding or ("", 0)
    if status == Status.met.name:
        late = bool(flags & Flag.late_entries)
        return Decision(
            old, "cured_late" if late else "cured", "补录后已达标" if late else "已达标"
        )
    if status == Status.on_track.name:
        return Decision(old, "eased", "进度已跟上")
    return Decision(old, "withdrawn", "判定已变更")


def open_notices(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> dict[tuple[str, str], Call]:
    """Every notice that is open (as of a day, as known at a moment), by key and level."""
    last = newest(_EVENT, "notice_id", as_of=as_of, known_at=known_at).subquery()
    rows = connection.execute(
        sa.select(_NOTICE).join(last, last.c.notice_id == _NOTICE.c.id).where(last.c.event == OPEN)
    )
    return {
        (row.key, row.level): Call(row.key, row.level, row.subject_id, row.duty) for row in rows
    }


def apply(connection: sa.Connection, decisions: list[Decision], moment: Moment) -> dict[str, int]:
    """Write the transitions; returns how many of each event."""
    ids = {
        (row.key, row.level): row.id
        for row in connection.execute(sa.select(_NOTICE.c.id, _NOTICE.c.key, _NOTICE.c.level))
    }
    fresh = [d.warning for d in decisions if (d.warning.key, d.warning.level) not in ids]
    if fresh:
        statement = _NOTICE.insert().returning(_NOTICE.c.id, _NOTICE.c.key, _NOTICE.c.level)
        values = [
            {"key": w.key, "level": w.level, "subject_id": w.subject_id, "duty": w.duty}
            for w in fresh
        ]
        for row in connection.execute(statement, values):
            ids[row.key, row.level] = row.id
    if decisions:
        connection.execute(_EVENT.insert(), [
            {**moment.row(d.event, d.note), "notice_id": ids[d.warning.key, d.warning.level]}
            for d in decisions
        ])  # fmt: skip
    counts: dict[str, int] = {}
    for decision in decisions:
        counts[decision.event] = counts.get(decision.event, 0) + 1
    return counts


def listed(
    connection: sa.Connection, *, history: bool, as_of: date | None, known_at: datetime | None
) -> list[Any]:
    """Open notices with the transition that raised them; with `history` every transition."""
    newest_only = newest(_EVENT, "notice_id", as_of=as_of, known_at=known_at)
    told = sa.select(_EVENT).subquery() if history else newest_only.subquery()
    statement = sa.select(
        _NOTICE.c.key, _NOTICE.c.level, _NOTICE.c.subject_id, _NOTICE.c.duty,
        told.c.event, told.c.as_of, told.c.note,
    ).join(told, told.c.notice_id == _NOTICE.c.id)  # fmt: skip
    if not history:
        statement = statement.where(told.c.event == OPEN)
    return list(connection.execute(statement.order_by(told.c.id)))
