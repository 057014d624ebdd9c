"""The law as frozen objects: what a pack under duties/ may say, and nothing else.

A document with everything read from its folder. Duties are in duty.py, what is short for them in
workplan.py, interviews and bars in sanctions.py.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tracker.policy.awards import AwardPlan
from tracker.policy.base import Cite, Interpretation, Rule, Span
from tracker.policy.document import Area, Article, Defaults, Document, Repeal, Warnings
from tracker.policy.duty import (
    Base,
    Beside,
    Breach,
    Case,
    Counts,
    Duty,
    Holder,
    InPrinciple,
    MidWindow,
    Per,
    Requires,
    Rollup,
)
from tracker.policy.exits import ExitCheck
from tracker.policy.recommendations import Recommendation
from tracker.policy.sanctions import (
    BarRule,
    Ground,
    Interviewee,
    InterviewRule,
    Rung,
    joint_interview,
)
from tracker.policy.scorecard import ScorePlan
from tracker.policy.workplan import Target, Task

__all__ = [
    "Area",
    "Article",
    "BarRule",
    "Base",
    "Beside",
    "Breach",
    "Case",
    "Counts",
    "Defaults",
    "Document",
    "Duty",
    "ExitCheck",
    "Ground",
    "Holder",
    "InPrinciple",
    "InterviewRule",
    "Interviewee",
    "MidWindow",
    "Pack",
    "Per",
    "Qualitative",
    "Repeal",
    "Requires",
    "Rollup",
    "Rule",
    "Rung",
    "Span",
    "Warnings",
    "interview_rule",
]


class Qualitative(Rule):
    """A responsibility that is listed and may be judged by a named officer, never computed."""

    kind: Literal["qualitative"] = "qualitative"
    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    cite: Cite
    name: str
    holder: Holder
    interpretations: tuple[Interpretation, ...] = ()


class Pack(Rule):
    """One document, whole. `sha256` is over the files it was read from. `duties` holds what the
    targets and tasks are short for, too."""

    document: Document
    duties: tuple[Duty, ...]
    qualitative: tuple[Qualitative, ...]
    interviews: tuple[InterviewRule, ...] = ()
    bars: tuple[BarRule, ...] = ()
    exit_checks: tuple[ExitCheck, ...] = ()
    awards: AwardPlan | None = None
    scorecard: ScorePlan | None = None
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    sha256: str

    def duty(self, duty_id: str) -> Duty:
        """The duty of this id. Raises KeyError."""
        found = next((d for d in self.duties if d.id == duty_id), None)
        if found is None:
            raise KeyError(duty_id)
        return found

    def recommended(self, duty_id: str) -> tuple[Recommendation, ...]:
        """What the document recommends after a breach of the duty of this id, in its order."""
        return tuple(each for each in self.recommendations if duty_id in each.on)


def interview_rule(pack: Pack, section: str) -> InterviewRule:
    """The rule of a case by its section, printed ('五') or of joint liability ('九·连带').

    Raises KeyError.
    """
    printed = next((rule for rule in pack.interviews if rule.section == section), None)
    found = printed or joint_interview(section, pack.bars)
    if found is None:
        raise KeyError(section)
    return found
