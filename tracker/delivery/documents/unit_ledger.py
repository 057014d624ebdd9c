"""A unit's ledger of a year: what it owes, the entries behind it, what was not counted and why.

Judged afresh as of a day; every row is one that `tracker explain` shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from tracker import nightly
from tracker.delivery.documents.sheets import Figure, Printout, Sheet, Table, sheet_settings
from tracker.errors import LuzeError
from tracker.evaluation import findings, narrate
from tracker.evaluation.classify import Row
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import Explanation, explain
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import REASON_NAMES, STATUS_NAMES, Reason, Status, flag_marks
from tracker.policy.law import Law
from tracker.registry.labels import labels

OWN, STAFF, ENTRIES = "单位应履责任", "本单位人员应履责任", "履责记录"
_OWED = (
    "责任主体", "责任事项", "条款", "考核期", "应完成", "已完成", "差额", "判定", "最迟日期",
    "说明",
)  # fmt: skip
_OWED_WIDTHS = (40, 30, 10, 15, 9, 9, 8, 13, 15, 24)
_ENTRY = ("日期", "类别", "谁", "对象或地点", "数量", "来源", "计入的责任事项")
_ENTRY_WIDTHS = (26, 31, 28, 40, 8, 22, 32)
_SUM_WIDTHS = (34, 90, 12)
_SILENT = (Status.not_applicable.name, Status.not_in_force.name)
_UNFIT = "类别不符"
Names = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Booked:
    """One entry as printed: days of a month grid are one entry a person, month, kind and place."""

    when: str
    row: Row
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitLedger:
    """What the sheet says. `own`: findings the unit holds or answers for; `staff`: those of its
    people; `entries`: what counted for any of them; `left_out`: lines of the year that counted
    for none, each with its reason."""

    unit: int
    year: int
    as_of: date
    scene: Scene
    own: pd.DataFrame
    staff: pd.DataFrame
    entries: list[Booked]
    left_out: list[Row]


def unit_ledger(
    connection: sa.Connection, law: Law, covers: Mapping[str, frozenset[str]], unit: int, year: int,
    *, as_of: date, known_at: datetime, day_kinds: Iterable[str],
) -> UnitLedger:  # fmt: skip
    """Gather the ledger. `day_kinds`: the kinds that a month grid marks day by day. Raises
    LuzeError for what is no unit and for a year not yet begun."""
    first = date(year, 1, 1)
    if as_of < first:
        raise LuzeError(f"截至 {as_of}，{year} 年还没有开始", fix="请核对 --year 和 --as-of")
    scene = nightly.set_scene(
        connection, law, as_of=as_of, known_at=known_at, focus=frozenset({unit}), look_from=first
    )
    if scene.registry.subjects.loc[unit, "kind"] != "unit":
        raise LuzeError(f"“{scene.registry.name(unit)}”不是单位", fix="请写帮扶单位的名称")
    evaluated = evaluate(connection, scene, covers)
    rows = findings.to_rows(scene, evaluated)
    rows = rows[(rows["opens"] <= date(year, 12, 31)) & (rows["closes"] >= first)]
    is_own = (rows["holder_id"] == unit) | (rows["accountable_id"] == unit)
    is_staff = ~is_own & (rows["unit_id"] == unit)
    told = [
        explain(connection, scene, covers, evaluated.loc[[i]].iloc[0], rows.loc[[i]].iloc[0])
        for i in rows.index[is_own | is_staff]
    ]
    entries, left_out = _sort_lines(told, year)
    return UnitLedger(
        unit, year, as_of, scene, rows[is_own], rows[is_staff],
        _book(entries, frozenset(day_kinds)), left_out,
    )  # fmt: skip


def _sort_lines(told: Iterable[Explanation], year: int) -> tuple[dict[Row, list[str]], list[Row]]:
    """Lines of the year that count, each with what they count for, and those that do not."""
    counted: dict[Row, list[str]] = defaultdict(list)
    refused: dict[Row, str] = {}
    for explanation in told:
        for row in explanation.rows:
            if row.day.year != year and row.until is None:
                continue
            line = replace(row, why_not="")
            if not row.why_not:
                if explanation.duty.name not in counted[line]:
                    counted[line].append(explanation.duty.name)
            elif refused.get(line, _UNFIT) == _UNFIT:
                refused[line] = row.why_not
    left_out = [replace(line, why_not=why) for line, why in refused.items() if line not in counted]
    return dict(counted), left_out


def _book(counted: Mapping[Row, list[str]], day_kinds: frozenset[str]) -> list[Booked]:
    """The entries by day; days of a month grid are added up."""
    months: dict[tuple[Row, tuple[str, ...]], float] = defaultdict(float)
    booked = []
    for row, duties in counted.items():
        if row.kind in day_kinds:
            first = row.day.replace(day=1)
            month = replace(row, day=first, row=0, quantity=0.0, reported_on=first)
            months[month, tuple(duties)] += row.quantity
        else:
            booked.append(Booked(_when(row), row, tuple(duties)))
    for (month, named), quantity in months.items():
        when = f"{month.day.year}年{month.day.month}月"
        booked.append(Booked(when, replace(month, quantity=quantity), named))
    return sorted(booked, key=lambda b: (b.row.kind, b.row.day, b.row.subject_id))


def _when(row: Row) -> str:
    day = narrate.short_date(row.day)
    return f"{day}至{narrate.short_date(row.until, row.day)}" if row.until else day


def ledger_sheet(ledger: UnitLedger) -> Printout:
    """The ledger as a sheet: sums first, then what they rest on."""
    home = f"@{ledger.scene.registry.name(ledger.unit)}"
    names = {i: name.replace(home, "") for i, name in labels(ledger.scene.registry).items()}
    entries = _entries(ledger, names)
    owed = (_owed(OWN, ledger.own, ledger, names), _owed(STAFF, ledger.staff, ledger, names))
    shown = [table for table in owed if table.rows]
    chosen = sheet_settings().ledger
    silent = sum(frame["status"].isin(_SILENT).sum() for frame in (ledger.own, ledger.staff))
    lines = (
        f"另有 {silent} 项不适用或当时规定未施行，没有列出。" if silent else "",
        "合计和差额在工作簿（xlsx）中由公式算出，可以核对；每项判定的依据用 tracker explain 查看。",
    )
    sums = (_by_status(shown), _by_kind(ledger), _left_out(ledger))
    return Printout(
        f"{names[ledger.unit]}{ledger.year}年帮扶履责台账",
        f"判定日：{narrate.short_date(ledger.as_of)}",
        (
            Sheet("汇总", _SUM_WIDTHS, tuple(filter(None, lines)), sums, chosen.signatures),
            *(Sheet(table.name, _OWED_WIDTHS, (), (table,)) for table in shown),
            Sheet(ENTRIES, _ENTRY_WIDTHS, (), (entries,)),
        ),
    )


def _owed(name: str, rows: pd.DataFrame, ledger: UnitLedger, names: Names) -> Table:
    duties = {(doc.id, duty.id): (i, duty) for i, (doc, duty) in enumerate(ledger.scene.duties)}
    told = []
    for _, f in rows[~rows["status"].isin(_SILENT)].iterrows():
        place, duty = duties[f["document"], f["duty"]]
        who = narrate.holder_name(names, int(f["holder_id"]), f["counterpart_id"], duty)
        only_capped = duty.at_most is not None and duty.at_least is None
        short = 0 if only_capped else max(f["required"] - f["done"], 0)
        formula = "=0" if only_capped else "=MAX({应完成}-{已完成},0)"
        last_safe, reason = f["last_safe_on"], Reason[f["reason"]]
        plain = reason in (Reason.none, Reason.short)
        told.append((place, who, f["opens"], (
            who, duty.name, duty.cite, narrate.window_name(f["opens"], f["closes"]),
            f["required"], f["done"], Figure(short, formula), STATUS_NAMES[Status[f["status"]]],
            narrate.short_date(last_safe) if last_safe else "",
            "；".join([*([] if plain else [REASON_NAMES[reason]]), *flag_marks(int(f["flags"]))]),
        )))  # fmt: skip
    told.sort(key=lambda row: row[:3])
    left = frozenset({"责任主体", "责任事项", "说明"})
    return Table(name, _OWED, [row for *_, row in told], left=left)


def _entries(ledger: UnitLedger, names: Names) -> Table:
    kinds = ledger.scene.law.vocabulary.kinds
    rows = []
    for booked in ledger.entries:
        row = booked.row
        about = [names.get(i, "—") for i in (row.counterpart_id, row.place_id) if i is not None]
        source = f"{row.sheet} 第{row.row}行" if row.row else row.sheet
        rows.append((
            booked.when, kinds.get(row.kind, row.kind), names.get(row.subject_id, "—"),
            "、".join(filter(None, [*about, row.item])), row.quantity, source,
            "、".join(booked.duties),
        ))  # fmt: skip
    total = Figure(sum(b.row.quantity for b in ledger.entries), "=SUBTOTAL(9,{履责记录.数量})")
    left = frozenset({"谁", "对象或地点", "计入的责任事项"})
    return Table(ENTRIES, _ENTRY, rows, ("合计", "", "", "", total, "", ""), left)


def _by_status(owed: Iterable[Table]) -> Table:
    """How many of what is owed stand how, each counted in its own table."""
    place = _OWED.index("判定")
    rows = []
    for table in owed:
        counts = Counter(str(row[place]) for row in table.rows)
        rows += [
            (table.name, word, Figure(counts[word], f'=COUNTIF({{{table.name}.判定}},"{word}")'))
            for word in STATUS_NAMES.values()
            if word in counts
        ]
    total = Figure(sum(figure.value for *_, figure in rows), "=SUM({判定汇总.项数})")
    return Table("判定汇总", ("范围", "判定", "项数"), rows, ("合计", "", total))


def _by_kind(ledger: UnitLedger) -> Table:
    """The entries that count, added up by kind."""
    kinds = ledger.scene.law.vocabulary.kinds
    sums: dict[str, float] = defaultdict(float)
    duties: dict[str, dict[str, None]] = defaultdict(dict)
    for booked in ledger.entries:
        sums[booked.row.kind] += booked.row.quantity
        duties[booked.row.kind].update(dict.fromkeys(booked.duties))
    rows = []
    for kind in sorted(sums, key=list(kinds).index):
        word, amount = kinds[kind], sums[kind]
        formula = f'=SUMIF({{履责记录.类别}},"{word}",{{履责记录.数量}})'
        rows.append((word, "、".join(duties[kind]), Figure(amount, formula)))
    total = Figure(sum(sums.values()), "=SUM({计入的记录.数量})")
    left = frozenset({"计入的责任事项"})
    return Table("计入的记录", ("类别", "计入的责任事项", "数量"), rows, ("合计", "", total), left)


def _left_out(ledger: UnitLedger) -> Table:
    """What was not counted, in short: kind, reason with a few examples, how many."""
    kinds, shown = ledger.scene.law.vocabulary.kinds, sheet_settings().ledger.examples
    alike: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in ledger.left_out:
        alike[kinds.get(row.kind, row.kind), row.why_not].append(row)
    rows = []
    for (kind, why), same in sorted(alike.items()):
        told = "、".join(
            f"{narrate.short_date(r.day)}（{r.sheet} 第{r.row}行）" for r in same[:shown]
        )
        rows.append((kind, f"{why}：{told}{'等' if len(same) > shown else ''}", len(same)))
    total = Figure(len(ledger.left_out), "=SUM({未计入的记录.条数})")
    left = frozenset({"原因和举例"})
    return Table("未计入的记录", ("类别", "原因和举例", "条数"), rows, ("合计", "", total), left)
