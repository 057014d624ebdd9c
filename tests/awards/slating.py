"""Lists of nominees as offices send them, and their review in a small invented world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.awards.gating import Gate
from tests.scenarios.world import World, all_covers, moment, months
from tracker.awards.slate import read_slate
from tracker.awards.slate_book import returned_book
from tracker.awards.slate_review import Review, Reviewed, review
from tracker.ledger.forms import load_forms

DAY = date(2020, 12, 1)
SINCE = (date(2017, 1, 1), None)
HEAD = ("序号", "姓名", "工作单位", "推荐类别", "市州", "备注")
TITLE = ("全省脱贫攻坚帮扶先进个人推荐名单",)
Rows = Sequence[Sequence[Any]]


def told_of(world: World) -> None:
    """A captain and a member of one team, two of one name, two units."""
    Gate(world)
    world.unit("甲局", "东村")
    world.unit("乙局", "西村")
    world.cadre("赵甲", "甲局", "东村", SINCE)
    world.post("赵甲", "captain", "东村工作队", SINCE)
    world.cadre("钱乙", "甲局", "东村", SINCE)
    for unit in ("甲局", "乙局"):
        world.ids.pop("孙丙", None)
        world.person("孙丙", unit)
    world.did("甲局", "committee_study", *months("2020-01", "2020-04"))
    world.reported(months("2019-01", "2020-10"))


def book(path: Path, **sheets: Rows) -> Path:
    """A workbook of these sheets."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def row(name: str, unit: str = "", kind: str = "", area: str = "") -> tuple[Any, ...]:
    """One row under HEAD."""
    return (1, name, unit, kind, area, "")


def reviewed(world: World, path: Path, award: str = "", kind: str = "") -> Review:
    """The list judged as of DAY."""
    slate = read_slate(path, load_forms(), today=DAY)
    return review(
        world.connection, world.law, all_covers(), slate, award=award, kind=kind,
        as_of=DAY, known_at=moment(DAY, 23),
    )  # fmt: skip


def people(world: World, folder: Path, *rows: Sequence[Any], **said: str) -> tuple[Reviewed, ...]:
    """Rows of a list of persons under one title, judged; the first stands in row 3."""
    path = book(folder / "名单.xlsx", 名单=[TITLE, HEAD, *rows])
    return reviewed(world, path, **said).rows


def returned(found: Review) -> Workbook:
    """The copy that goes back, as an office opens it."""
    return load_workbook(BytesIO(returned_book(found, moment(DAY, 12))))
