"""One subject on one page: what it owes, where it stands, what is open, may it be nominated.

Read only and judged fresh; `tracker query`, and later the pages and the API, all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker import nightly
from tracker.awards.gate import Answer, Clause, decide
from tracker.consequences import incidents, interviews, notices
from tracker.consequences.bars import Bar, bars_on, told
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Status
from tracker.frames import each
from tracker.policy.law import Law


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a query answers with. `owes`: findings held or answered for; `owed`: findings of
    others toward the subject; interviews as rows with document, section, parties. `answer` is None
    for what cannot be nominated."""

    subject_id: int
    as_of: date
    scene: Scene
    owes: pd.DataFrame
    owed: pd.DataFrame
    notices: list[notices.Call]
    interviews: list[dict[str, Any]]
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
        *_from_interviews(law, found),
        *_from_tonight(scene, rows, subject_id, found),
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
) -> list[dict[str, Any]]:
    """Open recommendations in which the subject is accountable or to be interviewed."""
    return [
        head
        for head in interviews.open_heads(connection, as_of, known_at)
        if head["accountable_id"] == subject_id
        or any(subject_id in who["people"] for who in head["interviewees"])
    ]


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
    if "award" in bar.effects:
        return Answer.barred, "期限内不得推荐"
    if bar.rule.interviewer:
        return Answer.on_hold, "是否约谈作出决定前暂缓推荐"
    return Answer.eligible, "不影响本次推荐"


def _from_interviews(law: Law, found: list[dict[str, Any]]) -> list[Clause]:
    clauses = []
    for interview in found:
        pack = law.pack(interview["document"])
        rule = next(r for r in pack.interviews if r.section == interview["section"])
        text = f"有未办结的约谈建议（第{interview['id']}号），作出决定前暂缓推荐"
        clauses.append(Clause(Answer.on_hold, f"{pack.document.number} {rule.cite}", text, "I27"))
    return clauses


def _from_tonight(
    scene: Scene, rows: pd.DataFrame, subject_id: int, found: list[dict[str, Any]]
) -> list[Clause]:
    """What the next check will recommend: the answer must not wait for the night."""
    known = {(head["document"], head["section"], head["accountable_id"]) for head in found}
    clauses = []
    for place, wanted in interviews.wanted(rows, scene.packs).items():
        document, _, accountable = place
        concerned = any(who.post == "person_concerned" for who in wanted.rule.interviewees)
        is_about = accountable == subject_id or (concerned and subject_id in wanted.concerned)
        enough = len(wanted.grounds) >= wanted.rule.minimum_breaches
        if is_about and enough and place not in known:
            text = f"有 {len(wanted.grounds)} 项未达标已够提出约谈建议（待下次检查入库），暂缓推荐"
            cite = f"{scene.law.pack(document).document.number} {wanted.rule.cite}"
            clauses.append(Clause(Answer.on_hold, cite, text, "I35"))
    return clauses


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
