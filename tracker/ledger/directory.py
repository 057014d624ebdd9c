"""The ledger: the registry as one import sees it, grown in memory and written in one go.

New subjects get their ids here. That is safe because an import holds the only write lock
(db.transaction); `write_new` moves PostgreSQL's sequence past them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.db import table
from tracker.ledger.bulk import insert_rows
from tracker.ledger.draft import Columns
from tracker.registry.areas import Area
from tracker.registry.names import Named, NameIndex
from tracker.registry.tables import Attribute, Subject, Tie

SUBJECTS = table(Subject)
TIES = table(Tie)
ATTRIBUTES = table(Attribute)


class Stay(NamedTuple):
    """A resident cadre in a village, as written; open ends are None."""

    person: int
    village: int
    starts_on: date | None
    ends_on: date | None


class Pair(NamedTuple):
    """A helper of a household, as written; open ends are None."""

    helper: int
    starts_on: date | None
    ends_on: date | None


def overlaps(span: Stay | Pair, first: date, last: date) -> bool:
    """Whether the span holds a day of [first, last]."""
    return (span.starts_on or first) <= last and (span.ends_on or last) >= first


class Directory:
    """Subjects, names and live relations of one county, and the subjects an import adds.

    What a prefecture reports has the prefecture in the county's place, with all its counties.
    """

    def __init__(self, connection: sa.Connection, county: tuple[Area, ...], now: datetime) -> None:
        self.index = NameIndex()
        self.helped: dict[int, set[int]] = defaultdict(set)
        self.stays: dict[str, list[Stay]] = defaultdict(list)
        self.pairs: dict[int, list[Pair]] = defaultdict(list)
        self.village_of: dict[int, int] = {}
        self._now = now
        self._new: list[Columns] = []
        self._new_ties: list[Columns] = []
        self._ids: dict[tuple[object, ...], int] = {}
        top = connection.scalar(sa.select(sa.func.max(SUBJECTS.c.id)))
        self._next_id: int = (top or 0) + 1
        self.areas = self._open_areas(connection, county)
        self.county = self.areas[-1]
        self._load_bodies(connection)

    def ensure(
        self, sort: str, kind: str, name: str, home: int | None, code: str = "", apart: str = ""
    ) -> int:
        """The id of this identity, made now where it is new."""
        key = (sort, kind, name, home, code, apart)
        if key not in self._ids:
            named = Named(self._next_id, sort, kind, name, home, code, apart)
            self._next_id += 1
            self._remember(named)
            self._new.append(
                {
                    "id": named.id,
                    "sort": sort,
                    "kind": kind,
                    "name": name,
                    "home_id": home,
                    "code": code,
                    "distinguisher": apart,
                    "recorded_at": self._now,
                }
            )
        return self._ids[key]

    def write_new(self, connection: sa.Connection) -> None:
        """Store the subjects made so far, parents before children."""
        if not self._new:
            return
        insert_rows(connection, SUBJECTS, self._new)
        insert_rows(connection, TIES, self._new_ties)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('subjects', 'id'), max(id)) FROM subjects"
            )
        self._new, self._new_ties = [], []

    def load_relations(
        self, connection: sa.Connection, year: int, replaced: Collection[str], units: set[str]
    ) -> None:
        """Read people, households and live ties as the rosters that speak for `year` state them;
        `replaced` rosters are left out, for this import states them anew. `units`: cleaned names
        of further units whose people may be named."""
        facts = _Facts(connection, year, replaced)
        villages = self._of_kind("village")
        for tie in facts.ties("assists", TIES.c.to_id.in_(villages)):
            self.helped[tie.from_id].add(tie.to_id)
        self._load_short_names(facts)
        homes = {*self.helped, *self.areas, *self._of_kind("township")}
        for unit in units:
            homes.update(self.index.unit(unit).ids)
        self._load(connection, SUBJECTS.c.home_id.in_(homes), sort="person")
        counties = {self.county, *self._of_kind("county")}
        self._load(connection, SUBJECTS.c.home_id.in_(counties), sort="household")
        self._load_ties(connection, facts)

    def add_stay(self, stay: Stay) -> None:
        """Make a stay known, and its place a hint for telling people of one name apart."""
        self.stays[self.index.subjects[stay.person].name].append(stay)
        self.index.hints[stay.person].add(self.index.label(stay.village))

    def stays_of(self, name: str, first: date, last: date) -> list[Stay]:
        """Stays of people of this name in the county on any day of [first, last]."""
        return [stay for stay in self.stays.get(name, []) if overlaps(stay, first, last)]

    def _open_areas(self, connection: sa.Connection, county: Iterable[Area]) -> list[int]:
        ids: list[int] = []
        for area in county:
            found = connection.execute(
                sa.select(*_IDENTITY).where(
                    SUBJECTS.c.sort == "body",
                    SUBJECTS.c.kind == area.kind,
                    SUBJECTS.c.code == area.code,
                )
            ).first()
            if found:
                self._remember(Named(*found))
                ids.append(found.id)
            else:
                home = ids[-1] if ids else None
                ids.append(self.ensure("body", area.kind, area.name, home, area.code))
                if home is not None:
                    self._new_ties.append(self._part_of(ids[-1], home))
        return ids

    def _part_of(self, area: int, above: int) -> Columns:
        """That a county lies in its prefecture is no row of anybody's roster."""
        return {
            "kind": "part_of",
            "from_id": area,
            "to_id": above,
            "roster": "",
            "recorded_at": self._now,
        }

    def _load_bodies(self, connection: sa.Connection) -> None:
        """Bodies of this county by every name; units and seats at home nowhere by name."""
        kinds: tuple[str, ...] = ("township", "unit", "office", "seat", "village", "team")
        if self.index.subjects[self.county].kind == "prefecture":
            kinds = ("county", *kinds)
        query = sa.select(*_IDENTITY).where(SUBJECTS.c.sort == "body")
        rows = [Named(*r) for r in connection.execute(query.where(SUBJECTS.c.kind.in_(kinds)))]
        for body in sorted(rows, key=lambda r: kinds.index(r.kind)):
            is_free = body.kind in ("unit", "seat") and body.home is None
            if is_free or body.home in self.index.subjects:
                self._remember(body)

    def _load(self, connection: sa.Connection, where: sa.ColumnElement[bool], sort: str) -> None:
        query = sa.select(*_IDENTITY).where(SUBJECTS.c.sort == sort, where)
        for row in connection.execute(query):
            self._remember(Named(*row))

    def _load_short_names(self, facts: _Facts) -> None:
        local = {i for i in self._of_kind("unit") if self.index.subjects[i].home is not None}
        units = local | self.helped.keys()
        for row in facts.attributes("short_name", ATTRIBUTES.c.subject_id.in_(units)):
            self.index.add_short_name(row.subject_id, row.value)

    def _load_ties(self, connection: sa.Connection, facts: _Facts) -> None:
        mine = sa.select(SUBJECTS.c.id).where(
            SUBJECTS.c.sort == "household",
            SUBJECTS.c.home_id.in_({self.county, *self._of_kind("county")}),
        )
        stays = list(facts.ties("member_of_team", TIES.c.to_id.in_(self._of_kind("team"))))
        pairs = list(facts.ties("paired_with", TIES.c.to_id.in_(mine)))
        elsewhere = {tie.from_id for tie in (*stays, *pairs)} - self.index.subjects.keys()
        self._load(connection, SUBJECTS.c.id.in_(elsewhere), sort="person")
        for tie in stays:
            village = self.index.subjects[tie.to_id].home
            if village is not None:
                self.add_stay(Stay(tie.from_id, village, tie.starts_on, tie.ends_on))
        for tie in pairs:
            self.pairs[tie.to_id].append(Pair(tie.from_id, tie.starts_on, tie.ends_on))
        for tie in facts.ties("part_of", TIES.c.from_id.in_(mine)):
            self.village_of[tie.from_id] = tie.to_id

    def _of_kind(self, kind: str) -> set[int]:
        return {i for i, s in self.index.subjects.items() if s.kind == kind}

    def _remember(self, named: Named) -> None:
        self.index.add(named)
        self._ids[tuple(named)[1:]] = named.id


_IDENTITY = tuple(
    SUBJECTS.c[name] for name in ("id", "sort", "kind", "name", "home_id", "code", "distinguisher")
)


class _Facts:
    """Live facts, of each roster the list that speaks for a year (see registry/dated.py)."""

    def __init__(self, connection: sa.Connection, year: int, replaced: Collection[str]) -> None:
        self._connection = connection
        self._year = year
        self._replaced = replaced

    def ties(self, kind: str, where: sa.ColumnElement[bool]) -> Iterator[Any]:
        return self._speaking(TIES, sa.and_(TIES.c.kind == kind, where))

    def attributes(self, name: str, where: sa.ColumnElement[bool]) -> Iterator[Any]:
        return self._speaking(ATTRIBUTES, sa.and_(ATTRIBUTES.c.name == name, where))

    def _speaking(self, table: sa.Table, where: sa.ColumnElement[bool]) -> Iterator[Any]:
        rows = self._connection.execute(
            sa.select(table).where(where, table.c.voided_at.is_(None)).order_by(table.c.id)
        ).all()
        years: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            if row.roster and row.period:
                years[row.roster].add(row.period)
        speaks = {
            roster: max((y for y in known if y <= self._year), default=min(known))
            for roster, known in years.items()
        }
        for row in rows:
            if row.roster in self._replaced:
                continue
            if row.period is None or row.period == speaks.get(row.roster):
                yield row
