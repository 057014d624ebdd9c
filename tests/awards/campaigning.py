"""An award office of an invented county: 甲局 has done all it owes, and is brought on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.scenarios.world import OFFICER, World, all_covers, moment, months, only, shipped_law
from tracker.awards import acts, proposals, snapshot
from tracker.awards.nominations import Filed, load
from tracker.awards.snapshot import Frozen

PLAN = "gansu-2020-41"
COLLECTIVE, INDIVIDUAL = "advanced.collective", "advanced.individual"
ISSUED = date(2020, 11, 30)
LISTED, COUNTY, CITY = date(2020, 12, 1), date(2020, 12, 2), date(2020, 12, 9)
ORGANS = ("discipline", "police", "market", "tax", "health")
DECISION: dict[str, Any] = {
    "reason": "经查属实",
    "authority": "示例县领导小组",
    "officer": "何甲子",
}


class Campaign:
    """Acts on the nominations of a world; the day of each act is also the day it is recorded."""

    def __init__(self, world: World) -> None:
        self.world, self.connection = world, world.connection
        world.law = only(shipped_law(), ("unit.study",))
        world.unit("甲局", "东村")
        world.post("李甲子", "head", "甲局")
        for year in ("2019", "2020"):
            world.did("甲局", "committee_study", *months(f"{year}-01", f"{year}-04"))
        world.reported(months("2019-01", "2021-06"))

    def propose(self, name: str = "", **said: Any) -> int:
        """Propose 甲局, or an unregistered village branch of this name, from 陇南市's quota."""
        known = {"subject_id": self.world.ids["甲局"], "kind": "county_unit"}
        unknown = {"name": name, "unit": "东村", "kind": "village_branch"}
        said = {"document": PLAN, "award": COLLECTIVE, "area_code": "6212", "on": LISTED,
                **(unknown if name else known), **said}  # fmt: skip
        now = said.pop("now", moment(said["on"], 9))
        return proposals.propose(self.connection, self.world.law, now=now, operator=OFFICER, **said)

    def act(self, do: Callable[..., Filed], *what: object, number: int = 1, **said: Any) -> Filed:
        """Do one act on its day."""
        day = said.get("on") or said["starts_on"]
        now = said.pop("now", moment(day, 10))
        return do(self.connection, self.world.law, number, *what, now=now, operator=OFFICER, **said)

    def before_publicity(self, number: int = 1, on: date = LISTED) -> None:
        """List, opinions of all organs, review."""
        self.act(acts.stage_done, "county_list", number=number, on=on)
        for organ in ORGANS:
            self.act(acts.opinion, organ, number=number, agrees=True, on=on)
        for stage in ("consult", "county_review"):
            self.act(acts.stage_done, stage, number=number, on=on)

    def made_public(self, level: str, first: date, last: date, number: int = 1) -> None:
        """Post and take down in one go."""
        self.act(acts.post, level, number=number, starts_on=first, ends_on=last)
        self.act(acts.take_down, level, number=number, on=last, result="无异议")

    def ready(self, number: int = 1) -> None:
        """Everything that the gate asks of 甲局, done by 2020-12-15."""
        self.before_publicity(number)
        self.made_public("county_publicity", COUNTY, date(2020, 12, 8), number)
        for stage in ("city_summary", "city_review"):
            self.act(acts.stage_done, stage, number=number, on=date(2020, 12, 8))
        self.made_public("city_publicity", CITY, date(2020, 12, 15), number)
        both = ("paper", "electronic")
        on = date(2020, 12, 15)
        self.act(acts.material, "approval_form", number=number, on=on, copies=3,
                 double_sided=True, media=both)  # fmt: skip
        self.act(acts.material, "deeds", number=number, on=on, characters=2000, media=both)
        for check in ("rank", "conditions"):
            self.act(acts.judge, check, number=number, on=on, passed=True, **DECISION)

    def nominate(self, number: int = 1, on: date = date(2020, 12, 16)) -> Frozen:
        """Nominate on a day, with what is known that evening."""
        return snapshot.nominate(
            self.connection, self.world.law, all_covers(), number,
            on=on, now=moment(on, 20), operator=OFFICER,
        )  # fmt: skip

    def filed(self, number: int = 1, as_of: date | None = None) -> Filed:
        """One nomination as of a day."""
        return load(self.connection, number, as_of)
