"""The open sample, read and stored: its size, its traps, and facts to check oneself against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from chinese_calendar import is_workday
from ruamel.yaml import YAML

from tests.ledger import books as b
from tracker import tables
from tracker.db import open_engine, transaction
from tracker.ledger.apply import COVERAGE, LINES
from tracker.ledger.directory import SUBJECTS, TIES
from tracker.ledger.forms import load_forms
from tracker.ledger.reading import read_workbook
from tracker.ledger.report import ImportReport
from tracker.ledger.sheets import Workbook
from tracker.ledger.store import store_workbook
from tracker.registry.lookup import find_subject
from tracker.resources import folder

SAMPLE = Path(__file__).parents[1] / "fixtures" / "华池县2019年帮扶工作台账.xlsx"


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return read_workbook(SAMPLE, load_forms(), today=date(2020, 1, 9))


@pytest.fixture(scope="module")
def stored(workbook: Workbook) -> Iterator[tuple[sa.Engine, ImportReport]]:
    engine = open_engine("sqlite://")
    tables.METADATA.create_all(engine)
    yield engine, store(engine, workbook)
    engine.dispose()


def store(engine: sa.Engine, workbook: Workbook) -> ImportReport:
    path = folder("duties") / "vocabulary.yaml"
    vocabulary = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    with transaction(engine) as connection:
        return store_workbook(
            connection,
            workbook,
            vocabulary=vocabulary,
            is_working_day=is_workday,
            now=b.NOW,
            operator="测试员",
        )


@pytest.fixture
def engine(stored: tuple[sa.Engine, ImportReport]) -> sa.Engine:
    return stored[0]


def subject(engine: sa.Engine, text: str) -> int:
    with engine.connect() as connection:
        return find_subject(connection, text)


def lines(engine: sa.Engine, who: str, kind: str, *where: sa.ColumnElement[bool]) -> list[Any]:
    query = sa.select(LINES.c.day, sa.cast(LINES.c.quantity, sa.Integer).label("quantity"))
    query = query.where(
        LINES.c.subject_id == subject(engine, who), LINES.c.kind == kind, *where
    ).order_by(LINES.c.day)
    with engine.connect() as connection:
        return list(connection.execute(query).all())


def test_all_rows_but_the_wrong_ones_are_stored(stored: tuple[sa.Engine, ImportReport]) -> None:
    _, report = stored
    assert {s.sheet: s.refused for s in report.sheets if s.refused} == {
        "会议台账": 1,
        "领导到村": 1,
        "入户走访": 2,
    }
    assert report.of("question") == []
    assert sum(s.added for s in report.sheets) == report.entries > 7000
    assert report.lines > 50000


def test_the_registry_has_the_size_that_is_told(engine: sa.Engine) -> None:
    def count(*where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(SUBJECTS).where(*where)
        with engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def tied(kind: str) -> int:
        query = sa.select(sa.func.count(TIES.c.from_id.distinct())).where(TIES.c.kind == kind)
        with engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    assert count(SUBJECTS.c.kind == "township") == 15
    assert count(SUBJECTS.c.kind == "village") == 56
    assert count(SUBJECTS.c.kind == "unit") == 60
    assert count(SUBJECTS.c.kind == "team") == 56
    assert count(SUBJECTS.c.sort == "household") == 799
    assert tied("member_of_team") == 172
    assert tied("paired_with") == 350


def test_training_days_are_those_written_not_the_span(engine: sa.Engine) -> None:
    for who, days in (("沈丁亥@华池县水务局", 4), ("史己巳@华池县民政局", 5)):
        cadre = LINES.c.counterpart_id == subject(engine, who)
        assert sum(r.quantity for r in lines(engine, "华池县", "training", cadre)) == days


def test_attendance_is_counted_to_the_day(engine: sa.Engine) -> None:
    assert len(lines(engine, "于辛丑@甘肃陇东例示投资集团有限公司", "overnight")) == 159
    assert len(lines(engine, "云癸丑@华池县应急管理局", "overnight")) == 164


def test_a_row_that_stands_there_twice_is_two_lines_of_one_day(engine: sa.Engine) -> None:
    household = LINES.c.counterpart_id == subject(engine, "HC0117")
    days = [r.day for r in lines(engine, "齐未@华池县人民法院", "household_visit", household)]
    assert days == [date(2019, 4, 11)] * 2


def test_an_impossible_day_is_never_moved(engine: sa.Engine) -> None:
    household = LINES.c.counterpart_id == subject(engine, "HC2314")
    found = lines(engine, "严午@中共华池县委宣传部", "household_visit", household)
    assert len(found) == 1
    assert found[0].day not in (date(2019, 2, 28), date(2019, 3, 1))


def test_a_staff_meeting_is_no_study(engine: sa.Engine) -> None:
    assert len(lines(engine, "华池县卫生健康局", "committee_study")) == 3
    assert len(lines(engine, "华池县卫生健康局", "other_meeting")) == 2


def test_leaders_visits_are_each_leaders_own(engine: sa.Engine) -> None:
    assert len(lines(engine, "岑丁亥@中共华池县委统战部", "leader_visit")) == 1
    assert len(lines(engine, "昌癸巳@华池县教育局", "leader_visit")) == 1
    assert lines(engine, "卜丙午@华池县工业和信息化局", "leader_visit") == []


def test_a_month_without_a_captains_meeting_stays_empty(engine: sa.Engine) -> None:
    for township, month in (("乔川乡", 9), ("白马乡", 4)):
        months = {row.day.month for row in lines(engine, township, "captains_meeting")}
        assert month not in months
        assert len(months) >= 9


def test_every_list_covers_the_whole_year_for_the_county(engine: sa.Engine) -> None:
    query = sa.select(COVERAGE.c.form, sa.func.count(COVERAGE.c.month.distinct())).where(
        COVERAGE.c.scope_id == subject(engine, "华池县")
    )
    with engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(query.group_by(COVERAGE.c.form))}
    assert set(found.values()) == {12}
    assert "attendance" not in found
    assert len(found) == 11


def test_the_whole_year_sent_again_is_the_same(engine: sa.Engine, workbook: Workbook) -> None:
    again = store(engine, workbook)
    assert again.is_unchanged
    assert (again.entries, again.lines) == (0, 0)
