"""The gate, as far as a responsibility list itself decides it: four answers, every clause shown.

An open interview recommendation or a finding that a person must judge puts the nomination on hold
(I27); a bar in force bars it. Award plans add their own clauses on top of this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """The four answers, mildest first; the gravest clause decides."""

    eligible = "eligible"
    incomplete = "incomplete"
    on_hold = "on_hold"
    barred = "barred"


ANSWER_NAMES = {
    Answer.eligible: "可推荐",
    Answer.incomplete: "待补材料",
    Answer.on_hold: "暂缓推荐",
    Answer.barred: "不得推荐",
}
EXIT_CODES = {Answer.eligible: 0, Answer.on_hold: 10, Answer.barred: 11, Answer.incomplete: 12}
_GRAVITY = list(Answer)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause checked: what it leads to, where it stands, why, and when a block ends."""

    answer: Answer
    cite: str
    text: str
    interpretation: str = ""
    ends_on: date | None = None


def decide(clauses: Sequence[Clause]) -> Answer:
    """The gravest answer among the clauses; eligible where none speaks against it."""
    return max((c.answer for c in clauses), key=_GRAVITY.index, default=Answer.eligible)
