"""The edge: what a measured impact says, as rows of tables and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tracker.cli.policy_conflicts import RELATION_NAMES
from tracker.cli.policy_words import asks
from tracker.delivery.documents.sheets import Shown
from tracker.evaluation import narrate
from tracker.impact import Figure, Impact
from tracker.policy.conflicts import Conflict
from tracker.policy.duty import Duty

FIGURES = ("责任事项", "要求", "主体", "应履", "已达标", "未达标", "其中主体", "未报送", "待定")
HOLDERS = ("责任主体", "责任事项", "条款", "应履", "未达标", "共差")
SHORT = ("责任主体", "责任事项", "条款", "考核期", "完成", "差")


def figure_rows(found: Impact) -> list[tuple[Shown, ...]]:
    """Each new duty, and below it those now in force for the same thing."""
    rows: list[tuple[Shown, ...]] = []
    for row in found.rows:
        rows.append(_cells(f"{row.new.duty.name}（{row.new.duty.cite}）", row.new))
        for conflict, figure in row.now:
            name = (
                f"　现行 {figure.document.number} {figure.duty.cite}：{_stands(conflict, row.new)}"
            )
            rows.append(_cells(name, figure))
    return rows


def _stands(conflict: Conflict, new: Figure) -> str:
    """How the new duty stands to the one now in force."""
    if not conflict.is_stricter:
        return RELATION_NAMES[conflict.relation]
    return "新的更严" if conflict.first.document.id == new.document.id else "现行的更严"


def _cells(name: str, figure: Figure) -> tuple[Shown, ...]:
    return (
        name, asks(figure.duty), figure.holders, figure.owed, figure.met, figure.short,
        figure.short_holders, figure.unreported, figure.undecided,
    )  # fmt: skip


def remarks(found: Impact, kinds: Mapping[str, str]) -> list[str]:
    """What the figures do not say by themselves."""
    told = []
    for figure in (row.new for row in found.rows):
        name = figure.duty.name
        if not figure.owed:
            told.append(f"{name}：登记资料里没有这样的责任主体，测算不出")
        elif figure.silent:
            silent = "、".join(kinds.get(kind, kind) for kind in figure.silent)
            so = "，全部未报送" if figure.all_unreported else ""
            told.append(f"{name}：台账里没有 {found.year} 年的“{silent}”记录{so}")
        elif figure.all_unreported:
            told.append(f"{name}：{found.year} 年全部未报送")
    return [*told, *(f"{d.name}：按节点考核，年份是定死的，不作测算" for d in found.unmoved)]


def holder_rows(found: Impact, each: int | None = None) -> list[tuple[Shown, ...]]:
    """Who would have been short of what, by how much in all; so many `each` duty."""
    duties, rows = _duties(found), found.by_holder()
    rows = rows if each is None else rows.groupby(["document", "duty"]).head(each)
    return [
        (
            found.names[int(f["holder_id"])], duty.name, duty.cite, int(f["owed"]),
            int(f["short"]), f"{narrate.amount(f['lacking'])} {duty.unit}",
        )
        for _, f in rows.iterrows()
        for duty in [duties[f["document"], f["duty"]]]
    ]  # fmt: skip


def short_rows(found: Impact) -> list[tuple[str, ...]]:
    """Each obligation that would have been breached."""
    duties = _duties(found)
    return [
        (
            narrate.holder_name(found.names, int(f["holder_id"]), f["counterpart_id"], duty),
            duty.name,
            duty.cite,
            narrate.window_name(f["opens"], f["closes"]),
            narrate.fraction(f),
            _by(f, duty),
        )
        for _, f in found.short.iterrows()
        for duty in [duties[f["document"], f["duty"]]]
    ]


def _duties(found: Impact) -> Mapping[tuple[str, str], Duty]:
    return {(r.new.document.id, r.new.duty.id): r.new.duty for r in found.rows}


def _by(finding: pd.Series, duty: Duty) -> str:
    """'差 2 次', '超 1 次', or that it was done only after its day."""
    short = finding["required"] - finding["done"]
    if not short:
        return "逾期完成"
    return f"{'差' if short > 0 else '超'} {narrate.amount(abs(short))} {duty.unit}"


def as_document(found: Impact) -> dict[str, Any]:
    """The stable --json form; documented in docs/query-json.md."""
    duties = _duties(found)
    return {
        "year": found.year,
        "as_of": found.as_of.isoformat(),
        "duties": [
            {
                **_figure_json(row.new),
                "now": [
                    {"relation": c.relation.value, "stricter": c.is_stricter and
                     c.first.document.id == row.new.document.id, **_figure_json(figure)}
                    for c, figure in row.now
                ],
            }
            for row in found.rows
        ],
        "short": [
            _short_json(f, found.names, duties[f["document"], f["duty"]])
            for _, f in found.short.iterrows()
        ],
        "not_judged": [duty.id for duty in found.unmoved],
    }  # fmt: skip


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "document": figure.document.id, "number": figure.document.number, "duty": figure.duty.id,
        "name": figure.duty.name, "cite": figure.duty.cite, "holders": figure.holders,
        "owed": figure.owed, "met": figure.met, "short": figure.short,
        "short_holders": figure.short_holders, "unreported": figure.unreported,
        "undecided": figure.undecided, "silent": list(figure.silent),
    }  # fmt: skip


def _short_json(finding: pd.Series, names: Mapping[int, str], duty: Duty) -> dict[str, Any]:
    def who(column: str) -> dict[str, Any] | None:
        value = finding[column]
        return None if pd.isna(value) else {"id": int(value), "name": names.get(int(value), "")}

    return {
        "document": finding["document"], "duty": duty.id, "holder": who("holder_id"),
        "counterpart": who("counterpart_id"), "window_start": finding["opens"].isoformat(),
        "window_end": finding["closes"].isoformat(), "required": finding["required"],
        "done": finding["done"], "unit": duty.unit, "reason": finding["reason"],
    }  # fmt: skip
