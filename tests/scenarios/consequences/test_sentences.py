"""A clerk's mistake in a story is answered in words that say what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.consequences.sentences import ACTS, SIGHTS, act, sight
from tests.scenarios.consequences.story import SEE, read, read_all


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("1月9日 夜检", "开头要写日期，如 2021-01-09 夜检"),
        ("2021-02-29 夜检", "没有这一天"),
        ("2021-01-10 至 2021-01-09 夜检", "后一日期早于前一日期"),
        ("2021-01-09 决定谈话 甲局 五", "不认识“决定谈话”，可写：决定约谈"),
        ("2021-01-09 决定约谈 甲局", "应写成“决定约谈 <谁> <部分>"),
        ("2021-01-09 销号 甲局 五 由 何甲子", "应写成“销号 <谁> <部分>”"),
        ({"2021-01-09 销号 甲局 五": "失败"}, "办不成的写“不成 原因”"),
        ({"2021-01-09 销号 甲局 五": "不成"}, "办不成的写“不成 原因”"),
        ({f"2021-01-09 {SEE}": ["约谈 甲局 五 待决定"]}, "应写成“约谈 <谁> <部分>：<状态>"),
        ({f"2021-01-09 {SEE}": ["建议 甲局 五：待决定"]}, "不认识“建议”，可写："),
    ],
)
def test_a_sentence_not_understood_is_answered_with_its_form(step: object, told: str) -> None:
    with pytest.raises(ValueError, match="“") as mistake:
        read(step)
    assert told in str(mistake.value)


def test_every_mistake_of_a_story_is_told_at_once() -> None:
    steps = [{"2021-01-10 应见": []}, "2021-01-09 夜检", "2021-01-09 销号 甲局 五", "2021-1-9 夜检"]
    with pytest.raises(ValueError, match="日期却更早") as mistake:
        read_all(steps)
    assert "夜检以后当天不再办事" in str(mistake.value)
    assert "开头要写日期" in str(mistake.value)


def test_what_may_be_left_out_may_be_left_out() -> None:
    assert act("决定约谈 甲局 五").parts == {"谁": "甲局", "部分": "五"}
    assert act("决定约谈 甲局 五 第 2 级 理由 影响恶劣").parts == {
        "谁": "甲局", "部分": "五", "级": "2", "理由": "影响恶劣",
    }  # fmt: skip
    assert sight("提醒 unit.study 甲局 2020年：红 待整改 报领导 无").parts == {
        "判定": "unit.study 甲局 2020年", "颜色": "红", "状态": "待整改", "领导": "无",
    }  # fmt: skip


def test_the_readme_lists_every_sentence_as_it_is_matched() -> None:
    text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    for form in (*ACTS.values(), *SIGHTS.values()):
        assert f"|`{form}`|" in text
