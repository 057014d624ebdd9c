"""From a week to its attachments: the full list as a workbook, the weekly report as a paper.

The same week gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tracker.delivery.documents.render import render
from tracker.delivery.documents.sheets import Printout, Sheet, Table, as_xlsx
from tracker.digest.parts import Item, Section
from tracker.digest.week import Week
from tracker.evaluation.narrate import short_date
from tracker.outbox import Attachment

PAPER = "周报"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_COLUMNS = (
    "序号", "对象", "责任单位", "事项", "依据", "考核期", "完成/要求", "现状", "日期", "说明",
)  # fmt: skip
_WIDTHS = (6, 34, 26, 30, 14, 16, 14, 14, 14, 40)
_LEFT = frozenset({"对象", "责任单位", "事项", "说明"})
_COUNTS = ("判定", "现有", "上次", "增减")
_COUNT_WIDTHS = (24, 14, 14, 14)
_FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)
_WRITTEN_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def files(week: Week, facts: Mapping[str, Any], home: Path | None) -> tuple[Attachment, ...]:
    """The workbook and the paper. Raises LuzeError for a mistaken template."""
    stem = f"{week.name}帮扶履责周报_{week.as_of}"
    return (
        Attachment(f"{stem}.xlsx", f"{_OPEN_XML}.spreadsheetml.sheet", workbook(week)),
        Attachment(
            f"{stem}.docx", f"{_OPEN_XML}.wordprocessingml.document",
            _same(render(PAPER, facts, home=home), week),
        ),
    )  # fmt: skip


def workbook(week: Week) -> bytes:
    """Every section in full on a sheet of its own, after one with the figures."""
    title = f"{week.name}帮扶履责周报"
    subtitle = f"{short_date(week.as_of)}　检查截至{short_date(week.checked.night, week.as_of)}"
    parts = (*week.sections, week.missed)
    sheets = (_overview(week), *(_listed(part) for part in parts if part.total))
    return _same(as_xlsx(Printout(title, subtitle, sheets)), week)


def _overview(week: Week) -> Sheet:
    sections = Table("本周", ("部分", "项数"), [(part.title, part.total) for part in week.sections])
    counts = [
        (count.name, count.now, "—" if count.then is None else count.then, count.change or "—")
        for count in week.counts
    ]
    since = f"与{short_date(week.since, week.as_of)}的检查相比" if week.since else "没有可比的检查"
    stale = [_alarm(week)] if week.checked.stale else []
    return Sheet("概况", _COUNT_WIDTHS, tuple(stale), (sections, Table(since, _COUNTS, counts)))


def _alarm(week: Week) -> str:
    night = short_date(week.checked.night, week.as_of)
    return f"检查已中断：最近一次检查是{night}，此后{week.checked.missed}夜没有检查"


def _listed(section: Section) -> Sheet:
    rows = [_row(number, item) for number, item in enumerate(section.items, 1)]
    rest = section.total - len(section.items)
    lines = (f"共{section.total}项，列出前{len(section.items)}项",) if rest else ()
    used = [i for i in range(len(_COLUMNS)) if any(row[i] != "" for row in rows)]
    columns, widths = tuple(_COLUMNS[i] for i in used), tuple(_WIDTHS[i] for i in used)
    told = [[row[i] for i in used] for row in rows]
    table = Table(section.title, columns, told, left=_LEFT, filtered=True)
    return Sheet(section.title, widths, lines, (table,))


def _row(number: int, item: Item) -> tuple[str | float, ...]:
    day = short_date(item.day) if item.day else ""
    return (
        number, item.who, item.body, item.what, item.cite, item.window, item.done, item.status,
        day, item.said,
    )  # fmt: skip


def _same(data: bytes, week: Week) -> bytes:
    """An Office file without the moments at which it was put together."""
    stream = io.BytesIO()
    moment = f"{week.as_of}T00:00:00Z".encode()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in _parts(data):
            told = _WRITTEN_AT.sub(rb"\g<1>" + moment, part) if name.endswith("core.xml") else part
            info = zipfile.ZipInfo(name, _FIRST_MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, told)
    return stream.getvalue()


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            yield info.filename, archive.read(info)
