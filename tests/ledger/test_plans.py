"""指标台账, 任务台账, 部门单位 and what 履责事项登记 covers: rows about work plans, stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ledger import books as b
from tests.tasks.plan import plan_law
from tracker.db import transaction
from tracker.ledger.apply import COVERAGE, LINES
from tracker.ledger.directory import SUBJECTS
from tracker.ledger.report import ImportReport
from tracker.ledger.rules import all_kinds, load_rules
from tracker.ledger.sheets import FormSheet
from tracker.ledger.undo import undo_batch

OFFICE = "庆阳市示例领导小组办公室"
RATE, INCOME = "贫困发生率", "农民人均可支配收入"
WATER = "完成饮水安全清零（复核）"
DONE = date(2019, 12, 20)


@pytest.fixture
def engine(sqlite_engine: sa.Engine) -> sa.Engine:
    """The departments of 庆阳市, and the villages of 华池县."""
    rows = [
        {"unit": name, "level": "prefecture", **more}
        for name, more in (
            ("市教育局", {}), ("庆阳市水务局", {}),
            ("庆阳市扶贫开发办公室", {"short_names": ("市扶贫办",)}),
        )
    ]  # fmt: skip
    assert b.store(sqlite_engine, b.book(b.units())).of("error") == []
    assert imported(sqlite_engine, b.sheet("departments", *rows, reporter=OFFICE)).problems == []
    return sqlite_engine


def imported(engine: sa.Engine, *sheets: FormSheet, area: str = "庆阳市") -> ImportReport:
    return b.store(engine, b.book(*sheets), area=area, packs=plan_law().packs)


def figures(*rows: Mapping[str, Any]) -> FormSheet:
    usual = {"body": "华池县", "indicator": RATE, "value": Decimal(1), "day": DONE}
    return b.sheet("indicators", *({**usual, **row} for row in rows), reporter=OFFICE)


def tasks(*rows: Mapping[str, Any], reporter: str = OFFICE, **more: Any) -> FormSheet:
    usual = {"lead": "市教育局", "task": "制定控辍保学专项方案", "basis": "市教发3号"}
    return b.sheet("task_ledger", *({**usual, **row} for row in rows), reporter=reporter, **more)


def lines(engine: sa.Engine) -> list[tuple[Any, ...]]:
    """Live lines: whose, kind, item, toward whom, day, quantity."""
    toward = SUBJECTS.alias("toward")
    query = (
        sa.select(SUBJECTS.c.name, LINES.c.kind, LINES.c.item, toward.c.name, LINES.c.day,
                  LINES.c.quantity)
        .join_from(LINES, SUBJECTS, LINES.c.subject_id == SUBJECTS.c.id)
        .outerjoin(toward, LINES.c.counterpart_id == toward.c.id)
        .where(LINES.c.voided_at.is_(None))
        .order_by(LINES.c.id)
    )  # fmt: skip
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def refusals(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.what) for p in report.of("error")]


# ---- figures


@pytest.mark.parametrize("value", ["0", "0.01", "99.99", "100"])
def test_a_rate_from_0_to_100_is_stored_as_it_is(engine: sa.Engine, value: str) -> None:
    report = imported(engine, figures({"value": Decimal(value)}))
    assert report.of("error") == []
    assert lines(engine) == [("华池县", "reported_level", RATE, None, DONE, Decimal(value))]


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_a_rate_outside_0_to_100_is_refused_by_name(engine: sa.Engine, value: str) -> None:
    report = imported(engine, figures({"value": Decimal(value)}))
    told = f"“{RATE}”的数 {value} 超出范围（0 至 100）"
    assert (refusals(report), lines(engine)) == ([(4, "C", told)], [])


def test_a_rate_that_may_be_a_fraction_is_stored_and_noted(engine: sa.Engine) -> None:
    report = imported(engine, figures({"value": Decimal("0.15")}))
    assert [p.what for p in report.problems] == ["按 0.15% 存入；如果本意是 15.00%，请改正"]
    assert len(lines(engine)) == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("12345.67", []),
        ("9999999999.99", []),
        ("10000000000", ["10000000000 太大，存不下"]),
        ("1.555", ["1.555 的小数超过 2 位"]),
    ],
)
def test_a_figure_is_stored_to_the_cent_or_not_at_all(
    engine: sa.Engine, value: str, told: list[str]
) -> None:
    report = imported(engine, figures({"indicator": INCOME, "value": Decimal(value)}))
    assert [p.what for p in report.of("error")] == told
    assert [line[-1] for line in lines(engine)] == ([] if told else [Decimal(value)])


def test_an_unknown_indicator_is_refused_with_the_nearest_names(engine: sa.Engine) -> None:
    (problem,) = imported(engine, figures({"indicator": "贫困率"})).of("error")
    assert problem.what == "“贫困率”不是文件规定的事项（reported_level）"
    assert problem.fix.startswith(f"文件里相近的有：{RATE}")


def test_where_no_document_asks_for_figures_none_is_taken(engine: sa.Engine) -> None:
    report = b.store(engine, b.book(figures({})), area="定西市", packs=plan_law().packs)
    assert "适用于本地的文件没有这类事项，请核对规则包" in {p.fix for p in report.of("error")}


def test_a_figure_in_another_unit_is_refused(engine: sa.Engine) -> None:
    report = imported(engine, figures({"indicator": INCOME, "unit": "万元"}, {"unit": "%"}))
    assert refusals(report) == [(4, "E", "计量单位“万元”与文件的“元”不一致")]


def test_two_figures_of_one_day_are_both_refused_and_the_same_twice_is_none(
    engine: sa.Engine,
) -> None:
    twice = figures({}, {"value": Decimal(2)}, {"day": date(2019, 6, 30)})
    told = "同一指标同一日期有不同的数（第4行、第5行）"
    assert refusals(imported(engine, twice)) == [(4, "C", told), (5, "C", told)]
    assert [line[4] for line in lines(engine)] == [date(2019, 6, 30)]
    assert refusals(imported(engine, figures({}, {}))) == []


def test_a_prefecture_reports_no_roster_of_a_county(engine: sa.Engine) -> None:
    (problem,) = imported(engine, b.units(), area="庆阳市").of("error")
    assert problem.what == "帮扶单位按县报送，看不出是庆阳市哪个县的，整表未入库"


# ---- tasks


def test_a_closing_becomes_a_line_under_the_name_of_the_document(engine: sa.Engine) -> None:
    report = imported(engine, tasks(
        {"closed_on": DONE},
        {"task": "完成饮水安全清零(复核)", "lead": "市扶贫办", "closed_on": DONE},
        {"task": "重点村逐村销号", "lead": "市扶贫办", "member": "林镇乡张岔村", "closed_on": DONE},
    ))  # fmt: skip
    assert report.problems == []
    assert lines(engine) == [
        ("庆阳市教育局", "task_closed", "制定控辍保学专项方案", None, DONE, 1),
        ("庆阳市扶贫开发办公室", "task_closed", WATER, None, DONE, 1),
        ("庆阳市扶贫开发办公室", "task_closed", "重点村逐村销号", "张岔村", DONE, 1),
    ]


def test_a_row_under_way_is_no_line_and_its_months_are_reported(engine: sa.Engine) -> None:
    report = imported(engine, tasks({"progress": "正在起草"}))
    assert (report.problems, report.entries, lines(engine)) == ([], 1, [])
    with engine.connect() as connection:
        query = sa.select(SUBJECTS.c.name, sa.func.count()).join_from(
            COVERAGE, SUBJECTS, COVERAGE.c.scope_id == SUBJECTS.c.id
        )
        query = query.where(COVERAGE.c.form == "task_ledger").group_by(SUBJECTS.c.name)
        assert connection.execute(query).all() == [("庆阳市教育局", 12)]


@pytest.mark.parametrize(
    ("closed_on", "told"),
    [
        (date(2020, 1, 5), []),
        (date(2020, 1, 6), []),
        (date(2020, 1, 7), [(4, "D", "2020-01-07 在填报日期 2020-01-06 之后")]),
    ],
)
def test_nothing_is_closed_after_the_day_of_filing(
    engine: sa.Engine, closed_on: date, told: list[object]
) -> None:
    assert refusals(imported(engine, tasks({"closed_on": closed_on}))) == told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"task": "制定方案"}, "“制定方案”不是文件规定的事项（task_closed）"),
        ({"lead": "市水务局"}, "“制定控辍保学专项方案”的牵头单位是市教育局，不是“市水务局”"),
        ({"lead": "市无此局"}, "“市无此局”在登记簿中找不到"),
        ({"member": "艾蒿掌村"}, "“制定控辍保学专项方案”不分对象销号"),
        (
            {"task": "重点村逐村销号", "lead": "市扶贫办"},
            "“重点村逐村销号”逐个对象销号，没有写明对象",
        ),
        (
            {"task": "重点村逐村销号", "lead": "市扶贫办", "member": "杨湾湾村"},
            "“重点村逐村销号”的对象是林镇乡张岔村、艾蒿掌村，不是“杨湾湾村”",
        ),
    ],
)
def test_what_would_count_for_nobody_is_refused_by_name(
    engine: sa.Engine, row: Mapping[str, str], told: str
) -> None:
    report = imported(engine, tasks({**row, "closed_on": DONE}))
    assert ([p.what for p in report.of("error")], lines(engine)) == ([told], [])


def test_a_printed_row_left_blank_is_passed_over_where_nobody_registered_its_lead(
    engine: sa.Engine,
) -> None:
    blank = {"lead": "市林草局", "task": "生态护林员选聘"}
    sheet = b.sheet("task_ledger", blank, reporter=OFFICE)
    report = imported(engine, sheet)
    assert report.of("error") == []
    assert "“市林草局”没有登记，这一行没有填写，未入库" in {p.what for p in report.problems}


def test_a_closing_without_its_ground_is_stored_and_noted(engine: sa.Engine) -> None:
    report = imported(engine, tasks({"closed_on": DONE, "basis": ""}))
    assert [p.what for p in report.problems] == ["已办结，没有写依据（文号或说明）"]
    assert len(lines(engine)) == 1


def test_the_same_sheet_adds_nothing_a_change_corrects_and_an_undo_reopens(
    engine: sa.Engine,
) -> None:
    def said(report: ImportReport) -> tuple[int, int, int, int]:
        (sheet,) = report.sheets
        return sheet.added, sheet.removed, sheet.changed, sheet.same

    under_way, closed = tasks({"progress": "正在起草"}), tasks({"closed_on": DONE})
    assert said(imported(engine, under_way)) == (1, 0, 0, 0)
    assert said(imported(engine, under_way)) == (0, 0, 0, 1)
    report = imported(engine, closed)
    assert (said(report), len(lines(engine))) == ((0, 0, 1, 0), 1)
    with transaction(engine) as connection:
        undo_batch(connection, report.batch_id, now=b.NOW, operator="测试员")
    assert lines(engine) == []


# ---- bodies, and what is covered


def test_a_department_is_known_by_its_full_and_short_name_and_made_once(engine: sa.Engine) -> None:
    again = b.sheet("departments", {"unit": "庆阳市教育局", "level": "prefecture"})
    assert imported(engine, again, area="华池县").of("error") == []
    with engine.connect() as connection:
        query = sa.select(sa.func.count()).where(SUBJECTS.c.name == "庆阳市教育局")
        assert connection.scalar(query) == 1


def test_every_kind_is_covered_by_some_form_and_records_cover_what_no_other_does() -> None:
    covers = dict(load_rules().covers)
    rest = covers.pop("duty_records")
    others = frozenset().union(*covers.values())
    assert rest | others >= set(all_kinds())
    assert rest.isdisjoint(others)
    assert {"reported_level", "task_closed"} <= others


def test_a_record_may_name_a_counted_item_only_as_the_document_does(engine: sa.Engine) -> None:
    row = {"subject": "庆阳市教育局", "kind": "task_closed", "day": DONE}
    sheet = b.sheet(
        "duty_records", {**row, "item": "制定控辍保学专项方案"}, {**row, "item": "方案"}
    )
    vocabulary = {**b.VOCABULARY, "kinds": {"task_closed": "任务销号"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(b, "VOCABULARY", vocabulary)
        report = imported(engine, sheet)
    assert [p.what for p in report.of("error")] == ["“方案”不是文件规定的事项（任务销号）"]
    assert [line[2] for line in lines(engine)] == ["制定控辍保学专项方案"]
