"""Explain walks left: from a finding to its clause, its arithmetic and its rows.

Every line that could be thought to count is listed: counted, or not counted with the reason. The
classification is written a second time on purpose, in Python over single lines; a property test
holds it against the tally.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.coverage import topics_of
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Reason
from tracker.ledger.tables import Entry, Line
from tracker.policy.model import Document, Duty
from tracker.registry.dated import to_date
from tracker.registry.waiver_tables import Ruling
from tracker.registry.waivers import Release

MARGIN_DAYS = 31
_LINE, _ENTRY = table(Line), table(Entry)


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its source. `why_not` is empty where it counts."""

    day: date
    until: date | None
    kind: str
    subject_id: int
    counterpart_id: int | None
    place_id: int | None
    item: str
    quantity: float
    reported_on: date
    sheet: str
    row: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding with its law and its rows; `held` and `whole` are the days behind a proration.
    `waiver` and `ruling`: what a person decided about it, where that made it what it is."""

    document: Document
    duty: Duty
    finding: pd.Series
    held: int
    whole: int
    rows: tuple[Row, ...]
    waiver: Release | None = None
    ruling: Ruling | None = None

    @property
    def counted(self) -> list[Row]:
        """The rows that count."""
        return [row for row in self.rows if not row.why_not]

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
    judge_line = _Classifier(scene, duty, finding, evaluated["stretches"])
    rows = tuple(judge_line.row(line) for line in lines)
    ruling = scene.rulings.get(finding["key"])
    return Explanation(
        document, duty, finding, int(evaluated["held"]), int(evaluated["whole"]), rows,
        next((w for w in scene.waivers if w.number == finding["waiver_id"]), None),
        ruling if finding["reason"] == Reason.ruled.name else None,
    )  # fmt: skip


def _related(
    connection: sa.Connection, duty: Duty, covers: Mapping[str, frozenset[str]], finding: pd.Series
) -> list[sa.Row[tuple[object, ...]]]:
    topics = topics_of(duty)
    kinds = set(topics).union(*(c for c in covers.values() if topics <= c))
    mine = _LINE.c.subject_id == int(finding["holder_id"])
    if duty.per:
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


class _Classifier:
    """Says of one line after the other whether it counts; days already used are remembered."""

    def __init__(
        self, scene: Scene, duty: Duty, finding: pd.Series, stretches: tuple[Any, ...] | None
    ) -> None:
        self.scene, self.duty, self.finding = scene, duty, finding
        apart = stretches if isinstance(stretches, tuple) else ()
        self.stretches = [(to_date(s), to_date(e)) for s, e in apart]
        self.last = min(finding["deadline"], scene.as_of)
        self.used: set[tuple[object, ...]] = set()
        self.places = set()
        if any(counted.place == "helped_village" for counted in duty.counts):
            ties = scene.registry.tie("assists")
            own = ties[ties["source"] == finding["unit_id"]]
            self.places = {(int(t), to_date(s), to_date(e)) for _, t, s, e in
                           own.itertuples(index=False)}  # fmt: skip

    def row(self, line: sa.Row[tuple[object, ...]]) -> Row:
        return Row(
            line.day, line.until, line.kind, line.subject_id, line.counterpart_id, line.place_id,
            line.item, float(line.quantity), line.reported_on, line.sheet, line.row,
            self._why_not(line),
        )  # fmt: skip

    def _why_not(self, line: sa.Row[tuple[object, ...]]) -> str:
        reason = self._void(line) or self._unfit(line) or self._untimely(line)
        if reason or self.duty.measure in ("standing", "sum"):
            return reason
        use = (line.day, line.place_id) if "place" in self.duty.distinct else (line.day,)
        if use in self.used:
            return "同一天（同一地点）已计一次"
        self.used.add(use)
        return ""

    def _void(self, line: sa.Row[tuple[object, ...]]) -> str:
        if line.voided_at is not None and line.voided_at <= self.scene.known_at:
            return "该行已被更正、替换或撤销"
        if line.recorded_at > self.scene.known_at:
            return "当时尚未登记"
        return ""

    def _unfit(self, line: sa.Row[tuple[object, ...]]) -> str:
        if line.subject_id != int(self.finding["holder_id"]):
            return "不是责任人本人履行"
        fits = [c for c in self.duty.counts if c.kind == line.kind]
        if self.duty.measure == "standing":
            return "" if line.kind in topics_of(self.duty) else "类别不符"
        if not fits:
            return "类别不符"
        if not any(c.as_ in (None, line.role) for c in fits):
            return "身份不符（组织、参加或履行）"
        if any(c.place == "helped_village" for c in fits) and not self._helped(line):
            return "到访地点不是本单位帮扶村"
        return ""

    def _helped(self, line: sa.Row[tuple[object, ...]]) -> bool:
        return any(p == line.place_id and s <= line.day <= e for p, s, e in self.places)

    def _untimely(self, line: sa.Row[tuple[object, ...]]) -> str:
        if line.day > self.scene.as_of:
            return "晚于判定日"
        if self.duty.measure == "standing":
            return ""
        if line.day < self.finding["starts"]:
            return "早于考核期（或任职、结对）起始日"
        if line.day > self.last:
            late = self.duty.due and line.day <= self.finding["ends"]
            return "超过期限" if late else "晚于考核期（或任职、结对）终止日"
        if self.stretches and not any(s <= line.day <= e for s, e in self.stretches):
            return "在两段任职（结对）之间"
        if self.duty.working_days_only and not self.scene.calendar.is_working(line.day):
            return "不是法定工作日"
        return ""
