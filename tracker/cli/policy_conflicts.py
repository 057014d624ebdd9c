"""The edge: `policy conflicts`, where documents of several levels ask the same of one holder."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import typer

from tracker.cli import show
from tracker.cli.office import here
from tracker.cli.policy import Folder, law_with, new_packs, policy_app
from tracker.cli.policy_words import asks
from tracker.evaluation.narrate import short_date
from tracker.policy.conflicts import Bound, Conflict, Relation, conflicts
from tracker.policy.model import Pack

RELATION_NAMES = {
    Relation.contradictory: "抵触", Relation.stricter: "从严", Relation.mixed: "互有宽严",
    Relation.same: "相同", Relation.unlike: "不可比",
}  # fmt: skip
COLUMNS = ("关系", "各自的要求（严的先列）", "说明")
_QUIET = (Relation.same, Relation.unlike)


def add_to(_: typer.Typer) -> None:
    """Register the command."""
    policy_app.command(
        "conflicts", help="几级文件对同一主体、同一事项的要求：哪一项更严，有无抵触"
    )(list_)


def list_(
    folder: Folder = None,
    every: Annotated[bool, typer.Option("--all", help="要求相同的、不能比较的也列出")] = False,
) -> None:
    """Every pair of duties about the same thing; of two the stricter first. With a folder only the
    pairs in which one of its packs stands."""
    law = law_with(here(), folder)
    found = [c for c in conflicts(law) if folder is None or _of(c, new_packs(law, folder))]
    shown = [c for c in found if every or c.relation not in _QUIET]
    counted = {r: sum(c.relation is r for c in found) for r in Relation}
    told = "，".join(f"{RELATION_NAMES[r]} {n}" for r, n in counted.items() if n) or "无"
    rows = [
        (RELATION_NAMES[c.relation], f"{_named(c.first)}\n{_named(c.second)}", _why(c))
        for c in shown
    ]
    out = show.console()
    out.print(show.table(f"同一主体、同一事项的要求 {len(found)} 对：{told}", COLUMNS, rows))
    if len(shown) < len(found):
        out.print(f"  另有 {len(found) - len(shown)} 对相同或不能比较，全部列出加 --all")


def _of(conflict: Conflict, packs: Sequence[Pack]) -> bool:
    ids = {pack.document.id for pack in packs}
    return not ids.isdisjoint((conflict.first.document.id, conflict.second.document.id))


def _named(bound: Bound) -> str:
    duty = bound.duty
    return f"{bound.document.number} {duty.cite} {duty.name}：{asks(duty)}"


def _why(conflict: Conflict) -> str:
    """What the relation comes to, in words."""
    unit = conflict.first.duty.unit
    if conflict.apart:
        last, first = (short_date(day) for day in conflict.apart)
        return f"一项{last}前要完成，另一项{first}才开始，一次履责不能兼顾"
    if conflict.relation is Relation.contradictory:
        return "做到一项的至少，就超过另一项的至多"
    if conflict.relation is Relation.stricter:
        return _more(conflict.more, unit) if conflict.more else "全年数量相同，考核期更短或期限更早"
    if conflict.relation is Relation.mixed and _floor_and_cap(conflict):
        return "一项写至少，一项写至多，两项都要做到"
    return {
        Relation.mixed: "有的情形这项严，有的情形那项严",
        Relation.same: "按哪一项都一样",
        Relation.unlike: "量法、单位或考核期不同",
    }[conflict.relation]


def _floor_and_cap(conflict: Conflict) -> bool:
    """Whether one says only how much at least and the other only how much at most."""
    one, other = conflict.first.duty, conflict.second.duty
    sides = [(d.at_least is None, d.at_most is None) for d in (one, other)]
    return sorted(sides) == [(False, True), (True, False)]


def _more(more: Sequence[Decimal], unit: str) -> str:
    """'先列的全年多 8 次', with the range where it goes by case; no limit has no difference."""
    least, most = more[0], more[-1]
    if not most.is_finite():
        return "只有先列的有上限"
    told = f"{least:f}" if least == most else f"{least:f} 至 {most:f}"
    return f"先列的全年严 {told} {unit}"
