"""The gate: how long somebody served, and whether the days of residence were reached. Pure."""

from __future__ import annotations

from tracker.awards.careers import begun, years_after
from tracker.awards.facts import About, Figures
from tracker.awards.gate import Outcome
from tracker.awards.question import FAILED, PASSED, PERSON, UNKNOWN, Found, Question
from tracker.evaluation.narrate import amount
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.policy.awards import Check, Residency
from tracker.policy.model import Duty
from tracker.registry.dated import FIRST_DAY, day_number, to_date

_GRAVEST_FIRST = (FAILED, PERSON, UNKNOWN, PASSED)
_FOR_A_PERSON = (Status.needs_review.name, Status.waived.name)
_NOT_TOLD = (Status.unreported.name, Status.not_applicable.name, Status.not_in_force.name)


def service(check: Check, question: Question, about: About) -> list[Found]:
    """Whole years of service up to the reference day, reached on the anniversary (I46). What the
    registry shows of the campaign proves it; what it does not show is for a person."""
    rule, careers = check.service, question.facts.careers
    assert rule
    resident = rule.relation == "resident"
    spans = (careers.stays if resident else careers.helping)(about.subject_id)
    short = FAILED if resident else PERSON
    what = "驻村" if resident else "参与帮扶"
    if not spans:
        return [Found(UNKNOWN if resident else PERSON, f"登记资料里没有{what}的记录")]
    reference = question.plan.deadline.on
    # A stretch without a known first day can only add to what the others prove.
    dated = tuple(span for span in spans if span[0] != FIRST_DAY)
    counted = begun(dated, day_number(reference))
    reached = years_after(counted, rule.years) <= reference
    if len(dated) < len(spans) and not reached:
        return [Found(UNKNOWN if resident else PERSON, f"登记资料没有写{what}从哪一天开始")]
    first = to_date(min(starts for starts, _ in dated))
    gaps = f"（中间有间断，相当于从 {counted} 起）" if counted > first else ""
    word = "已满" if reached else "不满"
    text = f"{what}自 {first} 起{gaps}，到 {reference} {word} {rule.years} 年"
    return [Found(PASSED if reached else short, text)]


def residency(check: Check, question: Question, about: About) -> list[Found]:
    """The days of the plan's year to date against the duties of the list, prorated where the span
    is part of the year, the literal figure beside it; earlier years are shown as support (I47)."""
    rule = check.residency
    assert rule
    pack = question.facts.law.pack(rule.document)
    rows = _by_duty_and_year(rule, about)
    outcomes, told = [], []
    for duty in (pack.duty(one) for one in rule.duties):
        outcome, text = _of_year(duty, question.plan.year, rows)
        beside = [_figure(duty, year, rows[duty.id, year])
                  for year in rule.support if (duty.id, year) in rows]  # fmt: skip
        outcomes.append(outcome)
        told.append(text + (f"（佐证：{'；'.join(beside)}）" if beside else ""))
    gravest = min(outcomes, key=_GRAVEST_FIRST.index)
    return [Found(gravest, f"截至 {question.facts.as_of}，{'；'.join(told)}")]


def _by_duty_and_year(rule: Residency, about: About) -> dict[tuple[str, int], Figures]:
    return {
        (row.duty, row.opens.year): row
        for row in (*about.support, *about.figures)
        if row.holder_id == about.subject_id
        if row.document == rule.document and row.duty in rule.duties
    }


def _of_year(duty: Duty, year: int, rows: dict[tuple[str, int], Figures]) -> tuple[Outcome, str]:
    row = rows.get((duty.id, year))
    if row is None:
        return UNKNOWN, f"“{duty.name}”没有{year}年的累计"
    return _outcome(row), _figure(duty, year, row)


def _outcome(row: Figures) -> Outcome:
    """Days that nobody reported may still make up what is missing."""
    if row.status == Status.met.name:
        return PASSED
    if row.status in _FOR_A_PERSON:
        return PERSON
    may_still = row.unreported and row.done + row.unreported >= row.required
    return UNKNOWN if row.status in _NOT_TOLD or may_still else FAILED


def _figure(duty: Duty, year: int, row: Figures) -> str:
    """'“驻村时间”2020年 202/215 天（按在岗时间折算，原文 220 天，I1），未达标'."""
    literal = ""
    if row.required != row.literal:
        number = duty.mid_window.interpretation
        literal = f"（按在岗时间折算，原文 {amount(row.literal)} {duty.unit}，{number}）"
    is_open = row.unreported and row.status != Status.met.name
    missing = f"，{row.unreported} {duty.unit}没有报送" if is_open else ""
    figure = f"{amount(row.done)}/{amount(row.required)} {duty.unit}"
    return f"“{duty.name}”{year}年 {figure}{literal}{missing}，{STATUS_NAMES[Status[row.status]]}"
