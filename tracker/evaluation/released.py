"""Released: what waivers and rulings make of the judged rows. Pure; no figure is touched.

A ruling answers what needs review; a waiver releases from what is not met (I67). The status that
would stand without them is kept as `status_bare`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import pandas as pd

from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Reason, Status
from tracker.frames import each
from tracker.registry.waivers import Release

WAIVABLE = frozenset(
    status.name
    for status in (
        Status.breached, Status.unreachable, Status.at_risk, Status.in_grace, Status.unreported,
        Status.needs_review, Status.on_track,
    )
)  # fmt: skip
_LAST_YEAR = timedelta(days=364)  # from its first day to its last
_SAME = ["document", "duty", "holder_id"]


def released(scene: Scene, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as the scene's rulings and waivers leave them: status, reason, status_bare and
    waiver_id may differ, nothing else."""
    if not (scene.rulings or scene.waivers):
        return rows
    rows = rows.copy()
    _set(rows, _ruled(scene, rows), Reason.ruled)
    numbers = _waived(scene, rows)
    _set(rows, dict.fromkeys(numbers, Status.waived.name), Reason.waived)
    rows.loc[list(numbers), "waiver_id"] = list(numbers.values())
    return rows


def _ruled(scene: Scene, rows: pd.DataFrame) -> dict[int, str]:
    """Row -> verdict. It counts on the figures it was made on; on others a person looks again."""
    asked = rows[(rows["status"] == Status.needs_review.name) & rows["key"].isin(scene.rulings)]
    return {
        row.row: ruling.verdict
        for row in each(asked.rename_axis("row").reset_index())
        if (ruling := scene.rulings[row.key]).stands_on(row.done, row.required)
    }


def _waived(scene: Scene, rows: pd.DataFrame) -> dict[int, int]:
    """Row -> number of its waiver. Waived is what begins and falls due within the waiver's days;
    of what takes more than a year, which is as long as a waiver may last, its last year does; what
    must hold always, while the day judged lies within them."""
    holders = {waiver.holder_id for waiver in scene.waivers}
    mine = rows[rows["holder_id"].isin(holders) & rows["status"].isin(WAIVABLE)]
    mine = mine.rename_axis("row").reset_index()
    always = {(document.id, duty.id) for document, duty in scene.duties if duty.every == "always"}
    found: dict[int, int] = {}
    for pair in each(mine.merge(_frame(scene.waivers), on=_SAME)):
        first, last = max(pair.starts, pair.deadline - _LAST_YEAR), pair.deadline
        if (pair.document, pair.duty) in always:
            first = last = scene.as_of
        meant = pair.toward is None or pair.toward == pair.counterpart_id
        if meant and pair.from_day <= first and last <= pair.to_day:
            found.setdefault(pair.row, pair.number)
    return found


def _frame(waivers: Iterable[Release]) -> pd.DataFrame:
    columns = [*_SAME, "toward", "from_day", "to_day", "number"]
    values = [
        (w.document, w.duty, w.holder_id, w.counterpart_id, w.starts_on, w.ends_on, w.number)
        for w in waivers
    ]
    return pd.DataFrame(values, columns=columns, dtype=object)


def _set(rows: pd.DataFrame, statuses: Mapping[int, str], reason: Reason) -> None:
    """Give rows these statuses; the status that each had stays as `status_bare`."""
    at = list(statuses)
    rows.loc[at, "status_bare"] = rows.loc[at, "status"]
    rows.loc[at, "status"] = list(statuses.values())
    rows.loc[at, "reason"] = reason.name
