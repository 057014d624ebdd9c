"""The gate: may this one be nominated? Every clause in the plan's order, the gravest decides. Pure.

First whom the award is for, then the plan's own checks, what the responsibility lists say, and what
is recorded of the nomination: consultation, publicity, papers, deadline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.awards import checks, lists, outside
from tracker.awards.careers import Careers
from tracker.awards.facts import Facts
from tracker.awards.gate import Answer, Clause, Outcome, decide, leads_to
from tracker.awards.nominations import branch_of
from tracker.awards.nominee import Nominee
from tracker.awards.question import FAILED, PASSED, PERSON, Question, ruled
from tracker.awards.record import Record
from tracker.consequences.cases import Case
from tracker.policy.awards import Award, AwardPlan, Check, Kind
from tracker.registry.dated import Registry
from tracker.workdays import calendar_for

KIND, TWICE = "kind", "twice"
_LOCAL = "本地设置"
_FOR_A_PERSON = "由人认定"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, every clause it rests on, about whom and on which day."""

    answer: Answer
    clauses: tuple[Clause, ...]
    nominee: Nominee
    as_of: date


def judge(plan: AwardPlan, award: Award, nominee: Nominee, facts: Facts, record: Record) -> Verdict:
    """May the nominee be nominated under the award, on the day of the facts?"""
    question = Question(plan, award, nominee, facts, record)
    clauses = (
        of_kind(question), *_twice(question), *_of_plan(question), *_of_lists(question),
        *_outside(question),
    )  # fmt: skip
    return Verdict(decide(clauses), clauses, nominee, facts.as_of)


def can_be_nominated(registry: Registry, subject_id: int) -> bool:
    """Households and villages are helped, not nominated."""
    subject = registry.subjects.loc[subject_id]
    return bool(subject["sort"] != "household" and subject["kind"] != "village")


def of_kind(question: Question) -> Clause:
    """Whom the award is for: an excluded kind is barred, one the text does not name needs a person,
    and so does one that the registry does not bear out."""
    award, cite = question.award, f"{question.number} {question.award.cite}"
    outcome, text = _of_kind(question)
    ruling = question.record.judged.get(KIND)
    if outcome is PERSON and ruling:
        fact = text.removesuffix(_FOR_A_PERSON).rstrip("，")
        outcome, text = (PASSED if ruling.passed else FAILED), ruled(fact, ruling)
    numbers = "、".join(award.interpretations)
    return Clause(leads_to(outcome), cite, f"评选对象：{text}", numbers, None, outcome, KIND)


def _of_kind(question: Question) -> tuple[Outcome, str]:
    award, nominee = question.award, question.nominee
    kind = next((kind for kind in question.plan.kinds if kind.id == nominee.kind), None)
    if kind is None:
        return PERSON, f"类别不在方案所列之内，是否属于{award.name}的评选对象由人认定"
    if kind.id in award.excluded:
        return FAILED, f"{kind.name}，方案规定不参加{award.name}评选"
    if kind.is_ != award.nominee:
        return FAILED, f"{kind.name}，不是{award.name}的评选对象"
    if kind.id not in award.kinds:
        return PERSON, f"{kind.name}，方案没有列名，是否属于{award.name}的评选对象由人认定"
    subject, careers = nominee.subject_id, question.facts.careers
    if subject is not None and (other := _held_out(question, subject)):
        return FAILED, f"{kind.name}，登记资料中任{other.name}，方案规定不参加{award.name}评选"
    if kind.role and subject is not None and not bears_out(careers, subject, kind):
        return PERSON, f"{kind.name}，登记资料与此不符，由人认定"
    return PASSED, kind.name


def _held_out(question: Question, subject: int) -> Kind | None:
    """The excluded kind that the registry shows it to be, whatever it is put forward as."""
    kinds = (question.plan.kind(one) for one in question.award.excluded)
    holds = question.facts.careers.holds
    return next((k for k in kinds if k.holds and holds(subject, k.holds.posts, k.holds.in_)), None)


def bears_out(careers: Careers, subject: int, kind: Kind) -> bool:
    """Whether the registry shows the subject in the role, and at the level, of the kind."""
    at_level = not kind.level or careers.level(subject) in kind.level
    return kind.role in careers.roles(subject) and at_level


def _twice(question: Question) -> list[Clause]:
    """Whoever is nominated already under the plan cannot be once more."""
    nominee = question.nominee
    found = []
    for other in question.facts.nominees:
        same = (other.name, other.unit) == (nominee.name, nominee.unit)
        if nominee.subject_id is not None and other.subject_id is not None:
            same = nominee.subject_id == other.subject_id
        other_one = other.nomination_id != nominee.nomination_id
        if same and other_one and other.document == nominee.document:
            award = question.plan.award(other.award).name
            text = f"已在本方案以“{award}”推荐（第{other.nomination_id}号），不能重复推荐"
            found.append(Clause(Answer.barred, _LOCAL, text, check=TWICE))
    return found


def _checks(question: Question) -> tuple[Check, ...]:
    """The plan's checks for the nominee; for a kind that the plan does not name, those that are
    for all, and those of records and interviews that it leaves to a person for other kinds."""
    plan, award, kind = question.plan, question.award, question.nominee.kind
    if any(one.id == kind for one in plan.kinds):
        return plan.checks_for(award, kind)
    return tuple(
        check
        for check in plan.checks
        if not check.awards or award.id in check.awards
        if not check.kinds
        or ((check.recorded or check.interviewed) and check.leads_to == "on_hold")
    )


def _of_plan(question: Question) -> list[Clause]:
    found = (checks.clauses(check, question) for check in _checks(question))
    return [clause for clauses in found for clause in clauses]


def _of_lists(question: Question) -> list[Clause]:
    """What the responsibility lists say; of interviews only where the plan has no check of them."""
    about, facts = question.about, question.facts
    if about is None:
        return []
    checked = any(check.interviewed for check in _checks(question))
    weighing: list[Case] = [] if checked else lists.weighing(about, question.plan.year)
    found = lists.clauses(facts, about, weighing)
    if found:
        return found
    holding = (pack for pack in facts.law.packs if pack.interviews or pack.bars)
    numbers = "、".join(pack.document.number for pack in holding)
    text = "责任清单：没有在期的限制、待核定的事项和待提出的约谈建议"
    return [Clause(Answer.eligible, numbers, text, outcome=Outcome.passed)]


def _outside(question: Question) -> list[Clause]:
    law, nominee = question.facts.law, question.nominee
    document = law.pack(nominee.document).document
    plan, award = question.plan, question.award
    found = outside.clauses(
        plan, award, branch_of(plan, award, nominee.kind), question.record, question.facts.as_of,
        calendar_for(law.calendar, document.area.code), law.vocabulary.organs,
    )  # fmt: skip
    return [replace(clause, cite=f"{document.number} {clause.cite}") for clause in found]
