"""How much an obligation requires: the pack's threshold, by attribute, prorated (I1, I2, I12)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tracker.evaluation.words import Flag, Reason, Status
from tracker.policy.model import Case, Document, Duty
from tracker.registry import spans
from tracker.registry.dated import day_number, to_date

if TYPE_CHECKING:
    from tracker.evaluation.obligations import Scene

_SCALE = 100  # thresholds have at most two decimals; the ceiling is taken in whole numbers


def required_of(frame: pd.DataFrame, scene: Scene, document: Document, duty: Duty) -> None:
    """Fill literal, required, and special where the threshold does not apply or is unknown."""
    threshold = duty.at_least if duty.at_least is not None else duty.at_most
    if isinstance(threshold, Case):
        literal = _by_case(frame, scene, document, threshold)
    elif threshold is None:
        # each_of lists its members, so the list is the number; the rest of them asks for one.
        each_of = duty.requires.each_of if duty.requires else ()
        literal = np.full(len(frame), float(len(each_of) or 1))
    else:
        literal = np.full(len(frame), float(threshold))
    frame["literal"] = literal
    frame["required"] = literal
    if duty.mid_window.rule == "prorate" and duty.every != "always":
        frame["required"] = prorate(literal, frame["held"].to_numpy(), frame["whole"].to_numpy())
        frame.loc[frame["held"] < frame["whole"], "flags"] |= int(Flag.prorated)


def prorate(literal: np.ndarray, held: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """ceil(literal x held / whole) in whole numbers, so that no rounding error adds one."""
    scaled = np.rint(literal * _SCALE).astype("int64")
    held, whole = held.astype("int64"), np.maximum(whole.astype("int64"), 1)
    prorated = -((-scaled * held) // (whole * _SCALE))
    return np.where(held >= whole, literal, prorated.astype(float))


def _by_case(frame: pd.DataFrame, scene: Scene, document: Document, case: Case) -> np.ndarray:
    day = frame[["closes", "ends"]].min(axis=1).clip(upper=scene.day)
    literal, special = _case_on(frame, scene, document, case, day)
    months = document.defaults.promotion_grace.months
    earlier = day.map({int(d): _months_before(int(d), months) for d in day.unique()})
    before, before_special = _case_on(frame, scene, document, case, earlier)
    # Within the months of grace after a promotion the lower number of before still holds (I17).
    promoted = (before_special < 0) & (special < 0) & (before < literal)
    literal = np.where(promoted, before, literal)
    frame.loc[special >= 0, "special"] = special[special >= 0]
    unknown = special == int(Status.needs_review)
    frame.loc[unknown, "reason_special"] = int(Reason.threshold_unknown)
    exempt = special == int(Status.not_applicable)
    frame.loc[exempt, "reason_special"] = int(Reason.threshold_not_applicable)
    return literal


def _months_before(day: int, months: int) -> int:
    return day_number((pd.Timestamp(to_date(day)) - pd.DateOffset(months=months)).date())


def _case_on(
    frame: pd.DataFrame, scene: Scene, document: Document, case: Case, day: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """The number (0 where special) and the special status (-1 where none) on each day."""
    attribute = case.by.removeprefix("holder.").removesuffix("_group")
    values = spans.value_on(scene.registry.attribute(attribute), frame["holder"], day)
    if case.by.endswith("rank_group"):
        group = {rank: name for name, ranks in document.rank_groups.items() for rank in ranks}
        values = values.map(group)
    chosen = [
        case.cases.get(value, case.otherwise) if isinstance(value, str) else case.otherwise
        for value in values
    ]
    number = [float(c) if isinstance(c, int | Decimal) else 0.0 for c in chosen]
    special = [-1 if isinstance(c, int | Decimal) else int(Status[c]) for c in chosen]
    return np.array(number), np.array(special)
