"""The registry as known at a moment: dated facts as frames, days as integers since 1970-01-01.

Of one roster (reporter and form) the list of a year speaks for that year, the first one also for
the time before it and the newest also for the time after; so a colleague whom next year's list
shows as gone is gone from then on, although last year's list left the end open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.frames import absent, found
from tracker.registry.tables import Attribute, Post, Subject, Tie

FIRST_DAY = -25567  # 1900-01-01
LAST_DAY = 2932896  # 9999-12-31
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def to_date(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(int(number) + _EPOCH)


def known(table: sa.Table, known_at: datetime | None) -> sa.ColumnElement[bool]:
    """The rows of `table` that were known and not yet voided at `known_at` (None: now)."""
    if known_at is None:
        return table.c.voided_at.is_(None)
    return sa.and_(
        table.c.recorded_at <= known_at,
        sa.or_(table.c.voided_at.is_(None), table.c.voided_at > known_at),
    )


@dataclass(frozen=True)
class Registry:
    """Frames: subjects (indexed by id: sort, kind, name, home, code, distinguisher); posts
    (person, body, role, title), ties (kind, source, target) and attributes (subject, name,
    value), each with starts and ends as day numbers."""

    subjects: pd.DataFrame
    posts: pd.DataFrame
    ties: pd.DataFrame
    attributes: pd.DataFrame

    def tie(self, kind: str) -> pd.DataFrame:
        """Ties of one kind: source, target, starts, ends."""
        rows = self.ties.take(self._ties_of_kind.get(kind, []))
        return rows[["source", "target", "starts", "ends"]]

    def attribute(self, name: str) -> pd.DataFrame:
        """One attribute: subject, value, starts, ends."""
        rows = self.attributes[self.attributes["name"] == name]
        return rows[["subject", "value", "starts", "ends"]]

    def name(self, subject_id: int) -> str:
        """The subject's name, '—' for none."""
        return str(self.of_subjects("name").get(subject_id, "—"))

    def of_subjects(self, column: str) -> dict[int, Any]:
        """One column of the subjects by id: for single questions a frame is slow."""
        if column not in self._columns:
            ids, values = self.subjects.index.tolist(), self.subjects[column].tolist()
            self._columns[column] = dict(zip(ids, values, strict=True))
        return self._columns[column]

    @cached_property
    def _columns(self) -> dict[str, dict[int, Any]]:
        return {}

    @cached_property
    def _ties_of_kind(self) -> dict[Any, Any]:
        return self.ties.groupby("kind").indices


def load_registry(connection: sa.Connection, known_at: datetime) -> Registry:
    """Everything the registry knew at `known_at`."""
    subjects = found(connection.execute(_subjects(known_at))).set_index("id", drop=False)
    subjects["home"] = subjects["home"].fillna(-1).astype("int64")
    return Registry(
        subjects,
        _dated(connection, table(Post), {"person_id": "person", "body_id": "body"}, known_at),
        _dated(connection, table(Tie), {"from_id": "source", "to_id": "target"}, known_at),
        _dated(connection, table(Attribute), {"subject_id": "subject"}, known_at),
    )


def _subjects(known_at: datetime) -> sa.Select[tuple[object, ...]]:
    c = table(Subject).c
    return sa.select(
        c.id, c.sort, c.kind, c.name, c.home_id.label("home"), c.code, c.distinguisher
    ).where(c.recorded_at <= known_at)


def _dated(
    connection: sa.Connection, table: sa.Table, renamed: dict[str, str], known_at: datetime
) -> pd.DataFrame:
    unwanted = {"id", "entry_id", "recorded_at", "voided_at"}
    columns = [c for c in table.c if c.name not in unwanted]
    frame = found(connection.execute(sa.select(*columns).where(known(table, known_at))))
    frame = frame.rename(columns=renamed)
    frame["starts"] = _days(frame.pop("starts_on"), FIRST_DAY)
    frame["ends"] = _days(frame.pop("ends_on"), LAST_DAY)
    return _cut_between_rosters(frame)


def _days(column: pd.Series, missing: int) -> pd.Series:
    numbers = {day: missing if absent(day) else day_number(day) for day in set(column)}
    return pd.Series([numbers[day] for day in column], index=column.index, dtype="int64")


def _cut_between_rosters(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut each fact to the years its own roster speaks for; drop what nothing is left of."""
    years = frame.loc[frame["period"].notna() & (frame["roster"] != ""), ["roster", "period"]]
    years = years.drop_duplicates().sort_values(["roster", "period"])
    if years.duplicated("roster").any():
        following = years.groupby("roster")["period"].shift(-1)
        years["from_day"] = [
            FIRST_DAY if first else day_number(date(int(year), 1, 1))
            for year, first in zip(years["period"], ~years.duplicated("roster"), strict=True)
        ]
        years["to_day"] = [
            LAST_DAY if pd.isna(year) else day_number(date(int(year), 1, 1)) - 1
            for year in following
        ]
        cut = frame[["roster", "period"]].merge(years, how="left", on=["roster", "period"])
        from_day = cut["from_day"].fillna(FIRST_DAY).to_numpy("int64")
        to_day = cut["to_day"].fillna(LAST_DAY).to_numpy("int64")
        frame["starts"] = np.maximum(frame["starts"].to_numpy(), from_day)
        frame["ends"] = np.minimum(frame["ends"].to_numpy(), to_day)
    return frame[frame["starts"] <= frame["ends"]].reset_index(drop=True)
