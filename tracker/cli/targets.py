"""The edge: `targets list|sheet`: figures to reach, where they stand, where they should be."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from tracker import clock, db, nightly
from tracker.cli import show
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.files import write_paper
from tracker.cli.office import Office, here, parse_day, parse_moment
from tracker.delivery.documents.sheets import as_xlsx
from tracker.delivery.documents.target_sheet import COLUMNS, target_row, target_sheet
from tracker.errors import LuzeError
from tracker.evaluation.words import Status
from tracker.registry.labels import labels
from tracker.targets.filed import FORM, filed
from tracker.targets.progress import Progress, progress_of

Body = Annotated[str, typer.Argument(help="承担指标的地方或单位，如 华池县")]
Document = Annotated[str | None, typer.Option("--document", help="只看这份文件，写规则包编号")]
_BEHIND = (Status.at_risk.name, Status.breached.name, Status.unreachable.name)
targets_app = typer.Typer(help="指标：节点目标、上报数、进度", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(targets_app, name="targets")


@targets_app.command("list", help="一个地方或单位的全部指标：要求、此时应到、现为、判定")
def list_(
    body: Body,
    document: Document = None,
    behind: Annotated[bool, typer.Option("--behind", help="只列滞后和未达标的")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Every target of one body on a day."""
    office = here()
    with office.database.connect() as connection:
        day = office.night(connection, parse_day(as_of, "--as-of"))
        name, found = _progress(office, connection, body, day, known_at, document)
    if behind:
        found = [one for one in found if one.finding["status"] in _BEHIND]
    if as_json:
        show.print_json([_json(one) for one in found])
        return
    out = show.console()
    title = f"{name}：指标 {len(found)} 项，截至 {day}"
    out.print(show.table(title, COLUMNS[:-1], [target_row(one)[:-1] for one in found]))
    for one in found:
        told = one.target
        if told.contradiction:
            text = f"原文待核　{told.name}（{told.cite}）：{told.contradiction}"
            out.print(text, markup=False, soft_wrap=True)


@targets_app.command(help="打印指标台账（xlsx），附进度图：填好数值和日期后可以直接导入")
def sheet(
    body: Body,
    as_of: AsOf = None,
    out: Annotated[
        Path | None, typer.Option(help="写到哪个文件夹；留空为数据目录下 papers")
    ] = None,
) -> None:
    """Write all targets of one body with their charts: an import speaks for its whole year."""
    office = here()
    form = office.forms.forms[FORM]
    with db.transaction(office.database) as connection:
        day = office.night(connection, parse_day(as_of, "--as-of"))
        name, found = _progress(office, connection, body, day, None, None)
        rows = filed(connection, form, found[0].body_id, day.year, clock.now())
        made = target_sheet(name, found, day, form, rows)
        told = {"kind": "target_sheet", "about": found[0].body_id, "as_of": day}
        path = write_paper(office, connection, out, (f"{made.title}_{day}", ".xlsx"),
                           as_xlsx(made), told)  # fmt: skip
    show.console().print(f"已写出：{path}", markup=False, soft_wrap=True)


def _progress(
    office: Office, connection: sa.Connection, body: str, day: date, known_at: str | None,
    document: str | None,
) -> tuple[str, list[Progress]]:  # fmt: skip
    """The body's name and its targets. Raises LuzeError where it has none."""
    moment = parse_moment(known_at) or clock.now()
    about = office.find(connection, body, moment)
    scene = nightly.set_scene(
        connection, office.law, as_of=day, known_at=moment, focus=frozenset({about})
    )  # fmt: skip
    found = [
        one for one in progress_of(connection, scene, office.covers)
        if one.body_id == about and document in (None, one.document.id)
    ]  # fmt: skip
    name = labels(scene.registry)[about]
    if not found:
        having = [pack.document.id for pack in office.law.packs if pack.targets]
        fix = f"有指标的规则包：{'、'.join(having) or '没有'}；请核对名称、日期、文件"
        raise LuzeError(f"{name}在 {day} 没有要考核的指标", fix=fix)
    return name, found


def _json(one: Progress) -> dict[str, Any]:
    def points(figures: tuple[tuple[date, float], ...]) -> list[dict[str, Any]]:
        return [{"day": day.isoformat(), "value": value} for day, value in figures]

    finding = one.finding
    return {
        "document": one.document.id, "duty": one.target.id, "cite": one.target.cite,
        "name": one.target.name, "unit": one.target.unit, "status": finding["status"],
        "reason": finding["reason"], "required": float(finding["required"]),
        "window": [finding["opens"].isoformat(), finding["closes"].isoformat()],
        "should_be": one.should_be, "milestones": points(one.road),
        "reported": points(one.reported), "contradiction": one.target.contradiction,
    }  # fmt: skip
