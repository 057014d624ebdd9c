"""The sentences of the award office are those that its README lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.awards.sentences import ACTS, AWARDS, SIGHTS
from tests.scenarios.awards.story import Plan
from tests.scenarios.awards.words import CHECKS
from tests.scenarios.consequences.sentences import act, sight
from tests.scenarios.consequences.story import read
from tests.scenarios.world import shipped_law
from tracker.policy.awards import AwardPlan

README = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_sentence_as_it_is_matched() -> None:
    for form in (*ACTS.values(), *SIGHTS.values()):
        assert f"|`{form}`|" in README


def test_the_readme_lists_every_name_of_a_check_and_every_key_of_a_plan() -> None:
    assert f"条款：{'、'.join(CHECKS)}，" in README
    for field in Plan.model_fields.values():
        assert f"`{field.alias}`" in README


def test_every_check_of_the_shipped_plan_has_a_name() -> None:
    plan = shipped_law().pack("gansu-2020-41").awards
    assert isinstance(plan, AwardPlan)
    named = {ident for ids in CHECKS.values() for ident in ids}
    assert {check.id for check in plan.checks} <= named


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("2020-12-01 初选 甲局 县直单位", "应写成“初选 <谁> <类别> 评 <奖项>"),
        ("2020-12-01 提名 甲局", "不认识“提名”"),
        ({"2020-12-01 应见": ["提醒 甲局：红"]}, "不认识“提醒”"),
        ({"2020-12-01 应见": ["审查 甲局 可推荐"]}, "应写成“审查 <谁>：<结论>"),
    ],
)
def test_a_sentence_not_understood_is_answered_with_its_form(step: object, told: str) -> None:
    with pytest.raises(ValueError, match="“") as mistake:
        read(step, AWARDS)
    assert told in str(mistake.value)


def test_an_award_office_may_say_what_anybody_may_and_its_own() -> None:
    assert act("夜检", AWARDS).verb == "夜检"
    assert act("初选 甲局 县直单位 评 先进集体 用 陇南市 名额", AWARDS).parts == {
        "谁": "甲局", "类别": "县直单位", "奖项": "先进集体", "地区": "陇南市",
    }  # fmt: skip
    assert sight("下一步 甲局：县公示 来得及 还有 5 个工作日", AWARDS).parts == {
        "谁": "甲局", "环节": "县公示", "能否": "来得及", "数": "5",
    }  # fmt: skip
