"""One evaluation: obligations -> tally -> judge, as a frame of findings with nothing stored.

The night stores what it returns; a look-back, a query and a what-if only read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.evaluation import obligations
from tracker.evaluation.coverage import Reported, load_reported, may_report, uncovered
from tracker.evaluation.judge import NO_DAY, Case, judge, with_other_reading
from tracker.evaluation.obligations import NO_SPECIAL, Scene, as_days
from tracker.evaluation.pieces import Pieces, pieces_of
from tracker.evaluation.room import Room
from tracker.evaluation.standing import judge_standing
from tracker.evaluation.tally import Tally
from tracker.evaluation.words import Flag, Status
from tracker.policy.model import Document, Duty
from tracker.registry.dated import day_number


def evaluate(
    connection: sa.Connection, scene: Scene, covers: Mapping[str, frozenset[str]]
) -> pd.DataFrame:
    """Judge every obligation of the scene. The frame is that of `obligations.build` plus done,
    done_other, status, reason, status_other, unreported, last_safe, episode, accountable."""
    frame = obligations.build(scene)
    if frame.empty:
        return frame
    scopes = None if scene.focus is None else may_report(frame, scene)
    reported = load_reported(connection, covers, scene.known_at, scopes)
    tally = Tally(connection, scene)
    judged = []
    for index, rows in frame.groupby("duty", sort=True):
        document, duty = scene.duties[int(str(index))]
        if duty.measure == "standing":
            heard = uncovered(rows, scene, reported, duty, working=False)
            result = judge_standing(connection, scene, document, duty, rows, heard)
            result = result.assign(done_other=np.nan, status_other=NO_SPECIAL, last_safe=NO_DAY)
            result["flags"] = rows["flags"]
            result["unreported"] = _silent_days(document, rows, heard, result["status"])
        else:
            result = _judge_counted(tally, scene, duty, rows, reported)
        result["accountable"] = _accountable(duty, rows)
        judged.append(result)
    return _apply_special(pd.concat([frame.drop(columns="flags"), pd.concat(judged)], axis=1))


def _silent_days(
    document: Document, rows: pd.DataFrame, heard: pd.DataFrame, status: pd.Series
) -> pd.Series:
    """Days for which a report of what must hold is overdue, for those that are unreported."""
    since = rows["starts"].clip(lower=day_number(document.in_force.from_))
    silent = heard["due_to"] - np.maximum(heard["known_to"], since - 1)
    return silent.clip(lower=0).where(status == int(Status.unreported), 0)


def _judge_counted(tally: Tally, scene: Scene, duty: Duty, rows: pd.DataFrame,
                   reported: Reported) -> pd.DataFrame:  # fmt: skip
    pieces = pieces_of(rows)
    main = _read(tally, scene, duty, rows, pieces, reported, working=duty.working_days_only)
    status, reason = main.status, main.reason
    flags = rows["flags"].to_numpy().copy()
    flags[main.late] |= int(Flag.late_entries)
    done_other = np.full(len(rows), np.nan)
    status_other = np.full(len(rows), NO_SPECIAL)
    for beside in duty.beside:
        working = bool(beside.working_days_only)
        other = _read(tally, scene, duty, rows, pieces, reported, working=working)
        status_other, done_other = other.status, other.case.done
        status, reason, differs = with_other_reading(status, reason, status_other)
        flags[differs] |= int(Flag.other_reading)
    return pd.DataFrame(
        {
            "done": main.case.done, "status": status, "reason": reason, "flags": flags,
            "done_other": done_other, "status_other": status_other, "episode": 0,
            "last_safe": main.case.last_safe, "unreported": main.overdue_days,
        },
        index=rows.index,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of one duty. `late`: where counted lines were entered after the window;
    `overdue_days`: days of the span in months whose report is overdue."""

    case: Case
    status: np.ndarray
    reason: np.ndarray
    late: np.ndarray
    overdue_days: np.ndarray


def _read(
    tally: Tally, scene: Scene, duty: Duty, rows: pd.DataFrame, pieces: Pieces,
    reported: Reported, *, working: bool,
) -> _Reading:  # fmt: skip
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
    case = _case(scene, duty, rows, pieces, heard, done, done_late, working)
    status, reason = judge(case)
    late = pieces.most(counted.reported_on) > rows["closes"].to_numpy("int64")
    overdue = pieces.total(heard["overdue"].to_numpy())
    return _Reading(case, status, reason, late & (done > 0), overdue)


def _case(
    scene: Scene, duty: Duty, rows: pd.DataFrame, pieces: Pieces, heard: pd.DataFrame,
    done: np.ndarray, done_late: np.ndarray, working: bool,
) -> Case:  # fmt: skip
    room = Room(scene, duty, pieces, working=working)
    warnings = scene.document(duty).defaults.warnings
    required = rows["required"].to_numpy(float)
    pending = heard["pending"].to_numpy()
    passed = np.minimum(room.deadline, scene.day)
    return Case(
        day=scene.day,
        required=required,
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
        last_safe=room.last_safe(np.maximum(required - done, 0), rows["deadline"].to_numpy()),
        warn_from=_warn_from(duty, rows),
        due_soon=warnings.due_soon.get(duty.every, 0),
        pace=float(warnings.pace),
        at_most=duty.at_most is not None,
        steady=duty.measure == "days",
        due_soon_steady=warnings.due_soon.get("month", 0),
    )


def _warn_from(duty: Duty, rows: pd.DataFrame) -> np.ndarray:
    """The first day on which an undone duty with a due day counts as due soon."""
    if not duty.warn_from:
        return np.full(len(rows), np.iinfo("int64").max)
    years = as_days(rows["opens"].to_numpy()).astype("datetime64[Y]").astype(int) + 1970
    month, day = duty.warn_from
    return np.array([day_number(date(int(year), month, day)) for year in years])


def _accountable(duty: Duty, rows: pd.DataFrame) -> pd.Series:
    return rows["holder"] if duty.accountable == "holder" else rows[duty.accountable]


def _apply_special(frame: pd.DataFrame) -> pd.DataFrame:
    """What the obligation itself decides overrides the count; the count stays visible."""
    fixed = frame["special"] != NO_SPECIAL
    reason = frame.pop("reason_special")
    frame.loc[fixed, "status"] = frame.loc[fixed, "special"]
    frame.loc[fixed, "reason"] = reason[fixed]
    frame.loc[fixed, "last_safe"] = NO_DAY
    return frame
