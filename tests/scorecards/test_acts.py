"""Recording facts: what is refused and why, all at once; what is taken back; who is scored."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World
from tests.scorecards.town import DAY, LINE, NOW, PACK, TODAY, VILLAGES, Town
from tracker import audit
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.scorecards import desk
from tracker.scorecards.facts import on_record, recorded
from tracker.scorecards.meant import document_meant
from tracker.scorecards.tables import ScoreEvent


def refused(
    town: Town, who: str, item: str, what: str = "", amount: Any = None, **said: Any
) -> str:
    """What recording it is refused with; nothing is stored."""
    before = facts(town)
    with pytest.raises(LuzeError) as refusal:
        town.record(who, item, what, amount, **said)
    assert facts(town) == before
    return str(refusal.value)


def facts(town: Town) -> int:
    counted = sa.select(sa.func.count()).select_from(table(ScoreEvent))
    return int(town.connection.execute(counted).scalar_one())


# ---- figures


@pytest.mark.parametrize("amount", ["0.3", "0.49", "2.01", "2.5", "-1", "0"])
def test_a_deduction_outside_its_range_is_refused_by_name(town: Town, amount: str) -> None:
    told = refused(town, "示例村", "ordinary", "late", amount)
    assert f"--amount：扣分 {amount} 不在规定之内 → 应为 0.5 至 2" in told


@pytest.mark.parametrize("amount", ["0.5", "0.51", "1.99", "2"])
def test_a_deduction_within_its_range_is_taken(town: Town, amount: str) -> None:
    town.record("示例村", "ordinary", "late", amount)
    assert town.points()["ordinary"] == 20 - Decimal(amount)


@pytest.mark.parametrize(
    ("who", "item", "what", "amount", "told"),
    [
        ("示例村", "field", "", "100.01", "综合成绩 100.01 不在规定之内 → 应为 0 至 100"),
        ("示例村", "field", "", "-0.01", "综合成绩 -0.01 不在规定之内"),
        ("示例村", "health", "data", "2.51", "后台数据 2.51 不在规定之内 → 应为 0 至 2.5"),
        ("示例村", "funds", "", "4.01", "扶贫专项资金绩效 4.01 不在规定之内 → 应为 0 至 4"),
        ("示例村", "funds", "", "3.999", "应写最多 2 位小数"),
        ("示例村", "funds", "", "NaN", "“NaN”不是数字"),
        ("示例村", "funds", "", None, "没有写扶贫专项资金绩效"),
        ("示例村", "ordinary", "late", None, "没有写扣分"),
        ("示例村", "hosting", "county", "1", "“承担经验交流现场会”不用写分数"),
        ("示例站", "indicators", "city", "0", "市级名次 0 不在规定之内 → 应从 1 起"),
        ("示例站", "indicators", "city", "1e400", "不在规定之内"),
        ("示例村", "funds", "", "1e-30", "应写最多 2 位小数"),
        ("示例站", "indicators", "city", "1.5", "应写整数"),
        ("示例站", "indicators", "provincial", "0", "省级类别 0 不在规定之内 → 应为 1 至 3"),
        ("示例站", "indicators", "provincial", "4", "省级类别 4 不在规定之内 → 应为 1 至 3"),
        ("示例站", "indicators", "no_task", "1", "“行业扶贫指标”不用写分数"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(
    town: Town, who: str, item: str, what: str, amount: str | None, told: str
) -> None:
    assert told in refused(town, who, item, what, amount)


@pytest.mark.parametrize(
    ("who", "item", "what", "amount"),
    [
        ("示例村", "field", "", "0"), ("示例村", "field", "", "100"),
        ("示例村", "health", "data", "2.5"), ("示例村", "funds", "", "4"),
        ("示例站", "indicators", "city", "1"), ("示例站", "indicators", "city", "99"),
        ("示例站", "indicators", "provincial", "3"), ("示例站", "indicators", "no_task", None),
    ],
)  # fmt: skip
def test_a_figure_on_its_bound_is_taken(
    town: Town, who: str, item: str, what: str, amount: str | None
) -> None:
    town.record(who, item, what, amount)
    assert facts(town) == 1


# ---- words


def test_words_are_understood_as_the_document_prints_them(town: Town) -> None:
    town.record("示例村", "日常工作责任落实", "未在限期内完成", 1, source="镇扶贫办")
    town.record("示例村", "2", "", 80)
    town.record(
        "示例村", "迎检顺利过关", "市级", source="市通报文件", document_number="岳办〔2019〕1号"
    )
    points = town.points()
    told = [float(points[item]) for item in ("ordinary", "field", "passed")]
    assert told == [19, 24, 1]


@pytest.mark.parametrize(
    ("item", "what", "told"),
    [
        ("日常工作", "late", "考核内容：“各村脱贫攻坚工作考核”里没有“日常工作”这一项"),
        ("ordinary", "", "“日常工作责任落实”没有写是哪一种 → 可写：未在限期内完成、"),
        ("ordinary", "national", "“日常工作责任落实”没有“national”这一种"),
        ("health", "", "“健康扶贫”没有写是哪一种 → 可写：后台数据、实地考核"),
        ("veto", "late", "“一票否决”没有“late”这一种"),
    ],
)
def test_a_word_that_the_card_does_not_have_is_refused(
    town: Town, item: str, what: str, told: str
) -> None:
    assert told in refused(town, "示例村", item, what, 1)


def test_the_source_is_one_that_the_document_names(town: Town) -> None:
    told = refused(town, "示例村", "ordinary", "late", 1, source="县扶贫办")
    assert "数据来源不是“县扶贫办” → 可写：镇扶贫办、镇脱贫攻坚大会战指挥部、" in told
    assert "没有写数据来源" in refused(town, "示例村", "ordinary", "late", 1, source="")
    town.record("示例村", "finance", "", 2, source="")
    (only,) = on_record(town.connection, PACK)
    assert only.source == "镇邮政所"


@pytest.mark.parametrize(
    ("item", "what", "said", "told"),
    [
        ("hosting", "city", {"note": " "}, "--note：没有写事由"),
        ("hosting", "city", {"officer": ""}, "--officer：没有写经办人"),
        ("hosting", "city", {"note": "长" * 401}, "事由超过 400 字"),
        ("passed", "city", {"document_number": ""}, "--document：没有写文号"),
    ],
)
def test_what_must_be_told_with_an_event(
    town: Town, item: str, what: str, said: dict[str, str], told: str
) -> None:
    assert told in refused(town, "示例村", item, what, **said)


def test_a_reported_score_needs_no_reason(town: Town) -> None:
    town.record("示例村", "finance", "", 2, note="")
    assert town.points()["finance"] == 2


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2018, 12, 31), "不在考核年度 2019 年"),
        (date(2019, 1, 1), ""),
        (date(2019, 12, 31), ""),
        (date(2020, 1, 1), "不在考核年度 2019 年"),
        (TODAY + timedelta(days=1), "晚于今天 2020-01-20"),
    ],
)
def test_the_day_is_of_the_year_that_is_assessed(town: Town, day: date, told: str) -> None:
    if told:
        assert told in refused(town, "示例村", "finance", "", 2, on=day)
    else:
        town.record("示例村", "finance", "", 2, on=day)


def test_every_defect_comes_at_once(town: Town) -> None:
    told = refused(
        town, "东村", "ordinary", "late", "0.3", source="谁", officer="", note="",
        on=date(2018, 5, 1),
    )  # fmt: skip
    for part in (
        "“东村”不在北景港镇",
        "扣分 0.3",
        "数据来源不是",
        "没有写经办人",
        "没有写事由",
        "2018-05-01",
    ):
        assert part in told


# ---- who


def test_a_gansu_village_is_never_scored_by_a_hunan_document(town: Town) -> None:
    town.world.unit("甘肃局", "东村")
    assert "“东村”不在北景港镇，不受这份文件约束" in refused(town, "东村", "finance", "", 2)
    told = refused(town, "甘肃局", "effect", "", 10)
    assert "“甘肃局”不在北景港镇" in told


def test_a_village_of_the_next_town_is_not_scored(town: Town) -> None:
    town.place("插旗镇", "township", "华容县", "430623110")
    town.place("邻村", "village", "插旗镇")
    assert "“邻村”不在北景港镇" in refused(town, "邻村", "finance", "", 2)


@pytest.mark.parametrize(("county", "bound"), [("华容县", True), ("乙县", False)])
def test_a_town_without_its_code_goes_by_its_name_and_its_county(
    town: Town, county: str, bound: bool
) -> None:
    town.place("乙县", "county", "湖南省", "430699")
    del town.world.ids["北景港镇"]
    town.place("北景港镇", "township", county)
    town.place("丙村", "village", "北景港镇")
    if bound:
        town.record("丙村", "finance", "", 2)
    else:
        assert "“丙村”不在北景港镇" in refused(town, "丙村", "finance", "", 2)


def test_a_card_scores_only_its_sort_of_bodies(town: Town) -> None:
    assert "“示例站”不是村" in refused(town, "示例站", "finance", "", 2, card=VILLAGES)
    assert "“示例村”不是单位" in refused(town, "示例村", "effect", "", 2, card=LINE)


def test_an_office_is_scored_by_one_of_the_three_cards(town: Town) -> None:
    town.record("示例站", "effect", "", 18)
    told = refused(town, "示例站", "effect", "", 25, card="stations.resident")
    assert "已按另一类考核（第 1 号记录）" in told
    town.record("农技站", "effect", "", 25, card="stations.resident", source="")


# ---- twice, and taken back


def test_a_score_is_reported_once_and_an_event_may_happen_twice(town: Town) -> None:
    town.record("示例村", "finance", "", 2)
    assert "与第 1 号记录重复" in refused(town, "示例村", "finance", "", "1.5")
    town.record("示例村", "ordinary", "late", 1, note="大排查")
    assert "与第 2 号记录重复" in refused(town, "示例村", "ordinary", "late", 1, note="大排查")
    town.record("示例村", "ordinary", "late", 1, note="月报")
    assert town.points()["ordinary"] == 18


def test_no_task_and_a_result_exclude_each_other(town: Town) -> None:
    town.record("示例站", "indicators", "no_task")
    assert "“无行业扶贫任务”与已登记的结果" in refused(town, "示例站", "indicators", "city", 1)
    town.record("农技站", "indicators", "city", 2)
    assert "只能有一种" in refused(town, "农技站", "indicators", "no_task")


def test_taking_a_fact_back_restores_the_points(town: Town) -> None:
    town.record("示例村", "finance", "", 2)
    before = town.sheet()
    for item, what, amount in (
        ("ordinary", "late", 1), ("hosting", "city", None), ("veto", "mishandled", None),
        ("opinion", "petition", None), ("field", "", 90),
    ):  # fmt: skip
        number = town.record("示例村", item, what, amount)
        assert town.sheet() != before
        town.void(number)
        assert town.sheet() == before
    town.record("示例村", "field", "", 80)
    assert town.points()["field"] == 24


def test_what_was_known_before_a_voiding_is_still_answered(town: Town) -> None:
    town.record("示例村", "finance", "", 2)
    number = town.record("示例村", "ordinary", "late", 2)
    town.void(number, now=NOW + timedelta(hours=1))
    for hours, expected in ((0, 18), (1, 20), (2, 20)):
        assert town.points(known_at=NOW + timedelta(hours=hours))["ordinary"] == expected
    voided = recorded(town.connection, PACK)[1].voided
    assert voided
    assert voided.note == "登记有误"


@pytest.mark.parametrize(
    ("number", "said", "told"),
    [
        (1, {"reason": ""}, "没有写事由"),
        (1, {"officer": ""}, "没有写经办人"),
        (9, {}, "没有第 9 号记录"),
    ],
)
def test_a_voiding_that_cannot_be_is_refused(
    town: Town, number: int, said: dict[str, str], told: str
) -> None:
    town.record("示例村", "finance", "", 2)
    with pytest.raises(LuzeError, match=told):
        town.void(number, **said)
    assert facts(town) == 1


def test_a_voided_fact_or_a_voiding_cannot_be_voided(town: Town) -> None:
    town.void(town.record("示例村", "finance", "", 2))
    for number, told in ((1, "已经作废"), (2, "没有第 2 号记录")):
        with pytest.raises(LuzeError, match=told):
            town.void(number)


def test_rows_are_history(town: Town) -> None:
    town.record("示例村", "finance", "", 2)
    for statement in ("UPDATE score_events SET amount = 1", "DELETE FROM score_events"):
        with pytest.raises(sa.exc.IntegrityError), town.connection.begin_nested():
            town.connection.exec_driver_sql(statement)


def test_every_act_is_in_the_audit_chain(town: Town) -> None:
    town.void(town.record("示例村", "ordinary", "late", "0.5"))
    rows = town.connection.execute(sa.select(table(audit.Act)).order_by(table(audit.Act).c.id))
    told = [(row.act, row.detail["officer"]) for row in rows]
    assert told == [("score", "何甲子"), ("score_voided", "何甲子")]
    assert audit.verify(town.connection) == (2, None)


# ---- sheets and lists


def test_a_sheet_is_of_the_facts_up_to_a_day(town: Town) -> None:
    town.record("示例村", "ordinary", "late", 2)
    for days, expected in ((0, 18), (1, 18)):
        assert town.points(as_of=DAY + timedelta(days=days))["ordinary"] == expected
    with pytest.raises(LuzeError, match="没有登记过"):
        town.sheet(as_of=DAY - timedelta(days=1))
    with pytest.raises(LuzeError, match="没有登记过"):
        town.sheet(known_at=NOW - timedelta(seconds=1))


def ranked(town: Town, **said: Any) -> list[tuple[int | None, int]]:
    said = {"office": "镇扶贫办", "as_of": TODAY, "known_at": NOW, **said}
    _, placed = desk.ranking(
        town.connection, town.world.law, PACK, "stations.pairing", **said
    )  # fmt: skip
    return [(one.place, one.sheet.subject_id) for one in placed]


def test_equal_totals_share_a_place_and_the_incomplete_have_none(town: Town) -> None:
    ids = [town.world.unit(name, "示例村") for name in ("甲站", "乙站", "丙站", "丁站")]
    for name, amount in (("甲站", 70), ("乙站", 75), ("丙站", 75)):
        town.record(name, "effect", "", amount, card="stations.pairing")
    town.record("丁站", "ordinary", "late", 1, card="stations.pairing")
    assert ranked(town) == [(1, ids[1]), (1, ids[2]), (3, ids[0]), (None, ids[3])]


@pytest.mark.parametrize("office", ["", "示例村", "县扶贫办"])
def test_a_ranking_is_only_for_an_office_that_assesses(town: Town, office: str) -> None:
    town.record("示例站", "effect", "", 70, card="stations.pairing")
    with pytest.raises(LuzeError, match=r"不是本办法的考核单位|没有写明是哪个考核单位"):
        ranked(town, office=office)


def test_a_ranking_of_nobody_says_so(town: Town) -> None:
    with pytest.raises(LuzeError, match="没有任何登记"):
        ranked(town)


def test_a_document_without_scorecards_is_named(town: Town) -> None:
    with pytest.raises(LuzeError, match="“gansu-2019-33”没有计分办法"):
        document_meant(town.world.law, "gansu-2019-33")


def test_decimals_come_back_as_they_were_told(engine: sa.Engine) -> None:
    with transaction(engine) as connection:
        town = Town(World(connection))
        town.record("示例村", "field", "", "87.35")
        town.record("示例村", "ordinary", "late", "1.55")
        points = town.points()
    assert (points["field"], points["ordinary"]) == (Decimal("26.205"), Decimal("18.45"))
