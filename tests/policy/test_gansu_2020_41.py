"""The award plan of 2020 says what the document says: quotas, kinds, branches, checks, papers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker import resources
from tracker.policy.awards import AwardPlan, Check
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.notes import notes

QUOTAS = {  # id -> number, who commends
    "merit.collective": (40, "省委、省政府"),
    "merit.individual": (30, "省委、省政府"),
    "advanced.collective": (100, "省脱贫攻坚领导小组"),
    "advanced.individual": (200, "省脱贫攻坚领导小组"),
    "helping.collective": (210, "省脱贫攻坚领导小组"),
    "helping.individual": (440, "省脱贫攻坚领导小组"),
}
CITIES = [  # table 1-1: city, collectives, individuals
    ("陇南市", 14, 28), ("临夏州", 12, 24), ("甘南州", 10, 20), ("定西市", 11, 22),
    ("天水市", 10, 20), ("庆阳市", 10, 20), ("平凉市", 9, 18), ("兰州市", 5, 10),
    ("白银市", 7, 14), ("武威市", 5, 10), ("张掖市", 4, 8), ("酒泉市", 2, 4), ("金昌市", 1, 2),
]  # fmt: skip
FIVE = ("discipline", "police", "market", "tax", "health")
BRANCHES: dict[str, tuple[tuple[str, ...], list[str]]] = {  # whom it asks, where it is made public
    "once_for_two": ((), []),
    "local": (FIVE, ["county_publicity", "city_publicity"]),
    "helping": (FIVE, ["county_publicity", "city_publicity"]),
    "outside_private": (FIVE, ["county_publicity", "city_publicity"]),
    "east_west": (("original_unit",), ["county_publicity", "city_publicity"]),
    "central_designated": (("original_unit",), ["county_publicity", "city_publicity"]),
    "sector": (FIVE[:4], ["county_publicity", "city_publicity", "lead_publicity"]),
    "troops": ((), ["publicity"]),
}


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law([resources.folder("duties")])


@pytest.fixture(scope="module")
def plan(law: Law) -> AwardPlan:
    found = law.pack("gansu-2020-41").awards
    assert found
    return found


def check(plan: AwardPlan, check_id: str) -> Check:
    return next(each for each in plan.checks if each.id == check_id)


def test_three_families_have_their_quotas_and_commending_bodies(plan: AwardPlan) -> None:
    assert {a.id: (a.quota.number, a.commended_by) for a in plan.awards} == QUOTAS
    assert list(dict.fromkeys(award.family for award in plan.awards)) == [
        "全省脱贫攻坚奖", "全省脱贫攻坚先进", "全省脱贫攻坚帮扶先进",
    ]  # fmt: skip
    totals = {"collective": 0, "individual": 0}
    for award in plan.awards:
        totals[award.nominee] += award.quota.number
    assert totals == {"collective": 350, "individual": 670}


@pytest.mark.parametrize(("city", "collectives", "individuals"), CITIES)
def test_each_city_has_its_row_of_the_table(
    plan: AwardPlan, city: str, collectives: int, individuals: int
) -> None:
    for award, number in (
        ("advanced.collective", collectives), ("advanced.individual", individuals),
    ):  # fmt: skip
        quota = plan.award(award).quota
        (code,) = (code for code, name in quota.area_names.items() if name == city)
        assert (quota.by_area[code], quota.cite) == (number, "附件1-1")


def test_the_table_has_thirteen_rows_that_add_up_and_none_else(plan: AwardPlan) -> None:
    collectives, individuals = (
        plan.award(f"advanced.{nominee}").quota for nominee in ("collective", "individual")
    )
    assert len(collectives.by_area) == len(individuals.by_area) == len(CITIES) == 13
    assert sum(collectives.by_area.values()) == 100
    assert individuals.by_area == {c: 2 * n for c, n in collectives.by_area.items()}
    assert "6202" not in collectives.by_area  # 嘉峪关 has no row


@pytest.mark.parametrize(
    ("award", "parts"),
    [
        ("helping.collective", [100, 43, 36, 20, 4, 7]),
        ("helping.individual", [300, 80, 45, 2, 5, 6, 2]),
    ],
)
def test_the_parts_of_the_helping_awards_add_up(
    plan: AwardPlan, award: str, parts: list[int]
) -> None:
    quota = plan.award(award).quota
    assert [part.number for part in quota.parts] == parts
    assert sum(parts) == quota.number
    assert not quota.mismatch


@pytest.mark.parametrize(
    ("award", "pool", "told"),
    [("merit.collective", [31, 8, 4, 3], "46"), ("merit.individual", [31], "31")],
)
def test_figures_that_disagree_are_told_and_the_quota_stays_as_printed(
    plan: AwardPlan, award: str, pool: list[int], told: str
) -> None:
    quota = plan.award(award).quota
    assert [part.number for part in quota.pool] == pool
    assert sum(pool) > quota.number
    assert told in quota.mismatch
    assert quota.interpretations == ("I51",)


def test_the_missing_annex_is_unknown_and_not_zero(plan: AwardPlan, law: Law) -> None:
    for award in plan.awards:
        missing = award.id.startswith("helping")
        assert award.quota.missing == ("附件1-2" if missing else "")
        assert bool(award.quota.by_area) == award.id.startswith("advanced")
    assert [(n.cite, n.interpretations) for n in notes(law.pack("gansu-2020-41"))] == [
        ("一(一)1", ("I51",)), ("一(一)2", ("I51",)), ("一(三)1", ("I50",)), ("一(三)2", ("I50",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("award", "excluded", "more"),
    [
        ("merit.collective", (), False),
        ("merit.individual", (), False),
        ("advanced.collective", ("county_government",), True),
        ("advanced.individual", ("county_principal",), False),
        ("helping.collective", (), False),
        ("helping.individual", (), False),
    ],
)
def test_the_text_keeps_out_county_bodies_and_principals_and_leaves_one_list_open(
    plan: AwardPlan, award: str, excluded: tuple[str, ...], more: bool
) -> None:
    assert (plan.award(award).excluded, plan.award(award).open_kinds) == (excluded, more)


def test_the_kinds_of_an_award_come_up_by_their_own_branch(plan: AwardPlan) -> None:
    collective, person = plan.award("helping.collective").kinds, plan.award("helping.individual")
    assert {k for k, b in collective.items() if b == "sector"} == {
        "central_unit", "central_finance", "private_enterprise_inside",
    }  # fmt: skip
    assert {k for k, b in collective.items() if b == "helping"} == {
        "provincial_enterprise", "prefecture_unit", "resident_team", "central_research",
    }  # fmt: skip
    assert collective["private_enterprise_outside"] == "outside_private"
    assert {k for k, b in person.kinds.items() if b != "helping"} == {
        "east_west_cadre", "central_designated_cadre", "troops_cadre",
    }  # fmt: skip
    assert set(plan.award("advanced.collective").kinds.values()) == {"local"}
    assert len(plan.award("advanced.collective").kinds) == 7
    assert len(plan.award("advanced.individual").kinds) == 4


@pytest.mark.parametrize("branch", BRANCHES)
def test_a_branch_asks_its_organs_and_makes_public_where_the_matrix_says(
    plan: AwardPlan, branch: str
) -> None:
    organs, public = BRANCHES[branch]
    found = plan.branch(branch)
    assert found.organs == organs
    assert [stage.id for stage in found.stages if stage.does == "publicity"] == public
    assert found.stages[-1].does == "decide"
    consults = any(stage.does == "consult" for stage in found.stages)
    assert consults == (branch != "once_for_two")


def test_these_are_all_the_branches(plan: AwardPlan) -> None:
    assert {branch.id for branch in plan.branches} == BRANCHES.keys()


@pytest.mark.parametrize(
    ("branch", "stages"),
    [
        ("local", ["county_list", "consult", "county_review", "county_publicity", "city_summary",
                   "city_review", "city_publicity", "submit", "office_review", "decide"]),
        ("helping", ["county_list", "consult", "leader_review", "county_review",
                     "county_publicity", "city_summary", "city_review", "city_publicity",
                     "submit", "office_review", "decide"]),
        ("east_west", ["propose", "local_list", "consult", "county_publicity", "city_publicity",
                       "front_review", "submit", "office_review", "decide"]),
        ("troops", ["consult", "list", "review", "publicity", "submit", "office_review",
                    "decide"]),
    ],
)  # fmt: skip
def test_the_stages_stand_in_the_order_of_the_text(
    plan: AwardPlan, branch: str, stages: list[str]
) -> None:
    assert [stage.id for stage in plan.branch(branch).stages] == stages


def test_publicity_lasts_five_working_days_level_after_level(plan: AwardPlan) -> None:
    publicity = plan.publicity
    assert (publicity.working_days, publicity.first_day_counts, publicity.sequential) == (
        5, True, True,
    )  # fmt: skip
    assert (publicity.cite, publicity.interpretations) == ("三(二)", ("I42", "I43"))


def test_papers_arrive_by_a_sunday(plan: AwardPlan) -> None:
    assert plan.deadline.on == date(2020, 12, 20)
    assert plan.deadline.on.isoweekday() == 7
    assert plan.deadline.interpretations == ("I44", "I46")


def test_the_papers_are_those_of_the_text(plan: AwardPlan) -> None:
    papers = {paper.id: paper for paper in plan.materials}
    assert (papers["approval_form"].copies, papers["approval_form"].double_sided) == (3, True)
    assert papers["deeds"].max_characters == 2000
    assert {p.of for p in (papers["report"], papers["summary_table"])} == {"list"}
    assert {paper.media for paper in plan.materials} == {("paper", "electronic")}
    for award in plan.awards:
        needed = 0 if award.id.startswith("merit") else 4
        assert len(plan.materials_for(award)) == needed


@pytest.mark.parametrize(
    ("check_id", "shape", "said", "leads_to", "soft"),
    [
        ("service_contribution", "service", {"years": 2, "relation": "campaign"}, "on_hold", True),
        ("service_resident", "service", {"years": 1, "relation": "resident"}, "on_hold", True),
        ("residency", "residency",
         {"document": "gansu-2019-33", "duties": ("cadre.days_220", "cadre.nights_160"),
          "support": (2019,)}, "on_hold", True),
        ("discipline", "recorded",
         {"incidents": ("discipline", "punished"), "span": "forever"}, "barred", False),
        ("grave_incident", "recorded",
         {"incidents": ("major_poverty_incident",), "qualifiers": ("grave_consequence",),
          "any_of": ("helping_work_inadequate", "team_error", "helper_inadequate"),
          "span": "forever",
          "reaches": (
              {"when": "helping_work_inadequate", "where": "helped_village",
               "on": ("assisting_unit",)},
              {"when": "team_error", "where": "posted_village",
               "on": ("team", "captain", "person_concerned")},
              {"when": "helper_inadequate", "where": "helped_household", "on": ("helper",)},
          )}, "barred", False),
        ("already_awarded", "recorded",
         {"incidents": ("awarded_national", "awarded_provincial"), "span": "forever"},
         "barred", False),
        ("fabricated", "recorded",
         {"incidents": ("fabricated_deeds",), "span": "plan_year"}, "barred", False),
    ],
)  # fmt: skip
def test_a_check_says_what_the_text_says(
    plan: AwardPlan, check_id: str, shape: str, said: dict[str, Any], leads_to: str, soft: bool
) -> None:
    found = check(plan, check_id)
    assert getattr(found, shape).model_dump(exclude_defaults=True) == said
    assert (found.leads_to, found.soft) == (leads_to, soft)
    assert bool(found.exception) == soft


def test_service_and_residency_are_asked_of_those_whom_the_text_names(plan: AwardPlan) -> None:
    assert check(plan, "service_contribution").kinds == ("review_contribution",)
    for name in ("service_resident", "residency"):
        assert check(plan, name).kinds == ("captain", "team_member")
    individuals = {award.id for award in plan.awards if award.nominee == "individual"}
    assert set(check(plan, "discipline").awards) == individuals  # 人员


def test_vice_department_rank_and_above_is_soft_and_knows_every_such_rank(
    plan: AwardPlan, law: Law
) -> None:
    rank, groups = check(plan, "rank"), law.pack("gansu-2019-33").document.rank_groups
    assert rank.rank
    assert set(rank.rank.ranks) == {*groups["省级"], *groups["地厅级"]}
    assert (rank.soft, rank.leads_to, rank.kinds, rank.awards) == (True, "on_hold", (), ())


@pytest.mark.parametrize("act", ["interviewed", "criticised"])
def test_interviews_and_criticism_bar_the_four_kinds_and_leave_others_to_a_person(
    plan: AwardPlan, act: str
) -> None:
    bars, asks = check(plan, act), check(plan, f"{act}_other")
    assert (bars.leads_to, asks.leads_to) == ("barred", "on_hold")
    assert (bars.recorded, bars.interviewed) == (asks.recorded, asks.interviewed)
    eligible = {kind for award in plan.awards for kind in award.kinds}
    assert not set(bars.kinds) & set(asks.kinds)
    assert {*bars.kinds, *asks.kinds} == eligible


def test_criticism_and_accountability_count_by_whom_they_come_from(plan: AwardPlan) -> None:
    told = check(plan, "criticised").recorded
    assert told
    assert told.incidents == ("circulated_criticism", "accountability", "leading_group_interview")
    assert (told.span, told.by) == ("plan_year", ("脱贫攻坚领导小组", "帮扶工作协调领导小组"))
    for authority in ("甘肃省脱贫攻坚领导小组办公室", "某县脱贫攻坚帮扶工作协调领导小组"):
        assert any(word in authority for word in told.by)
