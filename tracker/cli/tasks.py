"""The edge: `tasks list|sheet`: the task ledger of a body, and the sheet it is filled in on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
import typer
from rapidfuzz import process
from rich.text import Text

from tracker import clock, db
from tracker.cli import show
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.files import write_paper
from tracker.cli.office import Office, here, parse_day, parse_moment
from tracker.errors import LuzeError, Problem
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.tasks.sheet import area_of, day, task_book, title
from tracker.tasks.told import FORM
from tracker.tasks.view import TaskList, TaskRow, task_list, totals

Body = Annotated[str | None, typer.Option(help="只看这个部门（单位、地方），可用简称")]
Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹；默认是数据目录下的 papers")]
COLUMNS = ("编号", "亮灯", "条款", "任务", "对象", "牵头单位", "期限", "剩余", "办结", "说明")
_REGISTER = "请核对名称；没有登记的地方和部门，先导入名册（部门单位等）；看别的日期加 --as-of"
tasks_app = typer.Typer(help="任务台账：牵头什么、参加什么、亮什么灯", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(tasks_app, name="tasks")


@tasks_app.command("list", help="列出任务和亮灯；写了部门，分开列它牵头的和参加的")
def list_(
    body: Body = None,
    document: Annotated[str | None, typer.Option(help="只看这份文件，写规则包编号")] = None,
    open_: Annotated[bool, typer.Option("--open", help="只列还要办的")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """List tasks on a day: what a body leads and, apart, what it takes part in."""
    office = here()
    with office.database.connect() as connection:
        found = _found(office, connection, as_of, known_at)
    _refuse_unknown_document(office, document)
    rows = [row for row in found.rows if document in (None, row.document.id)]
    if not rows and not as_json:
        raise LuzeError("没有可以列出的任务", fix=_REGISTER)
    parts = _parts(replace(found, rows=rows), body)
    if as_json:
        show.print_json([_json(r, part.key) for part in parts for r in _kept(part, open_)])
        return
    for part in parts:
        show.console().print(show.table(part.title, COLUMNS, map(_cells, _kept(part, open_))))
        show.console().print(totals(part.rows), markup=False)


@tasks_app.command(help="打印任务台账（xlsx）：填好办结日期后可以直接导入")
def sheet(body: Body = None, as_of: AsOf = None, out: Out = None) -> None:
    """Write one workbook for each area: an import speaks for all tasks of its reporter."""
    office = here()
    with db.transaction(office.database) as connection:
        found = _found(office, connection, as_of, None)
        rows = found.led_by(body) if body else found.rows
        if not rows:
            raise LuzeError(
                f"“{body}”没有牵头的任务" if body else "没有可以打印的任务台账",
                fix=_REGISTER,
                problems=_near(found, body or ""),
            )
        areas = groupby(sorted(rows, key=_area), key=_area)
        paths = [_write(office, connection, area, list(own), body, out) for area, own in areas]
    for path in paths:
        show.console().print(f"已写出：{path}", markup=False, soft_wrap=True)


def _found(
    office: Office, connection: sa.Connection, as_of: str | None, known_at: str | None
) -> TaskList:
    return task_list(
        connection, office.law, office.covers, office.forms.forms[FORM],
        as_of=office.night(connection, parse_day(as_of, "--as-of")),
        known_at=parse_moment(known_at) or clock.now(),
    )  # fmt: skip


class _Part(NamedTuple):
    """One list to show: every task of a document, what a body leads or what it takes part in."""

    key: str
    title: str
    rows: list[TaskRow]


def _parts(found: TaskList, body: str | None) -> list[_Part]:
    """Raises LuzeError for a body that has no task."""
    if body is None:
        documents = {row.document.id: row.document for row in found.rows}
        return [
            _Part("all", f"{d.title}，截至 {found.rows[0].as_of}", rows)
            for key, d in documents.items()
            for rows in [[row for row in found.rows if row.document.id == key]]
        ]
    led, helped = found.led_by(body), found.helped_by(body)
    if not led and not helped:
        raise LuzeError(
            f"“{body}”没有牵头或参加的任务", fix="请核对名称", problems=_near(found, body)
        )
    return [
        _Part("leads", f"{body}牵头的任务", led),
        _Part("takes_part", f"{body}参加的任务（判定属牵头单位）", helped),
    ]


def _near(found: TaskList, body: str) -> list[Problem]:
    alike = process.extract(body, found.names(), limit=3) if body else []
    return [Problem(f"相近的有：{name}") for name, _, _ in alike]


def _refuse_unknown_document(office: Office, document: str | None) -> None:
    known = [pack.document.id for pack in office.law.packs if pack.tasks]
    if document and document not in known:
        fix = "有任务的文件：" + ("、".join(known) or "没有")
        raise LuzeError(f"“{document}”不是列有任务的文件", fix=fix)


def _kept(part: _Part, only_open: bool) -> list[TaskRow]:
    return [row for row in part.rows if row.shown.open or not only_open]


def _cells(row: TaskRow) -> list[object]:
    said = [row.reason, row.basis, row.progress, row.task.contradiction]
    return [
        f"#{row.number}" if row.number else "—",
        Text(str(row.shown), style=row.shown.ink),
        row.task.cite, row.task.name, row.member, row.lead, day(row.due),
        row.left,
        day(row.closed_on), "；".join(filter(None, said)),
    ]  # fmt: skip


def _json(row: TaskRow, part: str) -> dict[str, Any]:
    """The stable form of one row."""
    return {
        "part": part,
        "finding": row.number,
        "key": row.key,
        "document": row.document.id,
        "task": row.task.id,
        "cite": row.task.cite,
        "name": row.task.name,
        "lead": row.lead,
        "registered": row.lead_id is not None,
        "member": row.member or None,
        "taking_part": list(row.task.taking_part),
        "light": row.light,
        "light_name": row.shown.word,
        "status": row.status,
        "status_name": STATUS_NAMES[Status[row.status]],
        "reason": row.reason or None,
        "as_of": _iso(row.as_of),
        "due": _iso(row.due),
        "days_left": row.days_left,
        "closed_on": _iso(row.closed_on),
        "basis": row.basis or None,
        "progress": row.progress or None,
        "told_on": _iso(row.told_on),
        "contradiction": row.task.contradiction or None,
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _area(row: TaskRow) -> str:
    return area_of(row.document)


def _write(
    office: Office, connection: sa.Connection, area: str, rows: Sequence[TaskRow],
    body: str | None, out: Path | None,
) -> Path:  # fmt: skip
    """Write one workbook; the act is recorded."""
    reporter = rows[0].lead if body else area
    stream = BytesIO()
    book = task_book(rows, office.forms.forms[FORM], area=area, reporter=reporter)
    book.save(stream)
    stem = title(area, rows[0].as_of) + (f"-{body}" if body else "")
    about = {"kind": "task_ledger", "area": area, "body": body, "rows": len(rows)}
    return write_paper(office, connection, out, (stem, ".xlsx"), stream.getvalue(), about)
