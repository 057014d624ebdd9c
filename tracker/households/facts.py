"""Households: what is known of them at a moment: dated properties, and lines of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.frames import each
from tracker.ledger.apply import chunks
from tracker.ledger.tables import Entry, Line
from tracker.registry.dated import FIRST_DAY, LAST_DAY, Registry, known, to_date
from tracker.registry.roles import NOBODY, Roles

# What is said of a household itself, and what is done toward it.
ABOUT = (
    "guarantee_met", "guarantee_unmet", "income_actual", "income_expected", "expected_counted",
    "consolidation_plan",
)  # fmt: skip
TOWARD = ("household_visit", "good_deed", "plan_adjusted")
_PROPERTIES = (
    "household_type", "identified_on", "exited_on", "exit_status", "support", "monitored"
)  # fmt: skip
_LINE, _ENTRY = table(Line), table(Entry)


@dataclass(frozen=True, slots=True)
class Held:
    """A dated property; an open end is None."""

    name: str
    value: str
    starts: date | None
    ends: date | None

    def on(self, day: date) -> bool:
        """Whether it held on a day."""
        return (self.starts or day) <= day <= (self.ends or day)


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the ledger: of which kind and item, when, how much; who did it (the household
    itself where it is only about it); `source`: sheet and row."""

    kind: str
    item: str
    day: date
    quantity: Decimal
    who: int
    source: str


@dataclass(frozen=True, slots=True)
class Household:
    """A household as known. `above`: the areas that it lies in, from its village up, which is None
    where it is not known; `code`: the statistical code of the nearest that has one."""

    id: int
    number: str
    village: int | None
    above: tuple[int, ...]
    code: str
    held: tuple[Held, ...] = ()
    said: tuple[Said, ...] = ()

    def values(self, name: str, on: date) -> tuple[str, ...]:
        """The values of a property on a day, each once."""
        return tuple(dict.fromkeys(held.value for held in self._on(name, on)))

    def value(self, name: str, on: date) -> str:
        """The value of a property on a day, '' for none; of several the one that began last."""
        held = self._on(name, on)
        return held[-1].value if held else ""

    def _on(self, name: str, on: date) -> list[Held]:
        held = [one for one in self.held if one.name == name and one.on(on)]
        return sorted(held, key=lambda one: one.starts or date.min)

    def of(self, *kinds: str) -> list[Said]:
        """The lines of these kinds, oldest first; of one day those of the later kind last."""
        rows = [one for one in self.said if one.kind in kinds]
        return sorted(rows, key=lambda one: (one.day, kinds.index(one.kind)))


def households(
    connection: sa.Connection, registry: Registry, ids: Collection[int], known_at: datetime,
    kinds: Collection[str] = ABOUT,
) -> Iterator[Household]:  # fmt: skip
    """What is known of these households, in the order of `ids`; of the ledger only `kinds`."""
    roles, homes = Roles(registry, frozenset()), registry.of_subjects("home")
    numbers, areas = registry.of_subjects("code"), registry.of_subjects("kind")
    above = {one: tuple(roles.chain(one)[1:] or roles.chain(homes[one])) for one in ids}
    codes = roles.codes(pd.Series([places[0] if places else NOBODY for places in above.values()]))
    held = _held(registry, ids)
    said = lines(connection, _LINE.c.subject_id, ids, kinds, known_at)
    for (one, places), code in zip(above.items(), codes, strict=True):
        village = next((place for place in places if areas[place] == "village"), None)
        facts = tuple(held.get(one, ())), tuple(said.get(one, ()))
        yield Household(one, numbers[one], village, places, code, *facts)


def lines(
    connection: sa.Connection, about: sa.Column[int], ids: Collection[int], kinds: Collection[str],
    known_at: datetime,
) -> Mapping[int, list[Said]]:  # fmt: skip
    """The lines of these kinds by the household that the column `about` names."""
    found: dict[int, list[Said]] = defaultdict(list)
    c, e = _LINE.c, _ENTRY.c
    query = sa.select(
        about.label("household"), c.kind, c.item, c.day, c.quantity, c.subject_id, e.sheet, e.row
    ).join(_ENTRY, c.entry_id == e.id)
    for some in chunks(sorted(ids)):
        wanted = sa.and_(about.in_(some), c.kind.in_(kinds), known(_LINE, known_at))
        for row in connection.execute(query.where(wanted).order_by(c.id)):
            source = f"{row.sheet}第{row.row}行"
            said = Said(row.kind, row.item, row.day, row.quantity, row.subject_id, source)
            found[row.household].append(said)
    return found


def _held(registry: Registry, ids: Collection[int]) -> Mapping[int, list[Held]]:
    frame = registry.attributes
    mine = frame[frame["name"].isin(_PROPERTIES) & frame["subject"].isin(set(ids))]
    found: dict[int, list[Held]] = defaultdict(list)
    for row in each(mine):
        starts = None if row.starts == FIRST_DAY else to_date(row.starts)
        ends = None if row.ends == LAST_DAY else to_date(row.ends)
        found[int(row.subject)].append(Held(row.name, row.value, starts, ends))
    return found
