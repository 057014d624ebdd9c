"""The stories of an award office: those of consequences, with nominees and a plan of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tests.scenarios.awards.office import AwardOffice
from tests.scenarios.awards.sentences import AWARDS
from tests.scenarios.consequences.sentences import Language
from tests.scenarios.consequences.story import NO_DUTY, Story
from tests.scenarios.scenario import Names, Strict
from tests.scenarios.world import World
from tracker import resources
from tracker.policy.awards import AwardPlan
from tracker.policy.document import Document
from tracker.policy.law import Law
from tracker.policy.load import load_law

_PACKS = Path(__file__).parents[2] / "packs"
_RESIDENCE = ("cadre.days_220", "cadre.nights_160")  # what the plans look up in another document


class Plan(Strict):
    """方案: which plan, and what of it is otherwise than printed: to try a rule on other days."""

    document: str = Field("gansu-2020-41", alias="编号")
    issued_on: date | None = Field(None, alias="印发")
    year: int | None = Field(None, alias="年度")
    deadline: date | None = Field(None, alias="期限")
    levels: Literal["", "先后", "可同时"] = Field("", alias="各级公示")
    first_day: Literal["", "计入", "不计"] = Field("", alias="公示首日")

    def tell(self, law: Law) -> Law:
        """The law with the plan as told."""
        pack = law.pack(self.document)
        assert pack.awards
        moved = pack.model_copy(
            update={"document": self._document(pack.document), "awards": self._plan(pack.awards)}
        )
        packs = tuple(moved if one is pack else one for one in law.packs)
        return replace(law, packs=packs)

    def _document(self, document: Document) -> Document:
        if self.issued_on is None:
            return document
        span = document.in_force.model_copy(update={"from_": self.issued_on})
        return document.model_copy(update={"issued_on": self.issued_on, "in_force": span})

    def _plan(self, plan: AwardPlan) -> AwardPlan:
        public = plan.publicity
        rule = {
            "sequential": self.levels == "先后" if self.levels else public.sequential,
            "first_day_counts": (
                self.first_day == "计入" if self.first_day else public.first_day_counts
            ),
        }
        ends = plan.deadline.model_copy(update={"on": self.deadline or plan.deadline.on})
        return plan.model_copy(
            update={
                "year": self.year or plan.year, "deadline": ends,
                "publicity_": public.model_copy(update=rule),
            }
        )  # fmt: skip


class AwardStory(Story):
    """`plan`: the plan that is asked about; `asked_as`: who is asked about as which kind."""

    language: ClassVar[Language] = AWARDS
    of_file: ClassVar[frozenset[str]] = frozenset({"只看", "方案", "推荐"})

    duties: Names = Field([NO_DUTY], alias="只看")
    plan: Plan = Field(Plan(), alias="方案")
    asked_as: dict[str, str] = Field({}, alias="推荐")

    def build(self, world: World) -> World:
        """Tell the world everything; the plan among it."""
        super().build(world)
        world.law = self.plan.tell(_with_invented(world.law))
        return world

    def office(self, world: World) -> AwardOffice:
        """The award office of the plan."""
        return AwardOffice(world, self.plan.document, self.asked_as)


@cache
def _invented() -> Law:
    return load_law([resources.folder("duties"), _PACKS])


def _with_invented(law: Law) -> Law:
    """The law as the story looks at it, with the invented plan and the residence beside."""
    whole = _invented()
    packs = []
    for pack in whole.packs:
        kept = {duty.id for one in law.packs if one.document.id == pack.document.id
                for duty in one.duties}  # fmt: skip
        duties = tuple(d for d in pack.duties if d.id in kept or d.id in _RESIDENCE)
        packs.append(pack.model_copy(update={"duties": duties}))
    return replace(whole, packs=tuple(packs))
