"""The ledger: rows of rosters about bodies: the departments that work plans name, what any roster
of units says of a unit."""

from __future__ import annotations

from tracker.ledger.desk import Desk
from tracker.ledger.draft import Refs


def department(desk: Desk) -> Refs:
    """部门单位: a body that a work plan may name, whether it helps a village or not; at home in
    the area of its level, where the import speaks of one."""
    index, directory, text = desk.directory.index, desk.directory, desk.text("unit")
    match = index.same_unit(text)
    unit = desk.settle("unit", text, match, "unit", desk.rule.name) if match.ids else None
    if match.ids and unit is None:
        return Refs()
    if unit is None:
        own = {index.subjects[area].kind: area for area in directory.areas}
        unit = directory.ensure("body", "unit", local_name(desk, text), own.get(desk.text("level")))
    unit_facts(desk, unit)
    return Refs({"unit": (unit,)})


def local_name(desk: Desk, text: str) -> str:
    """县水务局 as 华池县水务局."""
    area = desk.directory.index.subjects[desk.directory.county].name
    return area + text[1:] if text[0] == area[-1] else text


def unit_facts(desk: Desk, unit: int) -> None:
    """Level, sector and short names, as a roster of units states them."""
    for name in ("level", "sector"):
        if desk.text(name):
            desk.fact("attributes", subject_id=unit, name=name, value=desk.text(name))
    for short_name in desk.names("short_names"):
        desk.fact("attributes", subject_id=unit, name="short_name", value=short_name)
        desk.directory.index.add_short_name(unit, short_name)
