"""The law as frozen objects: what a pack under duties/ may say, and nothing else.

Unknown keys are refused; every rule carries a citation. Days are closed intervals. The field
guide for authors is duties/README.md. Interviews and bars are in sanctions.py.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from tracker.policy.awards import AwardPlan
from tracker.policy.base import Cite, Interpretation, Key, MonthDay, Rule, Span
from tracker.policy.document import Area, Article, Defaults, Document, Every, Repeal, Warnings
from tracker.policy.sanctions import (
    BarRule,
    Ground,
    Interviewee,
    InterviewRule,
    Rung,
    joint_interview,
)

__all__ = [
    "Area",
    "Article",
    "BarRule",
    "Beside",
    "Breach",
    "Case",
    "Counts",
    "Defaults",
    "Document",
    "Duty",
    "Ground",
    "Holder",
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

Measure = Literal["count", "days", "sum", "latest", "standing"]
Special = Literal["not_applicable", "needs_review"]


class Holder(Rule):
    """A role resolved by the registry (`roles` of the vocabulary). `of`: the body a leader leads.
    `level`: only holders of these administrative levels."""

    role: str
    of: str | None = None
    level: tuple[str, ...] = ()


class Counts(Rule):
    """Lines that count: their kind and, where it matters, in which role and where."""

    kind: str
    as_: str | None = Field(default=None, alias="as")
    place: Literal["helped_village", "own_area"] | None = None


class Case(Rule):
    """A threshold that depends on an attribute of the holder or on the window's year."""

    by: str
    otherwise: int | Decimal | Special
    cases: dict[Key, int | Decimal | Special]
    cite: Cite


class Per(Rule):
    """One obligation per counterpart; exactly one of the keys.

    tie: each live target of this tie from the holder. role: each person of this role in the
    holder's own unit or area. members: each name of a list.
    """

    tie: str | None = None
    role: str | None = None
    members: tuple[str, ...] = ()


class MidWindow(Rule):
    """What a part of a window owes. prorate: by the days in which holder and tie both exist
    (working days where only those count); whole: the literal figure, as for bodies. `floor`:
    a prorated span shorter than `defaults.short_span` owes nothing (I12)."""

    rule: Literal["prorate", "whole"]
    interpretation: Interpretation
    floor: bool = True


class Requires(Rule):
    """What must hold on the day (standing duties), in one of six shapes.

    `provision`: a recorded line of this kind whose span (day..until) holds the day.
    `provision` + `covers`: such spans cover the posting from its first day (I73).
    `provision` + `each_of`: such a line for every named item.
    `ties`: at least the threshold of live ties of this kind from the holder.
    `post` + `also_holds`: somebody holds the post, and each holder also holds one of the posts.
    `exactly_one` (+ `also_holds`): exactly one live holder of the post, who also holds one.
    """

    provision: str | None = None
    covers: Literal["posting"] | None = None
    each_of: tuple[str, ...] = ()
    ties: str | None = None
    post: str | None = None
    exactly_one: str | None = None
    also_holds: tuple[str, ...] = ()


class Beside(Rule):
    """Another reading, computed and shown; a different verdict means needs_review."""

    name: str
    working_days_only: bool | None = None
    interpretation: Interpretation


class Rollup(Rule):
    to: str
    rule: Literal["worst"]
    interpretation: Interpretation | None = None


class Breach(Rule):
    """The printed trigger that a breach is evidence for, inferred (I35)."""

    section: str
    ground: str
    interpretation: Interpretation = "I35"


class Duty(Rule):
    """A computed duty; the pack format is in duties/README.md. `follows_from`: duties of the same
    holder whose breach explains a miss of this one, so that one notice speaks for both."""

    kind: Literal["computed"] = "computed"
    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    cite: Cite
    name: str
    paraphrase: str
    holder: Holder
    counts: tuple[Counts, ...] = ()
    measure: Measure
    at_least: int | Decimal | Case | None = None
    at_most: int | Decimal | Case | None = None
    unit: str
    every: Every
    once: Span | None = None
    accountable: Literal["holder", "unit", "team"] = "holder"
    strength: Literal["must", "should"] = "must"
    per: Per | None = None
    distinct: tuple[Literal["day", "place"], ...] = ("day",)
    working_days_only: bool = False
    due: MonthDay | None = None
    warn_from: MonthDay | None = None
    entry_grace: int | None = None
    mid_window: MidWindow
    requires: Requires | None = None
    beside: tuple[Beside, ...] = ()
    rollup: Rollup | None = None
    follows_from: tuple[str, ...] = ()
    on_breach: Breach | Literal["warn"]
    interpretations: tuple[Interpretation, ...] = ()


class Qualitative(Rule):
    """A responsibility that is listed and may be judged by a named officer, never computed."""

    kind: Literal["qualitative"] = "qualitative"
    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    cite: Cite
    name: str
    holder: Holder
    interpretations: tuple[Interpretation, ...] = ()


class Pack(Rule):
    """One document, whole. `sha256` is over the files it was read from."""

    document: Document
    duties: tuple[Duty, ...]
    qualitative: tuple[Qualitative, ...]
    interviews: tuple[InterviewRule, ...] = ()
    bars: tuple[BarRule, ...] = ()
    awards: AwardPlan | None = None
    sha256: str

    def duty(self, duty_id: str) -> Duty:
        """The duty of this id. Raises KeyError."""
        found = next((d for d in self.duties if d.id == duty_id), None)
        if found is None:
            raise KeyError(duty_id)
        return found


def interview_rule(pack: Pack, section: str) -> InterviewRule:
    """The rule of a case by its section, printed ('五') or of joint liability ('九·连带').

    Raises KeyError.
    """
    printed = next((rule for rule in pack.interviews if rule.section == section), None)
    found = printed or joint_interview(section, pack.bars)
    if found is None:
        raise KeyError(section)
    return found
