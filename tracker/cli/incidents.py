"""The edge: `incidents`, the recorded facts that bars and interviews follow from."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker import clock, db
from tracker.cli import incident_words, show
from tracker.cli.check import Json, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, here, parse_day, parse_moment
from tracker.consequences import incidents
from tracker.errors import LuzeError
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

incidents_app = typer.Typer(help="事件和年度考核等次：登记、撤销、列出", cls=Listing)

Number = Annotated[int, typer.Argument(max=MOST, help="编号，见 tracker incidents list")]
UpTo = Annotated[str | None, typer.Option("--as-of", help="只列这一日以前发生的，如 2020-01-09")]
Authority = Annotated[str, typer.Option(help="认定机关")]
DocumentNumber = Annotated[str, typer.Option("--document", help="认定文件的文号")]
Determined = Annotated[str | None, typer.Option(help="认定日期，如 2020-01-09")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(incidents_app, name="incidents")


@incidents_app.command(help="登记一起事件，并列出由此产生的限制和约谈")
def add(
    kind: Annotated[str, typer.Argument(help="类别，如 重大涉贫事件、年度考核好、认定约谈情形")],
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
    ground: Annotated[str, typer.Option(help="认定的约谈情形，如 工作成效不明显")] = "",
    officer: Annotated[str, typer.Option(help="作出评判的人")] = "",
    note: Annotated[str, typer.Option(help="备注")] = "",
) -> None:
    """Record an incident and say what follows from it."""
    office, now = here(), clock.now()
    with db.transaction(office.database) as connection:
        parties = {
            f"{name}_id": office.find(connection, text) if text else None
            for name, text in (("subject", about), ("place", place), ("household", household))
        }
        number = incidents.record(
            connection, office.law, kind=kind, qualifiers=qualifiers or (),
            happened_on=parse_day(on, "--on"),
            determined_on=parse_day(determined, "--determined"),
            authority=authority, document_number=document, note=note, ground=ground,
            officer=officer, now=now, operator=office.settings.operator, **parties,
        )  # fmt: skip
        registry = load_registry(connection, now)
        known = incidents.on_record(connection, known_at=now)
    out = show.console()
    out.print(f"已登记为第 {number} 号事件，撤销用 tracker incidents withdraw {number}")
    (told,) = (incident for incident in known if incident.id == number)
    incident_words.print_follows(out, told, known, office.law, registry)


@incidents_app.command(help="撤销一起登记错的事件")
def withdraw(
    number: Number,
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
def list_(as_of: UpTo = None, known_at: KnownAt = None, as_json: Json = False) -> None:
    """Every incident with its state."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        found = incidents.recorded(
            connection, known_at=moment, as_of=parse_day(as_of, "--as-of")
        )  # fmt: skip
        names = labels(load_registry(connection, moment))
    if as_json:
        show.print_json([incident_words.as_json(one, names) for one in found])
        return
    rows = [incident_words.row_of(one, names, office.law.vocabulary) for one in found]
    show.console().print(show.table(f"事件 {len(found)} 起", incident_words.COLUMNS, rows))


@incidents_app.command("show", help="一起事件的全部：认定、由此产生的限制和约谈、是否撤销")
def show_(number: Number, known_at: KnownAt = None) -> None:
    """One incident whole, as known at a moment."""
    office, moment = here(), parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        known = incidents.recorded(connection, known_at=moment)
        registry = load_registry(connection, moment)
    one = next((each for each in known if each.incident.id == number), None)
    if one is None:
        raise LuzeError(f"没有第 {number} 号事件", fix="编号见 tracker incidents list")
    out, told, back = show.console(), one.incident, one.withdrawal
    row = incident_words.row_of(one, labels(registry), office.law.vocabulary)
    out.print(show.table("", incident_words.COLUMNS, [row]))
    out.print(f"登记：{told.recorded_at:%Y-%m-%d %H:%M} {told.operator} {told.note}".rstrip())
    if back:
        by = f"{back.authority}{back.document_number}"
        out.print(f"撤销：{back.determined_on} {by}，{back.note}；不再产生限制和约谈")
        return
    standing = [each.incident for each in known if each.withdrawal is None]
    incident_words.print_follows(out, told, standing, office.law, registry)
