"""Stretches of days in frames: union, intersection, value on a day. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def union(frame: pd.DataFrame, by: Sequence[str], apart: Sequence[str] = ()) -> pd.DataFrame:
    """Merge overlapping and adjoining [starts, ends] within each group of `by`; the last
    stretch's other columns win. Adjoining ones that differ in a column of `apart` stay two. Rows
    come back sorted by group and start."""
    if frame.empty:
        return frame
    by = list(by)
    rows = frame.sort_values([*by, "starts", "ends"], kind="stable")
    grouped = rows.groupby(by, sort=False, dropna=False)
    group, ends = grouped.ngroup().to_numpy(), grouped["ends"].cummax().to_numpy()
    fresh = np.ones(len(rows), dtype=bool)
    gap = rows["starts"].to_numpy()[1:] - ends[:-1]
    changed = (rows[[*apart]].to_numpy()[1:] != rows[[*apart]].to_numpy()[:-1]).any(axis=1)
    fresh[1:] = (group[1:] != group[:-1]) | (gap > 1) | ((gap == 1) & changed)
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(rows)) - 1
    merged = rows.iloc[last].reset_index(drop=True)
    merged["starts"], merged["ends"] = rows["starts"].to_numpy()[first], ends[last]
    return merged


def intersect(left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Join on `on` and keep the common days of both stretches."""
    joined = left.merge(right, on=list(on), suffixes=("", "_other"))
    joined["starts"] = np.maximum(joined["starts"], joined.pop("starts_other"))
    joined["ends"] = np.minimum(joined["ends"], joined.pop("ends_other"))
    return joined[joined["starts"] <= joined["ends"]].reset_index(drop=True)


def held_on(dated: pd.DataFrame, subjects: pd.Series, days: pd.Series) -> pd.DataFrame:
    """What a dated attribute was for each subject on each day, and since when: value and starts,
    missing where unknown. Where several hold, the one that began last."""
    asked = pd.DataFrame({"subject": subjects.to_numpy(), "day": days.to_numpy()})
    asked["row"] = np.arange(len(asked))
    held = asked.merge(dated, on="subject").query("starts <= day and day <= ends")
    held = held.sort_values(["row", "starts"], kind="stable").drop_duplicates("row", keep="last")
    found = held.set_index("row")[["value", "starts"]].reindex(asked["row"])
    return found.set_axis(subjects.index)
