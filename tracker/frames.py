"""The ground: rows of a frame as plain named tuples. The types of a frame's cells are its schema's
business, not the checker's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Every row, with its columns as attributes."""
    return frame.itertuples(index=False)


def absent(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN or NaT."""
    return value is None or bool(pd.isna(value))
