"""The ground: frames from what a statement found, and their rows as plain named tuples. The types
of a frame's cells are its schema's business, not the checker's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import sqlalchemy as sa


def found(result: sa.Result[Any]) -> pd.DataFrame:
    """What a statement found: its columns by name, one row each."""
    # As plain tuples: of any other row pandas asks cell by cell, which takes ten times as long.
    return pd.DataFrame.from_records(
        [tuple(row) for row in result.all()], columns=list(result.keys())
    )


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Every row, with its columns as attributes."""
    return frame.itertuples(index=False)


def absent(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN or NaT."""
    return value is None or bool(pd.isna(value))
