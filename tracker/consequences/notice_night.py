"""Notices: the part of the nightly check that raises, mutes, repeats and closes them.

gather -> decide -> apply: `notice_calls` says what tonight calls for, `notice_steps` what follows.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd
import sqlalchemy as sa

from tracker.consequences import notices, objections
from tracker.consequences.cases import load_cases, rectifications_due
from tracker.consequences.history import Moment
from tracker.consequences.notice_calls import (
    Call,
    causes,
    wanted,
    wanted_rectifications,
    wanted_reports,
)
from tracker.consequences.notice_steps import Rhythm, Tonight, decide
from tracker.evaluation.coverage import last_overdue
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Status
from tracker.frames import each
from tracker.registry.dated import to_date

_ENDED = {"verified": Status.met, "closed": Status.met, "failed": Status.not_applicable}
Judged = dict[str, tuple[str, int]]


def update(
    connection: sa.Connection, rows: pd.DataFrame, scene: Scene, spoken: pd.DataFrame,
    moment: Moment,
) -> dict[str, int]:  # fmt: skip
    """Write what tonight's findings (`rows`) ask of the notices; returns how many of each event.

    `spoken`: key, status and flags of all that the run says something about.
    """
    names = {duty.id: duty.name for _, duty in scene.duties}
    warnings = {
        pack.document.id: pack.document.defaults.warnings for pack in scene.packs if pack.duties
    }
    rhythm = Rhythm(scene.calendar, scene.as_of, warnings)
    lives = notices.live(connection)
    about = spoken[spoken["key"].isin(lives)]
    judged = {row.key: (row.status, int(row.flags)) for row in each(about)}
    tonight = Tonight(
        judged | _rectified(connection, lives),
        causes(rows, scene.packs, scene.as_of),
        objections.frozen(connection),
        rhythm,
        names,
    )
    calls = [
        *wanted(rows),
        *wanted_reports(rows, _reporters(scene, rows), _month_owed(scene), names),
        *_rectifications(connection, scene, rhythm),
    ]
    return notices.apply(connection, decide(calls, lives, tonight), lives, moment)


def _rectifications(connection: sa.Connection, scene: Scene, rhythm: Rhythm) -> list[Call]:
    due = rectifications_due(connection, scene.as_of, scene.known_at)
    days_before = rhythm.strictest.due_soon.get("month", 0)
    return wanted_rectifications(due, scene.as_of, days_before)


def _rectified(connection: sa.Connection, keys: Collection[str]) -> Judged:
    """What became of the rectifications among these keys: what was accepted is met, what was not
    is no longer warned about."""
    asked = {int(key.split("|")[1]): key for key in keys if key.startswith("interview|")}
    cases = load_cases(connection, numbers=tuple(asked)) if asked else []
    return {asked[case.id]: (_ENDED[case.state].name, 0) for case in cases if case.state in _ENDED}


def _reporters(scene: Scene, rows: pd.DataFrame) -> dict[int, int]:
    """For each place of a finding, the nearest area that reports."""
    found = {}
    for place in rows["place_id"].dropna().unique():
        area = next((a for a in scene.roles.chain(int(place)) if a in scene.roles.tracked), None)
        if area is not None:
            found[int(place)] = area
    return found


def _month_owed(scene: Scene) -> date:
    grace = max(
        pack.document.defaults.entry_grace.working_days for pack in scene.packs if pack.duties
    )
    return to_date(last_overdue(scene, grace)).replace(day=1)
