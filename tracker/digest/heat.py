"""The digest: a small table of bodies by duties, the worst of each; nobody is ranked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from tracker.digest.figures import HeatSize
from tracker.digest.parts import Cell, Heat
from tracker.evaluation.words import LEVEL_SIGNS, STATUS_NAMES, Level, Status
from tracker.policy.model import Duty

_RED, _YELLOW, _BLUE = (LEVEL_SIGNS[one] for one in (Level.red, Level.yellow, Level.blue))
_SIGNS = {
    Status.breached: (_RED, "red"),
    Status.unreachable: (_RED, "red"),
    Status.needs_review: ("◆", "ink"),
    Status.at_risk: (_BLUE, "blue"),
    Status.in_grace: (_YELLOW, "yellow"),
    Status.unreported: ("□", "grey"),
    Status.on_track: ("○", "grey"),
    Status.met: ("√", "grey"),
}
_BLANK = Cell("", "grey", "没有这项责任")
_TO_DO = [
    s.name for s in (Status.breached, Status.unreachable, Status.needs_review, Status.at_risk)
]
Duties = Mapping[tuple[str, str], Duty]


def heat(
    rows: pd.DataFrame, bodies: pd.Series, duties: Duties, called: Callable[[int], str],
    size: HeatSize,
) -> Heat | None:  # fmt: skip
    """The table for findings and the body that each counts for; None where there are not two
    bodies with something to do."""
    shown = rows["status"].isin({status.name for status in _SIGNS}) & (bodies >= 0)
    order = rows["status"].map({s.name: int(s) for s in Status})
    pairs = [*zip(rows["document"], rows["duty"], strict=True)]
    rows = rows.assign(body=bodies, order=order, pair=pd.Series(pairs, rows.index, dtype=object))
    rows = rows[shown]
    to_do = rows[rows["status"].isin(_TO_DO)]
    most = _most(to_do["body"], size.bodies)
    if len(most) < 2:
        return None
    busy = set(_most(to_do.loc[to_do["body"].isin(most), "pair"], size.duties))
    columns = [pair for pair in duties if pair in busy]
    worst = rows.groupby(["body", "pair"])["order"].min().to_dict()
    return Heat(
        tuple(duties[pair].name for pair in columns),
        tuple(
            (name, tuple(_cell(worst.get((body, pair))) for pair in columns))
            for name, body in sorted((called(int(body)), body) for body in most)
        ),
    )


def legend(table: Heat) -> tuple[Cell, ...]:
    """The signs that the table uses, worst first, each with the words it stands for."""
    used = {cell.word for _, cells in table.rows for cell in cells}
    by_sign: dict[str, list[Cell]] = {}
    for status, (sign, colour) in _SIGNS.items():
        if STATUS_NAMES[status] in used:
            by_sign.setdefault(sign, []).append(Cell(sign, colour, STATUS_NAMES[status]))
    return tuple(
        Cell(sign, cells[0].colour, "、".join(cell.word for cell in cells))
        for sign, cells in by_sign.items()
    )


def _most(values: pd.Series, most: int) -> list[Any]:
    """The values that occur most; of equals the smaller."""
    sizes = values.groupby(values).size()
    return list(sizes.sort_values(ascending=False, kind="stable").index[:most])


def _cell(order: int | None) -> Cell:
    if order is None:
        return _BLANK
    status = Status(order)
    return Cell(*_SIGNS[status], STATUS_NAMES[status])
