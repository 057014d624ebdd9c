"""A small invented world for tests, written straight into the tables.

甘肃省 > 示例市 > 示例县 > 东乡 > 东村、西村 stand from the start; all else is said by the test.
A line is known from its day on unless `entered` says later, a month's report from its last day on.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker import nightly, resources
from tracker.clock import SHANGHAI
from tracker.consequences.tables import Transition
from tracker.db import table
from tracker.evaluation.coverage import topics_of
from tracker.evaluation.obligations import Scene
from tracker.ledger.rules import load_rules
from tracker.ledger.tables import Batch, Coverage, Entry, Line
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.registry.tables import Attribute, Post, Subject, Tie

Span = tuple[date | None, date | None]
ALWAYS: Span = (None, None)
EVERYTHING = "everything"
LONG_AGO = datetime(2015, 1, 1, tzinfo=SHANGHAI)
OFFICER = "测试员"
_AREAS = {
    "省": "province", "市": "prefecture", "州": "prefecture", "县": "county",
    "乡": "township", "镇": "township", "村": "village",
}  # fmt: skip
_CODES = {
    "甘肃省": "62", "示例市": "6299", "示例县": "629901", "庆阳市": "6210", "华池县": "621023",
    "甘南州": "6230", "湖南省": "43", "华容县": "430623", "北景港镇": "430623103",
}  # fmt: skip


@cache
def shipped_law() -> Law:
    """The law as shipped."""
    return load_law([resources.folder("duties")])


@cache
def all_covers() -> dict[str, frozenset[str]]:
    """The shipped forms and what they speak of, and one form that speaks of everything."""
    duties = [duty for pack in shipped_law().packs for duty in pack.duties]
    kinds = shipped_law().vocabulary.kinds
    everything = frozenset(kinds).union(*(topics_of(duty) for duty in duties))
    return {**load_rules().covers, EVERYTHING: everything}


def moment(day: date, hour: int = 0) -> datetime:
    """An hour of a day in Asia/Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI)


def months(first: str, last: str) -> list[date]:
    """First days of the months from '2020-01' to '2020-12'."""
    return [day.date() for day in pd.period_range(first, last, freq="M").to_timestamp()]


class World:
    """Writes one invented world into the tables of `connection` and judges it."""

    def __init__(self, connection: sa.Connection, law: Law | None = None) -> None:
        self.connection = connection
        self.law = law or shipped_law()
        self.ids: dict[str, int] = {}
        self.batch = self._insert(
            Batch, file_name="台账.xlsx", operator=OFFICER, recorded_at=LONG_AGO, counts={}
        )
        for name, parent in zip(
            ("甘肃省", "示例市", "示例县", "东乡", "东村", "西村"),
            ("", "甘肃省", "示例市", "示例县", "东乡", "东乡"),
            strict=True,
        ):
            self.area(name, parent)

    # ---- who

    def area(self, name: str, parent: str = "") -> int:
        """An area; its kind is told by the last character of its name. A village whose name others
        have too is told with its township: 林镇乡张岔村 in 林镇乡 is called 张岔村."""
        home, kind = self.ids.get(parent), _AREAS[name[-1]]
        found = self.subject(
            name, "body", kind, home=home, code=_CODES.get(name, ""),
            called=name.removeprefix(parent) if kind == "village" else name,
        )  # fmt: skip
        if home:
            self.tie("part_of", name, parent)
        return found

    def subject(
        self, name: str, sort: str, kind: str = "", *, home: int | None = None, code: str = "",
        called: str = "",
    ) -> int:  # fmt: skip
        """A subject, made once; later mentions mean the same one. `called`: as registered, where
        that is not how tests mention it."""
        if name not in self.ids:
            self.ids[name] = self._insert(
                Subject, sort=sort, kind=kind, name=called or name, home_id=home, code=code,
                distinguisher="", recorded_at=LONG_AGO,
            )  # fmt: skip
        return self.ids[name]

    def unit(
        self, name: str, *helps: str, level: str = "county", leads: str = "", span: Span = ALWAYS
    ) -> int:
        """A unit that assists villages, and may lead the units of a county."""
        found = self.subject(name, "body", "unit")
        self.attribute(name, "level", level)
        for village in helps:
            self.tie("assists", name, village, span)
        if leads:
            self.tie("leads_county", name, leads, span)
        return found

    def seat(self, name: str, county: str) -> int:
        """A provincial leader's seat with its contact county."""
        found = self.subject(name, "body", "seat")
        self.tie("contacts_county", name, county)
        return found

    def person(self, name: str, unit: str) -> int:
        """A person of a unit."""
        return self.subject(name, "person", home=self.ids[unit])

    def leader(self, name: str, unit: str, span: Span = ALWAYS) -> int:
        """A leader of a unit for a span."""
        found = self.person(name, unit)
        self.post(name, "leader", unit, span)
        return found

    def cadre(self, name: str, unit: str, village: str, span: Span = ALWAYS) -> int:
        """A resident cadre's stay in the team of a village."""
        found = self.person(name, unit)
        self.subject(f"{village}工作队", "body", "team", home=self.ids[village])
        self.tie("member_of_team", name, f"{village}工作队", span)
        return found

    def pair(
        self, name: str, unit: str, household: str, span: Span = ALWAYS, village: str = "东村"
    ) -> int:
        """A helper paired with a household of a village."""
        found = self.person(name, unit)
        if household not in self.ids:
            self.subject(household, "household", home=self.ids["示例县"], code=household)
            self.tie("part_of", household, village)
        self.tie("paired_with", name, household, span)
        return found

    def post(self, person: str, role: str, body: str, span: Span = ALWAYS) -> None:
        """A dated office; an unknown person becomes one of the body."""
        self.person(person, body)
        self._fact(Post, span, person_id=self.ids[person], body_id=self.ids[body], role=role)

    def tie(self, kind: str, source: str, target: str, span: Span = ALWAYS) -> None:
        """A dated relation."""
        self._fact(Tie, span, kind=kind, from_id=self.ids[source], to_id=self.ids[target])

    def attribute(self, subject: str, name: str, value: str, span: Span = ALWAYS) -> None:
        """A dated property."""
        self._fact(Attribute, span, subject_id=self.ids[subject], name=name, value=value)

    # ---- what was done and reported

    def did(
        self, who: str, kind: str, *days: date, role: str = "performer", toward: str | None = None,
        place: str | None = None, item: str = "", until: date | None = None,
        quantity: int | Decimal = 1, entered: date | None = None, voided: date | None = None,
    ) -> None:  # fmt: skip
        """One entry with a line for each of `days`."""
        first = entered or min(days)
        entry = self._entry(kind, first)
        self.connection.execute(table(Line).insert(), [
            {
                "entry_id": entry, "subject_id": self.ids[who], "kind": kind, "role": role,
                "counterpart_id": self.ids[toward] if toward else None,
                "place_id": self.ids[place] if place else None, "item": item, "day": day,
                "until": until, "quantity": Decimal(quantity), "reported_on": entered or day,
                "recorded_at": moment(entered or day, 8),
                "voided_at": moment(voided, 8) if voided else None,
            }
            for day in days
        ])  # fmt: skip

    def reported(
        self, months: Iterable[date], *, form: str = EVERYTHING, scope: str = "甘肃省",
        entered: date | None = None,
    ) -> None:  # fmt: skip
        """A report of `form` for months, speaking for `scope`."""
        rows = [
            {
                "batch_id": self.batch, "reporter_id": self.ids["示例县"], "form": form,
                "month": month, "scope_id": self.ids[scope],
                "recorded_at": moment(entered or month_end(month), 12), "voided_at": None,
            }
            for month in months
        ]  # fmt: skip
        self.connection.execute(table(Coverage).insert(), rows)

    # ---- what follows

    def scene(
        self, as_of: date, *duties: str, known_at: datetime | None = None,
        focus: frozenset[int] | None = None,
    ) -> Scene:  # fmt: skip
        """The scene of a day with `duties` (default: all), as known on its evening by default."""
        return nightly.set_scene(
            self.connection, only(self.law, duties), as_of=as_of,
            known_at=known_at or moment(as_of, 23), focus=focus,
        )  # fmt: skip

    def look(
        self, as_of: date, *duties: str, known_at: datetime | None = None,
        focus: frozenset[int] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The findings of a day for `duties` (default: all), with the names of the parties."""
        scene = self.scene(as_of, *duties, known_at=known_at, focus=focus)
        return self.named(nightly.look(self.connection, scene, all_covers()))

    def named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Findings with the names of holder, counterpart and accountable beside their ids."""
        names = {number: name for name, number in self.ids.items()}
        columns = ("holder", "counterpart", "accountable")
        return rows.assign(**{c: rows[f"{c}_id"].map(names) for c in columns})

    def check(self, as_of: date, hour: int = 23) -> nightly.Night:
        """Run the night of a day."""
        return nightly.check(
            self.connection, self.law, all_covers(),
            as_of=as_of, now=moment(as_of, hour), operator=OFFICER,
        )  # fmt: skip

    def _fact(self, model: Any, span: Span, **values: Any) -> None:
        starts, ends = span
        self._insert(
            model, starts_on=starts, ends_on=ends, roster="", recorded_at=LONG_AGO, **values
        )

    def _entry(self, kind: str, day: date) -> int:
        return self._insert(
            Entry, batch_id=self.batch, reporter_id=self.ids["示例县"], form="duty_records",
            period=f"{day:%Y}", sheet="台账", row=len(self.ids), content={}, digest="",
            natural_key=kind, reported_on=day, recorded_at=moment(day, 8),
        )  # fmt: skip

    def _insert(self, model: Any, **values: Any) -> int:
        t = table(model)
        return int(self.connection.execute(t.insert().returning(t.c.id), values).scalar_one())


def only(law: Law, duties: tuple[str, ...]) -> Law:
    """The law with these duties alone (none: all); each duty is judged by itself anyway."""
    if not duties:
        return law
    kept = (
        pack.model_copy(update={"duties": tuple(d for d in pack.duties if d.id in duties)})
        for pack in law.packs
    )
    return replace(law, packs=tuple(kept))


def month_end(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def history(connection: sa.Connection, model: type[Transition]) -> list[Any]:
    """All transitions of a kind, oldest first."""
    t = table(model)
    return list(connection.execute(sa.select(t).order_by(t.c.id)))
