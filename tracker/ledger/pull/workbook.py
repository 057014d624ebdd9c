"""Pulling: rows by id become sheets of cells, one per year or month, read as a file's are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import LuzeError
from tracker.ledger.days import read_span
from tracker.ledger.forms import Form, Forms
from tracker.ledger.grids import Grid
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.records import Period, Reading, Record
from tracker.ledger.reading import understand
from tracker.ledger.sheets import CellProblem, Extent, FormSheet, Workbook
from tracker.ledger.written import Cell, Unreadable, letter

ID, VERSION = "来源编号", "来源版本"  # headers that no form reads, kept as written
_DAYS = range(1, 32)
_TOP = 3  # the number of the first row of data: a title, a header, then rows


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet: id, and the records that it is made of (of a month grid one a day)."""

    name: str
    rows: list[tuple[str, list[Record]]]

    def at(self, number: int) -> tuple[str, list[Record]]:
        """The id and the records of a row of the sheet, which counts from its top."""
        return self.rows[number - _TOP]


def to_workbook(
    reading: Reading, forms: Forms, *, today: date
) -> tuple[Workbook, Mapping[str, Table]]:
    """The cells read and typed, and the tables by sheet, to find a row's page again. Raises
    LuzeError where local words make another form of them."""
    source = reading.source
    form = forms.forms[source.form]
    tables, problems = _tables(reading, form, today)
    grids = [_grid(table, source, form) for table in tables]
    name = file_name(source)
    workbook = understand(name, reading.sha256, grids, forms, today=today)
    by_sheet = {table.name: table for table in tables}
    for sheet in workbook.sheets:
        if sheet.form != source.form:
            what = f"{source.shown}的表被认作“{forms.forms[sheet.form].name}”，没有采用"
            raise LuzeError(what, fix="请核对 TRACKER_MAPPING 里增加的叫法")
        sheet.reporter, sheet.filed_on = source.reporter, today
        for row in sheet.rows:
            row.id = by_sheet[sheet.sheet].at(row.number)[0]
    workbook.problems = [*problems, *workbook.problems, *_unread(workbook, tables)]
    workbook.extent = _extent(reading, form)
    if workbook.extent.deleted and not workbook.sheets:
        # Only a sheet says whose rows are no more.
        empty = FormSheet(name, source.form, today.year, None, source.reporter, today, [])
        workbook.sheets.append(empty)
    return workbook, by_sheet


def file_name(source: PullSource) -> str:
    """What its batches are called."""
    return f"拉取：{source.name}"


def placed(
    problems: Iterable[CellProblem], tables: Mapping[str, Table], source: PullSource, form: Form
) -> list[CellProblem]:
    """The problems with page and row of the service instead of row and column of the sheet."""
    return [
        _placed(problem, tables[problem.sheet], source, form)
        if problem.sheet in tables and problem.row >= _TOP
        else problem
        for problem in problems
    ]


def _tables(reading: Reading, form: Form, today: date) -> tuple[list[Table], list[CellProblem]]:
    """The rows by sheet, in the order of their ids, and those that belong in none."""
    found: dict[Period, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    problems: list[CellProblem] = []
    for record in sorted(reading.records.values(), key=lambda r: r.id):
        if record.is_deleted:
            continue
        try:
            period = _period(record, form, today)
        except Unreadable as error:
            place = f"第{record.page}页"
            problems.append(CellProblem(place, record.row, "", "error", error.what, error.fix))
            continue
        found[period][_row_id(record, reading.source, form)].append(record)
    return [
        Table(_name(form, period), list(rows.items())) for period, rows in found.items()
    ], problems


def _period(record: Record, form: Form, today: date) -> Period:
    """The year and, for month grids, the month that a row speaks of. Raises Unreadable.

    A row outside what was asked is refused: the others of its cell did not come, and a cell that
    is spoken of by one row alone would lose them.
    """
    grid = form.layout == "month_grid"
    dated = ["day"] if grid else [
        name for name, field in form.fields.items()
        if field.required and field.type in ("day", "span")
    ]  # fmt: skip
    asked = record.period
    if not dated:
        return asked or (today.year, None)
    text = record.texts.get(dated[0], "")
    if not text:
        raise Unreadable("没有填写日期", "请服务方补上")
    day = read_span(text, None).starts_on
    if asked and (day.year, asked[1] and day.month) != asked:
        raise Unreadable(f"{day} 不在所问的期间之内", "请服务方核对接口")
    return day.year, day.month if grid else None


def _row_id(record: Record, source: PullSource, form: Form) -> str:
    """A row of a month grid is a person's month, whatever the service calls its days."""
    if form.layout == "rows":
        return record.id
    who = [text for name, text in record.texts.items() if name not in ("day", "mark")]
    return f"{source.id}#{'|'.join(who)}"[:200]


def _name(form: Form, period: Period) -> str:
    year, month = period
    return f"{year}年{f'{month}月' if month else ''}{form.name}"


def _grid(table: Table, source: PullSource, form: Form) -> Grid:
    """A sheet as an office would keep it. It knows merging: a blank cell is blank."""
    columns = list(source.columns)
    header: list[Cell] = [ID, VERSION, *(form.fields[name].headers[0] for name in columns)]
    grid = form.layout == "month_grid"
    header += [str(day) for day in _DAYS] if grid else []
    rows: list[list[Cell]] = [[table.name, *[""] * (len(header) - 1)], header]
    for name, records in table.rows:
        first = records[0]
        cells: list[Cell] = [name, first.version, *(first.texts[c] for c in columns)]
        rows.append([*cells, *(_marks(records) if grid else [])])
    return Grid(table.name, rows, rows)


def _marks(records: Sequence[Record]) -> list[Cell]:
    """The marks of a month; a day with two different ones shows both, which no mark is."""
    said: dict[int, set[str]] = defaultdict(set)
    for record in records:
        said[read_span(record.texts["day"], None).starts_on.day].add(record.texts["mark"])
    return ["/".join(sorted(said[day] - {""})) if day in said else "" for day in _DAYS]


def _unread(workbook: Workbook, tables: Iterable[Table]) -> Iterator[CellProblem]:
    """Rows that reading passed over in silence, as it does with totals of a file."""
    read = {(sheet.sheet, row.number) for sheet in workbook.sheets for row in sheet.rows}
    told = {(p.sheet, p.row) for p in workbook.problems if p.severity == "error"}
    for table in tables:
        for number, (_, records) in enumerate(table.rows, start=_TOP):
            silent = all(r.texts.get("mark") == "" for r in records)
            if (table.name, number) not in read | told and not silent:
                what = "这一行像是合计或说明，没有读入"
                yield CellProblem(table.name, number, "", "error", what, "请服务方核对这一行")


def _extent(reading: Reading, form: Form) -> Extent:
    source, records = reading.source, reading.records.values()
    came = {_row_id(r, source, form) for r in records if not r.is_deleted} | reading.unread
    # A deleted day of a month grid is a day of the month that did not come.
    deleted = {r.id for r in records if r.is_deleted and form.layout == "rows"}
    # Of a row without id nobody knows which earlier one it repeats: then nothing counts as gone.
    whole = source.reads == "whole" and not reading.is_nameless
    return Extent(whole, frozenset(came), frozenset(deleted))


def _placed(problem: CellProblem, table: Table, source: PullSource, form: Form) -> CellProblem:
    records = table.at(problem.row)[1]
    record, field = records[0], ""
    columns = {letter(n): name for n, name in enumerate(source.columns, start=2)}
    days = {letter(2 + len(columns) + day - 1): day for day in _DAYS}
    if problem.column in columns:
        field = source.columns[columns[problem.column]].field or ""
    elif form.layout == "month_grid" and problem.column in days:
        of_day = (
            r for r in records
            if read_span(r.texts["day"], None).starts_on.day == days[problem.column]
        )  # fmt: skip
        record, field = next(of_day, record), source.mark.field or "" if source.mark else ""
    what = f"“{field}”：{problem.what}" if field else problem.what
    return replace(problem, sheet=f"第{record.page}页", row=record.row, column="", what=what)
