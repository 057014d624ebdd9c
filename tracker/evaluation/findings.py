"""Findings: store what changed in a night, and show the state of any night.

Only rows whose content changed since the newest row of their key are written, so a quiet night
adds nothing and a second run of the same night adds nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.judge import NO_DAY
from tracker.evaluation.obligations import NO_SPECIAL, Scene
from tracker.evaluation.released import released
from tracker.evaluation.tables import Finding, Run
from tracker.evaluation.words import Reason, Status
from tracker.frames import absent, found
from tracker.ledger.bulk import insert_rows
from tracker.registry.dated import LAST_DAY, to_date

_FINDING = table(Finding)
COLUMNS = [c.name for c in _FINDING.c if c.name not in ("id", "run_id")]
_DAYS = [c.name for c in _FINDING.c if isinstance(c.type, sa.Date)]
_AT_ONCE = 5000  # keys in one question: a database takes so many parameters
_CONTENT = [name for name in COLUMNS if name != "key"]


def to_rows(scene: Scene, frame: pd.DataFrame) -> pd.DataFrame:
    """The evaluated frame as findings: one row per key with the columns of the table."""
    if frame.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.DataFrame(index=frame.index)
    documents = [document.id for document, _ in scene.duties]
    duties = [duty.id for _, duty in scene.duties]
    rows["document"] = frame["duty"].map(dict(enumerate(documents)))
    rows["duty"] = frame["duty"].map(dict(enumerate(duties)))
    for name in ("holder", "counterpart", "accountable", "unit", "team", "place"):
        ids = frame[name].astype(object)
        rows[f"{name}_id"] = ids.where(frame[name] >= 0, None)
    for name in ("opens", "closes", "starts", "ends", "deadline", "grace_ends"):
        rows[name] = _dates(frame[name])
    rows["episode"] = _dates(frame["episode"], missing=0)
    rows["last_safe_on"] = _dates(frame["last_safe"], missing=NO_DAY)
    rows["status"] = frame["status"].map({int(s): s.name for s in Status})
    rows["reason"] = frame["reason"].map({int(r): r.name for r in Reason})
    other = frame["status_other"].map({int(s): s.name for s in Status})
    rows["status_other"] = other.astype(object).where(frame["status_other"] != NO_SPECIAL, None)
    for name in ("required", "literal", "done"):
        rows[name] = frame[name].astype(float)
    done_other = frame["done_other"].astype(object)
    rows["done_other"] = done_other.where(frame["done_other"].notna(), None)
    rows["flags"] = frame["flags"].astype("int64")
    rows["unreported"] = frame["unreported"].astype("int64")
    rows["waiver_id"], rows["status_bare"] = None, None
    rows["key"] = keys(rows)
    return released(scene, rows[COLUMNS])


def keys(rows: pd.DataFrame) -> list[str]:
    """document|duty|holder|counterpart|window start|episode: what one finding is about."""
    names = ("document", "duty", "holder_id", "counterpart_id", "opens", "episode")
    columns = [rows[name].tolist() for name in names]
    told = ({part: "" if part is None else str(part) for part in set(column)} for column in columns)
    parts = ([words[one] for one in column] for words, column in zip(told, columns, strict=True))
    return list(map("|".join, zip(*parts, strict=True)))


def holder_of(key: str) -> int:
    """The holder that a key of `keys` is about."""
    return int(key.split("|")[2])


def state(connection: sa.Connection, run_id: int | None = None) -> pd.DataFrame:
    """The findings as they stood after a run (default: the newest), with `id` and `run_id`."""
    newest = sa.select(sa.func.max(_FINDING.c.id)).group_by(_FINDING.c.key)
    if run_id is not None:
        newest = newest.where(_FINDING.c.run_id <= run_id)
    # Days are read as they lie and each distinct one converted once: a night reads every key.
    columns = [
        sa.type_coerce(c, sa.String).label(c.name) if c.name in _DAYS else c for c in _FINDING.c
    ]
    frame = found(connection.execute(sa.select(*columns).where(_FINDING.c.id.in_(newest))))
    for name in _DAYS:
        days = {day: _day(day) for day in frame[name].unique()}
        frame[name] = pd.Series([days[day] for day in frame[name]], index=frame.index, dtype=object)
    return frame


def newest_of(connection: sa.Connection, keys: Iterable[str]) -> dict[str, Any]:
    """The newest rows of these keys; a key without a finding has none."""
    rows_by_key: dict[str, Any] = {}
    asked = sorted(set(keys))
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        newest = sa.select(sa.func.max(_FINDING.c.id)).where(_FINDING.c.key.in_(some))
        newest = newest.group_by(_FINDING.c.key)
        rows = connection.execute(sa.select(_FINDING).where(_FINDING.c.id.in_(newest)))
        rows_by_key |= {row.key: row for row in rows}
    return rows_by_key


def waived(connection: sa.Connection, run_id: int) -> pd.DataFrame:
    """The findings that a waiver released from, as they stood after a run: key and waiver_id."""
    newest = sa.select(sa.func.max(_FINDING.c.id)).group_by(_FINDING.c.key)
    newest = newest.where(_FINDING.c.run_id <= run_id)
    statement = sa.select(_FINDING.c.key, _FINDING.c.waiver_id).where(
        _FINDING.c.id.in_(newest), _FINDING.c.status == Status.waived.name
    )
    return pd.DataFrame(connection.execute(statement).all(), columns=["key", "waiver_id"])


def _day(value: Any) -> date | None:
    if absent(value):
        return None
    day: date = date.fromisoformat(value) if isinstance(value, str) else value
    return day


def spoken_of(connection: sa.Connection, run_id: int, rows: pd.DataFrame) -> pd.DataFrame:
    """What a run says something about: the findings it judged and those it closed."""
    closed = sa.select(_FINDING.c.key, _FINDING.c.status, _FINDING.c.flags).where(
        _FINDING.c.run_id == run_id, _FINDING.c.reason == Reason.no_longer_owed.name
    )
    gone = pd.DataFrame(connection.execute(closed).all(), columns=["key", "status", "flags"])
    return pd.concat([rows[["key", "status", "flags"]], gone], ignore_index=True)


def owed(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the keys that were closed: a duty no longer owed, a gap that gave way to another."""
    return rows[rows["reason"] != Reason.no_longer_owed.name]


def run_of_night(connection: sa.Connection, night: date) -> Run | None:
    """The last run that judged this night."""
    t = table(Run)
    found = connection.execute(
        sa.select(t).where(t.c.as_of == night).order_by(t.c.id.desc()).limit(1)
    ).first()
    return Run(**found._mapping) if found else None


def last_run(
    connection: sa.Connection, up_to: date | None = None, known_at: datetime | None = None
) -> Run | None:
    """The newest run, or the newest of the nights up to a day (as known at a moment)."""
    t = table(Run)
    runs = sa.select(t) if up_to is None else sa.select(t).where(t.c.as_of <= up_to)
    if known_at is not None:
        runs = runs.where(t.c.recorded_at <= known_at)
    found = connection.execute(runs.order_by(t.c.id.desc()).limit(1)).first()
    return Run(**found._mapping) if found else None


def store(
    connection: sa.Connection, run_id: int, rows: pd.DataFrame, horizon: date
) -> dict[str, int]:
    """Append what differs from the newest state; returns counts of new, changed, closed.

    A key that is no longer produced is closed as not applicable, unless its window ended before
    `horizon`: those have simply left the span that a run looks at and keep their last word.
    """
    before = state(connection)
    earlier = before.drop_duplicates("key").set_index("key").reindex(rows["key"])
    fresh = earlier["run_id"].isna().to_numpy()
    changed = ~fresh & _differs(rows, earlier)
    written = rows[fresh | changed]
    closed = _no_longer_owed(before, set(rows["key"]), horizon)
    _insert(connection, run_id, pd.concat([written, closed]) if len(closed) else written)
    return {"new": int(fresh.sum()), "changed": int(changed.sum()), "closed": len(closed)}


def _differs(rows: pd.DataFrame, earlier: pd.DataFrame) -> np.ndarray:
    """Where any content column differs; a missing value equals a missing value."""
    differs = np.zeros(len(rows), dtype=bool)
    for name in _CONTENT:
        now, then = rows[name].to_numpy(object), earlier[name].to_numpy(object)
        both_missing = pd.isna(now) & pd.isna(then)
        differs |= (now != then) & ~both_missing
    return differs


def _no_longer_owed(before: pd.DataFrame, keys_now: set[str], horizon: date) -> pd.DataFrame:
    if before.empty:
        return before
    gone = before[
        ~before["key"].isin(keys_now)
        & (before["closes"] >= horizon)
        & (before["reason"] != Reason.no_longer_owed.name)
    ]
    return gone[COLUMNS].assign(
        status=Status.not_applicable.name, reason=Reason.no_longer_owed.name, last_safe_on=None
    )


def _insert(connection: sa.Connection, run_id: int, rows: pd.DataFrame) -> None:
    columns = [*COLUMNS, "run_id"]
    plain = rows.assign(run_id=run_id)[columns].astype(object)
    values = plain.where(plain.notna(), None).itertuples(index=False, name=None)
    insert_rows(connection, _FINDING, [dict(zip(columns, row, strict=True)) for row in values])


def _dates(numbers: pd.Series, missing: int | None = None) -> pd.Series:
    unique = {int(n): None if n == missing else to_date(min(int(n), LAST_DAY))
              for n in numbers.unique()}  # fmt: skip
    return pd.Series([unique[int(n)] for n in numbers], index=numbers.index, dtype=object)
