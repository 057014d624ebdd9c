"""An invented county for tests of liability: every tie that a bar can travel along, once.

华池县 has 城壕镇 with 甲村 (helped by a provincial, a central and a county unit; a team; a paired
household) and 乙村 (helped by the county unit alone, once 省退出厅 had left). 环县 has 丙村, helped
by the provincial unit too. The county unit also helps 外省村, in another province.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.clock import SHANGHAI
from tracker.consequences.tables import Incident
from tracker.db import table
from tracker.registry.tables import Attribute, Post, Subject, Tie

BEGINNING = datetime(2019, 1, 1, 9, 0, tzinfo=SHANGHAI)
NOW = datetime(2021, 3, 1, 9, 0, tzinfo=SHANGHAI)
LEFT = date(2019, 10, 31)  # 褚丙's last day in team and pairing; 省退出厅's last day in 乙村

# name: sort, kind, home, code
SUBJECTS: dict[str, tuple[str, str, str, str]] = {
    "甘肃省": ("body", "province", "", "620000"),
    "庆阳市": ("body", "prefecture", "甘肃省", "621000"),
    "华池县": ("body", "county", "庆阳市", "621023"),
    "环县": ("body", "county", "庆阳市", "621022"),
    "城壕镇": ("body", "township", "华池县", ""),
    "曲子镇": ("body", "township", "环县", ""),
    "甲村": ("body", "village", "城壕镇", ""),
    "乙村": ("body", "village", "城壕镇", ""),
    "丙村": ("body", "village", "曲子镇", ""),
    "省示范厅": ("body", "unit", "", ""),
    "省帮扶厅": ("body", "unit", "", ""),
    "中央在甘所": ("body", "unit", "", ""),
    "县水务局": ("body", "unit", "华池县", ""),
    "县牵头局": ("body", "unit", "华池县", ""),
    "省退出厅": ("body", "unit", "", ""),
    "省教育工委": ("body", "unit", "", ""),
    "甲村驻村帮扶工作队": ("body", "team", "甲村", ""),
    "赵甲": ("person", "", "县水务局", ""),
    "钱乙": ("person", "", "省帮扶厅", ""),
    "褚丙": ("person", "", "中央在甘所", ""),
    "孙丁": ("person", "", "县水务局", ""),
    "HC0001": ("household", "", "华池县", "HC0001"),
    "HC0002": ("household", "", "华池县", "HC0002"),
    "陕西省": ("body", "province", "", "610000"),
    "外省县": ("body", "county", "陕西省", "610000"),
    "外省村": ("body", "village", "外省县", ""),
}
TIES: list[tuple[str, str, str, date | None]] = [
    ("assists", "省帮扶厅", "甲村", None),
    ("assists", "省帮扶厅", "丙村", None),
    ("assists", "中央在甘所", "甲村", None),
    ("assists", "县水务局", "甲村", None),
    ("assists", "县水务局", "乙村", None),
    ("assists", "县水务局", "外省村", None),
    ("assists", "省退出厅", "乙村", LEFT),
    ("governs_sector", "省教育工委", "甘肃省", None),
    ("leads_county", "省示范厅", "华池县", None),
    ("leads_county", "县牵头局", "华池县", None),
    ("member_of_team", "赵甲", "甲村驻村帮扶工作队", None),
    ("member_of_team", "钱乙", "甲村驻村帮扶工作队", None),
    ("member_of_team", "褚丙", "甲村驻村帮扶工作队", LEFT),
    ("dispatches", "县水务局", "赵甲", None),
    ("dispatches", "省帮扶厅", "钱乙", None),
    ("dispatches", "中央在甘所", "褚丙", LEFT),
    ("part_of", "HC0001", "甲村", None),
    ("part_of", "HC0002", "乙村", None),
    ("paired_with", "孙丁", "HC0001", None),
    ("paired_with", "褚丙", "HC0002", LEFT),
]
LEVELS = {
    "省示范厅": "provincial", "省帮扶厅": "provincial", "中央在甘所": "central",
    "县水务局": "county", "县牵头局": "county", "省退出厅": "provincial",
}  # fmt: skip


def settle(connection: sa.Connection) -> dict[str, int]:
    """Store the county; returns the ids by name."""
    ids = {name: number for number, name in enumerate(SUBJECTS, start=1)}
    known: dict[str, Any] = {"recorded_at": BEGINNING}
    connection.execute(table(Subject).insert(), [
        {"id": ids[name], "sort": sort, "kind": kind, "name": name, "home_id": ids.get(home),
         "code": code, **known}
        for name, (sort, kind, home, code) in SUBJECTS.items()
    ])  # fmt: skip
    connection.execute(table(Tie).insert(), [
        {"kind": kind, "from_id": ids[source], "to_id": ids[target], "ends_on": until, **known}
        for kind, source, target, until in TIES
    ])  # fmt: skip
    connection.execute(table(Attribute).insert(), [
        {"subject_id": ids[unit], "name": "level", "value": level, **known}
        for unit, level in LEVELS.items()
    ])  # fmt: skip
    connection.execute(
        table(Post).insert(),
        {
            "person_id": ids["赵甲"],
            "body_id": ids["甲村驻村帮扶工作队"],
            "role": "captain",
            **known,
        },
    )
    return ids


def incident(ids: dict[str, int], kind: str, *qualifiers: str, **values: Any) -> Incident:
    """An incident of 2019-11-20, determined 2020-02-03; `about`, `place`, `household` by name."""
    named = {
        column: ids.get(values.pop(name, ""))
        for name, column in (
            ("about", "subject_id"), ("place", "place_id"), ("household", "household_id"),
        )
    }  # fmt: skip
    defaults: dict[str, Any] = {
        "id": 7, "happened_on": date(2019, 11, 20), "determined_on": date(2020, 2, 3),
        "authority": "市纪委", "operator": "测试", "recorded_at": NOW,
    }  # fmt: skip
    return Incident(kind=kind, qualifiers=list(qualifiers), **{**defaults, **named, **values})
