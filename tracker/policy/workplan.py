"""The law of work plans: targets and tasks, each a short form of a duty.

targets.yaml lists figures to reach by a year or a day, tasks.yaml what is to be done and closed
(销号) once. Each entry is expanded into a `Duty` of the same id, so that everything that judges,
warns, explains and prints duties holds for them too.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from tracker.policy.base import Cite, Interpretation, Key, Rule, Span
from tracker.policy.document import Document
from tracker.policy.duty import (
    MILESTONE,
    YEAR,
    Base,
    Breach,
    Case,
    Counts,
    Duty,
    Holder,
    MidWindow,
    Per,
)

REPORTED = "reported_level"
CLOSED = "task_closed"
BODY = "body"
AS_PRINTED: Interpretation = "I68"
Number = int | Decimal
Bound = Number | dict[Key, Number]


class Target(Rule):
    """A figure to reach. `at_least`, `at_most`: one number for every window of `every`, or by
    milestone (a year, meaning its last day, or a day). `base`: where the path starts."""

    id: str = Field(pattern=r"^target\.[a-z0-9_]+$")
    cite: Cite
    name: str = Field(max_length=60)
    paraphrase: str
    holder: Holder
    measure: Literal["latest", "sum"]
    unit: str = Field(min_length=1)
    at_least: Bound | None = None
    at_most: Bound | None = None
    every: Literal["milestones", "year", "half_year", "quarter", "month"] = "milestones"
    base: Base | None = None
    strength: Literal["must", "should"] = "must"
    on_breach: Breach | Literal["warn"] = "warn"
    contradiction: str = ""
    interpretations: tuple[Interpretation, ...] = ()

    def duty(self, _: Document) -> Duty:
        """The duty that this target is short for: the holder's reported figures of its name."""
        return Duty(
            id=self.id,
            cite=self.cite,
            name=self.name,
            paraphrase=self.paraphrase,
            holder=self.holder,
            counts=(Counts(kind=REPORTED, item=self.name),),
            measure=self.measure,
            at_least=self._threshold(self.at_least),
            at_most=self._threshold(self.at_most),
            unit=self.unit,
            every=self.every,
            base=self.base,
            strength=self.strength,
            mid_window=MidWindow(rule="whole", interpretation=AS_PRINTED),
            on_breach=self.on_breach,
            contradiction=self.contradiction,
            interpretations=self.interpretations,
        )

    def _threshold(self, bound: Bound | None) -> Number | Case | None:
        if not isinstance(bound, dict):
            return bound
        by = MILESTONE if self.every == "milestones" else YEAR
        return Case(by=by, cases=dict(bound), otherwise="not_applicable", cite=self.cite)


class Task(Rule):
    """Something to be done once and closed. `lead`: the bodies that each owe it, by name; or
    `holder`, a role. `members`: named things, each closed by itself. No `due`: by the last day
    of the document, and only warned about."""

    id: str = Field(pattern=r"^task\.[a-z0-9_]+$")
    cite: Cite
    name: str = Field(max_length=60)
    paraphrase: str
    lead: tuple[str, ...] = ()
    holder: Holder | None = None
    taking_part: tuple[str, ...] = ()
    due: date | None = None
    members: tuple[str, ...] = ()
    contradiction: str = ""
    interpretations: tuple[Interpretation, ...] = ()

    def duty(self, document: Document) -> Duty:
        """The duty that this task is short for: a closing of its name, once, by its day; what was
        done earlier in the year of issue is done."""
        holder = self.holder or Holder(role=BODY, bodies=self.lead)
        span = document.in_force
        last = self.due or span.to or span.from_
        return Duty(
            id=self.id,
            cite=self.cite,
            name=self.name,
            paraphrase=self.paraphrase,
            holder=holder.model_copy(update={"taking_part": self.taking_part}),
            counts=(Counts(kind=CLOSED, item=self.name),),
            measure="count",
            at_least=1,
            unit="项",
            every="once",
            once=Span(from_=date(span.from_.year, 1, 1), to=last),  # as for milestones
            strength="must" if self.due else "should",
            per=Per(members=self.members) if self.members else None,
            mid_window=MidWindow(rule="whole", interpretation=AS_PRINTED),
            on_breach="warn",
            contradiction=self.contradiction,
            interpretations=self.interpretations,
        )
