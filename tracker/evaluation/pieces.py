"""Pieces: the stretches of a span, for the few whose holder was away in between (I12).

What counts, what was reported and what the days can hold is asked of each piece and added up, so
that the days in between neither count nor are owed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Pieces:
    """`frame`: the rows with one row per stretch, `starts`, `ends` and `deadline` cut to it;
    `owner`: for each piece the position of its row; `count`: how many rows there are."""

    frame: pd.DataFrame
    owner: np.ndarray
    count: int

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sum of the pieces of each row."""
        return np.bincount(self.owner, weights=values, minlength=self.count)

    def most(self, values: np.ndarray) -> np.ndarray:
        """The greatest value among the pieces of each row."""
        found = np.full(self.count, values.min() if len(values) else 0)
        np.maximum.at(found, self.owner, values)
        return found

    def newest(self, values: np.ndarray, days: np.ndarray) -> np.ndarray:
        """The value of the piece with the greatest day of each row."""
        found, order = np.zeros(self.count), np.argsort(days, kind="stable")
        found[self.owner[order]] = values[order]
        return found


def pieces_of(rows: pd.DataFrame) -> Pieces:
    """One piece per stretch; a row without a break is its own only piece."""
    broken = rows["stretches"].notna()
    if not broken.any():
        return Pieces(rows, np.arange(len(rows)), len(rows))
    spans = [
        told if isinstance(told, tuple) else ((starts, ends),)
        for told, starts, ends in zip(rows["stretches"], rows["starts"], rows["ends"], strict=True)
    ]
    owner = np.repeat(np.arange(len(rows)), [len(told) for told in spans])
    edges = np.array([edge for told in spans for edge in told], dtype="int64")
    frame = rows.iloc[owner].assign(starts=edges[:, 0], ends=edges[:, 1])
    frame["deadline"] = frame[["deadline", "ends"]].min(axis=1)
    return Pieces(frame.reset_index(drop=True), owner, len(rows))
