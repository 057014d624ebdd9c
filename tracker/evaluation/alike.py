"""Alike: duties that one look judges together, for they differ only in whom they bind, which item
they count and how much they ask. A work plan sets a county a hundred targets of one kind; judged
one by one, each would cost as much as all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.policy.model import Document, Duty

# What is asked row by row, or decides nothing. Whatever a duty has besides keeps duties apart.
_OWN = frozenset((
    "id", "cite", "name", "paraphrase", "holder", "per", "counts", "at_least", "at_most", "unit",
    "once", "base", "strength", "rollup", "follows_from", "on_breach", "contradiction",
    "interpretations",
))  # fmt: skip
_SHAPE = tuple(name for name in Duty.model_fields if name not in _OWN)
_DAYS = ("天", "工作日")


def alike(duties: Iterable[tuple[Document, Duty]]) -> list[list[int]]:
    """The positions of the duties, those that are judged together in one list."""
    batches: dict[str, list[int]] = {}
    for index, (document, duty) in enumerate(duties):
        batches.setdefault(_shape(document, duty), []).append(index)
    return list(batches.values())


def in_days(duty: Duty) -> bool:
    """Whether days are what is counted, of which a day holds one."""
    return duty.measure != "sum" or duty.unit in _DAYS


def item_of(duty: Duty) -> str | None:
    """The one item whose lines count; None where all do, or where each kind has its own."""
    return duty.counts[0].item if len(duty.counts) == 1 else None


def _shape(document: Document, duty: Duty) -> str:
    """The same text for duties that are judged in the same way."""
    counts = duty.counts
    if item_of(duty):
        counts = (counts[0].model_copy(update={"item": "*"}),)
    rest = [getattr(duty, name) for name in _SHAPE]
    return repr((document.id, counts, bool(duty.per), in_days(duty), rest))
