"""Classify: which lines count for a finding, and why the others do not, one line after the other.

Written a second time on purpose, in Python over single lines; a property test holds it against
the tally.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.evaluation.coverage import topics_of
from tracker.evaluation.obligations import Scene
from tracker.policy.duty import Counts, Duty
from tracker.registry.dated import to_date
from tracker.registry.roles import AREAS


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


class Classifier:
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

    def rows(self, lines: Iterable[sa.Row[tuple[object, ...]]]) -> tuple[Row, ...]:
        """All lines, in order of their days; figures of a level newest first, the newest counts."""
        told = [self._row(line) for line in lines]
        if self.duty.measure != "latest":
            return tuple(told)
        newest = next((row for row in reversed(told) if not row.why_not), None)
        return tuple(
            row if row.why_not or row is newest else replace(row, why_not="已有更新的数据")
            for row in reversed(told)
        )

    def _row(self, line: sa.Row[tuple[object, ...]]) -> Row:
        return Row(
            line.day, line.until, line.kind, line.subject_id, line.counterpart_id, line.place_id,
            line.item, float(line.quantity), line.reported_on, line.sheet, line.row,
            self._why_not(line),
        )  # fmt: skip

    def _why_not(self, line: sa.Row[tuple[object, ...]]) -> str:
        reason = self._void(line) or self._unfit(line) or self._untimely(line)
        if reason or self.duty.measure in ("standing", "sum", "latest"):
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
        if self.duty.measure == "standing":
            return "" if line.kind in topics_of(self.duty) else "类别不符"
        if self.duty.in_principle and line.kind == self.duty.in_principle.reason:
            return "说明理由，不计入"
        why = "类别不符"
        for counted in self.duty.counts:
            if counted.kind == line.kind:
                why = self._differs(counted, line)
                if not why:
                    return ""
        return why

    def _differs(self, counted: Counts, line: sa.Row[tuple[object, ...]]) -> str:
        """Why a line of the right kind is not what is asked for; '' where it is."""
        if counted.item not in (None, line.item):
            return "事项（指标）不同"
        if counted.as_ not in (None, line.role):
            return "身份不符（组织、参加或履行）"
        if counted.place == "helped_village" and not self._helped(line):
            return "到访地点不是本单位帮扶村"
        if counted.place == "own_area" and not self._inside(line):
            return "地点不在本辖区"
        return ""

    def _inside(self, line: sa.Row[tuple[object, ...]]) -> bool:
        """Whether the place lies in the holder's own area: itself, or where its duty is about."""
        kinds, holder = self.scene.registry.of_subjects("kind"), int(self.finding["holder_id"])
        own = holder if kinds.get(holder) in AREAS else int(self.finding["place_id"])
        return line.place_id is not None and own in self.scene.roles.chain(line.place_id)

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
