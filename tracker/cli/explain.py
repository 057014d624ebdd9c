"""The edge: `explain`, the proof of one finding: clause, arithmetic, rows counted and not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import typer

from tracker.cli import show
from tracker.cli.check import AsOf, KnownAt
from tracker.cli.meant import SHOWN_ROWS, Asked, one_finding
from tracker.cli.office import Office, here
from tracker.evaluation import narrate
from tracker.evaluation.classify import Row
from tracker.evaluation.explain import Explanation
from tracker.evaluation.explain import explain as explain_finding
from tracker.registry.labels import labels

NOT_COUNTED = "未计入的记录"
COLUMNS = ("日期", "类别", "对象或地点", "数量", "来源", "未计入原因")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("explain", help="说明一项判定的依据：条款、算式、计入和未计入的记录")(explain)


def explain(
    finding: Annotated[str, typer.Argument(help="判定编号（#12 或 12），或责任主体名称")],
    duty: Annotated[str | None, typer.Argument(help="责任事项编号，如 cadre.days_220")] = None,
    counterpart: Annotated[
        str | None, typer.Option("--toward", help="对象（户、村、干部）")
    ] = None,
    window: Annotated[str | None, typer.Option(help="考核期首日，如 2019-01-01")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    every_row: Annotated[bool, typer.Option("--all", help="列出全部记录")] = False,
) -> None:
    """Explain one finding, by its number or by who, what, toward whom and when."""
    office = here()
    with office.database.connect() as connection:
        meant = one_finding(
            office, connection, Asked(finding, duty, counterpart, window, as_of, known_at)
        )
        told = explain_finding(
            connection, meant.scene, office.covers, meant.evaluated, meant.finding
        )
    names, day = labels(meant.scene.registry), meant.scene.as_of
    print_explanation(office, told, names, day, every_row)


def print_explanation(
    office: Office, told: Explanation, names: Mapping[int, str], as_of: date, every_row: bool
) -> None:
    """The proof on the terminal."""
    out = show.console()
    f = told.finding
    who = narrate.holder_name(names, int(f["holder_id"]), f["counterpart_id"], told.duty)
    out.print(f"\n{who}    {told.duty.name}（{told.duty.id}）", style="bold")
    for sentence in narrate.sentences(told, office.law, as_of):
        out.print(f"  {sentence}")
    kinds = office.law.vocabulary.kinds
    for title, rows in (("计入的记录", told.counted), (NOT_COUNTED, told.not_counted)):
        shown = rows if every_row else rows[:SHOWN_ROWS]
        more = f"，列出前 {len(shown)} 行，全部加 --all" if len(shown) < len(rows) else ""
        out.print()
        out.print(show.table(
            f"{title} {len(rows)} 行{more}",
            COLUMNS if title == NOT_COUNTED else COLUMNS[:-1],
            [_row(row, kinds, names) for row in shown],
        ))  # fmt: skip


def _row(row: Row, kinds: Mapping[str, str], names: Mapping[int, str]) -> list[str]:
    day = narrate.short_date(row.day)
    if row.until:
        day += f"至{narrate.short_date(row.until, row.day)}"
    about = [names.get(i, "—") for i in (row.counterpart_id, row.place_id) if i is not None]
    return [
        day, row.item or kinds.get(row.kind, row.kind), "、".join(about),
        narrate.amount(row.quantity), f"{row.sheet} 第{row.row}行", *filter(None, [row.why_not]),
    ]  # fmt: skip
