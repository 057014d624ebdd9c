"""The law as a whole: every pack, the words and decisions they use, and what binds on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.policy.base import Cite, Interpretation, Rule
from tracker.policy.model import Area, Duty, Pack
from tracker.policy.vocabulary import Vocabulary
from tracker.policy.workplan import Target, Task


class Decision(Rule):
    """One interpretation (口径): a point the documents leave open, and how it was decided."""

    id: Interpretation
    point: str
    decided: str
    short: str


class CalendarOverlay(Rule):
    """Days that a notice makes rest or work, on top of the national calendar.

    No `area` means the whole country (a correction); else it binds only inside the area (I6).
    """

    id: str
    cite: Cite
    area: Area | None = None
    rest: tuple[date, ...] = ()
    work: tuple[date, ...] = ()
    interpretation: Interpretation


@dataclass(frozen=True, slots=True)
class Law:
    """Everything under duties/, validated. `sha256` is over every file of it."""

    packs: tuple[Pack, ...]
    vocabulary: Vocabulary
    interpretations: Mapping[str, Decision]
    calendar: tuple[CalendarOverlay, ...]
    sha256: str

    def in_force(self, on: date, area_code: str | None = None) -> tuple[Pack, ...]:
        """The packs in force on the day, and binding in the area where one is given.

        A repealed document ends the day before the repealing one begins, without being edited.
        """
        return tuple(
            pack
            for pack in self.packs
            if self._holds(pack, on) and (not area_code or pack.document.area.covers(area_code))
        )

    def repealed_by(self, number: str) -> Pack | None:
        """The loaded document that repeals the document of this number, if any."""
        repealing = (p for p in self.packs if any(r.number == number for r in p.document.repeals))
        return min(repealing, key=lambda p: p.document.in_force.from_, default=None)

    def pack(self, document_id: str) -> Pack:
        """The pack of this id. Raises KeyError."""
        found = next((p for p in self.packs if p.document.id == document_id), None)
        if found is None:
            raise KeyError(document_id)
        return found

    def duty(self, document_id: str, duty_id: str) -> Duty:
        """One duty of one pack. Raises KeyError."""
        return self.pack(document_id).duty(duty_id)

    def last_day(self, pack: Pack) -> date | None:
        """The last day a pack is in force: as it says, or the eve of its successor; None: open."""
        successor = self.repealed_by(pack.document.number)
        ends = [pack.document.in_force.to] if pack.document.in_force.to else []
        if successor is not None:
            ends.append(successor.document.in_force.from_ - timedelta(days=1))
        return min(ends, default=None)

    def alone(self, wanted: Callable[[Pack], Iterable[Duty | Target | Task]]) -> Law:
        """The law with these duties, or those that these are short for: a look at them is quick."""
        kept = []
        for pack in self.packs:
            ids = {each.id for each in wanted(pack)}
            duties = tuple(duty for duty in pack.duties if duty.id in ids)
            kept.append(pack.model_copy(update={"duties": duties}))
        return replace(self, packs=tuple(kept))

    def _holds(self, pack: Pack, on: date) -> bool:
        ends = self.last_day(pack)
        return pack.document.in_force.from_ <= on and (ends is None or on <= ends)
