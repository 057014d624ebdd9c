"""The edge: `rule`, a named officer's verdict on a finding that needs review."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.meant import Asked, one_finding
from tracker.cli.office import day_of_act, here
from tracker.registry.rulings import VERDICTS, Judged
from tracker.registry.rulings import rule as record


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("rule", help="核定一项“待人工核定”的判定：达标或未达标")(rule)


def rule(
    finding: Annotated[str, typer.Argument(help="判定编号（#12 或 12），或责任主体名称")],
    verdict: Annotated[str, typer.Argument(help="达标（met）或 未达标（breached）")],
    duty: Annotated[str | None, typer.Option(help="责任事项编号，如 cadre.nights_160")] = None,
    counterpart: Annotated[
        str | None, typer.Option("--toward", help="对象（户、村、干部）")
    ] = None,
    window: Annotated[str | None, typer.Option(help="考核期首日，如 2019-01-01")] = None,
    officer: Annotated[str, typer.Option(help="核定人姓名")] = "",
    authority: Annotated[str, typer.Option(help="核定机关")] = "",
    reason: Annotated[str, typer.Option(help="理由")] = "",
    document: Annotated[str, typer.Option("--document", help="文号")] = "",
    on: Annotated[str | None, typer.Option(help="哪一日，如 2020-02-10；留空为今天")] = None,
) -> None:
    """Rule on what two readings, or a missing fact, leave to a person."""
    office = here()
    with db.transaction(office.database) as connection:
        asked = Asked(finding, duty, counterpart, window)
        found = one_finding(office, connection, asked, bare=True).finding
        record(
            connection,
            Judged(
                found["key"], found["status"], float(found["done"]), float(found["required"]),
                found["starts"],
            ),
            verdict=verdict, officer=officer, authority=authority, reason=reason,
            document_number=document, on=day_of_act(on),
            now=clock.now(), operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(
        f"已核定为{VERDICTS.get(verdict, verdict)}；数字变动后须重新核定，下次检查起生效"
    )
