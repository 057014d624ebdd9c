"""The edge: `waivers`, from the request to its end, and what each one does."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.check import AsOf, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, Office, day_of_act, do, here, parse_day, parse_moment
from tracker.cli.options import Authority, DocumentNumber, Reason
from tracker.cli.waiver_words import COLUMNS, effects, row_of
from tracker.errors import LuzeError
from tracker.registry import waiver_acts, waivers
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels
from tracker.registry.waivers import WAIVER

waivers_app = typer.Typer(help="豁免：申请、批准、撤销、列出", cls=Listing)

Number = Annotated[int, typer.Argument(max=MOST, help="豁免编号，见 tracker waivers")]
On = Annotated[str | None, typer.Option(help="哪一日，如 2020-02-10；留空为今天")]
Approver = Annotated[str, typer.Option(help="批准人姓名，须不是申请人")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(waivers_app, name="waivers")


@waivers_app.command("list", help="列出豁免：状态、期限、效果")
def list_(as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """Every waiver with its state, its days left and what it releases from."""
    office, moment = here(), parse_moment(known_at)
    with office.database.connect() as connection:
        asked = parse_day(as_of, "--as-of")
        rows = waivers.listed(connection, asked, moment)
        found = {e.waiver.number: e for e in effects(office, connection, asked, moment)}
        names = labels(load_registry(connection, moment or clock.now()))
    told = [row_of(office, row, found.get(row.id), names) for row in rows]
    show.console().print(show.table(f"豁免 {len(rows)} 件", COLUMNS, told))


@waivers_app.command(help="申请豁免：谁、哪项责任、多长时间、为什么")
def request(
    holder: Annotated[str, typer.Argument(help="责任主体（可用简称）")],
    duty: Annotated[str, typer.Argument(help="责任事项编号，如 township.captains_meeting")],
    starts: Annotated[str, typer.Option("--from", help="起始日")],
    ends: Annotated[str, typer.Option("--to", help="终止日，最长一年")],
    reason: Reason = "",
    applicant: Annotated[str, typer.Option(help="申请人姓名")] = "",
    toward: Annotated[str | None, typer.Option(help="只豁免对这个对象的责任；留空为全部")] = None,
    pack: Annotated[
        str | None, typer.Option(help="规则包编号；只有一份文件有该事项时可不写")
    ] = None,
    on: On = None,
) -> None:
    """Apply for a waiver."""
    office, now = here(), clock.now()
    first, last = day_of_act(starts, "--from"), day_of_act(ends, "--to")
    with db.transaction(office.database) as connection:
        number = waiver_acts.request(
            connection, office.law,
            document=pack or _pack_of(office, duty), duty=duty,
            holder_id=office.find(connection, holder),
            counterpart_id=office.find(connection, toward) if toward else None,
            starts_on=first, ends_on=last, reason=reason, applicant=applicant,
            on=day_of_act(on), now=now, operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(
        f"已登记为第 {number} 号豁免申请，批准后生效：tracker waivers approve {number}"
    )


@waivers_app.command(help="批准豁免")
def approve(
    number: Number,
    approver: Approver = "",
    authority: Authority = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Approve a request; the next check judges with it."""
    do(
        waiver_acts.approve, number, on=on, approver=approver, authority=authority,
        document_number=document,
    )  # fmt: skip
    show.console().print(f"第 {number} 号豁免已批准，下次检查起按豁免判定")


@waivers_app.command(help="不予批准")
def refuse(
    number: Number,
    approver: Approver = "",
    authority: Authority = "",
    reason: Reason = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """Refuse a request."""
    do(
        waiver_acts.refuse, number, on=on, approver=approver, authority=authority, reason=reason,
        document_number=document,
    )  # fmt: skip
    show.console().print(f"第 {number} 号豁免申请未获批准")


@waivers_app.command(help="撤回还没有决定的申请")
def withdraw(number: Number, reason: Reason = "", on: On = None) -> None:
    """Take a request back."""
    do(waiver_acts.withdraw, number, on=on, reason=reason)
    show.console().print(f"第 {number} 号豁免申请已撤回")


@waivers_app.command(help="撤销已批准的豁免，自 --on 这一日起不再豁免")
def revoke(
    number: Number,
    reason: Reason = "",
    authority: Authority = "",
    document: DocumentNumber = "",
    on: On = None,
) -> None:
    """End an approved waiver."""
    do(
        waiver_acts.revoke, number, on=on, reason=reason, authority=authority,
        document_number=document,
    )  # fmt: skip
    show.console().print(f"第 {number} 号豁免已撤销")


@waivers_app.command("show", help="列出一件豁免的内容和全部经过")
def show_(number: Number) -> None:
    """One waiver and its life."""
    office = here()
    with office.database.connect() as connection:
        rows = [row for row in waivers.listed(connection) if row.id == number]
        if not rows:
            raise LuzeError(f"没有第 {number} 号豁免", fix="编号见 tracker waivers")
        events = waivers.life(connection, number)
        found = {e.waiver.number: e for e in effects(office, connection, None, None)}
        names = labels(load_registry(connection, clock.now()))
    out = show.console()
    out.print(show.table("", COLUMNS, [row_of(office, rows[0], found.get(number), names)]))
    out.print(f"  申请人：{rows[0].applicant}；理由：{rows[0].reason}")
    out.print(show.table(
        "经过", ("日期", "事项", "批准人", "机关和文号", "说明"),
        [(e.as_of, WAIVER.steps[e.event].name, e.approver,
          f"{e.authority} {e.document_number}".strip(), e.note) for e in events],
    ))  # fmt: skip


def _pack_of(office: Office, duty: str) -> str:
    """The document that has this duty; where none has it the first, which will say so."""
    packs = [
        pack.document.id
        for pack in office.law.packs
        if duty in {*(d.id for d in pack.duties), *(q.id for q in pack.qualitative)}
    ]
    if len(packs) > 1:
        fix = "请用 --pack 写明：" + "、".join(packs)
        raise LuzeError(f"有 {len(packs)} 份文件规定了“{duty}”", fix=fix)
    return (packs or [office.law.packs[0].document.id])[0]
