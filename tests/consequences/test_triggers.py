"""Triggers: a recorded fact calls for the interview that its clause prints, and for no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consequences.invented import LEFT, NOW, incident, settle
from tests.scenarios.world import shipped_law
from tracker.consequences.bars import bars_after
from tracker.consequences.triggers import Trigger, called_for, recordable
from tracker.db import open_engine, transaction, upgrade
from tracker.policy.model import interview_rule
from tracker.registry.dated import Registry, load_registry

LAW = shipped_law()
PACK = LAW.pack("gansu-2019-33")
TEAM, DAY = "甲村驻村帮扶工作队", timedelta(days=1)
FAILED, INSPECTED = "supervision_failed", "in_inspection"
Called = set[tuple[str, str, str]]  # section, ground, accountable


class County:
    """The invented county, and what an incident in it calls for."""

    def __init__(self, registry: Registry, ids: dict[str, int]) -> None:
        self.registry, self.ids = registry, ids
        self.names = {number: name for name, number in ids.items()}

    def called(self, *words: str, **told: Any) -> list[Trigger]:
        return called_for([incident(self.ids, *words, **told)], LAW, self.registry)

    def said(self, *words: str, **told: Any) -> Called:
        return {
            (one.rule.section, one.ground, self.names[one.accountable_id])
            for one in self.called(*words, **told)
        }

    def offered(self, about: str, **told: Any) -> set[str]:
        fact = incident(self.ids, "printed_trigger", about=about, **told)
        return {one.key for one in recordable(fact, LAW, self.registry)}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('county') / 'luze.sqlite3'}")
    upgrade(engine)
    with transaction(engine) as connection:
        ids = settle(connection)
        yield County(load_registry(connection, NOW), ids)
    engine.dispose()


# What establishes a printed trigger by itself, and what it calls for.
AFTER: dict[str, tuple[tuple[str, ...], dict[str, str], str, str]] = {
    "反馈问题整改不到位": (("feedback_not_corrected",), {"about": "华池县"}, "七", "华池县"),
    "监督不到位致重大损失": (("fund_loss", FAILED), {"place": "甲村"}, "九", TEAM),
    "侵害群众利益或群众反映强烈": (("harm_to_masses",), {"about": "钱乙"}, "九", TEAM),
}


def test_every_fact_that_a_clause_makes_a_trigger_has_a_case_here() -> None:
    grounds = {g.id for rule in PACK.interviews for g in rule.grounds if g.after}
    assert grounds == AFTER.keys()


@pytest.mark.parametrize("ground", AFTER)
def test_a_recorded_fact_calls_for_the_interview_of_its_clause(county: County, ground: str) -> None:
    words, told, section, accountable = AFTER[ground]
    assert county.said(*words, **told) == {(section, ground, accountable)}


@pytest.mark.parametrize("ground", AFTER)
def test_a_trigger_stands_in_the_list_only_from_the_day_it_was_issued(
    county: County, ground: str
) -> None:
    words, told, *_ = AFTER[ground]
    days = [date(2019, 7, 30), date(2019, 7, 31), date(2019, 8, 1)]
    found = [bool(county.said(*words, **told, happened_on=day)) for day in days]
    assert found == [False, True, True]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("fund_loss",), {"place": "甲村"}),  # nobody found the team's supervision wanting
        (("harm_to_masses",), {"place": "甲村"}),  # nor that a cadre did it
        (("harm_to_masses",), {"about": "孙丁"}),  # a helper is no resident cadre
        (("feedback_not_corrected",), {"place": "华池县"}),  # whose problems, nobody said
        (("feedback_not_corrected",), {"about": "县水务局"}),
        (("feedback_not_corrected",), {"about": "城壕镇"}),
        (("discipline",), {"about": "钱乙"}),
        (("major_poverty_incident",), {"place": "甲村"}),
    ],
)
def test_what_no_clause_prints_calls_for_nothing(
    county: County, words: tuple[str, ...], told: dict[str, str]
) -> None:
    assert county.called(*words, **told) == []


def test_the_person_it_is_about_is_concerned(county: County) -> None:
    (one,) = county.called("fund_loss", FAILED, about="钱乙")
    assert (county.names[one.accountable_id], one.concerned) == (TEAM, (county.ids["钱乙"],))
    assert one.path == f"2019-11-20，钱乙是{TEAM}队员"
    (of_team,) = county.called("fund_loss", FAILED, about=TEAM)
    assert of_team.concerned == ()


RECORDED = [
    ("省示范厅", "三", "参谋助手角色缺位", "省示范厅"),
    ("省教育工委", "四", "行业优势不突出", "省教育工委"),
    ("县水务局", "五", "工作成效不明显", "县水务局"),
    ("庆阳市", "六", "落实中打折扣搞变通", "庆阳市"),
    ("华池县", "七", "总队长作用发挥不到位", "华池县"),
    ("城壕镇", "八", "反映问题未及时解决", "城壕镇"),
    (TEAM, "九", "两头跑", TEAM),
    ("钱乙", "九", "驻村不住村", TEAM),
    ("孙丁", "十", "不掌握帮扶户情况", "孙丁"),
]


@pytest.mark.parametrize(("about", "section", "ground", "accountable"), RECORDED)
def test_a_judgement_of_an_officer_is_a_ground_of_its_section(
    county: County, about: str, section: str, ground: str, accountable: str
) -> None:
    name = f"gansu-2019-33|{section}|{ground}"
    assert name in county.offered(about)
    (one,) = county.called("printed_trigger", about=about, ground=name)
    assert (one.rule.section, one.ground, one.key) == (section, ground, f"incident|7|{ground}")
    assert county.names[one.accountable_id] == accountable
    assert one.concerned == (() if county.registry.subjects.loc[county.ids[about], "kind"]
                             else (county.ids[about],))  # fmt: skip


def test_only_triggers_of_its_own_section_may_be_recorded_of_a_subject(county: County) -> None:
    offered = {about: {k.split("|")[1] for k in county.offered(about)} for about, *_ in RECORDED}
    assert offered == {about: {section} for about, section, *_ in RECORDED}


def test_section_three_is_for_provincial_group_leader_units_alone(county: County) -> None:
    assert county.offered("县牵头局") == set()


def test_a_village_owes_nobody_an_interview(county: County) -> None:
    assert county.offered("甲村") == set()


@pytest.mark.parametrize(
    ("day", "is_cadre"), [(LEFT - DAY, True), (LEFT, True), (LEFT + DAY, False)]
)
def test_whether_somebody_was_a_cadre_that_day_decides(
    county: County, day: date, is_cadre: bool
) -> None:
    name = "gansu-2019-33|九|驻村不住村"
    assert (name in county.offered("褚丙", happened_on=day)) is is_cadre
    called = county.called("printed_trigger", about="褚丙", happened_on=day, ground=name)
    assert bool(called) is is_cadre


JOINT = {
    "九·连带": (("fraud", INSPECTED), "钱乙", "省帮扶厅", "jointly", ["同级组长单位", "县"], True),
    "十·连带": (("fraud", INSPECTED), "孙丁", "县水务局", "single", ["同级组长单位"], False),
}


@pytest.mark.parametrize("section", JOINT)
def test_joint_liability_has_the_sending_unit_interviewed(county: County, section: str) -> None:
    words, about, unit, order, by, is_barred = JOINT[section]
    (one,) = county.called(*words, about=about)
    assert (one.rule.section, one.ground, one.rule.order) == (section, "连带责任", order)
    assert county.names[one.accountable_id] == unit
    names = [rung.name for rung in one.rule.ladder]
    assert [name.startswith(start) for name, start in zip(names, by, strict=True)] == [True] * len(
        by
    )
    assert [who.name for who in one.rule.interviewees] == ["单位负责同志"]
    fact = incident(county.ids, *words, about=about)
    own = [bar for bar in bars_after(fact, LAW, county.registry) if bar.rule.interviewer]
    assert [bar.effects for bar in own] == [("rating_good",) if is_barred else ()]
    assert one.key == f"incident|7|{own[0].rule.id}"


@pytest.mark.parametrize("section", JOINT)
def test_the_rule_of_joint_liability_is_found_by_its_section(county: County, section: str) -> None:
    words, about, *_ = JOINT[section]
    (one,) = county.called(*words, about=about)
    rule = interview_rule(PACK, section)
    assert rule == one.rule
    assert rule.cite == section.replace("连带", "限制")
    assert [ground.id for ground in rule.grounds] == ["连带责任"]


def test_printed_sections_are_found_and_others_are_a_key_error() -> None:
    assert [interview_rule(PACK, rule.section) for rule in PACK.interviews] == list(PACK.interviews)
    for section in ("二", "五·连带", "十一"):  # 五 has joint liability without an interview
        with pytest.raises(KeyError):
            interview_rule(PACK, section)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(AFTER)), max_size=4), st.integers(0, 400))
def test_incidents_call_for_the_sum_of_what_each_calls_for(
    county: County, grounds: list[str], later: int
) -> None:
    facts = [
        incident(county.ids, *AFTER[ground][0], **AFTER[ground][1], id=number,
                 happened_on=date(2019, 11, 20) + timedelta(days=later))
        for number, ground in enumerate(grounds, start=1)
    ]  # fmt: skip
    together = called_for(facts, LAW, county.registry)
    alone = [one for fact in facts for one in called_for([fact], LAW, county.registry)]
    assert together == alone
    places = [(one.key, one.accountable_id) for one in together]
    assert len(set(places)) == len(places) == len(facts)
