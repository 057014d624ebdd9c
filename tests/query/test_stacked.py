"""One list of what a body owes from every document: the stricter first, the looser beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.world import World, moment, months
from tracker.cli import show
from tracker.policy.load import load_law
from tracker.query import Dossier, Mark, dossier, stricter_first

STACKED = Path(__file__).parents[1] / "stacked"
PROVINCE, COUNTY, TOWN = "yunling-2021-1", "jiaxian-2021-2", "jiazhen-2021-3"
DAY = date(2021, 7, 9)
COVERS = {"everything": frozenset({"captains_meeting", "committee_study", "village_check"})}


@pytest.fixture
def town(world: World) -> World:
    """甲镇 in 甲县 of 云岭省, bound by a document of each; 甲局 helps its village."""
    world.law = load_law([STACKED])
    above = ""
    for name, kind, code in (
        ("云岭省", "province", "99"), ("甲县", "county", "990101"),
        ("甲镇", "township", "990101100"), ("甲镇村", "village", "990101100201"),
    ):  # fmt: skip
        world.subject(name, "body", kind, home=world.ids.get(above), code=code)
        if above:
            world.tie("part_of", name, above)
        above = name
    world.unit("甲局", "甲镇村")
    world.reported(months("2021-01", "2021-06"), scope="云岭省")
    return world


def ask(world: World, subject: str) -> Dossier:
    return dossier(
        world.connection, world.law, COVERS, world.ids[subject], as_of=DAY,
        known_at=moment(DAY, 23),
    )  # fmt: skip


def listed(found: Dossier, duty: str) -> list[tuple[str, str, Any]]:
    """Document, last day of the window and mark of the findings of a duty since these documents
    bind, as the list has them."""
    rows = stricter_first(show.sort_for_reading(found.owes), found.stacked)
    rows = rows[rows["duty"].str.startswith(duty) & (rows["status"] != "not_in_force")]
    marks = (found.stacked[key].mark if key in found.stacked else None for key in rows["key"])
    return list(zip(rows["document"], map(str, rows["closes"]), marks, strict=True))


def test_every_document_speaks_and_the_strictest_first(town: World) -> None:
    told = listed(ask(town, "甲镇"), "township.check")

    assert list(dict.fromkeys(document for document, _, _ in told)) == [TOWN, COUNTY, PROVINCE]
    assert {(document, mark) for document, _, mark in told} == {
        (TOWN, Mark.stricter), (COUNTY, Mark.looser), (PROVINCE, Mark.looser),
    }  # fmt: skip
    assert [end for document, end, _ in told if document == PROVINCE] == ["2021-12-31"]


def test_a_month_stands_beside_its_own_quarter_and_year_only(town: World) -> None:
    found = ask(town, "甲镇")
    january = next(
        key for key in found.stacked if key.startswith(TOWN) and "check" in key
        and "|2021-01-01|" in key
    )  # fmt: skip
    beside = {key.split("|")[0] + key.split("|")[4] for key in found.stacked[january].beside}
    assert beside == {f"{COUNTY}2021-01-01", f"{PROVINCE}2021-01-01"}


def test_two_that_cannot_both_be_kept_are_marked_so(town: World) -> None:
    found = listed(ask(town, "甲镇"), "township.meeting")
    marks = {document: mark for document, _, mark in found}
    assert marks[TOWN] is marks[COUNTY] is Mark.contradictory
    assert marks[PROVINCE] is Mark.looser  # of the county's, which asks more a year


def test_a_unit_that_the_town_does_not_bind_stands_under_two(town: World) -> None:
    assert listed(ask(town, "甲局"), "unit.study") == [
        (COUNTY, "2021-12-31", Mark.stricter), (PROVINCE, "2021-12-31", Mark.looser),
    ]  # fmt: skip


def test_a_unit_elsewhere_in_the_province_stands_under_one(town: World) -> None:
    town.subject("乙县", "body", "county", home=town.ids["云岭省"], code="990102")
    town.tie("part_of", "乙县", "云岭省")
    town.subject("乙村", "body", "village", home=town.ids["乙县"], code="990102100201")
    town.tie("part_of", "乙村", "乙县")
    town.unit("乙局", "乙村")
    assert listed(ask(town, "乙局"), "unit.study") == [(PROVINCE, "2021-12-31", None)]
