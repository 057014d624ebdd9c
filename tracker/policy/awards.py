"""The law: an award plan as a document prints it. awards.yaml.

Which awards, how many, who may be nominated by which branch, what is checked, who is consulted,
where and how long it is made public, what is handed in and until when. An annex that is not at
hand is `missing`: its quota is unknown, never zero (I50).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from tracker.policy.base import Cite, Interpretation, Key, Rule

Ident = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z0-9_]+)?$")]
Consequence = Literal["barred", "on_hold", "incomplete"]
T = TypeVar("T", "Award", "Branch", "Kind")


class Deadline(Rule):
    """The last day on which the papers may arrive (inclusive), where, and what is reckoned to it
    (`reference`: services and anniversaries, I46)."""

    on: date
    submit_to: str
    reference: Literal["deadline"] = "deadline"
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Publicity(Rule):
    """How long a list is made public, in working days; `first_day_counts`: the posting day is one
    of them (I42). `sequential`: a level begins when the one below has ended (I43)."""

    working_days: int = Field(ge=1)
    first_day_counts: bool
    sequential: bool
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Material(Rule):
    """A paper of the nomination. `max_characters`: without white space (I45)."""

    id: Ident
    name: str
    of: Literal["nominee", "list"] = "nominee"
    copies: int | None = None
    double_sided: bool = False
    max_characters: int | None = None
    media: tuple[Literal["paper", "electronic"], ...] = ()
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Kind(Rule):
    """A kind of nominee, as the plan names it. `role`: the role or post of the registry that
    proves it; '' where the registry knows nothing of it. `also`: other ways of writing it."""

    id: Ident
    name: str
    is_: Literal["collective", "individual"] = Field(alias="is")
    role: str = ""
    level: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Part(Rule):
    """A part of a quota: so many for these kinds or branches."""

    name: str
    number: int = Field(ge=0)
    kinds: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()


class Quota(Rule):
    """How many. `parts` must add up; `pool` is whom they are chosen from. Where the document's
    figures do not agree, `mismatch` says so and the program reports it (I51). `by_area`: numbers by
    statistical code, not transferable. `missing`: the annex that is not at hand."""

    number: int = Field(ge=0)
    parts: tuple[Part, ...] = ()
    pool: tuple[Part, ...] = ()
    by_area: dict[Key, int] = {}
    area_names: dict[Key, str] = {}
    missing: str = ""
    mismatch: str = ""
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Stage(Rule):
    """One step of a branch, in order. `does`: list, consult, review, publicity, summary, decide.
    `at`: the level whose body does it (counts as publicity level)."""

    id: Ident
    name: str
    by: str
    does: Literal["propose", "list", "consult", "review", "publicity", "summary", "decide"]
    working_days: int = Field(default=0, ge=0)


class Branch(Rule):
    """A way in which nominees come up: whom it asks (`organs`), and its stages in order.
    `organs_open`: the document adds 等, so further opinions are welcome."""

    id: Ident
    name: str
    organs: tuple[str, ...] = ()
    organs_open: bool = False
    stages: tuple[Stage, ...]
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Award(Rule):
    """One award: who commends, how many, which kinds of nominees by which branch."""

    id: Ident
    family: str
    name: str
    nominee: Literal["collective", "individual"]
    commended_by: str
    quota: Quota
    kinds: dict[Key, Key]
    excluded: tuple[str, ...] = ()
    open_kinds: bool = False
    conditions: tuple[str, ...] = ()
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Service(Rule):
    """At least so many years of service, up to the plan's reference day (I46)."""

    years: int = Field(ge=1)
    relation: Literal["resident", "campaign"]


class Residency(Rule):
    """The duties of another document whose figures must be reached: in the year of the plan to
    date, prorated; `support`: earlier years shown beside (I47)."""

    document: str
    duties: tuple[str, ...]
    support: tuple[int, ...] = ()


class Recorded(Rule):
    """Recorded facts that speak against a nominee: incidents of these kinds with all of these
    qualifiers, of the nominee itself or (`through_ties`) reaching it by the bars of the law.
    `span`: within the plan's calendar year up to submission, or without end."""

    incidents: tuple[str, ...]
    qualifiers: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    span: Literal["plan_year", "forever"]


class Interviewed(Rule):
    """Interviews held within the plan's calendar year. `by`: interviewers whose interview excludes;
    any other needs a person's decision (I28)."""

    by: tuple[str, ...]


class RankLimit(Rule):
    """Ranks, or levels of units, that are normally not nominated."""

    ranks: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class Check(Rule):
    """One thing to check of a nominee, in exactly one of the shapes. `leads_to`: the answer when
    it fails; `soft`: the document says 一般 or 原则上, so a person decides; `exception`: the deeds
    that excuse it must be recorded with a reason. `kinds`, `awards`: whom it is for (none: all)."""

    id: Ident
    cite: Cite
    name: str
    kinds: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    leads_to: Consequence = "barred"
    soft: bool = False
    exception: str = ""
    service: Service | None = None
    residency: Residency | None = None
    recorded: Recorded | None = None
    interviewed: Interviewed | None = None
    rank: RankLimit | None = None
    judged: bool = False
    interpretations: tuple[Interpretation, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shapes = ("service", "residency", "recorded", "interviewed", "rank")
        given = [name for name in shapes if getattr(self, name)] + ["judged"] * self.judged
        if len(given) != 1:
            raise ValueError(f"应恰好写一种：{'、'.join(shapes)}、judged")
        return self


class AwardPlan(Rule):
    """awards.yaml, whole."""

    year: int
    name: str
    deadline: Deadline
    publicity: Publicity
    materials: tuple[Material, ...]
    kinds: tuple[Kind, ...]
    awards: tuple[Award, ...]
    branches: tuple[Branch, ...]
    checks: tuple[Check, ...]

    def award(self, award_id: str) -> Award:
        """The award of this id. Raises KeyError."""
        return _by_id(self.awards, award_id)

    def branch(self, branch_id: str) -> Branch:
        """The branch of this id. Raises KeyError."""
        return _by_id(self.branches, branch_id)

    def kind(self, kind_id: str) -> Kind:
        """The kind of this id. Raises KeyError."""
        return _by_id(self.kinds, kind_id)

    def checks_for(self, award: Award, kind: str) -> tuple[Check, ...]:
        """The checks that are for nominees of this kind under this award."""
        return tuple(
            check
            for check in self.checks
            if (not check.kinds or kind in check.kinds)
            and (not check.awards or award.id in check.awards)
        )


def _by_id(items: tuple[T, ...], wanted: str) -> T:
    found = next((item for item in items if item.id == wanted), None)
    if found is None:
        raise KeyError(wanted)
    return found
