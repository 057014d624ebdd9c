"""指标台账: every target of a body, where it should be by now, its way drawn, and room for the next
figures: it is the form that is filled in and imported back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tracker.delivery.documents.charts import Chart
from tracker.delivery.documents.sheets import Printout, Sheet, Table
from tracker.evaluation.narrate import amount, short_date, status_name
from tracker.frames import absent
from tracker.ledger.forms import Form
from tracker.registry.spelling import clean
from tracker.targets.filed import Filed
from tracker.targets.progress import Progress

ROAD, REPORTED = "节点目标", "上报数"
COLUMNS = (
    "条款",
    "指标",
    "计量单位",
    "要求",
    "节点",
    "此时应到",
    "现为",
    "现为日期",
    "判定",
    "原文待核",
)
_SHOWN = ("条款", "要求", "节点", "此时应到", "现为", "判定", "原文待核")
_FILLED_IN = {"body": 14, "indicator": 24, "unit": 9, "value": 12, "day": 13, "basis": 16}
_WIDTHS = {
    "条款": 8,
    "要求": 12,
    "节点": 11,
    "此时应到": 10,
    "现为": 14,
    "判定": 16,
    "原文待核": 26,
}
_CHARTS = (8.5,) * 16
_NOT_REPORTED, _NONE = "未报", "—"
_TO_FILL_IN, _NOT_SHOWN = ("",) * 3, ("",) * 5


def target_sheet(
    body: str, found: Sequence[Progress], as_of: date, form: Form, rows: Sequence[Filed] = ()
) -> Printout:
    """The printout of one body's targets, of every document. `form`: 指标台账, whose columns it
    has; `rows`: what the body's own ledger of the year holds already, printed as filled in."""
    documents = dict.fromkeys(one.document.number or one.document.title for one in found)
    how = "在空着的“数值”“数据日期”两栏填上新的数，可以直接导入；不填的行不算。已报的数请保留。"
    lines = (f"填报单位：{body}", "填报日期：", how)
    sheets = [Sheet(form.name, *_table(body, found, form, rows, lines), ("填表人", "审核人"))]
    charts = tuple(chart_of(one) for one in found if one.drawable)
    if charts:
        told = "虚线为文件定的节点，实线为上报数；横轴的年份指年末；累计的指标过一个节点从零算起。"
        sheets.append(Sheet("进度图", _CHARTS, (told,), (), charts=charts))
    subtitle = f"{'、'.join(documents)}　截至{short_date(as_of)}的判定"
    return Printout(f"{body}{as_of.year}年{form.name}", subtitle, tuple(sheets))


def _table(
    body: str, found: Sequence[Progress], form: Form, filed: Sequence[Filed],
    lines: tuple[str, ...],
) -> tuple[tuple[float, ...], tuple[str, ...], tuple[Table, ...]]:  # fmt: skip
    """Widths, lines and the table: what is shown and what is filled in, side by side."""
    heads = {name: form.fields[name].headers[0] for name in _FILLED_IN}
    left = ("条款", heads["body"], heads["indicator"], heads["unit"], *_SHOWN[1:-1])
    columns = (*left, heads["value"], heads["day"], heads["basis"], _SHOWN[-1])
    widths = _WIDTHS | {heads[name]: width for name, width in _FILLED_IN.items()}
    rows: list[tuple[str, ...]] = []
    for one in found:
        cite, name, unit, required, on, should_be, now, _, judged, doubt = target_row(one)
        rows += (_again(row, cite) for row in filed if clean(row.indicator) == clean(name))
        shown = (cite, body, name, unit, required, on, should_be, now, judged)
        rows.append((*shown, *_TO_FILL_IN, doubt))
    asked = {clean(one.target.name) for one in found}
    rows += (_again(row, _NONE) for row in filed if clean(row.indicator) not in asked)
    centred = {"条款", heads["unit"], "要求", "节点", "此时应到", "现为"}
    table = Table(form.name, columns, rows, left=frozenset({*columns} - centred))
    return tuple(widths[name] for name in columns), lines, (table,)


def _again(row: Filed, cite: str) -> tuple[str, ...]:
    """A row that was filed before, as it was written."""
    return (cite, row.body, row.indicator, row.unit, *_NOT_SHOWN, row.value, row.day, row.basis, "")


def target_row(one: Progress) -> tuple[str, ...]:
    """One target as a row of the sheet and of the list."""
    finding, target = one.finding, one.target
    latest = one.reported[-1] if one.reported else None
    return (
        target.cite, target.name, target.unit, required_of(one), finding["deadline"].isoformat(),
        _NONE if one.should_be is None else amount(round(one.should_be, 2)),
        amount(latest[1]) if latest else _NOT_REPORTED,
        latest[0].isoformat() if latest else _NONE,
        status_name(finding), target.contradiction,
    )  # fmt: skip


def required_of(one: Progress) -> str:
    """'不低于11000', '不高于5', or why nothing is asked today."""
    required = one.finding["required"]
    if absent(required) or one.finding["status"] == "not_applicable":
        return _NONE
    word = "不高于" if one.target.at_least is None else "不低于"
    both = one.target.at_least is not None and isinstance(one.target.at_most, int | Decimal)
    most = f"，不高于{one.target.at_most}" if both else ""
    return word + amount(float(required)) + most


def chart_of(one: Progress) -> Chart:
    """The way of one target and what was reported of it."""
    lines = ((ROAD, one.road), (REPORTED, one.reported))
    return Chart(one.target.name, one.target.unit, lines)
