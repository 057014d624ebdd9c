"""The ledger: rows of the rosters become people, bodies, households and dated facts about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from tracker.ledger.desk import Desk
from tracker.ledger.directory import Pair, Stay
from tracker.ledger.draft import Refs, plain
from tracker.ledger.sheets import DaySpan, Row
from tracker.ledger.units import department, local_name, unit_facts
from tracker.registry.spelling import clean

LOCAL_LEVELS = ("county", "township")
_ONE, _TWO = "一人", "两人"


def open_townships(desk: Desk, rows: Iterable[Row]) -> None:
    """Make the townships of a unit roster known, each by the name that most rows give it."""
    named = Counter(str(row.values.get("township", "")) for row in rows)
    for township, _ in named.most_common():
        if township and not desk.directory.index.township(township).ids:
            desk.directory.ensure("body", "township", clean(township), desk.directory.county)


def assisting_unit(desk: Desk) -> Refs:
    """帮扶单位: a unit helps a village; its head and deputy."""
    unit, village = _unit_made(desk), _village_made(desk)
    if unit is None or village is None:
        return Refs()
    desk.fact("ties", kind="assists", from_id=unit, to_id=village)
    _place_in_county(desk, village)
    unit_facts(desk, unit)
    for role in ("head", "deputy_in_charge"):
        for name in desk.names(role):
            person = desk.directory.ensure("person", "", name, unit)
            desk.fact("posts", person_id=person, body_id=unit, role=role, title="")
    desk.directory.helped[unit].add(village)
    return Refs({"unit": (unit,), "village": (village,)})


def unit_leader(desk: Desk) -> Refs:
    """单位领导: a leader's term, and the rank held in it."""
    unit = named_unit(desk, "unit")
    if unit is None:
        return Refs()
    person = desk.directory.ensure("person", "", desk.text("person"), unit)
    span = _span(desk)
    title = desk.text("title")
    desk.fact("posts", person_id=person, body_id=unit, role="leader", title=title, **span)
    _rank(desk, person, span)
    return Refs({"unit": (unit,), "person": (person,)})


def official(desk: Desk) -> Refs:
    """党政任职: somebody holds a post of a county, township or unit."""
    text, index = desk.text("body"), desk.directory.index
    found = (look(text) for look in (index.area, index.township, index.unit))
    match = next((m for m in found if m.ids), index.unit(text))
    body = desk.settle("body", text, match, "unit", "帮扶单位名册")
    if body is None:
        return Refs()
    person = desk.directory.ensure("person", "", desk.text("person"), body)
    role, title = desk.text("post"), desk.text("title")
    desk.fact("posts", person_id=person, body_id=body, role=role, title=title, **_span(desk))
    return Refs({"body": (body,), "person": (person,)})


def relation(desk: Desk) -> Refs:
    """联系包抓: a group-leader unit, or the seat of a provincial leader, for a county."""
    index, kind = desk.directory.index, desk.text("relation")
    area = desk.settle(
        "area", desk.text("area"), index.area(desk.text("area")), "county", "行政区划"
    )
    if area is None:
        return Refs()
    name, known = desk.text("body"), index.unit(desk.text("body")).one
    sort = "seat" if kind == "contacts_county" else "unit"
    body = known or desk.directory.ensure("body", sort, name, None)
    desk.fact("ties", kind=kind, from_id=body, to_id=area, **_span(desk))
    if desk.text("level"):
        desk.fact("attributes", subject_id=body, name="level", value=desk.text("level"))
    return Refs({"body": (body,), "area": (area,)})


def resident_cadre(desk: Desk, apart: str = "") -> Refs:
    """驻村干部: a stay in a village's team, sent by a unit. `apart`: see told_apart."""
    unit, village = named_unit(desk, "unit"), named_village(desk, "village", desk.text("township"))
    if unit is None or village is None:
        return Refs()
    directory, span = desk.directory, _span(desk)
    person = _cadre_made(desk, unit, apart)
    team_name = f"{directory.index.subjects[village].name}驻村帮扶工作队"
    team = directory.ensure("body", "team", team_name, village)
    desk.fact("ties", kind="member_of_team", from_id=person, to_id=team, **span)
    desk.fact("ties", kind="dispatches", from_id=unit, to_id=person, **span)
    title = desk.text("title")
    if desk.office.rules.captains.is_captain(title):
        desk.fact("posts", person_id=person, body_id=team, role="captain", title=title, **span)
    directory.add_stay(Stay(person, village, desk.day("from"), desk.day("to")))
    refs = Refs({"unit": (unit,), "person": (person,), "village": (village,)})
    refs.days = {"insurance": _insured(desk), **_checked(desk)}
    return refs


def pairing(desk: Desk) -> Refs:
    """结对帮扶: a helper and a household, with the helper's rank and the household's type."""
    unit, village = named_unit(desk, "unit"), named_village(desk, "village", desk.text("township"))
    if unit is None or village is None:
        return Refs()
    directory, span = desk.directory, _span(desk)
    match = directory.index.people(desk.text("helper"), homes={unit})
    if len(match.ids) > 1:
        helper = desk.settle("helper", desk.text("helper"), match, "person", desk.rule.name)
        if helper is None:
            return Refs()
    else:
        helper = match.one or directory.ensure("person", "", desk.text("helper"), unit)
    household = household_made(desk)
    stated_village(desk, household, village)
    desk.fact("ties", kind="paired_with", from_id=helper, to_id=household, **span)
    _rank(desk, helper, span)
    kind = desk.text("household_type")
    if kind:
        desk.fact("attributes", subject_id=household, name="household_type", value=kind)
    directory.pairs[household].append(Pair(helper, desk.day("from"), desk.day("to")))
    return Refs({"helper": (helper,), "household": (household,), "village": (village,)})


def told_apart(desk: Desk, rows: Iterable[Row]) -> dict[int, str | None]:
    """Rows whose person, by name and unit, stays in two villages at once (I76): by row number what
    tells the second person apart, '' where a clerk said it is one person (or for the first of
    two), None where nobody has said yet: the question is recorded."""
    index, stays = desk.directory.index, defaultdict(list)
    for row in rows:
        unit = plain(row.values.get("unit"))
        known = index.unit(unit).one
        name = index.label(known) if known is not None else unit
        stays[f"{plain(row.values.get('person'))}@{name}"].append(row)
    apart: dict[int, str | None] = {}
    for who, theirs in stays.items():
        theirs.sort(key=lambda row: (plain(row.values.get("from")), row.number))
        if _clash(desk, theirs):
            apart.update(_ask_apart(desk, who, theirs))
    return apart


def _ask_apart(desk: Desk, who: str, rows: list[Row]) -> dict[int, str | None]:
    apart: dict[int, str | None] = {}
    for row in rows:
        desk.take(row)
        what = f"{who}同时驻两个村，是一个人还是两个人"
        answer = desk.ask("person", f"person:{who}", what, (_ONE, _TWO))
        is_second = answer == _TWO and _place(desk, row) != _place(desk, rows[0])
        apart[row.number] = (_place(desk, row) if is_second else "") if answer else None
    return apart


def named_unit(desk: Desk, name: str) -> int | None:
    """The known unit a field names; else None with the problem recorded."""
    text = desk.text(name)
    match = desk.directory.index.unit(text)
    return desk.settle(name, text, match, "unit", "帮扶单位名册")


def named_village(desk: Desk, name: str, township: str, unit: int | None = None) -> int | None:
    """The known village a field names; the villages `unit` helps decide between two of one name."""
    text = desk.text(name)
    among = desk.directory.helped.get(unit, set()) if unit is not None else set()
    match = desk.directory.index.village(text, township, among)
    return desk.settle(name, township + text, match, "village", "帮扶单位名册")


def _place(desk: Desk, row: Row) -> str:
    township, village = plain(row.values.get("township")), plain(row.values.get("village"))
    known = desk.directory.index.village(village, township).one
    return desk.directory.index.label(known) if known is not None else clean(township + village)


def _clash(desk: Desk, rows: list[Row]) -> bool:
    spans = [
        (_place(desk, r), r.values.get("from") or date.min, r.values.get("to") or date.max)
        for r in rows
    ]
    return any(
        a[0] != b[0] and a[1] <= b[2] and b[1] <= a[2]  # type: ignore[operator]
        for i, a in enumerate(spans)
        for b in spans[i + 1 :]
    )


def _cadre_made(desk: Desk, unit: int, apart: str) -> int:
    """The cadre of this row; one told apart earlier by this very village stays that person."""
    name, index = desk.text("person"), desk.directory.index
    known = (index.subjects[i] for i in index.people(name, homes={unit}).ids)
    place = _place(desk, desk.row)
    if not apart and any(person.distinguisher == place for person in known):
        apart = place
    return desk.directory.ensure("person", "", name, unit, apart=apart)


def _unit_made(desk: Desk) -> int | None:
    """The unit of a unit roster: the known one of this name, else a new one."""
    text, index = desk.text("unit"), desk.directory.index
    match = index.same_unit(text)
    if match.ids:
        return desk.settle("unit", text, match, "unit", desk.rule.name)
    county, name = index.subjects[desk.directory.county].name, local_name(desk, text)
    is_local = desk.text("level") in LOCAL_LEVELS and county not in name
    return desk.directory.ensure("body", "unit", name, desk.directory.county if is_local else None)


def _village_made(desk: Desk) -> int | None:
    """The village of a unit roster: the known one, else a new one in the township given."""
    text, index = desk.text("village"), desk.directory.index
    township = desk.text("township")
    match = index.village(text, township)
    if match.ids or not township:
        return desk.settle("village", text, match, "village", desk.rule.name)
    home = desk.settle("township", township, index.township(township), "township", desk.rule.name)
    return None if home is None else desk.directory.ensure("body", "village", text, home)


def _place_in_county(desk: Desk, village: int) -> None:
    township = desk.directory.index.subjects[village].home
    desk.fact("ties", kind="part_of", from_id=village, to_id=township)
    desk.fact("ties", kind="part_of", from_id=township, to_id=desk.directory.county)


def stated_village(desk: Desk, household: int, village: int) -> None:
    """The row says in which village the household lives."""
    desk.fact("ties", kind="part_of", from_id=household, to_id=village)
    desk.directory.village_of[household] = village


def household_made(desk: Desk) -> int:
    """A household is known by its number; a name that differs is only noted."""
    code, name = desk.text("household").upper(), desk.text("householder")
    known = desk.directory.index.household(code)
    if known.one is None:
        return desk.directory.ensure("household", "", name, desk.directory.county, code)
    before = desk.directory.index.subjects[known.one].name
    if name and name != before:
        desk.note("householder", f"{code} 原登记户主为“{before}”，此处为“{name}”，按同一户办理")
    return known.one


def _span(desk: Desk) -> dict[str, date | None]:
    return {"starts_on": desk.day("from"), "ends_on": desk.day("to")}


def _rank(desk: Desk, person: int, span: dict[str, date | None]) -> None:
    if desk.text("rank"):
        desk.fact("attributes", subject_id=person, name="rank", value=desk.text("rank"), **span)


def _insured(desk: Desk) -> tuple[tuple[date, date | None], ...]:
    value = desk.row.values.get("insurance")
    if isinstance(value, DaySpan):
        return ((value.starts_on, value.ends_on),)
    return ((date(desk.year, 1, 1), date(desk.year, 12, 31)),) if value is True else ()


def _checked(desk: Desk) -> dict[str, tuple[tuple[date, date | None], ...]]:
    day = desk.day("health_check")
    return {"health_check": ((day, None),)} if day else {}


ROSTERS: dict[str, Callable[[Desk], Refs]] = {
    "assisting_units": assisting_unit,
    "unit_leaders": unit_leader,
    "departments": department,
    "officials": official,
    "relations": relation,
    "resident_cadres": resident_cadre,
    "pairings": pairing,
}
