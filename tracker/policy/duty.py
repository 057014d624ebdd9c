"""The law as frozen objects: one computed duty and the parts it is written with.

Unknown keys are refused; every rule carries a citation. Days are closed intervals. The field
guide for authors is duties/README.md.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from tracker.policy.base import Cite, Interpretation, Key, MonthDay, Rule, Span
from tracker.policy.document import Every

Measure = Literal["count", "days", "sum", "latest", "standing"]
Special = Literal["not_applicable", "needs_review"]


class Holder(Rule):
    """A role resolved by the registry (`roles` of the vocabulary). `of`: the body a leader leads.
    `level`: only holders of these administrative levels. `bodies` (role `body`): the names, as
    printed, of bodies that each owe it; `taking_part`: of those that help and owe nothing."""

    role: str
    of: str | None = None
    level: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    taking_part: tuple[str, ...] = ()


class Counts(Rule):
    """Lines that count: their kind and, where it matters, about which named item, in which role
    and where."""

    kind: str
    item: str | None = None
    as_: str | None = Field(default=None, alias="as")
    place: Literal["helped_village", "own_area"] | None = None


# What a threshold may depend on (`Case.by`); COUNTERPART is followed by the attribute's name.
RANK, COUNTERPART, YEAR, MILESTONE = "holder.rank_group", "counterpart.", "window.year", "milestone"


class Case(Rule):
    """A threshold that depends on who holds the duty, toward whom, or when.

    `by`: holder.rank_group; counterpart.<attribute> (its value on the earlier of the day judged
    and the window's end, I52); window.year; milestone (`every: milestones`: a key is a day, or a
    year, meaning its last day).
    """

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


class Base(Rule):
    """The level from which the path to the first milestone starts, on the day it was measured."""

    on: date
    value: int | Decimal
    cite: Cite


class InPrinciple(Rule):
    """The text says 原则上: a recorded reason (a line of this kind about the same holder and
    counterpart in the window) sends a breach to a person (I72)."""

    reason: str
    interpretation: Interpretation = "I72"


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
    holder whose breach explains a miss of this one, so that one notice speaks for both.
    `contradiction`: what the document says against itself here, shown beside every verdict."""

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
    base: Base | None = None
    accountable: Literal["holder", "unit", "team"] = "holder"
    strength: Literal["must", "should"] = "must"
    in_principle: InPrinciple | None = None
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
    contradiction: str = ""
    interpretations: tuple[Interpretation, ...] = ()

    @property
    def breach(self) -> Breach | None:
        """The printed trigger of an interview; None for what only warns."""
        return self.on_breach if self.strength == "must" and self.on_breach != "warn" else None
