"""The tally: what the ledger adds up to (or says last) for each obligation of a work list.

One predicate, always against a work list, with windows as stored dates: a correlated subquery, so
that SQLite and PostgreSQL both walk the one ledger index (subject, kind, day) once per obligation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.alike import item_of
from tracker.evaluation.obligations import Scene
from tracker.frames import each
from tracker.ledger.bulk import insert_rows
from tracker.ledger.tables import Line
from tracker.policy.model import Counts, Duty
from tracker.registry import spans
from tracker.registry.dated import FIRST_DAY, LAST_DAY, day_number, known, to_date
from tracker.registry.roles import AREAS as KINDS
from tracker.workdays import FIRST

_metadata = sa.MetaData()
WORK_LIST = sa.Table(
    "work_list", _metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("subject_id", sa.Integer, nullable=False),
    sa.Column("counterpart_id", sa.Integer),
    sa.Column("unit_id", sa.Integer),
    sa.Column("item", sa.String),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    prefixes=["TEMPORARY"],
)  # fmt: skip
WORKING_DAYS = sa.Table(
    "working_days", _metadata, sa.Column("day", sa.Date, primary_key=True), prefixes=["TEMPORARY"]
)
PLACES = sa.Table(
    "work_places", _metadata,
    sa.Column("unit_id", sa.Integer, primary_key=True),
    sa.Column("place_id", sa.Integer, primary_key=True),
    sa.Column("first_day", sa.Date, primary_key=True),
    sa.Column("last_day", sa.Date, nullable=False),
    prefixes=["TEMPORARY"],
)  # fmt: skip

AREAS = sa.Table(
    "work_areas", _metadata,
    sa.Column("holder_id", sa.Integer, primary_key=True),
    sa.Column("place_id", sa.Integer, primary_key=True),
    prefixes=["TEMPORARY"],
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tallied:
    """Aligned with the frame asked: `done`; `reported_on`, the latest day on which a counted line
    was reported, and `about`, the day of the newest figure of a level, as day numbers (FIRST_DAY
    where none)."""

    done: np.ndarray
    reported_on: np.ndarray
    about: np.ndarray


class Tally:
    """Tallies within one connection; the temporary tables live as long as it does."""

    def __init__(self, connection: sa.Connection, scene: Scene) -> None:
        self.connection = connection
        self.scene, self.known_at = scene, scene.known_at
        _metadata.drop_all(connection)
        _metadata.create_all(connection)
        self._fill_working_days(scene)

    def count(
        self, duty: Duty, frame: pd.DataFrame, last: np.ndarray, *, working_days_only: bool
    ) -> Tallied:
        """What counts for `duty` between each row's `starts` and `last` (day numbers)."""
        self.connection.execute(WORK_LIST.delete())
        insert_rows(self.connection, WORK_LIST, self._work_rows(frame, last))
        if _asks_place(duty, "helped_village"):
            self._fill_helped(frame["unit"])
        if _asks_place(duty, "own_area"):
            self._fill_areas(frame)
        statement = tally_statement(duty, self.known_at, working_days_only=working_days_only)
        done = np.zeros(len(frame))
        reported = np.full(len(frame), FIRST_DAY, dtype="int64")
        about = reported.copy()
        for seq, told in self.connection.execute(statement).all():
            if told is not None:
                amount, latest, *day = told.split("/")
                done[seq], reported[seq] = float(amount), _day_of(latest)
                about[seq] = _day_of(day[0]) if day else FIRST_DAY
        return Tallied(done, reported, about)

    def _work_rows(self, frame: pd.DataFrame, last: np.ndarray) -> list[dict[str, object]]:
        """The rows of the work list whose span is not empty."""
        first = frame["starts"].to_numpy("int64")
        days = {int(day): to_date(int(day)) for day in np.unique(np.concatenate([first, last]))}
        items = {duty: item_of(self.scene.duties[duty][1]) for duty in frame["duty"].unique()}
        columns = (frame[name].tolist() for name in ("holder", "counterpart", "unit", "duty"))
        return [
            {"seq": seq, "subject_id": holder, "counterpart_id": counterpart, "unit_id": unit,
             "item": items[duty], "first_day": days[begins], "last_day": days[until]}
            for seq, (holder, counterpart, unit, duty, begins, until) in enumerate(
                zip(*columns, first.tolist(), last.tolist(), strict=True)
            )
            if until >= begins
        ]  # fmt: skip

    def _fill_working_days(self, scene: Scene) -> None:
        # A window that ended on the horizon may have begun a year earlier.
        first = max(scene.horizon - timedelta(days=366), FIRST)
        days = scene.calendar.days(first, scene.as_of).tolist()
        self.connection.execute(WORKING_DAYS.insert(), [{"day": day} for day in days])

    def _fill_helped(self, units: pd.Series) -> None:
        """The villages that these units helped, and when."""
        ties = self.scene.registry.tie("assists")
        ties = spans.union(ties[ties["source"].isin(units)], ["source", "target"])
        self.connection.execute(PLACES.delete())
        insert_rows(self.connection, PLACES, [
            {"unit_id": tie.source, "place_id": tie.target,
             "first_day": to_date(max(tie.starts, FIRST_DAY)),
             "last_day": to_date(min(tie.ends, LAST_DAY))}
            for tie in each(ties)
        ])  # fmt: skip

    def _fill_areas(self, frame: pd.DataFrame) -> None:
        """For each holder the places in its own area: itself, or where its duty is about."""
        kinds, roles = self.scene.registry.of_subjects("kind"), self.scene.roles
        own: dict[int, set[int]] = {}
        for holder, place in zip(frame["holder"].tolist(), frame["place"].tolist(), strict=True):
            own.setdefault(holder if kinds.get(holder) in KINDS else place, set()).add(holder)
        inside = {
            (holder, place)
            for place, kind in kinds.items() if kind in KINDS
            for above in roles.chain(place)
            for holder in own.get(above, ())
        }  # fmt: skip
        self.connection.execute(AREAS.delete())
        rows: list[dict[str, object]] = [
            {"holder_id": holder, "place_id": place} for holder, place in sorted(inside)
        ]
        insert_rows(self.connection, AREAS, rows)


def tally_statement(duty: Duty, known_at: datetime, *, working_days_only: bool) -> sa.Select[Any]:
    """The tally of `duty` for every row of the work list: seq, and 'amount/latest reported_on',
    of a level 'figure/reported_on/day'; null where nothing counts. One subquery tells all, so
    that the ledger is walked once."""
    line, work = table(Line), WORK_LIST
    where = counts_for(duty, known_at, working_days_only=working_days_only)
    if duty.measure == "latest":
        told = _joined(line.c.quantity, line.c.reported_on, line.c.day)
        newest = sa.select(told).where(where).order_by(line.c.day.desc(), line.c.id.desc()).limit(1)
    else:
        newest = sa.select(_joined(amount_of(duty), sa.func.max(line.c.reported_on))).where(where)
    return sa.select(work.c.seq, newest.correlate(work).scalar_subquery())


def _joined(*columns: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    first, *rest = (sa.cast(column, sa.String) for column in columns)
    return reduce(lambda told, column: told + "/" + column, rest, first)


def amount_of(duty: Duty) -> sa.ColumnElement[Any]:
    """What is added up: quantities, or distinct days, or distinct days and places (I13, I14)."""
    line = table(Line)
    if duty.measure == "sum":
        return sa.func.sum(line.c.quantity)
    if "place" in duty.distinct:
        place = sa.func.coalesce(line.c.place_id, 0)
        both = sa.cast(line.c.day, sa.String) + "/" + sa.cast(place, sa.String)
        return sa.func.count(sa.distinct(both))
    return sa.func.count(sa.distinct(line.c.day))


def counts_for(
    duty: Duty, known_at: datetime, *, working_days_only: bool
) -> sa.ColumnElement[bool]:
    """The one predicate: does this line count for this row of the work list?"""
    line, work = table(Line), WORK_LIST
    clauses: list[sa.ColumnElement[bool]] = [
        line.c.subject_id == work.c.subject_id,
        sa.or_(*(_of_kind(duty, counted) for counted in duty.counts)),
        line.c.kind.in_([counted.kind for counted in duty.counts]),
        line.c.day.between(work.c.first_day, work.c.last_day),
        known(line, known_at),
    ]
    if duty.per:
        clauses.append(line.c.counterpart_id == work.c.counterpart_id)
    if working_days_only:
        # EXISTS, not IN: SQLite would search the ledger once per kind and working day.
        working = sa.select(WORKING_DAYS.c.day).where(WORKING_DAYS.c.day == line.c.day)
        clauses.append(sa.exists(working.correlate(line)))
    return sa.and_(*clauses)


def reasons_of(duty: Duty) -> Duty:
    """The duty as if it counted the recorded reasons for not doing it (原则上, I72)."""
    kind = duty.in_principle.reason if duty.in_principle else ""
    counts = {"counts": (Counts(kind=kind),), "measure": "count", "distinct": ("day",)}
    return duty.model_copy(update=counts)


def _asks_place(duty: Duty, place: str) -> bool:
    return any(counted.place == place for counted in duty.counts)


def _of_kind(duty: Duty, counted: Counts) -> sa.ColumnElement[bool]:
    line = table(Line)
    clauses = [line.c.kind == counted.kind]
    if counted.as_:
        clauses.append(line.c.role == counted.as_)
    if counted.item:
        own = WORK_LIST.c.item if item_of(duty) else counted.item  # each row asks for its own
        clauses.append(line.c.item == own)
    if counted.place:
        clauses.append(_HELPED if counted.place == "helped_village" else _IN_OWN_AREA)
    return sa.and_(*clauses)


def _there(places: sa.Table, *clauses: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    line = table(Line)
    there = sa.select(places.c.place_id).where(places.c.place_id == line.c.place_id, *clauses)
    return sa.exists(there.correlate(WORK_LIST, line))


_HELPED = _there(
    PLACES,
    PLACES.c.unit_id == WORK_LIST.c.unit_id,
    table(Line).c.day.between(PLACES.c.first_day, PLACES.c.last_day),
)
_IN_OWN_AREA = _there(AREAS, AREAS.c.holder_id == WORK_LIST.c.subject_id)


@lru_cache(maxsize=4096)
def _day_of(written: str) -> int:
    return day_number(date.fromisoformat(written))
