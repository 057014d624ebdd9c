"""Which of two duties about the same thing asks more, and which two cannot both be kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.policy.conflicts import Bound, Conflict, Relation, compare, conflicts, same_thing
from tracker.policy.document import Document
from tracker.policy.duty import Duty
from tracker.policy.law import Law
from tracker.policy.load import load_law

NO_LIMIT = Decimal("Infinity")
STACKED = Path(__file__).parents[1] / "stacked"
_DUTY = {
    "cite": "一", "name": "研究", "paraphrase": "研究", "holder": {"role": "assisting_unit"},
    "counts": [{"kind": "study"}], "measure": "count", "unit": "次", "every": "year",
    "mid_window": {"rule": "whole", "interpretation": "I1"}, "on_breach": "warn",
}  # fmt: skip


def duty(**said: Any) -> Duty:
    """A duty of a unit to study, but for what is said."""
    return Duty.model_validate({"id": "unit.study", **_DUTY, **said})


def document(name: str, code: str = "99", starts: str = "2021-01-01", **said: Any) -> Document:
    return Document.model_validate({
        "id": name, "number": name, "title": name, "issuers": [], "articles": [],
        "area": {"code": code, "name": name}, "issued_on": "2020-12-20",
        "in_force": {"from": starts}, **said,
    })  # fmt: skip


def between(one: Duty, other: Duty) -> Conflict:
    return compare(Bound(document("one"), one), Bound(document("other"), other))


def stands(one: Duty, other: Duty) -> tuple[str, str, list[object]]:
    """The relation, which of the two is first, by how much it asks more."""
    found = between(one, other)
    return found.relation.value, found.first.document.id, [*found.more]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"at_least": 5}, {"at_least": 4}, ("stricter", "one", [1])),
        ({"at_least": 4}, {"at_least": 4}, ("same", "one", [])),
        ({"at_least": 3}, {"at_least": 4}, ("stricter", "other", [1])),
        # More a year counts, whatever the window.
        ({"at_least": 5}, {"at_least": 1, "every": "quarter"}, ("stricter", "one", [1])),
        ({"at_least": 3}, {"at_least": 2, "every": "half_year"}, ("stricter", "other", [1])),
        ({"at_least": 11}, {"at_least": 1, "every": "month"}, ("stricter", "other", [1])),
        # As much a year: the shorter window, then the earlier day.
        ({"at_least": 4}, {"at_least": 1, "every": "quarter"}, ("stricter", "other", [])),
        ({"at_least": 4, "due": "11-29"}, {"at_least": 4, "due": "11-30"}, ("stricter", "one", [])),
        ({"at_least": 4, "due": "11-30"}, {"at_least": 4, "due": "11-30"}, ("same", "one", [])),
        ({"at_least": 4}, {"at_least": 4, "due": "12-30"}, ("stricter", "other", [])),
        # A lower cap is the stricter.
        ({"at_most": 5}, {"at_most": 6}, ("stricter", "one", [1])),
        ({"at_most": 3, "every": "quarter"}, {"at_most": 11}, ("stricter", "other", [1])),
        # Floor and cap: each asks what the other does not.
        ({"at_least": 4}, {"at_most": 4}, ("mixed", "one", [])),
        ({"at_least": 4, "at_most": 9}, {"at_least": 4}, ("stricter", "one", [NO_LIMIT])),
        # What is measured otherwise cannot be compared.
        ({"at_least": 4}, {"at_least": 4, "unit": "天"}, ("unlike", "one", [])),
        ({"at_least": 4}, {"at_least": 4, "measure": "sum"}, ("unlike", "one", [])),
    ],
)  # fmt: skip
def test_the_stricter_asks_more_a_year(
    one: dict[str, Any], other: dict[str, Any], expected: tuple[str, str, list[object]]
) -> None:
    assert stands(duty(**one), duty(**other)) == expected


@pytest.mark.parametrize(
    ("least", "most", "contradictory"),
    [
        ({"at_least": 3}, {"at_most": 4}, False),
        ({"at_least": 4}, {"at_most": 4}, False),
        ({"at_least": 5}, {"at_most": 4}, True),
        ({"at_least": 1, "every": "month"}, {"at_most": 3, "every": "quarter"}, False),
        ({"at_least": 1, "every": "month"}, {"at_most": 11}, True),
        ({"at_least": 5}, {"at_most": 4, "unit": "天"}, False),
    ],
)
def test_a_floor_above_a_cap_is_a_contradiction_in_either_order(
    least: dict[str, Any], most: dict[str, Any], contradictory: bool
) -> None:
    for one, other in ((least, most), (most, least)):
        found = between(duty(**one), duty(**other))
        assert (found.relation is Relation.contradictory) is contradictory


@pytest.mark.parametrize(
    ("starts", "apart"), [("2021-03-30", False), ("2021-03-31", False), ("2021-04-01", True)]
)
def test_what_is_due_before_the_other_begins_cannot_be_kept_with_it(
    starts: str, apart: bool
) -> None:
    due = duty(at_least=1, due="03-31")
    once = duty(at_least=1, every="once", once={"from": starts, "to": "2021-12-31"})
    found = between(due, once)
    assert (found.relation is Relation.contradictory) is apart
    assert found.apart == ((date(2021, 3, 31), date(2021, 4, 1)) if apart else None)


def by_rank(**cases: Any) -> Duty:
    threshold = {"by": "holder.rank_group", "otherwise": "needs_review", "cite": "一"}
    return duty(at_least={**threshold, "cases": cases})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (by_rank(厅=3, 处=2), by_rank(厅=3, 处=2), ("same", "one", [])),
        (by_rank(厅=3, 处=2), by_rank(厅=3, 处=1), ("stricter", "one", [1])),
        (by_rank(厅=3, 处=2), by_rank(厅=2, 处=3), ("mixed", "one", [])),
        (by_rank(厅=3, 处=2), duty(at_least=2), ("stricter", "one", [1])),
        (by_rank(厅=3, 处=2), duty(at_least=3), ("stricter", "other", [1])),
        (by_rank(厅=3, 处="not_applicable"), by_rank(厅=3, 处=2), ("stricter", "other", [2])),
    ],
)
def test_thresholds_by_case_are_compared_case_by_case(
    one: Duty, other: Duty, expected: tuple[str, str, list[object]]
) -> None:
    assert stands(one, other) == expected


@pytest.mark.parametrize(
    "other",
    [
        {"holder": {"role": "county"}},
        {"counts": [{"kind": "visit"}]},
        {"counts": [{"kind": "study", "item": "甲"}]},
        {"counts": [{"kind": "study", "as": "chair"}]},
        {"holder": {"role": "assisting_unit", "level": ["county"]}},
        {"per": {"tie": "assists"}},
    ],
)
def test_another_holder_kind_item_role_level_or_counterpart_is_another_thing(
    other: dict[str, Any],
) -> None:
    one = duty(
        holder={"role": "assisting_unit", "level": ["provincial"]},
        counts=[{"kind": "study", "item": "乙", "as": "performer"}],
    )
    assert same_thing(one, one)
    assert not same_thing(one, duty(**other))


def test_named_bodies_and_members_must_share_a_name() -> None:
    def of(bodies: list[str], members: list[str]) -> Duty:
        return duty(holder={"role": "body", "bodies": bodies}, per={"members": members})

    one = of(["教育局", "民政局"], ["甲村", "乙村"])
    assert same_thing(one, of(["民政局"], ["乙村", "丙村"]))
    assert not same_thing(one, of(["水务局"], ["乙村"]))
    assert not same_thing(one, of(["民政局"], ["丙村"]))


def test_what_must_hold_is_compared_by_how_many_must() -> None:
    def standing(items: list[str], **said: Any) -> Duty:
        requires = {"provision": "team_system", "each_of": items, **said}
        return duty(measure="standing", every="always", counts=[], requires=requires)

    assert stands(standing(["考勤", "例会"]), standing(["考勤"])) == ("stricter", "one", [1])
    assert stands(standing(["考勤"]), standing(["例会"])) == ("same", "one", [])
    assert stands(standing([]), standing([], covers="posting"))[0] == "unlike"


counts = st.builds(
    lambda n, every: duty(at_least=n, every=every),
    st.integers(1, 40), st.sampled_from(["year", "half_year", "quarter", "month"]),
)  # fmt: skip


@given(counts, counts)
def test_the_order_in_which_two_duties_are_named_changes_nothing(one: Duty, other: Duty) -> None:
    there, back = between(one, other), between(other, one)
    assert (there.relation, there.more) == (back.relation, back.more)
    assert there.relation is Relation.same or there.first.duty == back.first.duty


@given(counts, counts, counts)
def test_stricter_than_the_stricter_is_stricter(one: Duty, other: Duty, third: Duty) -> None:
    def leads(a: Duty, b: Duty) -> bool:
        found = between(a, b)
        return found.is_stricter and found.first.document.id == "one"

    if leads(one, other) and leads(other, third):
        assert leads(one, third)


def stacked() -> Law:
    return load_law([STACKED])


def test_three_documents_over_one_town_are_compared_in_pairs() -> None:
    found = [
        (c.relation.value, c.first.document.id, c.first.duty.id, c.second.document.id)
        for c in conflicts(stacked())
    ]
    province, county, town = "yunling-2021-1", "jiaxian-2021-2", "jiazhen-2021-3"
    assert sorted(found) == sorted([
        ("contradictory", county, "township.meeting", town),
        ("stricter", county, "township.check", province),
        ("stricter", county, "township.meeting", province),
        ("stricter", county, "unit.study", province),
        ("stricter", town, "township.check", province),
        ("stricter", town, "township.check", county),
        ("mixed", town, "township.meeting_cap", province),
    ])  # fmt: skip
    assert found[0][0] == "contradictory"


def test_only_the_duties_asked_about_are_compared() -> None:
    only = {("yunling-2021-1", "unit.study"), ("jiaxian-2021-2", "unit.study")}
    assert [c.first.duty.id for c in conflicts(stacked(), only)] == ["unit.study"]


def moved(**said: Any) -> Law:
    """The three documents, with something else said by the county's."""
    law = stacked()
    county = law.pack("jiaxian-2021-2")
    other = county.model_copy(update={"document": document("jiaxian-2021-2", **said)})
    packs = tuple(other if pack is county else pack for pack in law.packs)
    return Law(packs, law.vocabulary, law.interpretations, law.calendar, law.sha256)


@pytest.mark.parametrize(("code", "pairs"), [("99", 7), ("990101", 7), ("990102", 5), ("98", 2)])
def test_areas_that_do_not_nest_have_nothing_to_compare(code: str, pairs: int) -> None:
    found = conflicts(moved(code=code))
    assert len(found) == pairs


@pytest.mark.parametrize(
    ("ends", "pairs"), [("2020-12-31", 2), ("2021-01-01", 7), ("2021-01-02", 7)]
)
def test_spans_that_share_no_day_have_nothing_to_compare(ends: str, pairs: int) -> None:
    span = {"from": "2020-01-01", "to": ends}
    assert len(conflicts(moved(in_force=span))) == pairs
