"""Names as people write them: found, ambiguous or unknown, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.registry.names import Named, NameIndex
from tracker.registry.spelling import clean, split_hint, stem

SUBJECTS = [
    Named(1, "body", "province", "甘肃省", None, "620000", ""),
    Named(2, "body", "prefecture", "庆阳市", 1, "621000", ""),
    Named(3, "body", "county", "华池县", 2, "621023", ""),
    Named(10, "body", "township", "五蛟镇", 3, "", ""),
    Named(11, "body", "township", "林镇乡", 3, "", ""),
    Named(12, "body", "township", "乔河乡", 3, "", ""),
    Named(13, "body", "township", "白马乡", 3, "", ""),
    Named(20, "body", "village", "南湾村", 10, "", ""),
    Named(21, "body", "village", "张岔村", 11, "", ""),
    Named(22, "body", "village", "张岔村", 12, "", ""),
    Named(23, "body", "village", "白马村", 13, "", ""),
    Named(30, "body", "unit", "华池县水务局", None, "", ""),
    Named(31, "body", "unit", "庆阳市水务局", None, "", ""),
    Named(32, "body", "unit", "中共华池县委政法委员会", None, "", ""),
    Named(33, "body", "unit", "华池县地方志办公室", None, "", ""),
    Named(34, "body", "unit", "共青团华池县委员会", None, "", ""),
    Named(35, "body", "unit", "教育局", 3, "", ""),
    Named(36, "body", "unit", "庆城县审计局", None, "", ""),
    Named(40, "person", "", "王乙", 30, "", ""),
    Named(41, "person", "", "王乙", 31, "", ""),
    Named(42, "person", "", "沈丁亥", 30, "", ""),
    Named(50, "household", "", "时辰", 3, "HC0117", ""),
]


@pytest.fixture
def index() -> NameIndex:
    index = NameIndex(SUBJECTS)
    index.add_short_name(33, "县志办")
    index.hints[40].add("五蛟镇南湾村")
    index.hints[41].add("林镇乡张岔村")
    return index


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("华池县水务局", 30),
        ("县水务局", 30),
        ("市水务局", 31),
        ("庆阳市水务局", 31),
        ("华 池 县 水务局", 30),
        ("县委政法委", 32),
        ("华池县委政法委", 32),
        ("县志办", 33),
        ("县地方志办", 33),
        ("共青团县委", 34),
        ("教育局", 35),
        ("县教育局", 35),
        ("五蛟镇人民政府", 10),
        ("华池县人民政府", 3),
    ],
)
def test_a_unit_is_found_by_full_short_and_shortened_names(
    index: NameIndex, text: str, unit: int
) -> None:
    assert index.unit(text).one == unit


def test_a_name_that_fits_two_units_is_left_to_a_person(index: NameIndex) -> None:
    assert index.unit("水务局").ids == (30, 31)
    assert index.unit("水务局").one is None


def test_another_countys_unit_is_not_taken_for_this_countys(index: NameIndex) -> None:
    assert index.unit("县审计局").ids == ()
    assert index.unit("庆城县审计局").one == 36


@pytest.mark.parametrize(
    ("text", "village"),
    [
        ("南湾村", 20),
        ("南湾", 20),
        ("五蛟镇南湾村", 20),
        ("华池县五蛟镇南湾村", 20),
        ("甘肃省庆阳市华池县五蛟镇南湾村", 20),
        ("五蛟南湾村", 20),
        ("林镇乡张岔村", 21),
        ("林镇张岔村", 21),
        ("乔河乡张岔村", 22),
        ("白马村", 23),
        ("白马乡白马村", 23),
    ],
)
def test_a_village_is_found_with_or_without_its_township(
    index: NameIndex, text: str, village: int
) -> None:
    match = index.village(text)
    assert (match.one, match.note) == (village, "")


def test_an_older_township_name_is_understood_and_said(index: NameIndex) -> None:
    match = index.village("五蛟乡南湾村")
    assert match.one == 20
    assert match.note == "“五蛟乡”按“五蛟镇”办理"


def test_villages_of_one_name_are_told_apart_by_township_or_by_who_asks(index: NameIndex) -> None:
    assert index.village("张岔村").ids == (21, 22)
    assert index.village("张岔村", township="乔河乡").one == 22
    assert index.village("张岔村", among={20, 21}).one == 21
    assert index.village("张岔村", among={21, 22}).ids == (21, 22)


def test_a_township_cell_that_contradicts_the_village_finds_nothing(index: NameIndex) -> None:
    assert index.village("南湾村", township="林镇乡").ids == ()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("王乙", (40, 41)),
        ("王乙（南湾）", (40,)),
        ("王乙(林镇)", (41,)),
        ("王乙@县水务局", (40,)),
        ("王 乙@庆阳市水务局", (41,)),
        ("王乙（乔河）", ()),
        ("沈丁亥", (42,)),
    ],
)
def test_people_of_one_name_are_told_apart_by_village_township_or_unit(
    index: NameIndex, text: str, people: tuple[int, ...]
) -> None:
    assert index.people(text).ids == people


@pytest.mark.parametrize("text", ["HC0117", "hc0117", "ＨＣ０１１７", " HC 0117 ", "HC0117 时辰"])
def test_a_household_is_found_by_its_number_in_any_width(index: NameIndex, text: str) -> None:
    assert index.household(text).one == 50


def test_what_is_alike_is_named_for_an_unknown_name(index: NameIndex) -> None:
    assert "五蛟镇南湾村" in index.near("南弯村", "village")
    assert "沈丁亥@华池县水务局" in index.near("沈丁已", "person")
    assert index.near("沈丁已", "person", among=[41]) == ()


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: f"{s.id}")
def test_every_subject_is_found_by_the_label_it_is_shown_with(
    index: NameIndex, subject: Named
) -> None:
    assert index.anything(index.label(subject.id)).one == subject.id


def test_nothing_is_found_for_a_blank(index: NameIndex) -> None:
    assert index.anything("　 ").ids == ()


@given(st.text(alphabet="王乙（）　 \t@Ａ1"))
def test_cleaning_is_done_once_and_leaves_no_white_space(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not any(char.isspace() for char in clean(text))


@given(st.text(min_size=1))
def test_a_stem_is_never_empty(text: str) -> None:
    assert stem(text, ("村", "社区"))


def test_hints_stand_in_brackets_or_after_an_at_sign() -> None:
    assert split_hint("王乙（紫坊畔）") == ("王乙", "紫坊畔")
    assert split_hint("王乙@县审计局") == ("王乙", "县审计局")
    assert split_hint("王 乙") == ("王乙", "")


def test_a_unit_of_an_autonomous_prefecture_is_one_under_its_full_and_everyday_name() -> None:
    gannan = NameIndex(
        [
            Named(1, "body", "prefecture", "甘南藏族自治州", None, "623000", ""),
            Named(2, "body", "unit", "甘南州扶贫开发办公室", 1, "", ""),
        ]
    )
    for written in ("甘南藏族自治州扶贫开发办公室", "甘南州扶贫办", "州扶贫办"):
        assert gannan.unit(written).ids == (2,)
    assert gannan.same_unit("甘南藏族自治州扶贫办").ids == (2,)
    assert gannan.area("甘南州").ids == (1,)
