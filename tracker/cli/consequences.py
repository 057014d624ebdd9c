"""The edge: `notices` and `interviews`, what is open and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from tracker import clock
from tracker.cli import show
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.office import Office, here, parse_day, parse_moment
from tracker.consequences import interviews as recommended
from tracker.consequences import notices as warned
from tracker.consequences.tables import InterviewGround
from tracker.db import table
from tracker.errors import LuzeError
from tracker.evaluation import findings as stored
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

EVENT_NAMES = {
    "raised": "发出", "superseded": "转级", "cured": "已消除", "cured_late": "补录后消除",
    "eased": "缓解", "withdrawn": "撤回",
}  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("notices", help="列出现有提醒；--history 列出全部经过")(notices)
    app.command("interviews", help="列出未办结的约谈建议；给编号则列出其事由")(interviews)


def notices(
    subject: Annotated[str | None, typer.Argument(help="责任主体（可用简称）")] = None,
    history: Annotated[bool, typer.Option("--history", help="列出全部经过")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, typer.Option(help="最多列出几条，0 为全部")] = 50,
    as_json: Json = False,
) -> None:
    """List open notices, or every transition."""
    office = here()
    with office.database.connect() as connection:
        names = labels(load_registry(connection, clock.now()))
        about = office.find(connection, subject) if subject else None
        rows = warned.listed(
            connection, history=history,
            as_of=parse_day(as_of, "--as-of"), known_at=parse_moment(known_at),
        )  # fmt: skip
    rows = [row for row in rows if about in (None, row.subject_id)]
    if as_json:
        show.print_json([show.notice_json(row, names) for row in rows])
    else:
        _print_notices(office, rows, names, limit)


def _print_notices(
    office: Office, rows: Sequence[Any], names: Mapping[int, str], limit: int
) -> None:
    duty_names = {duty_id: duty.name for (_, duty_id), (_, duty) in office.duties.items()}
    shown = rows[:limit] if limit else rows
    out = show.console()
    out.print(show.table(
        f"提醒 {len(rows)} 条" + (f"，列出前 {limit} 条" if len(shown) < len(rows) else ""),
        ("级别", "责任单位", "事项", "日期", "经过"),
        [(show.LEVEL_MARKS[r.level], names[r.subject_id],
          duty_names.get(r.duty, f"{r.key.split('|')[-1]} 数据未报送"), r.as_of,
          f"{EVENT_NAMES[r.event]} {r.note}") for r in shown],
    ))  # fmt: skip


def interviews(
    number: Annotated[int | None, typer.Argument(help="约谈建议编号")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """List open recommendations, or one with its grounds."""
    office = here()
    with office.database.connect() as connection:
        names = labels(load_registry(connection, clock.now()))
        heads = recommended.open_heads(
            connection, parse_day(as_of, "--as-of"), parse_moment(known_at)
        )
        if number is not None:
            heads = [head for head in heads if head["id"] == number]
            if not heads:
                raise LuzeError(
                    f"没有未办结的第 {number} 号约谈建议", fix="编号见 tracker interviews"
                )
        if as_json:
            show.print_json([show.interview_json(head, names) for head in heads])
            return
        out = show.console()
        rows = show.interview_rows(heads, names, office.law)
        out.print(show.table(f"未办结的约谈建议 {len(heads)} 件", show.INTERVIEW_COLUMNS, rows))
        if number is not None:
            _print_grounds(office, connection, heads[0], names)


def _print_grounds(
    office: Office, connection: sa.Connection, head: Mapping[str, Any], names: Mapping[int, str]
) -> None:
    out = show.console()
    pack = office.law.pack(head["document"])
    rule = next(r for r in pack.interviews if r.section == head["section"])
    ground = table(InterviewGround)
    joined = connection.execute(
        sa.select(ground.c.key, ground.c.ground, ground.c.as_of)
        .where(ground.c.interview_id == head["id"], ground.c.key.in_(head["grounds"]))
        .order_by(ground.c.id)
    ).all()
    state = stored.state(connection)
    rows = state[state["key"].isin(head["grounds"])]
    title = "事由（由量化缺口推定，口径 I35，是否约谈由人决定）"
    show.print_findings(title, rows, names, office.duties)
    for ground_id in sorted({r.ground for r in joined if r.ground}):
        printed = next(g for g in rule.grounds if g.id == ground_id)
        tail = f"；{printed.unestablished}" if printed.unestablished else ""
        out.print(f"  · {pack.document.number} {rule.cite}：{printed.text}{tail}")
