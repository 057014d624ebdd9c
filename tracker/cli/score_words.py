"""The edge: facts, sheets and places of scorecards as tables and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console

from tracker.cli import show
from tracker.policy.scorecard import ScorePlan
from tracker.scorecards.checks import meant
from tracker.scorecards.desk import Placed, Scores
from tracker.scorecards.facts import Recorded
from tracker.scorecards.score import Group, Scored, Sheet
from tracker.scorecards.telling import (
    COLUMNS,
    NOT_REPORTED,
    figure,
    rows_of,
    total_line,
    veto_line,
)

FACTS = ("编号", "被考核单位", "考核内容", "哪一种", "分数", "日期", "数据来源", "事由", "状态")
PLACES = ("名次", "被考核单位", "总分", "说明")


def fact_row(plan: ScorePlan, one: Recorded, names: Mapping[int, str]) -> tuple[object, ...]:
    """A fact as a row of FACTS; words that the pack has lost stay as stored."""
    fact = one.fact
    entries = (e for card in plan.scorecards if card.id == fact.card for e in card.entries)
    entry = next((each for each in entries if each.id == fact.item), None)
    return (
        fact.id, names[fact.subject_id], entry.name if entry else fact.item,
        meant(plan, entry).whats.get(fact.what, fact.what) if entry else fact.what,
        "" if fact.amount is None else figure(fact.amount), fact.day,
        f"{fact.source} {fact.document_number}".strip(), fact.note,
        f"已作废：{one.voided.note}" if one.voided else "有效",
    )  # fmt: skip


def fact_json(one: Recorded, names: Mapping[int, str]) -> dict[str, Any]:
    """One fact in the stable --json form; amounts as numbers."""
    fact, back = one.fact, one.voided
    return {
        "number": fact.id, "document": fact.document, "card": fact.card,
        "subject": {"id": fact.subject_id, "name": names[fact.subject_id]}, "item": fact.item,
        "what": fact.what or None, "amount": _number(fact.amount), "day": fact.day.isoformat(),
        "source": fact.source, "document_number": fact.document_number or None,
        "officer": fact.officer, "note": fact.note or None,
        "voided": None if back is None else {
            "on": back.day.isoformat(), "reason": back.note, "officer": back.officer,
        },
    }  # fmt: skip


def sheet_json(scores: Scores, sheet: Sheet, names: Mapping[int, str]) -> dict[str, Any]:
    """One sheet in the stable --json form; points as numbers."""
    return {
        "document": scores.document.id, "card": sheet.card.id, "year": scores.plan.year,
        "as_of": scores.as_of.isoformat(),
        "subject": {"id": sheet.subject_id, "name": names[sheet.subject_id]},
        "sections": [_group_json(group) for group in sheet.sections],
        "bonus": _group_json(sheet.bonus) if sheet.bonus else None,
        "deduction": _group_json(sheet.deduction) if sheet.deduction else None,
        "total": _number(sheet.total), "missing": list(sheet.missing),
        "too_low": sheet.too_low, "vetoed": sheet.vetoed,
        "vetoing": [fact.id for fact in sheet.vetoing],
    }  # fmt: skip


def placed_row(scores: Scores, one: Placed, names: Mapping[int, str]) -> tuple[object, ...]:
    """A place of a list as a row of PLACES."""
    sheet = one.sheet
    notes = [veto_line(scores.plan, sheet)] if sheet.vetoed else []
    notes += [f"{NOT_REPORTED} {len(sheet.missing)} 项"] if sheet.missing else []
    return one.place or "—", names[sheet.subject_id], figure(sheet.total), "；".join(notes)


def print_sheet(out: Console, scores: Scores, names: Mapping[int, str]) -> None:
    """One sheet: every item with its facts, the sum, the veto, what is missing."""
    (sheet,) = scores.sheets
    title = f"{names[sheet.subject_id]}　{sheet.card.name}　截至 {scores.as_of}"
    out.print(show.table(title, COLUMNS, rows_of(scores.plan, sheet)))
    out.print(total_line(sheet), style="bold", soft_wrap=True)
    out.print(veto_line(scores.plan, sheet), soft_wrap=True)
    if sheet.missing:
        out.print(f"尚未报送：{'、'.join(sheet.missing)}；未报的不作零分", soft_wrap=True)


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "name": group.name, "most": _number(group.most), "points": _number(group.points),
        "items": [_item_json(item) for item in group.items],
    }  # fmt: skip


def _item_json(item: Scored) -> dict[str, Any]:
    return {
        "item": item.entry.id, "cite": item.entry.cite, "points": _number(item.points),
        "before": _number(item.before), "missing": list(item.missing), "average": item.average,
        "facts": [{"number": t.fact.id, "points": _number(t.points)} for t in item.traces],
    }  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
