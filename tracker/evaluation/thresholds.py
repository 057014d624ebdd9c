"""How much an obligation requires: the pack's threshold, by attribute, prorated (I1, I2, I12)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tracker.evaluation.words import Flag, Reason, Status
from tracker.policy.model import Case, Document, Duty
from tracker.registry import spans
from tracker.registry.dated import FIRST_DAY, day_number, to_date

if TYPE_CHECKING:
    from tracker.evaluation.obligations import Scene

_SCALE = 100  # thresholds have at most two decimals; the ceiling is taken in whole numbers


def required_of(frame: pd.DataFrame, scene: Scene, document: Document, duty: Duty) -> None:
    """Fill literal, required, and special where the threshold does not apply or is unknown."""
    frame["owed_since"] = FIRST_DAY
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
    """The number by attribute; within the months of grace after a promotion the lower number of
    before still holds (I17). `owed_since`: the first day of the number that holds now."""
    ask = _Asker(scene, document, case, frame["holder"])
    day = frame[["closes", "ends"]].min(axis=1).clip(upper=scene.day)
    literal, special, since = ask.on(day)
    before, before_special, _ = ask.on((since - 1).where(since > FIRST_DAY, day))
    rises = (before_special < 0) & (special < 0) & (before < literal)
    months = document.defaults.promotion_grace.months
    grown = since.map({int(d): _months_after(int(d), months) for d in since[rises].unique()})
    in_grace = rises & (day < grown).to_numpy()
    frame["owed_since"] = np.where(rises & ~in_grace, grown.fillna(FIRST_DAY), FIRST_DAY)
    literal = np.where(in_grace, before, literal)
    frame.loc[special >= 0, "special"] = special[special >= 0]
    unknown = special == int(Status.needs_review)
    frame.loc[unknown, "reason_special"] = int(Reason.threshold_unknown)
    exempt = special == int(Status.not_applicable)
    frame.loc[exempt, "reason_special"] = int(Reason.threshold_not_applicable)
    return literal


def _months_after(day: int, months: int) -> int:
    return day_number((pd.Timestamp(to_date(day)) + pd.DateOffset(months=months)).date())


class _Asker:
    """Asks a threshold that depends on an attribute of the holder."""

    def __init__(self, scene: Scene, document: Document, case: Case, holder: pd.Series) -> None:
        attribute = case.by.removeprefix("holder.").removesuffix("_group")
        self.dated = scene.registry.attribute(attribute)
        self.group: dict[str, str] | None = None
        if case.by.endswith("rank_group"):
            groups = document.rank_groups.items()
            self.group = {rank: name for name, ranks in groups for rank in ranks}
        self.case, self.holder = case, holder

    def on(self, day: pd.Series) -> tuple[np.ndarray, np.ndarray, pd.Series]:
        """The number (0 where special), the special status (-1 where none), and since when."""
        held = spans.held_on(self.dated, self.holder, day)
        values = held["value"].map(self.group) if self.group else held["value"]
        chosen = [
            self.case.cases.get(v, self.case.otherwise) if isinstance(v, str)
            else self.case.otherwise
            for v in values
        ]  # fmt: skip
        number = [float(c) if isinstance(c, int | Decimal) else 0.0 for c in chosen]
        special = [-1 if isinstance(c, int | Decimal) else int(Status[c]) for c in chosen]
        since = held["starts"].fillna(FIRST_DAY).astype("int64")
        return np.array(number), np.array(special), since
