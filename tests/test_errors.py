"""A refusal says what, where, why and what to do, all defects at once."""

from __future__ import annotations

import pytest

from tracker import errors
from tracker.errors import LuzeError, Problem


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("日期早于登记日"), "日期早于登记日"),
        (Problem("日期早于登记日", where="走访!C7"), "走访!C7：日期早于登记日"),
        (Problem("日期不明", fix="请写成 2019-07-31"), "日期不明 → 请写成 2019-07-31"),
        (Problem("日期不明", "走访!C7", "请补填"), "走访!C7：日期不明 → 请补填"),
    ],
)
def test_a_problem_reads_as_place_defect_remedy(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_refusal_alone_is_one_line() -> None:
    assert str(LuzeError("文件打不开")) == "文件打不开"


def test_a_refusal_lists_every_problem_and_ends_with_the_remedy() -> None:
    refusal = LuzeError(
        "有2处错误", fix="请更正后重新导入", problems=[Problem("甲"), Problem("乙")]
    )
    assert str(refusal).splitlines() == [
        "有2处错误",
        "  · 甲",
        "  · 乙",
        "处理办法：请更正后重新导入",
    ]


def test_problems_cannot_change_after_they_were_reported() -> None:
    problems = [Problem("甲")]
    refusal = LuzeError("有错误", problems=problems)
    problems.clear()
    assert refusal.problems == (Problem("甲"),)


def test_every_refusal_is_caught_as_one_kind() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    refusals = [kind for kind in kinds if issubclass(kind, Exception)]
    assert len(refusals) > 1
    assert all(issubclass(kind, LuzeError) for kind in refusals)
