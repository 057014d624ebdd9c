"""Cases: what a threshold that depends on something comes to for each obligation.

On the rank of the holder (with its grace, I17), on what the counterpart is (I52), on the year of
the window or on the milestone that it leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tracker.evaluation.words import Reason, Status
from tracker.policy.duty import COUNTERPART, RANK, YEAR, Case
from tracker.policy.milestones import day_of
from tracker.policy.model import Document
from tracker.registry import spans
from tracker.registry.dated import FIRST_DAY, day_number, to_date

if TYPE_CHECKING:
    from tracker.evaluation.obligations import Scene

NO_NUMBER = -1


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of each obligation: its number (NaN where none), and where there is none the status
    and the reason instead of one (NO_NUMBER and `none` elsewhere). `since`: the first day of the
    number that holds now, where it rose."""

    number: np.ndarray
    special: np.ndarray
    reason: np.ndarray
    since: np.ndarray


def plain(number: float, length: int) -> Bound:
    """The same number for all; NaN for no such bound."""
    values = (number, NO_NUMBER, int(Reason.none), FIRST_DAY)
    return Bound(*(np.full(length, value) for value in values))


def together(bounds: Sequence[Bound]) -> Bound:
    """The bounds of one set of rows after the other."""
    parts = ((b.number, b.special, b.reason, b.since) for b in bounds)
    return Bound(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def by_case(frame: pd.DataFrame, scene: Scene, document: Document, case: Case) -> Bound:
    """The bound of each row."""
    since = np.full(len(frame), FIRST_DAY)
    if case.by == RANK:
        number, special, since = _by_rank(frame, scene, document, case)
        unknown, exempt = Reason.threshold_unknown, Reason.threshold_not_applicable
    else:
        number, special = _numbers(case, _keys(frame, scene, case))
        unknown, exempt = Reason.case_unknown, Reason.case_not_applicable
    reasons = {int(Status.needs_review): unknown, int(Status.not_applicable): exempt}
    reason = [int(reasons.get(int(status), Reason.none)) for status in special]
    number = np.where(special < 0, number, np.nan)
    return Bound(number, special, np.array(reason, dtype="int64"), since)


def asked_of(case: Case) -> str:
    """The attribute of the counterpart that a case depends on; '' for any other case."""
    return case.by.removeprefix(COUNTERPART) if case.by.startswith(COUNTERPART) else ""


def _keys(frame: pd.DataFrame, scene: Scene, case: Case) -> Iterable[object]:
    """The key of each row in `case.cases`; what is no key falls to `otherwise`."""
    attribute = asked_of(case)
    if attribute:
        dated = scene.registry.attribute(attribute)
        return spans.held_on(dated, frame["counterpart"], _days(frame, scene))["value"].tolist()
    closes = [to_date(day) for day in frame["closes"].tolist()]
    if case.by == YEAR:
        return [str(closing.year) for closing in closes]
    keys = {day_of(key): key for key in case.cases}
    return [keys.get(closing) for closing in closes]


def _days(frame: pd.DataFrame, scene: Scene) -> pd.Series:
    """The day that a row's case is asked of."""
    return frame[["closes", "ends"]].min(axis=1).clip(upper=scene.day)


def _by_rank(
    frame: pd.DataFrame, scene: Scene, document: Document, case: Case
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Within the months of grace after a promotion the lower number of before still holds (I17)."""
    groups = {rank: name for name, ranks in document.rank_groups.items() for rank in ranks}
    ranks = scene.registry.attribute("rank")

    def ask(day: pd.Series) -> tuple[np.ndarray, np.ndarray, pd.Series]:
        held = spans.held_on(ranks, frame["holder"], day)
        since = held["starts"].fillna(FIRST_DAY).astype("int64")
        return *_numbers(case, held["value"].map(groups)), since

    day = _days(frame, scene)
    number, special, since = ask(day)
    before, before_special, _ = ask((since - 1).where(since > FIRST_DAY, day))
    rises = (before_special < 0) & (special < 0) & (before < number)
    months = document.defaults.promotion_grace.months
    grown = since.map({int(d): _months_after(int(d), months) for d in since[rises].unique()})
    in_grace = rises & (day < grown).to_numpy()
    owed_since = np.where(rises & ~in_grace, grown.fillna(FIRST_DAY), FIRST_DAY)
    return np.where(in_grace, before, number), special, owed_since


def _numbers(case: Case, keys: Iterable[object]) -> tuple[np.ndarray, np.ndarray]:
    """The number (0 where special) and the special status of each key (NO_NUMBER where none)."""
    chosen = [case.cases.get(k, case.otherwise) if isinstance(k, str) else case.otherwise
              for k in keys]  # fmt: skip
    number = [float(c) if isinstance(c, int | Decimal) else 0.0 for c in chosen]
    special = [NO_NUMBER if isinstance(c, int | Decimal) else int(Status[c]) for c in chosen]
    return np.array(number), np.array(special, dtype="int64")


def _months_after(day: int, months: int) -> int:
    return day_number((pd.Timestamp(to_date(day)) + pd.DateOffset(months=months)).date())
