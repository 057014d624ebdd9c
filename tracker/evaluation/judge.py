"""The judge: one vectorised pure function from counts and dates to a status and its reason.

The same function serves the night, one subject's page and a look-back. Nothing here knows a duty,
a database or a clock; every number comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tracker.evaluation.words import Reason, Status

NO_DAY = np.iinfo("int64").min


@dataclass(frozen=True, slots=True)
class Case:
    """Arrays of one length, days as day numbers, amounts in the unit of the duty.

    least, most: the bounds (-inf, inf where there is none). done: what counts up to the deadline
    and `day`. done_late: what was done after the deadline, within the window. overdue, pending:
    what days not reported could still hold (report overdue, or not due yet). future: what the days
    after `day` up to the deadline could still hold.
    elapsed, whole: eligible days of the span spoken for, and in all. last_safe: the last day on
    which full effort from then on still meets the duty (NO_DAY where none). steady: effort is
    spread over the whole span (days on post), so that a near last safe day alone is no warning
    unless it is less than `due_soon_steady` days away.
    """

    day: int
    least: np.ndarray
    most: np.ndarray
    done: np.ndarray
    done_late: np.ndarray
    overdue: np.ndarray
    pending: np.ndarray
    future: np.ndarray
    elapsed: np.ndarray
    whole: np.ndarray
    starts: np.ndarray
    deadline: np.ndarray
    grace_ends: np.ndarray
    last_safe: np.ndarray
    warn_from: np.ndarray
    due_soon: int
    pace: float
    steady: bool
    due_soon_steady: int


Rule = tuple[np.ndarray, Status, Reason]


def judge(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Status and reason of each obligation, as integer arrays of `Status` and `Reason`. What may
    not be exceeded is met only when the window is over and every month was heard of."""
    over = case.day > case.deadline
    upcoming = case.day < case.starts
    short = np.maximum(case.least, 0) - case.done
    capped, silent = np.isfinite(case.most), case.overdue + case.pending > 0
    enough = short <= 0
    rules: list[Rule] = [
        (upcoming, Status.upcoming, Reason.none),
        (case.done > case.most, Status.breached, Reason.over_limit),
        (enough & capped & ~over, Status.on_track, Reason.none),
        (enough & capped & silent, Status.unreported, Reason.no_report),
        (enough, Status.met, Reason.none),
        *_short(case, short, over),
    ]
    return first_true(rules, len(case.done))


def _short(case: Case, short: np.ndarray, over: np.ndarray) -> list[Rule]:
    lost = short > case.overdue + case.pending + case.future
    only_unreported = short > case.pending + case.future
    in_grace = over & (case.day <= case.grace_ends)
    return [
        (over & (case.done_late > 0) & (case.done + case.done_late >= case.least)
         & ~in_grace & lost, Status.breached, Reason.done_late),
        (in_grace, Status.in_grace, Reason.short),
        (over & lost, Status.breached, Reason.short),
        (over, Status.unreported, Reason.no_report),
        (lost, Status.unreachable, Reason.short),
        (only_unreported, Status.unreported, Reason.depends_on_unreported),
        *_open(case, short),
    ]  # fmt: skip


def _open(case: Case, short: np.ndarray) -> list[Rule]:
    """The window is open and the duty can still be met: is it in time?"""
    share = case.elapsed / np.maximum(case.whole, 1)
    required = np.maximum(case.least, 0)
    needed = np.floor(required * case.pace * share)
    behind = case.done < needed
    unheard = np.where(behind, case.done + case.overdue >= needed, short <= case.overdue)
    soon = case.last_safe - case.day <= case.due_soon
    if case.steady:
        lags = case.done + case.overdue < np.floor(required * share)
        soon &= lags | (case.last_safe - case.day <= case.due_soon_steady)
    soon |= case.day >= case.warn_from
    return [
        ((soon | behind) & unheard, Status.unreported, Reason.depends_on_unreported),
        (soon & (case.last_safe != NO_DAY), Status.at_risk, Reason.due_soon),
        (behind, Status.at_risk, Reason.behind_pace),
        (short > 0, Status.on_track, Reason.none),
    ]


def first_true(rules: list[Rule], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Status and reason of the first rule that holds for each."""
    conditions = [np.broadcast_to(condition, length) for condition, _, _ in rules]
    status = np.select(conditions, [int(status) for _, status, _ in rules])
    reason = np.select(conditions, [int(reason) for _, _, reason in rules])
    return status, reason


_DECIDED_GOOD = (Status.met,)
_DECIDED_BAD = (Status.breached, Status.unreachable)


def with_other_reading(
    status: np.ndarray, reason: np.ndarray, other: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Combine with another reading's status: status, reason, and where the two differ (I4).

    Met by one reading and lost by the other is for a person. Met by one while the other can
    still go either way is not yet met: it must not turn bad at the end of the window.
    """
    good, bad = np.isin(status, _DECIDED_GOOD), np.isin(status, _DECIDED_BAD)
    other_good, other_bad = np.isin(other, _DECIDED_GOOD), np.isin(other, _DECIDED_BAD)
    differ = (good & other_bad) | (bad & other_good)
    still_open = np.isin(other, (Status.on_track, Status.at_risk))
    waiting = good & still_open
    unheard = good & np.isin(other, (Status.unreported, Status.in_grace))
    result = np.select(
        [differ, waiting, unheard], [int(Status.needs_review), int(Status.on_track), other], status
    )
    why = np.select(
        [differ, waiting, unheard],
        [int(Reason.readings_differ)] + [int(Reason.other_reading_open)] * 2,
        reason,
    )
    return result, why, differ | waiting | unheard


class Combined(NamedTuple):
    """A verdict over all readings: where any other `differs`, and which of the others tells it: the
    first whose difference is decided, else the first that differs, else the first."""

    status: np.ndarray
    reason: np.ndarray
    differs: np.ndarray
    teller: np.ndarray


def combine(status: np.ndarray, reason: np.ndarray, others: list[np.ndarray]) -> Combined:
    """The main reading's status and reason beside the statuses of one or more others."""
    each = [with_other_reading(status, reason, other) for other in others]
    decided = [differs & (one == Status.needs_review) for one, _, differs in each]
    differs = [differs for _, _, differs in each]
    teller = np.argmax(np.array(differs).astype(int) + np.array(decided), axis=0)
    rows = np.arange(len(status))
    chosen = [np.stack(part)[teller, rows] for part in zip(*each, strict=True)]
    return Combined(chosen[0], chosen[1], chosen[2], teller)
