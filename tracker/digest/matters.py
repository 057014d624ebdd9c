"""The digest: what waits for a person: interviews, reviews, waivers, objections; and what ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.consequences import incidents, notices, objections
from tracker.consequences.bars import Bar, all_bars, burden
from tracker.consequences.cases import INCIDENT, Case, load_cases
from tracker.consequences.lives import INTERVIEW, INTERVIEW_OPEN
from tracker.consequences.notice_calls import REPORT
from tracker.digest.figures import Figures
from tracker.digest.parts import Item, Line, Section, joined, of_items
from tracker.digest.scope import Scope
from tracker.digest.telling import BODIES, Called, told_of
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
    cases = load_cases(connection, states=INTERVIEW_OPEN, as_of=as_of, known_at=known_at)
    packs = {pack.document.id for pack in law.packs}
    silent = sorted({(c.subject_id, c.key.split("|")[2]) for c in calls if c.level == REPORT})
    return Matters(
        tuple(case for case in cases if case.document in packs),
        _in_state(_of_law(waivers.listed(connection, as_of, known_at), law), "requested"),
        _in_state(objections.listed(connection, as_of, known_at), "open"),
        tuple(_ending(_of_law(waivers.load_waivers(connection, known_at), law), law, as_of)),
        tuple(
            bar for bar in all_bars(recorded, law, registry)
            if bar.effects and bar.in_force(as_of) and bar.ends <= as_of + timedelta(bars_within)
        ),
        tuple(silent),
    )  # fmt: skip


def _of_law(rows: Iterable[Any], law: Law) -> Iterator[Any]:
    """Without waivers from what a pack that is gone, or a duty it no longer has, asked for."""
    known = {(pack.document.id, duty.id) for pack in law.packs for duty in pack.duties}
    return (row for row in rows if (row.document, row.duty) in known)


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
        self._open = {case.id: case for case in matters.cases}
        self._asked = {case.id for case in matters.cases if self._interviews(case)}
        self._duties = {(p.document.id, d.id): d.name for p in law.packs for d in p.duties}

    def awaiting(self) -> Section:
        """Interviews for this reader to decide on or hold, and what else he answers: first what
        has its day, then what is alike together."""
        found = [self._case(case) for case in self._cases() if case.id in self._asked]
        found += [self._waiver_asked(row) for row in self.matters.asked if self._grants(row)]
        found += [self._objection(row) for row in self.matters.objected if self._answers(row)]
        dated = sorted((one for one in found if one.day), key=lambda one: one.day or self.as_of)
        alike = [(one.what, one) for one in found if not one.day]
        return joined("", "", [of_items("", "", dated), *self._together(alike)])

    def elsewhere(self) -> Section:
        """Interviews, waivers asked for and objections of the scope that another decides on."""
        inside = self.scope.owns
        found = [
            self._of_another(case) for case in self._cases()
            if case.id not in self._asked and inside(case.accountable_id)
        ]  # fmt: skip
        others = [
            *(self._waiver_asked(row) for row in self.matters.asked
              if inside(row.holder_id) and not self._grants(row)),
            *(self._objection(row) for row in self.matters.objected
              if inside(row.subject_id) and not self._answers(row)),
        ]  # fmt: skip
        found += [(one.what, one) for one in others]
        return joined("elsewhere", "由他人决定", self._together(found))

    def _of_another(self, case: Case) -> tuple[str, Item]:
        head, item = f"由{case.interviewer['name']}约谈", self._case(case)
        return head, replace(item, said=f"{head}，{item.said}")

    def _together(self, found: Iterable[tuple[str, Item]]) -> Iterator[Section]:
        """Matters under their heads and clauses, a line each, or one for more than a few."""
        alike: dict[tuple[str, str], list[Item]] = {}
        for head, item in found:
            alike.setdefault((head, item.cite), []).append(item)
        for (head, cite), items in alike.items():
            if len(items) <= self.figures.few:
                yield of_items("", "", items)
                continue
            bodies = list(dict.fromkeys(item.who for item in items))
            whose = told_of(bodies, self.figures.named, BODIES)
            line = Line(f"{head} {len(items)}件", whose, cite, count=len(items))
            yield Section("", "", len(items), (line,), tuple(items))

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

    def _grants(self, waiver: Any) -> bool:
        return self._in_charge(waiver.holder_id)

    def _answers(self, objection: Any) -> bool:
        """An objection about an interview that is still to be held is answered by whoever
        interviews, where the registry knows who that is; any other in the area."""
        kind, number = [*objection.about.split("|"), ""][:2]
        case = self._open.get(int(number)) if kind == "interview" and number.isdecimal() else None
        if case is not None and self._has_interviewer(case):
            return case.id in self._asked
        return self._in_charge(objection.subject_id)

    def _in_charge(self, subject: int) -> bool:
        """Whether the reader is of the area that decides for a subject: one, never all above."""
        places = self.scope.land.day.works_in(subject)
        return any(self.scope.in_charge(self.figures.answers, place) for place in places)

    def _has_interviewer(self, case: Case) -> bool:
        by = case.interviewer
        return bool(by["people"]) or by["role"] in self.figures.decides

    def _case(self, case: Case) -> Item:
        pack = self.law.pack(case.document)
        rule = interview_rule(pack, case.section)
        who = self.called(case.accountable_id, named=self.scope.owns(case.accountable_id))
        decided = case.last("decided")
        day = decided.due_on if decided and case.state == "decided" else None
        what = "约谈" if case.state == "decided" else "约谈建议"
        state = INTERVIEW.states[case.state]
        said = f"{self._grounds(case)}，{state}{self._hearing(case)}"
        return Item(
            who, what, cite=f"{pack.document.number} {rule.cite}", status=state, day=day,
            said=said, path=f"/interviews/{case.id}",
        )  # fmt: skip

    def _grounds(self, case: Case) -> str:
        """'事由：驻村时间2项、住村时间': what the live grounds are about, most first."""
        sizes = Counter(self._ground(key) for key in case.keys).most_common()
        names = [name + (f"{n}项" if n > 1 else "") for name, n in sizes]
        told = told_of(names, self.figures.named, "类")
        return f"事由：{told}" if told else "没有现存的事由"

    def _ground(self, key: str) -> str:
        kind, rest = key.split("|")[:2]
        return f"第{rest}号事件" if kind == INCIDENT else self._duties.get((kind, rest), rest)

    def _hearing(self, case: Case) -> str:
        """Until when the subject may state its case, before which nobody decides."""
        informed = case.last("informed")
        if case.state != "recommended" or case.last("stated") or informed is None:
            return ""
        last = informed.due_on
        return f"，陈述申辩至{short_date(last, self.as_of)}" if last and last >= self.as_of else ""

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
        who = self.called(row.subject_id, named=self.scope.owns(row.subject_id))
        return Item(
            who, "异议待答复", status="待答复",
            said=f"对{self._about(row.about)}提出，{short_date(row.as_of, self.as_of)}登记",
            path=f"/objections/{row.id}",
        )  # fmt: skip

    def _about(self, about: str) -> str:
        kind, number = [*about.split("|"), ""][:2]
        if kind == "interview":
            return f"第{number}号约谈"
        if kind == "incident":
            return f"第{number}号事件"
        return f"“{self._ground(about)}”的判定"
