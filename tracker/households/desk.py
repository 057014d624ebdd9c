"""Households: one household's file, and what is held or warned in an area, read from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.db import table
from tracker.errors import LuzeError
from tracker.households.checks import Checked, Outcome, check, kinds_asked
from tracker.households.decisions import Key, decisions, stands
from tracker.households.facts import TOWARD, Household, Said, households, lines
from tracker.households.tables import ExitDecision
from tracker.ledger.tables import Line
from tracker.policy.law import Law
from tracker.registry.dated import Registry, day_number

_VISIT, _DEED, _PLAN = TOWARD
_LINE = table(Line)


@dataclass(frozen=True, slots=True)
class Found:
    """A check with the newest decision on it; `stands`: it answers what is found now."""

    checked: Checked
    decision: ExitDecision | None = None
    stands: bool = False

    @property
    def open(self) -> bool:
        """Whether it waits for somebody: held and undecided, or warned."""
        held = self.checked.outcome is Outcome.held and not self.stands
        return held or self.checked.outcome is Outcome.warned


@dataclass(frozen=True, slots=True)
class File:
    """一户一档 as of a day. `helpers`: people paired with it then; visits and deeds of the year of
    that day, plans ever adjusted, newest first."""

    household: Household
    as_of: date
    helpers: tuple[int, ...]
    visits: tuple[Said, ...]
    deeds: tuple[Said, ...]
    plans: tuple[Said, ...]
    found: tuple[Found, ...]


def file_of(
    connection: sa.Connection, law: Law, registry: Registry, subject: int, *, as_of: date,
    known_at: datetime,
) -> File:  # fmt: skip
    """The file of one household. Raises LuzeError for what is none."""
    if registry.of_subjects("sort").get(subject) != "household":
        raise LuzeError(f"“{registry.name(subject)}”不是贫困户", fix="请写户编号，如 HC0117")
    (household,) = households(connection, registry, [subject], known_at, kinds_asked(law))
    done = lines(connection, _LINE.c.counterpart_id, [subject], TOWARD, known_at).get(subject, [])
    past = [row for row in done if row.day <= as_of]
    of_year = [row for row in past if row.day.year == as_of.year]
    pairs, day = registry.tie("paired_with"), day_number(as_of)
    live = pairs[(pairs["starts"] <= day) & (pairs["ends"] >= day) & (pairs["target"] == subject)]
    made = decisions(connection, as_of=as_of, known_at=known_at)
    return File(
        household, as_of, tuple(dict.fromkeys(live["source"].tolist())),
        _once(of_year, _VISIT), _once(of_year, _DEED), _once(past, _PLAN),
        tuple(_found(law, household, as_of, made)),
    )  # fmt: skip


def survey(
    connection: sa.Connection, law: Law, registry: Registry, area: int | None, *, as_of: date,
    known_at: datetime,
) -> list[tuple[Household, list[Found]]]:  # fmt: skip
    """Every household (in an area) with what was found of it; those without any check left out."""
    made = decisions(connection, as_of=as_of, known_at=known_at)
    sorts = registry.of_subjects("sort")
    everyone = [one for one, sort in sorts.items() if sort == "household"]
    told = (
        (household, _found(law, household, as_of, made))
        for household in households(connection, registry, everyone, known_at, kinds_asked(law))
        if area is None or area in household.above
    )
    return [(household, found) for household, found in told if found]


def residents(registry: Registry, village: int, as_of: date) -> list[int]:
    """The households that live in a village on a day, by number."""
    ties, day = registry.tie("part_of"), day_number(as_of)
    there = ties[(ties["target"] == village) & (ties["starts"] <= day) & (ties["ends"] >= day)]
    sorts, numbers = registry.of_subjects("sort"), registry.of_subjects("code")
    found = {one for one in there["source"].tolist() if sorts[one] == "household"}
    return sorted(found, key=lambda one: numbers[one])


def _found(
    law: Law, household: Household, as_of: date, made: Mapping[Key, ExitDecision]
) -> list[Found]:
    found = []
    for one in check(law, household, as_of):
        decision = made.get((household.id, one.document, one.check.id))
        found.append(Found(one, decision, stands(decision, one)))
    return found


def _once(rows: list[Said], kind: str) -> tuple[Said, ...]:
    """The lines of a kind, newest first; what two ledgers say of one day and person, once."""
    each = {(row.day, row.who): row for row in rows if row.kind == kind}
    return tuple(each[key] for key in sorted(each, reverse=True))
