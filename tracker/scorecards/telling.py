"""Scorecards in words: each point with the fact and the source it follows from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.policy.scorecard import Adjuster, Item, ScorePlan
from tracker.scorecards.score import Group, Scored, Sheet, Trace

COLUMNS = ("序号", "考核内容", "权重", "得分", "计分依据", "数据来源")
NOT_REPORTED = "未报"
Row = tuple[str, str, str, str, str, str]


def figure(points: Decimal) -> str:
    """Points without needless zeros: '26.25', '20', '-1'."""
    plain = f"{points:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def item_row(plan: ScorePlan, scored: Scored, sign: str = "") -> Row:
    """One item as a row of COLUMNS; `sign` stands before points added or deducted."""
    entry = scored.entry
    most = entry.weight if isinstance(entry, Item) else entry.cap
    points = NOT_REPORTED if _unheard(scored) else figure(scored.points)
    return (
        entry.no or "—", entry.name, "—" if most is None else figure(most),
        points if _unheard(scored) or not scored.points else sign + points,
        "\n".join(basis(plan, scored)) or _nothing(entry), "、".join(entry.source),
    )  # fmt: skip


def rows_of(plan: ScorePlan, sheet: Sheet) -> Iterator[Row]:
    """Every item of a sheet as a row of COLUMNS, in the order of the document."""
    signed = [(section, "") for section in sheet.sections]
    signed += [
        (group, sign) for group, sign in ((sheet.bonus, "＋"), (sheet.deduction, "－")) if group
    ]
    for group, sign in signed:
        for item in group.items:
            yield item_row(plan, item, sign)


def basis(plan: ScorePlan, scored: Scored) -> Iterator[str]:
    """What the points of an item rest on, a line for each fact, then what bounds them."""
    for trace in scored.traces:
        fact = trace.fact
        told = f"：{fact.note}" if fact.note else ""
        paper = f"，{fact.document_number}" if fact.document_number else ""
        where = f"（{fact.source}，{fact.day}{paper}，第{fact.id}号）"
        yield f"{_moved(plan, scored, trace)}{where}{told}"
    if scored.missing and not _unheard(scored):
        yield f"未报：{'、'.join(scored.missing)}"
    if scored.before != scored.points:
        yield _bound(scored)


def group_line(group: Group) -> str:
    """'加分 3 分（合计 3.5 分，按上限 3 分）'."""
    before = sum((item.points for item in group.items), Decimal(0))
    capped = before != group.points and group.most is not None
    note = (
        f"（合计 {figure(before)} 分，按上限 {figure(group.most or before)} 分）" if capped else ""
    )
    return f"{group.name} {figure(group.points)} 分{note}"


def total_line(sheet: Sheet) -> str:
    """'总分 92.25 分：平时工作 18 分，...，加分 3 分，减分 0 分'."""
    parts = [
        group_line(group) for group in (*sheet.sections, sheet.bonus, sheet.deduction) if group
    ]
    word = "总分" if not sheet.missing else "已报部分合计"
    return f"{word} {figure(sheet.total)} 分：{'，'.join(parts)}"


def veto_line(plan: ScorePlan, sheet: Sheet) -> str:
    """Whether and why it is vetoed; what the veto leads to the document does not say."""
    veto = sheet.card.veto
    if veto is None:
        return "没有一票否决的规定"
    reasons = [
        f"{plan.event(fact.what)}（{fact.source}，{fact.day}，第{fact.id}号）：{fact.note}"
        for fact in sheet.vetoing
    ]
    if sheet.too_low and veto.below:
        reasons.insert(0, f"总分 {figure(sheet.total)} 低于 {figure(veto.below)} 分")
    if reasons:
        return f"一票否决：{'；'.join(reasons)}"
    return "分数没有报齐，总分是否低于否决线待定" if sheet.too_low is None else "没有一票否决的情形"


def _moved(plan: ScorePlan, scored: Scored, trace: Trace) -> str:
    """What a fact gives, with its arithmetic."""
    entry, fact = scored.entry, trace.fact
    points, amount = figure(abs(trace.points)), figure(fact.amount or Decimal(0))
    if isinstance(entry, Adjuster):
        return f"{plan.event(fact.what)} {points} 分"
    if entry.deducts:
        return f"{plan.event(fact.what)}，扣 {points} 分"
    if entry.ranked:
        return _ranked(entry, scored, trace)
    part = next(part for part in entry.reported if part.id == fact.what)
    name = part.name if part.id else "报送"
    sum_ = f"×{figure(part.factor)}＝{points}" if part.factor != 1 else ""
    return f"{name} {amount}{sum_} 分"


def _ranked(entry: Item, scored: Scored, trace: Trace) -> str:
    assert entry.ranked is not None
    if scored.average:
        exempt = entry.ranked.exempt
        return f"{exempt.name if exempt else ''}，计平均分 {figure(trace.points)} 分"
    method = entry.ranked.method(trace.fact.what)
    rank = figure(trace.fact.amount or Decimal(0))
    counted = scored.traces and trace is min(scored.traces, key=lambda t: _order(entry, t))
    told = f"计 {figure(trace.points)} 分" if counted else "另有结果为准，不计"
    return f"{method.name if method else trace.fact.what} {rank}，{told}"


def _order(entry: Item, trace: Trace) -> int:
    assert entry.ranked is not None
    return [method.id for method in entry.ranked.methods].index(trace.fact.what)


def _bound(scored: Scored) -> str:
    """Why the points are not what the facts add up to."""
    before, points = figure(scored.before), figure(scored.points)
    if isinstance(scored.entry, Adjuster):
        return f"合计 {before} 分，按上限 {points} 分"
    if scored.entry.ranked:
        return f"按公式为 {before} 分，原文没有写下限，计 {points} 分，请核"
    return f"合计为 {before} 分，扣完为止，计 {points} 分"


def _nothing(entry: Item | Adjuster) -> str:
    if isinstance(entry, Adjuster):
        return "没有登记"
    return "没有扣分" if entry.deducts else "尚未报送"


def _unheard(scored: Scored) -> bool:
    """Whether nothing at all is reported of it."""
    return bool(scored.missing) and not scored.traces
