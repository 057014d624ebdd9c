"""Names of a document mean one body of its area, or nobody."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, moment
from tracker.registry.dated import load_registry
from tracker.registry.roles import Roles

DAY = date(2019, 6, 1)


@pytest.fixture
def world(sqlite_engine: sa.Engine) -> World:
    """示例县 with two villages called 东村, and a county beside it in the same prefecture."""
    with sqlite_engine.begin() as connection:
        found = World(connection)
        for name, above in (
            ("西乡", "示例县"), ("西乡东村", "西乡"), ("西乡南村", "西乡"),
            ("邻县", "示例市"), ("北乡", "邻县"), ("北村", "北乡"), ("北乡南村", "北乡"),
        ):  # fmt: skip
            found.area(name, above)
        for unit in (
            "示例县水务局", "示例市水务局", "邻县水务局", "中共示例县委组织部", "甲公司",
            "示例县人力资源和社会保障局", "邻县审计局", "示例县发展和改革局", "共青团示例县委员会",
        ):  # fmt: skip
            found.unit(unit)
        found.attribute("甲公司", "short_name", "帮扶公司")
        return found


def roles_of(world: World) -> Roles:
    with world.connection.engine.connect() as connection:
        return Roles(load_registry(connection, moment(DAY)), frozenset())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("示例县水务局", "示例县水务局"),
        ("县水务局", "示例县水务局"),
        ("水务局", "示例县水务局"),
        ("水 务 局", "示例县水务局"),
        ("县委组织部", "中共示例县委组织部"),
        ("人社局", "示例县人力资源和社会保障局"),
        ("发展改革局", "示例县发展和改革局"),
        ("团县委", "共青团示例县委员会"),
        ("帮扶公司", "甲公司"),
        ("东乡人民政府", "东乡"),
        ("示例县人民政府", "示例县"),
        ("市水务局", None),
        ("邻县水务局", None),
        ("审计局", None),
        ("教育局", None),
        ("各有关单位", None),
    ],
)
def test_a_body_is_looked_for_inside_the_area(world: World, text: str, name: str | None) -> None:
    found = roles_of(world).inside(world.ids["示例县"], "示例县").body(text)
    assert found == (world.ids[name] if name else None)


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("水务局", "示例市", "示例市水务局"),
        ("水务局", "东乡", None),
        ("西村", "示例县", "西村"),
        ("西乡东村", "示例县", "西乡东村"),
        ("东乡东村", "示例县", "东村"),
        ("东村", "示例县", None),
        ("东村", "西乡", "西乡东村"),
        ("南村", "示例县", "西乡南村"),
        ("南村", "示例市", None),
        ("邻县南村", "示例市", "北乡南村"),
        ("北村", "示例市", "北村"),
        ("北村", "示例县", None),
    ],
)
def test_a_member_is_one_village_or_body_of_the_place(
    world: World, text: str, place: str, name: str | None
) -> None:
    found = roles_of(world).inside(world.ids["示例市"], "示例市")
    assert found.member(text, world.ids[place]) == (world.ids[name] if name else None)


@pytest.mark.parametrize("code", ["6299", "629900"])
def test_an_area_is_found_by_its_code_however_padded(world: World, code: str) -> None:
    assert roles_of(world).area(code) == world.ids["示例市"]


@pytest.mark.parametrize("code", ["", "4306", "629902"])
def test_a_code_of_no_area_finds_none(world: World, code: str) -> None:
    assert roles_of(world).area(code) is None
