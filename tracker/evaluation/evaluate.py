"""One evaluation: obligations -> tally -> judge, as a frame of findings with nothing stored.

The night stores what it returns; a look-back, a query and a what-if only read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.evaluation import obligations
from tracker.evaluation.coverage import Reported, load_reported, may_report, uncovered
from tracker.evaluation.judge import NO_DAY, combine
from tracker.evaluation.level import read_level
from tracker.evaluation.obligations import NO_SPECIAL, Scene
from tracker.evaluation.pieces import Pieces, pieces_of
from tracker.evaluation.reading import Reading, read_counts
from tracker.evaluation.standing import judge_standing
from tracker.evaluation.tally import Tally, reasons_of
from tracker.evaluation.words import Flag, Reason, Status
from tracker.policy.model import Document, Duty
from tracker.registry.dated import day_number

_LOST = (int(Status.breached), int(Status.unreachable))
_FOR_A_PERSON = (int(Status.needs_review), int(Reason.in_principle))


def evaluate(
    connection: sa.Connection, scene: Scene, covers: Mapping[str, frozenset[str]]
) -> pd.DataFrame:
    """Judge every obligation of the scene. The frame is that of `obligations.build` plus done,
    done_other, status, reason, status_other, others (done and status by each other reading),
    unreported, last_safe, episode, accountable."""
    frame = obligations.build(scene)
    if frame.empty:
        return frame
    scopes = None if scene.focus is None else may_report(frame, scene)
    reported = load_reported(connection, covers, scene.known_at, scopes)
    tally = Tally(connection, scene)
    judged = []
    batch_of = {index: batch[0] for batch in scene.batches for index in batch}
    for index, rows in frame.groupby(frame["duty"].map(batch_of)):
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
    frame = pd.concat([frame.drop(columns="flags"), pd.concat(judged)], axis=1)
    frame["flags"] |= frame["duty"].map(lambda index: _flags_of(scene.duties[index][1]))
    return _apply_special(frame)


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
    if duty.measure == "latest":
        main, others = read_level(tally, scene, duty, rows, pieces, reported), list[Reading]()
    else:
        read = partial(read_counts, tally, scene, duty, rows, pieces, reported)
        main = read(working=duty.working_days_only)
        others = [read(working=bool(beside.working_days_only)) for beside in duty.beside]
    flags = rows["flags"].to_numpy().copy()
    flags[main.late] |= int(Flag.late_entries)
    judged = {
        "done": main.done, "status": main.status, "reason": main.reason,
        "done_other": np.nan, "status_other": NO_SPECIAL, "others": None,
        "episode": 0, "last_safe": main.last_safe, "unreported": main.overdue_days,
    }  # fmt: skip
    if others:
        judged |= _beside(main, others, flags)
    result = pd.DataFrame({**judged, "flags": flags}, index=rows.index)
    if any(counted.item for counted in duty.counts):
        result["reason"] = result["reason"].replace(int(Reason.short), int(Reason.undone))
    return _in_principle(tally, duty, pieces, result) if duty.in_principle else result


def _beside(main: Reading, others: list[Reading], flags: np.ndarray) -> dict[str, object]:
    """The verdict over all readings (I4); `others`: done and status of each."""
    done, status = (np.stack([getattr(o, name) for o in others]) for name in ("done", "status"))
    both = combine(main.status, main.reason, list(status))
    flags[both.differs] |= int(Flag.other_reading)
    rows = np.arange(len(flags))
    return {
        "status": both.status, "reason": both.reason,
        "done_other": done[both.teller, rows], "status_other": status[both.teller, rows],
        "others": [tuple(zip(d, s, strict=True)) for d, s in zip(done.T, status.T, strict=True)],
    }  # fmt: skip


def _in_principle(tally: Tally, duty: Duty, pieces: Pieces, result: pd.DataFrame) -> pd.DataFrame:
    """What is asked in principle goes to a person where a reason was recorded (I72)."""
    lost = result["status"].isin(_LOST).to_numpy()
    if lost.any():
        last = np.minimum(pieces.frame["ends"].to_numpy("int64"), tally.scene.day)
        told = tally.count(reasons_of(duty), pieces.frame, last, working_days_only=False)
        excused = lost & (pieces.total(told.done) > 0)
        result.loc[excused, ["status", "reason"]] = _FOR_A_PERSON
    return result


def _flags_of(duty: Duty) -> int:
    """What every reader of the duty must know."""
    in_principle = Flag.in_principle if duty.in_principle else 0
    return int(in_principle | (Flag.contradiction if duty.contradiction else 0))


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
