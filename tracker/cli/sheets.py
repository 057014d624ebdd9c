"""The edge: `sheet monthly`, `sheet ledger` and `import --template`: what offices print."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import audit, clock, db
from tracker.cli import show
from tracker.cli.check import AsOf
from tracker.cli.files import free_name, out_folder
from tracker.cli.office import Office, here, parse_day
from tracker.delivery.documents.monthly import monthly_sheet
from tracker.delivery.documents.sheets import Printout, as_docx, as_xlsx
from tracker.delivery.documents.unit_ledger import ledger_sheet, unit_ledger
from tracker.errors import LuzeError
from tracker.ledger.templates import forms_named, template_book

Out = Annotated[Path | None, typer.Option(help="写到哪个文件夹；默认是数据目录下的 sheets")]
sheet_app = typer.Typer(help="打印用表：乡镇工作例会表、单位履责台账", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(sheet_app, name="sheet")


@sheet_app.command("monthly", help="乡镇驻村帮扶工作队队长工作例会表（xlsx 和 docx）")
def monthly(
    township: Annotated[str, typer.Argument(help="乡镇名称")],
    month: Annotated[
        str | None, typer.Option(help="哪个月，如 2020-01；默认是最后检查的月份")
    ] = None,
    out: Out = None,
) -> None:
    """Write the meeting sheet of a township for one month."""
    office = here()
    with db.transaction(office.database) as connection:
        first = _month(month) or office.night(connection, None).replace(day=1)
        subject = office.find(connection, township)
        made = monthly_sheet(connection, office.law, subject, first, clock.now())
        paths = _write(office, connection, made, out, {"sheet": "monthly", "subject": subject})
    _say(paths)


@sheet_app.command("ledger", help="一个单位一年的履责台账（xlsx 和 docx）")
def ledger(
    unit: Annotated[str, typer.Argument(help="单位名称，可用简称")],
    year: Annotated[int, typer.Option(min=1, max=9999, help="年份")],
    as_of: AsOf = None,
    out: Out = None,
) -> None:
    """Write the ledger of a unit for one year."""
    office = here()
    with db.transaction(office.database) as connection:
        subject = office.find(connection, unit)
        told = unit_ledger(
            connection, office.law, office.covers, subject, year,
            as_of=office.night(connection, parse_day(as_of, "--as-of")), known_at=clock.now(),
            day_kinds=office.forms.marks.kinds,
        )  # fmt: skip
        about = {"sheet": "ledger", "subject": subject, "year": year}
        paths = _write(office, connection, ledger_sheet(told), out, about)
    _say(paths)


def write_templates(office: Office, names: list[str], year: int | None, out: Path | None) -> Path:
    """Write the import templates of the forms named (none: of all); returns where they lie."""
    wanted = forms_named(names, office.forms)
    year = year or clock.today().year
    groups = [p.document.rank_groups for p in office.law.packs]
    ranks = list(dict.fromkeys(r for group in groups for words in group.values() for r in words))
    book = template_book(wanted, office.forms, year=year, ranks=ranks)
    named = "、".join(office.forms.forms[key].name for key in wanted)
    stem = f"{year}年导入模板" + (f"-{named}" if len(wanted) < len(office.forms.forms) else "")
    path = free_name(out_folder(office, out, "sheets"), stem, ".xlsx")
    book.save(path)
    return path


def _write(
    office: Office, connection: sa.Connection, made: Printout, out: Path | None,
    about: dict[str, object],
) -> list[Path]:  # fmt: skip
    """Write both files; the act is recorded with their digests."""
    folder = out_folder(office, out, "sheets")
    contents = {".xlsx": as_xlsx(made), ".docx": as_docx(made)}
    paths = {free_name(folder, made.title, ending): data for ending, data in contents.items()}
    digests = {path.name: hashlib.sha256(data).hexdigest() for path, data in paths.items()}
    audit.append(
        connection, act="sheet", operator=office.settings.operator, now=clock.now(),
        detail={**about, "files": digests},
    )  # fmt: skip
    for path, data in paths.items():
        path.write_bytes(data)
    return list(paths)


def _say(paths: list[Path]) -> None:
    for path in paths:
        show.console().print(f"已写出：{path}", markup=False, soft_wrap=True)


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise LuzeError(f"--month 的月份“{text}”写法不对", fix="应写成 2020-01") from None
