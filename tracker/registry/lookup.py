"""The registry: one subject by what a person types, for `tracker query` and pages.

Exact names and numbers are looked up directly; only what fits nothing exactly is understood
through the name index over bodies, so that a question stays quick in a registry of millions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from rapidfuzz import process

from tracker.db import table
from tracker.errors import LookupFailed, Problem
from tracker.registry.dated import known
from tracker.registry.names import Named, NameIndex
from tracker.registry.spelling import clean, split_hint
from tracker.registry.tables import Attribute, Subject, Tie

_SUBJECTS, _ATTRIBUTES, _TIES = table(Subject), table(Attribute), table(Tie)
_ORDER = ("province", "prefecture", "county", "township", "village")
_IDENTITY = tuple(
    _SUBJECTS.c[n] for n in ("id", "sort", "kind", "name", "home_id", "code", "distinguisher")
)


def find_subject(connection: sa.Connection, text: str, known_at: datetime | None = None) -> int:
    """The id of the one subject a text means: 华池县水务局, 县水务局, 城壕镇余家砭村, HC0117,
    王乙@县审计局, 王乙（紫坊畔）, 621023, among those known at `known_at` (None: now).

    Raises LookupFailed with the candidates, or what is near.
    """
    lookup = Lookup(connection, [text], known_at)
    ids = lookup.ids(text)
    if len(ids) == 1:
        return ids[0]
    raise _failed(connection, lookup.index, text, ids, known_at)


class Lookup:
    """Whom each of some texts may mean, from one reading of the registry."""

    def __init__(
        self, connection: sa.Connection, texts: Iterable[str], known_at: datetime | None = None
    ) -> None:
        self.index = _bodies(connection, known_at)
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._exact: dict[str, list[int]] = defaultdict(list)
        people = []
        for subject in _called(connection, texts, known_at):
            if subject.code:
                self._by_code[subject.code].append(subject.id)
            if subject.sort == "body":
                self._exact[subject.name].append(subject.id)
                continue
            self.index.add(subject)
            if subject.sort == "person":
                people.append(subject.id)
        _add_hints(connection, self.index, people, known_at)

    def ids(self, text: str) -> list[int]:
        """Everybody whom a text may mean; it is one of those looked up."""
        by_code, exact = (
            found.get(key, [])
            for found, key in ((self._by_code, clean(text).upper()), (self._exact, clean(text)))
        )
        return (
            by_code
            or exact + list(self.index.people(text).ids)
            or list(self.index.anything(text).ids)
        )


def _called(
    connection: sa.Connection, texts: Iterable[str], known_at: datetime | None
) -> list[Named]:
    """Subjects that have exactly one of these names, hints left out, or numbers."""
    written = set(texts)
    names, codes = {split_hint(text)[0] for text in written}, {clean(t).upper() for t in written}
    named = sa.select(*_IDENTITY).where(
        sa.or_(_SUBJECTS.c.name.in_(names), _SUBJECTS.c.code.in_(codes)), _registered(known_at)
    )
    return [Named(*row) for row in connection.execute(named.order_by(_SUBJECTS.c.id))]


def _registered(known_at: datetime | None) -> sa.ColumnElement[bool]:
    return sa.true() if known_at is None else _SUBJECTS.c.recorded_at <= known_at


def _failed(
    connection: sa.Connection, index: NameIndex, text: str, ids: list[int],
    known_at: datetime | None,
) -> LookupFailed:  # fmt: skip
    if ids:
        labels = [Problem(index.label(i, mask=True)) for i in ids]
        return LookupFailed(
            f"“{text}”可能是 {len(ids)} 个对象",
            fix="请写明单位（姓名@单位）或全称",
            problems=labels,
        )
    people = sa.and_(_SUBJECTS.c.sort == "person", _registered(known_at))
    query = sa.select(_SUBJECTS.c.name).where(people).distinct()
    near = [
        *index.near(text, mask=True),
        *_near(split_hint(text)[0], list(connection.scalars(query))),
    ]
    return LookupFailed(
        f"找不到“{text}”", fix="请核对名称", problems=[Problem(f"相近的有：{n}") for n in near]
    )


def _near(name: str, names: list[str]) -> list[str]:
    return [found for found, _, _ in process.extract(name, names, limit=3, score_cutoff=60)]


def _bodies(connection: sa.Connection, known_at: datetime | None) -> NameIndex:
    query = sa.select(*_IDENTITY).where(_SUBJECTS.c.sort == "body", _registered(known_at))
    rows = [Named(*row) for row in connection.execute(query)]
    rows.sort(key=lambda r: _ORDER.index(r.kind) if r.kind in _ORDER else len(_ORDER))
    index = NameIndex(rows)
    short = sa.select(_ATTRIBUTES.c.subject_id, _ATTRIBUTES.c.value).where(
        _ATTRIBUTES.c.name == "short_name", known(_ATTRIBUTES, known_at)
    )
    for unit, short_name in connection.execute(short):
        index.add_short_name(unit, short_name)
    return index


def _add_hints(
    connection: sa.Connection, index: NameIndex, people: list[int], known_at: datetime | None
) -> None:
    """The villages where people stay tell those of one name apart."""
    query = sa.select(_TIES.c.from_id, _TIES.c.to_id).where(
        _TIES.c.kind == "member_of_team", _TIES.c.from_id.in_(people), known(_TIES, known_at)
    )
    for person, team in connection.execute(query):
        village = index.subjects[team].home
        if village is not None:
            index.hints[person].add(index.label(village))
