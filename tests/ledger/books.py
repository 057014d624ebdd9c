"""Workbooks by hand, as reading would hand them over, for tests of storing.

One small invented county-year in 华池县: three townships, two villages named 张岔村, two people
named 王乙, a cadre who moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from chinese_calendar import is_workday

from tracker.clock import SHANGHAI
from tracker.db import transaction
from tracker.ledger.apply import ENTRIES, LINES
from tracker.ledger.directory import SUBJECTS
from tracker.ledger.report import ImportReport
from tracker.ledger.sheets import DaySpan, FormSheet, Row, Workbook
from tracker.ledger.store import store_workbook
from tracker.policy.model import Pack

NOW = datetime(2020, 1, 9, 9, 0, tzinfo=SHANGHAI)
FILED = date(2020, 1, 6)
OFFICE = "华池县脱贫攻坚帮扶工作协调领导小组办公室"
WATER, AUDIT, INDUSTRY = "华池县水务局", "华池县审计局", "华池县工业和信息化局"
VOCABULARY: Mapping[str, Mapping[str, str]] = {
    "kinds": {"other_meeting": "其他会议", "inspection": "督查检查或随机暗访"},
    "as": {"organiser": "组织", "performer": "履行", "participant": "参加"},
}


def sheet(
    form: str,
    *rows: Mapping[str, Any],
    month: int | None = None,
    year: int | None = 2019,
    reporter: str = OFFICE,
    filed_on: date | None = FILED,
    name: str = "",
) -> FormSheet:
    """A recognised sheet; rows are numbered from 4, columns lettered in order. A row's key
    'marks' holds the days of a month grid."""
    made = []
    for number, values in enumerate(rows, start=4):
        fields = {k: v for k, v in values.items() if k != "marks"}
        columns = {k: chr(ord("A") + i) for i, k in enumerate(fields)}
        made.append(Row(number, fields, {}, columns, dict(values.get("marks", {}))))
    return FormSheet(name or form, form, year, month, reporter, filed_on, made)


def book(*sheets: FormSheet, file_name: str = "台账.xlsx") -> Workbook:
    """A workbook of these sheets."""
    return Workbook(file_name, "0" * 64, list(sheets), [])


def store(
    engine: sa.Engine, workbook: Workbook, *, now: datetime = NOW, area: str | None = None,
    packs: Sequence[Pack] = (),
) -> ImportReport:  # fmt: skip
    """Store a workbook in a transaction of its own."""
    with transaction(engine) as connection:
        return store_in(connection, workbook, now=now, area=area, packs=packs)


def store_in(
    connection: sa.Connection,
    workbook: Workbook,
    *,
    now: datetime = NOW,
    area: str | None = None,
    packs: Sequence[Pack] = (),
) -> ImportReport:
    """Store a workbook in a transaction that the caller ends."""
    return store_workbook(
        connection,
        workbook,
        vocabulary=VOCABULARY,
        is_working_day=is_workday,
        now=now,
        operator="测试员",
        area=area,
        packs=packs,
    )


def units(*extra: Mapping[str, Any]) -> FormSheet:
    """帮扶单位: three units and four villages, two of one name."""
    return sheet(
        "assisting_units",
        unit(WATER, "乔川乡", "艾蒿掌村", head="尤壬午", deputy_in_charge="顾辛丑"),
        unit(AUDIT, "林镇乡", "张岔村", head="韩戊申"),
        unit(INDUSTRY, "乔河乡", "张岔村", head="乐丙戌", short_names="县工信局"),
        unit(INDUSTRY, "乔川乡", "杨湾湾村", head="乐丙戌", short_names="县工信局"),
        *extra,
    )


def unit(name: str, township: str, village: str, **more: Any) -> dict[str, Any]:
    """A row of 帮扶单位."""
    return {"unit": name, "level": "county", "township": township, "village": village, **more}


def leaders() -> FormSheet:
    """单位领导."""
    return sheet(
        "unit_leaders",
        leader("尤壬午", WATER, rank="正科级"),
        leader("韩戊申", AUDIT),
        leader("乐丙戌", INDUSTRY),
    )


def leader(person: str, unit: str, **more: Any) -> dict[str, Any]:
    """A row of 单位领导."""
    return {"unit": unit, "person": person, "title": "局长", "from": date(2016, 7, 1), **more}


def cadres(*extra: Mapping[str, Any]) -> FormSheet:
    """驻村干部: two people named 王乙 in two units; 何庚子 moves at mid-year."""
    return sheet(
        "resident_cadres",
        cadre("王乙", INDUSTRY, "乔川乡", "杨湾湾村", title="第一书记兼队长", insurance=True),
        cadre("王乙", AUDIT, "林镇乡", "张岔村", health_check=date(2019, 5, 6)),
        cadre("何庚子", WATER, "乔川乡", "艾蒿掌村", to=date(2019, 6, 30)),
        cadre("何庚子", WATER, "乔河乡", "张岔村", **{"from": date(2019, 7, 1)}),
        *extra,
    )


def cadre(person: str, unit: str, township: str, village: str, **more: Any) -> dict[str, Any]:
    """A row of 驻村干部."""
    row = {"township": township, "village": village, "person": person, "unit": unit}
    return {**row, "title": "队员", "from": date(2018, 3, 1), **more}


def pairings(*extra: Mapping[str, Any]) -> FormSheet:
    """结对帮扶: three households."""
    return sheet(
        "pairings",
        pair("尤壬午", WATER, "乔川乡", "艾蒿掌村", "HC0001", "史乙酉", rank="正科级"),
        pair("韩戊申", AUDIT, "林镇乡", "张岔村", "HC0002", "时辰"),
        pair("王乙", AUDIT, "林镇乡", "张岔村", "HC0003", "罗酉"),
        *extra,
    )


def pair(
    helper: str, unit: str, township: str, village: str, code: str, name: str, **more: Any
) -> dict[str, Any]:
    """A row of 结对帮扶."""
    row = {"helper": helper, "unit": unit, "township": township, "village": village}
    household = {"household": code, "householder": name, "household_type": "一般贫困户"}
    return {**row, **household, "from": date(2017, 6, 12), **more}


def rosters() -> list[FormSheet]:
    """All four rosters."""
    return [units(), leaders(), cadres(), pairings()]


def span(first: date, last: date) -> DaySpan:
    """A span of days."""
    return DaySpan(first, last)


def meeting(day: date, unit: str = WATER, kind: str = "党组会研究帮扶") -> dict[str, Any]:
    """A row of 会议台账."""
    return {"day": day, "name": "专题研究帮扶工作", "type": kind, "unit": unit, "chair": "尤壬午"}


def visit(day: date, person: str, unit: str, place: str) -> dict[str, Any]:
    """A row of 领导到村."""
    return {"day": day, "person": person, "unit": unit, "place": place, "content": "调研"}


def call(day: date, helper: str, household: str, **more: Any) -> dict[str, Any]:
    """A row of 入户走访."""
    return {"day": day, "helper": helper, "household": household, **more}


def days(number: int | str) -> Decimal:
    """A number of days as reading gives it."""
    return Decimal(number)


def live(engine: sa.Engine, form: str) -> list[tuple[str, ...]]:
    """What the live entries of a form say, sorted."""
    with engine.connect() as connection:
        query = sa.select(ENTRIES.c.content)
        query = query.where(ENTRIES.c.form == form, ENTRIES.c.voided_at.is_(None))
        return sorted(tuple(content.values()) for content in connection.scalars(query))


def tally(engine: sa.Engine, *kinds: str) -> list[tuple[Any, ...]]:
    """Live lines (of some kinds) as (subject, kind, role, counterpart, place, day, until), by
    name, sorted."""
    with engine.connect() as connection:
        label = {r.id: r.name for r in connection.execute(sa.select(SUBJECTS))}
        rows = connection.execute(sa.select(LINES).where(LINES.c.voided_at.is_(None))).all()
    found = [
        (
            label[r.subject_id],
            r.kind,
            r.role,
            label.get(r.counterpart_id, ""),
            label.get(r.place_id, ""),
            r.day,
            r.until,
        )
        for r in rows
    ]
    return sorted((f for f in found if not kinds or f[1] in kinds), key=str)
