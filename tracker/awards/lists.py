"""The gate as far as the responsibility lists decide it: bars in force, interviews, what the next
check will recommend, findings that a person must judge. Pure.

An open interview recommendation or a finding to be judged puts the nomination on hold (I27); a bar
in force bars it. Award plans add their own clauses on top of this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.awards.facts import About, Called, Facts
from tracker.awards.gate import Answer, Clause, Outcome
from tracker.consequences.bars import Bar, told
from tracker.consequences.cases import Case
from tracker.consequences.interview_acts import FREE
from tracker.evaluation.words import Status
from tracker.policy.law import Law
from tracker.policy.model import interview_rule

WHILE_OPEN = {
    "hold": (Answer.on_hold, Outcome.person, "暂缓推荐"),
    "bar": (Answer.barred, Outcome.failed, "不得推荐"),
    "warn": (Answer.eligible, Outcome.passed, "不影响本次推荐"),
}


def clauses(facts: Facts, about: About, cases: Iterable[Case]) -> list[Clause]:
    """Every clause of the lists about a subject; `cases`: the interviews that weigh."""
    return [
        *from_bars(facts, about),
        *(from_case(facts.law, case, facts.as_of.year) for case in cases),
        *from_called(facts, about),
        *from_findings(facts, about),
    ]


def weighing(about: About, year: int) -> list[Case]:
    """Interviews that are open, or were held in the year."""
    return [c for c in about.cases if c.is_open or (c.is_held and held_on(c).year == year)]


def held_on(case: Case) -> date:
    """The day an interview was held, date.min for none."""
    held = case.last("conducted")
    return held.as_of if held else date.min


def from_bars(facts: Facts, about: About) -> list[Clause]:
    """Bars in force. From awards: barred. Any other is shown and does not speak against a
    nomination; the interview it may call for weighs by itself, as a recommendation."""
    return [_from_bar(facts.law, bar) for bar in about.bars if bar.in_force(facts.as_of)]


def _from_bar(law: Law, bar: Bar) -> Clause:
    text, numbers = told(bar, law.vocabulary), "、".join(bar.interpretations)
    if "award" in bar.effects:
        text = f"{text}；期限内不得推荐"
        return Clause(Answer.barred, bar.cite, text, numbers, bar.ends)
    tail = "是否约谈另行决定" if bar.rule.interviewer else "不影响本次推荐"
    return Clause(
        Answer.eligible, bar.cite, f"{text}；{tail}", numbers, bar.ends, Outcome.passed
    )  # fmt: skip


def from_case(law: Law, case: Case, year: int) -> Clause:
    """An interview that is open (I27), or was held in `year` and weighs until its end (I28)."""
    pack = law.pack(case.document)
    rule = interview_rule(pack, case.section)
    cite = f"{pack.document.number} {rule.cite}"
    if not case.is_open:
        return _from_held(case, cite, date(year, 12, 31))
    answer, outcome, tail = WHILE_OPEN[rule.while_open]
    what = f"有未办结的约谈建议（第{case.id}号），作出决定前"
    if case.state == "decided":
        what = f"第{case.id}号约谈已经决定，办结前"
    return Clause(answer, cite, what + tail, "I27", outcome=outcome)


def _from_held(case: Case, cite: str, year_ends: date) -> Clause:
    """Holding an interview never frees by itself; a person rules on it (I28)."""
    what, ruled = f"第{case.id}号约谈已于 {held_on(case)} 进行，", case.last("ruled")
    if ruled is None:
        what += "是否影响推荐由人认定"
        return Clause(Answer.on_hold, cite, what, "I27、I28", outcome=Outcome.person)
    what += f"{ruled.authority}认定{ruled.note}"
    if ruled.detail["effect"] == FREE:
        return Clause(Answer.eligible, cite, what, "I28", outcome=Outcome.passed)
    return Clause(Answer.barred, cite, what, "I28", year_ends)


def from_called(facts: Facts, about: About) -> list[Clause]:
    """What the next check will recommend, and what only an objection holds back from it: the answer
    must not wait for the night."""
    found = (_from_called(facts.law, called) for called in about.called)
    return [clause for clause in found if clause]


def _from_called(law: Law, called: Called) -> Clause | None:
    wanted = called.wanted
    cite = f"{law.pack(called.place[0]).document.number} {wanted.rule.cite}"
    if wanted.enough:
        answer, outcome, tail = WHILE_OPEN[wanted.rule.while_open]
        text = (
            f"有 {len(wanted.grounds)} 项事由已够提出约谈建议（由{called.by}约谈，待下次检查入库）"
        )
        return Clause(answer, cite, f"{text}，{tail}", "I35", outcome=outcome)
    if wanted.frozen:
        text = f"有 {len(wanted.frozen)} 项事由有异议待答复，答复前暂缓推荐"
        return Clause(Answer.on_hold, cite, text, "I27", outcome=Outcome.person)
    return None


def from_findings(facts: Facts, about: About) -> list[Clause]:
    """Findings that a person must judge, of duties whose breach would be a ground: a doubt weighs
    no more than what it could turn out to be."""
    duties = {(doc.id, duty.id): (doc, duty) for doc, duty in facts.scene.duties}
    found = []
    for row in about.figures:
        document, duty = duties[row.document, row.duty]
        if row.status == Status.needs_review.name and duty.breach:
            text = f"“{duty.name}”待人工核定，核定前暂缓推荐"
            interpretation = duty.beside[0].interpretation if duty.beside else ""
            cite = f"{document.number} {duty.cite}"
            clause = Clause(Answer.on_hold, cite, text, interpretation, outcome=Outcome.person)
            found.append(clause)
    return found
