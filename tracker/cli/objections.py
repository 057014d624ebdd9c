"""The edge: `objections`, filed by whom it concerns, answered by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.check import AsOf, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.meant import Asked, one_finding
from tracker.cli.office import MOST, Office, day_of_act, do, here, parse_day, parse_moment
from tracker.cli.options import DocumentNumber, Reason
from tracker.consequences import objections
from tracker.consequences.lives import OBJECTION
from tracker.consequences.matters import INCIDENT, INTERVIEW
from tracker.errors import LuzeError
from tracker.evaluation import narrate
from tracker.evaluation.tables import Finding
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

objections_app = typer.Typer(help="异议：提出、答复、撤回、列出", cls=Listing)

Number = Annotated[int, typer.Argument(max=MOST, help="异议编号，见 tracker objections")]
On = Annotated[str | None, typer.Option(help="哪一日，如 2020-02-10；留空为今天")]
Answer = Annotated[str, typer.Option(help="答复意见")]
Authority = Annotated[str, typer.Option(help="答复机关")]
Officer = Annotated[str, typer.Option(help="答复经办人姓名，须不是提出人")]
_COLUMNS = ("编号", "当事人", "针对", "状态", "说明")


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(objections_app, name="objections")


@objections_app.command("list", help="列出异议；未答复前有关提醒和约谈不升级")
def list_(as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """Every objection with its state."""
    office, moment = here(), parse_moment(known_at)
    with office.database.connect() as connection:
        rows = objections.listed(connection, parse_day(as_of, "--as-of"), moment)
        names = labels(load_registry(connection, moment or clock.now()))
        told = [_row(office, connection, row, names) for row in rows]
    show.console().print(show.table(f"异议 {len(rows)} 件", _COLUMNS, told))


@objections_app.command(help="提出异议：对一项判定、一件约谈或一起事件")
def file(
    subject: Annotated[str, typer.Argument(help="当事人：责任主体、责任单位、被约谈人")],
    finding: Annotated[
        str | None, typer.Option(help="判定编号（#12），或责任主体名称（另写 --duty）")
    ] = None,
    interview: Annotated[int | None, typer.Option(max=MOST, help="约谈编号")] = None,
    incident: Annotated[int | None, typer.Option(max=MOST, help="事件编号")] = None,
    duty: Annotated[str | None, typer.Option(help="责任事项编号，如 unit.study")] = None,
    counterpart: Annotated[
        str | None, typer.Option("--toward", help="对象（户、村、干部）")
    ] = None,
    window: Annotated[str | None, typer.Option(help="考核期首日，如 2019-01-01")] = None,
    by: Annotated[str, typer.Option("--by", help="提出人姓名")] = "",
    reason: Reason = "",
    evidence: Annotated[list[str] | None, typer.Option(help="证据材料，可写多次")] = None,
    on: On = None,
) -> None:
    """File an objection."""
    office = here()
    if sum(one is not None for one in (finding, interview, incident)) != 1:
        fix = "请写 --finding、--interview、--incident 中的一个"
        raise LuzeError("没有写明，或同时写了几个异议针对的事项", fix=fix)
    with db.transaction(office.database) as connection:
        if finding is not None:
            asked = Asked(finding, duty, counterpart, window)
            about = str(one_finding(office, connection, asked).finding["key"])
        else:
            about = (
                f"{INTERVIEW}|{interview}" if interview is not None else f"{INCIDENT}|{incident}"
            )
        number = objections.file(
            connection, office.law, about=about, subject_id=office.find(connection, subject),
            filed_by=by, reason=reason, evidence=evidence or (),
            on=day_of_act(on), now=clock.now(), operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"已登记为第 {number} 号异议，答复前有关提醒和约谈不升级")


@objections_app.command(help="认定异议成立")
def uphold(
    number: Number, answer: Answer = "", authority: Authority = "", officer: Officer = "",
    document: DocumentNumber = "", on: On = None,
) -> None:  # fmt: skip
    """Answer that the objection is right: nothing follows from what it is about."""
    do(
        objections.uphold, number, on=on, answer=answer, authority=authority, officer=officer,
        document_number=document,
    )  # fmt: skip
    show.console().print(f"第 {number} 号异议成立")


@objections_app.command(help="认定异议不成立")
def reject(
    number: Number, answer: Answer = "", authority: Authority = "", officer: Officer = "",
    document: DocumentNumber = "", on: On = None,
) -> None:  # fmt: skip
    """Answer that the objection is not right: things go on."""
    do(
        objections.reject, number, on=on, answer=answer, authority=authority, officer=officer,
        document_number=document,
    )  # fmt: skip
    show.console().print(f"第 {number} 号异议不成立")


@objections_app.command(help="撤回还没有答复的异议")
def withdraw(number: Number, reason: Reason = "", on: On = None) -> None:
    """Take an objection back."""
    do(objections.withdraw, number, on=on, reason=reason)
    show.console().print(f"第 {number} 号异议已撤回")


@objections_app.command("show", help="列出一件异议的内容和全部经过")
def show_(number: Number) -> None:
    """One objection and its life."""
    office = here()
    with office.database.connect() as connection:
        rows = [row for row in objections.listed(connection) if row.id == number]
        if not rows:
            raise LuzeError(f"没有第 {number} 号异议", fix="编号见 tracker objections")
        events = objections.life(connection, number)
        names = labels(load_registry(connection, clock.now()))
        told = _row(office, connection, rows[0], names)
    out = show.console()
    out.print(show.table("", _COLUMNS, [told]))
    out.print(f"  提出人：{rows[0].filed_by}；理由：{rows[0].reason}")
    for one in rows[0].evidence:
        out.print(f"  证据：{one}")
    out.print(show.table(
        "经过", ("日期", "事项", "经办人", "机关和文号", "说明"),
        [(e.as_of, OBJECTION.steps[e.event].name, e.detail.get("officer", ""),
          f"{e.authority} {e.document_number}".strip(), e.note) for e in events],
    ))  # fmt: skip


def _row(
    office: Office, connection: sa.Connection, row: Any, names: Mapping[int, str]
) -> tuple[object, ...]:
    about = _about(office, connection, row.about, names)
    state = f"{row.as_of} {OBJECTION.states[row.state]}"
    return row.id, names[row.subject_id], about, state, row.note


def _about(office: Office, connection: sa.Connection, about: str, names: Mapping[int, str]) -> str:
    kind, _, number = about.partition("|")
    if kind in (INTERVIEW, INCIDENT):
        return f"第{number}号{'约谈' if kind == INTERVIEW else '事件'}"
    t = db.table(Finding)
    newest = sa.select(t).where(t.c.key == about).order_by(t.c.id.desc()).limit(1)
    found = connection.execute(newest).one()
    duty = office.duties[found.document, found.duty][1]
    who = narrate.holder_name(names, found.holder_id, found.counterpart_id, duty)
    return f"#{found.id} {who} {duty.name} {narrate.window_name(found.opens, found.closes)}"
