"""A world to be asked of the gate: what is known of some, and the clauses of one check."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.scenarios.world import OFFICER, World, all_covers, moment, only, shipped_law
from tracker.awards.facts import Facts, gather
from tracker.awards.gate import Clause
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record, Ruling
from tracker.awards.verdict import Verdict, judge
from tracker.consequences import incidents
from tracker.policy.awards import AwardPlan

PLAN = "gansu-2020-41"
PERSON, UNIT = "helping.individual", "helping.collective"
DEADLINE = date(2020, 12, 20)


def shipped_plan(year: int = 2020, deadline: date = DEADLINE) -> AwardPlan:
    """The plan as shipped, moved to another year and deadline."""
    plan = shipped_law().pack(PLAN).awards
    assert plan
    moved = plan.deadline.model_copy(update={"on": deadline})
    return plan.model_copy(update={"year": year, "deadline": moved})


def ruling(passed: bool = True, on: date = DEADLINE) -> Ruling:
    """What a person decided, with a reason that can be found again."""
    return Ruling(passed, "事迹特别突出", "示例县领导小组", "何甲子", on)


class Gate:
    """Asks about a world, by default as captains under the award for helping persons."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.law = only(shipped_law(), ("unit.study", "cadre.days_220", "cadre.nights_160"))

    def facts(self, *names: str, as_of: date = DEADLINE) -> Facts:
        """What is known of those of these names."""
        world = self.world
        return gather(
            world.connection, world.law, all_covers(), [world.ids[name] for name in names],
            as_of=as_of, known_at=moment(as_of, 23),
        )  # fmt: skip

    def nominee(self, name: str, kind: str, award: str, **said: Any) -> Nominee:
        """Somebody of the world, or nobody the registry knows."""
        return Nominee(PLAN, award, kind, name, "", self.world.ids.get(name), "", **said)

    def judge(
        self, name: str, kind: str = "captain", award: str = PERSON, *,
        plan: AwardPlan | None = None, record: Record | None = None, facts: Facts | None = None,
        as_of: date = DEADLINE, **said: Any,
    ) -> Verdict:  # fmt: skip
        """The verdict on one of them."""
        plan = plan or shipped_plan()
        known = [name] if name in self.world.ids else []
        facts = facts or self.facts(*known, as_of=as_of)
        nominee = self.nominee(name, kind, award, **said)
        return judge(plan, plan.award(award), nominee, facts, record or Record())

    def clauses(self, check: str, name: str, *more: str, **said: Any) -> list[Clause]:
        """The clauses of one check."""
        return [c for c in self.judge(name, *more, **said).clauses if c.check == check]

    def clause(self, check: str, name: str, *more: str, **said: Any) -> Clause:
        """The only clause of one check."""
        (found,) = self.clauses(check, name, *more, **said)
        return found

    def incident(self, kind: str, on: date, *qualifiers: str, **said: Any) -> int:
        """Record an incident, by default by a leading group; parties by name."""
        parties = {
            f"{party}_id": self.world.ids[said.pop(party)]
            for party in ("subject", "place", "household") if party in said
        }  # fmt: skip
        told = {
            "authority": "示例县脱贫攻坚领导小组", "document_number": "示领发〔2020〕1号",
            "determined_on": on, "happened_on": on, **parties, **said,
        }  # fmt: skip
        return incidents.record(
            self.world.connection, self.world.law, kind=kind, qualifiers=qualifiers,
            now=moment(told["determined_on"], 20), operator=OFFICER, **told,
        )  # fmt: skip
