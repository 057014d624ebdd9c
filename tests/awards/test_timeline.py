"""Latest starts counted back from a deadline, and the length of a publicity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.world import shipped_law
from tracker.awards.record import Posting, Record
from tracker.awards.timeline import (
    PUBLICITY,
    before_nomination,
    first_end,
    handed_in,
    latest,
    served,
    timeline,
)
from tracker.policy.awards import AwardPlan, Branch, Publicity, Stage
from tracker.workdays import calendar_for

CALENDAR = calendar_for(shipped_law().calendar)
DAY = timedelta(days=1)


def plan_2020() -> AwardPlan:
    plan = shipped_law().pack("gansu-2020-41").awards
    assert plan
    return plan


def plan_of(deadline: date, days: int, *, first_day_counts: bool, sequential: bool) -> AwardPlan:
    """The shipped plan with another deadline and another rule of publicity."""
    plan = plan_2020()
    publicity = plan.publicity.model_copy(
        update={
            "working_days": days, "first_day_counts": first_day_counts, "sequential": sequential,
        }
    )  # fmt: skip
    ends = plan.deadline.model_copy(update={"on": deadline})
    return plan.model_copy(update={"publicity_": publicity, "deadline": ends})


def rule(days: int, *, first_day_counts: bool = True) -> Publicity:
    return plan_of(
        date(2020, 12, 20), days, first_day_counts=first_day_counts, sequential=True
    ).publicity


def branch(*stages: tuple[str, str]) -> Branch:
    made = tuple(Stage(id=name, name=name, by="县", does=does) for name, does in stages)
    return Branch(id="way", name="way", stages=made, cite="一")


LEVEL = Stage(id="level", name="公示", by="县", does="publicity")


# ---- the shipped plan, December 2020


def by_stage(branch_id: str, calendar_days: str = "begins_by") -> dict[str, date]:
    plan = plan_2020()
    return {
        step.stage.id: getattr(step, calendar_days)
        for step in latest(plan, plan.branch(branch_id), CALENDAR)
    }


def test_two_rounds_before_the_20th_must_begin_on_the_7th_and_the_14th() -> None:
    # On paper: 12-20 is a Sunday, 12-19 a Saturday. Five working days back from there:
    # 12-18, 12-17, 12-16, 12-15, 12-14 (Monday): the city's last start. The county must have
    # ended before 12-14, so five more back: 12-11, 12-10, 12-09, 12-08, 12-07 (Monday).
    assert by_stage("local") == {
        "county_list": date(2020, 12, 7), "consult": date(2020, 12, 7),
        "county_review": date(2020, 12, 7), "county_publicity": date(2020, 12, 7),
        "city_summary": date(2020, 12, 14), "city_review": date(2020, 12, 14),
        "city_publicity": date(2020, 12, 14), "submit": date(2020, 12, 20),
    }  # fmt: skip
    assert by_stage("local", "ends_by")["county_publicity"] == date(2020, 12, 13)


def test_what_the_province_does_with_the_papers_is_not_bound_by_the_deadline() -> None:
    plan = plan_2020()
    local = plan.branch("local")

    assert handed_in(local)[-1].id == "submit"
    assert before_nomination(local)[-1].id == "city_publicity"
    found = timeline(plan, local, Record(), date(2020, 12, 21), CALENDAR)
    unbound = [step.stage.id for step in found.ahead if step.due is None]
    assert unbound == ["office_review", "decide"]


def test_three_rounds_must_begin_on_the_day_the_plan_was_issued() -> None:
    # Lead unit 12-14..12-18, city 12-07..12-11, county 11-30..12-04: fifteen working days.
    assert by_stage("sector")["county_publicity"] == date(2020, 11, 30)


def record(*done: str, **postings: Posting) -> Record:
    return Record(dict.fromkeys(done, date(2020, 12, 1)), postings=postings)


@pytest.mark.parametrize(
    ("as_of", "feasible"),
    [(date(2020, 12, 6), True), (date(2020, 12, 7), True), (date(2020, 12, 8), False)],
)
def test_a_county_round_not_begun_on_its_last_day_is_too_late(as_of: date, feasible: bool) -> None:
    plan = plan_2020()
    stands = record("county_list", "consult", "county_review")
    found = timeline(plan, plan.branch("local"), stands, as_of, CALENDAR)

    assert found.next
    assert found.next.stage.id == "county_publicity"
    assert found.next.too_late_from == date(2020, 12, 8)
    assert found.feasible is feasible


@pytest.mark.parametrize(
    ("starts", "ends_from", "feasible"),
    [
        (date(2020, 12, 4), date(2020, 12, 10), True),
        (date(2020, 12, 7), date(2020, 12, 11), True),
        (date(2020, 12, 8), date(2020, 12, 14), False),
    ],
)
def test_a_round_that_runs_is_in_time_if_it_ends_before_the_next_must_begin(
    starts: date, ends_from: date, feasible: bool
) -> None:
    plan = plan_2020()
    running = Posting("county_publicity", starts, ends_from)
    stands = record("county_list", "consult", "county_review", county_publicity=running)
    found = timeline(plan, plan.branch("local"), stands, date(2020, 12, 8), CALENDAR)

    assert found.next
    assert (found.next.ends_from, found.next.due) == (ends_from, date(2020, 12, 13))
    assert found.feasible is feasible


@pytest.mark.parametrize(
    ("as_of", "feasible"),
    [(date(2020, 12, 19), True), (date(2020, 12, 20), True), (date(2020, 12, 21), False)],
)
def test_papers_arrive_on_the_deadline_though_it_is_a_sunday(as_of: date, feasible: bool) -> None:
    plan = plan_2020()
    way = plan.branch("local")
    stands = record(*(stage.id for stage in before_nomination(way)))

    assert timeline(plan, way, stands, as_of, CALENDAR).feasible is feasible


def test_a_nominee_whose_way_is_done_has_no_next_step() -> None:
    plan = plan_2020()
    way = plan.branch("local")
    found = timeline(plan, way, record(*(s.id for s in way.stages)), date(2021, 1, 4), CALENDAR)

    assert (found.next, found.feasible) == (None, True)


# ---- the length of a publicity


@pytest.mark.parametrize(
    ("last", "days"),
    [(date(2020, 12, 7), 4), (date(2020, 12, 8), 5), (date(2020, 12, 9), 6)],
)
def test_both_the_first_and_the_last_day_count(last: date, days: int) -> None:
    assert served(rule(5), date(2020, 12, 2), last, CALENDAR) == days


# 2020: rest from Thursday 10-01 to Thursday 10-08; make-up days Sunday 09-27, Saturday 10-10.
@pytest.mark.parametrize(
    ("first", "ends"),
    [
        (date(2020, 9, 25), date(2020, 9, 30)),  # 25, 27 (Sunday), 28, 29, 30
        (date(2020, 9, 26), date(2020, 10, 9)),  # a Saturday: 27, 28, 29, 30, 10-09
        (date(2020, 9, 27), date(2020, 10, 9)),  # the make-up Sunday counts itself
        (date(2020, 9, 29), date(2020, 10, 12)),  # 29, 30, 10-09, 10 (Saturday), 12
        (date(2020, 10, 1), date(2020, 10, 14)),  # 09, 10, 12, 13, 14
    ],
)
def test_national_day_and_its_make_up_days_are_respected(first: date, ends: date) -> None:
    asked = rule(5)
    assert first_end(asked, LEVEL, first, CALENDAR) == ends
    assert served(asked, first, ends, CALENDAR) == 5
    assert served(asked, first, ends - DAY, CALENDAR) == 4


def test_where_the_posting_day_does_not_count_a_publicity_ends_a_day_later() -> None:
    strict = rule(5, first_day_counts=False)
    assert first_end(strict, LEVEL, date(2020, 12, 2), CALENDAR) == date(2020, 12, 9)
    assert served(strict, date(2020, 12, 2), date(2020, 12, 8), CALENDAR) == 4


def test_a_stage_with_working_days_of_its_own_uses_them() -> None:
    own = Stage(id="own", name="公示", by="县", does="publicity", working_days=2)
    assert first_end(rule(5), own, date(2020, 12, 4), CALENDAR) == date(2020, 12, 7)
    review = Stage(id="review", name="核实", by="县", does="review", working_days=2)
    submit = Stage(id="submit", name="报送", by="县", does="summary")
    way = Branch(id="way", name="way", stages=(review, submit), cite="一")
    begins = [step.begins_by for step in latest(plan_2020(), way, CALENDAR)]
    assert begins == [date(2020, 12, 17), date(2020, 12, 20)]


def test_levels_that_may_overlap_begin_on_the_same_last_day() -> None:
    plan = plan_of(date(2020, 12, 20), 5, first_day_counts=True, sequential=False)
    way = branch(("town", "publicity"), ("county", "publicity"), ("submit", "summary"))
    begins = [(step.begins_by, step.ends_by) for step in latest(plan, way, CALENDAR)]
    last = date(2020, 12, 20)
    assert begins == [(date(2020, 12, 14), last), (date(2020, 12, 14), last), (last, last)]


# ---- stepping forward


def finished(plan: AwardPlan, way: Branch, first: date) -> date:
    """The day the papers arrive when the first stage begins on `first` and nothing waits: walked
    day by day, without the arithmetic of the timeline."""
    day, below_ended = first, None
    for stage in handed_in(way):
        if stage.does != PUBLICITY:
            continue
        while below_ended is not None and day <= below_ended:
            day += DAY
        counted = int(plan.publicity.first_day_counts and bool(CALENDAR.is_working(day)))
        while counted < plan.publicity.working_days:
            day += DAY
            counted += bool(CALENDAR.is_working(day))
        below_ended = day
    return day


ROUNDS = st.integers(min_value=0, max_value=3)
DEADLINES = st.dates(date(2015, 1, 1), date(2024, 12, 31))


@given(DEADLINES, ROUNDS, st.integers(min_value=1, max_value=10), st.booleans())
def test_stepping_forward_from_the_latest_start_meets_the_deadline_and_one_day_later_does_not(
    deadline: date, rounds: int, days: int, first_day_counts: bool
) -> None:
    plan = plan_of(deadline, days, first_day_counts=first_day_counts, sequential=True)
    levels = [("list", "list")]
    for level in ("town", "county", "city")[:rounds]:
        levels += [(f"{level}_review", "review"), (level, "publicity")]
    way = branch(*levels, ("submit", "summary"), ("decide", "decide"))
    start = latest(plan, way, CALENDAR)[0].begins_by
    assert start

    assert finished(plan, way, start) <= deadline
    following = cast(date, CALENDAR.add_working_days(start, 1).item())
    assert finished(plan, way, following if rounds else start + DAY) > deadline


@given(DEADLINES, st.integers(min_value=1, max_value=10), st.booleans())
def test_the_first_end_is_the_first_day_on_which_enough_days_were_served(
    first: date, days: int, first_day_counts: bool
) -> None:
    asked = rule(days, first_day_counts=first_day_counts)
    ends = first_end(asked, LEVEL, first, CALENDAR)
    assert served(asked, first, ends, CALENDAR) >= days
    assert ends == first or served(asked, first, ends - DAY, CALENDAR) < days
