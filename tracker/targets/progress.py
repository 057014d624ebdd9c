"""Targets, seen as a road: the milestones of a document, what was reported, where it should be now.

Read only and judged fresh; the verdict is the finding's, nothing is counted here a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    alone = replace(scene, law=scene.law.alone(lambda pack: pack.targets))
    rows = stored.to_rows(alone, evaluate(connection, alone, covers))
    told = _reported(connection, scene, sorted(set(rows["holder_id"])))
    found: list[Progress] = []
    for pack in scene.packs:
        for target in pack.targets:
            owed = rows[(rows["document"] == pack.document.id) & (rows["duty"] == target.id)]
            for body in sorted(set(owed["holder_id"])):
                of_body, lines = owed[owed["holder_id"] == body], told.get((body, target.name), [])
                found.append(_progress(scene.as_of, pack.document, target, of_body, lines))
    return found


def _progress(
    as_of: date, document: Document, target: Target, owed: pd.DataFrame, lines: list[Figure]
) -> Progress:
    duty = target.duty(document)
    stretches = _stretches(document, duty)
    if duty.measure == "sum":
        road, reported = _climbs(stretches), tuple(_added_up(lines, stretches))
    else:
        # Of two figures about one day the later entry holds.
        road, reported = tuple(points_of(duty)), tuple(sorted(dict(lines).items()))
    now = owed[(owed["opens"] <= as_of) & (as_of <= owed["closes"])]
    finding = (now if len(now) else owed).iloc[-1]
    body = int(finding["holder_id"])
    return Progress(document, target, body, road, reported, expected(road, as_of), finding)


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


def _reported(
    connection: sa.Connection, scene: Scene, bodies: Sequence[int]
) -> dict[tuple[int, str], list[Figure]]:
    """The figures of these bodies by body and indicator, by the days they are about."""
    line = table(Line)
    statement = (
        sa.select(line.c.subject_id, line.c.item, line.c.day, line.c.quantity)
        .where(
            line.c.subject_id.in_(bodies), line.c.kind == REPORTED, line.c.day <= scene.as_of,
            known(line, scene.known_at),
        )
        .order_by(line.c.day, line.c.id)
    )  # fmt: skip
    found: dict[tuple[int, str], list[Figure]] = defaultdict(list)
    for body, item, day, quantity in connection.execute(statement):
        found[body, item].append((day, float(quantity)))
    return found


def _added_up(lines: Sequence[Figure], stretches: Sequence[Stretch]) -> Iterator[Figure]:
    """Running totals, beginning anew after each milestone."""
    for opens, closes, _ in stretches:
        inside = [(day, value) for day, value in lines if opens <= day <= closes]
        totals = accumulate(value for _, value in inside)
        yield from zip((day for day, _ in inside), totals, strict=True)
