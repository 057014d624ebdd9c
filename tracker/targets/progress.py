"""Targets, seen as a road: the milestones of a document, what was reported, where it should be now.

Read only and judged fresh; the verdict is the finding's, nothing is counted here a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, chain

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation import findings as stored
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.obligations import Scene
from tracker.evaluation.path import expected, points_of
from tracker.ledger.tables import Line
from tracker.policy.milestones import day_of, milestone_windows
from tracker.policy.model import Case, Document, Duty
from tracker.policy.workplan import REPORTED, Target
from tracker.registry.dated import known

Figure = tuple[date, float]
Stretch = tuple[date, date, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """One target of one body, with the finding of the window that holds the day judged.

    road: the way to go as corners (day, value), in the unit of the target; a target that adds up
    begins at nought after each milestone. reported: figures by the day they are about, added up
    where the target adds up. should_be: where the road stands on the day judged, if it has one.
    """

    document: Document
    target: Target
    body_id: int
    road: tuple[Figure, ...]
    reported: tuple[Figure, ...]
    should_be: float | None
    finding: pd.Series

    @property
    def drawable(self) -> bool:
        """Whether a chart would show a way at all."""
        return len(self.road) > 1 or len(self.reported) > 1


def progress_of(
    connection: sa.Connection, scene: Scene, covers: Mapping[str, frozenset[str]]
) -> list[Progress]:
    """Every target that somebody in the scene's focus owes, in the order of the law."""
    rows = stored.to_rows(scene, evaluate(connection, scene, covers))
    found: list[Progress] = []
    for pack in scene.packs:
        for target in pack.targets:
            owed = rows[(rows["document"] == pack.document.id) & (rows["duty"] == target.id)]
            for body in sorted(set(owed["holder_id"])):
                of_body = owed[owed["holder_id"] == body]
                found.append(_progress(connection, scene, pack.document, target, body, of_body))
    return found


def _progress(
    connection: sa.Connection, scene: Scene, document: Document, target: Target, body: int,
    owed: pd.DataFrame,
) -> Progress:  # fmt: skip
    duty = target.duty(document)
    lines = _reported(connection, scene, target, body)
    stretches = _stretches(document, duty)
    road = _climbs(stretches) if duty.measure == "sum" else tuple(points_of(duty))
    now = owed[(owed["opens"] <= scene.as_of) & (scene.as_of <= owed["closes"])]
    return Progress(
        document, target, body, road,
        tuple(_added_up(lines, stretches) if duty.measure == "sum" else lines),
        expected(road, scene.as_of),
        (now if len(now) else owed).iloc[-1],
    )  # fmt: skip


def _stretches(document: Document, duty: Duty) -> list[Stretch]:
    """The windows between milestones with the figure that each one ends on."""
    bound = duty.at_least if duty.at_least is not None else duty.at_most
    if not isinstance(bound, Case):
        return []
    figures = {day_of(key): value for key, value in bound.cases.items()}
    return [
        (opens, closes, float(value))
        for opens, closes in milestone_windows(document, duty)
        if isinstance(value := figures.get(closes), int | Decimal)
    ]


def _climbs(stretches: Sequence[Stretch]) -> tuple[Figure, ...]:
    """From nought to its figure in every window."""
    corners = (((opens, 0.0), (closes, value)) for opens, closes, value in stretches)
    return tuple(chain.from_iterable(corners))


def _reported(connection: sa.Connection, scene: Scene, target: Target, body: int) -> list[Figure]:
    """The figures by the day they are about; of two about one day the later entry holds, or both
    where they add up."""
    line = table(Line)
    statement = (
        sa.select(line.c.day, line.c.quantity)
        .where(
            line.c.subject_id == body, line.c.kind == REPORTED, line.c.item == target.name,
            line.c.day <= scene.as_of, known(line, scene.known_at),
        )
        .order_by(line.c.day, line.c.id)
    )  # fmt: skip
    lines = [(day, float(quantity)) for day, quantity in connection.execute(statement)]
    return lines if target.measure == "sum" else sorted(dict(lines).items())


def _added_up(lines: Sequence[Figure], stretches: Sequence[Stretch]) -> Iterator[Figure]:
    """Running totals, beginning anew after each milestone."""
    for opens, closes, _ in stretches:
        inside = [(day, value) for day, value in lines if opens <= day <= closes]
        totals = accumulate(value for _, value in inside)
        yield from zip((day for day, _ in inside), totals, strict=True)
