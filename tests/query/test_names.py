"""Whom a typed name means: short forms are understood, two of one name are asked back (I76)."""

from __future__ import annotations

import pytest

from tests.scenarios.world import World
from tracker.errors import LookupFailed
from tracker.registry.lookup import find_subject


@pytest.fixture
def county(world: World) -> World:
    """Two bureaus, a village, a household and two people of one name."""
    world.unit("示例县水务局", "东村")
    world.unit("示例县审计局", "东村")
    world.attribute("示例县审计局", "short_name", "县审计")
    world.leader("钱甲子", "示例县水务局")
    world.pair("孙甲子", "示例县水务局", "HC01")
    world.ids["王乙·水务"] = world.subject("王乙", "person", home=world.ids["示例县水务局"])
    del world.ids["王乙"]
    world.ids["王乙·审计"] = world.subject("王乙", "person", home=world.ids["示例县审计局"])
    return world


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("示例县水务局", "示例县水务局"),
        ("县水务局", "示例县水务局"),
        ("示 例 县 水 务 局", "示例县水务局"),
        ("县审计", "示例县审计局"),
        ("钱甲子", "钱甲子"),
        ("钱甲子@县水务局", "钱甲子"),
        ("王乙@示例县水务局", "王乙·水务"),
        ("王乙@县审计局", "王乙·审计"),
        ("东乡", "东乡"),
        ("东乡东村", "东村"),
        ("示例县", "示例县"),
        ("HC01", "HC01"),
        ("hc01", "HC01"),
    ],
)
def test_a_name_as_people_type_it_is_understood(county: World, typed: str, meant: str) -> None:
    assert find_subject(county.connection, typed) == county.ids[meant]


def test_two_people_of_one_name_are_asked_back(county: World) -> None:
    with pytest.raises(LookupFailed) as refused:
        find_subject(county.connection, "王乙")

    assert sorted(problem.what for problem in refused.value.problems) == [
        "王乙@示例县审计局",
        "王乙@示例县水务局",
    ]
    assert "姓名@单位" in refused.value.fix


def test_a_name_that_fits_nobody_is_answered_with_what_is_near(county: World) -> None:
    with pytest.raises(LookupFailed, match="找不到“县水利局”") as refused:
        find_subject(county.connection, "县水利局")

    assert any("示例县水务局" in problem.what for problem in refused.value.problems)
