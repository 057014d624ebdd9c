"""Liability: whom an incident reaches, through which tie, on the day it happened. Pure.

`ROUTES` says for each `where` and `on` that a pack may combine how the one leads to the other.
What an incident does not tell for certain reaches nobody: a unit's fraud without a place burdens
only the areas in which all its villages lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from tracker.consequences.tables import Incident
from tracker.consequences.whereabouts import areas, places, village
from tracker.policy.sanctions import Levels
from tracker.registry.oneday import OneDay

Reached = Iterator[tuple[int, str]]  # a subject, and the sentence of how the incident leads there


@dataclass(frozen=True, slots=True)
class Fact:
    """An incident on the day it happened; `levels`: of led and leading units, where a rule tells
    them apart."""

    day: OneDay
    incident: Incident
    levels: Levels | None = None

    def is_led(self, unit: int) -> bool:
        """Whether the unit is of a level that is led."""
        return self.levels is not None and self.day.level(unit) in self.levels.led

    def leads(self, unit: int) -> bool:
        """Whether the unit is of a level that leads."""
        return self.levels is not None and self.day.level(unit) in self.levels.leading


Route = Callable[[Fact], Reached]


def reached(where: str, on: Iterable[str], fact: Fact) -> dict[int, str]:
    """Subjects that a rule with this `where` and `on` reaches, each with the path that led there.

    The loader admits only pairs that `ROUTES` connects.
    """
    found: dict[int, str] = {}
    for role in on:
        for subject, path in ROUTES[where, role](fact):
            found.setdefault(subject, path)
    return found


def _jurisdiction(kind: str, fact: Fact) -> Reached:
    day = fact.day
    where = "、".join(day.name(place) for place in places(day, fact.incident))
    for area in areas(day, fact.incident):
        if day.kind(area) == kind:
            yield area, f"事件涉及{where}，在{day.name(area)}辖区内"


def _area_itself(kind: str, fact: Fact) -> Reached:
    area = fact.incident.subject_id
    if area is not None and fact.day.kind(area) == kind:
        yield area, f"认定的是{fact.day.name(area)}的工作"


def _tied_itself(tie: str, role: str, fact: Fact) -> Reached:
    """The body it is about, where that has this tie, and so this role. What was determined of its
    cadres and helpers is not yet its own: of these 九 and 十 speak (I39)."""
    body = fact.incident.subject_id
    if body is not None and fact.day.kind(body) and fact.day.targets(tie, body):
        yield body, f"认定的是{role}{fact.day.name(body)}的工作"


def _helping_units(fact: Fact) -> Reached:
    day, home = fact.day, village(fact.day, fact.incident)
    if home is not None:
        for unit in day.sources("assists", home):
            yield unit, f"{day.name(unit)}帮扶{day.name(home)}，事件发生在该村"


def _teams_named(fact: Fact) -> Reached:
    """The team it is about, or of the person it is about."""
    day, subject = fact.day, fact.incident.subject_id
    if subject is None:
        return
    if day.kind(subject) == "team":
        yield subject, f"认定的是{day.name(subject)}"
        return
    for team in day.teams(subject):
        yield team, f"{day.name(subject)}是{day.name(team)}队员"


def _teams_posted(fact: Fact) -> Reached:
    """The team named; else the village's own, which a qualifier of the rule must hold at fault."""
    day, home = fact.day, village(fact.day, fact.incident)
    named = list(_teams_named(fact))
    yield from named
    if home is None or named:
        return
    for team in day.teams_in(home):
        yield team, f"{day.name(team)}驻{day.name(home)}，事件发生在该村"


def _captains(teams: Route, fact: Fact) -> Reached:
    for team, path in teams(fact):
        for captain in fact.day.captains(team):
            yield captain, f"{path}，{fact.day.name(captain)}任队长"


def _concerned(fact: Fact) -> Reached:
    day, person = fact.day, fact.incident.subject_id
    if person is not None and day.teams(person):
        yield person, f"{day.name(person)}是驻村干部、事件当事人"


def _senders(teams: Route, fact: Fact) -> Reached:
    """The unit that sent the person it is about; where it is about a team, those of its members."""
    day, person = fact.day, fact.incident.subject_id
    concerned = [person] if person is not None and day.teams(person) else []
    for team, path in teams(fact):
        for member in concerned or day.members(team):
            for unit in day.senders(member):
                yield unit, f"{path}，{day.name(unit)}派出{day.name(member)}"


def _helper_named(fact: Fact) -> Reached:
    day, subject = fact.day, fact.incident.subject_id
    paired = day.targets("paired_with", subject) if subject is not None else []
    if subject is not None and paired:
        yield subject, f"{day.name(subject)}是{day.name(paired[0])}的帮扶责任人"


def _helpers_of_household(fact: Fact) -> Reached:
    """The helpers of the household, of whom the named one alone; else the helper named. A
    qualifier of the rule must hold the helper at fault."""
    day, household = fact.day, fact.incident.household_id
    if household is None:
        yield from _helper_named(fact)
        return
    helpers = day.sources("paired_with", household)
    named = [h for h in helpers if h == fact.incident.subject_id]
    for helper in named or helpers:
        yield helper, f"{day.name(helper)}是{day.name(household)}的帮扶责任人"


def _units_of(helpers: Route, fact: Fact) -> Reached:
    day = fact.day
    for helper, path in helpers(fact):
        unit = day.parent(helper)
        if unit is not None:
            yield unit, f"{path}，所在单位是{day.name(unit)}"


def _leaders_of_unit(fact: Fact) -> Reached:
    day, unit = fact.day, fact.incident.subject_id
    if unit is None or not fact.is_led(unit):
        return
    told = [day.chain(place) for place in places(day, fact.incident)]
    helped = {day.county(village) for village in day.targets("assists", unit)}
    for county in sorted(c for c in helped if c is not None):
        # The place may be narrower than the county, or wider.
        if any(county in chain or chain[0] in day.chain(county) for chain in told):
            yield from _leaders(fact, county, f"{day.name(unit)}在{day.name(county)}帮扶")


def _leaders_of_village(fact: Fact) -> Reached:
    day, home = fact.day, village(fact.day, fact.incident)
    county = day.county(home) if home is not None else None
    if home is None or county is None:
        return
    for unit in day.sources("assists", home):
        if fact.is_led(unit):
            path = f"事件发生在{day.name(unit)}的帮扶村{day.name(home)}"
            yield from _leaders(fact, county, path)


def _leaders(fact: Fact, county: int, path: str) -> Reached:
    day = fact.day
    for leader in day.sources("leads_county", county):
        if fact.leads(leader):
            yield leader, f"{path}，{day.name(leader)}是{day.name(county)}的省直组长单位"


def _of_team(where: str, teams: Route) -> dict[tuple[str, str], Route]:
    return {
        (where, "team"): teams,
        (where, "captain"): partial(_captains, teams),
        (where, "person_concerned"): _concerned,
    }


_AREAS = ("prefecture", "county", "township")
ROUTES: dict[tuple[str, str], Route] = {
    **{("jurisdiction", kind): partial(_jurisdiction, kind) for kind in _AREAS},
    **{("own_work", kind): partial(_area_itself, kind) for kind in _AREAS},
    ("own_work", "group_leader_unit"): partial(_tied_itself, "leads_county", "组长单位"),
    ("own_work", "lead_unit"): partial(_tied_itself, "governs_sector", "牵头单位"),
    ("own_work", "assisting_unit"): partial(_tied_itself, "assists", "帮扶单位"),
    **_of_team("own_work", _teams_named),
    ("own_work", "helper"): _helper_named,
    ("helped_village", "assisting_unit"): _helping_units,
    **_of_team("posted_village", _teams_posted),
    ("dispatched_team", "assisting_unit"): partial(_senders, _teams_named),
    ("team_village", "assisting_unit"): partial(_senders, _teams_posted),
    ("helped_household", "helper"): _helpers_of_household,
    ("own_helpers", "assisting_unit"): partial(_units_of, _helper_named),
    ("helper_household", "assisting_unit"): partial(_units_of, _helpers_of_household),
    ("led_units", "group_leader_unit"): _leaders_of_unit,
    ("led_villages", "group_leader_unit"): _leaders_of_village,
}
