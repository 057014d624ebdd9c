"""The ledger: sheets become drafts: rows resolved, their facts stated, their lines drawn. Pure.

The only state is the directory, which grows as rosters make people and places known; sheets come
in the order of the workbook, rosters first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from tracker.ledger.apply import LINES
from tracker.ledger.desk import Desk
from tracker.ledger.draft import Columns, Draft, Refs, plain
from tracker.ledger.happenings import HAPPENINGS
from tracker.ledger.household_rows import HOUSEHOLD_HAPPENINGS, HOUSEHOLD_ROSTERS
from tracker.ledger.plans import contradictions
from tracker.ledger.rosters import ROSTERS, open_townships, resident_cadre, told_apart
from tracker.ledger.rules import KindBy, LineRule
from tracker.ledger.sheets import DaySpan, Row
from tracker.registry.spelling import clean, stem, words

ROWS = ROSTERS | HOUSEHOLD_ROSTERS | HAPPENINGS | HOUSEHOLD_HAPPENINGS
_ONE = Decimal(1)
_RESEMBLES = 60


def build_sheet(desk: Desk) -> list[Draft]:
    """The rows of the desk's sheet that can be stored; what stops the others is recorded."""
    rows = desk.sheet.rows
    apart: dict[int, str | None] = {}
    if desk.sheet.form == "assisting_units":
        open_townships(desk, rows)
    elif desk.sheet.form == "resident_cadres":
        apart = told_apart(desk, rows)
    elif desk.sheet.form == "county_matters":
        _open_organisers(desk, rows)
    elif desk.sheet.form == "indicators":
        desk.contradicted = contradictions(desk, rows)
    drafts = (_build_row(desk, row, apart.get(row.number, "")) for row in rows)
    return [draft for draft in drafts if draft]


def _build_row(desk: Desk, row: Row, apart: str | None) -> Draft | None:
    if apart is None:
        return None
    desk.take(row)
    _check_days(desk)
    _check_lengths(desk)
    _check_figures(desk)
    if desk.sheet.form == "resident_cadres":
        refs = resident_cadre(desk, apart)
    else:
        refs = ROWS[desk.sheet.form](desk)
    lines = list(_lines(desk, refs))
    _check_lines(desk, lines)
    if desk.stopped:
        return None
    draft = Draft(
        cell=desk.cell,
        sheet=desk.sheet.sheet,
        row=row.number,
        content=_content(row),
        natural_key=row.id or _natural_key(desk),
        reported_on=desk.reported_on,
        facts=desk.facts,
        lines=lines,
        subjects=tuple(s for rule in desk.rule.lines for s in refs.ids.get(rule.subject, ())),
    )
    draft.digest = _digest(row, draft)
    return draft


def _check_days(desk: Desk) -> None:
    """A ledger row speaks of the year of its sheet."""
    if desk.rule.roster:
        return
    value = desk.row.values.get("day") or desk.row.values.get("span")
    day = value.starts_on if isinstance(value, DaySpan) else value
    if isinstance(day, date) and day.year != desk.year:
        what = f"{day:%Y-%m-%d} 不是本表 {desk.year} 年的日期"
        desk.say("error", "day", what, "请核对年份，或报到该年的台账")


def _check_lengths(desk: Desk) -> None:
    """A name as long as a sentence is a value in the wrong column."""
    rules = desk.office.rules
    for name in rules.names:
        length = len(desk.text(name))
        if length > rules.longest_name:
            what = f"内容过长（{length} 字，最多 {rules.longest_name} 字）"
            desk.say("error", name, what, "请核对是否填错了列")


def _check_figures(desk: Desk) -> None:
    """A figure is stored as it is written, or not at all."""
    kept = LINES.c.quantity.type
    assert isinstance(kept, sa.Numeric)
    assert kept.precision
    assert kept.scale
    most = Decimal(10) ** (kept.precision - kept.scale)
    for name in {rule.quantity for rule in desk.rule.lines} - {""}:
        value = desk.number(name)
        if value is None:
            continue
        if abs(value) >= most:
            desk.say("error", name, f"{value} 太大，存不下", "请核对数值和计量单位")
        elif value != round(value, kept.scale):
            what = f"{value} 的小数超过 {kept.scale} 位"
            desk.say("error", name, what, f"请按文件的精度取到 {kept.scale} 位小数以内")


def _check_lines(desk: Desk, lines: list[Columns]) -> None:
    """Nothing is stored as done after the day it was reported; provisions may begin later."""
    late = [line["day"] for line in lines if line["until"] is None]
    if late and max(late) > desk.reported_on:
        what = f"{max(late):%Y-%m-%d} 在填报日期 {desk.reported_on:%Y-%m-%d} 之后"
        field = next((f for f in map(_day_of, desk.rule.lines) if f in desk.row.columns), "day")
        desk.say("error", field, what, "尚未发生的不能登记，请核对日期或填报日期")


def _day_of(rule: LineRule) -> str:
    return rule.day


def _lines(desk: Desk, refs: Refs) -> Iterator[Columns]:
    for rule in desk.rule.lines:
        if rule.when and desk.row.values.get(rule.when) is not True:
            continue
        subjects = refs.ids.get(rule.subject, ())
        counterparts = refs.ids.get(rule.counterpart, ()) if rule.counterpart else (None,)
        places = refs.ids.get(rule.place) or (None,)
        role = _role(desk, rule)
        item = refs.words.get(rule.item) or desk.text(rule.item) or rule.named
        quantity = desk.number(rule.quantity)
        for kind, day, until in _kinds_and_days(desk, rule, refs):
            for subject in subjects:
                for counterpart in counterparts or (None,):
                    for place in places:
                        yield {
                            "subject_id": subject,
                            "kind": kind,
                            "role": role,
                            "counterpart_id": counterpart,
                            "place_id": place,
                            "item": item,
                            "day": day,
                            "until": until,
                            "quantity": _ONE if quantity is None else quantity,
                        }


def _kinds_and_days(
    desk: Desk, rule: LineRule, refs: Refs
) -> Iterator[tuple[str, date, date | None]]:
    if rule.kind == "marks":
        for number, mark in sorted(desk.row.marks.items()):
            yield mark, date(desk.year, desk.sheet.month or 1, number), None
        return
    kind = rule.kind
    if isinstance(kind, KindBy):
        kind = _kind(desk, kind, is_first=rule is desk.rule.lines[0])
    if kind:
        day = desk.day(rule.day)
        for first, until in refs.days.get(rule.day, ((day, None),) if day else ()):
            yield kind, first, until


def _kind(desk: Desk, rule: KindBy, is_first: bool) -> str:
    value = desk.text(rule.by)
    if is_first and rule.is_doubtful(value):
        counted = desk.office.vocabulary["kinds"].get(rule.otherwise, "不计入履责")
        desk.note(rule.by, f"“{value}”按“{counted}”存入，请核对类型")
    return rule.kind(value)


def _role(desk: Desk, rule: LineRule) -> str:
    if rule.role != "as":
        return rule.role
    roles, value = desk.office.vocabulary["as"], desk.text("as")
    by_word = {word: role for role, word in roles.items()}
    role = value if value in roles else by_word.get(value, "performer")
    if value and role == "performer" and value not in (role, roles["performer"]):
        desk.say("error", "as", f"不认识的方式“{value}”", f"可填：{'、'.join(roles.values())}")
    return role


def _content(row: Row) -> Columns:
    """What was written, by header; a row that came without headers keeps its values."""
    return dict(row.raw) or {name: plain(value) for name, value in row.values.items()}


def _natural_key(desk: Desk) -> str:
    return "|".join(plain(desk.row.values.get(name)) for name in desk.rule.key)[:200]


def _digest(row: Row, draft: Draft) -> str:
    """Sameness in a diff: what the row says, and what it was understood to mean. So a row sent
    again counts as changed where a corrected roster or an answer gives it another meaning."""
    values = sorted((name, plain(value)) for name, value in row.values.items())
    # Of a month grid one line says it all: the others differ only by their mark.
    lines = draft.lines[:1] if row.marks else draft.lines
    facts = [fact for _, fact in draft.facts]
    said = [*values, *sorted(row.marks.items()), *map(_plainly, lines), *map(_plainly, facts)]
    said += [row.id] if row.id else []
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _plainly(columns: Columns) -> list[str]:
    return [plain(value) for value in columns.values()]


def _open_organisers(desk: Desk, rows: list[Row]) -> None:
    """A township that helps nobody and is helped by nobody appears only as organiser: known once
    enough rows name it and no known township resembles it."""
    index, rules = desk.directory.index, desk.office.rules
    named = Counter(clean(str(row.values.get("organiser", ""))) for row in rows)
    ends = words().township_ends
    known = [stem(s.name, ends) for s in index.subjects.values() if s.kind == "township"]
    for name, count in named.items():
        if not name.endswith(ends) or count < rules.township_from_rows or index.unit(name).ids:
            continue
        if process.extractOne(stem(name, ends), known, scorer=fuzz.ratio, score_cutoff=_RESEMBLES):
            continue
        desk.take(next(r for r in rows if clean(str(r.values.get("organiser", ""))) == name))
        desk.directory.ensure("body", "township", name, desk.directory.county)
        desk.note("organiser", f"“{name}”不在帮扶单位名册中，共 {count} 行，登记为本县乡镇")
