"""How much an obligation requires: the pack's bounds, by case, prorated (I1, I2, I12)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tracker.evaluation.cases import Bound, by_case, plain, together
from tracker.evaluation.words import Flag, Status
from tracker.policy.duty import Case, Duty
from tracker.policy.model import Document

if TYPE_CHECKING:
    from tracker.evaluation.obligations import Scene

Threshold = int | Decimal | Case | None
_SCALE = 100  # thresholds have at most two decimals; the ceiling is taken in whole numbers


def required_of(frame: pd.DataFrame, scene: Scene, document: Document, duty: Duty) -> None:
    """Fill least, most (-inf, inf where unbounded), literal, required (the least, else the most),
    owed_since, and special where no bound applies or one is unknown. `duty`: one of those alike,
    whose rows stand together; each asks for as much as it does."""
    bounds = [_bounds(frame, scene, document, which) for which in (_least_of, _most_of)]
    frame["owed_since"] = np.maximum(*(bound.since for bound in bounds))
    _without_number(frame, bounds)
    literal = owed = [bound.number for bound in bounds]
    if duty.mid_window.rule == "prorate" and duty.every != "always":
        held, whole = frame["held"].to_numpy(), frame["whole"].to_numpy()
        owed = [np.where(np.isnan(n), n, prorate(np.nan_to_num(n), held, whole)) for n in literal]
        frame.loc[frame["held"] < frame["whole"], "flags"] |= int(Flag.prorated)
    for name, (least, most) in {"literal": literal, "required": owed}.items():
        frame[name] = np.nan_to_num(np.where(np.isnan(least), most, least))
    least, most = owed
    frame["least"] = np.where(np.isnan(least), -np.inf, least)
    frame["most"] = np.where(np.isnan(most), np.inf, most)


def _bounds(
    frame: pd.DataFrame, scene: Scene, document: Document, which: Callable[[Duty], Threshold]
) -> Bound:
    of_duty = frame.groupby("duty", sort=False)
    return together([
        _bound(rows, scene, document, which(scene.duties[int(str(index))][1]))
        for index, rows in of_duty
    ])  # fmt: skip


def _most_of(duty: Duty) -> Threshold:
    return duty.at_most


def _least_of(duty: Duty) -> Threshold:
    """What is asked at least. Without any bound each_of lists its members, so the list is the
    number; the rest of the standing duties asks for one."""
    if duty.at_least is not None or duty.at_most is not None:
        return duty.at_least
    return len(duty.requires.each_of if duty.requires else ()) or 1


def _bound(frame: pd.DataFrame, scene: Scene, document: Document, threshold: Threshold) -> Bound:
    if isinstance(threshold, Case):
        return by_case(frame, scene, document, threshold)
    return plain(np.nan if threshold is None else float(threshold), len(frame))


def _without_number(frame: pd.DataFrame, bounds: list[Bound]) -> None:
    """Nothing is owed where no bound applies; where one is unknown a person must look."""
    unbounded = np.all([np.isnan(bound.number) for bound in bounds], axis=0)
    for bound in bounds:
        exempt = unbounded & (bound.special == int(Status.not_applicable))
        _set(frame, exempt, Status.not_applicable, bound.reason)
    for bound in bounds:
        unknown = bound.special == int(Status.needs_review)
        _set(frame, unknown, Status.needs_review, bound.reason)


def _set(frame: pd.DataFrame, rows: np.ndarray, status: Status, reason: np.ndarray) -> None:
    if rows.any():
        frame.loc[rows, "special"] = int(status)
        frame.loc[rows, "reason_special"] = reason[rows]


def prorate(literal: np.ndarray, held: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """ceil(literal x held / whole) in whole numbers, so that no rounding error adds one."""
    scaled = np.rint(literal * _SCALE).astype("int64")
    held, whole = held.astype("int64"), np.maximum(whole.astype("int64"), 1)
    prorated = -((-scaled * held) // (whole * _SCALE))
    return np.where(held >= whole, literal, prorated.astype(float))
