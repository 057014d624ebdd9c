"""The law: targets and tasks written out as the duties they are short for.

Each still knows where it stands in its own file, so that every check of a duty names the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.errors import Problem
from tracker.policy.document import Document
from tracker.policy.duty import Duty
from tracker.policy.parse import Item
from tracker.policy.source import At
from tracker.policy.workplan import Target, Task

# Where a part of the duty stands in the entry that is short for it.
_WRITTEN: dict[At, At] = {
    ("once",): ("due",),
    ("counts",): ("name",),
    ("per", "members"): ("members",),
    ("holder", "bodies"): ("lead",),
    ("holder", "taking_part"): ("taking_part",),
}


@dataclass(frozen=True, slots=True)
class WrittenOut(Item[Duty]):
    """A duty that a shorter entry stands for; `data` is the entry."""

    def problem(self, at: At, what: str, fix: str = "") -> Problem:
        """A defect at a path inside the duty, named at its place in the entry."""
        return Item.problem(self, _as_written(at), what, fix)


def written_out(document: Document, items: Iterable[Item[Target] | Item[Task]]) -> list[Item[Duty]]:
    """The duties of these entries of one document, in their order."""
    return [WrittenOut(item.source, item.at, item.rule.duty(document)) for item in items]


def _as_written(at: At) -> At:
    for duty, entry in _WRITTEN.items():
        if at[: len(duty)] == duty:
            return entry + (at[len(duty) :] if duty[0] in ("per", "holder") else ())
    return tuple(_year(step) for step in at if step != "cases")


def _year(step: str | int) -> str | int:
    """A year is a number in the file and a text in the duty."""
    return int(step) if isinstance(step, str) and step.isdigit() else step
