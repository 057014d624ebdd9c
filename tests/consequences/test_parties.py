"""Who interviews and who is interviewed: by the clause's own words, on one day, never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.scenarios.world import World, shipped_law
from tracker.consequences.parties import Parties, rung_name
from tracker.policy.model import interview_rule
from tracker.policy.sanctions import Interviewee, InterviewRule
from tracker.registry.oneday import OneDay

DAY = date(2020, 6, 1)
EVE, NEXT = DAY - timedelta(1), DAY + timedelta(1)
PACK = shipped_law().pack("gansu-2019-33")


def rule(section: str) -> InterviewRule:
    """The shipped rule of a section."""
    return interview_rule(PACK, section)


def on(world: World, day: date = DAY) -> Parties:
    """The parties of a day."""
    return Parties(OneDay(world.scene(day).registry, day), PACK.document)


def named(world: World, people: list[int]) -> list[str]:
    """Names of ids."""
    names = {number: name for name, number in world.ids.items()}
    return [names[one] for one in people]


def interviewers(world: World, section: str, subject: str, rung: int = 0) -> list[str]:
    """The bodies or persons that interview a subject."""
    found = on(world).interviewer(rule(section), world.ids[subject], rung)
    return named(world, found["people"])


def interviewed(world: World, section: str, subject: str, day: date = DAY) -> list[list[str]]:
    """Who holds each post that is interviewed."""
    parties = on(world, day).interviewees(rule(section), world.ids[subject], [])
    return [named(world, who["people"]) for who in parties]


@pytest.mark.parametrize(
    ("level", "leader"),
    [
        ("provincial", ["省组长办"]),
        ("central", ["省组长办"]),
        ("county", ["县组长办"]),
        ("prefecture", []),
        ("", []),
    ],
)
def test_a_unit_is_interviewed_by_the_group_leader_unit_of_its_own_level(
    world: World, level: str, leader: list[str]
) -> None:
    """A county unit never reaches the provincial group-leader unit; a central one does (三(三))."""
    world.unit("甲局", "东村", level=level)
    world.unit("省组长办", level="provincial", leads="示例县")
    world.unit("县组长办", level="county", leads="示例县")
    world.unit("级别不明办", level="", leads="示例县")

    assert interviewers(world, "五", "甲局") == leader


def test_the_second_rung_is_the_leader_who_contacts_the_county(world: World) -> None:
    world.unit("甲局", "东村")
    world.seat("省领导甲", "示例县")

    assert interviewers(world, "五", "甲局", 1) == ["省领导甲"]
    assert on(world).interviewer(rule("五"), world.ids["甲局"], 1)["name"] == "省级联系包抓领导"


def test_a_coordination_group_is_known_by_name_only(world: World) -> None:
    world.unit("甲局", "东村")

    assert on(world).interviewer(rule("五"), world.ids["甲局"], 2) == {
        "role": "province_coordination_group",
        "name": "省脱贫攻坚帮扶工作协调领导小组",
        "people": [],
    }


def test_a_unit_that_helps_nowhere_has_no_group_leader_unit(world: World) -> None:
    world.unit("甲局")
    world.unit("县组长办", leads="示例县")

    assert interviewers(world, "五", "甲局") == []


def test_a_group_leader_unit_that_is_short_itself_does_not_interview_itself(world: World) -> None:
    world.unit("县组长办", "东村", leads="示例县")
    assert interviewers(world, "五", "县组长办") == []

    world.unit("另一组长办", leads="示例县")
    assert interviewers(world, "五", "县组长办") == ["另一组长办"]


@pytest.mark.parametrize("last", [EVE, DAY])
def test_a_unit_whose_tie_has_ended_is_interviewed_by_who_leads_where_it_helped_last(
    world: World, last: date
) -> None:
    world.area("邻县", "示例市")
    world.area("南乡", "邻县")
    world.area("南村", "南乡")
    world.unit("甲局", "南村", span=(None, date(2019, 12, 31)))
    world.tie("assists", "甲局", "东村", (date(2020, 1, 1), last))
    world.unit("县组长办", leads="示例县")
    world.unit("邻县组长办", leads="邻县")
    world.seat("省领导甲", "示例县")

    assert interviewers(world, "五", "甲局") == ["县组长办"]
    assert interviewers(world, "五", "甲局", 1) == ["省领导甲"]


def test_a_township_is_interviewed_by_those_who_head_the_county(world: World) -> None:
    world.post("周甲子", "secretary", "示例县")
    world.post("吴甲子", "government_head", "示例县")
    world.post("郑甲子", "deputy_secretary", "示例县")

    assert interviewers(world, "八", "东乡") == ["周甲子", "吴甲子"]


def test_a_county_is_interviewed_in_the_persons_who_head_it(world: World) -> None:
    world.post("周甲子", "secretary", "示例县")
    world.post("王甲子", "chief_captain", "示例县")

    assert interviewed(world, "七", "示例县") == [["周甲子"], [], ["王甲子"]]


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ({"head": "李甲子", "deputy_in_charge": "李乙丑"}, ["李甲子"]),
        ({"deputy_in_charge": "李乙丑"}, ["李乙丑"]),
        ({}, []),
    ],
)
def test_the_one_responsible_is_the_head_else_the_deputy(
    world: World, posts: dict[str, str], expected: list[str]
) -> None:
    world.unit("甲局", "东村")
    for post, person in posts.items():
        world.post(person, post, "甲局")

    assert interviewed(world, "四", "甲局") == [expected]


@pytest.mark.parametrize(
    ("day", "head"), [(EVE, ["李甲子"]), (DAY, ["李乙丑"]), (NEXT, ["李乙丑"])]
)
def test_a_post_is_who_holds_it_on_the_day(world: World, day: date, head: list[str]) -> None:
    world.unit("甲局", "东村")
    world.post("李甲子", "head", "甲局", (None, EVE))
    world.post("李乙丑", "head", "甲局", (DAY, None))

    assert interviewed(world, "五", "甲局", day) == [head, []]


def test_a_helper_is_interviewed_by_the_own_unit(world: World) -> None:
    world.unit("甲局", "东村")
    world.pair("孙甲子", "甲局", "HC01")

    assert interviewers(world, "十", "孙甲子") == ["甲局"]


def test_a_joint_interview_names_everybody(world: World) -> None:
    world.unit("甲局", "东村", level="provincial")
    world.unit("省组长办", level="provincial", leads="示例县")
    joint = rule("九·连带")

    assert rung_name(joint, 0) == "同级组长单位、县（市、区）脱贫攻坚帮扶工作协调领导小组"
    assert interviewers(world, "九·连带", "甲局") == ["省组长办"]


def test_the_unit_of_an_accountable_unit_is_itself_and_of_a_person_the_own(world: World) -> None:
    world.unit("甲局", "东村")
    world.pair("孙甲子", "甲局", "HC01")
    world.post("李甲子", "head", "甲局")
    asked = (Interviewee(post="responsible", name="单位负责同志", of="unit"),)
    of_unit = rule("四").model_copy(update={"interviewees": asked})

    for accountable in ("甲局", "孙甲子"):
        (found,) = on(world).interviewees(of_unit, world.ids[accountable], [])
        assert named(world, found["people"]) == ["李甲子"]
