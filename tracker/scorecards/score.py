"""Scorecards: from facts to points, each traced to the fact it follows from. Pure, in decimals.

A score that nobody reported yet is missing, never zero: the total then is of what is known, and the
veto by total waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from tracker.policy.scorecard import Adjuster, Adjustment, Item, Method, Ranked, Scorecard
from tracker.scorecards.tables import ScoreEvent

NOTHING = Decimal(0)
_E = TypeVar("_E", Item, Adjuster)


@dataclass(frozen=True, slots=True)
class Trace:
    """A fact and the points that it moves: below zero where it takes some off; 0 where another
    fact prevails."""

    fact: ScoreEvent
    points: Decimal


@dataclass(frozen=True, slots=True)
class Scored:
    """One item. `points`: after floor and cap; `before`: without them; `missing`: what is not yet
    reported; `average`: whether they are the average of others."""

    entry: Item | Adjuster
    points: Decimal
    before: Decimal
    traces: tuple[Trace, ...] = ()
    missing: tuple[str, ...] = ()
    average: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A section, or all that is added or deducted; `points` never above its weight or cap."""

    name: str
    most: Decimal | None
    points: Decimal
    items: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole scorecard of one subject. `total`: sections + bonus - deduction, of what is reported.
    `too_low`: whether the total is under the veto's bound, None while something is missing."""

    card: Scorecard
    subject_id: int
    sections: tuple[Group, ...]
    bonus: Group | None
    deduction: Group | None
    total: Decimal
    too_low: bool | None
    vetoing: tuple[ScoreEvent, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not yet reported, in order."""
        return tuple(
            f"{item.entry.name}·{part}" if part != item.entry.name else part
            for group in self.sections
            for item in group.items
            for part in item.missing
        )

    @property
    def vetoed(self) -> bool:
        """Whether anything vetoes it."""
        return bool(self.too_low or self.vetoing)


def score(card: Scorecard, facts: Iterable[ScoreEvent], subject_id: int) -> Sheet:
    """The scorecard of one subject. `facts`: of every subject of the card, none voided, in any
    order: the average of others may count for this one."""
    known = sorted(facts, key=lambda fact: (fact.day, fact.id or 0))
    mine = [fact for fact in known if fact.subject_id == subject_id]
    means = {item.id: average(item, known) for item in card.items if item.ranked}
    sections = tuple(
        _group(section.name, section.weight, section.items, lambda i: _item(i, mine, means))
        for section in card.sections
    )
    bonus, deduction = (
        _adjustment("加分", card.bonus, mine),
        _adjustment("减分", card.deduction, mine),
    )
    total = sum((group.points for group in sections), NOTHING)
    total += (bonus.points if bonus else NOTHING) - (deduction.points if deduction else NOTHING)
    waits = any(item.missing for group in sections for item in group.items)
    veto = card.veto
    return Sheet(
        card, subject_id, sections, bonus, deduction, total,
        None if waits else bool(veto and veto.below and total < veto.below),
        tuple(fact for fact in mine if veto and fact.item == veto.id),
    )  # fmt: skip


def average(item: Item, facts: Iterable[ScoreEvent]) -> Decimal | None:
    """The mean points of those whose rank is reported, as the pack rounds it; None for nobody."""
    if item.ranked is None or item.ranked.exempt is None:
        return None
    by_subject: dict[int, list[ScoreEvent]] = {}
    for fact in facts:
        if fact.item == item.id and fact.what != item.ranked.exempt.id:
            by_subject.setdefault(fact.subject_id, []).append(fact)
    points = [_prevailing(item.ranked, mine)[1] for mine in by_subject.values()]
    if not points:
        return None
    unit = Decimal(1).scaleb(-item.ranked.exempt.decimals)
    return (sum(points, NOTHING) / len(points)).quantize(unit, ROUND_HALF_UP)


def by_rank(method: Method, rank: int) -> tuple[Decimal, Decimal]:
    """The points of a class or place by the formula, and with its floor. Raises KeyError for a
    class that there is not."""
    if method.first is None or method.per_place is None:
        return (method.classes[rank],) * 2
    points = method.first - method.per_place * (rank - 1)
    return points, max(points, method.floor.points) if method.floor else points


def _item(item: Item, facts: Sequence[ScoreEvent], means: Mapping[str, Decimal | None]) -> Scored:
    mine = [fact for fact in facts if fact.item == item.id]
    if item.deducts:
        traces = tuple(Trace(fact, -(fact.amount or NOTHING)) for fact in mine)
        before = item.weight + _sum(traces)
        return Scored(item, max(before, NOTHING), before, traces)
    if item.ranked:
        return _ranked(item, item.ranked, mine, means[item.id])
    parts = {part.id: part for part in item.reported}
    traces = tuple(Trace(f, (f.amount or NOTHING) * parts[f.what].factor) for f in mine)
    told = {fact.what for fact in mine}
    missing = tuple(part.name for part in item.reported if part.id not in told)
    return Scored(item, _sum(traces), _sum(traces), traces, missing)


def _ranked(item: Item, ranked: Ranked, mine: Sequence[ScoreEvent], mean: Decimal | None) -> Scored:
    if not mine:
        return Scored(item, NOTHING, NOTHING, missing=(item.name,))
    if ranked.exempt and mine[0].what == ranked.exempt.id:
        points, missing = (NOTHING, ("其他单位的得分",)) if mean is None else (mean, ())
        return Scored(item, points, points, (Trace(mine[0], points),), missing, average=True)
    chosen, points, before = _prevailing(ranked, mine)
    traces = tuple(Trace(fact, points if fact is chosen else NOTHING) for fact in mine)
    return Scored(item, points, before, traces)


def _prevailing(ranked: Ranked, mine: Sequence[ScoreEvent]) -> tuple[ScoreEvent, Decimal, Decimal]:
    """The result that counts, its points, and what the formula says without a floor."""
    order = [method.id for method in ranked.methods]
    chosen = min(mine, key=lambda fact: order.index(fact.what))
    before, points = by_rank(ranked.methods[order.index(chosen.what)], int(chosen.amount or 0))
    return chosen, points, before


def _adjustment(
    name: str, adjustment: Adjustment | None, facts: Sequence[ScoreEvent]
) -> Group | None:
    if adjustment is None:
        return None
    return _group(name, adjustment.cap, adjustment.items, lambda item: _adjuster(item, facts))


def _adjuster(item: Adjuster, facts: Sequence[ScoreEvent]) -> Scored:
    traces = tuple(Trace(f, item.points[f.what]) for f in facts if f.item == item.id)
    before = _sum(traces)
    return Scored(item, before if item.cap is None else min(before, item.cap), before, traces)


def _group(
    name: str, most: Decimal | None, entries: Iterable[_E], judge: Callable[[_E], Scored]
) -> Group:
    items = tuple(judge(entry) for entry in entries)
    points = sum((item.points for item in items), NOTHING)
    return Group(name, most, points if most is None else min(points, most), items)


def _sum(traces: Iterable[Trace]) -> Decimal:
    return sum((trace.points for trace in traces), NOTHING)
