"""Pulling: what comes by pages is stored as a file would be, once, and never loses what it saw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ledger import books as b
from tests.ledger.pull_service import Service, row, running, source_of, take
from tracker import audit
from tracker.db import transaction
from tracker.ledger.apply import BATCHES, COVERAGE, ENTRIES
from tracker.ledger.forms import load_forms
from tracker.ledger.pull import cursors
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.pulling import Pulled
from tracker.ledger.pull.records import Page, read_pages
from tracker.ledger.pull.workbook import to_workbook
from tracker.ledger.undo import undo_batch

DAYS = ["2019-03-01", "2019-04-02", "2019-05-06", "2019-06-03", "2019-07-01"]


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service()) as service:
        yield service


@pytest.fixture
def known(engine: sa.Engine) -> sa.Engine:
    """A database that knows the rosters."""
    b.store(engine, b.book(b.units(), b.leaders()))
    return engine


def days(engine: sa.Engine) -> list[str]:
    """The days of the live meetings, with repetitions."""
    found = b.tally(engine, "committee_study")
    return sorted(str(line[5]) for line in found if line[2] == "performer")


def cursor(engine: sa.Engine, source: PullSource) -> str:
    with engine.connect() as connection:
        return cursors.current(connection, source)


def figures(pulled: Pulled) -> tuple[int, int, int, int, int]:
    """+ ~ - = and refused."""
    n = pulled.counts
    return n["added"], n["changed"], n["removed"], n["same"], n["refused"]


def told(pulled: Pulled) -> list[tuple[str, int, str]]:
    """Page, row and text of the errors."""
    return [(p.sheet, p.row, p.what) for p in pulled.report.of("error")]


def undo(engine: sa.Engine, batch: int, now: datetime = b.NOW) -> None:
    with transaction(engine) as connection:
        undo_batch(connection, batch, now=now, operator="测试员")


def covered(engine: sa.Engine) -> list[date]:
    c = COVERAGE.c
    query = sa.select(c.month).where(c.form == "unit_meetings", c.voided_at.is_(None))
    with engine.connect() as connection:
        return sorted(connection.scalars(query))


def test_rows_of_several_pages_become_entries_and_the_cursor_moves(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(n, day, n) for n, day in enumerate(DAYS, 1)]
    source = source_of(service)
    pulled = take(known, source)
    assert figures(pulled) == (5, 0, 0, 0, 0)
    assert (pulled.pages, pulled.rows) == (3, 5)
    assert days(known) == DAYS
    assert cursor(known, source) == "0005"
    assert "since" not in service.asked[0]


def test_the_next_reading_begins_at_the_cursor_and_replaces_changed_rows(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[1], 2)]
    source = source_of(service)
    take(known, source)
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[2], 3), row(3, DAYS[3], 4)]
    pulled = take(known, source)
    assert service.asked[-1]["since"] == "0002"
    assert figures(pulled) == (1, 1, 0, 0, 0)
    assert days(known) == [DAYS[0], DAYS[2], DAYS[3]]


def test_rows_that_did_not_come_stay(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[1], 1)]
    source = source_of(service)
    take(known, source)
    service.rows = [row(3, DAYS[2], 2)]
    assert figures(take(known, source)) == (1, 0, 0, 0, 0)
    assert days(known) == DAYS[:3]


def test_a_reading_with_nothing_new_writes_nothing(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, DAYS[0], 1)]
    source = source_of(service)
    take(known, source)
    before = count(known, BATCHES), count(known, ENTRIES)
    pulled = take(known, source)
    assert not pulled.is_kept
    assert (count(known, BATCHES), count(known, ENTRIES)) == before


def count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_deleted_row_is_taken_away_only_where_the_service_says_so(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[1], 1)]
    source = source_of(service, deleted={"field": "gone", "is": ["true"]})
    take(known, source)
    service.rows = [row(1, DAYS[0], 2, gone=True)]
    assert figures(take(known, source)) == (0, 0, 1, 0, 0)
    assert days(known) == [DAYS[1]]


def test_a_row_that_moves_to_another_year_leaves_the_old_one(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, "2018-03-01", 1), row(2, "2018-04-02", 1)]
    source = source_of(service)
    take(known, source)
    service.rows = [row(1, DAYS[0], 2)]
    take(known, source)
    assert days(known) == ["2018-04-02", DAYS[0]]


def test_an_older_version_that_comes_late_changes_nothing(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[1], 7)]
    service.cut_at_since = False
    source = source_of(service)
    take(known, source)
    service.rows = [row(1, DAYS[0], 3)]
    pulled = take(known, source)
    assert pulled.outdated == 1
    assert days(known) == [DAYS[1]]
    assert cursor(known, source) == "0007"


@pytest.mark.parametrize(
    ("updated", "read_on"),
    [
        ("2020-01-09T08:59:59+08:00", "2020-01-09T08:59:59+08:00"),
        ("2020-01-09T01:00:00Z", "2020-01-09T01:00:00Z"),
        ("2020-01-09T09:00:01", "2020-01-08T23:59:59Z"),
    ],
)
def test_a_wrong_clock_over_there_does_not_silence_the_source(
    known: sa.Engine, service: Service, updated: str, read_on: str
) -> None:
    service.rows = [
        row(1, DAYS[0]) | {"updated": updated},
        row(2, DAYS[1]) | {"updated": "2020-01-08T23:59:59Z"},
    ]
    source = source_of(service, cursor={"field": "updated", "param": "since", "order": "time"})
    pulled = take(known, source)
    assert (pulled.cursor, cursor(known, source)) == (read_on, read_on)
    assert pulled.ahead == (updated == "2020-01-09T09:00:01")
    assert days(known) == DAYS[:2]


def test_numbers_are_compared_as_numbers(known: sa.Engine, service: Service) -> None:
    service.cut_at_since = False
    service.rows = [row(1, DAYS[0]) | {"updated": 10}, row(1, DAYS[1]) | {"updated": 9}]
    source = source_of(
        service, cursor={"field": "updated", "param": "since", "order": "number"}, total=None
    )
    take(known, source)
    assert (days(known), cursor(known, source)) == (DAYS[:1], "10")


def test_of_a_row_that_comes_twice_the_newest_counts(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, DAYS[1], 9), row(2, DAYS[2], 2), row(1, DAYS[0], 1)]
    source = source_of(service, total=None)
    pulled = take(known, source)
    assert (pulled.rows, figures(pulled)) == (2, (2, 0, 0, 0, 0))
    assert days(known) == [DAYS[1], DAYS[2]]


def test_rows_alike_but_for_their_ids_are_two_and_change_apart(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[0], 1)]
    source = source_of(service)
    take(known, source)
    assert days(known) == [DAYS[0], DAYS[0]]
    service.rows = [row(1, DAYS[1], 2), row(2, DAYS[0], 2)]
    take(known, source)
    service.rows = [row(2, DAYS[2], 3)]
    take(known, source)
    assert days(known) == [DAYS[1], DAYS[2]]


def test_bad_rows_are_told_with_page_and_row_and_the_rest_is_stored(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [
        row(1, DAYS[0], 1), row(2, "2019-02-30", 2), row(3, DAYS[1], 3, unit="无此单位"),
        row(4, DAYS[2], 4), {**row(5, DAYS[3], 5), "id": None},
    ]  # fmt: skip
    pulled = take(known, source_of(service, total=None))
    assert days(known) == [DAYS[0], DAYS[2]]
    assert {(page, number) for page, number, _ in told(pulled)} == {
        ("第1页", 2), ("第2页", 1), ("第3页", 1),
    }  # fmt: skip
    assert any("“unit”：“无此单位”" in what for _, _, what in told(pulled))


def test_the_cursor_waits_before_a_row_that_cannot_be_stored_until_it_can(
    known: sa.Engine, service: Service
) -> None:
    newcomer = "华池县林业局"
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[1], 2, unit=newcomer), row(3, DAYS[2], 3)]
    source = source_of(service)
    take(known, source)
    assert cursor(known, source) == "0001"
    b.store(known, b.book(b.units(b.unit(newcomer, "乔川乡", "艾蒿掌村"))))
    assert figures(take(known, source)) == (1, 0, 0, 2, 0)
    assert cursor(known, source) == "0003"
    assert days(known) == DAYS[:3]


def test_a_row_that_turns_bad_leaves_what_was_stored_of_it(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[1], 1)]
    source = source_of(service)
    take(known, source)
    service.rows = [row(1, "不详", 2), row(2, DAYS[2], 2)]
    take(known, source)
    assert days(known) == [DAYS[0], DAYS[2]]


def test_a_whole_reading_takes_away_what_the_service_no_longer_has(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(n, day) for n, day in enumerate(DAYS, 1)]
    source = source_of(service, reads="whole")
    take(known, source)
    service.rows = service.rows[1:]
    assert figures(take(known, source)) == (0, 0, 1, 4, 0)
    assert days(known) == DAYS[1:]


def test_a_whole_reading_without_rows_takes_nothing_away(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0])]
    source = source_of(service, reads="whole")
    take(known, source)
    service.rows = []
    assert not take(known, source).is_kept
    assert days(known) == [DAYS[0]]


def test_a_whole_reading_keeps_the_earlier_word_of_a_row_that_turned_bad(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0]), row(2, DAYS[1]), row(3, DAYS[2])]
    source = source_of(service, reads="whole")
    take(known, source)
    service.rows = [row(1, DAYS[0], unit="无此单位"), row(2, DAYS[3])]
    take(known, source)
    assert days(known) == [DAYS[0], DAYS[3]]


def test_a_whole_reading_with_a_row_that_cannot_be_read_keeps_the_earlier_word_of_it(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0]), row(2, DAYS[1]), row(3, DAYS[2])]
    source = source_of(service, reads="whole")
    take(known, source)
    service.rows = [row(1, "同上"), row(2, DAYS[3])]
    pulled = take(known, source)
    assert (days(known), figures(pulled)[-1]) == ([DAYS[0], DAYS[3]], 1)


def test_a_whole_reading_with_a_row_without_id_takes_nothing_away(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0]), row(2, DAYS[1])]
    source = source_of(service, reads="whole", total=None)
    take(known, source)
    service.rows = [row(1, DAYS[2]), row(2, DAYS[1]) | {"id": None}]
    take(known, source)
    assert days(known) == [DAYS[1], DAYS[2]]


def test_a_reading_of_periods_speaks_for_the_years_asked_and_for_no_other(
    known: sa.Engine, service: Service
) -> None:
    source = source_of(
        service, reads="whole", periods={"every": "year", "back": 1}, params={"within": "{year}"}
    )
    service.rows = [row(1, "2018-05-01"), row(2, DAYS[0]), row(3, "2020-01-06")]
    take(known, source_of(service, reads="whole"))
    service.rows = [row(2, DAYS[1])]
    take(known, source)
    assert [asked["within"] for asked in service.asked[-2:]] == ["2019", "2020"]
    assert days(known) == ["2018-05-01", DAYS[1], "2020-01-06"]


def test_a_row_outside_the_period_asked_is_refused(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, "2018-05-01"), row(2, "2018-06-01")]
    take(known, source_of(service, reads="whole"))
    stray = service.reply({"data": [row(1, "2018-05-01")], "total": 1})
    service.script = [stray, service.reply({"data": [], "total": 0})]
    source = source_of(
        service, reads="whole", periods={"every": "year", "back": 1}, params={"within": "{year}"}
    )
    pulled = take(known, source)
    assert told(pulled) == [("第1页", 1, "2018-05-01 不在所问的期间之内")]
    assert days(known) == ["2018-05-01", "2018-06-01"]


def test_only_a_whole_reading_reports_months(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, DAYS[0])]
    take(known, source_of(service))
    assert covered(known) == []
    take(known, source_of(service, id="all", name="会议全表", reads="whole"))
    assert covered(known) == [date(2019, month, 1) for month in range(1, 13)]


def test_changes_over_a_file_keep_its_rows_and_what_it_reported(
    known: sa.Engine, service: Service
) -> None:
    meetings = b.sheet("unit_meetings", b.meeting(date(2019, 2, 1)), filed_on=date(2019, 3, 1))
    b.store(known, b.book(meetings))
    before = covered(known)
    source = source_of(service)
    batches = []
    for n, day in enumerate(DAYS[:2], 1):
        service.rows = [row(n, day, n)]
        batches.append(take(known, source).report.batch_id)
    assert covered(known) == before != []
    assert days(known) == ["2019-02-01", *DAYS[:2]]
    undo(known, batches[1])
    assert covered(known) == before
    assert days(known) == ["2019-02-01", DAYS[0]]


def test_undo_takes_the_cursor_back_so_that_the_rows_come_again(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0], 1)]
    source = source_of(service)
    take(known, source)
    service.rows.append(row(2, DAYS[1], 2))
    second = take(known, source, now=b.NOW + timedelta(days=1))
    undo(known, second.report.batch_id, b.NOW + timedelta(days=2))
    assert (days(known), cursor(known, source)) == ([DAYS[0]], "0001")
    take(known, source, now=b.NOW + timedelta(days=3))
    assert (days(known), cursor(known, source)) == (DAYS[:2], "0002")


def test_a_trial_stores_nothing_and_says_what_it_would(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, DAYS[0], 1)]
    source = source_of(service)
    pulled = take(known, source, dry_run=True)
    assert figures(pulled) == (1, 0, 0, 0, 0)
    assert (days(known), cursor(known, source)) == ([], "")
    assert "试导入" in pulled.text(20, dry_run=True)


def test_reading_afresh_ignores_the_cursor_and_doubles_nothing(
    known: sa.Engine, service: Service
) -> None:
    service.rows = [row(1, DAYS[0], 1), row(2, DAYS[1], 2)]
    source = source_of(service)
    take(known, source)
    pulled = take(known, source, afresh=True)
    assert "since" not in service.asked[-1]
    assert figures(pulled) == (0, 0, 0, 2, 0)
    assert days(known) == DAYS[:2]


def test_a_pull_is_in_the_audit_chain_with_its_batch(known: sa.Engine, service: Service) -> None:
    service.rows = [row(1, DAYS[0], 1)]
    pulled = take(known, source_of(service))
    with known.connect() as connection:
        act = connection.execute(sa.select(sa.table("audit", sa.column("act")))).scalars().all()
        assert audit.verify(connection) == (len(act), None)
    assert act == ["pull"]
    assert pulled.report.batch_id == count(known, BATCHES)


FORMS = load_forms()


@pytest.mark.parametrize("form", FORMS.forms)
@pytest.mark.parametrize("which", ["required", "all"])
def test_every_form_is_known_by_few_columns_and_by_all(form: str, which: str) -> None:
    fields, grid = FORMS.forms[form], FORMS.forms[form].layout == "month_grid"
    names = sorted(fields.required if which == "required" else fields.fields)
    source = source_of(
        Service(url="http://127.0.0.1/"), form=form, reads="whole",
        columns=dict.fromkeys(names, "date"), **({"day": "date", "mark": "mark"} if grid else {}),
    )  # fmt: skip
    said = {"id": 1, "date": "2019-03-01", "mark": "√"}
    reading = read_pages(source, [Page(1, [said], None, "")], FORMS)
    workbook, _ = to_workbook(reading, FORMS, today=b.NOW.date())
    assert [sheet.form for sheet in workbook.sheets] == [form]


def test_values_constants_and_days_are_mapped(known: sa.Engine, service: Service) -> None:
    columns: dict[str, Any] = {
        "day": {"field": "at", "format": "unix"},
        "type": {"field": "code", "values": {7: "党组会研究帮扶"}},
        "unit": {"constant": b.WATER},
    }
    # 23:30 in UTC is the next day here.
    service.rows = [{"id": 1, "updated": "1", "at": 1551483000, "code": 7}]
    take(known, source_of(service, columns=columns))
    assert days(known) == ["2019-03-02"]


def test_days_of_attendance_become_the_month_of_each_person(
    known: sa.Engine, service: Service
) -> None:
    b.store(known, b.book(*b.rosters()))
    marks = [("何庚子", "艾蒿掌村", "2019-04-01", "√"), ("何庚子", "艾蒿掌村", "2019-04-02", "√"),
             ("何庚子", "艾蒿掌村", "2019-04-03", "？")]  # fmt: skip
    service.rows = [
        {"id": n, "who": who, "village": village, "date": day, "mark": mark}
        for n, (who, village, day, mark) in enumerate(marks, 1)
    ]
    source = source_of(
        service, form="attendance", reads="whole", day="date", mark="mark",
        columns={"person": "who", "village": "village"},
    )  # fmt: skip
    pulled = take(known, source)
    found = b.tally(known, "overnight")
    assert [(line[0], line[5].day) for line in found] == [("何庚子", 1), ("何庚子", 2)]
    assert told(pulled)[0][:2] == ("第2页", 1)
    service.rows = service.rows[1:2]
    take(known, source)
    assert [line[5].day for line in b.tally(known, "overnight")] == [2]
