"""Pulling: what a service said becomes rows by id; of a row that came twice the newest counts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tracker.clock import SHANGHAI
from tracker.ledger.forms import Forms
from tracker.ledger.pull.model import Column, Cursor, Path, PullSource
from tracker.ledger.sheets import CellProblem
from tracker.ledger.written import Unreadable, tight

_LONGEST = 120  # of an id or a version
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # no database takes them
_STAMPS = {"unix": 1, "unix_ms": 1000}
Period = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came: `rows` are its JSON values. `period`: what was asked, None: anything;
    `number` from 1 on."""

    number: int
    rows: list[Any]
    period: Period | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row by its lasting id. `texts`: by field of the form, also 'day' and 'mark' of a month
    grid; `version` as the cursor's field says it; `page` and `row` from 1 on."""

    id: str
    version: str
    page: int
    row: int
    period: Period | None
    is_deleted: bool
    texts: dict[str, str]


@dataclass(slots=True)
class Reading:
    """All that a service said this time. `versions`: of every row that says how new it is;
    `problems`: of rows that cannot be taken; `unread`, `waiting`: their ids and versions;
    `is_nameless`, `is_unordered`: one of them says none."""

    source: PullSource
    pages: int = 0
    sha256: str = ""
    records: dict[str, Record] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)
    problems: list[CellProblem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    is_nameless: bool = False
    is_unordered: bool = False


def read_pages(source: PullSource, pages: Iterable[Page], forms: Forms) -> Reading:
    """The rows of all pages; repeated ones once."""
    reading, digest = Reading(source), hashlib.sha256()
    for page in pages:
        reading.pages += 1
        digest.update(page.sha256.encode())
        for number, said in enumerate(page.rows, start=1):
            name, version = _name(source, said), _version(source, said)
            reading.versions |= {version} - {""}
            try:
                record = _record(source, page, number, said, (name, version), forms)
            except Unreadable as error:
                told = CellProblem(f"第{page.number}页", number, "", "error", error.what, error.fix)
                reading.problems.append(told)
                reading.unread |= {name} - {""}
                reading.waiting |= {version} - {""}
                reading.is_nameless = reading.is_nameless or not name
                reading.is_unordered = reading.is_unordered or not version
                continue
            before = reading.records.get(record.id)
            if before is None or not _is_newer(source.cursor, before, record):
                reading.records[record.id] = record
    reading.sha256 = digest.hexdigest()
    return reading


def order(cursor: Cursor, version: str) -> tuple[Decimal, str]:
    """What two versions are compared by; nothing said is older than anything. Raises ValueError
    or InvalidOperation for what is no number or moment."""
    if not version:
        return Decimal("-Infinity"), ""
    if cursor.order == "text":
        return Decimal(0), version
    return (moment_of(version) if cursor.order == "time" else Decimal(version)), ""


def moment_of(version: str) -> Decimal:
    """The Unix second of '2020-01-09T08:00:00+08:00'; a moment without a zone is ours."""
    moment = datetime.fromisoformat(version)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return Decimal(str(moment.timestamp()))


def pick(said: Any, path: Path) -> Any:
    """The value at 'a.b.0' of a JSON value; None where there is none."""
    for step in path.split(".") if path else ():
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isdecimal() and int(step) < len(said):
            said = said[int(step)]
        else:
            return None
    return said


def _record(
    source: PullSource, page: Page, number: int, said: Any, known: tuple[str, str], forms: Forms
) -> Record:
    """One row, whose id and version are known. Raises Unreadable for what cannot be told from
    other rows, or not be read."""
    name, version = known
    if not isinstance(said, dict):
        raise Unreadable("这一行不是“键: 值”的形式", "请服务方核对接口")
    if not name:
        what = f"没有编号（{source.row_id}），或编号超过 {_LONGEST} 字"
        raise Unreadable(what, "请服务方给每一行一个不变的编号")
    if source.cursor and not version:
        raise Unreadable(f"“{source.cursor.field}”空着或写法不对", "请服务方补上更新的次序")
    gone = source.deleted
    deleted = gone is not None and _text(pick(said, gone.field)) in gone.is_
    columns = dict(source.columns) | {
        key: column for key, column in (("day", source.day), ("mark", source.mark)) if column
    }
    texts = {} if deleted else {key: _cell(said, c, forms) for key, c in columns.items()}
    return Record(name, version, page.number, number, page.period, deleted, texts)


def _name(source: PullSource, said: Any) -> str:
    """The id of a row among those of all sources, '' where it has none."""
    name = _text(pick(said, source.row_id)) if isinstance(said, dict) else ""
    return f"{source.id}#{name}" if 0 < len(name) <= _LONGEST else ""


def _version(source: PullSource, said: Any) -> str:
    """How new a row is, '' where it does not say so in the order of the cursor."""
    if source.cursor is None:
        return ""
    text = _text(pick(said, source.cursor.field))
    try:
        fits = order(source.cursor, text)[0].is_finite() and len(text) <= _LONGEST
    except (ValueError, OverflowError, InvalidOperation):
        fits = False
    return text if fits else ""


def _is_newer(cursor: Cursor | None, one: Record, other: Record) -> bool:
    return cursor is not None and order(cursor, one.version) > order(cursor, other.version)


def _cell(said: Any, column: Column, forms: Forms) -> str:
    """What stands in the cell. Raises Unreadable."""
    if column.constant is not None:
        return column.constant
    text = _text(pick(said, column.field or ""))
    text = column.values.get(text, text)
    if tight(text) in forms.words.ditto:  # which row is above is an accident of paging
        raise Unreadable(f"“{column.field}”写着“{text}”，不知指哪一行", "请服务方写明")
    return str(_day(text, column)) if column.format and text else text


def _text(value: Any) -> str:
    """A JSON value as the text of a cell: several as 甲、乙; what has parts of its own as JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(filter(None, map(_text, value)))
    if isinstance(value, str):
        return _ILLEGAL.sub("", value).strip()
    return json.dumps(value, ensure_ascii=False)


def _day(text: str, column: Column) -> date:
    """The day here of a moment as the service writes it. Raises Unreadable."""
    try:
        if column.format in _STAMPS:
            moment = datetime.fromtimestamp(float(text) / _STAMPS[column.format], UTC)
        else:
            moment = datetime.strptime(text, column.format)  # noqa: DTZ007  # the zone is optional
    except (ValueError, OverflowError, OSError):
        raise Unreadable(
            f"“{column.field}”的“{text}”不合写法 {column.format}", "请核对来源里的 format"
        ) from None
    return moment.astimezone(SHANGHAI).date() if moment.tzinfo else moment.date()
