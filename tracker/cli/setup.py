"""The edge: `init` and `demo`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from tracker import clock, db, demo, nightly
from tracker.cli import check, importing, query, show
from tracker.cli.office import Office, here, parse_day
from tracker.query import dossier
from tracker.registry.labels import labels
from tracker.settings import SETTINGS


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("init", help="建立或升级数据库")(init)
    app.command("demo", help="演示：导入示例县的台账，检查最后一夜，查询一个单位")(demo_)
    app.command("settings", help="列出设置项（环境变量）")(settings)


def init() -> None:
    """Create or upgrade the database."""
    office = here()
    db.upgrade(office.engine)
    show.console().print(f"数据库已就绪：{_where(office)}", markup=False)


def demo_(
    as_of: Annotated[str | None, typer.Option("--as-of", help="判定日")] = None,
) -> None:
    """Import the demo county, check its last night, ask one question, say what to type next."""
    day = parse_day(as_of, "--as-of") or demo.LAST_NIGHT
    office = here()
    out = show.console()
    db.upgrade(office.engine)
    report, marked = importing.import_file(office, demo.WORKBOOK)
    out.print(report.text(shown=6), markup=False)
    with db.transaction(office.database) as connection:
        night = nightly.check(
            connection, office.law, office.covers,
            as_of=day, now=clock.now(), operator=office.settings.operator,
        )  # fmt: skip
    with office.database.connect() as connection:
        check.print_night(office, connection, night)
        found = dossier(
            connection, office.law, office.covers, office.find(connection, demo.ASKED),
            as_of=day, known_at=clock.now(),
        )  # fmt: skip
    out.rule("提名前查询一例")
    query.print_dossier(office, found, labels(found.scene.registry), brief=True)
    out.rule("文件")
    out.print(f"数据库    {_where(office)}", markup=False)
    if marked:
        out.print(f"退回表    {marked}", markup=False)
    out.rule("接下来可以")
    command = _command(office)
    for what, words in (
        ("查看全部未达标", "findings --status 未达标"),
        ("一项判定的依据", "explain 酆辛巳@华池县人力资源和社会保障局 cadre.days_220 --window 2019-01-01"),
        ("提名前查询", f"query {demo.ASKED}"),
        ("约谈建议的事由", "interviews 1"),
        ("再次导入同一文件", f"import --dry-run {_near(demo.WORKBOOK)}"),
        ("逐条对照规则", "policy coverage gansu-2019-33"),
    ):
        out.print(f"{what:　<8}  {command} {words}", markup=False, soft_wrap=True)


def _near(path: object) -> str:
    return os.path.relpath(str(path))


def _command(office: Office) -> str:
    """What to type so that the next command meets the same home."""
    default = next(value for name, value, _ in SETTINGS if name == "TRACKER_HOME")
    home = os.environ.get("TRACKER_HOME")
    return f"TRACKER_HOME={_near(office.settings.home)} tracker" if home and home != default else (
        "tracker"
    )


def _where(office: Office) -> str:
    return office.engine.url.render_as_string(hide_password=True)


def settings() -> None:
    """List every setting with its default."""
    show.console().print(show.table("设置项", ("名称", "默认", "说明"), SETTINGS))
