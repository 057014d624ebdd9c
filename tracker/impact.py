"""What a new document would have come to: last year's ledger judged as if it had been in force.

The same judgement as every night's, with the document's span moved in memory; nothing is stored.
Beside each duty stands what the documents now in force ask for the same thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

import pandas as pd
import sqlalchemy as sa

from tracker import nightly
from tracker.db import table
from tracker.evaluation.words import Status
from tracker.ledger.tables import Line
from tracker.policy.base import Span
from tracker.policy.conflicts import Bound, Conflict, conflicts
from tracker.policy.document import Document
from tracker.policy.duty import Duty
from tracker.policy.law import Law
from tracker.policy.model import Pack
from tracker.registry.dated import known
from tracker.registry.labels import labels
from tracker.workdays import calendar_for

SHORT = (Status.breached, Status.unreachable)
NOT_OWED = (Status.not_applicable, Status.not_in_force, Status.waived, Status.upcoming)
Counted = tuple[str, str]  # kind, item ('' for any)


@dataclass(frozen=True, slots=True)
class Figure:
    """One duty over the year: how many `holders` owed it, how many obligations were `owed`, `met`,
    `short` (of `short_holders`), `unreported`, and `undecided` (a person must judge, or the day is
    not yet past). `silent`: counted kinds of which the ledger holds no line of the year."""

    document: Document
    duty: Duty
    holders: int
    owed: int
    met: int
    short: int
    short_holders: int
    unreported: int
    silent: tuple[str, ...]

    @property
    def undecided(self) -> int:
        """Obligations without a verdict."""
        return self.owed - self.met - self.short - self.unreported

    @property
    def all_unreported(self) -> bool:
        """Whether the ledger says nothing at all about the duty."""
        return 0 < self.owed == self.unreported


@dataclass(frozen=True, slots=True)
class Row:
    """One duty of the new document beside those now in force for the same thing, these as far as
    the holders of the new one owe them."""

    new: Figure
    now: tuple[tuple[Conflict, Figure], ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The year, and the day it was judged on; a row for each duty; `owed`: the findings of the
    new documents; `names` of subjects; `unmoved`: duties of milestones, which belong to years of
    their own."""

    year: int
    as_of: date
    rows: tuple[Row, ...]
    owed: pd.DataFrame
    names: Mapping[int, str]
    unmoved: tuple[Duty, ...]

    @property
    def short(self) -> pd.DataFrame:
        """The findings that would have been breached."""
        found = self.owed[self.owed["status"].isin(_names(SHORT))]
        return found.sort_values(["duty", "holder_id", "opens"], kind="stable")

    def by_holder(self) -> pd.DataFrame:
        """Who would have been short of what: document, duty, holder_id, `owed` and `short` (how
        many), `lacking` (by how much in all, in the unit of the duty); the most first."""
        key = ["document", "duty", "holder_id"]
        lacking = (self.short["required"] - self.short["done"]).abs()
        short = self.short.assign(lacking=lacking).groupby(key, sort=False)
        told = short.agg(short=("lacking", "size"), lacking=("lacking", "sum"))
        told.insert(0, "owed", self.owed.groupby(key).size().reindex(told.index))
        order = ["duty", "lacking", "holder_id"]
        return told.reset_index().sort_values(order, ascending=[True, False, True])


def impact(
    connection: sa.Connection, law: Law, covers: nightly.Covers, new: Collection[str], year: int,
    known_at: datetime,
) -> Impact:  # fmt: skip
    """Judge the documents `new` of `law` on a whole year. Nothing is written."""
    packs = [pack for pack in law.packs if pack.document.id in new]
    moved = replace(
        law, packs=tuple(_moved(p, year) if p.document.id in new else p for p in law.packs)
    )
    beside = [c for c in conflicts(moved) if len({*_documents(c)} & {*new}) == 1]
    judged = _judged(moved, new, beside)
    scene = nightly.set_scene(connection, judged, as_of=_settled(judged, year), known_at=known_at)
    rows = _of_year(nightly.look(connection, scene, covers), judged, year)
    told = _told(connection, judged, year, known_at)
    own = rows[rows["document"].isin([*new])]
    return Impact(
        year=year,
        as_of=scene.as_of,
        rows=tuple(
            _row(Bound(pack.document, duty), beside, rows, told)
            for pack in judged.packs if pack.document.id in new for duty in pack.duties
        ),
        owed=own,
        names=labels(scene.registry),
        unmoved=tuple(d for pack in packs for d in pack.duties if d.every == "milestones"),
    )  # fmt: skip


def _documents(conflict: Conflict) -> tuple[str, str]:
    return conflict.first.document.id, conflict.second.document.id


def _moved(pack: Pack, year: int) -> Pack:
    """The pack as if in force all that year and repealing nothing."""
    document = pack.document.model_copy(
        update={"in_force": Span(from_=date(year, 1, 1)), "repeals": ()}
    )
    duties = tuple(_once_in(duty, year) for duty in pack.duties if duty.every != "milestones")
    return pack.model_copy(update={"document": document, "duties": duties})


def _once_in(duty: Duty, year: int) -> Duty:
    """A duty of one span, with that span ending in the year instead."""
    if duty.once is None:
        return duty
    to = duty.once.to or duty.once.from_
    years = pd.DateOffset(years=to.year - year)
    first, last = ((pd.Timestamp(day) - years).date() for day in (duty.once.from_, to))
    return duty.model_copy(update={"once": Span(from_=first, to=last)})


def _judged(moved: Law, new: Collection[str], beside: Iterable[Conflict]) -> Law:
    """The new documents, and of the others the duties about the same thing. All stay: one without
    such a duty may repeal another."""
    named = {(b.document.id, b.duty.id) for c in beside for b in (c.first, c.second)}
    return moved.alone(
        lambda pack: [
            d for d in pack.duties
            if pack.document.id in new or (pack.document.id, d.id) in named
        ]
    )  # fmt: skip


def _settled(law: Law, year: int) -> date:
    """The first day on which all of the year is past the time for entering it."""
    graces = [
        pack.document.defaults.entry_grace.working_days if d.entry_grace is None else d.entry_grace
        for pack in law.packs for d in pack.duties
    ]  # fmt: skip
    calendar = calendar_for(law.calendar)
    entered = calendar.add_working_days(date(year, 12, 31), max(graces, default=0))
    return cast(date, entered.item()) + timedelta(days=1)


def _of_year(rows: pd.DataFrame, law: Law, year: int) -> pd.DataFrame:
    """What was owed of the windows that end in the year, and of what had to hold in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    always = {f"{p.document.id}|{d.id}" for p in law.packs for d in p.duties if d.every == "always"}
    standing = (rows["document"] + "|" + rows["duty"]).isin(always)
    touching = (rows["opens"] <= last) & (rows["closes"] >= first)
    asked = touching & (standing | (rows["closes"] <= last))
    return rows[asked & ~rows["status"].isin(_names(NOT_OWED))]


def _names(statuses: Iterable[Status]) -> list[str]:
    return [status.name for status in statuses]


def _told(connection: sa.Connection, law: Law, year: int, known_at: datetime) -> set[Counted]:
    """Kind and item of every line of the year, of the kinds that these duties count."""
    t = table(Line)
    kinds = {kind for pack in law.packs for duty in pack.duties for kind, _ in _counted(duty)}
    asked = sa.select(t.c.kind, t.c.item).where(
        t.c.kind.in_(kinds), t.c.day.between(date(year, 1, 1), date(year, 12, 31)),
        known(t, known_at),
    )  # fmt: skip
    return {(kind, item) for kind, item in connection.execute(asked.distinct())}


def _counted(duty: Duty) -> list[Counted]:
    """The kinds that a duty counts or requires, each with the item where only one counts."""
    provision = duty.requires.provision if duty.requires else None
    return [
        *((c.kind, c.item or "") for c in duty.counts),
        *([(provision, "")] if provision else []),
    ]


def _row(
    new: Bound, beside: Iterable[Conflict], rows: pd.DataFrame, told: Collection[Counted]
) -> Row:
    """One new duty and, of the same holders, what is now in force for the same thing."""
    own = _of(new, rows)
    theirs = rows[rows["holder_id"].isin(own["holder_id"])]
    now = (
        (conflict, pair[1 - pair.index(new)])
        for conflict in beside
        for pair in [(conflict.first, conflict.second)]
        if new in pair
    )
    return Row(
        _figure(new, own, told),
        tuple((c, _figure(other, _of(other, theirs), told)) for c, other in now),
    )


def _of(bound: Bound, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["document"] == bound.document.id) & (rows["duty"] == bound.duty.id)]


def _figure(bound: Bound, own: pd.DataFrame, told: Collection[Counted]) -> Figure:
    status = own["status"]
    short = status.isin(_names(SHORT))
    kinds = {kind for kind, _ in told}
    return Figure(
        document=bound.document, duty=bound.duty, owed=len(own),
        holders=own["holder_id"].nunique(),
        met=int((status == Status.met.name).sum()),
        short=int(short.sum()), short_holders=own.loc[short, "holder_id"].nunique(),
        unreported=int((status == Status.unreported.name).sum()),
        silent=tuple(
            kind for kind, item in _counted(bound.duty)
            if ((kind, item) not in told if item else kind not in kinds)
        ),
    )  # fmt: skip
