"""Award plans are packs: another year and place, other organs and numbers, the same reading."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker import resources
from tracker.errors import PackError
from tracker.policy.awards import AwardPlan
from tracker.policy.coverage import coverage
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.notes import notes

PACKS = Path(__file__).parents[1] / "packs"


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law([resources.folder("duties"), PACKS])


@pytest.fixture(scope="module")
def plan(law: Law) -> AwardPlan:
    found = law.pack("yunling-2022").awards
    assert found
    return found


def test_a_plan_of_another_year_and_place_is_only_data(law: Law, plan: AwardPlan) -> None:
    assert (plan.year, plan.deadline.on) == (2022, date(2022, 6, 10))
    assert (plan.publicity.working_days, plan.publicity.first_day_counts) == (3, False)
    assert [law.vocabulary.organs[o] for o in plan.branch("village").organs] == ["林草", "妇联"]
    assert plan.award("forest.unit").quota.by_area == {"9901": 2, "9902": 1}
    assert [p.document.id for p in law.in_force(date(2022, 6, 1), "9901")] == ["yunling-2022"]


def test_a_plan_without_gaps_has_no_notes(law: Law) -> None:
    assert notes(law.pack("yunling-2022")) == ()
    assert notes(law.pack("gansu-2019-33")) == ()


def test_every_rule_of_a_plan_is_told_where_it_is_cited(law: Law) -> None:
    told = {row.article: row.awards for row in coverage(law.pack("yunling-2022"))}
    assert told == {
        "一": ("forest.unit", "forest.person", "service", "residency"),
        "二": ("publicity", "village", "direct"),
        "三": ("deadline", "form", "deeds"),
        "四": ("rank", "fraud", "interviewed", "conditions"),
        "五": (),
    }


@pytest.mark.parametrize(
    ("award", "kind", "checks"),
    [
        ("forest.unit", "team", ["rank", "fraud", "interviewed", "conditions"]),
        ("forest.person", "ranger", ["fraud", "interviewed", "conditions"]),
        ("forest.person", "cadre",
         ["service", "residency", "fraud", "interviewed", "conditions"]),
    ],
)  # fmt: skip
def test_a_check_is_for_its_kinds_and_awards_only(
    plan: AwardPlan, award: str, kind: str, checks: list[str]
) -> None:
    assert [check.id for check in plan.checks_for(plan.award(award), kind)] == checks


@pytest.mark.parametrize(
    ("award", "papers"), [("forest.unit", ["form"]), ("forest.person", ["form", "deeds"])]
)
def test_a_paper_is_for_its_awards_only(plan: AwardPlan, award: str, papers: list[str]) -> None:
    assert [paper.id for paper in plan.materials_for(plan.award(award))] == papers


def test_what_a_plan_does_not_have_is_a_key_error(plan: AwardPlan) -> None:
    assert plan.kind("ranger").name == "护林员"
    for ask in (plan.kind, plan.award, plan.branch):
        with pytest.raises(KeyError):
            ask("nothing")


def test_publicity_that_a_plan_does_not_order_is_never_guessed(plan: AwardPlan) -> None:
    silent = plan.model_copy(update={"publicity_": None})
    with pytest.raises(PackError, match="没有写公示"):
        _ = silent.publicity


def test_a_document_without_duties_needs_no_decisions_about_them(law: Law) -> None:
    document = law.pack("yunling-2022").document
    with pytest.raises(PackError, match="没有写 defaults"):
        _ = document.defaults


def test_a_plan_leaves_the_duties_of_others_as_they_are(law: Law) -> None:
    shipped = load_law([resources.folder("duties")])
    assert law.pack("gansu-2019-33") == shipped.pack("gansu-2019-33")
    assert not law.pack("yunling-2022").duties
