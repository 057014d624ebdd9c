"""The edge: `outbox list|send|retry|cancel`, what is to be told and did not get through yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, here
from tracker.delivery import outbox_acts, send
from tracker.delivery.channels import build
from tracker.delivery.outbox_acts import Pending
from tracker.delivery.rules import delivery_rules
from tracker.delivery.sendings import LETTER
from tracker.errors import LuzeError
from tracker.lifecycle import NEW
from tracker.workdays import calendar_for

outbox_app = typer.Typer(help="发件箱：列出没有发出的信件、立即发一轮、重发、撤销", cls=Listing)

COLUMNS = ("编号", "收件人", "方式", "主题", "状态", "原因", "下次")
Number = Annotated[int, typer.Argument(max=MOST, help="编号，见 tracker outbox")]


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(outbox_app, name="outbox")


@outbox_app.command("list", help="列出各状态的信件数、没有发出的信件和原因")
def list_(
    limit: Annotated[int, typer.Option(min=0, help="最多列出几封，0 为全部")] = 50,
) -> None:
    """Counts, and every letter that is not sent."""
    office, now, out = here(), clock.now(), show.console()
    with office.database.connect() as connection:
        counts, found = outbox_acts.counts(connection), outbox_acts.pending(connection)
    out.print("发件箱：" + "、".join(f"{LETTER.states[s]} {n} 封" for s, n in counts.items()))
    shown = found[:limit] if limit else found
    if shown:
        title = "没有发出的信件" + (f"，列出前 {limit} 封" if len(shown) < len(found) else "")
        out.print(show.table(title, COLUMNS, [_row(one, now) for one in shown]))
    if counts["set_aside"]:
        out.print(
            "已搁置的不再自动发送：按原因改正后用 tracker outbox retry 编号（或 --all）重发，"
            "不再需要的用 tracker outbox cancel 编号 --reason 撤销"
        )


def _row(one: Pending, now: datetime) -> tuple[str, ...]:
    hours = delivery_rules().channels.get(one.channel)
    return (
        f"第{one.id}号", f"{one.name}（第{one.contact_id}号）",
        hours.name if hours else one.channel, one.subject,
        LETTER.states[one.state] + (f"，已试 {one.attempts} 次" if one.attempts else ""),
        one.told, _next(one, now),
    )  # fmt: skip


def _next(one: Pending, now: datetime) -> str:
    """When a letter is tried again, or what it waits for."""
    if one.state == "set_aside":
        return "—"
    if one.next_at and one.next_at > now:
        return f"{one.next_at:%m-%d %H:%M}"
    hours = delivery_rules().channels.get(one.channel)
    if hours and not hours.allow(now, calendar_for()) and one.kind not in hours.passing:
        days = "工作日" if hours.working_days_only else ""
        return f"{days} {hours.opens:%H:%M} 起".strip()
    return "下一轮" if one.state in (NEW, "waiting") else "正在发送"


@outbox_app.command("send", help="立即发一轮，按各方式的时段和限速")
def send_() -> None:
    """One round now."""
    office = here()
    done = send.step(office.database, build(office.settings), clock.now())
    show.console().print(send.told(done) or "没有到时候该发的信件")


@outbox_app.command(help="重发：一封，或 --all 全部待重发和已搁置的")
def retry(
    number: Annotated[int | None, typer.Argument(max=MOST, help="编号，见 tracker outbox")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部待重发和已搁置的")] = False,
) -> None:
    """Make letters due again."""
    if (number is None) is not every:
        raise LuzeError("没有写明重发哪一封", fix="写一个编号，或写 --all")
    office = here()
    with db.transaction(office.database) as connection:
        count = outbox_acts.retry(
            connection, None if number is None else [number],
            now=clock.now(), operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"{count} 封信件将在下一轮重发；立即发：tracker outbox send")


@outbox_app.command(help="撤销一封没有发出的信件")
def cancel(number: Number, reason: Annotated[str, typer.Option(help="撤销的理由")] = "") -> None:
    """Never send a letter."""
    office = here()
    with db.transaction(office.database) as connection:
        outbox_acts.cancel(
            connection, number, reason=reason,
            now=clock.now(), operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"第 {number} 号信件已撤销，不再发送")
