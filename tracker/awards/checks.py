"""The gate: what an award plan checks of a nominee, one small function for each shape of check.

Each only tells what it found; what that leads to is the plan's word (`question.clause`). Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from tracker.awards import lists, service
from tracker.awards.facts import About
from tracker.awards.gate import Answer, Clause
from tracker.awards.question import FAILED, PASSED, PERSON, UNKNOWN, Found, Question, clause
from tracker.consequences.bars import told_day
from tracker.consequences.cases import Case
from tracker.consequences.interview_acts import FREE
from tracker.consequences.tables import Incident
from tracker.policy.awards import AwardPlan, Check, Recorded
from tracker.policy.law import Law
from tracker.policy.model import Document, interview_rule

_UNREGISTERED = "登记资料里没有这个对象"


def clauses(check: Check, question: Question) -> list[Clause]:
    """What a check of the plan comes to for this nominee."""
    about = question.about
    if check.judged:
        found = _judged(question)
    elif about is None:
        told = f"{_UNREGISTERED}，无法核对，请先登记或者由人认定"
        found = [Found(UNKNOWN, told, fact=_UNREGISTERED)]
    else:
        shape = next(name for name in SHAPES if getattr(check, name))
        found = SHAPES[shape](check, question, about)
    return [clause(question, check, one) for one in found]


def _judged(question: Question) -> list[Found]:
    """What only the bodies that review can tell."""
    asked = question.award.conditions_for(question.nominee.kind)
    conditions = f"条件：{'；'.join(asked) or '见方案'}"
    return [Found(UNKNOWN, "由审核单位认定，还没有登记", fact="", more=conditions)]


def rank(check: Check, question: Question, about: About) -> list[Found]:
    """The rank of a person, the rank or level of a unit; a team has none."""
    assert check.rank
    careers, subject = question.facts.careers, about.subject_id
    if careers.day.kind(subject) == "team":
        return [Found(PASSED, "工作队没有级别，不适用")]
    held, levels = careers.rank(subject), question.facts.law.vocabulary.levels
    if held:
        return [Found(FAILED if held in check.rank.ranks else PASSED, f"登记的职级为{held}")]
    level = careers.level(subject) if careers.day.kind(subject) else ""
    if level and check.rank.levels:
        outcome = FAILED if level in check.rank.levels else PASSED
        return [Found(outcome, f"登记的单位层级为{levels[level]}")]
    fact = "没有登记职级或级别"
    return [Found(UNKNOWN, f"{fact}，请补登或者由人认定", fact=fact)]


def recorded(check: Check, question: Question, about: About) -> list[Found]:
    """Incidents about the nominee or, by the bars of the law or the plan's own word, reaching it
    through its ties."""
    rule = check.recorded
    assert rule
    year = question.plan.year
    reaching = question.facts.reaching(rule, about.subject_id)
    known = {one.id: (one, path) for one, path in (*reaching, *about.incidents)}
    meant = [
        (incident, path)
        for _, (incident, path) in sorted(known.items())
        if _is_meant(rule, incident) and (rule.span == "forever" or _is_of(incident, year))
    ]
    if not meant:
        span = f"{year}年内" if rule.span == "plan_year" else ""
        return [Found(PASSED, f"{span}没有登记这类事件")]
    return [_of_incident(check, question, incident, path) for incident, path in meant]


class Barring(NamedTuple):
    """A check of an award plan that an incident speaks to, and what it leads to."""

    document: Document
    plan: AwardPlan
    check: Check
    answer: Answer


def barring(law: Law, incident: Incident) -> Iterator[Barring]:
    """The checks of every plan that an incident alone stands against; whom they concern is for the
    gate."""
    for pack in law.packs:
        for check in pack.awards.checks if pack.awards else ():
            rule = check.recorded
            if (
                pack.awards
                and rule
                and _is_meant(rule, incident)
                and (rule.span == "forever" or _is_of(incident, pack.awards.year))
            ):
                answer = Answer(check.leads_to) if _is_by(rule, incident) else Answer.on_hold
                yield Barring(pack.document, pack.awards, check, answer)


def _is_by(rule: Recorded, incident: Incident) -> bool:
    return not rule.by or any(word in incident.authority for word in rule.by)


def _is_meant(rule: Recorded, incident: Incident) -> bool:
    told = set(incident.qualifiers)
    any_of = not rule.any_of or bool(told & set(rule.any_of))
    return incident.kind in rule.incidents and set(rule.qualifiers) <= told and any_of


def _is_of(incident: Incident, year: int) -> bool:
    """A criticism of this year counts although what it is about happened earlier (I29)."""
    return year in (incident.day.year, incident.determined_on.year)


def _of_incident(check: Check, question: Question, incident: Incident, path: str) -> Found:
    """A fact without a time limit in the text stays open to a person's judgement whether it still
    has effect (I49); one of the year does not."""
    facts, rule = question.facts, check.recorded
    assert rule
    kind, key = facts.law.vocabulary.incidents[incident.kind], f"incident|{incident.id}"
    source, since = incident.authority + incident.document_number, incident.recorded_at.date()
    reached = path or told_day(incident)
    text = f"第{incident.id}号事件“{kind}”（{source}，{incident.determined_on}认定）；{reached}"
    if facts.objections.excuses(key):
        return Found(PASSED, f"{text}；异议成立，不再计入")
    if facts.objections.freezes(key):
        text += "；有异议待答复"
    if not _is_by(rule, incident):
        fact = f"{text}；不是方案所列机关作出的"
        return Found(PERSON, f"{fact}，由人认定", since=since, fact=fact)
    return Found(FAILED, text, since=since, firm=rule.span == "plan_year" and _excludes(check))


def interviewed(check: Check, question: Question, about: About) -> list[Found]:
    """Interviews of the plan's year; an open one holds the nomination (I27)."""
    found = [_of_case(check, question, case) for case in about.cases]
    told = [one for one in found if one]
    return told or [Found(PASSED, f"{question.plan.year}年内没有被约谈")]


def _of_case(check: Check, question: Question, case: Case) -> Found | None:
    law, year = question.facts.law, question.plan.year
    what = f"第{case.id}号约谈"
    if case.is_open:
        told = lists.from_case(law, case, year)
        return Found(told.outcome, told.text, told.interpretation, None, told.answer, told.cite,
                     firm=True)  # fmt: skip
    if not case.is_held:
        last = case.acts[-1]
        ended = f"{what}已于 {last.as_of} {last.name}：{last.note}"
        return Found(PASSED, ended, "I27") if last.as_of.year == year else None
    day = lists.held_on(case)
    return _of_held(check, question, case, f"{what}已于 {day} 进行") if day.year == year else None


def _of_held(check: Check, question: Question, case: Case, what: str) -> Found:
    """By the bodies that the plan names: excluded for the year, whoever rules otherwise; by anybody
    else a person rules on it (I28)."""
    assert check.interviewed
    year_ends, ruled = date(question.plan.year, 12, 31), case.last("ruled")
    what += f"（由{case.interviewer['name']}约谈）"
    rule_on = f"，{ruled.authority}认定{ruled.note}" if ruled else ""
    if _excludes(check) and set(check.interviewed.by) & _interviewers(question, case):
        return Found(FAILED, what + rule_on, ends_on=year_ends, firm=True)
    if ruled is None:
        told = f"{what}，是否影响推荐由人认定"
        return Found(PERSON, told, "I27、I28", since=lists.held_on(case), fact=what)
    if ruled.detail["effect"] == FREE:
        return Found(PASSED, what + rule_on, "I28")
    return Found(FAILED, what + rule_on, "I28", year_ends, Answer.barred, firm=True)


def _excludes(check: Check) -> bool:
    """Whether the text itself keeps out, and leaves nothing to a person."""
    return check.leads_to == "barred"


def _interviewers(question: Question, case: Case) -> set[str]:
    """The roles that interviewed: of a joint interview all of the ladder."""
    rule = interview_rule(question.facts.law.pack(case.document), case.section)
    rungs = {rung.role for rung in rule.ladder} if rule.order == "jointly" else set()
    return rungs | {case.interviewer["role"]}


SHAPES: dict[str, Callable[[Check, Question, About], list[Found]]] = {
    "service": service.service,
    "residency": service.residency,
    "recorded": recorded,
    "interviewed": interviewed,
    "rank": rank,
}
