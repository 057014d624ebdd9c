"""What a task looks like on a day: its light, who leads and who takes part, what was written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.world import World, all_covers, moment
from tests.tasks.plan import plan_law
from tracker.evaluation.words import Status
from tracker.ledger.forms import load_forms
from tracker.tasks.lights import load_lights
from tracker.tasks.view import TaskList, TaskRow, task_list, totals

EDUCATION, POVERTY = "庆阳市教育局", "庆阳市扶贫开发办公室"
PLAN, WATER, VILLAGES = "制定控辍保学专项方案", "完成饮水安全清零（复核）", "重点村逐村销号"
DUE = date(2020, 6, 30)


def seen(world: World, as_of: date) -> TaskList:
    return task_list(
        world.connection, world.law, all_covers(), load_forms().forms["task_ledger"],
        as_of=as_of, known_at=moment(as_of, 23),
    )  # fmt: skip


def of(found: TaskList, task: str) -> list[TaskRow]:
    return [row for row in found.rows if row.task.id == task]


@pytest.mark.parametrize(
    ("as_of", "light", "left"),
    [
        (date(2020, 5, 30), "green", "31天"),
        (date(2020, 5, 31), "yellow", "30天"),
        (date(2020, 6, 29), "yellow", "1天"),
        (DUE, "yellow", "0天"),
        (date(2020, 7, 1), "yellow", "逾期1天"),
        (date(2020, 7, 7), "yellow", "逾期7天"),
        (date(2020, 7, 8), "red", "逾期8天"),
    ],
)
def test_an_open_task_turns_yellow_before_it_is_due_and_red_after_the_grace(
    world: World, as_of: date, light: str, left: str
) -> None:
    (row,) = of(seen(world, as_of), "task.plan")
    assert (row.light, row.left, row.due) == (light, left, DUE)


@pytest.mark.parametrize(
    ("closed_on", "light", "left"),
    [
        (date(2020, 6, 29), "closed", ""),
        (DUE, "closed", ""),
        (date(2020, 7, 1), "late", "逾期1天"),
    ],
)
@pytest.mark.parametrize("as_of", [date(2020, 7, 2), date(2020, 7, 20)])
def test_a_closed_task_is_closed_in_time_or_late(
    world: World, closed_on: date, light: str, left: str, as_of: date
) -> None:
    world.did(EDUCATION, "task_closed", closed_on, item=PLAN)
    (row,) = of(seen(world, as_of), "task.plan")
    assert (row.light, row.left, row.closed_on, row.shown.open) == (light, left, closed_on, False)


def test_a_closing_counts_for_its_own_body_task_and_member_alone(world: World) -> None:
    world.did(POVERTY, "task_closed", date(2020, 4, 1), item=WATER)
    world.did(POVERTY, "task_closed", date(2020, 6, 1), item=VILLAGES, toward="林镇乡张岔村")
    found = seen(world, date(2020, 6, 2))
    lights = {(row.task.id, row.lead, row.member): row.light for row in found.rows if row.closed_on}
    assert lights == {
        ("task.water", POVERTY, ""): "closed",
        ("task.villages", POVERTY, "林镇乡张岔村"): "closed",
    }


def test_a_closing_known_only_later_is_not_seen_before(world: World) -> None:
    world.did(EDUCATION, "task_closed", date(2020, 5, 6), item=PLAN, entered=date(2020, 5, 20))
    assert of(seen(world, date(2020, 5, 19)), "task.plan")[0].closed_on is None
    assert of(seen(world, date(2020, 5, 20)), "task.plan")[0].closed_on == date(2020, 5, 6)


def test_a_lead_that_nobody_registered_has_a_row_for_a_person_to_look_at(world: World) -> None:
    (row,) = of(seen(world, date(2020, 3, 10)), "task.forest")
    assert (row.lead, row.lead_id, row.light) == ("市林草局", None, "review")


@pytest.mark.parametrize("name", ["市扶贫办", "扶贫办", POVERTY])
def test_a_body_sees_what_it_leads_apart_from_what_it_takes_part_in(
    world: World, name: str
) -> None:
    found = seen(world, date(2020, 3, 10))
    assert [r.task.id for r in found.led_by(name)] == [
        "task.water", "task.villages", "task.villages",
    ]  # fmt: skip
    assert [(r.task.id, r.lead) for r in found.helped_by(name)] == [("task.plan", EDUCATION)]


def test_an_unregistered_body_sees_its_tasks_under_the_printed_name(world: World) -> None:
    found = seen(world, date(2020, 3, 10))
    assert [row.task.id for row in found.led_by("市林草局")] == ["task.forest"]
    assert found.led_by("市无此局") == found.helped_by("市无此局") == []


def test_every_status_has_a_light_and_no_light_is_a_colour_alone() -> None:
    lights = load_lights()
    assert set(lights.statuses) == {status.name for status in Status}
    shown = [str(light) for light in lights.lights.values()]
    assert len(set(shown)) == len(shown)
    assert all(light.word and light.sign for light in lights.lights.values())


@given(st.lists(st.sampled_from(list(load_lights().lights))))
def test_the_totals_add_up_to_all_rows(lights: list[str]) -> None:
    task, document = plan_law().packs[0].tasks[0], plan_law().packs[0].document
    rows = [
        TaskRow(document, task, EDUCATION, 1, "", None, light, "met", "", DUE) for light in lights
    ]
    head, _, told = totals(rows).partition("：")
    counts = [int(part.rpartition(" ")[2]) for part in told.split("，")] if told else []
    assert head == f"共 {len(lights)} 项"
    assert sum(counts) == len(lights)
