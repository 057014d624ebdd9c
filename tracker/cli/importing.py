"""The edge: `import`, `batches`, `undo`, `answer`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from tracker import audit, clock, db
from tracker.cli import show
from tracker.cli.files import free_name
from tracker.cli.office import Office, here
from tracker.cli.sheets import write_templates
from tracker.errors import LuzeError
from tracker.ledger import questions, returned
from tracker.ledger.reading import read_workbook
from tracker.ledger.report import ImportReport
from tracker.ledger.rules import load_rules
from tracker.ledger.sheets import Workbook
from tracker.ledger.store import store_workbook
from tracker.ledger.tables import Batch
from tracker.ledger.undo import undo_batch
from tracker.workdays import calendar_for


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("import", help="导入 Excel 或 csv 台账；--dry-run 只看差异，不入库")(import_)
    app.command("batches", help="列出导入批次")(batches)
    app.command("undo", help="撤销一个导入批次")(undo)
    app.command("answer", help="答复导入时提出的问题，以后不再问")(answer)


def import_(
    files: Annotated[
        list[Path] | None, typer.Argument(help="工作簿或 csv 文件；加 --template 时写表名或 all")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="试导入：列出差异，不入库")] = False,
    area: Annotated[str | None, typer.Option(help="县（市、区）全称或六位代码")] = None,
    template: Annotated[
        bool, typer.Option("--template", help="不导入，写出空白的导入模板")
    ] = False,
    year: Annotated[int | None, typer.Option(help="模板是哪一年的；默认今年")] = None,
    out: Annotated[Path | None, typer.Option(help="模板写到哪个文件夹")] = None,
) -> None:
    """Import files, rosters first; what is good is stored, what is bad comes back marked."""
    office = here()
    if template:
        path = write_templates(office, [str(name) for name in files or ()], year, out)
        show.console().print(f"已写出：{path}", markup=False, soft_wrap=True)
        return
    if not files:
        raise LuzeError("没有写明要导入的文件", fix="例如 tracker import 台账.xlsx")
    # All are read before any is stored: a file that cannot be read leaves nothing half done.
    books = [(file, read(office, file)) for file in files]
    books.sort(key=lambda book: not any(load_rules().forms[s.form].roster for s in book[1].sheets))
    if not dry_run:
        for file, book in books:
            with db.transaction(office.database) as connection:
                report = store(office, connection, book, area)
            say(office, file, report)
        return
    with db.transaction(office.database) as connection:
        reports = [(file, store(office, connection, book, area)) for file, book in books]
        connection.rollback()
    for file, report in reports:
        say(office, file, report, dry_run=True)


def read(office: Office, file: Path) -> Workbook:
    """Read one file. Raises ImportFileError where it cannot be read as a whole."""
    return read_workbook(file, office.forms, today=clock.today())


def store(
    office: Office, connection: sa.Connection, workbook: Workbook, area: str | None = None
) -> ImportReport:
    """Store one workbook in the caller's transaction, as an act of the operator."""
    now = clock.now()
    report = place(office, connection, workbook, area, now)
    audit.append(
        connection, act="import", operator=office.settings.operator, now=now,
        detail={"batch": report.batch_id, "file": workbook.file_name, "sha256": workbook.sha256},
    )  # fmt: skip
    return report


def place(
    office: Office, connection: sa.Connection, workbook: Workbook, area: str | None, now: datetime
) -> ImportReport:
    """Store one workbook with this office's words and calendar."""
    vocabulary, calendar = office.law.vocabulary, calendar_for(office.law.calendar)
    return store_workbook(
        connection, workbook,
        vocabulary={"kinds": vocabulary.kinds, "as": vocabulary.as_},
        is_working_day=lambda day: bool(calendar.is_working(day)),
        now=now, operator=office.settings.operator, area=area, packs=office.law.packs,
    )  # fmt: skip


def import_file(office: Office, file: Path) -> tuple[ImportReport, Path | None]:
    """Read and store one file, and write its marked copy."""
    workbook = read(office, file)
    with db.transaction(office.database) as connection:
        report = store(office, connection, workbook)
    return report, write_back(office, file, report)


def write_back(office: Office, file: Path, report: ImportReport) -> Path | None:
    """Write the marked copy; None where nothing is to be said."""
    if not report.problems:
        return None
    # A clerk may be correcting an earlier copy.
    stem = file.stem.partition("-退回")[0]
    copy = free_name(office.folder("returned"), f"{stem}-退回", file.suffix)
    return returned.write_returned(file, report.problems, copy)


def say(
    office: Office, file: Path, report: ImportReport, *, dry_run: bool = False, shown: int = 20
) -> Path | None:
    """Print what an import did, then write the marked copy; returns where that lies."""
    out = show.console()
    out.print(report.text(shown, dry_run=dry_run), markup=False, soft_wrap=True)
    out.print("试导入，未入库" if dry_run else f"已入库，撤销用 tracker undo {report.batch_id}")
    marked = write_back(office, file, report)
    if marked:
        out.print(f"已标注的退回表：{marked}", markup=False, soft_wrap=True)
    return marked


def batches() -> None:
    """List imports and undos."""
    table = db.table(Batch)
    with here().database.connect() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.id)).all()
    undone = {row.undoes_id for row in rows}
    show.console().print(show.table(
        "导入批次", ("批次", "文件", "时间", "操作人", "状态"),
        [
            (row.id, row.file_name, f"{row.recorded_at:%Y-%m-%d %H:%M}", row.operator,
             f"撤销第 {row.undoes_id} 批" if row.undoes_id
             else "已撤销" if row.id in undone else "有效")
            for row in rows
        ],
    ))  # fmt: skip


def undo(batch: Annotated[int, typer.Argument(help="批次号，见 tracker batches")]) -> None:
    """Take a whole batch back; what it had replaced lives again."""
    office, now = here(), clock.now()
    with db.transaction(office.database) as connection:
        report = undo_batch(connection, batch, now=now, operator=office.settings.operator)
        audit.append(
            connection, act="undo", operator=office.settings.operator, now=now,
            detail={"batch": batch},
        )  # fmt: skip
    show.console().print(report.text(), markup=False)


def answer(
    question: Annotated[str, typer.Argument(help="问题，照抄导入结果")],
    choice: Annotated[str, typer.Argument(help="答复")],
) -> None:
    """Remember an answer for all later imports."""
    office, now = here(), clock.now()
    if not choice.strip():
        raise LuzeError("答复不能为空", fix="请照抄候选之一")
    with db.transaction(office.database) as connection:
        questions.answer(connection, question, choice, now=now, operator=office.settings.operator)
        audit.append(
            connection, act="answer", operator=office.settings.operator, now=now,
            detail={"question": question, "answer": choice},
        )  # fmt: skip
    show.console().print("已记住，下次导入按此处理")
