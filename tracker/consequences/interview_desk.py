"""An interview before whoever acts on it: the case, its parties that day, and what speaks against.

Each check yields what is wrong, so that an act is refused with everything at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.consequences import objections
from tracker.consequences.cases import Case, load_case
from tracker.consequences.history import Moment
from tracker.consequences.lives import INTERVIEW
from tracker.consequences.parties import Parties, Party, rung_name
from tracker.consequences.tables import InterviewEvent
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.policy.document import Document
from tracker.policy.law import Law
from tracker.policy.model import interview_rule
from tracker.policy.sanctions import InterviewRule
from tracker.registry.acts import day_problems, text_problems
from tracker.registry.dated import Registry, load_registry
from tracker.registry.oneday import OneDay


@dataclass(frozen=True)
class Desk:
    """A case before whoever acts on it, and what is wrong with the act so far."""

    connection: sa.Connection
    case: Case
    document: Document
    rule: InterviewRule
    event: str
    moment: Moment
    problems: list[Problem]

    @property
    def clause(self) -> str:
        """Document number and clause of the interview."""
        return f"{self.document.number} {self.rule.cite}"

    @cached_property
    def registry(self) -> Registry:
        """The registry as it is known now."""
        return load_registry(self.connection, self.moment.now)

    @cached_property
    def parties(self) -> Parties:
        """Who interviews and is interviewed on the day of the act."""
        return Parties(OneDay(self.registry, self.moment.as_of), self.document)

    @cached_property
    def interviewees(self) -> list[Party]:
        """Whom this interview is with, on the day of the act; once it is decided on, also whom
        the decision named as concerned, though his ground may be gone."""
        case = self.case
        named = [
            who["people"] for who in case.interviewees if who.get("post") == "person_concerned"
        ]
        concerned = sorted({*case.concerned, *(one for people in named for one in people)})
        return self.parties.interviewees(self.rule, case.accountable_id, concerned)

    def interviewer(self, rung: int) -> Party:
        """Who interviews at a rung, on the day of the act."""
        return self.parties.interviewer(self.rule, self.case.accountable_id, rung)

    def write(
        self, note: str = "", *, authority: str = "", document_number: str = "",
        due_on: date | None = None, **detail: Any,
    ) -> Case:  # fmt: skip
        """Write the act, or raise LuzeError with every problem."""
        number, moment = self.case.id, self.moment
        name = INTERVIEW.steps[self.event].name
        if self.problems:
            what = f"第 {number} 号约谈的“{name}”未登记，未作任何改动"
            raise LuzeError(what, problems=self.problems, fix="请改正后重新登记")
        told = {"authority": authority, "document_number": document_number, "due_on": due_on}
        state = INTERVIEW.after(self.case.state, self.event, number)
        row = {**moment.row(self.event, note, state), **told, "detail": detail}
        self.connection.execute(table(InterviewEvent).insert(), {**row, "interview_id": number})
        audit.append(
            self.connection, act=f"interview_{self.event}", operator=moment.operator,
            now=moment.now, detail={"interview": number, "on": moment.as_of, "note": note, **told,
                                    **detail},
        )  # fmt: skip
        return load_case(self.connection, number)


def open_desk(
    connection: sa.Connection, law: Law, number: int, event: str, moment: Moment, **texts: str
) -> Desk:
    """The case, and whether the act may follow, on that day, with these texts."""
    case = load_case(connection, number)
    pack = law.pack(case.document)
    problems = []
    if not INTERVIEW.allows(case.state, event):
        now, name = INTERVIEW.states[case.state], INTERVIEW.steps[event].name
        problems.append(Problem(f"第 {number} 号约谈现为“{now}”，不能再{name}"))
    before = case.acts[-1]
    problems += day_problems(moment.as_of, moment.now, (before.as_of, f"“{before.name}”"))
    problems += text_problems(**texts)
    rule = interview_rule(pack, case.section)
    return Desk(connection, case, pack.document, rule, event, moment, problems)


def hearing_problems(case: Case, on: date) -> Iterator[Problem]:
    """The subject was told of its right, and has spoken or let the days pass."""
    told = case.last("informed")
    if told is None:
        what = "还没有告知当事人陈述申辩的权利"
        yield Problem(what, fix=f"先告知：tracker interviews inform {case.id}")
    elif unheard := sum(g.live and g.joined_on > told.as_of for g in case.grounds):
        what = f"{told.as_of} 告知之后又加入 {unheard} 项事由，当事人还不知道"
        yield Problem(what, fix=f"就全部事由再告知一次：tracker interviews inform {case.id}")
    elif told.due_on and on <= told.due_on and not case.last("stated"):
        what = f"陈述申辩的期限到 {told.due_on}，{on} 还没有届满"
        yield Problem(
            what, "--on", f"期满再决定；已陈述的先登记：tracker interviews state {case.id}"
        )


def objection_problems(desk: Desk) -> Iterator[Problem]:
    """No objection about the case or one of its grounds waits for an answer, and of what it is
    about something stands that none upheld excused."""
    case = desk.case
    for number in open_objections(desk.connection, case):
        yield Problem(f"第 {number} 号异议还没有答复", fix="先答复异议：tracker objections")
    about = case.keys or tuple(ground.key for ground in case.grounds)
    if about and all(map(objections.frozen(desk.connection).excuses, about)):
        fix = f"登记不约谈：tracker interviews dismiss {case.id}" if case.is_open else ""
        yield Problem("异议已认定成立，全部事由都不再成立", fix=fix)


def open_objections(connection: sa.Connection, case: Case) -> list[int]:
    """The numbers of the objections about the case or its grounds that wait for an answer."""
    own = {f"interview|{case.id}", *case.keys}
    return [
        one.id
        for one in objections.listed(connection)
        if one.state == "open"
        and any(map(objections.Standing(frozenset({one.about}), frozenset()).freezes, own))
    ]


def chosen_rung(desk: Desk, rung: int | None, severity: str) -> int:
    """The rung asked for; what cannot be asked for is a problem, and the suggested one stands."""
    ladder, ordered = desk.rule.ladder, desk.rule.order
    words = [each.when for each in ladder if each.when]
    if ordered == "by_severity" and rung is None:
        if severity in words:
            return next(i for i, each in enumerate(ladder) if each.when == severity)
        what = f"没有“{severity}”这一档" if severity else "没有写情节轻重"
        desk.problems.append(Problem(what, "--severity", f"可写：{'、'.join(words)}"))
    elif severity:
        what = f"{desk.clause}不按轻重确定由谁约谈"
        desk.problems.append(Problem(what, "--severity", "请去掉"))
    most = 1 if ordered == "jointly" else len(ladder)
    if rung is None or 0 <= rung < most:
        return desk.case.rung if rung is None else rung
    listed = "；".join(f"{i} {each.name}" for i, each in enumerate(ladder[:most], start=1))
    desk.problems.append(Problem(f"没有第 {rung + 1} 级", "--rung", f"可写：{listed}"))
    return desk.case.rung


def jump_problems(desk: Desk, chosen: int, reason: str) -> Iterator[Problem]:
    """Another rung than the one whose turn it is needs a reason (I32, I33)."""
    if chosen != desk.case.rung and not reason.strip():
        due, asked = (rung_name(desk.rule, rung) for rung in (desk.case.rung, chosen))
        what = f"按 {desk.clause}，这一次应由{due}约谈，改由{asked}约谈要有理由"
        yield Problem(what, "--reason", "请写明理由")


def presence_problems(desk: Desk, present: Sequence[int]) -> Iterator[Problem]:
    """Somebody came, and everybody named holds a post that this interview is for."""
    names, interviewees = desk.registry.name, desk.interviewees
    told = "；".join(
        f"{who['name']}{'、'.join(map(names, who['people'])) or '（空缺）'}" for who in interviewees
    )
    fix = f"按 {desk.clause}，{desk.moment.as_of} 应被约谈的是：{told}"
    if not present:
        yield Problem("没有写到场的被约谈人", "--present", fix)
    may = {person for who in interviewees for person in who["people"]}
    for person in present:
        if person not in may:
            what = f"{names(person)}在 {desk.moment.as_of} 不任应被约谈的职务，也不是当事人"
            yield Problem(what, "--present", fix)
