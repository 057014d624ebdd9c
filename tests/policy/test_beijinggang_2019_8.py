"""The scorecards of 2019 say what the two annexes print: weights, ranges, caps, ranks, sources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.scenarios.world import shipped_law
from tests.scorecards.town import card, plan
from tracker.policy.coverage import coverage
from tracker.policy.notes import notes
from tracker.policy.scorecard import Adjustment

PACK = "beijinggang-2019-8"
VILLAGE_WEIGHTS = {  # printed number -> weight
    "1": 20, "2": 30, "3": 8, "4": 5, "5": 5, "6①": 0.5, "6②": 1, "6③": 0.5, "7①": 3, "7②": 1,
    "7③": 2, "8": 2, "9": 2, "10": 2, "11": 2, "12": 2, "13①": 1, "13②": 1, "13③": 2, "14": 4,
    "15①": 4, "15②": 2,
}  # fmt: skip
SECTIONS = {
    "villages": [20, 30, 50],
    "stations.pairing": [20, 80],
    "stations.resident": [20, 30, 50],
    "stations.line": [15, 10, 15, 40, 20],
}
BY_LEVEL = {"national": 3, "provincial": 2, "city": 1}


def adjustments(group: Adjustment | None) -> dict[str, Any]:
    assert group
    return {item.id: (item.points, item.cap) for item in group.items}


def test_every_weight_is_as_printed() -> None:
    assert {item.no: float(item.weight) for item in card().items} == VILLAGE_WEIGHTS
    for card_id, weights in SECTIONS.items():
        assert [section.weight for section in card(card_id).sections] == weights
        assert card(card_id).full == sum(weights) == 100


@pytest.mark.parametrize("card_id", SECTIONS)
def test_ordinary_work_loses_from_half_a_point_to_two(card_id: str) -> None:
    deducts = card(card_id).items[0].deducts
    assert deducts
    assert [deducts.least, deducts.most] == [Decimal("0.5"), Decimal(2)]
    assert deducts.interpretations == ("I55",)


def test_scores_of_others_count_with_the_printed_factors() -> None:
    factors = {
        (card_id, part.name): float(part.factor)
        for card_id in SECTIONS
        for item in card(card_id).items
        for part in item.parts
        if part.full == 100
    }
    assert factors == {
        ("villages", "综合成绩"): 0.3,
        ("stations.resident", "镇组织办考核总分"): 0.2,
        ("stations.resident", "镇指挥部考核总分"): 0.3,
        ("stations.line", "县委组织部考核总分"): 0.16,
        ("stations.line", "县指挥部考核总分"): 0.24,
    }


def test_what_villages_gain_and_lose_is_as_printed() -> None:
    media = {"central_media": 1, "provincial_media": Decimal("0.5"),
             "site_bulletin_account": Decimal("0.5"), "city_media": Decimal("0.5")}  # fmt: skip
    assert adjustments(card().bonus) == {
        "media": (media, 3),
        "passed": (BY_LEVEL, 3),
        "experience": ({"national": 2, "provincial": 1, "city": Decimal("0.5")}, 2),
        "hosting": ({"provincial": 1, "city": 1, "county": 1}, 2),
    }
    each = Decimal("0.5")
    assert adjustments(card().deduction) == {
        "opinion": ({"late_reply": each, "petition": each}, 3),
        "failed": (BY_LEVEL, 3),
    }


@pytest.mark.parametrize("card_id", [each for each in SECTIONS if each != "villages"])
def test_what_offices_gain_and_lose_is_as_printed(card_id: str) -> None:
    chosen = card(card_id)
    assert chosen.bonus
    assert chosen.deduction
    half = Decimal("0.5")
    assert adjustments(chosen.bonus) == {
        "commendation": (BY_LEVEL, None),
        "articles": ({"central_media": 1, "provincial_media": half, "city_media": half}, None),
    }
    assert adjustments(chosen.deduction) == {"criticism": (BY_LEVEL, None)}
    assert chosen.bonus.cap == chosen.deduction.cap == 3
    assert chosen.veto is None


def test_the_rank_tables_are_as_printed() -> None:
    ranked = next(item.ranked for item in card("stations.line").items if item.ranked)
    assert [method.id for method in ranked.methods] == ["provincial", "city"]
    provincial, city = ranked.methods
    assert provincial.classes == {1: 15, 2: 13, 3: 11}
    assert [city.first, city.per_place] == [Decimal(15), Decimal(1)]


def test_a_village_is_vetoed_under_seventy_or_by_two_events() -> None:
    veto = card().veto
    assert veto
    assert veto.below == 70
    assert veto.events == ("mishandled", "leaders_called")


def test_every_contradiction_of_the_text_is_told() -> None:
    told = [note.text for note in notes(shipped_law().pack(PACK))]
    assert len(plan().notes) >= 10
    assert {note.text for note in plan().notes} <= {*told}
    for words in ("2:3:5", "县委组织部", "按0分计", "没有写明扣分上限", "1°%"):
        assert any(words in text for text in told), words


def test_every_paragraph_of_the_annexes_is_scored() -> None:
    rows = [row for row in coverage(shipped_law().pack(PACK)) if row.article.startswith("附件")]
    assert {row.covered for row in rows} == {"score"}
    assert all(row.scores for row in rows)


@pytest.mark.parametrize(
    ("code", "binds"),
    [("430623103", True), ("430623103201", True), ("430623", False), ("430623102", False),
     ("43", False), ("62", False), ("621023", False)],
)  # fmt: skip
def test_it_binds_inside_the_town_alone(code: str, binds: bool) -> None:
    found = shipped_law().in_force(date(2019, 6, 1), code)
    assert (PACK in [pack.document.id for pack in found]) == binds


def test_no_gansu_document_binds_the_town() -> None:
    found = shipped_law().in_force(date(2019, 12, 1), "430623103")
    assert [pack.document.id for pack in found] == [PACK]
