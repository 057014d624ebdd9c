"""The edge: `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import audit, backup, clock, db
from tracker.cli import show
from tracker.cli.office import here


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup", help="备份整个数据库，核验无误才算数")(backup_)
    app.command("restore", help="从备份恢复；现有的数据库不覆盖、不删除")(restore)


def backup_(
    out: Annotated[Path | None, typer.Option(help="放到这个目录；留空为数据目录的 backups")] = None,
) -> None:
    """Write one proved copy; older ones stay."""
    office, now = here(), clock.now()
    made = backup.make(office.database, out or office.folder(backup.FOLDER), now)
    _record(office.database, "backup", office.settings.operator, backup.detail(made))
    show.console().print(
        f"已备份：{made.path}\n结构版本 {made.revision}，审计记录 {made.acts} 条核验无误，"
        f"校验值 {made.sha256}", markup=False, soft_wrap=True,
    )  # fmt: skip


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件")],
    into: Annotated[str | None, typer.Option(help="恢复到这个数据库地址；留空为现用的")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="现有的数据库移到一旁留存，再恢复")
    ] = False,
) -> None:
    """Put a copy in place, after proving it."""
    office = here()
    engine = db.open_engine(into) if into else office.engine
    found = backup.restore(engine, file, clock.now(), replace=replace)
    _record(engine, "restore", office.settings.operator, {"file": file.name, "aside": found.aside})
    out = show.console()
    where = engine.url.render_as_string(hide_password=True)
    out.print(f"已恢复到 {where}，审计记录 {found.acts} 条核验无误", markup=False, soft_wrap=True)
    if found.aside:
        out.print(f"原来的数据库留在 {found.aside}", markup=False, soft_wrap=True)
    out.print("接下来请运行 tracker init（结构较旧时升级），再运行 tracker check")
    out.print("备份以后发出的信，这里记作还没有发：先看 tracker outbox，不该再发的撤销")


def _record(engine: sa.Engine, act: str, operator: str, detail: dict[str, object]) -> None:
    with db.transaction(engine) as connection:
        audit.append(connection, act=act, operator=operator, now=clock.now(), detail=detail)
