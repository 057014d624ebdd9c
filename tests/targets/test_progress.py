"""Targets as a road: the milestones, what was reported, where it should be now."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, all_covers, months
from tracker import resources
from tracker.delivery.documents.charts import FIGURES
from tracker.delivery.documents.sheets import as_xlsx
from tracker.delivery.documents.target_sheet import REPORTED, ROAD, target_row, target_sheet
from tracker.ledger.forms import load_forms
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.targets.progress import Progress, progress_of

FORM = load_forms().forms["indicators"]
PACKS = Path(__file__).parents[1] / "packs"
COUNTY, RATE, PEOPLE = "河湾县", "贫困发生率", "脱贫人口"
END_OF_2015 = date(2015, 12, 31)


@pytest.fixture(scope="module")
def law() -> Law:
    """The invented county's targets alone."""
    loaded = load_law([resources.folder("duties"), PACKS])
    return replace(loaded, packs=(loaded.pack("hewan-2015-1"),))


@pytest.fixture
def world(sqlite_engine: sa.Engine, law: Law) -> Iterator[World]:
    """河湾县 with figures of 2015 to 2017."""
    with sqlite_engine.begin() as connection:
        found = World(connection, law)
        found.subject(
            "宁原藏族自治州", "body", "prefecture", home=found.ids["甘肃省"], code="628800"
        )
        found.tie("part_of", "宁原藏族自治州", "甘肃省")
        home = found.ids["宁原藏族自治州"]
        found.subject(COUNTY, "body", "county", home=home, code="628801")
        found.tie("part_of", COUNTY, "宁原藏族自治州")
        found.reported(months("2015-01", "2017-12"))
        yield found


def say(world: World, item: str, day: date, figure: str, entered: date | None = None) -> None:
    """The county reports a figure about a day."""
    quantity = Decimal(figure)
    world.did(COUNTY, "reported_level", day, item=item, quantity=quantity, entered=entered)


def told(world: World, as_of: date) -> dict[str, Progress]:
    """The county's targets by name."""
    scene = world.scene(as_of, focus=frozenset({world.ids[COUNTY]}))
    found = progress_of(world.connection, scene, all_covers())
    return {one.target.name: one for one in found}


def test_a_level_should_be_on_the_straight_line_between_its_milestones(world: World) -> None:
    say(world, RATE, END_OF_2015, "15.2")
    halfway = told(world, date(2016, 9, 30))[RATE]
    before, now = halfway.road
    passed = (date(2016, 9, 30) - before[0]) / (now[0] - before[0])

    assert halfway.road == ((END_OF_2015, 15.5), (date(2017, 6, 30), 5.0))
    assert halfway.should_be == pytest.approx(15.5 - 10.5 * passed)
    assert halfway.reported == ((END_OF_2015, 15.2),)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2016, 12, 30), pytest.approx(80 * 364 / 365)), (date(2016, 12, 31), 80.0),
     (date(2017, 1, 1), 0.0)],
)  # fmt: skip
def test_what_adds_up_begins_at_nought_after_each_milestone(
    world: World, as_of: date, expected: float
) -> None:
    assert told(world, as_of)[PEOPLE].should_be == expected


def test_figures_that_add_up_are_shown_added_up_within_their_window(world: World) -> None:
    say(world, PEOPLE, date(2015, 11, 30), "40")
    say(world, PEOPLE, date(2015, 12, 31), "65")
    say(world, PEOPLE, date(2016, 1, 1), "7")

    assert told(world, date(2016, 3, 31))[PEOPLE].reported == (
        (date(2015, 11, 30), 40.0), (END_OF_2015, 105.0), (date(2016, 1, 1), 7.0),
    )  # fmt: skip


def test_of_two_figures_about_one_day_the_later_entry_is_shown(world: World) -> None:
    say(world, RATE, END_OF_2015, "15.9", entered=date(2016, 1, 4))
    say(world, RATE, END_OF_2015, "15.2", entered=date(2016, 1, 5))

    assert told(world, date(2016, 1, 6))[RATE].reported == ((END_OF_2015, 15.2),)


def test_a_figure_about_a_later_day_is_not_yet_shown(world: World) -> None:
    say(world, RATE, date(2016, 2, 1), "15")

    assert told(world, date(2016, 1, 31))[RATE].reported == ()


def test_the_row_says_what_is_asked_what_is_and_how_it_is_judged(world: World) -> None:
    say(world, RATE, END_OF_2015, "15.5")
    row = target_row(told(world, date(2016, 1, 4))[RATE])

    assert row[1:4] == (RATE, "%", "不高于5")
    assert row[6:8] == ("15.5", "2015-12-31")


def test_the_workbook_draws_the_way_beside_what_was_reported(world: World) -> None:
    say(world, RATE, END_OF_2015, "15.5")
    found = list(told(world, date(2016, 6, 30)).values())
    book = openpyxl.load_workbook(
        io.BytesIO(as_xlsx(target_sheet(COUNTY, found, END_OF_2015, FORM)))
    )

    assert book.sheetnames[:2] == ["指标台账", "进度图"]
    assert book[FIGURES].sheet_state == "hidden"
    assert len(getattr(book["进度图"], "_charts")) == 2  # noqa: B009  # openpyxl has no public word for it
    cells = [c.value for row in book[FIGURES].iter_rows() for c in row if c.value is not None]
    assert {ROAD, REPORTED, 15.5, 2015, 80} <= set(cells)
