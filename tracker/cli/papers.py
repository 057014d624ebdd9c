"""The edge: `paper`, official papers as drafts, and `policy text`, the words that they quote."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.check import AsOf
from tracker.cli.files import write_paper
from tracker.cli.office import Office, here, parse_day, parse_number
from tracker.cli.policy import policy_app
from tracker.consequences.cases import load_case
from tracker.delivery.documents.clauses import load_text
from tracker.delivery.documents.kinds import INTERVIEW, KINDS, SUBJECT, Kind, kind_of, write
from tracker.delivery.documents.occasion import Occasion
from tracker.errors import LuzeError
from tracker.evaluation.words import LEVEL_NAMES

_KINDS = "、".join(kind.name for kind in KINDS)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("paper", help=f"生成文书（代拟稿）：{_KINDS}")(paper)
    policy_app.command("text", help="导入文件原文，供文书引用；按条款编号自动切分")(text)


def paper(
    kind: Annotated[str, typer.Argument(help=f"文种：{_KINDS}")],
    about: Annotated[
        str, typer.Argument(help="单位、地方或个人；约谈和整改写约谈编号，认定依据写判定编号")
    ],
    as_of: AsOf = None,
    level: Annotated[
        str | None, typer.Option(help="督办单的颜色：红、黄、蓝；留空为最紧要的")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="写到哪个文件夹；留空为数据目录下 papers")
    ] = None,
) -> None:
    """Write one paper as a draft; number, signature and seal stay blank."""
    office, wanted = here(), kind_of(kind)
    with db.transaction(office.database) as connection:
        number = _number(office, connection, wanted, about)
        day = parse_day(as_of, "--as-of") or _day(office, connection, wanted, number)
        occasion = Occasion(connection, office.law, office.covers, day, clock.now())
        home = office.settings.home
        written = write(occasion, wanted, number, home=home, level=_level(wanted, level))
        about_it = {"kind": wanted.id, "about": number, "as_of": occasion.as_of}
        path = write_paper(
            office, connection, out, (written.title, ".docx"), written.data, about_it
        )
    show.console().print(f"已生成{wanted.name}（代拟稿）：{path}", markup=False, soft_wrap=True)


def _number(office: Office, connection: sa.Connection, kind: Kind, about: str) -> int:
    """The subject, interview or finding that is meant."""
    if kind.about == SUBJECT:
        return office.find(connection, about)
    number = parse_number(about)
    if number is None:
        where = "tracker interviews" if kind.about == INTERVIEW else "tracker findings"
        raise LuzeError(f"{kind.name}要写编号，而“{about}”不是编号", fix=f"编号见 {where}")
    return number


def _day(office: Office, connection: sa.Connection, kind: Kind, number: int) -> date:
    """The newest night checked; for an interview the day of its last act, if that was later."""
    acts = load_case(connection, number).acts if kind.about == INTERVIEW else ()
    return max([office.night(connection, None), *(act.as_of for act in acts)])


def _level(kind: Kind, level: str | None) -> str:
    if level is None:
        return ""
    by_name = {name: colour.value for colour, name in LEVEL_NAMES.items()}
    colour = by_name.get(level.removesuffix("色"), level)
    if kind.id != "supervision" or colour not in by_name.values():
        raise LuzeError(
            f"{kind.name}不能写 --level {level}",
            fix=f"只有督办单分颜色，可写：{'、'.join(by_name)}",
        )
    return colour


def text(
    document: Annotated[str, typer.Argument(help="规则包编号，如 gansu-2019-33")],
    file: Annotated[Path, typer.Argument(help="文件全文：.txt（UTF-8、GB18030）或 .docx")],
) -> None:
    """Load the document's own words, article by article."""
    office = here()
    try:
        pack = office.law.pack(document)
    except KeyError:
        known = "、".join(p.document.id for p in office.law.packs)
        raise LuzeError(f"没有规则包“{document}”", fix=f"可用的：{known}") from None
    with db.transaction(office.database) as connection:
        loaded = load_text(
            connection, pack, file, now=clock.now(), operator=office.settings.operator
        )
    out = show.console()
    out.print(f"已从“{loaded.file_name}”存入 {pack.document.number} 原文 {len(loaded.found)} 条")
    if loaded.missing:
        told = "、".join(loaded.missing)
        out.print(f"没有找到：{told}（文书引用这些条款时用转述）", soft_wrap=True)
