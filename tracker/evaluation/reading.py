"""Readings: what one way of counting makes of a duty's rows; a pack may name several (I4).

Counted, reported and still possible are asked of each piece of a span and put together here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tracker.evaluation.coverage import Reported, uncovered
from tracker.evaluation.judge import Case, judge
from tracker.evaluation.obligations import Scene, as_days
from tracker.evaluation.pieces import Pieces
from tracker.evaluation.room import Room
from tracker.evaluation.tally import Tally
from tracker.policy.duty import Duty
from tracker.registry.dated import FIRST_DAY, day_number


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one duty, by row. `last_safe`: see judge.Case; `late`: where counted lines
    were entered after the window; `overdue_days`: days of the span in months whose report is
    overdue."""

    done: np.ndarray
    last_safe: np.ndarray
    status: np.ndarray
    reason: np.ndarray
    late: np.ndarray
    overdue_days: np.ndarray


def read_counts(
    tally: Tally, scene: Scene, duty: Duty, rows: pd.DataFrame, pieces: Pieces,
    reported: Reported, *, working: bool,
) -> Reading:  # fmt: skip
    """What is counted of a duty's rows, judged; only official working days where `working`."""
    frame = pieces.frame
    until = np.minimum(frame["deadline"].to_numpy("int64"), scene.day)
    counted = tally.count(duty, frame, until, working_days_only=working)
    done = pieces.total(counted.done)
    done_late = np.zeros(len(rows))
    if duty.due:
        ends = np.minimum(frame["ends"].to_numpy("int64"), scene.day)
        in_all = tally.count(duty, frame, ends, working_days_only=working).done
        done_late = pieces.total(in_all) - done
    heard = uncovered(frame, scene, reported, duty, working=working)
    said = heard
    if duty.measure == "sum" and any(one.item for one in duty.counts):
        said = _of_the_item(scene, pieces, heard, pieces.most(counted.reported_on) > FIRST_DAY)
    case = _case(scene, duty, rows, pieces, said, done, done_late, working)
    status, reason = judge(case)
    late = pieces.most(counted.reported_on) > rows["closes"].to_numpy("int64")
    overdue = pieces.total(heard["overdue"].to_numpy())
    return Reading(done, case.last_safe, status, reason, late & (done > 0), overdue)


def _of_the_item(
    scene: Scene, pieces: Pieces, heard: pd.DataFrame, told: np.ndarray
) -> pd.DataFrame:
    """What was reported of one item: a form that speaks of many and never gave a figure of this
    one in the span said nothing of it, so that its blank is no zero (I65)."""
    frame, given = pieces.frame, told[pieces.owner]
    starts = frame["starts"].to_numpy("int64")
    last = np.minimum(frame["deadline"].to_numpy("int64"), scene.day)
    overdue = np.maximum(np.minimum(last, heard["due_to"].to_numpy()) - starts + 1, 0)
    pending = np.maximum(last - starts + 1, 0) - overdue
    return heard.assign(
        overdue=np.where(given, heard["overdue"], overdue),
        pending=np.where(given, heard["pending"], pending),
    )


def _case(
    scene: Scene, duty: Duty, rows: pd.DataFrame, pieces: Pieces, heard: pd.DataFrame,
    done: np.ndarray, done_late: np.ndarray, working: bool,
) -> Case:  # fmt: skip
    room = Room(scene, duty, pieces, working=working)
    warnings = scene.document(duty).defaults.warnings
    least = rows["least"].to_numpy(float)
    pending = heard["pending"].to_numpy()
    passed = np.minimum(room.deadline, scene.day)
    return Case(
        day=scene.day,
        least=least,
        most=rows["most"].to_numpy(float),
        done=done,
        done_late=done_late,
        overdue=pieces.total(heard["overdue"].to_numpy() * room.at_most_a_day()),
        pending=pieces.total(pending * room.at_most_a_day()),
        future=pieces.total(room.holds(np.maximum(room.starts, scene.day + 1), room.deadline)),
        elapsed=pieces.total(room.days(room.starts, passed) - pending),
        whole=pieces.total(room.days(room.starts, room.deadline)),
        starts=rows["starts"].to_numpy("int64"),
        deadline=rows["deadline"].to_numpy("int64"),
        grace_ends=rows["grace_ends"].to_numpy("int64"),
        last_safe=room.last_safe(np.maximum(least - done, 0), rows["deadline"].to_numpy()),
        warn_from=warn_from(duty, rows),
        due_soon=warnings.due_soon.get(duty.every, 0),
        pace=float(warnings.pace),
        steady=duty.measure == "days",
        due_soon_steady=warnings.due_soon.get("month", 0),
    )


def warn_from(duty: Duty, rows: pd.DataFrame) -> np.ndarray:
    """The first day on which an undone duty with a due day counts as due soon."""
    if not duty.warn_from:
        return np.full(len(rows), np.iinfo("int64").max)
    years = as_days(rows["opens"].to_numpy()).astype("datetime64[Y]").astype(int) + 1970
    month, day = duty.warn_from
    return np.array([day_number(date(int(year), month, day)) for year in years])
