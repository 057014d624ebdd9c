"""Which county a text speaks of."""

from __future__ import annotations

import pytest

from tracker.registry.areas import Area, county_of

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
