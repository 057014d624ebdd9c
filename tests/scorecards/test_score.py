"""Points from facts: every way of scoring at its boundaries, and what holds for any facts."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scorecards.town import LINE, VILLAGES, card, fact, full_marks
from tracker.policy.scorecard import Adjuster, Item, Scorecard
from tracker.scorecards.score import Group, Scored, Sheet, score
from tracker.scorecards.tables import ScoreEvent

RESIDENT, PAIRING = "stations.resident", "stations.pairing"


def sheet(facts: list[ScoreEvent], card_id: str = VILLAGES, subject: int = 1) -> Sheet:
    return score(card(card_id), facts, subject)


def scored(found: Sheet, item: str) -> Scored:
    groups = (*found.sections, found.bonus, found.deduction)
    return next(one for g in groups if g for one in g.items if one.entry.id == item)


def points(item: str, facts: list[ScoreEvent], card_id: str = VILLAGES) -> Decimal:
    return scored(sheet(facts, card_id), item).points


def events(item: str, what: str, times: int, amount: float | None = None) -> list[ScoreEvent]:
    return [fact(item, what, amount, number=n) for n in range(1, times + 1)]


# ---- ordinary work


@pytest.mark.parametrize(
    ("times", "amount", "left", "before"),
    [(0, 2, 20, 20), (1, 0.5, 19.5, 19.5), (9, 2, 2, 2), (10, 2, 0, 0), (11, 2, 0, -2)],
)
def test_deductions_take_from_the_weight_until_nothing_is_left(
    times: int, amount: float, left: float, before: float
) -> None:
    found = scored(sheet(events("ordinary", "late", times, amount)), "ordinary")
    assert (found.points, found.before) == (Decimal(str(left)), Decimal(str(before)))


@pytest.mark.parametrize(
    ("card_id", "weight"), [(VILLAGES, 20), (PAIRING, 20), (RESIDENT, 20), (LINE, 15)]
)
def test_without_an_event_ordinary_work_has_its_whole_weight(card_id: str, weight: int) -> None:
    assert points("ordinary", [], card_id) == weight


# ---- what is reported


@pytest.mark.parametrize(
    ("composite", "expected"), [("0", "0"), ("87.35", "26.205"), ("99.99", "29.997"), ("100", "30")]
)
def test_the_field_score_counts_three_tenths(composite: str, expected: str) -> None:
    assert points("field", [fact("field", "composite", composite)]) == Decimal(expected)


def test_health_is_the_sum_of_its_halves_and_says_which_is_missing() -> None:
    half = scored(sheet([fact("health", "data", 2.5)]), "health")
    whole = [fact("health", "data", 2.5), fact("health", "field", 2.4, number=2)]
    assert (half.points, half.missing) == (Decimal("2.5"), ("实地考核",))
    assert points("health", whole) == Decimal("4.9")


@pytest.mark.parametrize(("card_id", "expected"), [(RESIDENT, "18"), (LINE, "14.4")])
def test_residence_is_composed_of_two_offices_scores(card_id: str, expected: str) -> None:
    facts = [fact("resident", "organisation", 90)]
    factor = Decimal(expected) / 90
    assert points("resident", facts, card_id) == Decimal(expected)
    both = [*facts, fact("resident", "headquarters", 90, number=2)]
    assert points("resident", both, card_id) == Decimal(expected) + 90 * factor * Decimal("1.5")


@pytest.mark.parametrize("item", [i.id for i in card().items if not (i.deducts or i.parts)])
def test_what_the_sector_reports_is_taken_as_it_is(item: str) -> None:
    assert scored(sheet([]), item).missing
    for amount in ("0", "0.01", "0.5"):
        assert points(item, [fact(item, "", amount)]) == Decimal(amount)


def test_what_nobody_reported_is_missing_and_not_zero() -> None:
    found = sheet(full_marks(finance=None))
    assert found.missing == ("金融扶贫",)
    assert found.total == 98
    assert found.too_low is None


# ---- ranks


@pytest.mark.parametrize(("rank", "expected"), [(1, 15), (2, 13), (3, 11)])
def test_a_provincial_class_has_its_points(rank: int, expected: int) -> None:
    assert points("indicators", [fact("indicators", "provincial", rank)], LINE) == expected


@pytest.mark.parametrize(
    ("rank", "expected", "before"),
    [(1, 15, 15), (2, 14, 14), (15, 1, 1), (16, 0, 0), (17, 0, -1), (18, 0, -2)],
)
def test_a_city_place_costs_a_point_each_and_never_goes_below_nothing(
    rank: int, expected: int, before: int
) -> None:
    found = scored(sheet([fact("indicators", "city", rank)], LINE), "indicators")
    assert [found.points, found.before] == [Decimal(expected), Decimal(before)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_where_both_are_out_the_province_prevails(order: tuple[int, int]) -> None:
    facts = [fact("indicators", "city", 1, number=order[0]),
             fact("indicators", "provincial", 3, number=order[1])]  # fmt: skip
    found = scored(sheet(facts, LINE), "indicators")
    assert found.points == 11
    assert {t.fact.what: t.points for t in found.traces} == {"city": 0, "provincial": 11}


def test_who_has_no_such_task_gets_the_average_of_those_who_have() -> None:
    facts = [fact("indicators", "no_task", number=1, subject=1)]
    waiting = scored(sheet(facts, LINE), "indicators")
    assert waiting.missing == ("其他单位的得分",)
    others = (("city", 2), ("city", 3), ("provincial", 2))  # 14, 13, 13
    facts += [
        fact("indicators", what, rank, number=n, subject=n)
        for n, (what, rank) in enumerate(others, 2)
    ]  # fmt: skip
    found = scored(sheet(facts, LINE), "indicators")
    assert (found.points, found.average, found.missing) == (Decimal("13.33"), True, ())


# ---- what is added and deducted

CAPPED = [  # item, kind, points each, cap
    ("media", "central_media", "1", 3), ("media", "provincial_media", "0.5", 3),
    ("media", "city_media", "0.5", 3), ("media", "site_bulletin_account", "0.5", 3),
    ("passed", "national", "3", 3), ("passed", "provincial", "2", 3), ("passed", "city", "1", 3),
    ("experience", "national", "2", 2), ("experience", "provincial", "1", 2),
    ("experience", "city", "0.5", 2), ("hosting", "provincial", "1", 2),
    ("hosting", "city", "1", 2), ("hosting", "county", "1", 2),
    ("opinion", "late_reply", "0.5", 3), ("opinion", "petition", "0.5", 3),
    ("failed", "national", "3", 3), ("failed", "provincial", "2", 3), ("failed", "city", "1", 3),
]  # fmt: skip


@pytest.mark.parametrize(("item", "what", "each", "cap"), CAPPED)
def test_events_count_their_points_up_to_the_cap(item: str, what: str, each: str, cap: int) -> None:
    full = int(cap / Decimal(each))
    for times in (1, full, full + 1):
        expected = min(times * Decimal(each), Decimal(cap))
        assert points(item, events(item, what, times)) == expected


def test_a_village_can_gain_ten_and_lose_six() -> None:
    most = [fact(item, what, number=n)
            for n, (item, what, *_) in enumerate(CAPPED * 7, 1)]  # fmt: skip
    found = sheet([*full_marks(), *most])
    assert found.bonus
    assert found.deduction
    assert [found.bonus.points, found.deduction.points] == [Decimal(10), Decimal(6)]
    assert found.total == 104


@pytest.mark.parametrize("card_id", [PAIRING, RESIDENT, LINE])
@pytest.mark.parametrize(
    ("gains", "losses", "expected"),
    [(1, 0, "102"), (2, 0, "103"), (0, 2, "97"), (2, 2, "100"), (3, 1, "101")],
)
def test_gains_and_losses_of_an_office_are_capped_apart_and_then_netted(
    card_id: str, gains: int, losses: int, expected: str
) -> None:
    facts = full_marks(card_id)
    facts += events("commendation", "provincial", gains)
    facts += events("criticism", "provincial", losses)
    assert sheet(facts, card_id).total == Decimal(expected)


def test_articles_and_commendations_share_one_cap() -> None:
    facts = [fact("commendation", "provincial"), fact("articles", "central_media", number=2)]
    more = [*facts, fact("articles", "city_media", number=3)]
    for known, expected in ((facts, 3), (more, 3), (facts[:1], 2)):
        bonus = sheet(known, LINE).bonus
        assert bonus
        assert bonus.points == expected


# ---- veto


@pytest.mark.parametrize(
    ("composite", "total", "too_low"),
    [("65.67", "69.901", True), ("66", "70.0", False), ("66.34", "70.102", False)],
)
def test_a_total_below_seventy_is_vetoed_and_seventy_is_not(
    composite: str, total: str, too_low: bool
) -> None:
    facts = full_marks(field=composite) + events("ordinary", "late", 10, 1.98)
    found = sheet(facts)
    assert (found.total, found.too_low, found.vetoed) == (Decimal(total), too_low, too_low)


@pytest.mark.parametrize(
    ("relocation", "funds", "total", "too_low"),
    [("7.9", "0", "69.9", True), ("8", "0", "70.0", False), ("8", "0.1", "70.1", False)],
)
def test_the_final_total_decides_not_the_one_before_what_is_added(
    relocation: str, funds: str, total: str, too_low: bool
) -> None:
    added = [fact("passed", "national", number=1), fact("hosting", "city", number=2)]
    found = sheet([*full_marks(field="0", relocation=relocation, funds=funds), *added])
    assert (found.total, found.too_low) == (Decimal(total), too_low)


@pytest.mark.parametrize(("taken", "too_low"), [(0, False), (1, True)])
def test_the_final_total_counts_what_is_deducted(taken: int, too_low: bool) -> None:
    found = sheet([*full_marks(field="0"), *events("opinion", "petition", taken)])
    assert (found.total, found.too_low) == (70 - Decimal("0.5") * taken, too_low)


@pytest.mark.parametrize("what", ["mishandled", "leaders_called"])
def test_an_event_vetoes_whatever_the_total(what: str) -> None:
    found = sheet([*full_marks(), fact("veto", what)])
    assert found.total == 100
    assert found.too_low is False
    assert found.vetoed
    assert [one.what for one in found.vetoing] == [what]


@pytest.mark.parametrize("card_id", [PAIRING, RESIDENT, LINE])
def test_offices_have_no_veto(card_id: str) -> None:
    found = sheet(full_marks(card_id, effect="0"), card_id)
    assert found.total < 90
    assert found.vetoed is False


# ---- whatever happens


def any_fact(chosen: Scorecard) -> st.SearchStrategy[tuple[str, str, Decimal | None]]:
    """What could be recorded of any item of a card."""
    ways = []
    for item in chosen.items:
        if item.deducts:
            amounts = st.decimals(item.deducts.least, item.deducts.most, places=2)
            ways.append(st.tuples(st.just(item.id), st.sampled_from(item.deducts.events), amounts))
        elif item.ranked:
            ranks = st.tuples(st.just(item.id), st.just("city"), st.integers(1, 40).map(Decimal))
            ways.append(ranks)
        else:
            ways += [
                st.tuples(st.just(item.id), st.just(part.id), st.decimals(0, part.full, places=2))
                for part in item.reported
            ]  # fmt: skip
    for adjuster in chosen.adjusters:
        kinds = st.sampled_from(sorted(adjuster.points))
        ways.append(st.tuples(st.just(adjuster.id), kinds, st.none()))
    return st.one_of(ways)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Scorecard, list[ScoreEvent]]:
    """A card and facts of one subject; a score is reported once."""
    chosen = card(draw(st.sampled_from([VILLAGES, PAIRING, RESIDENT, LINE])))
    reported = {item.id for item in chosen.items if not item.deducts}
    seen, facts, numbers = set[tuple[str, str]](), list[ScoreEvent](), count(1)
    for item, what, amount in draw(st.lists(any_fact(chosen), max_size=40)):
        if item in reported and (item, what) in seen:
            continue
        seen.add((item, what))
        facts.append(
            fact(item, what, None if amount is None else str(amount), number=next(numbers))
        )
    return chosen, facts


@settings(max_examples=40)
@given(histories())
def test_no_score_is_ever_below_nothing_or_above_its_weight_or_cap(
    history: tuple[Scorecard, list[ScoreEvent]],
) -> None:
    chosen, facts = history
    found = score(chosen, facts, 1)
    for group in filter(None, (*found.sections, found.bonus, found.deduction)):
        assert 0 <= group.points <= _most(group)
        for item in group.items:
            weight = item.entry.weight if isinstance(item.entry, Item) else item.entry.cap
            assert 0 <= item.points <= (weight or item.before)


def _most(group: Group) -> Decimal:
    """Its weight or cap, else what its items can give."""
    caps = [item.entry.cap for item in group.items if isinstance(item.entry, Adjuster)]
    return group.most or sum(filter(None, caps), Decimal(0))


@settings(max_examples=40)
@given(histories(), st.randoms())
def test_the_order_of_facts_does_not_matter(
    history: tuple[Scorecard, list[ScoreEvent]], random: Random
) -> None:
    chosen, facts = history
    mixed = list(facts)
    random.shuffle(mixed)
    assert score(chosen, mixed, 1) == score(chosen, facts, 1)


@settings(max_examples=40)
@given(histories())
def test_every_point_traces_to_a_fact_of_the_item(
    history: tuple[Scorecard, list[ScoreEvent]],
) -> None:
    chosen, facts = history
    found = score(chosen, facts, 1)
    groups = [g for g in (*found.sections, found.bonus, found.deduction) if g]
    traced = [t.fact.id for g in groups for item in g.items for t in item.traces]
    assert sorted(traced, key=str) == sorted((f.id for f in facts), key=str)
    for item in (item for g in groups for item in g.items):
        start = item.entry.weight if isinstance(item.entry, Item) and item.entry.deducts else 0
        if not (isinstance(item.entry, Item) and item.entry.ranked):
            assert start + sum((t.points for t in item.traces), Decimal(0)) == item.before
