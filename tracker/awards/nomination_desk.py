"""Awards: a nomination before whoever acts on it, and the one way in which an act is written.

Everything that speaks against an act is told at once; it is written whole, with its row of the
audit, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.awards.meant import Names, chosen, meant, stages_of, unknown
from tracker.awards.nominations import NOMINATION, Filed, branch_of, history, load
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record
from tracker.awards.tables import NominationEvent
from tracker.consequences.history import Moment
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.policy.awards import Award, AwardPlan, Branch, Stage
from tracker.policy.law import Law
from tracker.policy.model import Pack
from tracker.registry.acts import day_problems, text_problems
from tracker.workdays import Calendar, calendar_for

_TEXT = 400


@dataclass(frozen=True)
class Desk:
    """A nomination before whoever acts on it, and what is wrong with the act so far."""

    connection: sa.Connection
    law: Law
    filed: Filed
    number: int
    event: str
    moment: Moment
    problems: list[Problem]

    @property
    def nominee(self) -> Nominee:
        """Who is nominated."""
        return self.filed.nominee

    @property
    def record(self) -> Record:
        """What is recorded so far."""
        return self.filed.record

    @cached_property
    def plan(self) -> AwardPlan:
        """The plan that it is under."""
        return plan_of(self.law, self.nominee.document)

    @cached_property
    def award(self) -> Award:
        """The award that it is for."""
        return self.plan.award(self.nominee.award)

    @cached_property
    def branch(self) -> Branch:
        """The way in which it comes up."""
        return branch_of(self.plan, self.award, self.nominee.kind)

    @cached_property
    def calendar(self) -> Calendar:
        """The working days where it comes up."""
        return calendar_of(self.law, self.nominee)

    @cached_property
    def organs(self) -> Names:
        """Every body that may be asked, those of the branch first."""
        known = self.law.vocabulary.organs
        order = dict.fromkeys(
            (*self.branch.organs, *known, *self.record.asked, *self.record.opinions)
        )
        return {organ: (known.get(organ, organ),) for organ in order}

    def organ(self, text: str, *, extra: bool) -> str:
        """The id of the body that a text means; one that the vocabulary does not know is kept under
        its written name where whoever acts says that it is no slip (`extra`)."""
        if found := meant(text, self.organs):
            return found
        if extra:
            self.problems.extend(said_problems(text, "部门名称", "部门"))
            return text.strip()
        problem = unknown(text, self.organs, "部门", "部门")
        self.refuse(problem.what, problem.where, f"{problem.fix}；确是其他部门的，加 --extra")
        return ""

    def stage(self, text: str) -> Stage | None:
        """The stage that a text means; None where a problem was noted."""
        found = self.pick(text, stages_of(self.branch), "环节", "环节")
        return next((stage for stage in self.branch.stages if stage.id == found), None)

    def pick(self, text: str, names: Names, what: str, where: str) -> str:
        """The id that a text means; '' where a problem was noted."""
        return chosen(text, names, what, where, self.problems)

    def refuse(self, what: str, where: str = "", fix: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(what, where, fix))

    def say(self, text: str, what: str, where: str = "--text", *, needed: bool = True) -> None:
        """Note a problem where a text is missing or too long."""
        self.problems.extend(said_problems(text, what, where, needed=needed))

    def write(
        self, note: str = "", *, authority: str = "", document_number: str = "", **detail: Any
    ) -> Filed:
        """Write the act, or raise LuzeError with every problem."""
        name = NOMINATION.steps[self.event].name
        if self.problems:
            what = f"第 {self.number} 号推荐的“{name}”未登记，未作任何改动"
            raise LuzeError(what, problems=self.problems, fix="请改正后重新登记")
        append(
            self.connection, self.number, self.filed.state, self.event, self.moment, note,
            authority=authority, document_number=document_number, detail=detail,
        )  # fmt: skip
        return load(self.connection, self.number)


def open_desk(
    connection: sa.Connection, law: Law, number: int, event: str, moment: Moment, **texts: str
) -> Desk:
    """The nomination, and whether the act may follow, on that day, with these texts."""
    filed = load(connection, number)
    problems: list[Problem] = []
    if not NOMINATION.allows(filed.state, event):
        now, name = NOMINATION.states[filed.state], NOMINATION.steps[event].name
        problems.append(Problem(f"第 {number} 号推荐现为“{now}”，不能再{name}"))
    earlier = _not_before(history(connection, number), event)
    problems += day_problems(moment.as_of, moment.now, earlier)
    problems += text_problems(**texts)
    return Desk(connection, law, filed, number, event, moment, problems)


def append(
    connection: sa.Connection, number: int, state: str, event: str, moment: Moment, note: str = "",
    *, authority: str = "", document_number: str = "", detail: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write an act that may follow the state, with its row of the audit."""
    to = NOMINATION.after(state, event, number)
    told = {"authority": authority, "document_number": document_number}
    row = {**moment.row(event, note, to), **told, "due_on": None, "detail": dict(detail)}
    connection.execute(table(NominationEvent).insert(), {**row, "nomination_id": number})
    audit.append(
        connection, act=f"nomination_{event}", operator=moment.operator, now=moment.now,
        detail={"nomination": number, "on": moment.as_of, "note": note, **told, **detail},
    )  # fmt: skip


def plan_of(law: Law, document: str) -> AwardPlan:
    """The award plan of a document. Raises LuzeError with those there are."""
    pack = next((pack for pack in plans(law) if pack.document.id == document), None)
    if pack is None or pack.awards is None:
        known = "、".join(pack.document.id for pack in plans(law)) or "无"
        raise LuzeError(f"没有评选方案“{document}”", fix=f"可写：{known}")
    return pack.awards


def plans(law: Law) -> list[Pack]:
    """The documents that are award plans."""
    return [pack for pack in law.packs if pack.awards]


def calendar_of(law: Law, nominee: Nominee) -> Calendar:
    """The working days of the area whose quota a nominee uses, else of the document's."""
    area = nominee.area_code or law.pack(nominee.document).document.area.code
    return calendar_for(law.calendar, area)


def said_problems(text: str, what: str, where: str, *, needed: bool = True) -> Iterator[Problem]:
    """A problem where a text is missing or too long for a row of history."""
    if needed and not text.strip():
        yield Problem(f"没有写{what}", where, f"请写明{what}")
    if len(text) > _TEXT:
        yield Problem(f"{what}超过 {_TEXT} 字", where, "请缩短")


def _not_before(rows: list[Any], event: str) -> tuple[date, str]:
    """What an act may not be earlier than: the last change of state, and where it changes the
    state itself, every act."""
    changes = [row for row in rows if NOMINATION.steps[row.event].to]
    ends = NOMINATION.steps[event].to is not None
    last = max(rows, key=lambda row: row.as_of) if ends else changes[-1]
    return last.as_of, f"“{NOMINATION.steps[last.event].name}”"
