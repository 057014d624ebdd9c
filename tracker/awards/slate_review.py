"""A list of nominees, fourth step: every row judged by the gate, from one gathering of facts.

A row that cannot be understood is told why; the rest goes on. That the list has more than a quota
holds is a remark, never a verdict: the list shows whom an office thinks of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.awards.asking import Asked
from tracker.awards.facts import Facts, gather
from tracker.awards.gate import Answer, gravest
from tracker.awards.nominations import LIVE, Filed, load_all
from tracker.awards.quotas import places
from tracker.awards.record import Record
from tracker.awards.slate import Entry, Slate
from tracker.awards.slate_award import Asker
from tracker.awards.slate_names import Named, named
from tracker.awards.verdict import Verdict, can_be_nominated, judge
from tracker.policy.law import Law
from tracker.registry.lookup import Lookup
from tracker.registry.spelling import clean

Watched = Callable[[Sequence[Named]], Iterable[Named]]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One row: what it asks and the verdict (None: not judged), what is to be said about it, and
    the other rows that name the same nominee."""

    entry: Entry
    subject_id: int | None
    asked: Asked | None
    verdict: Verdict | None
    messages: tuple[str, ...]
    twins: tuple[Entry, ...] = ()

    @property
    def answer(self) -> Answer:
        """The verdict's; a row that was not judged lacks something."""
        return self.verdict.answer if self.verdict else Answer.incomplete

    @property
    def sound(self) -> bool:
        """Whether the row can stay in the list as it is."""
        return self.verdict is not None and not self.twins


@dataclass(frozen=True, slots=True)
class Review:
    """A list judged: its rows in the order they came. `plans`: name and number of each."""

    slate: Slate
    rows: tuple[Reviewed, ...]
    plans: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    as_of: date
    known_at: datetime

    @property
    def answer(self) -> Answer:
        """The gravest answer; a list with a row to correct is at best incomplete."""
        unsound = [Answer.incomplete] if any(not row.sound for row in self.rows) else []
        return gravest([*unsound, *(row.answer for row in self.rows)])

    @property
    def totals(self) -> Mapping[Answer | None, int]:
        """How many rows have each answer; under None those that were not judged."""
        return Counter(row.verdict.answer if row.verdict else None for row in self.rows)


def review(
    connection: sa.Connection, law: Law, covers: Mapping[str, frozenset[str]], slate: Slate, *,
    as_of: date, known_at: datetime, award: str = "", kind: str = "", watched: Watched = iter,
) -> Review:  # fmt: skip
    """Judge a list as of a day, as known at a moment. `award`, `kind`: what holds where the list
    says nothing; `watched`: sees the rows as they are judged. Raises LuzeError where `award` means
    nothing."""
    lookup = Lookup(connection, [e.name for e in slate.entries if e.name], known_at)
    listed = [named(entry, lookup) for entry in slate.entries]
    subjects = {one.subject_id for one in listed if one.subject_id is not None}
    facts = gather(connection, law, covers, subjects, as_of=as_of, known_at=known_at)
    asker = Asker(facts, award, kind)
    asked = [_asked(one, asker, facts) for one in listed]
    documents = sorted({one.nominee.document for one in asked if one})
    filed = [f for document in documents
             for f in load_all(connection, document, as_of=as_of, known_at=known_at)]  # fmt: skip
    records = {one.nominee.nomination_id: one.record for one in filed}
    twins = _twins(listed, asked)
    rows = [
        _judged(one, question, facts, records, twins.get(number, ()))
        for number, (one, question) in enumerate(zip(watched(listed), asked, strict=True))
    ]
    packs = [law.pack(document) for document in documents]
    return Review(
        slate, tuple(rows),
        tuple((pack.awards.name, pack.document.number) for pack in packs if pack.awards),
        tuple(_over_quota(rows, [one for one in filed if one.state in LIVE])), as_of, known_at,
    )  # fmt: skip


def _asked(one: Named, asker: Asker, facts: Facts) -> Asked | None:
    subject, registry = one.subject_id, facts.scene.registry
    if subject is not None and not can_be_nominated(registry, subject):
        one.leave_open("户和村是帮扶对象，不能推荐；请写单位、工作队、县、乡镇或者个人")
    return None if one.open else asker.ask(one)


def _judged(
    one: Named, asked: Asked | None, facts: Facts, records: Mapping[int | None, Record],
    twins: tuple[Entry, ...],
) -> Reviewed:  # fmt: skip
    verdict = None
    if asked:
        record = records.get(asked.nominee.nomination_id, Record())
        verdict = judge(asked.plan, asked.award, asked.nominee, facts, record)
    return Reviewed(one.entry, one.subject_id, asked, verdict, tuple(one.messages), twins)


def _twins(listed: Sequence[Named], asked: Sequence[Asked | None]) -> dict[int, tuple[Entry, ...]]:
    """Row of the list -> the other rows with the same nominee under the same plan."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, question in enumerate(asked):
        if question:
            alike.setdefault(identity(question), []).append(number)
    return {
        number: tuple(listed[other].entry for other in group if other != number)
        for group in alike.values() if len(group) > 1
        for number in group
    }  # fmt: skip


def identity(one: Asked | Filed) -> tuple[object, ...]:
    """What two questions or nominations about the same nominee under the same plan share."""
    nominee = one.nominee
    who = (clean(nominee.name), clean(nominee.unit))
    return nominee.document, *(who if nominee.subject_id is None else (nominee.subject_id,))


def _over_quota(rows: Iterable[Reviewed], filed: Sequence[Filed]) -> Iterator[str]:
    """A remark for each quota that the live nominations and this list together exceed, and for
    those whose area nobody can see."""
    new = {identity(row.asked): row.asked for row in rows if row.asked}
    fresh = [asked for asked in new.values() if asked.nominee.nomination_id is None]
    for asked in {(a.nominee.document, a.award.id): a for a in fresh}.values():
        plan, award = asked.plan, asked.award
        before = [one for one in filed if one.nominee.document == asked.nominee.document]
        added = [
            Filed(one.nominee, Record(), "proposed")
            for one in fresh
            if (one.nominee.document, one.award.id) == (asked.nominee.document, award.id)
        ]
        both = places(plan, award, before), places(plan, award, [*before, *added])
        for now, then in zip(*both, strict=True):
            if then.left < 0 and then.used > now.used:
                yield (
                    f"“{award.name}”{then.name or '全部'}名额 {then.number} 个，"
                    f"已提出 {now.used} 个，连同本名单共 {then.used} 个，"
                    f"超出 {-then.left} 个（{award.quota.cite}）"
                )
        unplaced = sum(not one.nominee.area_code for one in added)
        if award.quota.by_area and unplaced:
            yield f"“{award.name}”有 {unplaced} 个看不出用哪个地区的名额，见理由栏"
