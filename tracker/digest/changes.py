"""The digest: what is new, cured, soon due or out of reach, between two states of findings. Pure.

A state has one row per key, those closed included, with the columns of the findings table.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from tracker.digest.parts import Count
from tracker.evaluation.findings import owed
from tracker.evaluation.obligations import LOOK_BACK_DAYS
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.policy.law import Law

_TROUBLE = [s.name for s in (Status.breached, Status.unreachable)]
# A shortfall of which nothing is heard any more is not cured.
_SETTLED = [
    s.name
    for s in (Status.on_track, Status.waived, Status.met, Status.upcoming, Status.not_applicable)
]
_TO_DO = [s.name for s in (Status.on_track, Status.at_risk)]
COUNTED = (
    Status.breached, Status.unreachable, Status.needs_review, Status.at_risk, Status.in_grace,
    Status.unreported, Status.waived, Status.met,
)  # fmt: skip


def new(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Missed or out of reach now, and not yet so then."""
    troubled = _troubled(now)
    return troubled[~troubled["key"].isin(_troubled(then)["key"])]


def resolved(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Missed or out of reach then, and settled now."""
    settled = now[now["status"].isin(_SETTLED)]
    return settled[settled["key"].isin(_troubled(then)["key"])]


def due_soon(now: pd.DataFrame, night: date, as_of: date, days: int) -> pd.DataFrame:
    """Not yet met, with a last safe date, or the end of the grace for entering it, within so many
    days from `as_of`: that day as `day`. What fell due after the `night` that was checked, nobody
    has looked at since: it stays."""
    in_grace = now["status"] == Status.in_grace.name
    day = now["last_safe_on"].where(~in_grace, now["grace_ends"])
    open_ = now[(now["status"].isin(_TO_DO) | in_grace) & day.notna()]
    open_ = open_.assign(day=day[open_.index])
    last = as_of + timedelta(days)
    soon: pd.DataFrame = open_[[night <= one <= last for one in open_["day"]]]
    return soon


def with_status(now: pd.DataFrame, status: Status) -> pd.DataFrame:
    """The findings of one status."""
    return now[now["status"] == status.name]


def of_law(state: pd.DataFrame, law: Law) -> pd.DataFrame:
    """Without what a pack that is gone, or a duty it no longer has, left behind."""
    known = [(pack.document.id, duty.id) for pack in law.packs for duty in pack.duties]
    pairs = pd.MultiIndex.from_frame(state[["document", "duty"]])
    return state[pairs.isin(known)]


def judged(state: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """What a check of the day looks at: owed, in a window that ended not too long ago."""
    horizon = as_of - timedelta(LOOK_BACK_DAYS)
    rows = owed(state)
    return rows[rows["closes"] >= horizon]


def counts(now: pd.DataFrame, then: pd.DataFrame | None) -> tuple[Count, ...]:
    """How many of each status that matters, now and then (None: nothing to compare with)."""
    told = now["status"].value_counts()
    before = None if then is None else then["status"].value_counts()
    return tuple(
        Count(
            STATUS_NAMES[status], int(told.get(status.name, 0)),
            None if before is None else int(before.get(status.name, 0)),
        )
        for status in COUNTED
    )  # fmt: skip


def _troubled(state: pd.DataFrame) -> pd.DataFrame:
    return state[state["status"].isin(_TROUBLE)]
