"""The ledger: a workbook becomes entries, lines, facts and coverage, as a diff.

Offices resend the whole year every month: rows said before are confirmed, rows gone or changed are
voided or replaced. Everything happens in the caller's transaction (db.transaction, which holds the
only write lock); a dry run is the same call, rolled back by the caller.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.errors import ImportFileError
from tracker.ledger.apply import (
    BATCHES,
    Applied,
    apply_cell,
    keep_coverage,
    open_batch,
    write_coverage,
    write_drafts,
)
from tracker.ledger.build import build_sheet
from tracker.ledger.coverage import covered_by
from tracker.ledger.desk import Desk, Office
from tracker.ledger.directory import Directory
from tracker.ledger.draft import CellKey, Covered, Draft
from tracker.ledger.items import items_of
from tracker.ledger.questions import load_answers
from tracker.ledger.report import ImportReport, SheetReport
from tracker.ledger.rules import load_rules
from tracker.ledger.sheets import CellProblem, DaySpan, Extent, FormSheet, Workbook
from tracker.ledger.word import Word
from tracker.policy.model import Pack
from tracker.registry.areas import Area, county_of, prefecture_of
from tracker.registry.spelling import clean

_LONGEST = 120  # of a subject's name


def store_workbook(
    connection: sa.Connection,
    workbook: Workbook,
    *,
    vocabulary: Mapping[str, Mapping[str, str]],
    is_working_day: Callable[[date], bool],
    now: datetime,
    operator: str,
    area: str | None = None,
    packs: Sequence[Pack] = (),
) -> ImportReport:
    """Store what was read and say what changed; rows with errors or open questions are left out.

    `vocabulary`: duties/vocabulary.yaml (kinds, as). `area`: name or six-digit code of the county
    (for what a prefecture reports, of the prefecture), where neither reporter nor file name tells
    it. `packs`: whose indicators and tasks rows may name. Raises ImportFileError where nothing
    tells the area.
    """
    county = _county(workbook, area)
    directory = Directory(connection, county, now)
    problems = list(workbook.problems)
    office = Office(
        directory, load_rules(), vocabulary, is_working_day, load_answers(connection), problems,
        items_of(packs, county[-1]),
    )  # fmt: skip
    desks = _open_desks(office, workbook, now.date())
    if desks:
        _load_relations(connection, directory, desks)
    drafts, covered = _understand(desks, workbook.extent)
    directory.write_new(connection)
    batch = open_batch(connection, workbook, operator=operator, now=now)
    word = Word(workbook.extent, drafts)
    cells = [
        apply_cell(connection, batch, cell, drafts.get(cell, []), now, word.keeps(cell))
        for cell in word.cells(connection)
    ]
    report = ImportReport(batch, workbook.file_name, county[-1].name, problems=problems)
    report.entries, report.lines = write_drafts(connection, batch, cells, now)
    write_coverage(connection, batch, covered, now)
    keep_coverage(connection, batch, {c.key for c in cells} - {c.cell for c in covered}, now)
    report.left_out = word.left_out
    report.sheets = _sheet_reports(desks, cells, problems)
    _keep_counts(connection, batch, report)
    return report


def _understand(
    desks: list[Desk], extent: Extent | None
) -> tuple[dict[CellKey, list[Draft]], list[Covered]]:
    """The rows of every sheet by the cell they speak for, and what they report: single rows
    report nothing but themselves."""
    drafts: dict[CellKey, list[Draft]] = defaultdict(list)
    covered: list[Covered] = []
    for desk in desks:
        built = build_sheet(desk)
        drafts[desk.cell] += built
        covers = covered_by(desk, built) if extent is None or extent.whole else None
        if covers:
            covered.append(covers)
    return drafts, covered


def _county(workbook: Workbook, area: str | None) -> tuple[Area, ...]:
    told = [area] if area else [*(s.reporter for s in workbook.sheets), workbook.file_name]
    names = [clean(text) for text in told]
    found = county_of(*names) or prefecture_of(*names)
    if not found:
        what = f"“{area}”不是一个县（市、区）的全称或六位代码" if area else "看不出是哪个县的台账"
        fix = "请用 --area 写明县的全称（必要时加市州名）或六位代码；市州报送的写市州的全称"
        raise ImportFileError(what, fix=fix)
    return found


def _open_desks(office: Office, workbook: Workbook, today: date) -> list[Desk]:
    """One desk per sheet, rosters first; sheets that cannot be placed are reported."""
    reporter = next((s.reporter for s in workbook.sheets if s.reporter), "")
    order = list(office.rules.forms)
    desks = []
    for sheet in sorted(workbook.sheets, key=lambda s: order.index(s.form)):
        is_grid = office.rules.forms[sheet.form].coverage == "listed_people"
        if is_grid and sheet.month is None:
            what, fix = "看不出是哪个月的考勤，整表未入库", "请在表名或标题中写明年月"
            office.problems.append(CellProblem(sheet.sheet, 0, "", "error", what, fix))
            continue
        if not _reports_here(office, sheet):
            continue
        reported_on = min(sheet.filed_on or today, today)
        year = sheet.year or _year_of_rows(sheet) or reported_on.year
        period = f"{year}-{sheet.month:02}" if sheet.month else str(year)
        reporter_id = _reporter(office.directory, sheet.reporter or reporter)
        cell = CellKey(reporter_id, sheet.form, period)
        desks.append(Desk(office, sheet, cell, year, reported_on))
    return desks


def _reports_here(office: Office, sheet: FormSheet) -> bool:
    """Whether this form may be reported for the area of the import; else the problem is said."""
    rule, directory = office.rules.forms[sheet.form], office.directory
    area = directory.index.subjects[directory.county]
    if area.kind == "county" or rule.above_county:
        return True
    what = f"{rule.name}按县报送，看不出是{area.name}哪个县的，整表未入库"
    fix = "请用 --area 写明县的全称"
    office.problems.append(CellProblem(sheet.sheet, 0, "", "error", what, fix))
    return False


def _reporter(directory: Directory, name: str) -> int:
    """The body that reports: a known unit or area, else an office of the county; the county itself
    where nobody signed."""
    name = clean(name)
    if not name:
        return directory.county
    known = directory.index.unit(name).one
    return known or directory.ensure("body", "office", name[:_LONGEST], directory.county)


def _year_of_rows(sheet: FormSheet) -> int | None:
    """The year most rows speak of, where the title names none."""
    values = [row.values.get("day") or row.values.get("span") for row in sheet.rows]
    days = [v.starts_on if isinstance(v, DaySpan) else v for v in values]
    years = Counter(day.year for day in days if isinstance(day, date))
    return years.most_common(1)[0][0] if years else None


def _load_relations(connection: sa.Connection, directory: Directory, desks: list[Desk]) -> None:
    rosters = [d for d in desks if d.rule.roster and d.sheet.rows]
    replaced = {f"{d.cell.reporter_id}:{d.cell.form}" for d in rosters}
    units = {str(r.values["unit"]) for d in desks for r in d.sheet.rows if "unit" in r.values}
    directory.load_relations(connection, max(d.year for d in desks), replaced, units)


def _sheet_reports(
    desks: list[Desk], cells: list[Applied], problems: list[CellProblem]
) -> list[SheetReport]:
    reports = {
        (d.sheet.sheet, d.cell.form): SheetReport(d.sheet.sheet, d.cell.form, d.rule.name)
        for d in desks
    }
    stored: set[tuple[str, int]] = set()
    for cell in cells:
        stored.update((d.sheet, d.row) for d in (*cell.new, *(draft for _, draft in cell.same)))
        for sheet, words in cell.counts.items():
            # A row gone with its whole sheet is told where its form still stands.
            report = reports.get((sheet, cell.key.form)) or next(
                r for r in reports.values() if r.form == cell.key.form
            )
            for word, number in words.items():
                setattr(report, word, getattr(report, word) + number)
    for report in reports.values():
        mine = [p for p in problems if p.sheet == report.sheet and p.row]
        left = {(p.row, p.severity) for p in mine if (p.sheet, p.row) not in stored}
        wrong = {row for row, severity in left if severity == "error"}
        report.refused = len(wrong)
        report.asked = len({row for row, severity in left if severity == "question"} - wrong)
    return list(reports.values())


def _keep_counts(connection: sa.Connection, batch: int, report: ImportReport) -> None:
    connection.execute(
        sa.update(BATCHES).where(BATCHES.c.id == batch).values(counts=report.counts())
    )
