"""Room: how much the days of a span could still hold, and from when on it would not be enough.

A day holds one; where a duty counts places apart (I13) it holds one for every village that the
unit helps on that day. Of what is added up in anything but days, a day may hold any amount.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tracker.evaluation.alike import in_days
from tracker.evaluation.judge import NO_DAY
from tracker.evaluation.obligations import Scene, as_days, working_days
from tracker.evaluation.pieces import Pieces
from tracker.policy.model import Duty
from tracker.registry import spans

Stays = list[tuple[int, int]]
_ANY_AMOUNT = 10**12  # more than the ledger can hold; infinity times 0 would be no number


class Room:
    """For the pieces of one duty's rows, under one reading (`working`: official working days
    only). All arrays are by piece, but for `last_safe`."""

    def __init__(self, scene: Scene, duty: Duty, pieces: Pieces, *, working: bool) -> None:
        self.scene, self.working, self.pieces = scene, working, pieces
        rows = pieces.frame
        self.starts = rows["starts"].to_numpy("int64")
        self.deadline = rows["deadline"].to_numpy("int64")
        self.by_place = "place" in duty.distinct
        self.a_day = 1 if in_days(duty) else _ANY_AMOUNT
        helped = _helped(scene, rows["unit"]) if self.by_place else {}
        self.stays: list[Stays] = [helped.get(int(unit), []) for unit in rows["unit"]]

    def days(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Eligible days in each closed span; 0 where it is empty."""
        if self.working:
            return working_days(self.scene.calendar, first, last)
        return np.asarray(np.maximum(last - first + 1, 0))

    def holds(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """The most that the days of each closed span could hold."""
        if not self.by_place:
            return self.days(first, last) * self.a_day
        spans_of = zip(self.stays, first, last, strict=True)
        return np.array([_overlap(stays, int(a), int(b)) for stays, a, b in spans_of])

    def at_most_a_day(self) -> np.ndarray:
        """The most that any single day of each span could hold."""
        if not self.by_place:
            return np.full(len(self.starts), self.a_day)
        live = zip(self.stays, self.starts, self.deadline, strict=True)
        return np.array([sum(s <= b and a <= e for s, e in stays) for stays, a, b in live])

    def last_safe(self, short: np.ndarray, deadline: np.ndarray) -> np.ndarray:
        """For each row the last day from which on the rest of its span still holds `short`;
        NO_DAY where there is none, nothing is short, or its deadline is past."""
        asked = (short > 0) & (deadline >= self.scene.day)
        wanted = np.where(asked, np.ceil(short / self.a_day), 0).astype("int64")[self.pieces.owner]
        if len(self.pieces.owner) > self.pieces.count:
            self._leave_to_later_pieces(wanted)
        return self.pieces.most(self._last_safe_of_piece(wanted))

    def _leave_to_later_pieces(self, wanted: np.ndarray) -> None:
        """What later pieces of a row can hold, an earlier one need not; once they hold it all,
        nothing is asked of those before."""
        holds = self.holds(self.starts, self.deadline)
        owner = self.pieces.owner
        for piece in range(len(owner) - 2, -1, -1):
            if owner[piece] == owner[piece + 1]:
                left = wanted[piece + 1] - holds[piece + 1]
                wanted[piece] = max(left, 0)
                if left > 0:
                    wanted[piece + 1] = 0

    def _last_safe_of_piece(self, short: np.ndarray) -> np.ndarray:
        asked = short > 0
        found = np.full(len(short), NO_DAY)
        if self.by_place:
            for piece in np.flatnonzero(asked):
                found[piece] = self._search(int(piece), int(short[piece]))
        elif self.working:
            day = self.scene.calendar.nth_working_day_from_end(
                as_days(self.starts[asked]), as_days(self.deadline[asked]), short[asked]
            )
            found[asked] = np.where(np.isnat(day), NO_DAY, day.astype("int64"))
        else:
            first = self.deadline - short + 1
            found = np.where(asked & (first >= self.starts), first, NO_DAY)
        return found

    def _search(self, row: int, short: int) -> int:
        """Bisect: what the days from a day on hold only falls as the day moves on."""
        low, high = int(self.starts[row]), int(self.deadline[row])
        if _overlap(self.stays[row], low, high) < short:
            return NO_DAY
        while low < high:
            middle = (low + high + 1) // 2
            if _overlap(self.stays[row], middle, int(self.deadline[row])) >= short:
                low = middle
            else:
                high = middle - 1
        return low


def _helped(scene: Scene, units: pd.Series) -> dict[int, Stays]:
    """For each unit the stretches in which it helps a village, one list over all villages."""
    ties = scene.registry.tie("assists")
    ties = spans.union(ties[ties["source"].isin(units)], ["source", "target"])
    found: dict[int, Stays] = {}
    for source, _, starts, ends in ties.itertuples(index=False):
        found.setdefault(int(source), []).append((int(starts), int(ends)))
    return found


def _overlap(stays: Stays, first: int, last: int) -> int:
    return sum(max(0, min(last, ends) - max(first, starts) + 1) for starts, ends in stays)
