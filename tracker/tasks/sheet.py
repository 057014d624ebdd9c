"""The task ledger on paper: a workbook with lights that is filled in and imported back.

Its table has the columns of the form task_ledger; what else it shows, the form passes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import PatternFill

from tracker.ledger.forms import Form
from tracker.ledger.pages import Page, Value, new_book
from tracker.policy.model import Document
from tracker.registry.areas import county_of, prefecture_of
from tracker.registry.roles import COUNTY_CODE
from tracker.tasks.view import TaskRow, totals

_WIDTHS = {
    "serial": 6, "cite": 8, "task": 28, "member": 16, "lead": 22, "taking_part": 18, "due": 12,
    "light": 12, "left": 10, "closed_on": 12, "basis": 18, "progress": 20, "number": 10,
}  # fmt: skip
_HEADS = {
    "serial": "序号", "cite": "条款", "taking_part": "配合单位", "due": "期限", "light": "亮灯",
    "left": "剩余天数", "number": "判定编号",
}  # fmt: skip
_LEFT = ("task", "taking_part", "basis", "progress")
_SIGNED_BY = ("填表人", "审核人")


def task_book(rows: Sequence[TaskRow], form: Form, *, area: str, reporter: str) -> Workbook:
    """A workbook of all these rows, of one area. `reporter`: who fills it in. `rows`: not empty."""
    as_of, book = rows[0].as_of, new_book()
    page = Page(book, form.name, list(_WIDTHS.values()))
    page.title(title(area, as_of))
    half = len(_WIDTHS) // 2
    page.parts((f"填报单位：{reporter}", half), ("填报日期：", len(_WIDTHS) - half))
    page.line(f"截至 {day(as_of)} 的判定。{totals(rows)}")
    page.header([_head(form, name) for name in _WIDTHS])
    several = len({row.document.id for row in rows}) > 1
    for number, row in enumerate(rows, 1):
        _row(page, number, row, several=several)
    for text in _notes(rows):
        page.line(text)
    page.signatures(*_SIGNED_BY)
    return book


def area_of(document: Document) -> str:
    """The county or prefecture that reports what a document asks, by its full name."""
    code = document.area.code[:COUNTY_CODE].ljust(COUNTY_CODE, "0")
    chain = county_of(code) or prefecture_of(code)
    return chain[-1].name if chain else document.area.name


def title(area: str, as_of: date) -> str:
    """The title of the sheet and the stem of its file: they tell area and year to an import."""
    return f"{area}{as_of.year}年任务台账"


def day(value: date | None) -> str:
    """2020.6.30, as offices write it and imports read it."""
    return f"{value.year}.{value.month}.{value.day}" if value else ""


def _head(form: Form, name: str) -> str:
    return form.fields[name].headers[0] if name in form.fields else _HEADS[name]


def _row(page: Page, number: int, row: TaskRow, *, several: bool) -> None:
    document, cite = row.document, row.task.cite
    values: dict[str, Value] = {
        "serial": number,
        "cite": f"{document.number or document.title} {cite}" if several else cite,
        "task": row.task.name,
        "member": row.member,
        "lead": row.lead,
        "taking_part": "、".join(row.task.taking_part),
        "due": day(row.due),
        "light": str(row.shown),
        "left": row.left,
        "closed_on": day(row.closed_on),
        "basis": row.basis,
        "progress": row.progress,
        "number": f"#{row.number}" if row.number else "",
    }
    middle = [i for i, name in enumerate(_WIDTHS) if name not in _LEFT]
    at = page.cells((values[name] for name in _WIDTHS), centred=middle, tall=row.shown.open)
    if row.shown.fill:
        column = list(_WIDTHS).index("light") + 1
        page.sheet.cell(at, column).fill = PatternFill("solid", start_color=row.shown.fill)


def _notes(rows: Iterable[TaskRow]) -> Iterable[str]:
    """What a reader must know; lines that begin like this are not read as data."""
    found = list(rows)
    yield "注：填好“办结日期”“依据”“进展”，用 tracker import 导入即销号；没有办结的只写进展。"
    unknown = [r.lead for r in found if r.lead_id is None]
    if unknown:
        names = "、".join(dict.fromkeys(unknown))
        yield f"注：没有登记的牵头单位：{names}。请先导入部门单位名册，再销号。"
    for row in {r.task.id: r for r in found if r.task.contradiction}.values():
        yield f"注：“{row.task.name}”原文待核：{row.task.contradiction}"
