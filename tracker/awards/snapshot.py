"""Awards: to nominate is to freeze what the answer rested on; the answer must be 可推荐.

The snapshot is stored and written as a file; both can be verified later, the file by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.awards.facts import About, Facts, gather
from tracker.awards.frozen import PARTS, canonical, code_of, content_of, digest, seal
from tracker.awards.gate import OUTCOME_NAMES, Answer, Clause
from tracker.awards.mends import mend, of_stage
from tracker.awards.nomination_desk import Desk, open_desk, plan_of
from tracker.awards.nominations import Filed, load
from tracker.awards.nominee import Nominee
from tracker.awards.tables import Snapshot
from tracker.awards.timeline import before_nomination
from tracker.awards.verdict import Verdict, judge
from tracker.consequences.history import Moment
from tracker.db import table
from tracker.errors import Problem
from tracker.frames import absent, each
from tracker.policy.law import Law

Covers = Mapping[str, frozenset[str]]
_SNAPSHOT = table(Snapshot)
_FIGURES = ("key", "status", "reason", "required", "literal", "done", "flags")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A nomination made, and the snapshot of what it rested on. `text`: the file."""

    filed: Filed
    text: str
    sha256: str

    @property
    def code(self) -> str:
        """The short code that papers carry."""
        return code_of(self.sha256)

    @property
    def file_name(self) -> str:
        """The name of the file."""
        return f"推荐{self.filed.nominee.nomination_id}号-{self.code}.json"


class Looked(NamedTuple):
    """A nomination with what is known about it and the verdict."""

    filed: Filed
    facts: Facts
    verdict: Verdict


def nominate(
    connection: sa.Connection, law: Law, covers: Covers, number: int, *,
    on: date, now: datetime, operator: str, looked: Looked | None = None,
) -> Frozen:  # fmt: skip
    """Nominate: judged afresh as of `on`, everything that is known included. `looked`: where it was
    judged already, with others. Raises LuzeError with every clause that stands against it."""
    desk = open_desk(connection, law, number, "nominated", Moment(on, now, operator))
    filed, facts, verdict = looked or look(connection, law, covers, [number], on, now)[number]
    desk.problems.extend(_stage_problems(desk))
    desk.problems.extend(_against(desk, verdict.clauses))
    content = content_for(law, filed, facts, verdict, now)
    sha256 = digest(content)
    text = seal(content)
    done = desk.write(f"快照 {code_of(sha256)}", sha256=sha256, answer=verdict.answer.value)
    connection.execute(_SNAPSHOT.insert(), {
        "nomination_id": number, "content": canonical(content), "sha256": sha256,
        "operator": operator, "recorded_at": now,
    })  # fmt: skip
    return Frozen(done, text, sha256)


def look(
    connection: sa.Connection, law: Law, covers: Covers, numbers: Sequence[int], as_of: date,
    known_at: datetime,
) -> dict[int, Looked]:  # fmt: skip
    """Nominations by their numbers, judged in one gathering. Raises LuzeError where there is none
    of a number."""
    filed = [load(connection, number, as_of, known_at) for number in numbers]
    found = judged(connection, law, covers, filed, as_of, known_at)
    return {number: Looked(one, *told)
            for number, one, told in zip(numbers, filed, found, strict=True)}  # fmt: skip


def judged(
    connection: sa.Connection, law: Law, covers: Covers, filed: Sequence[Filed], as_of: date,
    known_at: datetime,
) -> list[tuple[Facts, Verdict]]:  # fmt: skip
    """The verdict on each nomination, from one gathering of what is known about all of them."""
    nominees = [one.nominee for one in filed]
    subjects = {who.subject_id for who in nominees if who.subject_id is not None}
    facts = gather(connection, law, covers, subjects, as_of=as_of, known_at=known_at)
    found = []
    for one in filed:
        plan = plan_of(law, one.nominee.document)
        award = plan.award(one.nominee.award)
        found.append((facts, judge(plan, award, one.nominee, facts, one.record)))
    return found


def differs(connection: sa.Connection, text: str) -> list[Problem]:
    """What differs from the stored snapshot of the same nomination; empty where nothing does.
    `text` is sound by itself (`verify`)."""
    content = content_of(text)
    number = content["nominee"]["number"]
    stored = stored_text(connection, number)
    if stored is None:
        return [Problem(f"数据库中没有第 {number} 号推荐的快照", fix="请核对数据目录")]
    known = content_of(stored)
    return [
        Problem("与数据库中的快照不一致", PARTS[part], "以数据库为准，请查明文件来源")
        for part in PARTS
        if digest(content[part]) != digest(known[part])
    ]


def stored_text(connection: sa.Connection, number: int) -> str | None:
    """The text of the newest snapshot of a nomination; None where there is none."""
    c = _SNAPSHOT.c
    newest = sa.select(c.content).where(c.nomination_id == number).order_by(c.id.desc()).limit(1)
    content = connection.execute(newest).scalar_one_or_none()
    return None if content is None else seal(json.loads(content))


def content_for(
    law: Law, filed: Filed, facts: Facts, verdict: Verdict, known_at: datetime
) -> dict[str, Any]:
    """What a snapshot freezes: who, under which plan and law, when, from what, the answer."""
    nominee, document = filed.nominee, law.pack(filed.nominee.document).document
    plan, who = plan_of(law, nominee.document), asdict(nominee)
    return {
        "nominee": {"number": who.pop("nomination_id"), **who,
                    "award_name": plan.award(nominee.award).name},
        "plan": {"id": document.id, "number": document.number, "title": document.title,
                 "year": plan.year, "deadline": plan.deadline.on},
        "as_of": verdict.as_of,
        "known_at": known_at.isoformat(),
        "law": law.sha256,
        "record": asdict(filed.record),
        "inputs": inputs_of(facts, nominee),
        "clauses": [asdict(clause) for clause in verdict.clauses],
        "answer": verdict.answer.value,
    }  # fmt: skip


def inputs_of(facts: Facts, nominee: Nominee) -> dict[str, list[Any]]:
    """What was considered about a nominee: findings with their figures, interviews, incidents and
    bars; empty lists where the registry does not know it."""
    about = None if nominee.subject_id is None else facts.about(nominee.subject_id)
    if about is None:
        return {"findings": [], "interviews": [], "incidents": [], "bars": []}
    return {
        "findings": sorted(_figures(about), key=lambda row: str(row["key"])),
        "interviews": [
            {"number": case.id, "document": case.document, "section": case.section,
             "state": case.state, "on": case.acts[-1].as_of}
            for case in about.cases
        ],
        "incidents": [
            {"number": incident.id, "kind": incident.kind, "on": incident.day, "path": path}
            for incident, path in about.incidents
        ],
        "bars": [
            {"incident": bar.incident.id, "cite": bar.cite, "effects": list(bar.effects),
             "from": bar.starts, "to": bar.ends}
            for bar in about.bars
        ],
    }  # fmt: skip


def _figures(about: About) -> Iterator[dict[str, Any]]:
    for row in each(about.owes):
        values = {name: getattr(row, name) for name in _FIGURES}
        yield {name: None if absent(value) else value for name, value in values.items()}


def _stage_problems(desk: Desk) -> Iterator[Problem]:
    for stage in before_nomination(desk.branch):
        if stage.id not in desk.record.stages:
            yield Problem("还没有完成", stage.name, of_stage(desk, stage))


def _against(desk: Desk, clauses: Iterable[Clause]) -> Iterator[Problem]:
    """Every clause that stands against the nomination, and how it is mended. What belongs to the
    whole list is written when its nominees are settled, so the gate does not ask for it."""
    for clause in clauses:
        if clause.answer is not Answer.eligible:
            ends = f"，至 {clause.ends_on} 止" if clause.ends_on else ""
            text = f"{OUTCOME_NAMES[clause.outcome]}：{clause.text.partition('。')[0]}{ends}"
            yield Problem(text, clause.cite, mend(desk, clause))
