"""The law: what an award plan checks of a nominee, each check in exactly one shape. awards.yaml."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from tracker.policy.base import Cite, Ident, Interpretation, Rule

Consequence = Literal["barred", "on_hold", "incomplete"]
_SHAPES = ("service", "residency", "recorded", "interviewed", "rank", "judged")


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


class Reaches(Rule):
    """Whom an incident with this qualifier reaches though it does not name them: from where it
    happened, `on` the roles that this leads to. Joint liability beside that of the lists."""

    when: str
    where: str
    on: tuple[str, ...] = Field(min_length=1)


class Recorded(Rule):
    """Recorded facts that speak against a nominee: incidents of these kinds with all of these
    qualifiers (and one of `any_of`, where given). `by`: words of which the authority that
    determined it must have one; any other needs a person's decision (I28). `span`: within the
    plan's calendar year up to submission, or without end. `reaches`: those it does not name."""

    incidents: tuple[str, ...] = Field(min_length=1)
    qualifiers: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    span: Literal["plan_year", "forever"]
    reaches: tuple[Reaches, ...] = ()


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
        if sum(bool(getattr(self, name)) for name in _SHAPES) != 1:
            raise ValueError(f"应恰好写一种：{'、'.join(_SHAPES)}")
        return self
