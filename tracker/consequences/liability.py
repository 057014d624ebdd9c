"""Liability: whom an incident reaches, through which tie, on the day it happened. Pure.

`ROUTES` says for each `where` and `on` that bars.yaml may combine how the one leads to the other.
What an incident does not tell for certain reaches nobody: a unit's fraud without a place burdens
only the areas in which all its villages lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tracker.consequences.tables import Incident
from tracker.consequences.whereabouts import areas, places, village
from tracker.errors import PackError
from tracker.policy.sanctions import BarRule
from tracker.registry.oneday import OneDay

# What led_units and led_villages mean in 三: 省直组长单位 leads the 省直和中央在甘单位 of a county.
_LEADING, _LED = ("provincial",), ("provincial", "central")

Reached = Iterator[tuple[int, str]]  # a subject, and the sentence of how the incident leads there


def reached(rule: BarRule, incident: Incident, day: OneDay) -> dict[int, str]:
    """Subjects that the rule burdens after the incident, each with the path that led there.

    Raises PackError for a `where` and `on` that nothing here connects.
    """
    found: dict[int, str] = {}
    for role in rule.on:
        if (rule.where, role) not in ROUTES:
            raise PackError(
                f"规则 {rule.id}：从 where: {rule.where} 找不到 on: {role}",
                fix="请改用 duties/gansu-2019-33/bars.yaml 中已有的搭配",
            )
        for subject, path in ROUTES[rule.where, role](day, incident):
            found.setdefault(subject, path)
    return found


def _jurisdiction(kind: str, day: OneDay, incident: Incident) -> Reached:
    where = "、".join(day.name(place) for place in places(day, incident))
    for area in areas(day, incident):
        if day.kind(area) == kind:
            yield area, f"事件涉及{where}，在{day.name(area)}辖区内"


def _helping_units(day: OneDay, incident: Incident) -> Reached:
    home = village(day, incident)
    if home is not None:
        for unit in day.sources("assists", home):
            yield unit, f"{day.name(unit)}帮扶{day.name(home)}，事件发生在该村"


def _unit_itself(day: OneDay, incident: Incident) -> Reached:
    """Only what was determined of the unit itself: of its cadres and helpers 九, 十 speak (I39)."""
    unit = incident.subject_id
    if unit is not None and day.targets("assists", unit):
        yield unit, f"认定的是帮扶单位{day.name(unit)}的工作"


def _teams(day: OneDay, incident: Incident) -> Reached:
    """The team it is about, or of the person it is about; else, where the team was determined to
    be at fault, the village's own."""
    subject, home = incident.subject_id, village(day, incident)
    own = day.teams(subject) if subject is not None else []
    if subject is not None and day.kind(subject) == "team":
        yield subject, f"认定的是{day.name(subject)}"
    elif subject is not None and own:
        for team in own:
            yield team, f"{day.name(subject)}是{day.name(team)}队员"
    elif home is not None and "team_error" in incident.qualifiers:
        for team in day.teams_in(home):
            yield team, f"{day.name(team)}驻{day.name(home)}，事件发生在该村"


def _captains(day: OneDay, incident: Incident) -> Reached:
    for team, path in _teams(day, incident):
        for captain in day.captains(team):
            yield captain, f"{path}，{day.name(captain)}任队长"


def _concerned(day: OneDay, incident: Incident) -> Reached:
    person = incident.subject_id
    if person is not None and day.teams(person):
        yield person, f"{day.name(person)}是驻村干部、事件当事人"


def _senders(day: OneDay, incident: Incident) -> Reached:
    """The unit that sent the person it is about; where it is about a team, those of its members."""
    person = incident.subject_id
    concerned = [person] if person is not None and day.teams(person) else []
    for team, path in _teams(day, incident):
        for member in concerned or day.members(team):
            for unit in day.senders(member):
                yield unit, f"{path}，{day.name(unit)}派出{day.name(member)}"


def _helpers(day: OneDay, incident: Incident) -> Reached:
    """The helper it is about; else, where the helper was determined to be at fault, those of the
    household."""
    subject, household = incident.subject_id, incident.household_id
    paired = day.targets("paired_with", subject) if subject is not None else []
    at_fault = household if "helper_inadequate" in incident.qualifiers else None
    if subject is not None and paired and (at_fault is None or at_fault in paired):
        yield subject, f"{day.name(subject)}是{day.name(at_fault or paired[0])}的帮扶责任人"
    elif at_fault is not None:
        for helper in day.sources("paired_with", at_fault):
            yield helper, f"{day.name(helper)}是{day.name(at_fault)}的帮扶责任人"


def _units_of_helpers(day: OneDay, incident: Incident) -> Reached:
    for helper, path in _helpers(day, incident):
        unit = day.parent(helper)
        if unit is not None:
            yield unit, f"{path}，所在单位是{day.name(unit)}"


def _leaders_of_unit(day: OneDay, incident: Incident) -> Reached:
    unit = incident.subject_id
    if unit is None or day.level(unit) not in _LED:
        return
    told = [day.chain(place) for place in places(day, incident)]
    helped = {day.county(village) for village in day.targets("assists", unit)}
    for county in sorted(c for c in helped if c is not None):
        # The place may be narrower than the county, or wider.
        if any(county in chain or chain[0] in day.chain(county) for chain in told):
            yield from _leaders(day, county, f"{day.name(unit)}在{day.name(county)}帮扶")


def _leaders_of_village(day: OneDay, incident: Incident) -> Reached:
    home = village(day, incident)
    county = day.county(home) if home is not None else None
    if home is None or county is None:
        return
    for unit in day.sources("assists", home):
        if day.level(unit) in _LED:
            path = f"事件发生在{day.name(unit)}的帮扶村{day.name(home)}"
            yield from _leaders(day, county, path)


def _leaders(day: OneDay, county: int, path: str) -> Reached:
    for leader in day.sources("leads_county", county):
        if day.level(leader) in _LEADING:
            yield leader, f"{path}，{day.name(leader)}是{day.name(county)}的省直组长单位"


ROUTES: dict[tuple[str, str], Callable[[OneDay, Incident], Reached]] = {
    **{
        ("jurisdiction", kind): partial(_jurisdiction, kind)
        for kind in ("prefecture", "county", "township")
    },
    ("helped_village", "assisting_unit"): _helping_units,
    ("own_work", "assisting_unit"): _unit_itself,
    ("own_work", "team"): _teams,
    ("own_work", "captain"): _captains,
    ("own_work", "person_concerned"): _concerned,
    ("posted_village", "team"): _teams,
    ("posted_village", "captain"): _captains,
    ("posted_village", "person_concerned"): _concerned,
    ("dispatched_team", "assisting_unit"): _senders,
    ("own_work", "helper"): _helpers,
    ("helped_household", "helper"): _helpers,
    ("own_helpers", "assisting_unit"): _units_of_helpers,
    ("led_units", "group_leader_unit"): _leaders_of_unit,
    ("led_villages", "group_leader_unit"): _leaders_of_village,
}
