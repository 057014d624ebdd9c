"""The ledger: rows about work plans: reported figures (指标台账), tasks closed (任务台账).

What a row names must be something the law asks for: a figure or a closing under another name
would count for nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from rapidfuzz import process

from tracker.ledger.desk import Desk
from tracker.ledger.draft import Refs, plain
from tracker.ledger.items import Item
from tracker.ledger.sheets import Row
from tracker.policy.workplan import CLOSED, REPORTED
from tracker.registry.spelling import clean

_NEAR = 3


def indicator(desk: Desk) -> Refs:
    """指标台账: a figure of a place or body, about a day."""
    body = _named(desk, "body")
    item = law_item(desk, REPORTED, "indicator")
    if item:
        _check_figure(desk, item)
    if what := desk.contradicted.get(desk.row.number):
        desk.say("error", "value", what, "请核对，只留正确的一行")
    return Refs({"body": body}, words={"indicator": item.name if item else ""})


def task(desk: Desk) -> Refs:
    """任务台账: a task of the body that leads it, closed on a day or only under way."""
    if _left_blank(desk):
        return Refs()
    lead = _named(desk, "lead")
    item = law_item(desk, CLOSED, "task")
    member = _named(desk, "member") if desk.text("member") else ()
    if item:
        _check_among(desk, "lead", lead, item.bodies, f"“{item.name}”的牵头单位是")
        _check_member(desk, item, member)
    if desk.day("closed_on") and not desk.text("basis"):
        desk.note("basis", "已办结，没有写依据（文号或说明）")
    return Refs({"lead": lead, "member": member}, words={"task": item.name if item else ""})


def _left_blank(desk: Desk) -> bool:
    """Whether nothing was filled in on a printed row whose lead or member nobody registered: the
    print lists it so that nobody is silent, and there is nothing to refuse."""
    look, said = desk.directory.index.anything, desk.row.values
    names = [desk.text(field) for field in ("lead", "member") if desk.text(field)]
    unknown = [name for name in names if not look(name).ids]
    if not unknown or said.keys() & {"closed_on", "basis", "progress"}:
        return False
    desk.note("lead", f"“{unknown[0]}”没有登记，这一行没有填写，未入库")
    desk.stopped = True
    return True


def law_item(desk: Desk, kind: str, field: str) -> Item | None:
    """The item of this kind that a field names; else None with the problem recorded."""
    items, text = desk.office.items.get(kind, {}), desk.text(field)
    found = next((item for name, item in items.items() if clean(name) == text), None)
    if found is None:
        called = desk.office.vocabulary["kinds"].get(kind, kind)
        near = [name for name, _, _ in process.extract(text, list(items), limit=_NEAR)]
        fix = f"文件里相近的有：{'、'.join(near)}；请照文件的名称填写" if near else (
            "适用于本地的文件没有这类事项，请核对规则包"
        )  # fmt: skip
        what = f"“{text}”不是文件规定的事项" if text else "没有写明是哪一项"
        desk.say("error", field, f"{what}（{called}）", fix)
    return found


def contradictions(desk: Desk, rows: Iterable[Row]) -> dict[int, str]:
    """Rows that give different figures of one indicator and day -> what is wrong."""
    index, said = desk.directory.index, defaultdict(list)
    for row in rows:
        body, name, day = (plain(row.values.get(f)) for f in ("body", "indicator", "day"))
        known = index.anything(body).one
        said[known or clean(body), clean(name), day].append(row)
    told: dict[int, str] = {}
    for same in said.values():
        if len({row.values.get("value") for row in same}) > 1:
            at = "、".join(f"第{row.number}行" for row in same)
            told |= {row.number: f"同一指标同一日期有不同的数（{at}）" for row in same}
    return told


def _named(desk: Desk, field: str) -> tuple[int, ...]:
    """The one body or place that a field names, as ids for lines."""
    match = desk.directory.index.anything(desk.text(field))
    found = desk.settle(field, desk.text(field), match, "body", "登记簿")
    return () if found is None else (found,)


def _check_figure(desk: Desk, item: Item) -> None:
    """A figure in the unit of its indicator, within what that unit can be."""
    unit, value = desk.text("unit"), desk.number("value")
    if unit and unit not in map(clean, item.units):
        what = f"计量单位“{unit}”与文件的“{'、'.join(item.units)}”不一致"
        desk.say("error", "unit", what, "请换算成文件的计量单位再填")
        return
    bounds = desk.office.rules.bounds.get(unit or clean(item.units[0]))
    if bounds is None or value is None:
        return
    if not bounds.least <= value <= bounds.most:
        what = f"“{item.name}”的数 {value} 超出范围（{bounds.least} 至 {bounds.most}）"
        desk.say("error", "value", what, "请核对数值和计量单位")
    elif bounds.least < value < bounds.doubtful:
        desk.note("value", f"按 {value}{item.units[0]} 存入；如果本意是 {value:.2%}，请改正")


def _check_member(desk: Desk, item: Item, member: tuple[int, ...]) -> None:
    """Where a task is closed for each of a list, the row says for which one."""
    if not item.members:
        if member:
            desk.say("error", "member", f"“{item.name}”不分对象销号", "请把“对象”空着")
    elif not desk.text("member"):
        what = f"“{item.name}”逐个对象销号，没有写明对象"
        desk.say("error", "member", what, f"应是：{'、'.join(item.members)}")
    else:
        _check_among(desk, "member", member, item.members, f"“{item.name}”的对象是")


def _check_among(
    desk: Desk, field: str, ids: tuple[int, ...], names: Collection[str], what: str
) -> None:
    """Whom a field means is one of those the law names, if it names any."""
    look = desk.directory.index.anything
    if ids and names and not any(set(ids) <= set(look(name).ids) for name in names):
        desk.say("error", field, f"{what}{'、'.join(names)}，不是“{desk.text(field)}”", "请核对")
