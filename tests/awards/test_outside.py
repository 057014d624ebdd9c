"""What lives outside the program: opinions, publicity, papers, the deadline, to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.awards.gating import PLAN, ruling, shipped_plan
from tests.scenarios.world import shipped_law
from tracker.awards import outside
from tracker.awards.gate import Answer, Clause, Outcome
from tracker.awards.record import Complaint, Opinion, Paper, Posting, Record
from tracker.policy.awards import AwardPlan
from tracker.workdays import calendar_for

TODAY = date(2020, 12, 18)
PASSED, FAILED = Outcome.passed, Outcome.failed
UNKNOWN, PERSON = Outcome.unknown, Outcome.person


def asked(
    record: Record, kind: str = "captain", award: str = "helping.individual",
    as_of: date = TODAY, plan: AwardPlan | None = None,
) -> dict[str, Clause]:  # fmt: skip
    """The clauses by what they are about."""
    plan, law = plan or shipped_plan(), shipped_law()
    found = outside.clauses(
        plan, plan.award(award), plan.branch(plan.award(award).kinds[kind]), record, as_of,
        calendar_for(law.calendar, law.pack(PLAN).document.area.code), law.vocabulary.organs,
    )  # fmt: skip
    return {clause.check: clause for clause in found}


def opinion(agrees: bool, on: date = TODAY, **said: Any) -> Opinion:
    return Opinion(agrees, on, "无违纪记录" if agrees else "正在调查", "示公函1号", **said)


def test_nothing_recorded_is_unknown_and_leaves_papers_to_be_completed() -> None:
    found = asked(Record())

    assert list(found) == [
        "organ.discipline", "organ.police", "organ.market", "organ.tax", "organ.health",
        "stage.county_publicity", "stage.city_publicity", "approval_form", "deeds", "deadline",
    ]  # fmt: skip
    assert {c.outcome for c in found.values()} == {UNKNOWN, PASSED}
    assert found["deadline"].outcome is PASSED


@pytest.mark.parametrize(
    ("kind", "organs"),
    [
        ("central_unit", {"discipline", "police", "market", "tax"}),
        ("east_west_unit", {"original_unit"}),
        ("private_enterprise_outside", {"discipline", "police", "market", "tax", "health"}),
        ("troops", set()),
    ],
)
def test_each_branch_asks_its_own_organs(kind: str, organs: set[str]) -> None:
    found = asked(Record(), kind, "helping.collective")

    assert {c.removeprefix("organ.") for c in found if c.startswith("organ.")} == organs
    assert ("stage.consult" in found) == (not organs)


@pytest.mark.parametrize(
    ("record", "outcome", "answer", "told"),
    [
        (Record(asked={"tax": TODAY}), UNKNOWN, Answer.incomplete, "还没有答复"),
        (Record(opinions={"tax": opinion(True)}), PASSED, Answer.eligible, "同意"),
        (Record(opinions={"tax": opinion(False)}), PERSON, Answer.on_hold, "由人认定"),
    ],
)
def test_an_opinion_passes_or_needs_a_person(
    record: Record, outcome: Outcome, answer: Answer, told: str
) -> None:
    found = asked(record)["organ.tax"]

    assert (found.outcome, found.answer) == (outcome, answer)
    assert told in found.text


@pytest.mark.parametrize(
    ("passed", "on", "outcome", "answer"),
    [
        (True, TODAY, PASSED, Answer.eligible),
        (False, TODAY, FAILED, Answer.barred),
        (True, date(2020, 12, 17), PERSON, Answer.on_hold),
    ],
)
def test_a_person_settles_an_objection_but_not_one_that_came_later(
    passed: bool, on: date, outcome: Outcome, answer: Answer
) -> None:
    record = Record(
        opinions={"tax": opinion(False)}, judged={"organ.tax": ruling(passed, on)}
    )  # fmt: skip

    found = asked(record)["organ.tax"]
    assert (found.outcome, found.answer) == (outcome, answer)


def test_one_opinion_more_than_the_branch_asks_is_kept_with_a_note() -> None:
    record = Record(opinions={"health": opinion(True, asked_for=False)})

    found = asked(record, "central_unit", "helping.collective")["organ.health"]
    assert found.outcome is PASSED
    assert "不在本渠道应征求的部门之列" in found.text


def posted(first: date, last: date, **said: Any) -> Record:
    """The county's list, public from the first to the last day."""
    posting = Posting("county_publicity", first, last, said.pop("down", last))
    return Record(postings={"county_publicity": posting}, **said)


# 28, 29, 30 September, then the holidays, 9 October, and the make-up Saturday 10 October 2020.
@pytest.mark.parametrize(
    ("last", "counts_posting_day", "outcome"),
    [
        (date(2020, 10, 9), True, FAILED),
        (date(2020, 10, 10), True, PASSED),
        (date(2020, 10, 11), True, PASSED),
        (date(2020, 10, 10), False, FAILED),
        (date(2020, 10, 11), False, FAILED),
        (date(2020, 10, 12), False, PASSED),
    ],
)
def test_publicity_counts_working_days_over_holidays_and_make_up_days(
    last: date, counts_posting_day: bool, outcome: Outcome
) -> None:
    plan = shipped_plan()
    rule = plan.publicity.model_copy(update={"first_day_counts": counts_posting_day})
    plan = plan.model_copy(update={"publicity_": rule})

    found = asked(posted(date(2020, 9, 28), last), plan=plan)["stage.county_publicity"]
    assert (found.outcome, found.interpretation) == (outcome, "I42、I43")
    assert ("须重新公示" in found.text) == (outcome is FAILED)
    assert found.answer is (Answer.incomplete if outcome is FAILED else Answer.eligible)


@pytest.mark.parametrize(
    ("as_of", "told"), [(date(2020, 12, 8), "公示中"), (date(2020, 12, 9), "5 个工作日")]
)
def test_publicity_runs_until_its_last_day_has_passed(as_of: date, told: str) -> None:
    record = posted(date(2020, 12, 2), date(2020, 12, 8), down=None)

    found = asked(record, as_of=as_of)["stage.county_publicity"]
    assert told in found.text
    assert found.outcome is (UNKNOWN if told == "公示中" else PASSED)


@pytest.mark.parametrize(("first", "outcome"), [(8, FAILED), (9, PASSED)])
def test_the_city_begins_after_the_county_has_ended(first: int, outcome: Outcome) -> None:
    record = posted(date(2020, 12, 2), date(2020, 12, 8))
    city = Posting("city_publicity", date(2020, 12, first), TODAY, TODAY)

    found = asked(replace(record, postings={**record.postings, "city_publicity": city}))
    assert found["stage.city_publicity"].outcome is outcome


@pytest.mark.parametrize(("closed_on", "outcome"), [(None, PERSON), (TODAY, PASSED)])
def test_an_open_complaint_needs_a_person(closed_on: date | None, outcome: Outcome) -> None:
    told = Complaint(1, "county_publicity", TODAY, "事迹不实", closed_on)
    record = posted(date(2020, 12, 2), date(2020, 12, 8), complaints=(told,))

    assert asked(record)["stage.county_publicity"].outcome is outcome


GOOD: dict[str, Any] = {
    "on": TODAY, "copies": 3, "double_sided": True, "characters": 2000,
    "media": ("electronic", "paper"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("characters", "outcome", "answer"),
    [
        (1999, PASSED, Answer.eligible),
        (2000, PASSED, Answer.eligible),
        (2001, FAILED, Answer.incomplete),
        (None, UNKNOWN, Answer.incomplete),
    ],
)
def test_deeds_of_2000_characters_and_not_one_more(
    characters: int | None, outcome: Outcome, answer: Answer
) -> None:
    paper = Paper(**{**GOOD, "characters": characters})

    found = asked(Record(materials={"deeds": paper}))["deeds"]
    assert (found.outcome, found.answer) == (outcome, answer)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "收到"),
        ({"copies": 2}, "收到 2 份，应为 3 份"),
        ({"double_sided": False}, "应双面打印"),
        ({"media": ("paper",)}, "缺电子版"),
    ],
)
def test_a_form_is_wanted_in_three_double_sided_copies_and_both_media(
    wrong: dict[str, Any], told: str
) -> None:
    found = asked(Record(materials={"approval_form": Paper(**{**GOOD, **wrong})}))["approval_form"]

    assert told in found.text
    assert found.outcome is (FAILED if wrong else PASSED)


def test_all_that_is_wrong_with_a_paper_is_told_at_once() -> None:
    paper = Paper(TODAY, 1, False, None, ())
    found = asked(Record(materials={"approval_form": paper}))["approval_form"]

    assert found.text.count("；") == 2


@pytest.mark.parametrize(
    ("day", "outcome", "told"),
    [(19, PASSED, "还有 1 天"), (20, PASSED, "就在今天"), (21, FAILED, "已过")],
)
def test_the_deadline_day_itself_is_in_time_although_a_sunday(
    day: int, outcome: Outcome, told: str
) -> None:
    found = asked(Record(), as_of=date(2020, 12, day))["deadline"]

    assert (found.outcome, told in found.text) == (outcome, True)
    assert found.answer is (Answer.barred if outcome is FAILED else Answer.eligible)


@pytest.mark.parametrize(("done", "outcome"), [(20, PASSED), (21, FAILED)])
def test_what_was_handed_in_in_time_stays_so(done: int, outcome: Outcome) -> None:
    record = Record(stages={"submit": date(2020, 12, done)})

    assert asked(record, as_of=date(2021, 3, 1))["deadline"].outcome is outcome


def test_a_delay_that_was_allowed_is_shown_with_its_reason() -> None:
    record = Record(excused={"deadline": ruling()})

    found = asked(record, as_of=date(2020, 12, 21))["deadline"]
    assert (found.outcome, "事迹特别突出" in found.text) == (PASSED, True)
