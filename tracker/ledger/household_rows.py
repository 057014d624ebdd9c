"""The ledger: rows about households: who they are, what is guaranteed them, what they earn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tracker.ledger.desk import Desk
from tracker.ledger.draft import Refs
from tracker.ledger.happenings import known_household, of_household
from tracker.ledger.rosters import household_made, named_village, stated_village
from tracker.registry.partial_days import bounds

EXITED, NOT_EXITED, UNMONITORED = "已脱贫", "未脱贫", "无"


def household(desk: Desk) -> Refs:
    """贫困户信息: what the registration says of a household; its village where it is given."""
    named = bool(desk.text("village"))
    if not desk.directory.index.household(desk.text("household")).ids:
        for field, what in (("village", "所在的村"), ("householder", "户主")):
            if not desk.text(field):
                desk.say("error", field, f"这一户是新的，没有写{what}", "请补填")
    village = named_village(desk, "village", desk.text("township")) if named else None
    if desk.stopped:
        return Refs()
    found = household_made(desk)
    if village is not None:
        stated_village(desk, found, village)
    _stated(desk, found)
    return Refs({"household": (found,), **of_household(desk, found)})


def household_fact(desk: Desk) -> Refs:
    """三保障核实: what one visit found of a household."""
    found = known_household(desk)
    return Refs() if found is None else Refs({"household": (found,), **of_household(desk, found)})


def income(desk: Desk) -> Refs:
    """收入台账: an amount, earned or expected; one that was expected may have been counted."""
    refs = household_fact(desk)
    if desk.text("nature") == "expected" and desk.row.values.get("counted") is True:
        refs.ids["counted_for"] = refs.ids.get("household", ())
    return refs


def _stated(desk: Desk, subject: int) -> None:
    """The dated properties of a household that its row gives."""
    told = {"household_type": "household_type", "identified": "identified_on",
            "exited": "exited_on"}  # fmt: skip
    for field, name in told.items():
        if desk.text(field):
            desk.fact("attributes", subject_id=subject, name=name, value=desk.text(field))
    for support in desk.names("support"):
        desk.fact("attributes", subject_id=subject, name="support", value=support)
    kind, since = desk.text("monitored"), desk.day("monitored_on")
    if kind not in ("", UNMONITORED):
        desk.fact("attributes", subject_id=subject, name="monitored", value=kind, starts_on=since)
    _exit_status(desk, subject)


def _exit_status(desk: Desk, subject: int) -> None:
    """Not exited until the eve of its exit, exited from then on; without a day as it is told."""
    said, day = desk.text("exit_status"), desk.text("exited")
    if said == NOT_EXITED and day:
        desk.say("error", "exit_status", f"脱贫状态是“{said}”，却写了脱贫时间", "请核对")
    if day:
        first = bounds(day)[1]
        before = date.fromordinal(first.toordinal() - 1)
        if len(day) < len("2019-12-31"):
            desk.note_once("exited", f"脱贫时间没有写到日的，按所写年、月的最后一天（{first}）")
        for value, span in ((NOT_EXITED, {"ends_on": before}), (EXITED, {"starts_on": first})):
            desk.fact("attributes", subject_id=subject, name="exit_status", value=value, **span)
    elif said:
        desk.fact("attributes", subject_id=subject, name="exit_status", value=said)


HOUSEHOLD_ROSTERS: dict[str, Callable[[Desk], Refs]] = {"households": household}
HOUSEHOLD_HAPPENINGS: dict[str, Callable[[Desk], Refs]] = {
    "household_guarantees": household_fact,
    "household_incomes": income,
}
