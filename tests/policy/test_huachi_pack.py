"""The opinions of Huachi of 2015 say what the document says: figures by year, villages by name."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from tests.scenarios.world import shipped_law
from tracker.policy.coverage import coverage
from tracker.policy.duty import Case, Duty
from tracker.policy.milestones import milestone_windows
from tracker.policy.model import Pack

BY_YEAR = {  # 三4
    "target.people_out": {"2015": 9897, "2016": 7400, "2017": 4200},
    "target.poverty_rate": {"2015": 15.55, "2016": 9.12, "2017": 5.47, "2020": 5},
    "target.rural_income": {"2015": 6049, "2016": 6654, "2017": 7300, "2020": 11000},
    "target.poor_income": {"2015": 3201, "2016": 3666, "2017": 4200, "2020": 7500},
    "county.villages_exited": {"2015": 22, "2016": 20, "2017": 14},
}
VILLAGES = {  # township -> villages, as printed for each year
    2015: """白马 王沟门 白马；怀安 坪庄 小城子；林镇 张岔；乔川 王掌子 铁角城 黄蒿掌 李崾岘；
        乔河 齐庄子；五蛟 南湾 吴塬 刘阳洼；悦乐 店坪；紫坊畔 刘坪；元城 老庙咀 吕沟咀 高沟门；
        城壕 杨寺岔 余家砭 中塬 太阳""",
    2016: """乔川 杨湾湾 艾蒿掌 徐背台；柔远 刘沟 黄岔；上里塬 鸭口 柳树河；王咀子 王咀子；
        五蛟 杜右手 刘家湾 马河；紫坊畔 高庄；怀安 丰阳渠；乔河 虎洼；白马 杜寨子 马高庄；
        悦乐 乔崾岘；城壕 火连湾 庙湾 牛家塬""",
    2017: """城壕 庄科；乔河 打扮 张岔；柔远 张岭子 杨岔 李庄 田庄；怀安 宋咀子；
        悦乐 田掌塬 黄大湾 高河；紫坊畔 庙沟 堡子山；王咀子 银坪""",
}
PRINTED = [  # target, clause, unit, figures by year or for every year
    ("village_roads", "四7(1)", "公里", {"2015": 270}),
    ("model_village_roads", "四7(1)", "公里", {"2020": 681.4}),
    ("water_poor_people", "四7(2)", "人", {"2017": 24281}),
    ("water_villages", "四7(2)", "个", {"2020": 101}),
    ("water_hamlets", "四7(2)", "个", {"2020": 525}),
    ("water_people", "四7(2)", "人", {"2020": 57200}),
    ("houses", "四7(3)", "户", {"2017": 3950}),
    ("power_hamlets", "四7(4)", "个", {"2015": 22, "2016": 20}),
    ("power_households", "四7(4)", "%", {"2020": 80}),
    ("moved_households", "四7(6)", "户", {"2017": 196, "2020": 1154}),
    ("moved_people", "四7(6)", "人", {"2017": 890, "2020": 5350}),
    ("terraces_yearly", "四7(7)", "亩", 33000),
    ("terraces_poor", "四7(7)", "亩", {"2020": 96000}),
    ("trees", "四7(8)", "亩", {"2017": 450000}),
    ("returned_farmland", "四7(8)", "亩", {"2020": 115550}),
    ("forest_cover", "四7(8)", "%", {"2017": 30, "2020": 35.1}),
    ("grazing_ban", "四7(8)", "亩", {"2020": 2795400}),
    ("herders", "四7(8)", "户", {"2020": 8787}),
    ("fences", "四7(8)", "亩", {"2016": 1000000}),
    ("reseeding", "四7(8)", "亩", 200000),
    ("geology_households", "四7(8)", "户", {"2017": 5000}),
    ("refuse_boxes", "四7(9)", "个", {"2020": 1560}),
    ("livestock_waste", "四7(9)", "%", {"2020": 75}),
    ("livestock_net", "四8(1)", "亿元", {"2020": 3.5}),
    ("livestock_share", "四8(1)", "%", {"2020": 25}),
    ("vegetables", "四8(1)", "亩", {"2017": 13200, "2020": 15000}),
    ("driven_farmers", "四8(2)", "%", {"2017": 45}),
    ("labour", "四8(3)", "人次", {"2017": 25300, "2020": 32400}),
    ("online_growth", "四8(4)", "%/年", {"2017": 20, "2020": 30}),
    ("joined_farmers", "四8(5)", "%", {"2017": 30}),
    ("nursery_teachers", "四9(1)", "名", {"2017": 113}),
    ("nine_years", "四9(1)", "%", {"2017": 92.5}),
    ("senior", "四9(1)", "%", {"2017": 90.5}),
    ("village_doctors", "四9(2)", "元", {str(year): 400 for year in range(2016, 2021)}),
    ("village_stages", "四9(3)", "个", {"2017": 111}),
    ("planned_day_care", "四9(5)", "个", {"2017": 48}),
    ("budget", "五12", "%", 20),
    ("stock_funds", "五12", "%", 50),
]
CONTRADICTED = {  # what the document says against itself -> the words that tell both figures
    "target.poverty_rate": ("消除绝对贫困", "5%"),
    "target.rural_income": ("25%", "12000元", "11000元"),
    "target.livestock_share": ("25%", "12000元", "11000元"),
    "target.power_coverage": ("2017年", "2016年"),
    "target.water_poor_people": ("54个", "56个"),
    "target.water_villages": ("101个", "111个"),
    "target.village_stages": ("111个", "101个"),
    "county.villages_exited": ("56个", "54个"),
    "county.exits_2015": ("五蛟镇", "五蛟乡"),
    "county.exits_2016": ("五蛟乡", "五蛟镇"),
    "county.terraces_total": ("3.3万亩", "16.5万亩"),
}


@cache
def pack() -> Pack:
    return shipped_law().pack("huachi-2015-44")


def figures(duty: Duty) -> object:
    """The figures of the only bound that a duty has, by year where they differ."""
    bound = duty.at_most if duty.at_least is None else duty.at_least
    assert duty.at_most is None or duty.at_least is None
    if not isinstance(bound, Case):
        return bound
    assert bound.otherwise == "not_applicable"
    return {key: float(value) for key, value in bound.cases.items()}


def members(year: int) -> tuple[str, ...]:
    per = pack().duty(f"county.exits_{year}").per
    assert per
    return per.members


def test_the_year_of_issue_is_judged_by_its_own_decision_not_by_that_of_2019() -> None:
    assert pack().document.defaults.transitional == "I91"


def test_it_binds_one_county_from_2015_to_2020() -> None:
    document = pack().document

    assert document.number == "县委发〔2015〕44号"
    assert (document.area.code, document.area.name) == ("621023", "华池县")
    assert document.in_force.from_ == document.issued_on == date(2015, 8, 16)
    assert document.in_force.to == date(2020, 12, 31)


@pytest.mark.parametrize(("duty", "printed"), BY_YEAR.items())
def test_the_stages_are_as_printed(duty: str, printed: dict[str, float]) -> None:
    assert figures(pack().duty(duty)) == printed


@pytest.mark.parametrize(("target", "cite", "unit", "printed"), PRINTED)
def test_the_other_figures_are_as_printed(
    target: str, cite: str, unit: str, printed: object
) -> None:
    duty = pack().duty(f"target.{target}")

    assert (duty.cite, duty.unit, figures(duty)) == (cite, unit, printed)


@pytest.mark.parametrize(
    ("duty", "total"), [("target.people_out", 21497), ("county.villages_exited", 56)]
)
def test_the_three_years_add_up(duty: str, total: int) -> None:
    bound = pack().duty(duty).at_least

    assert isinstance(bound, Case)
    assert sum(int(number) for number in bound.cases.values()) == total


@pytest.mark.parametrize(("year", "number"), [(2015, 22), (2016, 20), (2017, 14)])
def test_the_villages_of_a_year_are_as_printed(year: int, number: int) -> None:
    printed = {
        (township, village)
        for line in VILLAGES[year].split("；")
        for township, *villages in [line.split()]
        for village in villages
    }
    told = [re.fullmatch(r"(.+)[乡镇]([^乡镇]+)村", name) for name in members(year)]

    assert len(members(year)) == len(printed) == number
    assert {(one[1], one[2]) for one in told if one} == printed


def test_a_village_that_two_townships_have_stands_with_its_township() -> None:
    names = [name for year in VILLAGES for name in members(year)]

    assert len(set(names)) == 56
    assert {name for name in names if name.endswith("张岔村")} == {"林镇乡张岔村", "乔河乡张岔村"}
    assert Counter(name[:3] for name in names if name.startswith("五蛟")) == {
        "五蛟镇": 3,
        "五蛟乡": 3,
    }


def test_the_windows_between_milestones_leave_no_day_out() -> None:
    duty = pack().duty("target.moved_people")

    assert milestone_windows(pack().document, duty) == [
        (date(2015, 1, 1), date(2017, 12, 31)),
        (date(2018, 1, 1), date(2020, 12, 31)),
    ]


@pytest.mark.parametrize(("duty", "words"), CONTRADICTED.items())
def test_what_the_document_says_against_itself_is_told(duty: str, words: tuple[str, ...]) -> None:
    assert not [word for word in words if word not in pack().duty(duty).contradiction]


def test_below_five_percent_takes_in_five_itself() -> None:
    duty = pack().duty("target.poverty_rate")

    assert duty.at_least is None
    assert isinstance(duty.at_most, Case)
    assert duty.at_most.cases["2020"] == Decimal(5)
    assert "I75" in duty.interpretations


def test_what_has_a_figure_but_no_year_only_warns() -> None:
    undated = {duty.id: duty.strength for duty in pack().duties if "I80" in duty.interpretations}

    assert set(undated.values()) == {"should"}
    assert set(undated) == {"county.two_later_total"} | {
        f"target.{name}" for name in (
            "model_village_roads", "returned_farmland", "returned_farmland_poor", "refuse_sites",
            "refuse_vehicles", "refuse_boxes", "model_fields", "new_vegetables", "all_vegetables",
            "schools", "qualified_doctors", "troupes",
        )
    }  # fmt: skip


def test_nothing_is_asked_of_a_township_but_its_station() -> None:
    """The annex that divides the figures is missing (I60)."""
    holders = {duty.id: duty.holder.role for duty in pack().duties}

    assert [one for one, role in holders.items() if role == "township"] == ["task.joint_station"]
    annex = next(article for article in pack().document.articles if article.id == "附")
    assert (annex.covered, "I60" in annex.why) == ("not_covered", True)
    assert all("I60" in pack().duty(duty).interpretations for duty in BY_YEAR)


def test_no_breach_leads_to_an_interview_or_an_act_by_itself() -> None:
    assert {duty.on_breach for duty in pack().duties} == {"warn"}
    assert not pack().interviews
    assert not pack().bars
    assert {advice.what for advice in pack().recommendations} == {
        "one_vote_veto",
        "org_adjustment",
        "serious_handling",
    }
    assert all("I59" in advice.interpretations for advice in pack().recommendations)


def test_a_missed_year_is_for_people_to_judge_in_three_ways() -> None:
    advised = shipped_law().pack("huachi-2015-44").recommended("target.people_out")

    assert [(advice.cite, advice.what, advice.to) for advice in advised] == [
        ("六15", "one_vote_veto", ("township", "leader")),
        ("六16", "org_adjustment", ("head",)),
        ("六17", "org_adjustment", ("head", "deputy_in_charge")),
    ]


def test_two_targets_are_never_reported_under_one_name() -> None:
    names = Counter(target.name for target in pack().targets)
    names.update(task.name for task in pack().tasks)

    assert [name for name, number in names.items() if number > 1] == []


def test_every_article_is_decided() -> None:
    rows = coverage(pack())
    points = [row for row in rows if re.match(r"[二三四五六七]\d", row.article)]

    assert {re.sub(r"\D*(\d+).*", r"\1", row.article) for row in points} == {
        str(number) for number in range(1, 22)
    }
    assert not [
        row.article for row in rows
        if not (row.duties or row.qualitative or row.recommendations or row.why)
    ]  # fmt: skip
