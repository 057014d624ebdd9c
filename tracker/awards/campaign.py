"""Awards: how a campaign stands: places used and left, the deadline, whom it is getting late for.

What the document's own figures do not agree on, and what stands in an annex that is not at hand, is
told and never repaired (I50, I51).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.awards.nomination_desk import calendar_of, plan_of, plans
from tracker.awards.nominations import LIVE, Filed, branch_of, load_all
from tracker.awards.quotas import Places, places
from tracker.awards.timeline import Timeline, timeline
from tracker.policy.awards import AwardPlan
from tracker.policy.law import Law
from tracker.workdays import calendar_for


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A live nomination and the stages ahead of it. `days_left`: working days up to the last day
    of its next step, that day and today included; None where no deadline binds it."""

    filed: Filed
    timeline: Timeline
    days_left: int | None

    @property
    def is_late(self) -> bool:
        """Whether the deadline cannot be met any more."""
        return not self.timeline.feasible


@dataclass(frozen=True, slots=True)
class Overview:
    """A campaign on a day. `unknown`: (award, annex) whose numbers by area are not at hand;
    `mismatches`: (award, what does not agree); `days_left`: working days up to the deadline, that
    day and today included; `pressing`: nominees for whom it is too late, or nearly."""

    plan: AwardPlan
    as_of: date
    places: tuple[Places, ...]
    unknown: tuple[tuple[str, str], ...]
    mismatches: tuple[tuple[str, str], ...]
    days_left: int
    pressing: tuple[OnItsWay, ...]


def overview(
    connection: sa.Connection, law: Law, document: str, as_of: date,
    known_at: datetime | None = None,
) -> Overview:  # fmt: skip
    """How the campaign of one plan stands. Raises LuzeError where there is no such plan."""
    plan = plan_of(law, document)
    filed = load_all(connection, document, as_of=as_of, known_at=known_at)
    calendar = calendar_for(law.calendar, law.pack(document).document.area.code)
    return Overview(
        plan, as_of,
        tuple(found for award in plan.awards for found in places(plan, award, filed)),
        tuple((a.name, a.quota.missing) for a in plan.awards if a.quota.missing),
        tuple((a.name, a.quota.mismatch) for a in plan.awards if a.quota.mismatch),
        int(calendar.working_days(as_of, plan.deadline.on)),
        tuple(_pressing(law, plan, filed, as_of)),
    )  # fmt: skip


def late(
    connection: sa.Connection, law: Law, as_of: date, known_at: datetime | None = None,
    within: int | None = None,
) -> list[OnItsWay]:  # fmt: skip
    """Live nominees of every plan that cannot make it any more, or whose next step must begin
    (or end) within so many working days; by default as many as one publicity lasts."""
    return [
        one
        for pack in plans(law)
        if pack.awards
        for one in _pressing(
            law, pack.awards, load_all(connection, pack.document.id, None, None, as_of, known_at),
            as_of, within,
        )
    ]  # fmt: skip


def on_its_way(law: Law, filed: Filed, as_of: date) -> OnItsWay:
    """One nomination with the stages ahead of it on a day."""
    nominee = filed.nominee
    plan, calendar = plan_of(law, nominee.document), calendar_of(law, nominee)
    branch = branch_of(plan, plan.award(nominee.award), nominee.kind)
    found = timeline(plan, branch, filed.record, as_of, calendar)
    due = found.next.due if found.next else None
    return OnItsWay(filed, found, int(calendar.working_days(as_of, due)) if due else None)


def _pressing(
    law: Law, plan: AwardPlan, filed: Sequence[Filed], as_of: date, within: int | None = None
) -> list[OnItsWay]:
    near = _near(plan) if within is None else within
    ways = [on_its_way(law, one, as_of) for one in filed if one.state in LIVE]
    return [
        way for way in ways
        if way.is_late or (way.days_left is not None and way.days_left <= near)
    ]  # fmt: skip


def _near(plan: AwardPlan) -> int:
    """A step is near when one publicity would last as long as there is time for it."""
    return plan.publicity_.working_days if plan.publicity_ else 0
