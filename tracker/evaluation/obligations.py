"""Obligations: one duty x holder x counterpart x window, derived from law and registry each time.

A frame with one row per obligation; days are day numbers, closed intervals. Columns: duty (index
into `Scene.duties`), holder, counterpart, unit, team, place; opens, closes (the window); starts,
ends (the span: the window as far as holder and tie exist in it); held, whole (days of span and
window in the unit of the duty); literal, required; deadline, grace_ends; special, reason, flags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from tracker.evaluation.alike import alike
from tracker.evaluation.thresholds import required_of
from tracker.evaluation.windows import Windows, per_window, standing_between, windows_of
from tracker.evaluation.words import Flag, Reason, Status
from tracker.policy.law import Law
from tracker.policy.model import Document, Duty, Pack
from tracker.registry.dated import LAST_DAY, Registry, day_number
from tracker.registry.holders import HOLDER_UNKNOWN, MEMBER_UNKNOWN, holders
from tracker.registry.roles import Roles
from tracker.registry.waiver_tables import Ruling
from tracker.registry.waivers import Release
from tracker.workdays import Calendar

LOOK_BACK_DAYS = 400
NO_SPECIAL = -1
_UNNAMED = {
    HOLDER_UNKNOWN: Reason.holder_not_registered,
    MEMBER_UNKNOWN: Reason.member_not_registered,
}


@dataclass(frozen=True)
class Scene:
    """What one judgement looks at: the law, the registry and roles as known, and the day judged.

    With a `focus`, only the obligations that one of these subjects holds, is owed or answers for.
    `look_from`: windows that ended on or after this day are judged too, however long ago.
    `waivers` and `rulings` (the newest by finding key): how people answered a judgement.
    """

    law: Law
    registry: Registry
    roles: Roles
    calendar: Calendar
    as_of: date
    known_at: datetime
    focus: frozenset[int] | None = None
    look_from: date | None = None
    waivers: tuple[Release, ...] = ()
    rulings: Mapping[str, Ruling] = field(default_factory=dict)

    def bare(self) -> Scene:
        """The same scene without waivers and rulings."""
        return replace(self, waivers=(), rulings={})

    @property
    def horizon(self) -> date:
        """Windows that ended before this day are not looked at."""
        usual = self.as_of - timedelta(days=LOOK_BACK_DAYS)
        return min(usual, self.look_from or usual)

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The documents of the law."""
        return self.law.packs

    @property
    def day(self) -> int:
        """`as_of` as a day number."""
        return day_number(self.as_of)

    @cached_property
    def duties(self) -> list[tuple[Document, Duty]]:
        """Every computed duty with its document, in the order that `duty` columns index."""
        return [(pack.document, duty) for pack in self.packs for duty in pack.duties]

    @cached_property
    def batches(self) -> list[list[int]]:
        """The positions of `duties`, those that are judged together in one list."""
        return alike(self.duties)

    def document(self, duty: Duty) -> Document:
        """The document that a duty of this scene stands in."""
        return next(document for document, own in self.duties if own is duty)


def working_days(calendar: Calendar, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Official working days in each closed interval of day numbers; 0 where it is empty."""
    counted = calendar.working_days(as_days(starts), as_days(np.maximum(starts, ends)))
    return np.where(ends >= starts, counted, 0)


def as_days(numbers: np.ndarray) -> np.ndarray:
    """Day numbers as datetime64[D]."""
    return np.asarray(numbers, dtype="int64").astype("datetime64[D]")


def build(scene: Scene) -> pd.DataFrame:
    """All obligations whose window ends within 400 days before `as_of` or later, by duty."""
    known: dict[object, pd.DataFrame] = {}  # many duties bind the same holders
    frames = []
    for batch in scene.batches:
        cut = [rows for rows in _in_windows(scene, batch, known) if not rows.empty]
        if cut:
            rows = pd.concat(cut, ignore_index=True) if len(cut) > 1 else cut[0]
            frames.append(_of_batch(scene, *scene.duties[batch[0]], rows))
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames).sort_values("duty", kind="stable", ignore_index=True)


def _in_windows(
    scene: Scene, batch: list[int], known: dict[object, pd.DataFrame]
) -> Iterator[pd.DataFrame]:
    """The stretches of all who owe duties alike, cut by the windows of each; a frame for each set
    of holders."""
    asked: dict[object, Windows] = {}
    for index in batch:
        document, duty = scene.duties[index]
        whose = (document.id, duty.holder, duty.per, duty.every == "always")
        found = windows_of(document, duty, scene.horizon, scene.as_of)
        asked.setdefault(whose, []).extend((index, *window) for window in found)
    for key, windows in asked.items():
        if windows:
            document, duty = scene.duties[windows[0][0]]
            if key not in known:
                known[key] = holders(scene.roles, document, duty, scene.focus)
            if duty.every == "always":
                yield standing_between(known[key], scene.horizon, scene.as_of, windows)
            else:
                yield per_window(known[key], windows)


def _of_batch(scene: Scene, document: Document, duty: Duty, frame: pd.DataFrame) -> pd.DataFrame:
    """What duties alike (`duty` is one of them) ask of whom they bind."""
    frame = _measure_spans(frame, scene.calendar, duty)
    _deadlines(frame, scene.calendar, document, duty)
    frame["flags"] = 0
    frame["special"], frame["reason_special"] = NO_SPECIAL, int(Reason.none)
    required_of(frame, scene, document, duty)
    _unnamed(frame)
    _too_short(frame, scene.day, document, duty)
    _law_in_force(frame, scene, document, duty)
    if duty.working_days_only:
        starts, ends = (as_days(frame[name].to_numpy()) for name in ("starts", "ends"))
        provisional = scene.calendar.is_provisional(starts, ends)
        frame.loc[provisional, "flags"] |= int(Flag.provisional_calendar)
    return frame


def _measure_spans(frame: pd.DataFrame, calendar: Calendar, duty: Duty) -> pd.DataFrame:
    """Sum held days over the stretches of one window, then keep one row with the hull (I12);
    `stretches` keeps them apart where there are several."""
    starts, ends = frame["starts"].to_numpy("int64"), frame["ends"].to_numpy("int64")
    opens, closes = frame["opens"].to_numpy("int64"), frame["closes"].to_numpy("int64")
    frame["held_calendar"] = ends - starts + 1
    if duty.working_days_only:
        frame["held"] = working_days(calendar, starts, ends)
        frame["whole"] = working_days(calendar, opens, closes)
    else:
        frame["held"] = frame["held_calendar"]
        frame["whole"] = closes - opens + 1
    frame["stretches"] = None
    key = ["duty", "holder", "counterpart", "opens"]
    if duty.every == "always" or not frame.duplicated(key).any():
        return frame
    grouped = frame.groupby(key, sort=False)
    for column in ("held", "held_calendar"):
        frame[column] = grouped[column].transform("sum")
    told: dict[int, list[tuple[int, int]]] = {}
    for number, first, last in zip(grouped.ngroup(), starts, ends, strict=True):
        told.setdefault(int(number), []).append((int(first), int(last)))
    apart = [tuple(told[int(n)]) if len(told[int(n)]) > 1 else None for n in grouped.ngroup()]
    frame["stretches"] = pd.Series(apart, index=frame.index, dtype=object)
    frame["starts"] = grouped["starts"].transform("min")
    return frame[~frame.duplicated(key, keep="last")].reset_index(drop=True)


def _deadlines(frame: pd.DataFrame, calendar: Calendar, document: Document, duty: Duty) -> None:
    """The last day of doing, and the last day of entering what was done by then (I69)."""
    deadline = np.minimum(frame["closes"].to_numpy("int64"), frame["ends"].to_numpy("int64"))
    if duty.due:
        years = as_days(frame["opens"].to_numpy()).astype("datetime64[Y]").astype(int) + 1970
        due = {int(year): day_number(date(int(year), *duty.due)) for year in np.unique(years)}
        deadline = np.minimum(deadline, [due[int(year)] for year in years])
    grace = document.defaults.entry_grace.working_days
    days = grace if duty.entry_grace is None else duty.entry_grace
    ending = deadline < LAST_DAY
    grace_ends = deadline.copy()
    grace_ends[ending] = calendar.add_working_days(as_days(deadline[ending]), days).astype("int64")
    frame["deadline"], frame["grace_ends"] = deadline, grace_ends


def _unnamed(frame: pd.DataFrame) -> None:
    """Whom the document names and nobody registered: a person has to look."""
    if "unnamed" in frame:
        unnamed = frame.pop("unnamed")
        for which, reason in _UNNAMED.items():
            set_special(frame, unnamed == which, Status.needs_review, reason)


def _too_short(frame: pd.DataFrame, day: int, document: Document, duty: Duty) -> None:
    """A short span owes nothing of a count; a span after the due day owes nothing (I12). What
    must hold now is not owed any more by who has left: a roster of today no longer lists him."""
    if duty.every == "always":
        # What had to hold throughout a posting is judged after its end too.
        if not (duty.requires and duty.requires.covers == "posting"):
            set_special(frame, frame["ends"] < day, Status.not_applicable, Reason.span_ended)
        return
    late = frame["starts"] > frame["deadline"]
    set_special(frame, late, Status.not_applicable, Reason.span_after_due)
    floor = document.defaults.short_span
    least = floor.month if duty.every == "month" else floor.days
    if duty.mid_window.rule == "prorate" and duty.mid_window.floor:
        cut = (frame["held_calendar"] < frame["closes"] - frame["opens"] + 1) & (
            frame["held_calendar"] < least
        )
        set_special(frame, cut, Status.not_applicable, Reason.short_span)
        frame.loc[cut, "required"] = 0.0


def _law_in_force(frame: pd.DataFrame, scene: Scene, document: Document, duty: Duty) -> None:
    """The version on the earliest of window end, span end and due day governs (I63, I8)."""
    start = day_number(document.in_force.from_)
    governing = frame["deadline"].clip(upper=max(scene.day, start))
    before = (governing < start) | (scene.day < start)
    set_special(frame, before, Status.not_in_force, Reason.before_law)
    last_day = scene.law.last_day(scene.law.pack(document.id))
    if last_day is not None:
        ended = governing > day_number(last_day)
        set_special(frame, ended, Status.not_in_force, Reason.law_ended)
    transitional = (frame["opens"] < start) & ~before
    if duty.every != "always" and transitional.any():
        frame.loc[transitional, "flags"] |= int(Flag.transitional)


def set_special(frame: pd.DataFrame, rows: pd.Series, status: Status, reason: Reason) -> None:
    """Give these rows a status that no counting can change."""
    if not rows.any():
        return
    frame.loc[rows, "special"] = int(status)
    frame.loc[rows, "reason_special"] = int(reason)
