"""The edge: `explain`, the proof of one finding: clause, arithmetic, rows counted and not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import pandas as pd
import sqlalchemy as sa
import typer

from tracker import clock, nightly
from tracker.cli import show
from tracker.cli.check import AsOf, KnownAt
from tracker.cli.office import Office, here, parse_day, parse_moment
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.evaluation import findings as stored
from tracker.evaluation import narrate
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import Explanation, Row
from tracker.evaluation.explain import explain as explain_finding
from tracker.evaluation.tables import Finding
from tracker.registry.labels import labels

SHOWN_ROWS = 40
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
        moment = parse_moment(known_at) or clock.now()
        number = finding.removeprefix("#")
        if number.isdigit():
            key, focus, ended = _by_number(connection, int(number))
            look_from: date | None = ended
        else:
            key, focus = None, office.find(connection, finding, moment)
            look_from = parse_day(window, "--window")
        day = office.night(connection, parse_day(as_of, "--as-of"))
        scene = nightly.set_scene(
            connection, office.law, as_of=day, known_at=moment, focus=frozenset({focus}),
            look_from=look_from,
        )  # fmt: skip
        evaluated = evaluate(connection, scene, office.covers)
        rows = stored.to_rows(scene, evaluated)
        toward = office.find(connection, counterpart, moment) if counterpart else None
        wanted = _pick(rows, key, focus, duty, toward, window, labels(scene.registry))
        told = explain_finding(
            connection,
            scene,
            office.covers,
            evaluated.loc[[wanted]].iloc[0],
            rows.loc[[wanted]].iloc[0],
        )
    print_explanation(office, told, labels(scene.registry), day, every_row)


def _by_number(connection: sa.Connection, number: int) -> tuple[str, int, date]:
    """The key, holder and last day of a stored finding."""
    t = table(Finding)
    row = connection.execute(sa.select(t).where(t.c.id == number)).first()
    if row is None:
        raise LuzeError(f"没有编号为 {number} 的判定", fix="编号见 tracker findings")
    return row.key, row.holder_id, row.closes


def _pick(
    rows: pd.DataFrame, key: str | None, holder: int, duty: str | None,
    toward: int | None, window: str | None, names: Mapping[int, str],
) -> int:  # fmt: skip
    """The index of the one finding meant. Raises LuzeError with the candidates."""
    if key is not None:
        found = rows[rows["key"] == key]
    else:
        found = rows[rows["holder_id"] == holder]
        if duty:
            found = found[found["duty"] == duty]
        if toward:
            found = found[found["counterpart_id"] == toward]
        day = parse_day(window, "--window")
        if day:
            found = found[(found["opens"] <= day) & (found["closes"] >= day)]
    if len(found) == 1:
        return int(found.index[0])
    what = "有多项判定符合，请写明责任事项、对象或考核期" if len(found) else "没有符合的判定"
    shown = found if len(found) else rows[rows["holder_id"] == holder]
    raise LuzeError(
        what,
        problems=[_candidate(f, names) for _, f in shown.head(SHOWN_ROWS).iterrows()],
        fix="例如 tracker explain 姓名@单位 cadre.days_220 --window 2019-01-01",
    )


def _candidate(finding: pd.Series, names: Mapping[int, str]) -> Problem:
    toward = finding["counterpart_id"]
    return Problem(
        f"{finding['duty']}  {narrate.window_name(finding['opens'], finding['closes'])}"
        f"（--window {finding['opens']}）  {narrate.fraction(finding)}"
        f"  {narrate.status_name(finding)}",
        "" if toward is None else names.get(int(toward), ""),
    )


def print_explanation(
    office: Office, told: Explanation, names: Mapping[int, str], as_of: date, every_row: bool
) -> None:
    """The proof on the terminal."""
    out = show.console()
    f = told.finding
    who = narrate.holder_name(names, int(f["holder_id"]), f["counterpart_id"], told.duty)
    out.print(f"\n{who}    {told.duty.name}（{told.duty.id}）", style="bold")
    for sentence in narrate.sentences(told, office.law.interpretations, as_of):
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
