"""Waivers for tests: the township's meeting of February 2020, requested on the 3rd (I25)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.scenarios.world import OFFICER, World, moment
from tracker.registry import waiver_acts

MEETING = "township.captains_meeting"
REQUESTED, APPROVED = date(2020, 2, 3), date(2020, 2, 5)


def request(world: World, **changes: Any) -> int:
    """A request by 王甲子 for 东乡; `holder` and `toward` by name, all else as in the act."""
    holder, toward = changes.pop("holder", "东乡"), changes.pop("toward", None)
    on = changes.pop("on", REQUESTED)
    told = {
        "document": "gansu-2019-33", "duty": MEETING, "starts_on": date(2020, 2, 1),
        "ends_on": date(2020, 2, 29), "reason": "疫情防控期间停止集会", "applicant": "王甲子",
        "holder_id": world.ids[holder], "counterpart_id": world.ids[toward] if toward else None,
        "now": moment(on, 9), **changes,
    }  # fmt: skip
    return waiver_acts.request(world.connection, world.law, on=on, operator=OFFICER, **told)


def approve(world: World, number: int, on: date = APPROVED, **changes: Any) -> None:
    """Approved by 李乙丑 at ten in the morning of the day."""
    told = {
        "approver": "李乙丑",
        "authority": "县脱贫攻坚领导小组",
        "now": moment(on, 10),
        **changes,
    }
    waiver_acts.approve(world.connection, number, on=on, operator=OFFICER, **told)


def revoke(world: World, number: int, on: date, **changes: Any) -> None:
    """Revoked from a day on, known at eleven that morning."""
    told = {
        "reason": "疫情缓解", "authority": "县脱贫攻坚领导小组", "now": moment(on, 11), **changes
    }  # fmt: skip
    waiver_acts.revoke(world.connection, number, on=on, operator=OFFICER, **told)


def waive(world: World, **changes: Any) -> int:
    """A waiver requested and approved."""
    number = request(world, **changes)
    approve(world, number, max(changes.get("on", REQUESTED), APPROVED))
    return number
