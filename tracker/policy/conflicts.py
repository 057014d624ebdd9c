"""The law against the law: what documents of several levels ask of the same holder.

Only what is printed is compared, no registry and no ledger. Two duties are about the same thing
where they bind the same role in areas that nest and spans that overlap, count a common kind (or
require the same to hold) and are owed toward the same sort of counterpart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, product
from typing import NamedTuple

from tracker.policy.duty import Case, Counts, Duty, Holder, Per
from tracker.policy.law import Law
from tracker.policy.model import Document, Pack

WINDOWS_A_YEAR = {"year": 1, "half_year": 2, "quarter": 4, "month": 12}
_NO_LIMIT = Decimal("Infinity")
_LEVELS = ("latest", "standing")  # a level is not multiplied by the windows of a year
_END_OF_YEAR = (12, 31)


class Relation(StrEnum):
    """How two duties about the same thing stand to each other, gravest first."""

    contradictory = "contradictory"
    stricter = "stricter"
    mixed = "mixed"
    same = "same"
    unlike = "unlike"


class Bound(NamedTuple):
    """A duty with the document it stands in."""

    document: Document
    duty: Duty


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two duties about the same thing. Where one is `stricter` it is the first, and asks `more`
    a year (least and most, as the thresholds go by case; empty where the windows or the due days
    make it stricter). `apart`: the last day of one and the first of the other, where no day
    serves both."""

    first: Bound
    second: Bound
    relation: Relation
    more: tuple[Decimal, ...] = ()
    apart: tuple[date, date] | None = None

    @property
    def is_stricter(self) -> bool:
        """Whether one of the two asks more."""
        return self.relation is Relation.stricter


def conflicts(law: Law, only: Collection[tuple[str, str]] | None = None) -> tuple[Conflict, ...]:
    """Every pair of duties of different documents about the same thing, gravest first. `only`:
    among these (document id, duty id)."""
    by_role: dict[str, list[tuple[Pack, Duty]]] = {}
    for pack in law.packs:
        for duty in pack.duties:
            if only is None or (pack.document.id, duty.id) in only:
                by_role.setdefault(duty.holder.role, []).append((pack, duty))
    found = (
        compare(Bound(one.document, duty), Bound(other.document, theirs))
        for owed in by_role.values()
        for (one, duty), (other, theirs) in combinations(owed, 2)
        if one is not other and same_thing(duty, theirs) and _both_bind(law, one, other)
    )
    order = list(Relation)
    return tuple(sorted(found, key=lambda c: (order.index(c.relation), _name(c.first))))


def _name(bound: Bound) -> tuple[str, str]:
    return bound.document.id, bound.duty.id


def _both_bind(law: Law, one: Pack, other: Pack) -> bool:
    """Whether some place on some day is bound by both documents."""
    here, there = one.document.area, other.document.area
    if not (here.covers(there.code) or there.covers(here.code)):
        return False
    last = [law.last_day(pack) or date.max for pack in (one, other)]
    begins = max(one.document.in_force.from_, other.document.in_force.from_)
    return begins <= min(last)


def same_thing(one: Duty, other: Duty) -> bool:
    """Whether two duties ask the same of the same sort of holder toward the same sort of
    counterpart."""
    return (
        _same_holder(one.holder, other.holder)
        and _same_counterpart(one.per, other.per)
        and (_same_requirement(one, other) or _share_a_kind(one, other))
    )


def _same_holder(one: Holder, other: Holder) -> bool:
    named = not one.bodies or bool({*one.bodies} & {*other.bodies})
    levels = not (one.level and other.level) or bool({*one.level} & {*other.level})
    return one.role == other.role and named and levels and _agree(one.of, other.of)


def _same_counterpart(one: Per | None, other: Per | None) -> bool:
    if one is None or other is None:
        return one is other
    shared = {*one.members} & {*other.members} or not (one.members or other.members)
    return (one.tie, one.role) == (other.tie, other.role) and bool(shared)


def _same_requirement(one: Duty, other: Duty) -> bool:
    here, there = one.requires, other.requires
    return bool(here and there) and _what(one) == _what(other)


def _what(duty: Duty) -> tuple[str | None, ...]:
    needs = duty.requires
    return (needs.provision, needs.ties, needs.post or needs.exactly_one) if needs else ()


def _share_a_kind(one: Duty, other: Duty) -> bool:
    return any(_meet(a, b) for a, b in product(one.counts, other.counts))


def _meet(one: Counts, other: Counts) -> bool:
    return one.kind == other.kind and _agree(one.item, other.item) and _agree(one.as_, other.as_)


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def compare(one: Bound, other: Bound) -> Conflict:
    """How two duties about the same thing stand; the stricter first."""
    apart = _apart(one.duty, other.duty) or _apart(other.duty, one.duty)
    if apart or _exclude(one.duty, other.duty) or _exclude(other.duty, one.duty):
        return Conflict(one, other, Relation.contradictory, apart=apart)
    if not _comparable(one.duty, other.duty):
        return Conflict(one, other, Relation.unlike)
    more = sorted({*_differences(one.duty, other.duty)})
    if more[-1] > 0 > more[0]:
        return Conflict(one, other, Relation.mixed)
    if more[-1] > 0:
        return Conflict(one, other, Relation.stricter, tuple(m for m in more if m > 0))
    if more[0] < 0:
        less = tuple(sorted(-m for m in more if m < 0))
        return Conflict(other, one, Relation.stricter, less)
    here, there = _closeness(one.duty), _closeness(other.duty)
    if here == there:
        return Conflict(one, other, Relation.same)
    first, second = (one, other) if here > there else (other, one)
    return Conflict(first, second, Relation.stricter)


def _apart(one: Duty, other: Duty) -> tuple[date, date] | None:
    """The last day of one and the first of the other, where the other begins only afterwards."""
    if other.once is None:
        return None
    first = other.once.from_
    ends = [one.once.to] if one.once and one.once.to else []
    if one.due:
        ends.append(date((one.once.from_ if one.once else first).year, *one.due))
    return (min(ends), first) if ends and min(ends) < first else None


def _exclude(one: Duty, other: Duty) -> bool:
    """Whether doing the least that one asks already exceeds the most that the other allows."""
    if not _comparable(one, other) or one.at_least is None or other.at_most is None:
        return False
    return any(least > most for least, most in _pairs(one, other, "at_least", "at_most"))


def _comparable(one: Duty, other: Duty) -> bool:
    """Whether the figures of two duties measure the same."""
    one_off = {one.every, other.every} - WINDOWS_A_YEAR.keys()
    return (
        (one.measure, one.unit, one.working_days_only)
        == (other.measure, other.unit, other.working_days_only)
        and (not one_off or one.every == other.every)
        and _besides(one) == _besides(other)
    )


def _besides(duty: Duty) -> object:
    """What a standing duty requires beside the number of things."""
    needs = duty.requires
    return needs and (needs.covers, needs.also_holds, bool(needs.exactly_one))


def _differences(one: Duty, other: Duty) -> Iterator[Decimal]:
    """By how much one asks more than the other a year, for each case that both speak of."""
    caps = one.at_most is not None or other.at_most is not None
    if not caps or one.at_least is not None or other.at_least is not None:
        yield from (a - b for a, b in _pairs(one, other, "at_least", "at_least"))
    if caps:
        yield from (b - a for a, b in _pairs(one, other, "at_most", "at_most"))


def _pairs(one: Duty, other: Duty, mine: str, theirs: str) -> Iterator[tuple[Decimal, Decimal]]:
    """The figures of both a year: case by case where both go by the same attribute, else each of
    one against each of the other."""
    here, there = _figures(one, mine), _figures(other, theirs)
    by = [t.by for t in (getattr(one, mine), getattr(other, theirs)) if isinstance(t, Case)]
    if len(by) == 2 and by[0] == by[1]:
        names = here.keys() | there.keys()
        matched = [(here.get(n, here.get("")), there.get(n, there.get(""))) for n in names]
    else:
        matched = list(product(here.values(), there.values()))
    yield from ((a, b) for a, b in matched if a is not None and b is not None)


def _figures(duty: Duty, side: str) -> dict[str, Decimal | None]:
    """The figure of each case a year ('' for the rest); None for what a person must decide."""
    times = 1 if duty.measure in _LEVELS else WINDOWS_A_YEAR.get(duty.every, 1)
    threshold = getattr(duty, side)
    if isinstance(threshold, Case):
        unbound = Decimal(0) if side == "at_least" else _NO_LIMIT
        special = {"not_applicable": unbound, "needs_review": None}
        return {
            name: special[value] if isinstance(value, str) else Decimal(value) * times
            for name, value in {**threshold.cases, "": threshold.otherwise}.items()
        }
    if threshold is None:
        return {"": _none(duty, side)}
    return {"": Decimal(threshold) * times}


def _none(duty: Duty, side: str) -> Decimal:
    """What a duty without a figure on this side asks: what it requires to hold, else no limit."""
    if side == "at_most":
        return _NO_LIMIT
    return Decimal(len(duty.requires.each_of) or 1) if duty.requires else Decimal(0)


def _closeness(duty: Duty) -> tuple[int, int, int]:
    """What makes one of two equal figures the stricter: shorter windows, then an earlier day."""
    month, day = duty.due or _END_OF_YEAR
    return WINDOWS_A_YEAR.get(duty.every, 0), -month, -day
