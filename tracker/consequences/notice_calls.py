"""Notices: what tonight calls for, and which misses only follow from an upper cause. Pure.

A colour for each finding that needs one, a reporting notice for each body that is silent, and a
rectification that an interview asked for and that is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from tracker.evaluation.words import Level, Reason, Status
from tracker.frames import absent, each
from tracker.policy.model import Pack

REPORT = "report"
_CAUSING = [s.name for s in (Status.breached, Status.unreachable, Status.at_risk)]
_CALLING = [*_CAUSING, Status.in_grace.name]
_LAGGING = (Reason.behind_pace.name, Reason.behind_path.name)


@dataclass(frozen=True, slots=True)
class Call:
    """One notice about a subject at a level. `key`: the finding's key, 'report|body|month' or
    'interview|number|rectification'."""

    key: str
    level: str
    subject_id: int
    duty: str = ""
    note: str = ""

    def about(self, duty_names: Mapping[str, str]) -> str:
        """What the notice is about, in words."""
        kind, number, rest = [*self.key.split("|"), ""][:3]
        if self.level == REPORT:
            return f"{rest} 数据未报送"
        if kind == "interview":
            return f"第 {number} 号约谈的整改"
        return duty_names.get(self.duty, self.duty)


def level_of(status: str, reason: str) -> Level | None:
    """The colour that a finding calls for, None for no notice."""
    if status in (Status.breached.name, Status.unreachable.name):
        return Level.red
    if status == Status.in_grace.name or reason in _LAGGING:
        return Level.yellow
    if status == Status.at_risk.name:
        return Level.blue
    return None


def wanted(findings: pd.DataFrame) -> list[Call]:
    """One call per finding that needs a colour."""
    open_ = findings[findings["status"].isin(_CALLING)]
    return [
        Call(row.key, level.value, int(row.accountable_id), row.duty)
        for row in each(open_)
        if (level := level_of(row.status, row.reason))
    ]


def wanted_reports(
    findings: pd.DataFrame, reporters: Mapping[int, int], month: date, duty_names: Mapping[str, str]
) -> list[Call]:
    """One reporting notice per body that owes a report, for the newest month overdue (I65); its
    note says what nothing was heard of."""
    # A month whose report is not due yet is nobody's omission.
    silent = findings[(findings["status"] == Status.unreported.name) & (findings["unreported"] > 0)]
    body = silent["place_id"].map(lambda place: reporters.get(int(place)))
    missing = silent.assign(body=body).groupby("body", sort=True)["duty"].unique()
    return [
        Call(
            f"{REPORT}|{int(str(owing))}|{month:%Y-%m}", REPORT, int(str(owing)),
            note="未报送：" + "、".join(duty_names[duty] for duty in duties),
        )
        for owing, duties in missing.items()
    ]  # fmt: skip


def wanted_rectifications(
    due: Iterable[tuple[int, int, date]], as_of: date, days_before: int
) -> list[Call]:
    """One call per rectification of (interview, accountable, due day): yellow from `days_before`
    days before its due day, red after it."""
    return [
        Call(
            f"interview|{number}|rectification", Level.red if as_of > due_on else Level.yellow,
            accountable, note=f"整改期限 {due_on}",
        )
        for number, accountable, due_on in due
        if as_of >= due_on - timedelta(days=days_before)
    ]  # fmt: skip


def causes(
    findings: pd.DataFrame, packs: Iterable[Pack], as_of: date
) -> dict[str, tuple[str, ...]]:
    """Key of a miss -> keys of its upper causes (`follows_from`), and the causes of these.

    A cause is another finding of the same document and holder, itself a miss tonight, with at
    least one day in common. A miss counted in a window lies on the days in which it could be done,
    up to its deadline or tonight; a standing gap on those from its first day (the episode) until
    tonight. So a post vacant on any day of a month explains the meeting that month lacks, for as
    long as it stays vacant; the months before the gap it never explains.
    """
    follows = {
        (p.document.id, d.id): d.follows_from for p in packs for d in p.duties if d.follows_from
    }
    named = {*(duty for _, duty in follows), *(duty for of in follows.values() for duty in of)}
    misses = findings[findings["duty"].isin(named) & findings["status"].isin(_CALLING)]
    above: dict[tuple[str, str, int], list[Any]] = {}
    for row in each(misses[misses["status"].isin(_CAUSING)]):
        above.setdefault((row.document, row.duty, row.holder_id), []).append(row)
    direct = {
        row.key: tuple(
            upper.key
            for duty in follows.get((row.document, row.duty), ())
            for upper in above.get((row.document, duty, row.holder_id), ())
            if _share_a_day(row, upper, as_of)
        )
        for row in each(misses)
    }
    return {key: tuple(_upward(key, direct)) for key, uppers in direct.items() if uppers}


def _share_a_day(one: Any, other: Any, as_of: date) -> bool:
    first, last = _days(one, as_of)
    first_other, last_other = _days(other, as_of)
    return first <= last_other and first_other <= last


def _days(finding: Any, as_of: date) -> tuple[date, date]:
    first = finding.starts if absent(finding.episode) else finding.episode
    return first, min(finding.deadline, as_of)


def _upward(key: str, direct: Mapping[str, tuple[str, ...]]) -> dict[str, None]:
    """The causes of a miss and, after them, theirs; a pack is refused where they form a circle."""
    found = dict.fromkeys(direct[key])
    for upper in direct[key]:
        found |= _upward(upper, direct)
    return found
