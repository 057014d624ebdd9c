"""Levels: the judge of a reported figure (latest), and the reading that feeds it.

A level may rise and fall, so only the last day of a window decides, by the newest figure about a
day in it; months after that figure that nobody reported could still say otherwise (I65). A limit
is never to be passed, but for one that a milestone asks for: that is still to be reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tracker.evaluation.coverage import Reported, uncovered
from tracker.evaluation.judge import NO_DAY, Rule, first_true
from tracker.evaluation.obligations import Scene
from tracker.evaluation.path import needed, points_of
from tracker.evaluation.pieces import Pieces
from tracker.evaluation.reading import Reading, warn_from
from tracker.evaluation.tally import Tally
from tracker.evaluation.words import Reason, Status
from tracker.policy.duty import Duty
from tracker.registry.dated import FIRST_DAY, to_date


@dataclass(frozen=True, slots=True)
class Level:
    """Arrays of one length, days as day numbers.

    least, most: the bounds (-inf, inf where there is none). figure: the newest one, about a day
    up to the deadline and `day`; told: whether there is one. overdue, pending: days after it in
    months not reported (report overdue, or not due yet). behind: whether it lags behind the path.
    to_come: whether the bounds are those of a milestone, to be reached by its day.
    """

    day: int
    least: np.ndarray
    most: np.ndarray
    figure: np.ndarray
    told: np.ndarray
    overdue: np.ndarray
    pending: np.ndarray
    behind: np.ndarray
    starts: np.ndarray
    deadline: np.ndarray
    grace_ends: np.ndarray
    warn_from: np.ndarray
    due_soon: int
    to_come: bool

    @property
    def enough(self) -> np.ndarray:
        """Where the newest figure lies within the bounds."""
        return self.told & (self.figure >= self.least) & (self.figure <= self.most)


def judge_level(case: Level) -> tuple[np.ndarray, np.ndarray]:
    """Status and reason of each obligation, as integer arrays of `Status` and `Reason`."""
    over, enough = case.day > case.deadline, case.enough
    beyond = case.told & (case.figure > case.most)
    silent = case.overdue + case.pending > 0
    soon = (case.deadline - case.day <= case.due_soon) | (case.day >= case.warn_from)
    unheard = case.overdue > 0
    in_grace = over & (case.day <= case.grace_ends)
    lags = ~enough & (case.behind | soon)
    rules: list[Rule] = [
        (case.day < case.starts, Status.upcoming, Reason.none),
        (beyond & ~np.array(case.to_come), Status.breached, Reason.over_limit),
        (over & enough & ~silent, Status.met, Reason.none),
        (in_grace & (enough | ~case.told), Status.in_grace, Reason.no_report),
        (in_grace & beyond, Status.in_grace, Reason.over_limit),
        (in_grace, Status.in_grace, Reason.below_level),
        (over & (silent | ~case.told), Status.unreported, Reason.no_report),
        (over & beyond, Status.breached, Reason.over_limit),
        (over, Status.breached, Reason.below_level),
        (~case.told & unheard, Status.unreported, Reason.no_report),
        (lags & unheard, Status.unreported, Reason.depends_on_unreported),
        (~enough & case.behind, Status.at_risk, Reason.behind_path),
        (lags, Status.at_risk, Reason.due_soon),
        (~over, Status.on_track, Reason.none),
    ]
    return first_true(rules, len(case.figure))


def read_level(
    tally: Tally, scene: Scene, duty: Duty, rows: pd.DataFrame, pieces: Pieces, reported: Reported
) -> Reading:
    """The newest figures of a duty's rows, judged."""
    frame = pieces.frame
    until = np.minimum(frame["deadline"].to_numpy("int64"), scene.day)
    counted = tally.count(duty, frame, until, working_days_only=False)
    figure, about = pieces.newest(counted.done, counted.about), pieces.most(counted.about)
    after = np.maximum(frame["starts"].to_numpy("int64"), about[pieces.owner] + 1)
    heard = uncovered(frame.assign(starts=after), scene, reported, duty, working=False)
    warnings = scene.document(duty).defaults.warnings
    deadline, grace_ends = rows["deadline"].to_numpy("int64"), rows["grace_ends"].to_numpy("int64")
    case = Level(
        day=scene.day, least=rows["least"].to_numpy(float), most=rows["most"].to_numpy(float),
        figure=figure, told=about > FIRST_DAY,
        overdue=pieces.total(heard["overdue"].to_numpy()),
        pending=pieces.total(heard["pending"].to_numpy()),
        behind=_behind(scene, rows["duty"].to_numpy(), float(warnings.pace), figure, about),
        starts=rows["starts"].to_numpy("int64"), deadline=deadline, grace_ends=grace_ends,
        warn_from=warn_from(duty, rows), due_soon=warnings.due_soon.get(duty.every, 0),
        to_come=duty.every == "milestones",
    )  # fmt: skip
    status, reason = judge_level(case)
    open_ = ~case.enough & (deadline >= scene.day)
    late = pieces.most(counted.reported_on) > grace_ends
    return Reading(
        figure, np.where(open_, deadline, NO_DAY), status, reason, late & case.told, case.overdue
    )


def _behind(
    scene: Scene, duties: np.ndarray, pace: float, figure: np.ndarray, about: np.ndarray
) -> np.ndarray:
    """Where a figure lags behind the path of its own day."""
    behind, told = np.zeros(len(figure), dtype=bool), about > FIRST_DAY
    for index, day in {*zip(duties[told].tolist(), about[told].tolist(), strict=True)}:
        _, duty = scene.duties[index]
        just = needed(points_of(duty), to_date(day), pace)
        if just is not None:
            rows = (duties == index) & (about == day)
            behind[rows] = figure[rows] > just if duty.at_least is None else figure[rows] < just
    return behind
