"""Whom a document names owes it, and what the registry does not know is never silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from tests.registry.waiving import request
from tests.scenarios.world import World, all_covers, months
from tracker import resources
from tracker.errors import LuzeError
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import explain
from tracker.evaluation.findings import to_rows
from tracker.evaluation.narrate import sentences
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.registry.holders import unregistered

PACKS = Path(__file__).parents[1] / "packs"
PLAN, TARGETS = "ningyuan-2016-3", "hewan-2015-1"
SUMMER = date(2016, 7, 20)
OFFICE = "宁原州扶贫开发办公室"


@pytest.fixture(scope="module")
def law() -> Law:
    """The two invented work plans alone."""
    loaded = load_law([resources.folder("duties"), PACKS])
    kept = (pack for pack in loaded.packs if pack.document.id in (PLAN, TARGETS))
    return replace(loaded, packs=tuple(kept))


@pytest.fixture
def world(sqlite_engine: sa.Engine, law: Law) -> Iterator[World]:
    """宁原藏族自治州 > 河湾县 > 城关乡、西川乡 with a few villages, and offices of three areas."""
    with sqlite_engine.begin() as connection:
        found = World(connection, law)
        _areas(found)
        for unit in ("宁原州教育局", "中共宁原州委组织部", OFFICE, "河湾县教育局"):
            found.unit(unit)
        found.reported(months("2015-01", "2017-12"))
        yield found


def _areas(world: World) -> None:
    for name, kind, above, code in (
        ("宁原藏族自治州", "prefecture", "甘肃省", "628800"),
        ("河湾县", "county", "宁原藏族自治州", "628801"),
        ("城关乡", "township", "河湾县", ""),
        ("西川乡", "township", "河湾县", ""),
    ):
        world.subject(name, "body", kind, home=world.ids[above], code=code)
        world.tie("part_of", name, above)
    for village, township in (
        ("东坪村", "城关乡"), ("西川乡高岭村", "西川乡"), ("城关乡高岭村", "城关乡"),
        ("城关乡同名村", "城关乡"), ("西川乡同名村", "西川乡"),
    ):  # fmt: skip
        world.area(village, township)


def told(rows: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Holder and counterpart ('' for none) of each finding -> status, or why a person must look."""
    review = rows["status"] == "needs_review"
    answers = rows["status"].where(~review, rows["reason"]).tolist()
    parties = zip(rows["holder"], rows["counterpart"].fillna(""), strict=True)
    return dict(zip(parties, answers, strict=True))


def test_each_lead_body_owes_it_and_the_unregistered_one_stays_with_the_area(world: World) -> None:
    assert told(world.look(SUMMER, "task.plans")) == {
        ("宁原州教育局", ""): "breached",
        ("宁原藏族自治州", ""): "holder_not_registered",
    }


def test_the_areas_own_office_is_meant_not_one_below_it(world: World) -> None:
    rows = world.look(SUMMER, "task.plans")
    assert "河湾县教育局" not in set(rows["holder"])


def test_a_body_that_takes_part_owes_nothing(world: World) -> None:
    before = told(world.look(SUMMER, "task.plans"))
    world.unit("宁原州财政局")
    assert told(world.look(SUMMER, "task.plans")) == before


def test_a_body_owes_it_from_the_night_on_which_it_is_registered(world: World) -> None:
    world.unit("宁原州水务局")
    world.did("宁原州水务局", "task_closed", date(2016, 6, 30), item="制定专项方案")
    assert told(world.look(SUMMER, "task.plans")) == {
        ("宁原州教育局", ""): "breached",
        ("宁原州水务局", ""): "met",
    }


@pytest.mark.parametrize(
    ("day", "status"),
    [(date(2016, 6, 29), "met"), (date(2016, 6, 30), "met"), (date(2016, 7, 1), "breached")],
)
def test_a_task_is_closed_up_to_its_due_day(world: World, day: date, status: str) -> None:
    world.did("宁原州教育局", "task_closed", day, item="制定专项方案")
    rows = world.look(SUMMER, "task.plans")
    assert rows.set_index("holder").loc["宁原州教育局", "status"] == status


def test_a_short_name_that_a_roster_gives_counts(world: World) -> None:
    world.unit("宁原水务集团")
    assert len(world.look(SUMMER, "task.plans")) == 2
    world.attribute("宁原水务集团", "short_name", "水务局")
    assert set(world.look(SUMMER, "task.plans")["holder"]) == {"宁原州教育局", "宁原水务集团"}


def test_each_member_is_a_counterpart_and_unregistered_ones_are_one_finding(world: World) -> None:
    world.did(OFFICE, "task_closed", date(2016, 5, 1), item="重点村销号", toward="东坪村")
    assert told(world.look(SUMMER, "task.villages")) == {
        (OFFICE, "东坪村"): "met",
        (OFFICE, "西川乡高岭村"): "on_track",
        (OFFICE, ""): "member_not_registered",
    }


def test_a_name_of_two_villages_without_its_township_is_not_registered(world: World) -> None:
    rows = world.look(date(2015, 12, 1), "county.villages_2015")
    assert told(rows)["河湾县", ""] == "member_not_registered"
    assert len(rows) == 2
    scene = world.scene(date(2015, 12, 1), "county.villages_2015")
    (document, duty), holder = next(s for s in scene.duties if s[1].per), world.ids["河湾县"]
    assert unregistered(scene.roles, document, duty, holder) == ("同名村",)


def test_a_finding_can_tell_which_names_nobody_registered(world: World) -> None:
    scene = world.scene(SUMMER)
    duties = {duty.id: (document, duty) for document, duty in scene.duties}
    area, office = world.ids["宁原藏族自治州"], world.ids[OFFICE]
    assert unregistered(scene.roles, *duties["task.plans"], area) == ("水务局",)
    assert unregistered(scene.roles, *duties["task.plans"], world.ids["宁原州教育局"]) == ()
    assert unregistered(scene.roles, *duties["task.villages"], office) == ("无此村",)


def test_keys_of_findings_are_unique_and_one_party_sees_its_own(world: World) -> None:
    world.unit("宁原州水务局")
    rows = world.look(SUMMER)
    assert rows["key"].is_unique
    one = frozenset({world.ids["西川乡高岭村"]})
    seen = world.look(SUMMER, "task.villages", "body.dispatch", focus=one)
    assert set(seen["counterpart"]) == {"西川乡高岭村"}
    whole = world.look(SUMMER, "task.villages", "body.dispatch")
    assert seen["key"].tolist() == whole.loc[whole["counterpart"] == "西川乡高岭村", "key"].tolist()


def test_monthly_dispatch_is_owed_toward_each_named_village(world: World) -> None:
    world.did(OFFICE, "special_study", date(2016, 3, 31), toward="东坪村")
    rows = world.look(date(2016, 4, 30), "body.dispatch")
    march = rows[rows["opens"] == date(2016, 3, 1)].set_index("counterpart")["status"]
    assert march.to_dict() == {"东坪村": "met", "西川乡高岭村": "breached"}


@pytest.mark.parametrize(
    ("as_of", "closes"),
    [
        (date(2015, 12, 30), ["2015-12-31"]),
        (date(2015, 12, 31), ["2015-12-31"]),
        (date(2016, 1, 1), ["2015-12-31", "2016-12-31"]),
        (date(2016, 12, 31), ["2015-12-31", "2016-12-31"]),
        (date(2017, 1, 1), ["2015-12-31", "2016-12-31", "2017-12-31"]),
        (date(2017, 12, 31), ["2016-12-31", "2017-12-31"]),
        (date(2018, 1, 1), ["2016-12-31", "2017-12-31"]),
    ],
)
def test_windows_run_from_milestone_to_milestone(
    world: World, as_of: date, closes: list[str]
) -> None:
    rows = world.look(as_of, "target.people")
    assert [str(day) for day in rows["closes"]] == closes
    assert rows["opens"].tolist() == [date(int(day[:4]), 1, 1) for day in closes]


def test_a_milestone_in_mid_year_ends_its_window_there(world: World) -> None:
    rows = world.look(date(2017, 6, 30), "target.rate")
    spans = list(zip(rows["opens"], rows["closes"], strict=True))
    assert spans[-1] == (date(2016, 1, 1), date(2017, 6, 30))
    later = world.look(date(2017, 7, 1), "target.rate")
    assert later["closes"].max() == date(2017, 6, 30)


def test_a_document_binds_nobody_outside_its_area(world: World) -> None:
    world.unit("示例县教育局")
    rows = world.look(SUMMER)
    names = {"宁原藏族自治州", "宁原州教育局", OFFICE, "河湾县"}
    assert set(rows["holder"]) == names


def test_nobody_owes_a_document_of_an_area_that_nobody_reports_for(
    sqlite_engine: sa.Engine, law: Law
) -> None:
    with sqlite_engine.begin() as connection:
        elsewhere = World(connection, law)
        _areas(elsewhere)
        elsewhere.unit("宁原州教育局")
        elsewhere.reported(months("2016-01", "2016-12"), scope="示例县")
        assert elsewhere.look(SUMMER).empty


def reasoning(world: World, as_of: date, duty: str, holder: str) -> list[str]:
    """The sentences of the first finding of a duty and holder on a day."""
    scene = world.scene(as_of, duty)
    evaluated = evaluate(world.connection, scene, all_covers())
    rows = to_rows(scene, evaluated)
    at = rows["holder_id"].tolist().index(world.ids[holder])
    told = explain(world.connection, scene, all_covers(), evaluated.iloc[at], rows.iloc[at])
    return sentences(told, scene.law, as_of)


@pytest.mark.parametrize(("people", "recommended"), [(100, 0), (99, 1)])
def test_a_recommendation_is_told_beside_a_breach_alone(
    world: World, people: int, recommended: int
) -> None:
    item = {"item": "脱贫人口", "quantity": people}
    world.did("河湾县", "reported_level", date(2015, 12, 31), **item)  # type: ignore[arg-type]
    said = reasoning(world, date(2016, 1, 20), "target.people", "河湾县")
    told = [one for one in said if one.startswith("建议：")]
    assert len(told) == recommended
    assert all("由河湾县扶贫开发领导小组决定，系统不作决定" in one for one in told)


def test_the_names_that_nobody_registered_are_told(world: World) -> None:
    said = reasoning(world, SUMMER, "task.plans", "宁原藏族自治州")
    assert any("没有水务局，" in one for one in said)
    assert "配合单位：财政局" in said


def test_a_named_body_may_be_released_and_one_that_takes_part_need_not(world: World) -> None:
    world.unit("宁原州财政局")
    month = {
        "document": PLAN, "duty": "task.plans", "starts_on": date(2016, 6, 1),
        "ends_on": date(2016, 6, 30), "on": date(2016, 6, 2),
    }  # fmt: skip
    assert request(world, holder="宁原州教育局", **month) == 1
    with pytest.raises(LuzeError, match="宁原州财政局不承担“制定专项方案”"):
        request(world, holder="宁原州财政局", **month)
