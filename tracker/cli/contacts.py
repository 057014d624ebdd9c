"""The edge: `contacts add|import|list|remove`, whom the program writes to and about what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, here
from tracker.delivery import contact_acts, contacts
from tracker.delivery.channel import masked_address
from tracker.delivery.contact_acts import Registered
from tracker.delivery.contact_rows import Asked, read_contacts
from tracker.delivery.contacts import Recipient
from tracker.delivery.rules import delivery_rules
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

contacts_app = typer.Typer(help="联系人：登记、导入、列出、移除", cls=Listing)

COLUMNS = ("编号", "姓名", "负责范围", "身份", "方式", "地址", "接收什么")


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(contacts_app, name="contacts")


@contacts_app.command("list", help="列出联系人；地址只显示首尾，--full 显示全部")
def list_(
    full: Annotated[bool, typer.Option("--full", help="显示完整的地址")] = False,
) -> None:
    """Every contact that stands."""
    office = here()
    with office.database.connect() as connection:
        found = contacts.load(connection)
        names = labels(load_registry(connection, clock.now()))
    rows = [_row(one, names, full) for one in found]
    show.console().print(show.table(f"联系人 {len(found)} 个", COLUMNS, rows))


def _row(one: Recipient, names: Mapping[int, str], full: bool) -> tuple[str, ...]:
    rules = delivery_rules()
    address = one.address if full else masked_address(one.address)
    wants = "、".join(name for key, name in rules.wants.items() if key in one.wants)
    return (
        f"第{one.contact_id}号", one.name, names.get(one.scope_id, "—"), rules.roles[one.role],
        rules.channels[one.channel].name, address or "（没有地址）", wants,
    )  # fmt: skip


@contacts_app.command(
    help="登记一个联系人；已有的即更新。登记库里的人（姓名@单位）可不写范围和身份"
)
def add(
    name: Annotated[str, typer.Argument(help="姓名、姓名@单位，或群名")],
    scope: Annotated[str, typer.Option(help="管哪个单位或地区的事（可用简称）")] = "",
    role: Annotated[str, typer.Option(help="身份：领导、联络员或群")] = "",
    mail: Annotated[str, typer.Option(help="邮箱")] = "",
    wecom: Annotated[
        str, typer.Option(help="企业微信群机器人的名称，密钥见 TRACKER_WECOM_KEYS")
    ] = "",
    wants: Annotated[str, typer.Option(help="接收什么：周报,提醒,告警；不写按身份")] = "",
) -> None:
    """Register one contact."""
    office = here()
    asked = Asked(name, scope, role, mail, wecom, wants)
    with db.transaction(office.database) as connection:
        done = contact_acts.register(
            connection, [asked], now=clock.now(), operator=office.settings.operator
        )
    _tell(done)


@contacts_app.command(
    "import", help="导入联系人名单（.xlsx、.csv）：姓名、单位、身份、邮箱、接收什么"
)
def import_(
    file: Annotated[Path, typer.Argument(help="名单文件")],
    whole: Annotated[
        bool, typer.Option("--whole", help="名单是全部联系人，名单里没有的一并移除")
    ] = False,
) -> None:
    """Register the contacts of a list; a second time only what differs."""
    office, now = here(), clock.now()
    asked, problems = read_contacts(file, office.forms, now.date())
    with db.transaction(office.database) as connection:
        done = contact_acts.register(
            connection, asked, now=now, operator=office.settings.operator,
            problems=problems, source=file.name,
        )  # fmt: skip
        for one in done.absent if whole else ():
            contact_acts.remove(
                connection, one.contact_id, now=now, operator=office.settings.operator
            )
    _tell(done, whole=whole, listed=True)


def _tell(done: Registered, *, whole: bool = False, listed: bool = False) -> None:
    out = show.console()
    new = len(done.added) - len(done.replaced)
    gone = f"、移除 {len(done.absent)} 个" if whole else ""
    same = len(done.unchanged)
    out.print(f"联系人：新增 {new} 个、更新 {len(done.replaced)} 个、未变 {same} 个{gone}")
    if done.kept_address:
        out.print(f"这次没有写地址，沿用原来的：{'、'.join(done.kept_address)}")
    if done.without_address:
        out.print(
            f"还没有地址，信件先搁置：{'、'.join(done.without_address)}；"
            "补上地址后用 tracker outbox retry --all 重发"
        )
    if listed and not whole and done.absent:
        numbers = "、".join(f"第{one.contact_id}号" for one in done.absent)
        out.print(f"名单里没有、仍然保留的：{numbers}；不再需要的用 tracker contacts remove 移除")


@contacts_app.command(help="移除一个联系人；还没有发给他的信件搁置")
def remove(
    number: Annotated[int, typer.Argument(max=MOST, help="编号，见 tracker contacts")],
) -> None:
    """Remove a contact."""
    office = here()
    with db.transaction(office.database) as connection:
        gone = contact_acts.remove(
            connection, number, now=clock.now(), operator=office.settings.operator
        )
    show.console().print(f"第 {number} 号联系人 {gone.name} 已移除")
