"""The law in days: the milestones that a target is to be reached by, and the windows between them.

Where figures stand by milestone, each key is a day, or a year, meaning its last day. Pure.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tracker.policy.document import Document
from tracker.policy.duty import MILESTONE, Case, Duty


def day_of(key: str) -> date | None:
    """'2015' -> 2015-12-31, '2017-06-30' -> that day; None for any other text."""
    try:
        if re.fullmatch(r"\d{4}", key):
            return date(int(key), 12, 31)
        return date.fromisoformat(key) if re.fullmatch(r"\d{4}-\d\d-\d\d", key) else None
    except ValueError:
        return None


def milestones(duty: Duty) -> tuple[date, ...]:
    """The days on which a figure of the duty is to be reached, in order."""
    cases = (c for c in (duty.at_least, duty.at_most) if isinstance(c, Case))
    days = {day_of(key) for case in cases if case.by == MILESTONE for key in case.cases}
    return tuple(sorted(day for day in days if day))


def milestone_windows(document: Document, duty: Duty) -> list[tuple[date, date]]:
    """From the day after the milestone before to the milestone; the first begins with the year in
    which the document came into force."""
    days = milestones(duty)
    first = date(document.in_force.from_.year, 1, 1)
    opens = (first, *(day + timedelta(days=1) for day in days))
    return list(zip(opens, days, strict=False))
