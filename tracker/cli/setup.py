"""The edge: `init` and `demo`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import clock, db, demo
from tracker.cli import check, digest, importing, query, show
from tracker.cli.office import Office, here, parse_day
from tracker.demo import prefecture
from tracker.demo.prefecture import FULL
from tracker.errors import LuzeError
from tracker.ledger.tables import Batch
from tracker.query import dossier
from tracker.registry.labels import labels
from tracker.settings import SETTINGS, load
from tracker.workdays import calendar_for

DEMO_HOME = "luze-demo"
NEXT = (
    ("findings --status 未达标", "全部未达标"),
    (
        "explain 酆辛巳@华池县人力资源和社会保障局 cadre.days_220 --window 2019-01-01",
        "一项判定的依据：条款、算式、计入和未计入的记录",
    ),
    (f"query {demo.ASKED}", "提名前查询"),
    ("interviews show 1", "一件约谈建议及其事由"),
    (f"import --dry-run {os.path.relpath(demo.WORKBOOK)}", "再导入一次：只看差异"),
    ("policy coverage gansu-2019-33", "规则逐条对照"),
)

AFTER_SCALE = (
    ("findings --status 未达标", "全部未达标"),
    (f"query {prefecture.ASKED}", "提名前查询"),
)
MOST_SCALE = 100


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
    scale: Annotated[
        int, typer.Option(min=0, max=MOST_SCALE, help=f"生成几个县的台账，{FULL} 为整个庆阳市")
    ] = 0,
) -> None:
    """Import the demo county, or generate so many; check the last night, ask one question, say
    what to type next."""
    office, told = _demo_office(), parse_day(as_of, "--as-of")
    db.upgrade(office.engine)
    if scale:
        _refuse_other_ledgers(office)
        _generate(office, scale)
        _show(office, told or prefecture.LAST_NIGHT, prefecture.ASKED)
        _say_where(office, None)
        return
    _refuse_other_ledgers(office, demo.WORKBOOK.name)
    with db.transaction(office.database) as connection:
        report = importing.store(office, connection, importing.read(office, demo.WORKBOOK))
    marked = importing.say(office, demo.WORKBOOK, report, shown=6)
    day = told or demo.LAST_NIGHT
    _show(office, day, demo.ASKED)
    with office.database.connect() as connection:
        readers = digest.some_readers(connection, day)
    page, _ = digest.write(office, readers, day)
    _say_where(office, marked, NEXT, page)


def _generate(office: Office, scale: int) -> None:
    """Write so many counties, saying how far it got."""
    out, calendar = show.console(), calendar_for(office.law.calendar)
    operator = office.settings.operator
    for number in range(scale):
        with db.transaction(office.database) as connection:
            filled = prefecture.fill(
                connection, number, calendar, now=clock.now(), operator=operator
            )
        out.print(
            f"已生成 {number + 1}/{scale} {filled.county}：台账 {filled.entries} 行，"
            f"履责明细 {filled.lines} 条", markup=False,
        )  # fmt: skip


def _show(office: Office, day: date, asked: str) -> None:
    """One night and one question."""
    night = check.run_night(office, day)
    with office.database.connect() as connection:
        check.print_night(office, connection, night)
        found = dossier(
            connection, office.law, office.covers, office.find(connection, asked),
            as_of=day, known_at=clock.now(),
        )  # fmt: skip
    show.console().rule("提名前查询一例")
    query.print_dossier(office, found, labels(found.scene.registry), brief=True)


def _demo_office() -> Office:
    """The demo keeps to a folder of its own, unless TRACKER_HOME says where."""
    return Office(load({"TRACKER_HOME": DEMO_HOME, **os.environ}))


def _refuse_other_ledgers(office: Office, *ours: str) -> None:
    """What is invented must never be mixed into an office's own ledger, nor generated twice.
    `ours`: files that may be in it already."""
    batch = db.table(Batch)
    with office.database.connect() as connection:
        names = set(connection.execute(sa.select(batch.c.file_name)).scalars())
    if names - {*ours}:
        raise LuzeError(
            f"{_where(office)} 中已有别的台账，演示数据不能混入",
            fix="请取消 TRACKER_HOME 和 TRACKER_DATABASE_URL，或换一个空目录",
        )


def _say_where(
    office: Office, marked: Path | None, following: Sequence[tuple[str, str]] = AFTER_SCALE,
    page: Path | None = None,
) -> None:  # fmt: skip
    out = show.console()
    out.rule("写到了哪里")
    out.print(f"数据库    {_where(office)}", markup=False, soft_wrap=True)
    if marked:
        out.print(
            f"退回表    {_near(marked)}（错误说明在各表最右一列）", markup=False, soft_wrap=True
        )
    if page:
        out.print(f"周报      {_near(page)}（用浏览器打开）", markup=False, soft_wrap=True)
    out.rule("接下来可以输入")
    command = _near(Path(sys.argv[0])) if Path(sys.argv[0]).exists() else "tracker"
    out.print(f"export TRACKER_HOME={_near(office.settings.home)}", markup=False, soft_wrap=True)
    for words, what in following:
        out.print(f"{command} {words}    # {what}", markup=False, soft_wrap=True)


def _near(path: Path) -> str:
    """A path as short as it can be typed from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _where(office: Office) -> str:
    return office.engine.url.render_as_string(hide_password=True)


def settings() -> None:
    """List every setting with its default."""
    show.console().print(show.table("设置项", ("名称", "默认", "说明"), SETTINGS))
