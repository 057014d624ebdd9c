"""The gate: one question of nomination, and what one check of it found. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.awards.facts import About, Facts
from tracker.awards.gate import Answer, Clause, Outcome, leads_to
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record, Ruling
from tracker.policy.awards import Award, AwardPlan, Check

PASSED, FAILED = Outcome.passed, Outcome.failed
UNKNOWN, PERSON = Outcome.unknown, Outcome.person


@dataclass(frozen=True, slots=True)
class Question:
    """May this nominee be nominated under this award? With all it is answered from."""

    plan: AwardPlan
    award: Award
    nominee: Nominee
    facts: Facts
    record: Record

    @property
    def about(self) -> About | None:
        """What is known of the nominee; None where the registry does not know it."""
        subject = self.nominee.subject_id
        return None if subject is None else self.facts.about(subject)

    @property
    def number(self) -> str:
        """The number of the plan's document."""
        return self.facts.law.pack(self.nominee.document).document.number


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at one check found. `answer` and `cite`: only where another document decides
    what it leads to; `firm`: the text leaves nobody room to judge otherwise; `since`: the day it
    was recorded, on what was decided before which nobody had seen it. `fact`: what of the text
    still stands once a person has decided (None: all of it); `more`: said after it either way."""

    outcome: Outcome
    text: str
    interpretation: str = ""
    ends_on: date | None = None
    answer: Answer | None = None
    cite: str = ""
    firm: bool = False
    since: date = date.min
    fact: str | None = None
    more: str = ""


def clause(question: Question, check: Check, found: Found) -> Clause:
    """The clause of a check, as what was found and what persons recorded about it leave it."""
    outcome, text = found.outcome, found.text
    # What holds without being a matter of degree is for a person to decide.
    if outcome is FAILED and found.answer is None and check.leads_to == "on_hold":
        outcome = FAILED if check.soft else PERSON
    answer = found.answer or leads_to(outcome, Answer(check.leads_to))
    if ruling := _settled(question.record, check, found):
        outcome = PASSED if ruling.passed else FAILED
        answer, text = leads_to(outcome), ruled(text if found.fact is None else found.fact, ruling)
    numbers = found.interpretation or "、".join(check.interpretations)
    cite = found.cite or f"{question.number} {check.cite}"
    ends_on = None if outcome is PASSED else found.ends_on
    text = "。".join(filter(None, (f"{check.name}：{text}", found.more)))
    return Clause(answer, cite, text, numbers, ends_on, outcome, check.id)


def ruled(fact: str, ruling: Ruling) -> str:
    """What stands of a finding, and what a person decided about it."""
    return "；".join(filter(None, (fact, told(ruling))))


def told(ruling: Ruling) -> str:
    """Who decided what, when and why."""
    verdict = "认定通过" if ruling.passed else "认定不通过"
    reason = ruling.reason.rstrip("。")
    return f"{ruling.authority}（{ruling.officer}）{ruling.on} {verdict}：{reason}"


def _settled(record: Record, check: Check, found: Found) -> Ruling | None:
    """What a person decided, where the plan leaves it to one: a soft rule by a recognised
    exception; anything but a firm failure by a judgement."""
    excused, judged = record.excused.get(check.id), record.judged.get(check.id)
    if found.outcome is not PASSED and check.soft and excused and excused.on >= found.since:
        return excused
    if judged is None or judged.on < found.since:
        return None
    needless = judged.passed and (found.firm or found.outcome is PASSED)
    return None if needless else judged
