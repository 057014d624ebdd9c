"""The edge: `policy impact`, who would have been short last year under a new document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tracker import clock
from tracker.cli import show
from tracker.cli.check import Json
from tracker.cli.files import free_name, out_folder
from tracker.cli.impact_words import (
    FIGURES,
    HOLDERS,
    SHORT,
    as_document,
    figure_rows,
    holder_rows,
    remarks,
    short_rows,
)
from tracker.cli.office import Office, here
from tracker.cli.policy import law_with, new_packs, policy_app
from tracker.delivery.documents.sheets import Printout, Sheet, Table, as_xlsx
from tracker.errors import LuzeError
from tracker.impact import Impact, impact
from tracker.policy.model import Pack

EACH = 8
_WIDTHS = (46.0, 34.0, 8.0, 8.0, 8.0, 8.0, 10.0, 8.0, 8.0)
_SHORT_WIDTHS = (36.0, 30.0, 10.0, 18.0, 12.0, 12.0)


def add_to(_: typer.Typer) -> None:
    """Register the command."""
    policy_app.command("impact", help="测算：按新文件的要求，上一年谁会不达标，差多少（不入库）")(
        impact_
    )


def impact_(
    folder: Annotated[Path, typer.Argument(help="放新规则包的目录")],
    year: Annotated[
        int | None, typer.Option(min=1, max=9999, help="哪一年，如 2019；留空为最后一夜的上一年")
    ] = None,
    as_json: Json = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="另写成表格")] = False,
    out: Annotated[Path | None, typer.Option(help="表格写到哪个文件夹；留空为 papers")] = None,
) -> None:
    """Judge a whole year by the packs of the folder; nothing is stored."""
    office = here()
    law = law_with(office, folder)
    new = new_packs(law, folder)
    if not any(pack.duties for pack in new):
        fix = "请先写 duties.yaml，再运行 tracker policy lint"
        raise LuzeError(f"“{folder}”里没有可以计算的责任", fix=fix)
    with office.database.connect() as connection:
        asked = year or office.night(connection, None).year - 1
        if asked >= clock.today().year:
            raise LuzeError(f"{asked} 年还没有过完", fix="请写已经过完的一年")
        ids = [pack.document.id for pack in new]
        found = impact(connection, law, office.covers, ids, asked, clock.now())
    if as_json:
        show.print_json(as_document(found))
    else:
        _print(office, found, new)
    if xlsx:
        path = free_name(out_folder(office, out, "papers"), _title(found, new), ".xlsx")
        path.write_bytes(as_xlsx(_printout(office, found, new)))
        show.console(stderr=as_json).print(f"已写出：{path}", markup=False, soft_wrap=True)


def _title(found: Impact, new: list[Pack]) -> str:
    return f"{'、'.join(pack.document.number for pack in new)} 按{found.year}年台账测算"


def _print(office: Office, found: Impact, new: list[Pack]) -> None:
    out = show.console()
    out.print(f"\n{_title(found, new)}", style="bold", markup=False)
    out.print(f"假定全年施行，判定日 {found.as_of}；只作测算，没有写入数据库")
    out.print(show.table("", FIGURES, figure_rows(found)))
    for line in remarks(found, office.law.vocabulary.kinds):
        out.print(f"  · {line}", markup=False, soft_wrap=True)
    short, shown = len(found.by_holder()), holder_rows(found, EACH)
    if short:
        more = f"，每个事项列出前 {EACH} 个，全部见 --xlsx 或 --json" if len(shown) < short else ""
        title = f"会不达标的主体 {short} 个（按事项分列）{more}"
        out.print(show.table(title, HOLDERS, shown))


def _printout(office: Office, found: Impact, new: list[Pack]) -> Printout:
    """The figures and the whole list, as a workbook."""
    figures = Table("测算", FIGURES, figure_rows(found), left=frozenset(FIGURES[:2]))
    left = frozenset(SHORT[:2])
    who = Table("会不达标的主体", HOLDERS, holder_rows(found), left=left, filtered=True)
    short = Table("逐项", SHORT, short_rows(found), left=left, filtered=True)
    subtitle = f"假定全年施行，判定日 {found.as_of}；只作测算"
    lines = tuple(remarks(found, office.law.vocabulary.kinds))
    return Printout(_title(found, new), subtitle, (
        Sheet("测算", _WIDTHS, lines, (figures,)),
        Sheet("会不达标的主体", _SHORT_WIDTHS, (), (who,)),
        Sheet("逐项", _SHORT_WIDTHS, (), (short,)),
    ))  # fmt: skip
