"""Households, what an exit is checked for: facts and checks become findings with reasons. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.households.facts import ABOUT, Household, Said
from tracker.ledger.household_rows import EXITED
from tracker.policy.exits import ExitCheck
from tracker.policy.law import Law
from tracker.registry.partial_days import bounds, spoken

_MET, _UNMET = "guarantee_met", "guarantee_unmet"


class Outcome(StrEnum):
    """What a check found. held: until a person decides; unknown: a fact is missing."""

    held = "held"
    warned = "warned"
    unknown = "unknown"
    clear = "clear"


OUTCOME_NAMES = {
    Outcome.held: "暂缓", Outcome.warned: "提醒", Outcome.unknown: "缺资料",
    Outcome.clear: "未发现问题",
}  # fmt: skip
Verdict = tuple[Outcome, str, tuple[Said, ...]]


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of one household: the document it stands in, what was found, why, and the rows it
    rests on."""

    document: str
    number: str
    check: ExitCheck
    outcome: Outcome
    reason: str
    rows: tuple[Said, ...] = ()

    @property
    def cite(self) -> str:
        """The clause with the number of its document."""
        return f"{self.number} {self.check.cite}"

    @property
    def basis(self) -> str:
        """A digest over what was found: a decision holds while it stays the same."""
        rows = [(row.kind, row.item, row.day, yuan(row.quantity)) for row in self.rows]
        told = repr((self.check.id, self.outcome.value, self.reason, rows))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Asked:
    """When an exit was: as told, the last day that this may mean, the day on which it is judged;
    `kinds`: what kinds of lines are called."""

    told: str
    last: date
    judged: date
    kinds: Mapping[str, str]


Shape = Callable[[ExitCheck, Household, _Asked], Verdict]


def kinds_asked(law: Law) -> frozenset[str]:
    """The kinds of lines that a file shows, and those that any check of the law asks for."""
    asked = (kind for pack in law.packs for one in pack.exit_checks
             for kind in (one.counted, one.lacks) if kind)  # fmt: skip
    return frozenset((*ABOUT, *asked))


def check(law: Law, household: Household, as_of: date) -> list[Checked]:
    """Every check that binds the household, as of a day: those of an exit under the law of the day
    of the exit, those of a monitored household under the law of `as_of`."""
    kinds = law.vocabulary.kinds
    today = _Asked(str(as_of), as_of, as_of, kinds)
    told, status = household.value("exited_on", as_of), household.value("exit_status", as_of)
    first, last = bounds(told) if told else (date.max, date.max)
    found: list[Checked] = []
    if first <= as_of:
        asked = _Asked(told, last, min(last, as_of), kinds)
        found += _checked(law, household, "exited", asked, OF_EXIT)
    elif status == EXITED and not told:
        found += _checked(law, household, "exited", today, dict.fromkeys(OF_EXIT, _no_day))
    if household.value("monitored", as_of):
        found += _checked(law, household, "monitored", today, {"lacks": _lacks})
    return found


def _checked(
    law: Law, household: Household, of: str, asked: _Asked, shapes: Mapping[str, Shape]
) -> Iterator[Checked]:
    for pack in law.in_force(asked.judged, household.code or None):
        for one in pack.exit_checks:
            if one.of == of:
                shape = next(shapes[name] for name in shapes if getattr(one, name))
                document = pack.document
                yield Checked(document.id, document.number, one, *shape(one, household, asked))


def _leads(one: ExitCheck) -> Outcome:
    return Outcome.held if one.leads_to == "on_hold" else Outcome.warned


def _same_year(one: ExitCheck, household: Household, asked: _Asked) -> Verdict:
    identified = household.value("identified_on", asked.judged)
    if not identified:
        return Outcome.unknown, "没有登记识别时间", ()
    same = bounds(identified)[0].year == asked.last.year
    told = f"{spoken(identified)}识别，{spoken(asked.told)}脱贫"
    return (_leads(one) if same else Outcome.clear), told, ()


def _unmet(one: ExitCheck, household: Household, asked: _Asked) -> Verdict:
    states = {item: _state(household, item, asked.judged) for item in one.unmet}
    rows = tuple(row for row in states.values() if row)
    unmet = tuple(row for row in rows if row.kind == _UNMET)
    missing = [item for item, row in states.items() if row is None]
    if unmet:
        told = "、".join(f"{row.item}（{spoken(row.day)}核实）" for row in unmet)
        return _leads(one), f"{spoken(asked.judged)}脱贫时未达标：{told}", unmet
    if missing:
        return Outcome.unknown, f"没有核实记录：{'、'.join(missing)}", rows
    return Outcome.clear, f"{spoken(asked.judged)}脱贫时{'、'.join(one.unmet)}达标", rows


def _state(household: Household, item: str, day: date) -> Said | None:
    """What was found of a guarantee by the day of the exit, else first after it; of two findings
    of one day the one that is unmet."""
    said = [row for row in household.of(_MET, _UNMET) if row.item == item]
    before = [row for row in said if row.day <= day]
    if before:
        return max(before, key=lambda row: (row.day, row.kind == _UNMET))
    return min(said, key=lambda row: (row.day, row.kind == _MET), default=None)


def _counted(one: ExitCheck, household: Household, asked: _Asked) -> Verdict:
    year = asked.last.year
    of_year = [row for row in household.said if row.day.year == year]
    rows = tuple(row for row in of_year if row.kind == one.counted)
    called = asked.kinds.get(str(one.counted), one.counted)
    if rows:
        told = "、".join(f"{row.item}{yuan(row.quantity)}元" for row in rows)
        return _leads(one), f"{year}年登记了“{called}”：{told}", rows
    earned = tuple(row for row in of_year if row.kind.startswith("income_"))
    if not earned:
        return Outcome.unknown, f"没有登记{year}年的收入", ()
    return Outcome.clear, f"{year}年登记收入{len(earned)}笔，没有“{called}”", earned


def _only(one: ExitCheck, household: Household, asked: _Asked) -> Verdict:
    support = household.values("support", asked.judged)
    if not support:
        return Outcome.unknown, "没有登记帮扶措施", ()
    outcome = _leads(one) if set(support) <= set(one.only) else Outcome.clear
    return outcome, f"帮扶措施：{'、'.join(support)}", ()


def _lacks(one: ExitCheck, household: Household, asked: _Asked) -> Verdict:
    now = [held for held in household.held if held.name == "monitored" and held.on(asked.judged)]
    since = min((held.starts for held in now if held.starts), default=None)
    told = f"{now[-1].value}{f'（{spoken(since)}起）' if since else ''}"
    called = asked.kinds.get(str(one.lacks), one.lacks)
    made = [row for row in household.of(str(one.lacks)) if row.day <= asked.judged]
    if made and (since is None or made[-1].day >= since):
        return Outcome.clear, f"{told}，{spoken(made[-1].day)}有{called}", (made[-1],)
    older = f"；{spoken(made[-1].day)}的一份早于监测" if made else ""
    return _leads(one), f"{told}，没有{called}{older}", tuple(made[-1:])


def _no_day(one: ExitCheck, household: Household, asked: _Asked) -> Verdict:
    return Outcome.unknown, "已脱贫，没有登记脱贫时间", ()


def yuan(amount: Decimal) -> str:
    """8600.00 -> '8600', 8600.50 -> '8600.5'."""
    return f"{amount.normalize():f}"


OF_EXIT: Mapping[str, Shape] = {
    "same_year": _same_year, "unmet": _unmet, "counted": _counted, "only": _only,
}  # fmt: skip
