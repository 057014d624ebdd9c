"""Which county a text speaks of."""

from __future__ import annotations

import pytest

from tracker.registry.areas import Area, county_of, prefecture_of

HUACHI = (
    Area("620000", "甘肃省", "province"),
    Area("621000", "庆阳市", "prefecture"),
    Area("621023", "华池县", "county"),
)


@pytest.mark.parametrize(
    "text",
    [
        "华池县",
        "621023",
        "华池县扶贫开发办公室",
        "华池县2019年帮扶工作台账.xlsx",
        "庆阳市华池县水务局",
    ],
)
def test_a_county_is_known_by_name_or_code_with_all_it_lies_in(text: str) -> None:
    assert county_of(text) == HUACHI


@pytest.mark.parametrize("text", ["", "台账.xlsx", "庆阳市水务局", "620000", "999999", "市辖区"])
def test_a_text_without_a_county_names_none(text: str) -> None:
    assert county_of(text) == ()


def test_a_name_of_two_counties_counts_only_with_its_province() -> None:
    assert county_of("城关区帮扶办") == ()
    assert county_of("兰州市城关区帮扶办")[-1] == Area("620102", "城关区", "county")


def test_the_first_text_that_tells_decides() -> None:
    assert county_of("", "台账", "华池县") == HUACHI
    assert county_of("合水县台账", "华池县")[-1].name == "合水县"


@pytest.mark.parametrize(
    "text", ["甘南藏族自治州", "甘南州扶贫办", "甘南州（甘南藏族自治州）任务台账", "623000"]
)
def test_an_autonomous_prefecture_is_known_by_its_everyday_name_too(text: str) -> None:
    assert [area.name for area in prefecture_of(text)] == ["甘肃省", "甘南藏族自治州"]


def test_an_autonomous_county_is_known_by_its_everyday_name_too() -> None:
    assert county_of("天祝县扶贫办")[-1].name == "天祝藏族自治县"
    assert county_of("积石山县扶贫办")[-1].name == "积石山保安族东乡族撒拉族自治县"


def test_an_everyday_name_that_is_also_another_countys_needs_its_prefecture() -> None:
    assert county_of("东乡县扶贫办") == ()
    assert county_of("临夏州东乡县扶贫办")[-1].name == "东乡族自治县"
