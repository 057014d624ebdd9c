"""The law: an award plan as a document prints it. awards.yaml.

Which awards, how many, who may be nominated by which branch, what is checked, who is consulted,
where and how long it is made public, what is handed in and until when. An annex that is not at
hand is `missing`: its quota is unknown, never zero (I50).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field

from tracker.errors import PackError
from tracker.policy.base import AreaKey, Cite, Ident, Interpretation, Key, Rule
from tracker.policy.nominee_checks import (
    Check,
    Interviewed,
    RankLimit,
    Recorded,
    Residency,
    Service,
)

__all__ = [
    "Award",
    "AwardPlan",
    "Branch",
    "Check",
    "Deadline",
    "Interviewed",
    "Kind",
    "Material",
    "Part",
    "Publicity",
    "Quota",
    "RankLimit",
    "Recorded",
    "Residency",
    "Service",
    "Stage",
]

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
    """A paper of the nomination, for nominees of these awards (none: all). `max_characters`:
    without white space (I45)."""

    id: Ident
    name: str
    awards: tuple[str, ...] = ()
    of: Literal["nominee", "list"] = "nominee"
    copies: int | None = None
    double_sided: bool = False
    max_characters: int | None = None
    media: tuple[Literal["paper", "electronic"], ...] = ()
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Holds(Rule):
    """Posts of the vocabulary in a body of a kind (county, township ...)."""

    posts: tuple[str, ...]
    in_: Literal["province", "prefecture", "county", "township", "unit"] = Field(alias="in")


class Kind(Rule):
    """A kind of nominee, as the plan names it. `role`: the role or post of the registry that
    proves it; '' where the registry knows nothing of it. `holds`: posts that make a person one of
    this kind, whatever else the nominee is put forward as. `also`: other ways of writing it."""

    id: Ident
    name: str
    is_: Literal["collective", "individual"] = Field(alias="is")
    role: str = ""
    level: tuple[str, ...] = ()
    holds: Holds | None = None
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
    by_area: dict[AreaKey, Annotated[int, Field(ge=0)]] = {}
    area_names: dict[AreaKey, str] = {}
    missing: str = ""
    mismatch: str = ""
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Stage(Rule):
    """One step of a branch, in order, and who does it. `cite`: only where another clause than the
    branch's own prints it."""

    id: Ident
    name: str
    by: str
    does: Literal["propose", "list", "consult", "review", "publicity", "summary", "decide"]
    working_days: int = Field(default=0, ge=0)
    cite: str = ""


class Branch(Rule):
    """A way in which nominees come up: whom it asks (`organs`), and its stages in order.
    `organs_open`: the document adds 等, so further opinions are welcome. `hands_in`: whether papers
    are handed in at all, and so the deadline binds."""

    id: Ident
    name: str
    organs: tuple[str, ...] = ()
    organs_open: bool = False
    hands_in: bool = True
    stages: tuple[Stage, ...]
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


def _as_text(value: object) -> object:
    """A condition that holds for every kind is written as its text alone."""
    return {"text": value} if isinstance(value, str) else value


class Condition(Rule):
    """What an award is for, as the bodies that review apply it. `kinds`: of nominees that it is
    for (none: all)."""

    text: str
    kinds: tuple[str, ...] = ()


class Award(Rule):
    """One award: who commends, how many, which kinds of nominees by which branch, which the text
    keeps out (`excluded`). `open_kinds`: it adds 等, so that a kind it does not name is for a
    person. `conditions` and `preferences` (优先推荐) are for the bodies that review."""

    id: Ident
    family: str
    name: str
    nominee: Literal["collective", "individual"]
    commended_by: str
    quota: Quota
    kinds: dict[Key, Key]
    excluded: tuple[str, ...] = ()
    open_kinds: bool = False
    conditions: tuple[Annotated[Condition, BeforeValidator(_as_text)], ...] = ()
    preferences: tuple[str, ...] = ()
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()

    def conditions_for(self, kind: str) -> list[str]:
        """The conditions for a kind; all of them for one that the award does not name."""
        named = kind in self.kinds
        return [c.text for c in self.conditions if not (named and c.kinds) or kind in c.kinds]


class AwardPlan(Rule):
    """awards.yaml, whole."""

    year: int
    name: str
    deadline: Deadline
    publicity_: Publicity | None = Field(default=None, alias="publicity")
    materials: tuple[Material, ...]
    kinds: tuple[Kind, ...]
    awards: tuple[Award, ...]
    branches: tuple[Branch, ...]
    checks: tuple[Check, ...]

    @property
    def publicity(self) -> Publicity:
        """How lists are made public. Raises PackError where the document says nothing of it."""
        if self.publicity_ is None:
            raise PackError(f"{self.name}没有写公示的规定", fix="有公示环节的方案须写 publicity")
        return self.publicity_

    def award(self, award_id: str) -> Award:
        """The award of this id. Raises KeyError."""
        return _by_id(self.awards, award_id)

    def branch(self, branch_id: str) -> Branch:
        """The branch of this id. Raises KeyError."""
        return _by_id(self.branches, branch_id)

    def kind(self, kind_id: str) -> Kind:
        """The kind of this id. Raises KeyError."""
        return _by_id(self.kinds, kind_id)

    def materials_for(self, award: Award) -> tuple[Material, ...]:
        """The papers that nominees under this award hand in."""
        return tuple(m for m in self.materials if not m.awards or award.id in m.awards)

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
