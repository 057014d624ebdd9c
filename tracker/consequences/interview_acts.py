"""What persons do about an interview, each act in the caller's transaction, whole or not at all.

recommended -> informed of the right to state one's case -> decided or dismissed -> conducted ->
verified or failed -> closed (销号). Every act is refused with all that is wrong at once, and leaves
a row of history and one of the audit; each returns the case as it then stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

import sqlalchemy as sa

from tracker.consequences.cases import Case
from tracker.consequences.history import Moment
from tracker.consequences.interview_desk import (
    chosen_rung,
    hearing_problems,
    jump_problems,
    objection_problems,
    open_desk,
    presence_problems,
)
from tracker.errors import Problem
from tracker.policy.law import Law
from tracker.workdays import calendar_for

BLOCKS, FREE = "blocks", "free"
EFFECTS = {BLOCKS: "影响推荐", FREE: "不影响推荐"}


def inform(
    connection: sa.Connection, law: Law, number: int, *,
    by: str, on: date, now: datetime, operator: str, document_number: str = "",
) -> Case:  # fmt: skip
    """Tell the subject of its right to state its case, within the working days of the document."""
    moment = Moment(on, now, operator)
    desk = open_desk(connection, law, number, "informed", moment, by=by,
                 document_number=document_number)  # fmt: skip
    days = desk.document.defaults.hearing.statement_working_days
    calendar = calendar_for(law.calendar, desk.document.area.code)
    due_on = cast(date, calendar.add_working_days(on, days).item())
    return desk.write(f"由{by}告知", document_number=document_number, due_on=due_on, by=by)


def state(
    connection: sa.Connection, law: Law, number: int, *,
    who: str, text: str, on: date, now: datetime, operator: str,
) -> Case:  # fmt: skip
    """Record what the subject says for itself (陈述申辩), while nothing is decided."""
    moment = Moment(on, now, operator)
    desk = open_desk(connection, law, number, "stated", moment, speaker=who, statement=text)
    return desk.write(f"{who}：{text}", who=who, text=text)


def decide(
    connection: sa.Connection, law: Law, number: int, *,
    authority: str, officer: str, on: date, now: datetime, operator: str,
    rung: int | None = None, severity: str = "", document_number: str = "", reason: str = "",
    meeting_on: date | None = None, place: str = "",
) -> Case:  # fmt: skip
    """Decide to hold it, by a rung of the ladder (default the suggested one; by severity: the word
    of `when`). Interviewer and interviewees are those of that day."""
    moment = Moment(on, now, operator)
    texts = {"authority": authority, "officer": officer, "document_number": document_number}
    texts |= {"reason": reason} if reason else {}
    desk = open_desk(connection, law, number, "decided", moment, **texts)
    desk.problems.extend(hearing_problems(desk.case, on))
    desk.problems.extend(objection_problems(desk))
    if not (document_number.strip() or reason.strip()):
        fix = "文号和理由至少写一个（口径 I27）"
        desk.problems.append(Problem("没有文号，也没有理由", "--document、--reason", fix))
    if meeting_on and meeting_on < on:
        desk.problems.append(Problem(f"约谈日 {meeting_on} 早于决定的 {on}", "--meeting"))
    chosen = chosen_rung(desk, rung, severity)
    desk.problems.extend(jump_problems(desk, chosen, reason))
    return desk.write(
        reason, authority=authority, document_number=document_number, due_on=meeting_on,
        rung=chosen, severity=desk.rule.ladder[chosen].when, officer=officer, place=place,
        interviewer=desk.interviewer(chosen), interviewees=desk.interviewees,
    )  # fmt: skip


def dismiss(
    connection: sa.Connection, law: Law, number: int, *,
    reason: str, authority: str, officer: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> Case:  # fmt: skip
    """Decide not to hold it; the same grounds are not recommended again (I27)."""
    desk = open_desk(
        connection, law, number, "dismissed", Moment(on, now, operator),
        reason=reason, authority=authority, officer=officer, document_number=document_number,
    )  # fmt: skip
    return desk.write(reason, authority=authority, document_number=document_number, officer=officer)


def conduct(
    connection: sa.Connection, law: Law, number: int, *,
    interviewer: str, present: Sequence[int], record: str, on: date, now: datetime, operator: str,
    others: str = "", rectify_by: date | None = None,
) -> Case:  # fmt: skip
    """Record that it was held. `interviewer`: who led it; `present`: the interviewees who came,
    each in a post that this interview is for on that day, or a person concerned."""
    moment = Moment(on, now, operator)
    desk = open_desk(connection, law, number, "conducted", moment, interviewer=interviewer,
                 record=record)  # fmt: skip
    desk.problems.extend(objection_problems(desk))
    desk.problems.extend(presence_problems(desk, present))
    if rectify_by and rectify_by < on:
        problem = Problem(f"整改期限 {rectify_by} 早于约谈的 {on}", "--rectify-by")
        desk.problems.append(problem)
    days = desk.document.defaults.hearing.rectification_days
    return desk.write(
        record, due_on=rectify_by or on + timedelta(days), interviewer=interviewer,
        present=list(present), interviewees=desk.interviewees, others=others, record=record,
    )  # fmt: skip


def verify(
    connection: sa.Connection, law: Law, number: int, *,
    by: str, result: str, on: date, now: datetime, operator: str,
) -> Case:  # fmt: skip
    """Record that the rectification was looked at and is in place."""
    moment = Moment(on, now, operator)
    desk = open_desk(connection, law, number, "verified", moment, by=by, result=result)
    return desk.write(result, by=by)


def fail(
    connection: sa.Connection, law: Law, number: int, *,
    by: str, reason: str, on: date, now: datetime, operator: str,
) -> Case:  # fmt: skip
    """Record that the rectification is not accepted: the grounds may be recommended again, in turn
    at the next rung (I32)."""
    moment = Moment(on, now, operator)
    desk = open_desk(connection, law, number, "failed", moment, by=by, reason=reason)
    desk.problems.extend(objection_problems(desk))
    return desk.write(reason, by=by)


def close(
    connection: sa.Connection, law: Law, number: int, *,
    authority: str, on: date, now: datetime, operator: str, document_number: str = "",
) -> Case:  # fmt: skip
    """Strike a verified case off (销号)."""
    moment = Moment(on, now, operator)
    desk = open_desk(connection, law, number, "closed", moment, authority=authority,
                 document_number=document_number)  # fmt: skip
    return desk.write(authority=authority, document_number=document_number)


def rule(
    connection: sa.Connection, law: Law, number: int, *,
    effect: str, reason: str, authority: str, officer: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> Case:  # fmt: skip
    """Say whether an interview that was held bears on a nomination: 'blocks' or 'free' (I28)."""
    desk = open_desk(
        connection, law, number, "ruled", Moment(on, now, operator),
        reason=reason, authority=authority, officer=officer, document_number=document_number,
    )  # fmt: skip
    if effect not in EFFECTS:
        words = "、".join(EFFECTS.values())
        desk.problems.append(Problem(f"没有“{effect}”这种认定", "EFFECT", f"可写：{words}"))
    return desk.write(
        f"{EFFECTS.get(effect)}：{reason}", authority=authority, document_number=document_number,
        effect=effect, officer=officer,
    )  # fmt: skip
