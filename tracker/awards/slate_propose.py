"""A list of nominees, acted on: every row proposed, or told why it was not.

A row that cannot be proposed keeps no other back; whoever was proposed before is not once more, so
that the same list, also as it was returned, can be sent in again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.awards import proposals
from tracker.awards import slate_told as told
from tracker.awards.asking import Asked
from tracker.awards.gate import ANSWER_NAMES, Answer
from tracker.awards.nominations import load_all
from tracker.awards.slate import Entry
from tracker.awards.slate_review import Review, Reviewed, identity
from tracker.errors import LuzeError, Problem
from tracker.policy.law import Law


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a row: the nomination it has (None: none, with why), and whether it had it
    before the list was sent in."""

    row: Reviewed
    number: int | None = None
    before: bool = False
    problems: tuple[Problem, ...] = ()


def propose_rows(
    connection: sa.Connection, law: Law, found: Review, *,
    barred: bool, on: date, now: datetime, operator: str, reason: str = "",
) -> list[Listed]:  # fmt: skip
    """Propose the rows of a list, in the caller's transaction, in the order they came. `barred`:
    those that may not be nominated too; `reason`: as for one, needed after the deadline."""
    said = {"on": on, "now": now, "operator": operator, "reason": reason}
    taker = _Taker(connection, law, said, barred, dict(_withdrawn(connection, found)))
    listed = [taker.take(row) for row in found.rows]
    fresh = [one.number for one in listed if one.number and not one.before]
    if fresh:
        detail = {"list": found.slate.path.name, "list_sha256": found.slate.sha256,
                  "on": on, "nominations": fresh}  # fmt: skip
        audit.append(connection, act="nomination_list", operator=operator, now=now, detail=detail)
    return listed


@dataclass(frozen=True)
class _Taker:
    """Takes row after row. `said`: of every act; `withdrawn`: nominees that were taken back, which
    a list that is sent in again must not bring back."""

    connection: sa.Connection
    law: Law
    said: Mapping[str, Any]
    barred: bool
    withdrawn: Mapping[tuple[object, ...], int]
    _numbers: dict[Entry, int] = field(default_factory=dict)

    def take(self, row: Reviewed) -> Listed:
        """Propose a row, or tell why not."""
        if row.asked is None:
            return Listed(row, problems=tuple(Problem(text) for text in row.messages))
        if number := row.asked.nominee.nomination_id:
            return Listed(row, number, before=True)
        if problem := self._against(row, row.asked):
            return Listed(row, problems=(problem,))
        try:
            self._numbers[row.entry] = self._propose(row.entry, row.asked)
        except LuzeError as failure:
            return Listed(row, problems=failure.problems)
        return Listed(row, self._numbers[row.entry])

    def _against(self, row: Reviewed, asked: Asked) -> Problem | None:
        """Why a row is kept back before anything else is looked at."""
        if twin := next((one for one in row.twins if one in self._numbers), None):
            at, number = told.place(twin, row.entry), self._numbers[twin]
            what = f"与{at}是同一推荐对象，已按{at}登记为第 {number} 号"
            return Problem(what, fix="名单中请只保留一行")
        if before := self.withdrawn.get(identity(asked)):
            fix = "仍要推荐的，请用 tracker campaign propose 单独登记"
            return Problem(f"原第 {before} 号推荐已撤回", fix=fix)
        if row.answer is Answer.barred and not self.barred:
            what = f"{ANSWER_NAMES[row.answer]}：{told.first_reason(row)}"
            return Problem(what, fix="仍要登记的，加 --include-barred")
        return None

    def _propose(self, entry: Entry, asked: Asked) -> int:
        nominee, kind = asked.nominee, asked.nominee.kind
        unknown = nominee.subject_id is None
        return proposals.propose(
            self.connection, self.law, document=nominee.document, award=nominee.award,
            kind=asked.plan.kind(kind).name if kind else asked.written,
            subject_id=nominee.subject_id, name=entry.name if unknown else "",
            unit=entry.unit if unknown else "", area_code=nominee.area_code or entry.area,
            **self.said,
        )  # fmt: skip


def _withdrawn(
    connection: sa.Connection, found: Review
) -> Iterator[tuple[tuple[object, ...], int]]:
    for document in {row.asked.nominee.document for row in found.rows if row.asked}:
        for filed in load_all(connection, document):
            if filed.state == "withdrawn":
                yield identity(filed), filed.nominee.nomination_id or 0
