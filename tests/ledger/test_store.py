"""Storing: what a row becomes, and what sending it again changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ledger import books as b
from tracker.errors import ImportFileError
from tracker.ledger.apply import COVERAGE, ENTRIES, LINES, SIGHTINGS
from tracker.ledger.directory import ATTRIBUTES, SUBJECTS, TIES
from tracker.ledger.report import ImportReport, SheetReport

MARCH = date(2019, 3, 1)


def counts(report: ImportReport, form: str) -> tuple[int, int, int, int]:
    """+ - ~ = of a form."""
    found: SheetReport = next(s for s in report.sheets if s.form == form)
    return found.added, found.removed, found.changed, found.same


def texts(report: ImportReport, severity: str = "error") -> list[str]:
    return [problem.what for problem in report.of(severity)]


def ties(engine: sa.Engine, kind: str) -> set[tuple[str, str, date | None, date | None]]:
    one, other = SUBJECTS.alias(), SUBJECTS.alias()
    query = (
        sa.select(one.c.name, other.c.name, TIES.c.starts_on, TIES.c.ends_on)
        .join_from(TIES, one, TIES.c.from_id == one.c.id)
        .join(other, TIES.c.to_id == other.c.id)
        .where(TIES.c.kind == kind, TIES.c.voided_at.is_(None))
    )
    with engine.connect() as connection:
        return {(row[0], row[1], row[2], row[3]) for row in connection.execute(query)}


def test_rosters_build_the_area_tree_units_teams_and_pairs(engine: sa.Engine) -> None:
    report = b.store(engine, b.book(*b.rosters()))
    assert report.of("error") == []
    assert ("华池县", "庆阳市") in {pair[:2] for pair in homes(engine)}
    assert ("艾蒿掌村", "乔川乡", None, None) in ties(engine, "part_of")
    assert ("乔川乡", "华池县", None, None) in ties(engine, "part_of")
    assert ("华池县", "庆阳市", None, None) in ties(engine, "part_of")
    assert ("庆阳市", "甘肃省", None, None) in ties(engine, "part_of")
    assert ("HC0001", "艾蒿掌村") in {(household(engine, n), v) for n, v, *_ in part_of(engine)}
    assert (b.WATER, "艾蒿掌村", None, None) in ties(engine, "assists")
    start = date(2018, 3, 1)
    assert ("王乙", "杨湾湾村驻村帮扶工作队", start, None) in ties(engine, "member_of_team")
    assert (b.AUDIT, "王乙", start, None) in ties(engine, "dispatches")
    assert ("尤壬午", "史乙酉", date(2017, 6, 12), None) in ties(engine, "paired_with")


def homes(engine: sa.Engine) -> set[tuple[str, str]]:
    home = SUBJECTS.alias()
    query = sa.select(SUBJECTS.c.name, home.c.name).join(home, SUBJECTS.c.home_id == home.c.id)
    with engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(query)}


def part_of(engine: sa.Engine) -> set[tuple[str, str, date | None, date | None]]:
    return ties(engine, "part_of")


def household(engine: sa.Engine, name: str) -> str:
    query = sa.select(SUBJECTS.c.code).where(SUBJECTS.c.name == name)
    with engine.connect() as connection:
        return str(connection.scalars(query).first())


def test_facts_of_rosters_name_their_roster_and_year(sqlite_engine: sa.Engine) -> None:
    b.store(sqlite_engine, b.book(*b.rosters()))
    with sqlite_engine.connect() as connection:
        office = connection.scalar(sa.select(SUBJECTS.c.id).where(SUBJECTS.c.name == b.OFFICE))
        found = connection.execute(
            sa.select(ATTRIBUTES.c.roster, ATTRIBUTES.c.period, ATTRIBUTES.c.value).where(
                ATTRIBUTES.c.name == "rank", ATTRIBUTES.c.roster.endswith("unit_leaders")
            )
        ).all()
    assert found == [(f"{office}:unit_leaders", 2019, "正科级")]


LINES_OF_ROWS: list[tuple[str, dict[str, Any], list[tuple[Any, ...]]]] = [
    (
        "unit_meetings",
        b.meeting(MARCH),
        [
            (b.WATER, "committee_study", "performer", "", "", MARCH, None),
            ("尤壬午", "committee_study", "chair", "", "", MARCH, None),
        ],
    ),
    (
        "unit_meetings",
        b.meeting(MARCH, "县工信局", "职工大会"),
        [(b.INDUSTRY, "other_meeting", "performer", "", "", MARCH, None)],
    ),
    (
        "leader_visits",
        b.visit(MARCH, "乐丙戌", b.INDUSTRY, "张岔村"),
        [("乐丙戌", "leader_visit", "performer", "", "张岔村", MARCH, None)],
    ),
    (
        "household_visits",
        b.call(MARCH, "尤壬午", "HC0001", good_deed=True),
        [
            ("尤壬午", "household_visit", "performer", "史乙酉", "艾蒿掌村", MARCH, None),
            ("尤壬午", "good_deed", "performer", "史乙酉", "艾蒿掌村", MARCH, None),
        ],
    ),
    (
        "household_visits",
        b.call(MARCH, "尤壬午", "HC0001", good_deed=False),
        [("尤壬午", "household_visit", "performer", "史乙酉", "艾蒿掌村", MARCH, None)],
    ),
    (
        "household_plans",
        {"day": MARCH, "household": "HC0002"},
        [("韩戊申", "plan_adjusted", "performer", "时辰", "张岔村", MARCH, None)],
    ),
    (
        "return_visits",
        {"day": MARCH, "unit": "县水务局", "people": ("何庚子",)},
        [(b.WATER, "return_visit", "performer", "何庚子", "", MARCH, None)],
    ),
    (
        "county_matters",
        {"day": MARCH, "type": "推进会", "organiser": "华池县委、县政府"},
        [("华池县", "promotion_meeting", "performer", "", "", MARCH, None)],
    ),
    (
        "county_matters",
        {"day": MARCH, "type": "乡镇例会", "organiser": "乔川镇"},
        [("乔川乡", "captains_meeting", "performer", "", "", MARCH, None)],
    ),
    ("county_matters", {"day": MARCH, "type": "轮训", "organiser": "县委组织部"}, []),
    (
        "duty_records",
        {"day": MARCH, "subject": "华池县", "kind": "inspection", "as": "组织"},
        [("华池县", "inspection", "organiser", "", "", MARCH, None)],
    ),
]


@pytest.mark.parametrize(("form", "row", "lines"), LINES_OF_ROWS)
def test_a_row_becomes_the_lines_its_form_promises(
    sqlite_engine: sa.Engine, form: str, row: dict[str, Any], lines: list[tuple[Any, ...]]
) -> None:
    report = b.store(sqlite_engine, b.book(*b.rosters(), b.sheet(form, row)))
    assert report.of("error") == []
    assert counts(report, form) == (1, 0, 0, 0)
    kinds = {line[1] for line in lines} or {"promotion_meeting"}
    assert b.tally(sqlite_engine, *kinds) == sorted(lines, key=str)


def test_a_roster_row_also_states_insurance_and_health_check(sqlite_engine: sa.Engine) -> None:
    b.store(sqlite_engine, b.book(*b.rosters()))
    year = (date(2019, 1, 1), date(2019, 12, 31))
    assert b.tally(sqlite_engine, "insurance", "health_check") == [
        (b.AUDIT, "health_check", "performer", "王乙", "张岔村", date(2019, 5, 6), None),
        (b.INDUSTRY, "insurance", "performer", "王乙", "杨湾湾村", *year),
    ]


def test_every_marked_day_of_a_month_grid_is_a_line(sqlite_engine: sa.Engine) -> None:
    grid = b.sheet(
        "attendance",
        {
            "township": "林镇乡",
            "village": "张岔村",
            "person": "王乙",
            "marks": {1: "overnight", 31: "rest"},
        },
        month=3,
    )
    b.store(sqlite_engine, b.book(*b.rosters(), grid))
    assert b.tally(sqlite_engine, "overnight", "rest") == [
        ("王乙", "overnight", "performer", "", "张岔村", date(2019, 3, 1), None),
        ("王乙", "rest", "performer", "", "张岔村", date(2019, 3, 31), None),
    ]


@pytest.mark.parametrize(
    ("days", "counted"),
    [
        (2, [date(2019, 4, 26), date(2019, 4, 28)]),  # the 27th is a Saturday, the 28th worked
        (3, [date(2019, 4, 26), date(2019, 4, 27), date(2019, 4, 28)]),
        (1, []),
        (4, []),
    ],
)
def test_training_counts_day_by_day_only_where_its_days_fit_the_span(
    sqlite_engine: sa.Engine, days: int, counted: list[date]
) -> None:
    row = {
        "span": b.span(date(2019, 4, 26), date(2019, 4, 28)),
        "days": b.days(days),
        "people": ("何庚子",),
    }
    report = b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("trainings", row)))
    lines = b.tally(sqlite_engine, "training")
    assert [line[5] for line in lines if line[2] == "participant"] == counted
    assert [line[:4] for line in lines if line[2] == "organiser"] == [
        ("华池县", "training", "organiser", "何庚子")
    ]
    with sqlite_engine.connect() as connection:
        query = sa.select(sa.cast(LINES.c.quantity, sa.Integer))
        assert connection.scalars(query.where(LINES.c.role == "organiser")).all() == [days]
    assert bool(texts(report, "note")) is not bool(counted)


@pytest.mark.parametrize(("after", "is_stored"), [(-1, True), (0, True), (1, False)])
def test_nothing_is_stored_as_done_after_the_day_of_entry(
    sqlite_engine: sa.Engine, after: int, is_stored: bool
) -> None:
    filed = date(2019, 12, 20)
    sheet = b.sheet("unit_meetings", b.meeting(filed + timedelta(after)), filed_on=filed)
    report = b.store(sqlite_engine, b.book(*b.rosters(), sheet))
    assert counts(report, "unit_meetings")[0] == int(is_stored)
    assert ("填报日期" in "".join(texts(report))) is not is_stored


def test_a_row_of_another_year_is_refused(sqlite_engine: sa.Engine) -> None:
    sheet = b.sheet("unit_meetings", b.meeting(date(2018, 12, 31)), b.meeting(date(2019, 1, 1)))
    report = b.store(sqlite_engine, b.book(*b.rosters(), sheet))
    assert counts(report, "unit_meetings") == (1, 0, 0, 0)
    assert texts(report) == ["2018-12-31 不是本表 2019 年的日期"]


def test_a_village_nobody_knows_is_refused_with_what_is_near(sqlite_engine: sa.Engine) -> None:
    row = b.visit(MARCH, "尤壬午", b.WATER, "艾嵩掌村")
    report = b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("leader_visits", row)))
    (problem,) = report.of("error")
    assert (problem.sheet, problem.row, problem.column) == ("leader_visits", 4, "D")
    assert "艾嵩掌村" in problem.what
    assert "乔川乡艾蒿掌村" in problem.fix
    assert b.tally(sqlite_engine, "leader_visit") == []


def test_all_problems_of_a_file_are_told_at_once(sqlite_engine: sa.Engine) -> None:
    visits = b.sheet(
        "leader_visits",
        b.visit(MARCH, "无此人", b.WATER, "无此村"),
        b.visit(MARCH, "尤壬午", "无此局", "艾蒿掌村"),
    )
    report = b.store(sqlite_engine, b.book(*b.rosters(), visits))
    assert [(p.row, p.column) for p in report.of("error")] == [(4, "B"), (4, "D"), (5, "C")]
    assert report.sheets[-1].refused == 2


def test_a_visit_by_somebody_else_is_kept_but_does_no_deed(sqlite_engine: sa.Engine) -> None:
    visit = b.sheet("household_visits", b.call(MARCH, "韩戊申", "HC0001", good_deed=True))
    report = b.store(sqlite_engine, b.book(*b.rosters(), visit))
    assert "代为走访" in "".join(texts(report, "note"))
    assert b.tally(sqlite_engine, "household_visit", "good_deed") == [
        ("韩戊申", "household_visit", "performer", "史乙酉", "艾蒿掌村", MARCH, None)
    ]


@pytest.mark.parametrize(("rows", "is_known"), [(2, False), (3, True), (4, True)])
def test_an_organiser_becomes_a_township_only_on_enough_rows(
    sqlite_engine: sa.Engine, rows: int, is_known: bool
) -> None:
    meetings = [
        {"day": date(2019, month, 3), "type": "乡镇例会", "organiser": "南梁镇"}
        for month in range(1, rows + 1)
    ]
    report = b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("county_matters", *meetings)))
    assert len(b.tally(sqlite_engine, "captains_meeting")) == (rows if is_known else 0)
    assert bool(report.of("error")) is not is_known
    assert (("南梁镇", "华池县", None, None) in part_of(sqlite_engine)) is is_known


def test_the_same_workbook_again_changes_nothing(engine: sa.Engine) -> None:
    meetings = b.sheet("unit_meetings", b.meeting(MARCH), b.meeting(MARCH))
    first = b.store(engine, b.book(*b.rosters(), meetings))
    again = b.store(engine, b.book(*b.rosters(), meetings))
    assert not first.is_unchanged
    assert again.is_unchanged
    assert (again.entries, again.lines) == (0, 0)
    assert counts(again, "unit_meetings") == (0, 0, 0, 2)
    with engine.connect() as connection:
        sightings = connection.scalar(sa.select(sa.func.count()).select_from(SIGHTINGS))
    assert sightings == 2 * first.entries


def test_rows_gone_are_voided_changed_ones_replaced_new_ones_added(engine: sa.Engine) -> None:
    april = date(2019, 4, 1)
    before = [b.meeting(MARCH), b.meeting(april), b.meeting(MARCH, b.AUDIT)]
    after = [b.meeting(MARCH), b.meeting(april, kind="职工大会"), b.meeting(april, b.INDUSTRY)]
    b.store(engine, b.book(*b.rosters(), b.sheet("unit_meetings", *before)))
    report = b.store(engine, b.book(b.sheet("unit_meetings", *after)))
    assert counts(report, "unit_meetings") == (1, 1, 1, 1)
    assert {line[:2] for line in b.tally(engine, "committee_study") if line[2] == "performer"} == {
        (b.WATER, "committee_study"),
        (b.INDUSTRY, "committee_study"),
    }


def test_of_two_equal_rows_one_gone_leaves_one(sqlite_engine: sa.Engine) -> None:
    row = b.meeting(MARCH)
    b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("unit_meetings", row, row)))
    report = b.store(sqlite_engine, b.book(b.sheet("unit_meetings", row)))
    assert counts(report, "unit_meetings") == (0, 1, 0, 1)
    assert len(b.live(sqlite_engine, "unit_meetings")) == 1


def test_a_corrected_roster_gives_an_unchanged_row_its_new_meaning(
    sqlite_engine: sa.Engine,
) -> None:
    plan = b.sheet("household_plans", {"day": MARCH, "household": "HC0001"})
    b.store(sqlite_engine, b.book(*b.rosters(), plan))
    corrected = b.pairings()
    corrected.rows[0].values["helper"] = "顾辛丑"
    report = b.store(sqlite_engine, b.book(corrected, plan))
    assert counts(report, "household_plans") == (0, 0, 1, 0)
    assert [line[0] for line in b.tally(sqlite_engine, "plan_adjusted")] == ["顾辛丑"]


def test_a_dry_run_rolled_back_leaves_nothing(engine: sa.Engine) -> None:
    with engine.connect() as connection, connection.begin() as dry_run:
        assert b.store_in(connection, b.book(*b.rosters())).entries == 14
        dry_run.rollback()
    with engine.connect() as connection:
        for table in (SUBJECTS, ENTRIES, TIES, COVERAGE):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    assert b.store(engine, b.book(*b.rosters())).entries == 14


def coverage(engine: sa.Engine, form: str) -> set[tuple[date, str]]:
    query = (
        sa.select(COVERAGE.c.month, SUBJECTS.c.name)
        .join(SUBJECTS, SUBJECTS.c.id == COVERAGE.c.scope_id)
        .where(COVERAGE.c.form == form, COVERAGE.c.voided_at.is_(None))
    )
    with engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(query)}


@pytest.mark.parametrize(
    ("filed_on", "last"),
    [(date(2019, 6, 29), 5), (date(2019, 6, 30), 6), (date(2019, 7, 1), 6), (date(2020, 1, 6), 12)],
)
def test_a_list_covers_the_months_that_had_ended_when_it_was_filed(
    sqlite_engine: sa.Engine, filed_on: date, last: int
) -> None:
    sheet = b.sheet("unit_meetings", b.meeting(MARCH), filed_on=filed_on)
    b.store(sqlite_engine, b.book(*b.rosters(), sheet))
    expected = {(date(2019, month, 1), "华池县") for month in range(1, last + 1)}
    assert coverage(sqlite_engine, "unit_meetings") == expected


def test_without_a_filing_date_a_list_covers_the_months_through_its_last_row(
    sqlite_engine: sa.Engine,
) -> None:
    sheet = b.sheet("unit_meetings", b.meeting(MARCH), b.meeting(date(2019, 5, 2)), filed_on=None)
    report = b.store(sqlite_engine, b.book(*b.rosters(), sheet))
    assert {month.month for month, _ in coverage(sqlite_engine, "unit_meetings")} == {1, 2, 3, 4, 5}
    assert any("未写填报日期" in text for text in texts(report, "note"))


def test_a_units_own_list_covers_that_unit_only(sqlite_engine: sa.Engine) -> None:
    sheet = b.sheet("unit_meetings", b.meeting(MARCH), reporter=b.WATER)
    b.store(sqlite_engine, b.book(*b.rosters(), sheet))
    assert {scope for _, scope in coverage(sqlite_engine, "unit_meetings")} == {b.WATER}


def test_a_grid_covers_the_people_with_at_least_one_mark(sqlite_engine: sa.Engine) -> None:
    place = {"township": "乔川乡", "village": "艾蒿掌村", "person": "何庚子"}
    blank = {"township": "林镇乡", "village": "张岔村", "person": "王乙", "marks": {}}
    grid = b.sheet("attendance", {**place, "marks": {4: "overnight"}}, blank, month=3)
    b.store(sqlite_engine, b.book(*b.rosters(), grid))
    assert coverage(sqlite_engine, "attendance") == {(MARCH, "何庚子")}


def test_a_sheet_without_rows_covers_and_voids_nothing(sqlite_engine: sa.Engine) -> None:
    b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("unit_meetings", b.meeting(MARCH))))
    report = b.store(sqlite_engine, b.book(b.sheet("unit_meetings")))
    assert any("不视为已报送" in text for text in texts(report, "note"))
    assert len(b.live(sqlite_engine, "unit_meetings")) == 1
    assert len(coverage(sqlite_engine, "unit_meetings")) == 12


def test_a_workbook_that_names_no_county_needs_to_be_told(sqlite_engine: sa.Engine) -> None:
    book = b.book(b.sheet("unit_meetings", b.meeting(MARCH), reporter=""))
    with pytest.raises(ImportFileError, match="看不出是哪个县"):
        b.store(sqlite_engine, book)
    with pytest.raises(ImportFileError, match="不是一个县"):
        b.store(sqlite_engine, book, area="庆阳")
    assert b.store(sqlite_engine, book, area="621023").county == "华池县"


def test_a_grid_without_a_month_is_refused_as_a_whole(sqlite_engine: sa.Engine) -> None:
    report = b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("attendance")))
    assert [(p.row, p.severity) for p in report.problems if p.sheet == "attendance"] == [
        (0, "error")
    ]


def test_the_report_is_readable_chinese(sqlite_engine: sa.Engine) -> None:
    visits = b.sheet("leader_visits", b.visit(MARCH, "尤壬午", b.WATER, "无此村"), name="领导到村")
    text = b.store(sqlite_engine, b.book(*b.rosters(), visits)).text()
    assert "领导到村：+0 -0 ~0 =0，未入库 1 行" in text
    assert "领导到村第4行D列：“无此村”在帮扶单位名册中找不到" in text


def test_a_value_as_long_as_a_sentence_is_no_name(sqlite_engine: sa.Engine) -> None:
    rows = [b.unit(b.WATER, "乔川乡", "村" * 60), b.unit(b.AUDIT, "乔川乡", "村" * 61)]
    report = b.store(sqlite_engine, b.book(b.sheet("assisting_units", *rows)))
    assert [(p.row, p.what[:4]) for p in report.of("error")] == [(5, "内容过长")]
    assert counts(report, "assisting_units") == (1, 0, 0, 0)


def test_a_unit_roster_names_a_township_as_most_of_its_rows_do(sqlite_engine: sa.Engine) -> None:
    rows = [
        b.unit(b.WATER, "五蛟乡", "南湾村"),
        b.unit(b.AUDIT, "五蛟镇", "吴塬村"),
        b.unit(b.INDUSTRY, "五蛟镇", "马河村"),
    ]
    report = b.store(sqlite_engine, b.book(b.sheet("assisting_units", *rows)))
    assert {pair for pair in part_of(sqlite_engine) if "五蛟" in pair[1]} == {
        (village, "五蛟镇", None, None) for village in ("南湾村", "吴塬村", "马河村")
    }
    assert texts(report, "note") == ["“五蛟乡”按“五蛟镇”办理"]


def test_two_counties_share_a_provincial_unit_but_not_their_own(sqlite_engine: sa.Engine) -> None:
    for county in ("华池县", "合水县"):
        rows = [
            b.unit("甘肃例示研究院", "城关镇", "东关村", level="provincial"),
            b.unit("教育局", "城关镇", "西关村"),
        ]
        sheet = b.sheet("assisting_units", *rows, reporter=f"{county}扶贫开发办公室")
        assert b.store(sqlite_engine, b.book(sheet)).county == county
    with sqlite_engine.connect() as connection:
        query = sa.select(SUBJECTS.c.name, sa.func.count()).group_by(SUBJECTS.c.name)
        found = {row[0]: row[1] for row in connection.execute(query)}
    assert (found["甘肃例示研究院"], found["教育局"]) == (1, 2)
    assert (found["城关镇"], found["东关村"], found["庆阳市"], found["甘肃省"]) == (2, 2, 1, 1)
