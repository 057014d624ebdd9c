"""The exit checks of the list of 2019 say what its clauses say, in words that the ledgers use."""

from __future__ import annotations

from tests.scenarios.world import shipped_law
from tracker.households.checks import OF_EXIT
from tracker.ledger.rules import load_rules
from tracker.policy.coverage import coverage

PACK = shipped_law().pack("gansu-2019-33")
CHECKS = {one.id: one for one in PACK.exit_checks}


def test_what_the_clauses_forbid_is_held_and_what_they_ask_for_is_a_warning() -> None:
    assert {(one.id, one.cite, one.leads_to) for one in PACK.exit_checks} == {
        ("exit.same_year", "一(三)", "on_hold"), ("exit.guarantees", "一(三)", "on_hold"),
        ("exit.expected_income", "一(三)", "on_hold"), ("exit.allowance_only", "一(三)", "warning"),
        ("exit.water", "一(一)", "warning"), ("monitored.consolidation", "十(一)", "warning"),
    }  # fmt: skip


def test_the_three_guarantees_are_education_medical_care_and_housing() -> None:
    assert CHECKS["exit.guarantees"].unmet == ("义务教育", "基本医疗", "住房安全")


def test_every_guarantee_that_is_asked_for_is_one_that_the_ledger_tells() -> None:
    told = {line.named for line in load_rules().forms["household_guarantees"].lines}
    asked = {item for one in PACK.exit_checks for item in one.unmet}
    assert asked <= told


def test_every_shape_of_the_format_can_be_computed() -> None:
    used = {name for name in (*OF_EXIT, "lacks") for one in PACK.exit_checks if getattr(one, name)}
    assert used == {"same_year", "unmet", "counted", "only", "lacks"}


def test_the_clause_on_quality_is_covered_and_says_what_is_not() -> None:
    row = next(row for row in coverage(PACK) if row.article == "一(三)")
    assert row.covered == "exit"
    assert row.exits == (
        "exit.same_year", "exit.guarantees", "exit.expected_income", "exit.allowance_only",
    )  # fmt: skip
    assert "指标式" in row.why
    assert "游走式" in row.why
