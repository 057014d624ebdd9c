"""Bars: each clause of the 2019 list burdens whom it names, from what it names, that year."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consequences.invented import LEFT, NOW, incident, settle
from tracker import resources
from tracker.consequences.bars import Bar, bars_after, bars_on, conflicts, consequence, told
from tracker.consequences.liability import ROUTES
from tracker.consequences.tables import Incident
from tracker.db import open_engine, transaction, upgrade
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.reach import REACH
from tracker.registry.dated import Registry, load_registry

ADVERSE, INADEQUATE = "adverse_impact", "helping_work_inadequate"
TEAM_ERROR, HELPER, INSPECTED = "team_error", "helper_inadequate", "in_inspection"
GRAVE = "grave_consequence"
TEAM = "甲村驻村帮扶工作队"
IN_VILLAGE = {"place": "甲村"}
LAW = load_law([resources.folder("duties")])
RULES = {rule.id: rule for rule in LAW.pack("gansu-2019-33").bars}
DAY = timedelta(days=1)

# rule: incident and qualifiers, what is told of it, whom the clause burdens, from what, which year
# (event 2019, determined 2020), and how the path reads.
CASES: dict[str, tuple[tuple[str, ...], dict[str, str], set[str], set[str], int, str]] = {
    "group_leader_unit.letter_unfulfilled": (
        ("letter_unfulfilled",), {"about": "中央在甘所"}, {"省示范厅"}, {"advanced_unit"}, 2019,
        "中央在甘所在华池县帮扶，省示范厅是华池县的省直组长单位",
    ),
    "group_leader_unit.incident": (
        ("major_poverty_incident", ADVERSE), IN_VILLAGE, {"省示范厅"}, {"advanced_unit"}, 2019,
        "事件发生在省帮扶厅的帮扶村城壕镇甲村，省示范厅是华池县的省直组长单位",
    ),
    "unit.incident_rating": (
        ("major_poverty_incident", ADVERSE), IN_VILLAGE, {"省帮扶厅", "中央在甘所", "县水务局"},
        {"rating_good"}, 2020, "省帮扶厅帮扶城壕镇甲村，事件发生在该村",
    ),
    "unit.incident_award": (
        ("major_poverty_incident", ADVERSE), {"household": "HC0002"}, {"县水务局"},
        {"award"}, 2020, "县水务局帮扶城壕镇乙村，事件发生在该村",
    ),
    "unit.fraud_rating": (
        ("fraud",), {"about": "县水务局"}, {"县水务局"}, {"rating_good"}, 2020,
        "认定的是帮扶单位县水务局的工作",
    ),
    "unit.fraud_award": (
        ("fraud",), {"about": "中央在甘所"}, {"中央在甘所"}, {"award"}, 2020,
        "认定的是帮扶单位中央在甘所的工作",
    ),
    "prefecture.incident": (
        ("major_poverty_incident", INADEQUATE), IN_VILLAGE, {"庆阳市"}, {"award"}, 2020,
        "事件涉及城壕镇甲村，在庆阳市辖区内",
    ),
    "prefecture.fraud": (
        ("fraud",), {"about": "省帮扶厅"}, {"庆阳市"}, {"award"}, 2020,
        "事件涉及城壕镇甲村、曲子镇丙村，在庆阳市辖区内",
    ),
    "county.incident": (
        ("major_poverty_incident", INADEQUATE, ADVERSE), IN_VILLAGE, {"华池县"}, {"award"}, 2020,
        "事件涉及城壕镇甲村，在华池县辖区内",
    ),
    "county.fraud": (
        ("fraud",), {"about": "钱乙"}, {"华池县"}, {"award"}, 2020,
        "事件涉及城壕镇甲村，在华池县辖区内",
    ),
    "township.incident": (
        ("major_poverty_incident", INADEQUATE, ADVERSE), {"household": "HC0001"}, {"城壕镇"},
        {"award"}, 2020, "事件涉及城壕镇甲村，在城壕镇辖区内",
    ),
    "township.fraud": (
        ("fraud",), {"about": "孙丁"}, {"城壕镇"}, {"award"}, 2020,
        "事件涉及城壕镇甲村，在城壕镇辖区内",
    ),
    "team.incident": (
        ("major_poverty_incident", TEAM_ERROR, ADVERSE), IN_VILLAGE, {TEAM, "赵甲"},
        {"award", "promotion"}, 2020, f"{TEAM}驻城壕镇甲村，事件发生在该村",
    ),
    "team.fraud": (
        ("fraud", INSPECTED), {"about": "钱乙"}, {TEAM, "赵甲", "钱乙"},
        {"award", "promotion"}, 2020, f"钱乙是{TEAM}队员，赵甲任队长",
    ),
    "team.rated_incompetent": (
        ("rated_incompetent",), {"about": "钱乙"}, {TEAM, "赵甲", "钱乙"},
        {"award", "promotion"}, 2020, "钱乙是驻村干部、事件当事人",
    ),
    "team.incident_joint": (
        ("major_poverty_incident", TEAM_ERROR, ADVERSE), IN_VILLAGE, {"省帮扶厅", "县水务局"},
        {"rating_good"}, 2020, f"{TEAM}驻城壕镇甲村，事件发生在该村，省帮扶厅派出钱乙",
    ),
    "team.fraud_joint": (
        ("fraud", INSPECTED), {"about": "钱乙"}, {"省帮扶厅"}, {"rating_good"}, 2020,
        f"钱乙是{TEAM}队员，省帮扶厅派出钱乙",
    ),
    "team.rated_incompetent_joint": (
        ("rated_incompetent",), {"about": "赵甲"}, {"县水务局"}, {"rating_good"}, 2020,
        f"赵甲是{TEAM}队员，县水务局派出赵甲",
    ),
    "helper.incident": (
        ("major_poverty_incident", HELPER, ADVERSE), {"household": "HC0001"}, {"孙丁"},
        {"award", "promotion"}, 2019, "孙丁是HC0001号户的帮扶责任人",
    ),
    "helper.fraud": (
        ("fraud", INSPECTED), {"about": "孙丁"}, {"孙丁"}, {"award", "promotion"}, 2019,
        "孙丁是HC0001号户的帮扶责任人",
    ),
    "helper.incident_joint": (
        ("major_poverty_incident", HELPER, ADVERSE), {"household": "HC0001"}, {"县水务局"},
        set(), 2019, "孙丁是HC0001号户的帮扶责任人，所在单位是县水务局",
    ),
    "helper.fraud_joint": (
        ("fraud", INSPECTED), {"about": "孙丁"}, {"县水务局"}, set(), 2019,
        "孙丁是HC0001号户的帮扶责任人，所在单位是县水务局",
    ),
    "closing.incident": (
        ("major_poverty_incident", GRAVE), {"about": "县水务局", "place": "甲村"}, {"县水务局"},
        {"accountability"}, 2020, "认定的是帮扶单位县水务局的工作",
    ),
    "closing.fund_loss": (
        ("fund_loss", GRAVE), {"about": "华池县"}, {"华池县"}, {"accountability"}, 2020,
        "认定的是华池县的工作",
    ),
    "closing.fraud": (
        ("fraud", GRAVE), {"about": "省示范厅"}, {"省示范厅"}, {"accountability"}, 2020,
        "认定的是组长单位省示范厅的工作",
    ),
}  # fmt: skip


class County:
    """The invented county, its ids by name and what follows from an incident in it."""

    def __init__(self, registry: Registry, ids: dict[str, int]) -> None:
        self.registry, self.ids = registry, ids
        self.names = {number: name for name, number in ids.items()}

    def bars(self, rule_id: str, *words: str, **told: Any) -> list[Bar]:
        return self.after(rule_id, incident(self.ids, *words, **told))

    def after(self, rule_id: str, fact: Incident, law: Law = LAW) -> list[Bar]:
        return [b for b in bars_after(fact, law, self.registry) if b.rule.id == rule_id]

    def whom(self, rule_id: str, *words: str, **told: Any) -> set[str]:
        return {self.names[bar.subject_id] for bar in self.bars(rule_id, *words, **told)}

    def of_case(self, rule_id: str, **changed: Any) -> list[Bar]:
        words, told, *_ = CASES[rule_id]
        return self.bars(rule_id, *words, **{**told, **changed})


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    path: Path = tmp_path_factory.mktemp("county") / "luze.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    with transaction(engine) as connection:
        ids = settle(connection)
        registry = load_registry(connection, NOW)
    engine.dispose()
    return County(registry, ids)


def test_every_bar_of_the_list_has_a_case_here() -> None:
    assert CASES.keys() == RULES.keys()


def test_the_loader_admits_exactly_the_pairs_that_liability_connects() -> None:
    assert {(where, role) for where, roles in REACH.items() for role in roles} == ROUTES.keys()


def test_every_place_of_the_vocabulary_leads_somewhere() -> None:
    assert LAW.vocabulary.places.keys() == REACH.keys()


def test_a_printed_trigger_can_be_recorded_of_every_accountable_kind() -> None:
    accountable = {rule.accountable for pack in LAW.packs for rule in pack.interviews}
    assert accountable <= set(REACH["own_work"])


@pytest.mark.parametrize("rule_id", CASES)
def test_a_clause_burdens_exactly_whom_it_names_from_what_it_names(
    county: County, rule_id: str
) -> None:
    _, _, whom, effects, _, path = CASES[rule_id]
    bars = county.of_case(rule_id)
    assert {county.names[bar.subject_id] for bar in bars} == whom
    assert len(bars) == len(whom)
    assert all(set(bar.effects) == effects for bar in bars)
    assert f"2019-11-20，{path}" in {bar.path for bar in bars}


@pytest.mark.parametrize("rule_id", CASES)
def test_a_bar_holds_from_the_first_to_the_last_day_of_its_year(
    county: County, rule_id: str
) -> None:
    year = CASES[rule_id][4]
    first, last = date(year, 1, 1), date(year, 12, 31)
    bar = county.of_case(rule_id)[0]
    held = [bar.in_force(day) for day in (first - DAY, first, last, last + DAY)]
    assert held == [False, True, True, False]


@pytest.mark.parametrize("rule_id", CASES)
def test_only_the_year_of_the_event_stands_in_the_text(county: County, rule_id: str) -> None:
    bar = county.of_case(rule_id)[0]
    is_printed = rule_id.startswith(("group_leader_unit", "helper", "closing"))
    assert bar.duration_not_in_text is not is_printed
    told_by = {"group_leader_unit": "I30", "helper": "I30", "closing": "I61"}
    assert bar.interpretations[0] == told_by.get(rule_id.partition(".")[0], "I31")
    assert ("文件未写期限" in consequence(bar, LAW.vocabulary)) is not is_printed


@pytest.mark.parametrize("rule_id", CASES)
def test_where_the_day_of_the_event_is_unknown_the_determination_decides(
    county: County, rule_id: str
) -> None:
    bar = county.of_case(rule_id, happened_on=None)[0]
    assert (bar.starts, bar.ends) == (date(2020, 1, 1), date(2020, 12, 31))
    assert bar.path.startswith("2020-02-03（发生日期不明，按认定日期）")


@pytest.mark.parametrize(
    ("rule_id", "missing"), [(r.id, q) for r in RULES.values() for q in r.qualifiers]
)
def test_without_a_qualifier_there_is_no_bar(county: County, rule_id: str, missing: str) -> None:
    words, told, *_ = CASES[rule_id]
    assert county.bars(rule_id, *words, **told)
    assert county.bars(rule_id, *(w for w in words if w != missing), **told) == []


def test_section_six_needs_no_adverse_impact_but_seven_and_eight_do(county: County) -> None:
    fact = ("major_poverty_incident", INADEQUATE)
    found = {
        rule_id: county.whom(rule_id, *fact, place="甲村")
        for rule_id in ("prefecture.incident", "county.incident", "township.incident")
    }
    assert found == {
        "prefecture.incident": {"庆阳市"}, "county.incident": set(), "township.incident": set(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "leaders"),
    [("省帮扶厅", {"省示范厅"}), ("中央在甘所", {"省示范厅"}), ("县水务局", set())],
)
def test_only_provincial_and_central_units_burden_the_group_leader_unit(
    county: County, unit: str, leaders: set[str]
) -> None:
    rule = "group_leader_unit.letter_unfulfilled"
    assert county.whom(rule, "letter_unfulfilled", about=unit) == leaders


def test_a_village_that_a_county_unit_helps_burdens_no_group_leader_unit(county: County) -> None:
    fact = ("major_poverty_incident", ADVERSE)
    assert county.whom("group_leader_unit.incident", *fact, place="乙村") == set()
    assert county.whom("unit.incident_award", *fact, place="乙村") == {"县水务局"}


def test_a_letter_unfulfilled_elsewhere_burdens_no_leader_of_this_county(county: County) -> None:
    rule, fact = "group_leader_unit.letter_unfulfilled", "letter_unfulfilled"
    assert county.whom(rule, fact, about="省帮扶厅", place="环县") == set()
    assert county.whom(rule, fact, about="省帮扶厅", place="城壕镇") == {"省示范厅"}
    assert county.whom(rule, fact, about="省帮扶厅", place="庆阳市") == {"省示范厅"}


def test_an_incident_in_no_certain_village_burdens_no_helping_unit(county: County) -> None:
    fact = ("major_poverty_incident", ADVERSE)
    assert county.whom("unit.incident_award", *fact, place="城壕镇") == set()


def test_a_fraud_without_a_place_burdens_only_areas_that_all_its_villages_share(
    county: County,
) -> None:
    assert county.whom("county.fraud", "fraud", about="省帮扶厅") == set()
    assert county.whom("county.fraud", "fraud", about="省帮扶厅", place="丙村") == {"环县"}
    assert county.whom("prefecture.fraud", "fraud", about="华池县") == {"庆阳市"}


def test_a_cadres_fraud_is_not_yet_the_units_own(county: County) -> None:
    for person in ("钱乙", "孙丁"):
        assert county.whom("unit.fraud_award", "fraud", INSPECTED, about=person) == set()


def test_a_helpers_fraud_burdens_no_team_and_a_cadres_no_helper(county: County) -> None:
    assert county.whom("team.fraud", "fraud", INSPECTED, about="孙丁") == set()
    assert county.whom("helper.fraud", "fraud", INSPECTED, about="钱乙") == set()


def test_a_fraud_of_nobody_in_particular_burdens_neither_team_nor_helper(county: County) -> None:
    for rule in ("team.fraud", "team.fraud_joint", "helper.fraud", "helper.fraud_joint"):
        found = county.whom(rule, "fraud", INSPECTED, place="甲村", household="HC0001")
        assert found == set()


def test_an_incident_of_a_team_is_also_that_of_the_person_named(county: County) -> None:
    fact = ("major_poverty_incident", TEAM_ERROR, ADVERSE)
    told = {"about": "钱乙", "place": "甲村"}
    assert county.whom("team.incident", *fact, **told) == {TEAM, "赵甲", "钱乙"}
    assert county.whom("team.incident_joint", *fact, **told) == {"省帮扶厅"}


def test_an_incident_of_the_team_itself_burdens_all_who_sent_members(county: County) -> None:
    fact = ("major_poverty_incident", TEAM_ERROR, ADVERSE)
    assert county.whom("team.incident", *fact, about=TEAM) == {TEAM, "赵甲"}
    assert county.whom("team.incident_joint", *fact, about=TEAM) == {"省帮扶厅", "县水务局"}


def test_a_helper_of_another_household_is_not_burdened(county: County) -> None:
    fact = ("major_poverty_incident", HELPER, ADVERSE)
    day = {"happened_on": LEFT}
    told = {"about": "褚丙", "household": "HC0001", **day}
    assert county.whom("helper.incident", *fact, **told) == {"孙丁"}
    assert county.whom("helper.incident", *fact, about="褚丙", **day) == {"褚丙"}


@pytest.mark.parametrize(
    ("day", "is_burdened"), [(LEFT - DAY, True), (LEFT, True), (LEFT + DAY, False)]
)
def test_the_ties_of_the_day_it_happened_decide(
    county: County, day: date, is_burdened: bool
) -> None:
    told = {"about": "褚丙", "happened_on": day}
    assert ("褚丙" in county.whom("team.fraud", "fraud", INSPECTED, **told)) is is_burdened
    assert ("褚丙" in county.whom("helper.fraud", "fraud", INSPECTED, **told)) is is_burdened
    sent = county.whom("team.fraud_joint", "fraud", INSPECTED, **told)
    assert sent == ({"中央在甘所"} if is_burdened else set())


@pytest.mark.parametrize(
    ("day", "is_burdened"), [(LEFT - DAY, True), (LEFT, True), (LEFT + DAY, False)]
)
def test_a_unit_that_had_stopped_helping_is_burdened_no_more(
    county: County, day: date, is_burdened: bool
) -> None:
    fact, told = ("major_poverty_incident", ADVERSE), {"place": "乙村", "happened_on": day}
    helping = {"县水务局", *(["省退出厅"] if is_burdened else [])}
    assert county.whom("unit.incident_award", *fact, **told) == helping
    leading = {"省示范厅"} if is_burdened else set()
    assert county.whom("group_leader_unit.incident", *fact, **told) == leading
    fraud = {"about": "省退出厅", "happened_on": day}
    assert bool(county.whom("unit.fraud_rating", "fraud", **fraud)) is is_burdened


@pytest.mark.parametrize("rule_id", [i for i in CASES if i.startswith("closing")])
def test_accountability_is_told_and_bars_from_nothing(county: County, rule_id: str) -> None:
    (bar,) = county.of_case(rule_id)
    assert (bar.effects, bar.barred_from) == (("accountability",), ())
    assert consequence(bar, LAW.vocabulary) == "依照问责规定追究责任（外部文件）"


@pytest.mark.parametrize(
    ("rated", "year", "is_ruled_out"),
    [
        ("rated_good", 2019, False), ("rated_good", 2020, True), ("rated_good", 2021, False),
        ("rated_better", 2020, False), ("rated_excellent", 2020, True),
    ],
)  # fmt: skip
def test_a_rating_that_a_bar_rules_out_is_told_with_the_clause(
    county: County, rated: str, year: int, is_ruled_out: bool
) -> None:
    fraud = incident(county.ids, "fraud", about="县水务局", id=1)  # determined in 2020
    told = {"about": "县水务局", "happened_on": date(year, 6, 30), "id": 2}
    rating = incident(county.ids, rated, **told)
    other = incident(county.ids, rated, **{**told, "about": "中央在甘所", "id": 3})
    found = conflicts([fraud, rating, other], LAW, county.registry)
    assert [(fact.id, bar.cite) for fact, bar in found] == (
        [(2, "甘办发〔2019〕33号 五·连带")] if is_ruled_out else []
    )


@pytest.mark.parametrize(
    ("day", "binds"),
    [(date(2019, 7, 30), False), (date(2019, 7, 31), True), (date(2019, 8, 1), True)],
)
def test_a_document_binds_from_the_day_it_is_in_force(
    county: County, day: date, binds: bool
) -> None:
    assert bool(county.of_case("county.incident", happened_on=day)) is binds


def test_a_document_binds_only_inside_its_area(county: County) -> None:
    fact = incident(county.ids, "major_poverty_incident", ADVERSE, INADEQUATE, place="外省村")
    assert list(bars_after(fact, LAW, county.registry)) == []


def test_an_incident_that_lies_nowhere_burdens_nobody(county: County) -> None:
    fact = incident(county.ids, "fraud", about="省示范厅")
    assert list(bars_after(fact, LAW, county.registry)) == []


def test_joint_liability_of_helpers_is_an_interview_and_no_bar(county: County) -> None:
    (bar,) = county.of_case("helper.incident_joint")
    assert bar.joint
    said = told(bar, LAW.vocabulary)
    assert "应由同级组长单位约谈单位负责同志" in said
    assert "限制" not in said


def test_joint_liability_of_senders_is_a_rating_and_an_interview(county: County) -> None:
    (bar,) = county.of_case("team.fraud_joint")
    assert consequence(bar, LAW.vocabulary) == (
        "承担连带责任，限制年度考核“好”等次（文件未写期限），"
        "应由同级组长单位、县（市、区）脱贫攻坚帮扶工作协调领导小组约谈单位负责同志"
    )


def test_one_asks_for_the_bars_on_one_subject(county: County) -> None:
    facts = [
        incident(county.ids, "fraud", about="县水务局", id=1),
        incident(county.ids, "major_poverty_incident", ADVERSE, place="乙村", id=2),
        incident(county.ids, "fraud", about="中央在甘所", id=3),
    ]
    found = bars_on(county.ids["县水务局"], facts, LAW, county.registry)
    assert [(bar.incident.id, bar.rule.id) for bar in found] == [
        (1, "unit.fraud_rating"), (1, "unit.fraud_award"),
        (2, "unit.incident_rating"), (2, "unit.incident_award"),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    rule_id=st.sampled_from(sorted(CASES)),
    happened_on=st.dates(date(2019, 11, 1), date(2024, 12, 31)),
    later=st.integers(0, 900),
    asked=st.dates(date(2018, 1, 1), date(2028, 12, 31)),
)
def test_a_bar_is_in_force_on_exactly_the_days_of_one_year(
    county: County, rule_id: str, happened_on: date, later: int, asked: date
) -> None:
    determined_on = happened_on + timedelta(days=later)
    (bar, *_) = county.of_case(rule_id, happened_on=happened_on, determined_on=determined_on)
    year = happened_on.year if CASES[rule_id][4] == 2019 else determined_on.year
    assert bar.in_force(asked) is (asked.year == year)
