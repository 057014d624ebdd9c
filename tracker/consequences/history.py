"""The hand that writes: on which day, when and by whom a transition of any case is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by whom a transition is written: the night's run, or a person's hand."""

    as_of: date
    now: datetime
    operator: str
    run_id: int | None = None

    def row(self, event: str, note: str = "", state: str = "") -> dict[str, object]:
        """The columns every transition row carries; `state`: what the event led to."""
        return {
            "event": event, "state": state, "note": note[:400], "as_of": self.as_of,
            "run_id": self.run_id, "operator": self.operator, "recorded_at": self.now,
        }  # fmt: skip
