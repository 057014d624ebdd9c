"""What an exit is checked for, clause by clause, with the days on which the answer changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.households.home import EXIT, GUARANTEES, Home
from tests.scenarios.world import shipped_law
from tracker.households.checks import Outcome, check
from tracker.households.facts import Held, Household, Said

DAY = timedelta(days=1)


def outcomes(home: Home, as_of: date = date(2020, 1, 10)) -> dict[str, str]:
    return {name: one.outcome.value for name, one in home.checks(as_of).items()}


def test_a_household_that_has_not_exited_is_not_checked(home: Home) -> None:
    home.told("exit_status", "未脱贫")
    assert home.checks() == {}


def test_an_exit_with_nothing_against_it_is_clear_in_every_check(home: Home) -> None:
    home.sound_exit()
    assert outcomes(home) == {
        "exit.same_year": "clear", "exit.guarantees": "clear", "exit.expected_income": "clear",
        "exit.allowance_only": "clear", "exit.water": "clear",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("identified", "outcome"),
    [("2018-12-31", "clear"), ("2019-01-01", "held"), ("2019-06", "held"), ("2019", "held"),
     ("2018", "clear")],
)  # fmt: skip
def test_who_is_identified_in_the_year_of_the_exit_is_held(
    home: Home, identified: str, outcome: str
) -> None:
    home.told("identified_on", identified)
    home.told("exited_on", str(EXIT))
    found = home.checks()["exit.same_year"]
    assert found.outcome.value == outcome
    assert found.reason.endswith("识别，2019年12月20日脱贫")
    assert found.cite == "甘办发〔2019〕33号 一(三)"


@pytest.mark.parametrize("item", GUARANTEES)
def test_an_exit_with_any_of_the_three_guarantees_unmet_is_held(home: Home, item: str) -> None:
    home.told("exited_on", str(EXIT))
    home.guaranteed(date(2019, 11, 8), item)
    found = home.checks()["exit.guarantees"]
    assert found.outcome is Outcome.held
    assert found.reason == f"2019年12月20日脱贫时未达标：{item}（2019年11月8日核实）"
    assert [row.item for row in found.rows] == [item]


def test_unsafe_water_is_a_warning(home: Home) -> None:
    home.told("exited_on", str(EXIT))
    home.guaranteed(date(2019, 11, 8), "饮水安全")
    assert outcomes(home)["exit.water"] == "warned"
    assert outcomes(home)["exit.guarantees"] == "clear"


@pytest.mark.parametrize(("mended", "outcome"), [(-1, "clear"), (0, "clear"), (1, "held")])
def test_a_guarantee_is_asked_as_it_was_on_the_day_of_the_exit(
    home: Home, mended: int, outcome: str
) -> None:
    home.told("exited_on", str(EXIT))
    home.guaranteed(date(2019, 11, 8), "住房安全")
    home.guaranteed(EXIT + mended * DAY)
    assert outcomes(home)["exit.guarantees"] == outcome


def test_a_guarantee_first_looked_at_after_the_exit_speaks_for_it(home: Home) -> None:
    home.told("exited_on", str(EXIT))
    assert outcomes(home)["exit.guarantees"] == "unknown"
    home.guaranteed(EXIT + 9 * DAY, "义务教育")
    assert outcomes(home)["exit.guarantees"] == "held"


def test_two_findings_of_one_day_count_as_unmet(home: Home) -> None:
    home.told("exited_on", str(EXIT))
    home.guaranteed(date(2019, 11, 8))
    home.line("guarantee_unmet", date(2019, 11, 8), "基本医疗")
    assert outcomes(home)["exit.guarantees"] == "held"


@pytest.mark.parametrize(
    ("day", "outcome"),
    [(date(2018, 12, 31), "unknown"), (date(2019, 1, 1), "held"), (date(2019, 12, 31), "held")],
)
def test_expected_income_counted_in_the_year_of_the_exit_holds_it(
    home: Home, day: date, outcome: str
) -> None:
    home.told("exited_on", str(EXIT))
    home.line("expected_counted", day, "经营净收入", 3000)
    found = home.checks()["exit.expected_income"]
    assert found.outcome.value == outcome
    told = "2019年登记了“预期收入计入当年收入”：经营净收入3000元"
    assert (told in found.reason) == (outcome == "held")


def test_expected_income_kept_apart_is_no_fault(home: Home) -> None:
    home.told("exited_on", str(EXIT))
    home.line("income_expected", date(2019, 6, 1), "经营净收入", 3000)
    assert outcomes(home)["exit.expected_income"] == "clear"


def test_the_minimum_allowance_alone_is_a_warning(home: Home) -> None:
    home.told("exited_on", str(EXIT))
    home.told("support", "低保")
    assert outcomes(home)["exit.allowance_only"] == "warned"
    home.told("support", "就业")
    assert outcomes(home)["exit.allowance_only"] == "clear"


@pytest.mark.parametrize(
    ("exited", "checked"), [(date(2019, 7, 30), 0), (date(2019, 7, 31), 5), (date(2019, 8, 1), 5)]
)
def test_an_exit_is_asked_under_the_law_of_its_day(home: Home, exited: date, checked: int) -> None:
    home.told("exited_on", str(exited))
    assert len(home.checks()) == checked


@pytest.mark.parametrize(("as_of", "checked"), [(-1, 0), (0, 5), (1, 5)])
def test_an_exit_is_checked_from_its_day_on(home: Home, as_of: int, checked: int) -> None:
    home.told("exited_on", str(EXIT))
    assert len(home.checks(EXIT + as_of * DAY)) == checked


def test_an_exit_of_which_only_the_year_is_told_is_one_of_its_last_day(home: Home) -> None:
    home.sound_exit("2019")
    home.guaranteed(date(2019, 12, 31), "住房安全")
    assert home.checks()["exit.guarantees"].reason.startswith("2019年12月31日脱贫时未达标")


def test_an_exit_without_a_day_lacks_what_every_check_needs(home: Home) -> None:
    home.told("exit_status", "已脱贫")
    assert set(outcomes(home).values()) == {"unknown"}
    assert "没有登记脱贫时间" in home.checks()["exit.same_year"].reason


@pytest.mark.parametrize(
    ("made", "outcome"), [(None, "warned"), (-1, "warned"), (0, "clear"), (1, "clear")]
)
def test_a_monitored_household_needs_a_plan_made_since(
    home: Home, made: int | None, outcome: str
) -> None:
    since = date(2019, 9, 1)
    home.told("monitored", "脱贫不稳定户", (since, None))
    if made is not None:
        home.line("consolidation_plan", since + made * DAY)
    found = home.checks()
    assert {name: one.outcome.value for name, one in found.items()} == {
        "monitored.consolidation": outcome
    }
    assert found["monitored.consolidation"].cite == "甘办发〔2019〕33号 十(一)"


@pytest.mark.parametrize(("told", "open_"), [(False, True), (True, False)])
def test_a_document_may_ask_for_any_kind_of_line(home: Home, told: bool, open_: bool) -> None:
    home.told("monitored", "脱贫不稳定户", (date(2019, 9, 1), None))
    pack = home.world.law.pack("gansu-2019-33")
    (plan,) = (one for one in pack.exit_checks if one.lacks)
    other = plan.model_copy(update={"lacks": "plan_adjusted"})
    home.world.law = replace(
        home.world.law, packs=(pack.model_copy(update={"exit_checks": (other,)}),)
    )
    if told:
        home.line("plan_adjusted", date(2019, 9, 1))
    (found,) = home.file().found
    assert found.open == open_
    assert home.world.law.vocabulary.kinds["plan_adjusted"] in found.checked.reason


def test_a_household_is_monitored_from_its_day_on(home: Home) -> None:
    home.told("monitored", "边缘易致贫户", (date(2019, 9, 1), date(2019, 10, 31)))
    days = (date(2019, 8, 31), date(2019, 9, 1), date(2019, 10, 31), date(2019, 11, 1))
    assert [len(home.checks(day)) for day in days] == [0, 1, 1, 0]


def test_the_list_of_the_province_binds_nobody_elsewhere(home: Home) -> None:
    home.sound_exit()
    known = home.known()
    elsewhere = Household(1, "A1", None, (), "430623", known.held, known.said)
    assert check(home.world.law, elsewhere, EXIT) == []


visits = st.lists(
    st.tuples(st.dates(date(2019, 8, 1), date(2020, 1, 9)), st.sampled_from(GUARANTEES),
              st.booleans()),
    max_size=12,
)  # fmt: skip


@given(visits, st.randoms())
def test_the_order_of_the_ledger_changes_nothing(
    said: list[tuple[date, str, bool]], order: Random
) -> None:
    rows = [
        Said("guarantee_met" if met else "guarantee_unmet", item, day, Decimal(1), 1, "")
        for day, item, met in said
    ]
    held = (Held("exited_on", str(EXIT), None, None),)
    shuffled = rows[:]
    order.shuffle(shuffled)
    found = [
        check(shipped_law(), Household(1, "A1", None, (), "62", held, tuple(each)), EXIT + DAY)[1]
        for each in (rows, shuffled)
    ]
    assert found[0].outcome == found[1].outcome
    assert found[0].reason == found[1].reason
