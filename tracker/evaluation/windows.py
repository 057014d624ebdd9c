"""Windows: the spans that a duty is counted in, and stretches cut by them. Pure.

Day numbers in frames, dates outside; all spans are closed.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from tracker.policy.milestones import milestone_windows
from tracker.policy.model import Document, Duty
from tracker.registry.dated import day_number
from tracker.workdays import windows

Windows = list[tuple[int, date, date]]  # the position of the duty, opens, closes


def windows_of(document: Document, duty: Duty, first: date, last: date) -> list[tuple[date, date]]:
    """The windows of a duty that share a day with [first, last]."""
    if duty.every == "milestones":
        found = milestone_windows(document, duty)
        return [(opens, closes) for opens, closes in found if opens <= last and closes >= first]
    once = (duty.once.from_, duty.once.to or duty.once.from_) if duty.once else None
    return [(opens, closes) for opens, closes in windows(duty.every, first, last, once)]


def per_window(stretches: pd.DataFrame, found: Windows) -> pd.DataFrame:
    """Cut the stretches by each window; one row per stretch and window that share a day."""
    days = [(index, day_number(opens), day_number(closes)) for index, opens, closes in found]
    duty, opens, closes = np.array(days, dtype="int64").reshape(-1, 3).T
    starts, ends = stretches["starts"].to_numpy("int64"), stretches["ends"].to_numpy("int64")
    window, row = np.nonzero((starts <= closes[:, None]) & (ends >= opens[:, None]))
    opens, closes = opens[window], closes[window]
    cut = stretches.iloc[row].assign(
        opens=opens,
        closes=closes,
        starts=np.maximum(starts[row], opens),
        ends=np.minimum(ends[row], closes),
    ).reset_index(drop=True)  # fmt: skip
    cut.insert(0, "duty", duty[window])
    return cut


def standing_between(
    stretches: pd.DataFrame, first: date, last: date, found: Windows
) -> pd.DataFrame:
    """The stretches that began up to `last` and ended on `first` or later, each its own window of
    every duty."""
    begun = stretches["starts"] <= day_number(last)
    recent = stretches[begun & (stretches["ends"] >= day_number(first))]
    recent = recent.assign(opens=recent["starts"], closes=recent["ends"])
    duties = pd.DataFrame({"duty": [index for index, _, _ in found]})
    return duties.merge(recent, how="cross")
