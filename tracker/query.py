"""One subject on one page: what it owes, where it stands, what is open, may it be nominated.

Read only and judged fresh; `tracker query`, and later the pages and the API, all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from tracker import nightly
from tracker.awards.gate import Answer, Clause, decide
from tracker.consequences import incidents, interviews, notices
from tracker.consequences.bars import Bar, bars_on, told
from tracker.consequences.cases import Case, load_cases
from tracker.consequences.interview_acts import FREE
from tracker.consequences.interviews import suggested_rung
from tracker.consequences.lives import INTERVIEW_HELD, INTERVIEW_OPEN
from tracker.consequences.parties import rung_name
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Status
from tracker.frames import each
from tracker.policy.law import Law
from tracker.policy.model import interview_rule


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a query answers with. `owes`: findings held or answered for; `owed`: findings of
    others toward the subject; interviews: open, or held in the year. `answer` is None for what
    cannot be nominated."""

    subject_id: int
    as_of: date
    scene: Scene
    owes: pd.DataFrame
    owed: pd.DataFrame
    notices: list[notices.Call]
    interviews: list[Case]
    clauses: list[Clause]
    answer: Answer | None


def dossier(
    connection: sa.Connection, law: Law, covers: Mapping[str, frozenset[str]], subject_id: int,
    *, as_of: date, known_at: datetime,
) -> Dossier:  # fmt: skip
    """Judge one subject now, from the ledger, and gather what is open about it."""
    scene = nightly.set_scene(
        connection, law, as_of=as_of, known_at=known_at, focus=frozenset({subject_id})
    )
    rows = nightly.look(connection, scene, covers)
    mine = (rows["holder_id"] == subject_id) | (rows["accountable_id"] == subject_id)
    owes, owed = rows[mine], rows[~mine & (rows["counterpart_id"] == subject_id)]
    found = _interviews_about(connection, subject_id, as_of, known_at)
    clauses = [
        *_from_bars(connection, scene, subject_id),
        *_from_interviews(law, found, as_of),
        *_from_tonight(connection, scene, rows, subject_id, found),
        *_from_findings(scene, owes),
    ]
    own = set(owes["key"])
    open_notices = [
        notice
        for notice in notices.open_notices(connection, as_of, known_at).values()
        if notice.subject_id == subject_id or notice.key in own
    ]
    answer = decide(clauses) if _can_be_nominated(scene, subject_id) else None
    return Dossier(subject_id, as_of, scene, owes, owed, open_notices, found, clauses, answer)


def _can_be_nominated(scene: Scene, subject_id: int) -> bool:
    """Households and villages are helped, not nominated."""
    subject = scene.registry.subjects.loc[subject_id]
    return bool(subject["sort"] != "household" and subject["kind"] != "village")


def _interviews_about(
    connection: sa.Connection, subject_id: int, as_of: date, known_at: datetime
) -> list[Case]:
    """Interviews in which the subject is accountable or to be interviewed: those open, and those
    held in the year."""
    states = (*INTERVIEW_OPEN, *INTERVIEW_HELD)
    return [
        case
        for case in load_cases(connection, states=states, as_of=as_of, known_at=known_at)
        if (case.is_open or _held_on(case).year == as_of.year)
        and (case.accountable_id == subject_id or subject_id in case.people)
    ]


def _held_on(case: Case) -> date:
    held = case.last("conducted")
    return held.as_of if held else date.min


def _from_bars(connection: sa.Connection, scene: Scene, subject_id: int) -> list[Clause]:
    """Bars in force. From awards: barred. With an interview, which a person decides on: on hold
    (I27). Any other is shown and does not speak against a nomination."""
    known = incidents.on_record(connection, known_at=scene.known_at, as_of=scene.as_of)
    clauses = []
    for bar in bars_on(subject_id, known, scene.law, scene.registry):
        if bar.in_force(scene.as_of):
            answer, tail = _weight(bar)
            text = f"{told(bar, scene.law.vocabulary)}；{tail}"
            clauses.append(Clause(answer, bar.cite, text, "、".join(bar.interpretations), bar.ends))
    return clauses


def _weight(bar: Bar) -> tuple[Answer, str]:
    """The interview that joint liability calls for weighs by itself, as a recommendation."""
    if "award" in bar.effects:
        return Answer.barred, "期限内不得推荐"
    return Answer.eligible, "是否约谈另行决定" if bar.rule.interviewer else "不影响本次推荐"


def _from_interviews(law: Law, found: list[Case], as_of: date) -> list[Clause]:
    clauses = []
    for case in found:
        pack = law.pack(case.document)
        rule = interview_rule(pack, case.section)
        cite = f"{pack.document.number} {rule.cite}"
        if case.is_open:
            answer, tail = _WHILE_OPEN[rule.while_open]
            what = f"有未办结的约谈建议（第{case.id}号），作出决定前"
            if case.state == "decided":
                what = f"第{case.id}号约谈已经决定，办结前"
            clauses.append(Clause(answer, cite, what + tail, "I27"))
        else:
            clauses.append(_from_held(case, cite, date(as_of.year, 12, 31)))
    return clauses


_WHILE_OPEN = {
    "hold": (Answer.on_hold, "暂缓推荐"),
    "bar": (Answer.barred, "不得推荐"),
    "warn": (Answer.eligible, "不影响本次推荐"),
}


def _from_held(case: Case, cite: str, year_ends: date) -> Clause:
    """Holding an interview never frees by itself; a person rules on it (I28)."""
    what, ruled = f"第{case.id}号约谈已于 {_held_on(case)} 进行，", case.last("ruled")
    if ruled is None:
        return Clause(Answer.on_hold, cite, f"{what}是否影响推荐由人认定", "I27、I28")
    what += f"{ruled.authority}认定{ruled.note}"
    if ruled.detail["effect"] == FREE:
        return Clause(Answer.eligible, cite, what, "I28")
    return Clause(Answer.barred, cite, what, "I28", year_ends)


def _from_tonight(
    connection: sa.Connection, scene: Scene, rows: pd.DataFrame, subject_id: int, found: list[Case]
) -> list[Clause]:
    """What the next check will recommend, and what only an objection holds back from it: the answer
    must not wait for the night."""
    called = interviews.called_for(connection, rows, scene, acts_to=scene.as_of)
    known = {interviews.place_of(case) for case in found if case.is_open}
    held = interviews.rungs_held(connection, scene.as_of, scene.known_at) if called else {}
    clauses = []
    for place, wanted in called.items():
        if place in known or not _is_about(subject_id, place, wanted):
            continue
        number = scene.law.pack(place[0]).document.number
        cite, rung = f"{number} {wanted.rule.cite}", suggested_rung(wanted.rule, held.get(place))
        if wanted.enough:
            answer, tail = _WHILE_OPEN[wanted.rule.while_open]
            by = rung_name(wanted.rule, rung)
            text = f"有 {len(wanted.grounds)} 项事由已够提出约谈建议（由{by}约谈，待下次检查入库）"
            clauses.append(Clause(answer, cite, f"{text}，{tail}", "I35"))
        elif wanted.frozen:
            text = f"有 {len(wanted.frozen)} 项事由有异议待答复，答复前暂缓推荐"
            clauses.append(Clause(Answer.on_hold, cite, text, "I27"))
    return clauses


def _is_about(subject_id: int, place: interviews.Place, wanted: interviews.Recommendation) -> bool:
    names_persons = any(who.post == "person_concerned" for who in wanted.rule.interviewees)
    grounds = (*wanted.grounds.values(), *wanted.frozen.values())
    concerned = names_persons and any(subject_id in ground.concerned for ground in grounds)
    return place[-1] == subject_id or concerned


def _from_findings(scene: Scene, owes: pd.DataFrame) -> list[Clause]:
    duties = {(doc.id, duty.id): (doc, duty) for doc, duty in scene.duties}
    clauses = []
    for row in each(owes[owes["status"] == Status.needs_review.name]):
        document, duty = duties[row.document, row.duty]
        if duty.strength == "must":
            text = f"“{duty.name}”待人工核定，核定前暂缓推荐"
            interpretation = duty.beside[0].interpretation if duty.beside else ""
            cite = f"{document.number} {duty.cite}"
            clauses.append(Clause(Answer.on_hold, cite, text, interpretation))
    return clauses
