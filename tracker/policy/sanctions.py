"""The law: what follows from a breach or an incident, as a document prints it.

interviews.yaml: who interviews whom on which printed trigger. bars.yaml: who is barred from what,
for how long, through which ties.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from tracker.policy.base import Cite, Interpretation, Rule

JOINT, JOINT_GROUND = "连带", "连带责任"
Effect = Literal["award", "promotion", "rating_good", "advanced_unit", "accountability"]
BarSpan = Literal["calendar_year_of_event", "calendar_year_of_determination", "assessment_year"]


class Rung(Rule):
    """One interviewer of a ladder (`interviewers` of the vocabulary), and how the document calls
    it. `when`: the severity for which this rung is the right one."""

    role: str
    name: str
    when: str = ""


class Interviewee(Rule):
    """Whom the interview is with: a post, in the accountable body unless `of` says otherwise."""

    post: str
    name: str
    of: Literal["accountable", "unit", "county"] = "accountable"


class After(Rule):
    """The recorded fact that is a printed trigger by itself: an incident with these qualifiers,
    which belongs to the accountable subject as `where` says."""

    incident: str
    qualifiers: tuple[str, ...] = ()
    where: str


class Ground(Rule):
    """A printed trigger. `unestablished`: the part that a figure alone cannot establish. `after`:
    the recorded facts that establish it; a named officer may always record it as given (I35)."""

    id: str
    text: str
    unestablished: str = ""
    after: tuple[After, ...] = ()
    interpretation: Interpretation | None = None


class InterviewRule(Rule):
    """One section's interview: its ladder (single, in_turn, by_severity, jointly) and triggers.
    `while_open`: what an open recommendation does to a nomination (I27). `level`: only units of
    these administrative levels are accountable."""

    section: str
    cite: Cite
    accountable: str
    level: tuple[str, ...] = ()
    order: Literal["single", "in_turn", "by_severity", "jointly"]
    ladder: tuple[Rung, ...]
    interviewees: tuple[Interviewee, ...]
    grounds: tuple[Ground, ...]
    minimum_breaches: int = Field(default=1, ge=1)
    while_open: Literal["hold", "bar", "warn"] = "hold"
    interpretations: tuple[Interpretation, ...] = ()


class Levels(Rule):
    """Administrative levels: of the units that are led, and of the bodies that lead them."""

    led: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()


class BarRule(Rule):
    """Who is barred from what after which recorded fact, for how long, through which ties.

    `qualifiers` must all be recorded of the incident. `where` says how the incident belongs to
    `on`; `levels` tells led and leading units apart where it needs that. Joint liability without a
    bar has no effects but an interview (I39), for the `reason` that the document gives. The effect
    `accountability` bars from nothing: another document decides (I61).
    """

    id: str
    cite: Cite
    incident: str
    qualifiers: tuple[str, ...] = ()
    where: str
    on: tuple[str, ...]
    effects: tuple[Effect, ...]
    span: BarSpan
    span_interpretation: Interpretation
    levels: Levels | None = None
    joint: bool = False
    interviewer: tuple[Rung, ...] = ()
    interviewees: tuple[Interviewee, ...] = ()
    reason: str = ""
    interpretations: tuple[Interpretation, ...] = ()

    @property
    def section(self) -> str:
        """Where the interview of joint liability stands among the sections: '九·连带'."""
        return f"{self.cite.partition('·')[0]}·{JOINT}"


def joint_interview(section: str, rules: Iterable[BarRule]) -> InterviewRule | None:
    """The interview that the joint liability of a section calls for; None where it has none."""
    own = [rule for rule in rules if rule.interviewer and rule.section == section]
    if not own:
        return None
    first = own[0]
    reasons = dict.fromkeys(rule.reason for rule in own)
    numbers = dict.fromkeys(number for rule in own for number in rule.interpretations)
    return InterviewRule(
        section=section, cite=first.cite, accountable=first.on[0],
        order="jointly" if len(first.interviewer) > 1 else "single",
        ladder=first.interviewer, interviewees=first.interviewees,
        grounds=(Ground(id=JOINT_GROUND, text="；或者".join(reasons)),),
        interpretations=tuple(numbers),
    )  # fmt: skip
