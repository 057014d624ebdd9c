"""The edge: `incidents add|withdraw|list`, the recorded facts that bars follow from."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.office import here, parse_day
from tracker.consequences import incidents
from tracker.consequences.bars import bars_after, consequence
from tracker.consequences.tables import Incident
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

incidents_app = typer.Typer(help="事件：登记、撤销、列出", no_args_is_help=True)

Authority = Annotated[str, typer.Option(help="认定机关")]
DocumentNumber = Annotated[str, typer.Option("--document", help="认定文件的文号")]
Determined = Annotated[str | None, typer.Option(help="认定日期，如 2020-01-09")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(incidents_app, name="incidents")


@incidents_app.command(help="登记一起事件，并列出由此受限制的单位和人")
def add(
    kind: Annotated[str, typer.Argument(help="类别，如 重大涉贫事件、弄虚作假")],
    about: Annotated[str | None, typer.Option(help="涉及的单位、工作队或个人")] = None,
    place: Annotated[str | None, typer.Option(help="发生地：村、乡镇或县")] = None,
    household: Annotated[str | None, typer.Option(help="涉及的户编号")] = None,
    on: Annotated[
        str | None, typer.Option(help="发生日期，留空为不明；年度考核写被考核年度在岗的一天")
    ] = None,
    determined: Determined = None,
    authority: Authority = "",
    document: DocumentNumber = "",
    qualifiers: Annotated[
        list[str] | None, typer.Option("--with", help="认定，可写多次，如 造成不良影响")
    ] = None,
    note: Annotated[str, typer.Option(help="备注")] = "",
) -> None:
    """Record an incident and say whom it burdens."""
    office, now = here(), clock.now()
    with db.transaction(office.database) as connection:
        parties = {
            f"{name}_id": office.find(connection, text) if text else None
            for name, text in (("subject", about), ("place", place), ("household", household))
        }
        number = incidents.record(
            connection, office.law.vocabulary, kind=kind, qualifiers=qualifiers or (),
            happened_on=parse_day(on, "--on"),
            determined_on=parse_day(determined, "--determined"),
            authority=authority, document_number=document, note=note,
            now=now, operator=office.settings.operator, **parties,
        )  # fmt: skip
        registry = load_registry(connection, now)
        (incident,) = (i for i in incidents.on_record(connection, known_at=now) if i.id == number)
    out, names = show.console(), labels(registry)
    out.print(f"已登记为第 {number} 号事件，撤销用 tracker incidents withdraw {number}")
    found = list(bars_after(incident, office.law, registry))
    out.print(show.table(
        f"按现有规则和登记簿，由此产生的限制和约谈 {len(found)} 项",
        ("谁", "限制或约谈", "期限", "依据", "由来"),
        [(names[bar.subject_id], consequence(bar, office.law.vocabulary),
          f"{bar.starts} 至 {bar.ends}", bar.cite, bar.path) for bar in found],
    ))  # fmt: skip


@incidents_app.command(help="撤销一起登记错的事件")
def withdraw(
    number: Annotated[int, typer.Argument(help="编号，见 tracker incidents list")],
    reason: Annotated[str, typer.Option(help="撤销的原因")] = "",
    authority: Authority = "",
    document: DocumentNumber = "",
    determined: Determined = None,
) -> None:
    """Take an incident back; it and its withdrawal both stay on record."""
    office = here()
    with db.transaction(office.database) as connection:
        incidents.withdraw(
            connection, number, reason=reason, authority=authority, document_number=document,
            determined_on=parse_day(determined, "--determined"),
            now=clock.now(), operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"第 {number} 号事件已撤销")


@incidents_app.command("list", help="列出全部事件，已撤销的也列出")
def list_() -> None:
    """Every incident with its state."""
    office, row = here(), db.table(Incident)
    words = office.law.vocabulary
    with office.database.connect() as connection:
        rows = connection.execute(sa.select(row).order_by(row.c.id)).all()
        names = labels(load_registry(connection, clock.now()))
    withdrawn = {r.withdraws_id: r.note for r in rows}
    shown = [r for r in rows if r.withdraws_id is None]
    out = show.console()
    out.print(show.table(
        f"事件 {len(shown)} 起", ("编号", "事件", "发生", "认定", "涉及", "状态"),
        [(r.id,
          "，".join([words.incidents.get(r.kind, r.kind),
                    *(words.qualifiers.get(q, q) for q in r.qualifiers)]),
          r.happened_on or "不明",
          f"{r.determined_on} {r.authority} {r.document_number}",
          "、".join(names[i] for i in (r.subject_id, r.place_id, r.household_id) if i is not None),
          f"已撤销：{withdrawn[r.id]}" if r.id in withdrawn else "有效") for r in shown],
    ))  # fmt: skip
