"""The one chain: gather -> judge -> findings -> notices -> interviews, one transaction a night.

`look` is the first half alone and writes nothing: a look-back, a query or a what-if.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker import audit
from tracker.clock import SHANGHAI
from tracker.consequences import interview_night, notice_night
from tracker.consequences.history import Moment
from tracker.db import table
from tracker.errors import CalendarError, LuzeError
from tracker.evaluation import findings
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.obligations import LOOK_BACK_DAYS, Scene
from tracker.evaluation.tables import Run
from tracker.ledger.tables import Coverage, Line
from tracker.policy.law import Law
from tracker.registry.dated import known, load_registry
from tracker.registry.roles import AREAS, COUNTY_CODE, Roles
from tracker.registry.rulings import load_rulings
from tracker.registry.waivers import load_waivers
from tracker.workdays import FIRST, LAST, calendar_for

_RUN = table(Run)
_ONLY_LOOK = "如只想查看当日情形，请用 tracker findings --as-of（不入库）"
Covers = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Night:
    """What one check found and stored."""

    run_id: int
    as_of: date
    findings: pd.DataFrame
    counts: dict[str, Any]


def set_scene(
    connection: sa.Connection, law: Law, *, as_of: date, known_at: datetime,
    focus: frozenset[int] | None = None, look_from: date | None = None,
) -> Scene:  # fmt: skip
    """Gather what a judgement looks at, as known at `known_at`. Raises CalendarError."""
    _refuse_outside_calendar(as_of)
    registry = load_registry(connection, known_at)
    covered = table(Coverage)
    scopes = connection.execute(
        sa.select(covered.c.scope_id).where(known(covered, known_at)).distinct()
    ).scalars()
    kind = registry.subjects["kind"]
    tracked = frozenset(scope for scope in scopes if kind.get(scope) in AREAS)
    codes = registry.subjects["code"].reindex(sorted(tracked))
    calendar = calendar_for(law.calendar, next((str(c) for c in codes if c), ""))
    roles = Roles(registry, tracked)
    for area in (pack.document.area for pack in law.packs):
        if len(area.code) > COUNTY_CODE:
            roles.learn(area.code, area.name)
    return Scene(
        law, registry, roles, calendar, as_of, known_at, focus, look_from,
        load_waivers(connection, known_at), load_rulings(connection, known_at),
    )  # fmt: skip


def _refuse_outside_calendar(as_of: date) -> None:
    """A window may reach a year either way, and a run looks back further still."""
    first = FIRST + timedelta(days=LOOK_BACK_DAYS + 366)
    last = LAST - timedelta(days=366)
    if not first <= as_of <= last:
        raise CalendarError(
            f"判定日 {as_of} 超出工作日历能够回答的范围", fix=f"请使用 {first} 至 {last} 之间的日期"
        )


def look(connection: sa.Connection, scene: Scene, covers: Covers) -> pd.DataFrame:
    """Tonight's findings as they would be stored, without storing anything."""
    return findings.to_rows(scene, evaluate(connection, scene, covers))


def check(
    connection: sa.Connection, law: Law, covers: Covers, *,
    as_of: date, now: datetime, operator: str,
) -> Night:  # fmt: skip
    """Run one night in the caller's transaction. Running it again changes nothing.

    A night before the newest one is refused: history is only ever appended. So is one of a day to
    come, for it would shut out every night until then. Use `look` for both.
    """
    if as_of > now.astimezone(SHANGHAI).date():
        raise LuzeError(f"{as_of} 还没有到，检查结果不能入库", fix=_ONLY_LOOK)
    last = findings.last_run(connection)
    if last and as_of < last.as_of:
        raise LuzeError(
            f"{as_of} 早于已检查的最后一夜 {last.as_of}，检查结果只能按日期先后入库",
            fix=_ONLY_LOOK,
        )
    touched = _touched_since(connection, law, last.recorded_at) if last else None
    scene = set_scene(connection, law, as_of=as_of, known_at=now, look_from=touched)
    rows = look(connection, scene, covers)
    run_id = _open_run(connection, law, as_of, now, operator)
    moment = Moment(as_of, now, operator, run_id)
    counts: dict[str, Any] = {
        "status": {str(k): int(v) for k, v in rows["status"].value_counts().items()},
        "findings": findings.store(connection, run_id, rows, scene.horizon),
    }
    spoken = findings.spoken_of(connection, run_id, rows)
    counts["notices"] = notice_night.update(connection, rows, scene, spoken, moment)
    counts["interviews"] = interview_night.update(connection, rows, scene, spoken, moment)
    connection.execute(_RUN.update().where(_RUN.c.id == run_id).values(counts=counts))
    audit.append(
        connection, act="check", operator=operator, now=now,
        detail={"as_of": as_of, "law": law.sha256, "counts": counts},
    )  # fmt: skip
    return Night(run_id, as_of, rows, counts)


def _touched_since(connection: sa.Connection, law: Law, moment: datetime) -> date | None:
    """The earliest day that was entered or voided since the last run: a late entry cures a breach
    however old (I64). Before the first document was in force there is nothing to judge."""
    line = table(Line)
    changed = sa.or_(line.c.recorded_at > moment, line.c.voided_at > moment)
    earliest = connection.execute(sa.select(sa.func.min(line.c.day)).where(changed)).scalar()
    first_law = min(pack.document.in_force.from_ for pack in law.packs)
    return max(earliest, first_law) if earliest else None


def _open_run(
    connection: sa.Connection, law: Law, as_of: date, now: datetime, operator: str
) -> int:
    values = {
        "as_of": as_of, "known_at": now, "law": law.sha256, "operator": operator,
        "counts": {}, "recorded_at": now,
    }  # fmt: skip
    return int(connection.execute(_RUN.insert().returning(_RUN.c.id), values).scalar_one())
