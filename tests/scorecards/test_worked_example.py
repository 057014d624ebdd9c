"""The scorecards worked by hand in docs/评分示例.md equal the program's, item by item."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.scorecards.town import LINE, VILLAGES, Town, card
from tracker.scorecards.score import Sheet

PAGE = (Path(__file__).parents[2] / "docs" / "评分示例.md").read_text(encoding="utf-8")
CASES = {"示例村": VILLAGES, "示例站": LINE}


def part(who: str, title: str) -> list[list[str]]:
    """The rows of one table of the page, without its head."""
    (about,) = re.findall(rf"^## .*：{who}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    (text,) = re.findall(rf"^### {title}\n(.*?)(?=^### |\Z)", about, re.M | re.S)
    rows = [line[1:-1].split("|") for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def recorded(town: Town, who: str) -> Sheet:
    """The sheet after everything the page records."""
    by_name = {entry.name: entry for entry in card(CASES[who]).entries}
    for item, what, amount, day, number, note in part(who, "登记"):
        town.record(
            who, item, what, amount or None, on=date.fromisoformat(day), document_number=number,
            note=note, source=by_name[item].source[0],
        )  # fmt: skip
    return town.sheet(who)


@pytest.mark.parametrize("who", CASES)
def test_every_item_equals_what_was_worked_by_hand(town: Town, who: str) -> None:
    sheet = recorded(town, who)
    by_hand = {item: Decimal(points) for item, _, points in part(who, "手算")}
    groups = [group for group in (*sheet.sections, sheet.bonus, sheet.deduction) if group]
    computed = {item.entry.name: item.points for group in groups for item in group.items}
    computed |= {group.name: group.points for group in groups[-2:]} | {"总分": sheet.total}
    assert computed == by_hand
    assert sheet.missing == ()
    assert not sheet.vetoed


@pytest.mark.parametrize("who", CASES)
def test_the_page_says_what_its_sums_are_made_of(who: str) -> None:
    """The arithmetic that is printed gives the figure beside it."""
    checked = 0
    for _, sum_, points in part(who, "手算"):
        if re.fullmatch(r"[\d.－＋×]+", sum_):
            terms = re.findall(r"(－?)＋?([\d.]+)(?:×([\d.]+))?", sum_)
            found = [Decimal(n) * Decimal(x or 1) * (-1 if minus else 1) for minus, n, x in terms]
            assert sum(found) == Decimal(points)
            checked += 1
    assert checked >= 4
