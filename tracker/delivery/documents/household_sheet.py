"""户档案: the file of one household on a page, with its code; its head masked unless a person who
may read the name asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tracker.clock import SHANGHAI
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.delivery.documents.qr import as_address, qr_code
from tracker.delivery.documents.render import render
from tracker.delivery.email_pages import filled
from tracker.households.checks import OUTCOME_NAMES, Checked, Outcome, yuan
from tracker.households.codes import address, code_of, grouped
from tracker.households.decisions import VERDICTS
from tracker.households.desk import File, Found
from tracker.households.facts import Household, Said
from tracker.registry.partial_days import spoken
from tracker.registry.spelling import masked

NAME, PAGES = "户档案", "households"
SIGNS = {Outcome.held: "△", Outcome.warned: "！", Outcome.unknown: "？", Outcome.clear: "√"}
_GUARANTEES = {"guarantee_met": "√ 达标", "guarantee_unmet": "△ 未达标"}
_DECIDED = {"allow": "√", "refuse": "×"}
_NOTHING = "没有登记"
_QR = 24  # mm


@dataclass(frozen=True, slots=True)
class Asked:
    """Who printed a file, for whom; `allowed`: as whom that person reads the name, '' if masked.
    `key`: of the codes, None where the office has set none."""

    by: str
    whom: str = ""
    allowed: str = ""
    key: bytes | None = None
    base_url: str = ""


def household_sheet(occasion: Occasion, file: File, asked: Asked) -> Facts:
    """The facts of the paper and of the page."""
    household, day = file.household, file.as_of
    name = occasion.registry.name(household.id)
    code = code_of(asked.key, *place_of(occasion, household)) if asked.key else ""
    picture = qr_code(address(code, asked.base_url), "户码", _QR) if code else ""
    return Facts(household.number, {
        "mark": f"姓名未遮盖：{asked.allowed}专用" if asked.allowed else "户主姓名已遮盖",
        "number": household.number,
        "householder": name if asked.allowed else masked(name),
        "village": occasion.called(household.village) if household.village else _NOTHING,
        "type": household.value("household_type", day) or _NOTHING,
        "status": household.value("exit_status", day) or _NOTHING,
        "identified": spoken(household.value("identified_on", day)) or _NOTHING,
        "exited": spoken(household.value("exited_on", day)) or "—",
        "monitored": household.value("monitored", day) or "没有登记为监测户",
        "support": "、".join(household.values("support", day)) or _NOTHING,
        "helpers": "；".join(map(occasion.called, file.helpers)) or "没有结对",
        "guarantees": list(_guarantees(household, day)),
        "income": _income(household, day),
        "year": day.year,
        "as_of": day,
        "visits": _rows(occasion, file.visits),
        "plans": _rows(occasion, file.plans),
        "deeds": _rows(occasion, file.deeds),
        "checks": [check_row(found) for found in file.found],
        "code": grouped(code) if code else "",
        "picture": picture,
        "by": asked.by,
        "whom": asked.whom or "未指定",
        "at": f"{occasion.known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    })  # fmt: skip


def as_docx(name: str, facts: Facts, home: Path | None = None) -> bytes:
    """The paper. Raises LuzeError for a mistaken template."""
    return render(name, facts.told, home=home)


def as_html(name: str, facts: Facts, home: Path | None = None) -> bytes:
    """The page, which needs no other file. Raises LuzeError for a mistaken template."""
    return filled(f"{name}.html", _shown(facts.told), home, PAGES).encode()


def check_row(found: Found) -> tuple[str, str, str, str]:
    """Sign and word, the check, what was found and decided, the clause."""
    checked = found.checked
    word = f"{SIGNS[checked.outcome]} {OUTCOME_NAMES[checked.outcome]}"
    if found.decision and found.stands:
        word = f"{_DECIDED[found.decision.verdict]} {VERDICTS[found.decision.verdict]}"
    return (
        word,
        checked.check.name,
        checked.reason + _sources(checked) + decided(found),
        checked.cite,
    )


def _sources(checked: Checked) -> str:
    """Where the rows stand that speak against an exit."""
    if checked.outcome is Outcome.clear or not checked.rows:
        return ""
    return f"（{'、'.join(dict.fromkeys(row.source for row in checked.rows))}）"


def decided(found: Found) -> str:
    """The newest decision on a check, and whether it still answers what is found."""
    one = found.decision
    if one is None:
        return "；未作决定" if found.checked.outcome is Outcome.held else ""
    who = f"{spoken(one.as_of)}{one.authority}（{one.officer}）"
    told = f"；{who}决定{VERDICTS[one.verdict]}：{one.reason}"
    moved = one.verdict != "hold" and not found.stands
    return f"{told}（此后情况有变，须重新决定）" if moved else told


def place_of(occasion: Occasion, household: Household) -> tuple[str, str]:
    """What the code is made of: the county by code or name, and the number."""
    registry = occasion.registry
    county = registry.of_subjects("home")[household.id]
    return registry.of_subjects("code").get(county) or registry.name(county), household.number


def _shown(told: Any) -> Any:
    """Pictures as addresses, wherever they stand."""
    if isinstance(told, dict):
        return {key: _shown(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_shown(value) for value in told]
    return as_address(told) if getattr(told, "picture", b"") else told


def _guarantees(household: Household, day: date) -> Iterator[tuple[str, str]]:
    """What was last found of each guarantee."""
    newest = {row.item: row for row in household.of(*_GUARANTEES) if row.day <= day}
    for item, row in newest.items():
        yield item, f"{_GUARANTEES[row.kind]}（{spoken(row.day)}）"


def _income(household: Household, day: date) -> str:
    """The year's income, actual and expected apart."""
    rows = [r for r in household.said if r.day.year == day.year and r.day <= day]
    sums = {
        kind: sum((row.quantity for row in rows if row.kind == kind), Decimal(0))
        for kind in ("income_actual", "income_expected", "expected_counted")
    }
    if not rows or not any(sums.values()):
        return _NOTHING
    told = [f"实际{yuan(sums['income_actual'])}元"]
    if sums["income_expected"]:
        told.append(f"预期{yuan(sums['income_expected'])}元")
    if sums["expected_counted"]:
        told.append(f"其中计入当年{yuan(sums['expected_counted'])}元")
    return "，".join(told)


def _rows(occasion: Occasion, said: tuple[Said, ...]) -> list[tuple[str, str]]:
    return [(spoken(row.day), occasion.called(row.who)) for row in said]
