"""Explain walks left: from a finding to its clause, its arithmetic and its rows.

Every line that could be thought to count is listed: counted, or not counted with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.cases import asked_of
from tracker.evaluation.classify import Classifier, Row
from tracker.evaluation.coverage import topics_of
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Reason
from tracker.frames import absent, each
from tracker.ledger.tables import Entry, Line
from tracker.policy.model import Case, Document, Duty
from tracker.registry.dated import day_number, to_date
from tracker.registry.holders import unregistered
from tracker.registry.waiver_tables import Ruling
from tracker.registry.waivers import Release

MARGIN_DAYS = 31
_LINE, _ENTRY = table(Line), table(Entry)
_UNREGISTERED = (Reason.holder_not_registered, Reason.member_not_registered)


@dataclass(frozen=True, slots=True)
class State:
    """A value of the counterpart's attribute with the number it asks for (or `not_applicable`,
    `needs_review`), and the days on which it held."""

    attribute: str
    value: str
    number: int | Decimal | str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding with its law and its rows; `held` and `whole` are the days behind a proration,
    `least` and `most` the bounds (-inf, inf where there is none), `others` done and status by each
    other reading, `states` what the counterpart was in the window where the bounds depend on it,
    `unnamed` names of the document that nobody registered. `waiver` and `ruling`: what a person
    decided about it, where that made it what it is."""

    document: Document
    duty: Duty
    finding: pd.Series
    held: int
    whole: int
    rows: tuple[Row, ...]
    least: float
    most: float
    others: tuple[tuple[float, int], ...] = ()
    states: tuple[State, ...] = ()
    unnamed: tuple[str, ...] = ()
    waiver: Release | None = None
    ruling: Ruling | None = None

    @property
    def counted(self) -> list[Row]:
        """The rows that count."""
        return [row for row in self.rows if not row.why_not]

    @property
    def reasons(self) -> list[Row]:
        """The rows that say why what is asked in principle was not done (I72)."""
        kind = self.duty.in_principle.reason if self.duty.in_principle else None
        return [row for row in self.rows if row.kind == kind]

    @property
    def not_counted(self) -> list[Row]:
        """The rows that do not, each with its reason."""
        return [row for row in self.rows if row.why_not]


def explain(
    connection: sa.Connection, scene: Scene, covers: Mapping[str, frozenset[str]],
    evaluated: pd.Series, finding: pd.Series,
) -> Explanation:  # fmt: skip
    """Explain one obligation. `evaluated` is its row of `evaluate`, `finding` of `to_rows`."""
    document, duty = scene.duties[int(evaluated["duty"])]
    lines = _related(connection, duty, covers, finding)
    ruling = scene.rulings.get(finding["key"])
    others = evaluated["others"]
    return Explanation(
        document, duty, finding, int(evaluated["held"]), int(evaluated["whole"]),
        Classifier(scene, duty, finding, evaluated["stretches"]).rows(lines),
        float(evaluated["least"]), float(evaluated["most"]),
        tuple(others) if isinstance(others, tuple) else (),
        tuple(states(scene, duty, finding)), _unnamed(scene, document, duty, finding),
        next((w for w in scene.waivers if w.number == finding["waiver_id"]), None),
        ruling if finding["reason"] == Reason.ruled.name else None,
    )  # fmt: skip


def states(scene: Scene, duty: Duty, finding: pd.Series) -> Iterator[State]:
    """What the counterpart was in the window, newest first, where a bound depends on it (I52)."""
    case = next((b for b in (duty.at_least, duty.at_most) if isinstance(b, Case)), None)
    attribute = asked_of(case) if case else ""
    if not (case and attribute) or absent(finding["counterpart_id"]):
        return
    last = day_number(min(finding["closes"], finding["ends"], scene.as_of))
    dated = scene.registry.attribute(attribute)
    held = dated[(dated["subject"] == finding["counterpart_id"]) & (dated["starts"] <= last)]
    held = held[held["ends"] >= day_number(finding["starts"])]
    for one in each(held.sort_values("starts", ascending=False, kind="stable")):
        number = case.cases.get(one.value, case.otherwise)
        yield State(attribute, one.value, number, to_date(one.starts), to_date(one.ends))


def _unnamed(scene: Scene, document: Document, duty: Duty, finding: pd.Series) -> tuple[str, ...]:
    if Reason[finding["reason"]] not in _UNREGISTERED:
        return ()
    return unregistered(scene.roles, document, duty, int(finding["holder_id"]))


def _related(
    connection: sa.Connection, duty: Duty, covers: Mapping[str, frozenset[str]], finding: pd.Series
) -> list[sa.Row[tuple[object, ...]]]:
    topics = topics_of(duty) | ({duty.in_principle.reason} if duty.in_principle else set())
    kinds = set(topics).union(*(c for c in covers.values() if topics <= c))
    mine = _LINE.c.subject_id == int(finding["holder_id"])
    if duty.per and not absent(finding["counterpart_id"]):
        counterpart = _LINE.c.counterpart_id == int(finding["counterpart_id"])
        mine = sa.or_(sa.and_(mine, counterpart), sa.and_(counterpart, _LINE.c.kind.in_(topics)))
    first = finding["opens"] - timedelta(days=MARGIN_DAYS)
    last = min(finding["closes"], date(9990, 1, 1)) + timedelta(days=MARGIN_DAYS)
    in_time = _LINE.c.day.between(first, last)
    if duty.measure == "standing":
        in_time = _LINE.c.day <= last
    statement = (
        sa.select(_LINE, _ENTRY.c.sheet, _ENTRY.c.row)
        .join(_ENTRY, _ENTRY.c.id == _LINE.c.entry_id)
        .where(mine, _LINE.c.kind.in_(kinds), in_time)
        .order_by(_LINE.c.day, _LINE.c.id)
    )
    return list(connection.execute(statement))
