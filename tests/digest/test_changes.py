"""Changes: what is new, cured, soon due or missing between two states, to the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from tracker.digest import changes
from tracker.digest.figures import figures
from tracker.evaluation.words import Reason, Status

TODAY = date(2020, 1, 6)
DAYS = figures().due_within
TROUBLE = {"breached", "unreachable"}


def finding(status: str, key: str = "a", **said: Any) -> dict[str, Any]:
    return {
        "key": key, "status": status, "reason": Reason.none.name, "last_safe_on": None,
        "grace_ends": date(2021, 1, 8), "closes": date(2020, 12, 31), **said,
    }  # fmt: skip


def state(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = list(finding("met"))
    return pd.DataFrame(rows, columns=columns, dtype=object)


def keys(rows: pd.DataFrame) -> list[str]:
    return list(rows["key"])


@pytest.mark.parametrize("now", [status.name for status in Status])
@pytest.mark.parametrize("then", [*(status.name for status in Status), ""])
def test_new_is_what_came_into_trouble_since_then(now: str, then: str) -> None:
    before = state(finding(then)) if then else state()
    found = changes.new(state(finding(now)), before)
    assert keys(found) == (["a"] if now in TROUBLE and then not in TROUBLE else [])


@pytest.mark.parametrize("then", [status.name for status in Status])
def test_resolved_is_what_left_trouble_by_being_done_or_excused(then: str) -> None:
    found = changes.resolved(state(finding("met")), state(finding(then)))
    assert keys(found) == (["a"] if then in TROUBLE else [])


@pytest.mark.parametrize("now", ["unreported", "needs_review", "at_risk", "in_grace", "breached"])
def test_a_shortfall_that_is_only_less_certain_is_not_resolved(now: str) -> None:
    assert keys(changes.resolved(state(finding(now)), state(finding("breached")))) == []


def test_a_duty_no_longer_owed_is_resolved() -> None:
    gone = finding("not_applicable", reason=Reason.no_longer_owed.name)
    assert keys(changes.resolved(state(gone), state(finding("breached")))) == ["a"]


@pytest.mark.parametrize(
    ("ahead", "soon"), [(-1, False), (0, True), (1, True), (DAYS - 1, True), (DAYS, True),
                        (DAYS + 1, False)],
)  # fmt: skip
@pytest.mark.parametrize("status", ["on_track", "at_risk"])
def test_due_soon_counts_the_days_to_the_last_safe_date(
    status: str, ahead: int, soon: bool
) -> None:
    day = TODAY + timedelta(ahead)
    found = changes.due_soon(state(finding(status, last_safe_on=day)), TODAY, TODAY, DAYS)
    assert list(found["day"]) == ([day] if soon else [])


@pytest.mark.parametrize(
    ("ahead", "soon"), [(-1, False), (0, True), (DAYS, True), (DAYS + 1, False)]
)
def test_in_grace_the_end_of_the_grace_is_the_day(ahead: int, soon: bool) -> None:
    day = TODAY + timedelta(ahead)
    row = finding("in_grace", grace_ends=day, last_safe_on=TODAY - timedelta(30))
    found = changes.due_soon(state(row), TODAY, TODAY, DAYS)
    assert list(found["day"]) == ([day] if soon else [])


@pytest.mark.parametrize(("ahead", "soon"), [(-4, False), (-3, True), (-1, True)])
def test_what_fell_due_since_the_last_check_is_still_told(ahead: int, soon: bool) -> None:
    day, night = TODAY + timedelta(ahead), TODAY - timedelta(3)
    found = changes.due_soon(state(finding("on_track", last_safe_on=day)), night, TODAY, DAYS)
    assert list(found["day"]) == ([day] if soon else [])


@pytest.mark.parametrize("status", ["met", "breached", "waived", "unreported", "unreachable"])
def test_what_is_done_or_lost_is_not_due(status: str) -> None:
    assert changes.due_soon(state(finding(status, last_safe_on=TODAY)), TODAY, TODAY, DAYS).empty


def test_counts_tell_now_and_then() -> None:
    now = state(finding("breached", "a"), finding("breached", "b"), finding("met", "c"))
    then = state(finding("breached", "a"), finding("unreported", "c"))
    told = {
        count.name: (count.now, count.then, count.change) for count in changes.counts(now, then)
    }
    assert told["未达标"] == (2, 1, "+1")
    assert told["未报送"] == (0, 1, "-1")
    assert told["有风险"] == (0, 0, "0")


def test_without_an_earlier_check_there_is_no_change() -> None:
    (first, *_) = changes.counts(state(finding("breached")), None)
    assert (first.now, first.then, first.change) == (1, None, "")


@pytest.mark.parametrize(("ago", "counted"), [(399, True), (400, True), (401, False)])
def test_windows_long_past_are_no_longer_counted(ago: int, counted: bool) -> None:
    old = state(finding("breached", closes=TODAY - timedelta(ago)))
    assert len(changes.judged(old, TODAY)) == counted
