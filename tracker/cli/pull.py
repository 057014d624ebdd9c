"""The edge: `pull`: what services of the office's network say, stored as a file would be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import clock
from tracker.cli import show
from tracker.cli.importing import place
from tracker.cli.office import Office, here
from tracker.errors import LuzeError
from tracker.ledger.pull import cursors, pulling
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.pulling import Outside, Pulled
from tracker.ledger.pull.sources import choose, load_sources
from tracker.ledger.report import ImportReport
from tracker.ledger.sheets import Workbook

_FAILED = 1
_READS = {"changes": "只读变化", "whole": "整份读"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("pull", help="从考勤、台账服务拉取；--dry-run 只看差异，不入库")(pull)


def pull(
    source: Annotated[str | None, typer.Argument(help="来源，编号或名称；不写则全部")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="试拉取：列出差异，不入库")] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="从头读起，不从上次读到的地方接着读")
    ] = False,
    shown: Annotated[int, typer.Option(min=0, help="每类问题最多列出几处，0 为全部")] = 20,
    listed: Annotated[bool, typer.Option("--list", help="只列出各来源，不拉取")] = False,
) -> int:
    """Pull one source or all; one that fails holds up no other, and the command exits 1."""
    office = here()
    chosen = choose(sources(office), source)
    if listed:
        _list(office, chosen)
        return 0
    out, failed = show.console(), False
    for done in pull_each(office, chosen, clock.now(), dry_run=dry_run, afresh=afresh):
        failed = failed or isinstance(done, LuzeError)
        told = (
            str(done) if isinstance(done, LuzeError) else done.text(shown or 10**9, dry_run=dry_run)
        )
        out.print(told, markup=False, soft_wrap=True)
        if isinstance(done, Pulled):
            out.print(_ending(done, dry_run), markup=False)
    return _FAILED if failed else 0


def sources(office: Office) -> list[PullSource]:
    """The sources of TRACKER_PULLS. Raises LuzeError for none, and with every defect."""
    path = office.settings.pulls
    if path is None:
        raise LuzeError("没有设置 TRACKER_PULLS", fix="请指向写明拉取来源的 .yaml 文件或文件夹")
    return load_sources(path, office.forms)


def pull_each(
    office: Office, chosen: list[PullSource], now: datetime, *, dry_run: bool = False,
    afresh: bool = False,
) -> Iterator[Pulled | LuzeError]:  # fmt: skip
    """Pull each source in a transaction of its own; a refusal is handed on, not raised."""

    def store(connection: sa.Connection, workbook: Workbook, area: str | None) -> ImportReport:
        return place(office, connection, workbook, area, now)

    outside = Outside(os.environ, clock.now)
    for source in chosen:
        try:
            yield pulling.pull(
                office.database, source, office.forms, store=store, outside=outside,
                operator=office.settings.operator, now=now, dry_run=dry_run, afresh=afresh,
            )  # fmt: skip
        except LuzeError as refusal:
            yield refusal


def _ending(done: Pulled, dry_run: bool) -> str:
    if dry_run:
        return "试拉取，未入库"
    return f"已入库，撤销用 tracker undo {done.report.batch_id}" if done.is_kept else "没有改动"


def _list(office: Office, chosen: list[PullSource]) -> None:
    """Names of variables, never what they hold."""
    with office.database.connect() as connection:
        rows = [
            (s.id, s.name, office.forms.forms[s.form].name, s.reporter, _READS[s.reads],
             cursors.current(connection, s) or "", "、".join(sorted(s.secrets)))
            for s in chosen
        ]  # fmt: skip
    columns = ("编号", "名称", "表式", "填报单位", "读法", "读到", "密钥的环境变量")
    show.console().print(show.table(f"拉取来源 {len(rows)} 个", columns, rows))
