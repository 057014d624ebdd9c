"""Awards: what is next for a nominee, and until when it can still be begun. Pure.

Counted back from the deadline: publicity in working days (I42), level after level (I43); every
other stage needs no days of its own unless the plan says so. Papers arrive on the deadline at the
latest, also on a rest day (I44).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from tracker.awards.record import Record
from tracker.policy.awards import AwardPlan, Branch, Publicity, Stage
from tracker.workdays import FIRST, Calendar

PUBLICITY, CONSULT = "publicity", "consult"
_AFTERWARDS = ("propose", "decide")
_HANDING_IN = "summary"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A stage still to be done: the last days on which it may begin and end; None where the
    deadline does not bind it. `ends_from`: of a publicity that is running, the first day on which
    it may end."""

    stage: Stage
    begins_by: date | None = None
    ends_by: date | None = None
    ends_from: date | None = None

    @property
    def due(self) -> date | None:
        """The last day on which it may begin, or end where it has begun."""
        return self.ends_by if self.ends_from else self.begins_by

    def in_time(self, as_of: date) -> bool:
        """Whether it can still be done in time."""
        return self.due is None or max(as_of, self.ends_from or as_of) <= self.due

    @property
    def too_late_from(self) -> date | None:
        """The first day on which it is too late."""
        return self.due + _DAY if self.due else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stages still ahead of a nominee, in order, as of a day."""

    ahead: tuple[Ahead, ...]
    as_of: date

    @property
    def next(self) -> Ahead | None:
        """The next step; None where everything is done."""
        return self.ahead[0] if self.ahead else None

    @property
    def feasible(self) -> bool:
        """Whether the deadline can still be met."""
        return all(step.in_time(self.as_of) for step in self.ahead)


def timeline(
    plan: AwardPlan, branch: Branch, record: Record, as_of: date, calendar: Calendar
) -> Timeline:
    """What is still to be done, and until when, for a record as it stands on the day."""
    bound = {step.stage.id: step for step in latest(plan, branch, calendar)}
    ahead = []
    for stage in branch.stages:
        if stage.id not in record.stages:
            step, running = bound.get(stage.id, Ahead(stage)), record.postings.get(stage.id)
            if running:
                ends_from = first_end(plan.publicity, stage, running.starts_on, calendar)
                step = replace(step, ends_from=ends_from)
            ahead.append(step)
    return Timeline(tuple(ahead), as_of)


def latest(plan: AwardPlan, branch: Branch, calendar: Calendar) -> list[Ahead]:
    """The stages up to the handing in, in order, each with the last days on which it may begin and
    end; none where nothing is handed in."""
    found: list[Ahead] = []
    if not branch.hands_in:
        return found
    limit = public_until = plan.deadline.on
    for stage in reversed(handed_in(branch)):
        is_public = stage.does == PUBLICITY
        sequential = is_public and plan.publicity.sequential
        ends = min(limit, public_until) if sequential else public_until if is_public else limit
        begins = min(limit, _begins_by(plan, stage, ends, calendar))
        if sequential:
            public_until = begins - _DAY
        found.append(Ahead(stage, begins, ends))
        limit = begins
    return found[::-1]


def handed_in(branch: Branch) -> tuple[Stage, ...]:
    """The stages up to the handing in of the papers, which is the last summary (汇总、报送); what
    the receiving side proposes, reviews and decides afterwards is not bound by the deadline."""
    stages = branch.stages
    ends = [n for n, s in enumerate(stages, start=1) if s.does == _HANDING_IN] or [
        n for n, s in enumerate(stages, start=1) if s.does not in _AFTERWARDS
    ]
    return stages[: max(ends, default=0)]


def before_nomination(branch: Branch) -> tuple[Stage, ...]:
    """The stages that must be done before the nomination: all up to the handing in itself."""
    stages = handed_in(branch)
    while stages and stages[-1].does == _HANDING_IN:
        stages = stages[:-1]
    return stages


def served(publicity: Publicity, first: date, last: date, calendar: Calendar) -> int:
    """The working days that a list was public, from its posting to its last day (I42)."""
    begins = first if publicity.first_day_counts else first + _DAY
    return int(calendar.working_days(begins, last))


def days_needed(publicity: Publicity, stage: Stage) -> int:
    """The working days that a publicity must last; a stage may have its own."""
    return stage.working_days or publicity.working_days


def first_end(publicity: Publicity, stage: Stage, first: date, calendar: Calendar) -> date:
    """The first day on which a list posted on `first` may be taken down."""
    counts = publicity.first_day_counts and bool(calendar.is_working(first))
    more = days_needed(publicity, stage) - counts
    return cast(date, calendar.add_working_days(first, more).item())


def _begins_by(plan: AwardPlan, stage: Stage, ends: date, calendar: Calendar) -> date:
    """The last day on which a stage that ends on `ends` may begin. A posting day that does not
    count is the day before the first that does, also a rest day."""
    is_public = stage.does == PUBLICITY
    needs = days_needed(plan.publicity, stage) if is_public else stage.working_days
    if not needs:
        return ends
    first = cast(date, calendar.nth_working_day_from_end(FIRST, ends, needs).item())
    return first - _DAY if is_public and not plan.publicity.first_day_counts else first
