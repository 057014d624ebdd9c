"""The law: how a document scores villages and offices. scorecard.yaml.

A scorecard has sections of weighted items, what may be added and deducted beside them, and the
veto. Every figure is the document's own; where the text contradicts itself or leaves a gap, `notes`
say so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from tracker.policy.base import Cite, Ident, Interpretation, Key, Rule

Points = Annotated[Decimal, Field(gt=0)]
T = TypeVar("T", "Scorecard", "EventKind", "Part", "Method")


class EventKind(Rule):
    """A kind of event that moves points, as the document names it."""

    id: Ident
    name: str


class Deducts(Rule):
    """Each event takes so many points off the weight, from `least` to `most` as an officer decides
    (I55), until nothing is left."""

    events: tuple[Key, ...] = Field(min_length=1)
    least: Points = Field(alias="from")
    most: Points = Field(alias="to")
    interpretations: tuple[Interpretation, ...] = ()


class Part(Rule):
    """A score that somebody reports, from 0 to `full`; times `factor` it is points of the item."""

    id: Ident
    name: str
    full: Points
    factor: Points = Decimal(1)
    source: tuple[str, ...] = ()


class Floor(Rule):
    """No less than so many points, where the formula itself would go on falling."""

    points: Decimal = Field(ge=0)
    cite: Cite


class Method(Rule):
    """One way from a result to points: `classes`, points by class; or by place, `first` for the
    first and `per_place` less for each place after it."""

    id: Ident
    name: str
    classes: dict[Annotated[int, Field(ge=1)], Annotated[Decimal, Field(ge=0)]] = {}
    first: Points | None = None
    per_place: Points | None = None
    floor: Floor | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.classes) == bool(self.first and self.per_place):
            raise ValueError("应写 classes，或者写 first 和 per_place，只写一种")
        return self


class Exempt(Rule):
    """Whoever has no such task gets the average of those who have, to so many decimals."""

    id: Ident
    name: str
    as_: Literal["average"] = Field(alias="as")
    decimals: int = Field(ge=0, le=4)
    cite: Cite


class Ranked(Rule):
    """Points by a rank that others decide. Of several results the method listed first prevails."""

    methods: tuple[Method, ...] = Field(min_length=1)
    exempt: Exempt | None = None

    def method(self, method_id: str) -> Method | None:
        """The method of this id, if any."""
        return _found(self.methods, method_id)


class Item(Rule):
    """One thing that is scored, out of `weight`: by deductions, parts or a rank; with none of these
    the score is reported as it is. `no`: the number printed beside it; `source`: who reports."""

    id: Ident
    no: str = ""
    name: str
    weight: Points
    rule: str = ""
    source: tuple[str, ...] = Field(min_length=1)
    deducts: Deducts | None = None
    parts: tuple[Part, ...] = ()
    ranked: Ranked | None = None
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if sum(map(bool, (self.deducts, self.parts, self.ranked))) > 1:
            raise ValueError("deducts、parts、ranked 最多写一种")
        return self

    @property
    def reported(self) -> tuple[Part, ...]:
        """The scores that are reported for it; one without an id where it is not divided."""
        whole = Part.model_construct(id="", name=self.name, full=self.weight, factor=Decimal(1))
        return () if self.deducts or self.ranked else self.parts or (whole,)


class Section(Rule):
    """Items whose weights add up to the section's."""

    id: Ident
    name: str
    weight: Points
    items: tuple[Item, ...] = Field(min_length=1)


class Adjuster(Rule):
    """Events beside the weights, each worth its points; all together no more than `cap`.
    `by_document`: only on the strength of a document, whose number is recorded."""

    id: Ident
    no: str = ""
    name: str
    points: dict[Key, Points] = Field(min_length=1)
    cap: Points | None = None
    by_document: bool = False
    source: tuple[str, ...] = Field(min_length=1)
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Adjustment(Rule):
    """Everything that is added, or everything that is deducted; `cap`: for all of it (I54)."""

    items: tuple[Adjuster, ...] = Field(min_length=1)
    cap: Points | None = None
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


class Veto(Rule):
    """一票否决: a final total below `below` (I53), or one of these events."""

    id: Ident
    no: str = ""
    name: str
    below: Points | None = None
    events: tuple[Key, ...] = ()
    source: tuple[str, ...] = Field(min_length=1)
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()


Entry = Item | Adjuster | Veto


class Scorecard(Rule):
    """How one sort of bodies is scored, out of `full`. Nobody is scored by two cards of a `family`.
    `scores`: the kind of body, as the registry has it."""

    id: Ident
    family: str
    name: str
    scores: Literal["village", "unit"]
    full: Points
    sections: tuple[Section, ...] = Field(min_length=1)
    bonus: Adjustment | None = None
    deduction: Adjustment | None = None
    veto: Veto | None = None
    cite: Cite
    interpretations: tuple[Interpretation, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all sections, in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def adjusters(self) -> tuple[Adjuster, ...]:
        """What is added and what is deducted, in order."""
        return tuple(
            each for group in (self.bonus, self.deduction) if group for each in group.items
        )

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that something can be recorded of."""
        return (*self.items, *self.adjusters, *([self.veto] if self.veto else []))


class Gap(Rule):
    """What the document contradicts itself in or leaves open; told, never mended."""

    cite: Cite
    about: str
    text: str
    interpretations: tuple[Interpretation, ...] = ()


class ScorePlan(Rule):
    """scorecard.yaml, whole. `offices`: those who assess; lists that rank are for them alone."""

    year: int
    name: str
    offices: tuple[str, ...] = Field(min_length=1)
    events: tuple[EventKind, ...]
    notes: tuple[Gap, ...] = ()
    scorecards: tuple[Scorecard, ...] = Field(min_length=1)

    def card(self, card_id: str) -> Scorecard:
        """The scorecard of this id. Raises KeyError."""
        found = _found(self.scorecards, card_id)
        if found is None:
            raise KeyError(card_id)
        return found

    def event(self, event_id: str) -> str:
        """The name of a kind of event; the id where there is none."""
        found = _found(self.events, event_id)
        return found.name if found else event_id


def _found(items: tuple[T, ...], wanted: str) -> T | None:
    return next((item for item in items if item.id == wanted), None)
