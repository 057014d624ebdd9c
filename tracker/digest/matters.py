"""The digest: what waits for a person: interviews, reviews, waivers, objections; and what ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.consequences import incidents, notices, objections
from tracker.consequences.bars import Bar, all_bars, burden
from tracker.consequences.cases import Case, load_cases
from tracker.consequences.lives import INTERVIEW, INTERVIEW_OPEN
from tracker.consequences.notice_calls import REPORT
from tracker.digest.figures import Figures
from tracker.digest.parts import Item, Line, Section, joined, of_items
from tracker.digest.scope import Scope
from tracker.digest.telling import BODIES, Called, told_of
from tracker.evaluation.findings import holder_of
from tracker.evaluation.narrate import short_date
from tracker.policy.law import Law
from tracker.policy.model import interview_rule
from tracker.registry import waivers
from tracker.registry.dated import Registry
from tracker.registry.waivers import Release


@dataclass(frozen=True, slots=True)
class Matters:
    """Everything of the whole office that waits or ends: open interviews, waivers asked for (rows
    with id, holder_id ...), open objections, waivers and bars that end soon, (body, month) of
    which nothing was reported."""

    cases: tuple[Case, ...]
    asked: tuple[Any, ...]
    objected: tuple[Any, ...]
    releases: tuple[Release, ...]
    bars: tuple[Bar, ...]
    silent: tuple[tuple[int, str], ...]


def load(
    connection: sa.Connection, law: Law, registry: Registry, as_of: date, known_at: datetime,
    bars_within: int,
) -> Matters:  # fmt: skip
    """What waits or ends as of a day, as known at a moment."""
    recorded = incidents.on_record(connection, as_of=as_of, known_at=known_at)
    calls = notices.open_notices(connection, as_of, known_at).values()
    silent = sorted({(c.subject_id, c.key.split("|")[2]) for c in calls if c.level == REPORT})
    return Matters(
        tuple(load_cases(connection, states=INTERVIEW_OPEN, as_of=as_of, known_at=known_at)),
        _in_state(waivers.listed(connection, as_of, known_at), "requested"),
        _in_state(objections.listed(connection, as_of, known_at), "open"),
        tuple(_ending(waivers.load_waivers(connection, known_at), law, as_of)),
        tuple(
            bar for bar in all_bars(recorded, law, registry)
            if bar.effects and bar.in_force(as_of) and bar.ends <= as_of + timedelta(bars_within)
        ),
        tuple(silent),
    )  # fmt: skip


def _in_state(rows: Iterable[Any], state: str) -> tuple[Any, ...]:
    return tuple(row for row in rows if row.state == state)


def _ending(releases: Iterable[Release], law: Law, as_of: date) -> Iterator[Release]:
    for one in releases:
        soon = law.pack(one.document).document.defaults.warnings.waiver_ends
        if one.starts_on <= as_of <= one.ends_on <= as_of + timedelta(soon):
            yield one


class Desk:
    """The matters of a scope, told to its reader."""

    def __init__(
        self, matters: Matters, law: Law, scope: Scope, called: Called, figures: Figures,
        as_of: date,
    ) -> None:  # fmt: skip
        self.matters, self.law, self.scope, self.called = matters, law, scope, called
        self.figures, self.as_of = figures, as_of
        self._asked = {case.id for case in matters.cases if self._interviews(case)}

    def awaiting(self) -> list[Item]:
        """Interviews for this reader to decide on or hold; in an area also what else waits."""
        found = [self._case(case) for case in self._cases() if case.id in self._asked]
        if self.scope.governs:
            found += [self._waiver_asked(row) for row in self.matters.asked if self._owns(row)]
        return found + [self._objection(row) for row in self.matters.objected if self._answers(row)]

    def elsewhere(self) -> Section:
        """Open interviews of the scope that another decides on; many of one interviewer in one
        line."""
        by: dict[str, list[Item]] = {}
        for case in self._cases():
            if case.id not in self._asked and self.scope.owns(case.accountable_id):
                by.setdefault(case.interviewer["name"], []).append(self._case(case))
        told = [self._together(name, items) for name, items in by.items()]
        return joined("elsewhere", "由他人决定的约谈", told)

    def _together(self, interviewer: str, items: list[Item]) -> Section:
        chosen = self.figures
        items = [replace(item, said=f"由{interviewer}约谈，{item.said}") for item in items]
        if len(items) <= chosen.few:
            return of_items("", "", items)
        whose = told_of(list(dict.fromkeys(item.who for item in items)), chosen.named, BODIES)
        line = Line(f"由{interviewer}约谈 {len(items)}件", whose, count=len(items))
        return Section("", "", len(items), (line,), tuple(items))

    def ending(self) -> list[Item]:
        """Waivers and bars that end soon, soonest first."""
        found = [self._waiver(one) for one in self.matters.releases if self._owns(one)]
        found += [self._bar(bar) for bar in self.matters.bars if self.scope.owns(bar.subject_id)]
        return sorted(found, key=lambda item: (item.day or self.as_of, item.what, item.who))

    def silent(self) -> list[tuple[int, Item]]:
        """Bodies that did not report a month, each with the matter it is."""
        return [
            (body, Item(self.called(body), f"{month[:4]}年{int(month[5:])}月数据", status="未报送"))
            for body, month in self.matters.silent
            if self.scope.owns(body)
        ]

    def _cases(self) -> list[Case]:
        return sorted(self.matters.cases, key=lambda case: (-len(case.keys), case.id))

    def _interviews(self, case: Case) -> bool:
        """Whether the reader is the interviewer, or speaks for the group of his area that is."""
        by = case.interviewer
        kind = self.figures.decides.get(by["role"], "")
        return self.scope.id in by["people"] or (
            self.scope.governs and self.scope.decides_for(kind, case.accountable_id)
        )

    def _owns(self, waiver: Any) -> bool:
        return self.scope.owns(waiver.holder_id)

    def _answers(self, objection: Any) -> bool:
        """An objection about an interview is answered by whoever interviews, others in the area."""
        kind, number = [*objection.about.split("|"), ""][:2]
        if kind == "interview":
            return number.isdecimal() and int(number) in self._asked
        return self.scope.governs and self.scope.owns(objection.subject_id)

    def _case(self, case: Case) -> Item:
        pack = self.law.pack(case.document)
        rule = interview_rule(pack, case.section)
        who = self.called(case.accountable_id, named=self.scope.owns(case.accountable_id))
        decided = case.last("decided")
        day = decided.due_on if decided and case.state == "decided" else None
        what = "约谈" if case.state == "decided" else "约谈建议"
        state = INTERVIEW.states[case.state]
        said = f"事由{len(case.keys)}项，{state}"
        return Item(
            who, what, cite=f"{pack.document.number} {rule.cite}", status=state, day=day,
            said=said, path=f"/interviews/{case.id}",
        )  # fmt: skip

    def _released(self, waiver: Any) -> tuple[str, str, str]:
        """Who is released from what, by which clause."""
        duty = self.law.duty(waiver.document, waiver.duty)
        return self.called(waiver.holder_id), duty.name, duty.cite

    def _waiver_asked(self, row: Any) -> Item:
        who, what, cite = self._released(row)
        span = f"{short_date(row.starts_on, self.as_of)}至{short_date(row.ends_on, self.as_of)}"
        said = f"申请豁免“{what}”，{span}"
        return Item(who, "豁免申请", cite=cite, window=span, status="待批准", said=said,
                    path=f"/waivers/{row.id}")  # fmt: skip

    def _waiver(self, one: Release) -> Item:
        who, what, cite = self._released(one)
        return Item(
            who, "豁免到期", cite=cite, status="即将到期", day=one.ends_on,
            said=f"第{one.number}号豁免“{what}”，到期后恢复计算", path=f"/waivers/{one.number}",
        )  # fmt: skip

    def _bar(self, bar: Bar) -> Item:
        return Item(
            self.called(bar.subject_id), "限制期满", cite=bar.cite, status="即将期满", day=bar.ends,
            said=burden(bar, self.law.vocabulary),
            path=f"/incidents/{bar.incident.id}",
        )  # fmt: skip

    def _objection(self, row: Any) -> Item:
        return Item(
            self.called(row.subject_id), "异议待答复", status="待答复",
            said=f"对{self._about(row.about)}提出，{short_date(row.as_of, self.as_of)}登记",
            path=f"/objections/{row.id}",
        )  # fmt: skip

    def _about(self, about: str) -> str:
        kind, number = [*about.split("|"), ""][:2]
        if kind == "interview":
            return f"第{number}号约谈"
        if kind == "incident":
            return f"第{number}号事件"
        return f"{self.called(holder_of(about))}的判定"
