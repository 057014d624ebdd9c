"""The ledger: rows of the ledgers resolved: whom each row speaks of, and on which days.

One function per form. Each finds every problem of its row; what it returns is drawn into lines by
build.py as lines.yaml says.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import partial

from tracker.ledger.desk import Desk
from tracker.ledger.directory import overlaps
from tracker.ledger.draft import Refs
from tracker.ledger.plans import indicator, law_item, task
from tracker.ledger.rosters import named_unit, named_village
from tracker.ledger.sheets import DaySpan
from tracker.registry.names import Match
from tracker.registry.spelling import split_hint


def unit_meeting(desk: Desk) -> Refs:
    """会议台账: the unit; the chair where known (else the name stays in the entry's content)."""
    unit = named_unit(desk, "unit")
    return Refs({"unit": _some(unit), "chair": _chair(desk, unit)})


def leader_visit(desk: Desk) -> Refs:
    """领导到村: a leader of the unit in one or more villages."""
    unit = named_unit(desk, "unit")
    if unit is None:
        return Refs()
    index, name = desk.directory.index, desk.text("person")
    where = f"{index.label(unit)}的人员"
    match = index.people(name, homes={unit})
    person = desk.settle("person", name, match, "person", where, lambda: index.staff(unit))
    places = tuple(_village(desk, "place", name, unit) for name in desk.names("place"))
    return Refs({"person": _some(person), "place": tuple(p for p in places if p is not None)})


def household_visit(desk: Desk) -> Refs:
    """入户走访: by the household's own helper, else by somebody of that name in the county."""
    household = known_household(desk)
    if household is None:
        return Refs()
    index, name = desk.directory.index, desk.text("helper")
    own = {pair.helper for pair in desk.directory.pairs.get(household, [])}
    match = _among(desk, name, own)
    if not match.ids:
        match = index.people(name)
        if match.one is not None:
            desk.note("helper", f"{name}不是该户的帮扶责任人，作为代为走访存入，不计入其走访次数")
    code = index.subjects[household].code
    helper = desk.settle("helper", name, match, "person", f"{desk.rule.name}/{code}")
    ids = {"helper": _some(helper), "own_helper": _some(helper if helper in own else None)}
    return Refs({**ids, **of_household(desk, household)})


def household_plan(desk: Desk) -> Refs:
    """一户一策: adjusted by whoever helps the household on that day."""
    household, day = known_household(desk), desk.day("day")
    if household is None or day is None:
        return Refs()
    pairs = desk.directory.pairs.get(household, [])
    helpers = tuple(sorted({p.helper for p in pairs if overlaps(p, day, day)}))
    if not helpers:
        desk.note("household", "该户当日没有结对的帮扶责任人，已存入，不计入任何人的履责")
    return Refs({"helpers": helpers, **of_household(desk, household)})


def attendance(desk: Desk) -> Refs:
    """考勤: a cadre in the village where he stayed that month."""
    village = named_village(desk, "village", desk.text("township"))
    if village is None or desk.sheet.month is None:
        return Refs()
    first = date(desk.year, desk.sheet.month, 1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    name, _ = split_hint(desk.text("person"))
    here = [s for s in desk.directory.stays.get(name, []) if s.village == village]
    people = {s.person for s in here if overlaps(s, first, last)} or {s.person for s in here}
    if desk.text("unit"):
        units = desk.directory.index.unit(desk.text("unit")).ids
        people = {p for p in people if desk.directory.index.subjects[p].home in units} or people
    place = desk.directory.index.label(village)
    where = f"{desk.rule.name}/{place}" if people else f"{place}的驻村干部"
    match = Match(tuple(sorted(people)))
    person = desk.settle("person", name, match, "person", where, partial(_cadres_in, desk, village))
    return Refs({"person": _some(person), "village": (village,)})


def training(desk: Desk) -> Refs:
    """培训: who took part; the days count one by one only where 天数 fits the span (I23)."""
    span = desk.row.values.get("span")
    if isinstance(span, date):
        span = DaySpan(span, span)
    if not isinstance(span, DaySpan):
        return Refs()
    people = tuple(_trainee(desk, name, span) for name in desk.names("people"))
    each_day = tuple((day, None) for day in _training_days(desk, span))
    if not each_day:
        desk.note(
            "days", "天数与培训时间的工作日数、总天数都不一致：按天数计培训，不逐日计入驻村天数"
        )
    ids = {"county": (desk.directory.county,), "people": tuple(p for p in people if p is not None)}
    return Refs(ids, {"first_day": ((span.starts_on, None),), "each_day": each_day})


def return_visit(desk: Desk) -> Refs:
    """回访: a unit and the cadres it has sent."""
    unit = named_unit(desk, "unit")
    if unit is None:
        return Refs()
    index, stays = desk.directory.index, desk.directory.stays
    sent = {s.person for theirs in stays.values() for s in theirs}
    sent = {p for p in sent if index.subjects[p].home == unit}
    where = f"{index.label(unit)}派出的驻村干部"
    people = [
        desk.settle("people", name, _among(desk, name, sent), "person", where, lambda: sent)
        for name in desk.names("people")
    ]
    return Refs({"unit": (unit,), "people": tuple(p for p in people if p is not None)})


def county_matter(desk: Desk) -> Refs:
    """县级事项: organised by the county or by a township."""
    rules, kind, organiser = desk.office.rules, desk.text("type"), desk.text("organiser")
    body: int | None = desk.directory.county
    if not any(word in kind for word in rules.county_types):
        match = desk.directory.index.unit(organiser)
        if match.ids or not any(word in organiser for word in rules.county_organisers):
            body = desk.settle("organiser", organiser, match, "unit", "本县乡镇和单位")
    if body is not None and desk.directory.index.subjects[body].kind == "township":
        # A township without helped villages stands on no roster: this row says that it exists.
        desk.fact("ties", kind="part_of", from_id=body, to_id=desk.directory.county)
    return Refs({"organiser": _some(body), "chair": _chair(desk, None)})


def duty_record(desk: Desk) -> Refs:
    """履责事项登记: whoever the row names, among all bodies and people."""
    ids: dict[str, tuple[int, ...]] = {}
    for name in ("subject", "counterpart"):
        if desk.text(name):
            match = desk.directory.index.anything(desk.text(name))
            found = desk.settle(name, desk.text(name), match, "subject", desk.rule.name)
            ids[name] = _some(found)
    if desk.text("place"):
        ids["place"] = _some(_village(desk, "place", desk.text("place"), None))
    day = desk.day("day")
    kind = desk.text("kind")
    if kind not in desk.office.vocabulary["kinds"]:
        desk.say("error", "kind", f"不认识的履责事项“{kind}”", "请从表中下拉项选择")
    item = law_item(desk, kind, "item") if kind in desk.office.items else None
    days = ((day, desk.day("until")),) if day else ()
    return Refs(ids, {"record": days}, {"item": item.name if item else ""})


def _some(subject: int | None) -> tuple[int, ...]:
    return () if subject is None else (subject,)


def _among(desk: Desk, text: str, people: Collection[int]) -> Match:
    """People of a name among some; a hint tells those of one name apart."""
    index = desk.directory.index
    name, hint = split_hint(text)
    ids = [i for i in people if index.subjects[i].name == name]
    if hint and len(ids) > 1:
        ids = [i for i in ids if index.fits_hint(i, hint)]
    return Match(tuple(sorted(ids)))


def _chair(desk: Desk, unit: int | None) -> tuple[int, ...]:
    homes = None if unit is None else {unit}
    match = desk.directory.index.people(desk.text("chair"), homes=homes)
    return _some(match.one)


def _village(desk: Desk, field: str, name: str, unit: int | None) -> int | None:
    among = desk.directory.helped.get(unit, set()) if unit is not None else set()
    match = desk.directory.index.village(name, among=among)
    return desk.settle(field, name, match, "village", "帮扶单位名册")


def known_household(desk: Desk) -> int | None:
    """The household of the row by its number; another name of its head is only noted."""
    code = desk.text("household")
    match = desk.directory.index.household(code)
    found = desk.settle("household", code, match, "household", "结对帮扶名册")
    name = desk.text("householder")
    known = desk.directory.index.subjects[found].name if found is not None else name
    if name and name != known:
        desk.note("householder", f"户主与名册不一致：名册为“{known}”；按户编号办理")
    return found


def of_household(desk: Desk, household: int) -> dict[str, tuple[int, ...]]:
    """The household and its village, as far as known."""
    village = desk.directory.village_of.get(household)
    return {"household": (household,), "village": _some(village)}


def _cadres_in(desk: Desk, village: int) -> set[int]:
    stays = (s for theirs in desk.directory.stays.values() for s in theirs)
    return {s.person for s in stays if s.village == village}


def _trainee(desk: Desk, text: str, span: DaySpan) -> int | None:
    """A cadre resident in the county during the span; a bracketed hint tells namesakes apart."""
    name, _ = split_hint(text)
    there = {s.person for s in desk.directory.stays_of(name, span.starts_on, span.ends_on)}
    if not there:
        there = {s.person for s in desk.directory.stays.get(name, [])}
        if there:
            desk.note("people", f"{name}在培训期间不在驻村名册上")
    where = desk.rule.name if there else "驻村干部名册"
    return desk.settle("people", text, _among(desk, text, there), "person", where)


def _training_days(desk: Desk, span: DaySpan) -> list[date]:
    """The working days of the span, or all its days, whichever are as many as 天数; else none."""
    length = (span.ends_on - span.starts_on).days + 1
    days = [span.starts_on + timedelta(n) for n in range(length)]
    working = [day for day in days if desk.office.is_working_day(day)]
    wanted = desk.number("days")
    return next((d for d in (working, days) if wanted is None or len(d) == wanted), [])


HAPPENINGS: dict[str, Callable[[Desk], Refs]] = {
    "unit_meetings": unit_meeting,
    "leader_visits": leader_visit,
    "household_visits": household_visit,
    "household_plans": household_plan,
    "attendance": attendance,
    "trainings": training,
    "return_visits": return_visit,
    "county_matters": county_matter,
    "duty_records": duty_record,
    "indicators": indicator,
    "task_ledger": task,
}
