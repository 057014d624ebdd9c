"""What the new columns say: gravest first, alike together, a day only where all blocks end."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.awards import slate_told as told
from tracker.awards.gate import Answer, Clause, Outcome, decide
from tracker.awards.nominee import Nominee
from tracker.awards.slate import Entry
from tracker.awards.slate_review import Reviewed
from tracker.awards.verdict import Verdict

SOON, LATE = date(2020, 12, 31), date(2021, 12, 31)
PERSON = Outcome.person


def clause(
    answer: Answer, text: str = "处分：查实", cite: str = "甲号 一", ends_on: date | None = None,
    number: str = "", outcome: Outcome = Outcome.failed,
) -> Clause:  # fmt: skip
    return Clause(answer, cite, text, number, ends_on, outcome)


def row(*clauses: Clause, messages: tuple[str, ...] = ()) -> Reviewed:
    nominee = Nominee("甲", "奖", "", "赵甲", "", 1, "")
    verdict = Verdict(decide(clauses), clauses, nominee, date(2020, 12, 1))
    return Reviewed(Entry("表", 3, "赵甲"), 1, None, verdict, messages)


@pytest.mark.parametrize(
    ("ends", "day"), [((SOON, LATE), LATE), ((LATE, None), None), ((None,), None), ((), None)]
)
def test_the_day_of_release_is_the_last_of_all_bars_and_none_where_one_is_open(
    ends: tuple[date | None, ...], day: date | None
) -> None:
    held = clause(Answer.on_hold)
    assert told.free_on(row(held, *(clause(Answer.barred, ends_on=end) for end in ends))) == day


def test_reasons_are_told_the_gravest_first_and_what_lacks_beside_them() -> None:
    found = row(
        clause(Answer.incomplete, "征求税务意见：还没有征求意见"),
        clause(Answer.on_hold, "类别：方案没有列名", outcome=PERSON),
        clause(Answer.barred, "处分：查实"),
        clause(Answer.incomplete, "征求公安意见：还没有征求意见"),
        clause(Answer.incomplete, "条件：还没有登记。条件：很长的话"),
        clause(Answer.eligible, "期限：未过"),
    )
    assert told.reasons(found) == ["处分：查实", "类别：方案没有列名（需人认定）"]
    assert told.missing(found) == ["还没有征求意见：征求税务意见、征求公安意见", "条件：还没有登记"]


def test_cites_stand_by_document_each_once_and_interpretations_after_them() -> None:
    found = row(
        clause(Answer.barred, cite="甲号 一(一)", number="I1、I2"),
        clause(Answer.on_hold, cite="乙号 九", number="I2"),
        clause(Answer.incomplete, cite="甲号 一(一)"), clause(Answer.incomplete, cite="甲号 二"),
        clause(Answer.eligible, cite="丙号 三", number="I9"),
        clause(Answer.barred, cite="本地设置"),
    )  # fmt: skip
    assert told.cites(found) == ["甲号 一(一)、二", "乙号 九", "本地设置", "口径 I1、I2"]


def test_one_that_passed_everything_says_so() -> None:
    found = row(clause(Answer.eligible))
    assert told.told_answer(found) == "√ 可推荐"
    assert told.reasons(found) == ["各项条款均已通过"]
    assert (told.missing(found), told.cites(found), told.first_reason(found)) == ([], [], "")


def test_where_there_is_room_for_one_the_gravest_is_told_with_how_many_there_are() -> None:
    found = row(clause(Answer.on_hold), clause(Answer.barred, "甲：乙"), clause(Answer.barred))
    assert told.first_reason(found) == "甲：乙（等 2 项）"


def test_how_a_row_was_understood_goes_before_what_it_lacks_not_before_what_speaks_against_it() -> (
    None
):
    understood = ("登记资料中没有",)
    lacking = row(clause(Answer.incomplete, "甲：没有"), messages=understood)
    barred = row(clause(Answer.barred, "乙：查实"), messages=understood)
    assert told.first_reason(lacking) == "登记资料中没有（等 2 项）"
    assert told.first_reason(barred) == "乙：查实"


@pytest.mark.parametrize(("length", "whole"), [(72, True), (73, False)])
def test_a_long_clause_is_told_by_its_beginning(length: int, whole: bool) -> None:
    text = "甲" * length
    said = told.first_reason(row(clause(Answer.barred, text)))
    assert len(said) == 72
    assert (said == text) is whole


def test_a_row_not_judged_tells_why() -> None:
    found = Reviewed(Entry("表", 3), None, None, None, ("没有填写“姓名”",))
    assert told.told_answer(found) == told.NOT_JUDGED
    assert told.first_reason(found) == "没有填写“姓名”"
    assert told.free_on(found) is None
