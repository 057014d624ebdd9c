"""The gate: four answers, every clause shown, the gravest decides. Pure.

A responsibility list gives clauses (an open recommendation holds, a bar in force bars: I27), and
an award plan adds its own on top, those that are met among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """The four answers, mildest first; the gravest clause decides."""

    eligible = "eligible"
    incomplete = "incomplete"
    on_hold = "on_hold"
    barred = "barred"


class Outcome(StrEnum):
    """How one clause came out; what it leads to is its answer (`leads_to`)."""

    passed = "passed"
    failed = "failed"
    unknown = "unknown"
    person = "person"


ANSWER_NAMES = {
    Answer.eligible: "可推荐",
    Answer.incomplete: "待补材料",
    Answer.on_hold: "暂缓推荐",
    Answer.barred: "不得推荐",
}
ANSWER_SIGNS = {
    Answer.eligible: "√",
    Answer.incomplete: "？",
    Answer.on_hold: "△",
    Answer.barred: "×",
}
OUTCOME_NAMES = {
    Outcome.passed: "通过",
    Outcome.failed: "不通过",
    Outcome.unknown: "不明",
    Outcome.person: "需人认定",
}
EXIT_CODES = {Answer.eligible: 0, Answer.on_hold: 10, Answer.barred: 11, Answer.incomplete: 12}
_GRAVITY = list(Answer)
_LEADS_TO = {
    Outcome.passed: Answer.eligible,
    Outcome.unknown: Answer.incomplete,
    Outcome.person: Answer.on_hold,
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause checked: what it leads to, where it stands, why, and when a block ends. `check`:
    which check of the plan it answers ('' for a clause of a responsibility list)."""

    answer: Answer
    cite: str
    text: str
    interpretation: str = ""
    ends_on: date | None = None
    outcome: Outcome = Outcome.failed
    check: str = ""


def leads_to(outcome: Outcome, failed: Answer = Answer.barred) -> Answer:
    """The answer an outcome leads to; a failed clause to what the law says (`failed`)."""
    return _LEADS_TO.get(outcome, failed)


def decide(clauses: Sequence[Clause]) -> Answer:
    """The gravest answer among the clauses; eligible where none speaks against it."""
    return gravest(c.answer for c in clauses)


def gravest(answers: Iterable[Answer]) -> Answer:
    """The gravest of some answers; eligible of none."""
    return max(answers, key=_GRAVITY.index, default=Answer.eligible)
