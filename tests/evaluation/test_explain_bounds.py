"""Levels, both bounds and thresholds by case: every row accounted for, and told in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa

from tests.scenarios.bounds.invented import invented
from tests.scenarios.world import World, all_covers, months
from tracker.db import transaction
from tracker.evaluation import findings, narrate
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import Explanation, explain

LEVELS = ("county.rate", "county.income", "county.overdue_rate", "county.coverage")
ITEMS = ("贫困面", "人均收入", "小额贷款逾期率", "保障覆盖率", "脱贫人口", "别的指标")


@pytest.fixture
def world(sqlite_engine: sa.Engine) -> Iterator[World]:
    """The invented county with one helper, everything reported."""
    with transaction(sqlite_engine) as connection:
        found = World(connection, invented())
        found.area("北乡", "示例县")
        found.area("北村", "北乡")
        found.unit("甲局", "东村")
        found.pair("孙甲子", "甲局", "HC01")
        found.attribute("HC01", "exit_status", "未脱贫", (None, date(2016, 9, 30)))
        found.attribute("HC01", "exit_status", "已脱贫", (date(2016, 10, 1), None))
        found.reported(months("2016-01", "2018-12"))
        yield found


def explained(world: World, as_of: date, *duties: str) -> list[Explanation]:
    """The explanation of every finding of these duties."""
    scene = world.scene(as_of, *duties)
    frame = evaluate(world.connection, scene, all_covers())
    rows = findings.to_rows(scene, frame)
    return [
        explain(world.connection, scene, all_covers(), evaluated, finding)
        for (_, evaluated), (_, finding) in zip(frame.iterrows(), rows.iterrows(), strict=True)
    ]


def of_2016(world: World, as_of: date, duty: str, holder: str) -> Explanation:
    """The explanation of what one holder owes in the window that opens with 2016."""
    return next(
        told for told in explained(world, as_of, duty)
        if told.finding["opens"] == date(2016, 1, 1)
        and told.finding["holder_id"] == world.ids[holder]
    )  # fmt: skip


def amount(told: Explanation) -> float:
    """What the counted rows come to."""
    added_up = told.duty.measure in ("sum", "latest")
    return sum(row.quantity if added_up else 1 for row in told.counted)


@pytest.mark.parametrize("seed", range(4))
def test_counted_rows_come_to_the_tally(world: World, seed: int) -> None:
    random = Random(seed)
    for _ in range(200):
        day = date(2015, 12, 1) + timedelta(random.randrange(1000))
        entered = day + timedelta(random.choice([0, 0, 40]))
        world.did(
            random.choice(["示例县", "东乡", "北乡"]),
            random.choice(["reported_level", "captains_meeting"]), day,
            item=random.choice(ITEMS), place=random.choice([None, "东村", "东乡", "北村"]),
            quantity=Decimal(random.randrange(1000)) / 100, entered=entered,
            voided=random.choice([None, None, entered + timedelta(30)]),
        )  # fmt: skip
    duties = (*LEVELS, "county.people", "township.meetings")

    totals = [
        (told.finding["key"], amount(told), told.finding["done"])
        for told in explained(world, date(2018, 8, 1), *duties)
    ]

    assert [t for t in totals if t[1] != pytest.approx(t[2])] == []
    assert sum(done > 0 for _, _, done in totals) >= 5


def test_a_level_lists_its_figures_newest_first_and_says_why_the_others_do_not_count(
    world: World,
) -> None:
    figures = ((date(2016, 3, 31), 14), (date(2016, 12, 31), 9), (date(2016, 6, 30), 12))
    for day, figure in figures:
        world.did("示例县", "reported_level", day, item="贫困面", quantity=figure)
    world.did("示例县", "reported_level", date(2016, 7, 1), item="人均收入", quantity=6000)
    world.did("示例县", "reported_level", date(2017, 1, 1), item="贫困面", quantity=8)

    told = of_2016(world, date(2017, 1, 2), "county.rate", "示例县")

    assert [(row.day, row.quantity, row.why_not) for row in told.rows] == [
        (date(2017, 1, 1), 8, "晚于考核期（或任职、结对）终止日"),
        (date(2016, 12, 31), 9, ""),
        (date(2016, 7, 1), 6000, "事项（指标）不同"),
        (date(2016, 6, 30), 12, "已有更新的数据"),
        (date(2016, 3, 31), 14, "已有更新的数据"),
    ]


def test_of_two_figures_about_one_day_the_later_entry_counts(world: World) -> None:
    day = date(2016, 12, 31)
    for figure, entered in ((10, date(2017, 1, 3)), (9, date(2017, 1, 4))):
        world.did("示例县", "reported_level", day, item="贫困面", quantity=figure, entered=entered)

    told = of_2016(world, date(2017, 1, 5), "county.rate", "示例县")

    assert [row.quantity for row in told.counted] == [9]
    assert told.finding["done"] == 9


def test_a_place_outside_the_own_area_is_named(world: World) -> None:
    for place in ("东村", "北村", None):
        world.did("东乡", "captains_meeting", date(2016, 3, 1), place=place)

    told = of_2016(world, date(2016, 6, 1), "township.meetings", "东乡")

    assert [row.why_not for row in told.rows] == ["", "地点不在本辖区", "地点不在本辖区"]


def said(told: Explanation, as_of: date) -> str:
    """All sentences in one text."""
    return "\n".join(narrate.sentences(told, invented(), as_of))


def test_a_lagging_level_is_told_with_its_path_and_what_the_source_says_against_itself(
    world: World,
) -> None:
    world.did("示例县", "reported_level", date(2016, 7, 1), item="贫困面", quantity=13)

    told = of_2016(world, date(2016, 7, 1), "county.rate", "示例县")

    text = said(told, date(2016, 7, 1))
    assert "标准：到2016年12月31日不超过 9.12 %" in text
    assert "最近上报：2016年7月1日的数据为 13 %，超出 3.88" in text
    assert "进度：节点之间匀速推进，2016年7月1日应达到 12.12 %，实际 13 %" in text
    assert "判定：有风险（落后于节点目标的进度）" in text
    assert "原文不一：方案后文写的是2020年全部消除" in text


def test_a_level_nobody_reported_is_said_to_be_missing(world: World) -> None:
    told = of_2016(world, date(2016, 7, 1), "county.income", "示例县")

    assert "最近上报：考核期内还没有上报这项数据" in said(told, date(2016, 7, 1))


def test_both_bounds_are_told(world: World) -> None:
    told = of_2016(world, date(2016, 7, 1), "township.meetings", "东乡")

    assert "标准：每年不少于 2、不超过 3 次\n累计：0 次，差 2" in said(told, date(2016, 7, 1))


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        (date(2016, 9, 30), "为“未脱贫”（标准 6）\n累计"),
        (
            date(2016, 10, 1),
            "为“已脱贫”（标准 3，2016年10月1日起）\n考核期内有变化：此前为“未脱贫”（标准 6）\n累计",
        ),
        (date(2017, 5, 1), "为“已脱贫”（标准 3，2016年10月1日起）\n考核期内有变化"),
    ],
)
def test_the_state_that_chose_the_standard_is_told_with_the_one_before(
    world: World, as_of: date, words: str
) -> None:
    told = of_2016(world, as_of, "helper.visits", "孙甲子")

    assert f"标准的依据：对象的脱贫状态{words}" in said(told, as_of)


def test_a_recorded_reason_is_quoted_and_not_counted(world: World) -> None:
    world.did("孙甲子", "visit_reason", date(2016, 12, 1), toward="HC01", item="全家外出务工")

    told = of_2016(world, date(2017, 2, 1), "helper.visits", "孙甲子")

    text = said(told, date(2017, 2, 1))
    assert [row.why_not for row in told.rows] == ["说明理由，不计入"]
    assert "原则上：条文写的是“原则上”；已登记理由：2016年12月1日“全家外出务工”" in text
    assert "口径 I72" in text


def test_every_other_reading_is_told(world: World) -> None:
    world.cadre("赵甲子", "甲局", "东村")
    world.did("赵甲子", "overnight", date(2016, 3, 5), date(2016, 3, 6))

    told = of_2016(world, date(2016, 7, 1), "cadre.nights", "赵甲子")

    text = said(told, date(2016, 7, 1))
    assert "另一口径（任何一天都算，I2）：2/2，已达标" in text
    assert "另一口径（只算工作日，I4）：0/2，正常推进" in text


@pytest.mark.parametrize(
    ("opens", "closes", "name"),
    [
        (date(2018, 1, 1), date(2020, 12, 31), "2018年至2020年"),
        (date(2016, 1, 1), date(2016, 12, 31), "2016年"),
        (date(2018, 7, 1), date(2018, 12, 31), "2018年下半年"),
        (date(2018, 1, 1), date(2018, 6, 30), "2018年上半年"),
        (date(2018, 4, 1), date(2018, 9, 30), "2018年4月1日至9月30日"),
        (date(2018, 4, 1), date(2018, 6, 30), "2018年第2季度"),
        (date(2018, 2, 1), date(2018, 2, 28), "2018年2月"),
        (date(2020, 2, 14), date(2020, 6, 30), "2020年2月14日至6月30日"),
        (date(2018, 7, 1), date(2020, 12, 31), "2018年7月1日至2020年12月31日"),
        (date(2018, 7, 1), date(9999, 12, 31), "常设"),
    ],
)
def test_a_window_is_named_as_an_office_would(opens: date, closes: date, name: str) -> None:
    assert narrate.window_name(opens, closes) == name
