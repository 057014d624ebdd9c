"""Storing: who is meant. Nothing is guessed; what a clerk answered is never asked again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ledger import books as b
from tracker.db import transaction
from tracker.errors import LuzeError
from tracker.ledger.apply import LINES
from tracker.ledger.directory import SUBJECTS
from tracker.ledger.questions import answer
from tracker.ledger.report import ImportReport
from tracker.ledger.sheets import FormSheet

MARCH, JULY = date(2019, 3, 1), date(2019, 7, 2)


def training(*people: str) -> FormSheet:
    span = b.span(date(2019, 3, 18), date(2019, 3, 22))
    return b.sheet("trainings", {"span": span, "days": b.days(5), "name": "一期", "people": people})


def grid(person: str, township: str, village: str, month: int = 3) -> FormSheet:
    row = {"township": township, "village": village, "person": person, "marks": {4: "overnight"}}
    return b.sheet("attendance", row, month=month)


def reply(engine: sa.Engine, question: str, choice: str) -> None:
    with transaction(engine) as connection:
        answer(connection, question, choice, now=b.NOW, operator="测试员")


def people(engine: sa.Engine, name: str, *kinds: str) -> set[str]:
    """Units of the people of this name whose lines of these kinds are live."""
    return {line[0] for line in b.tally(engine, *kinds) if line[0] == name}


def trained(engine: sa.Engine) -> set[tuple[str, str]]:
    home = SUBJECTS.alias()
    query = (
        sa.select(SUBJECTS.c.name, home.c.name)
        .join(home, SUBJECTS.c.home_id == home.c.id)
        .where(SUBJECTS.c.id.in_(sa.select(LINES.c.subject_id).where(LINES.c.kind == "training")))
    )
    with engine.connect() as connection:
        return {
            (row[0], row[1]) for row in connection.execute(query.where(SUBJECTS.c.sort == "person"))
        }


def asked(report: ImportReport) -> list[str]:
    return [problem.fix for problem in report.of("question")]


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("王乙（乔川）", b.INDUSTRY),
        ("王乙（林镇乡）", b.AUDIT),
        ("王乙（杨湾湾村）", b.INDUSTRY),
        ("王 乙（县审计局）", b.AUDIT),
    ],
)
def test_a_bracket_tells_two_people_of_one_name_apart(
    sqlite_engine: sa.Engine, written: str, unit: str
) -> None:
    report = b.store(sqlite_engine, b.book(*b.rosters(), training(written)))
    assert report.of("question") == []
    assert trained(sqlite_engine) == {("王乙", unit)}


def test_without_a_bracket_it_is_asked_and_nothing_of_the_row_is_stored(
    sqlite_engine: sa.Engine,
) -> None:
    report = b.store(sqlite_engine, b.book(*b.rosters(), training("王乙", "何庚子")))
    (problem,) = report.of("question")
    assert problem.what == "“王乙”可能是：王乙@华池县审计局；王乙@华池县工业和信息化局"
    assert 'tracker answer "person:王乙@培训" "王乙@华池县审计局"' in problem.fix
    assert trained(sqlite_engine) == set()
    assert report.sheets[-1].asked == 1


@pytest.mark.parametrize("choice", ["王乙@华池县审计局", "华池县审计局", " 王乙@华池县审计局 "])
def test_an_answer_is_remembered_and_never_asked_again(
    sqlite_engine: sa.Engine, choice: str
) -> None:
    book = b.book(*b.rosters(), training("王乙"))
    b.store(sqlite_engine, book)
    reply(sqlite_engine, "person:王乙@培训", choice)
    for _ in range(2):
        assert b.store(sqlite_engine, book).of("question") == []
        assert trained(sqlite_engine) == {("王乙", b.AUDIT)}


@pytest.mark.parametrize("choice", ["王乙", "王丙@华池县审计局", "华池县"])
def test_an_answer_that_decides_nothing_is_asked_again_with_what_was_said(
    sqlite_engine: sa.Engine, choice: str
) -> None:
    reply(sqlite_engine, "person:王乙@培训", choice)
    report = b.store(sqlite_engine, b.book(*b.rosters(), training("王乙")))
    (problem,) = report.of("question")
    assert f"已有的答复“{choice}”不能确定" in problem.what


def test_the_last_answer_counts(sqlite_engine: sa.Engine) -> None:
    for unit in (b.AUDIT, b.INDUSTRY):
        reply(sqlite_engine, "person:王乙@培训", unit)
    b.store(sqlite_engine, b.book(*b.rosters(), training("王乙")))
    assert trained(sqlite_engine) == {("王乙", b.INDUSTRY)}


@pytest.mark.parametrize(
    ("question", "choice"), [("", "一人"), ("person:王乙@培训", " "), ("王乙", "一人")]
)
def test_a_blank_answer_or_a_made_up_question_is_refused(
    sqlite_engine: sa.Engine, question: str, choice: str
) -> None:
    with pytest.raises(LuzeError):
        reply(sqlite_engine, question, choice)


def test_attendance_knows_people_by_the_village_of_the_month(sqlite_engine: sa.Engine) -> None:
    grids = [grid("王乙", "林镇乡", "张岔村"), grid("何庚子", "乔河乡", "张岔村", month=7)]
    report = b.store(sqlite_engine, b.book(*b.rosters(), *grids))
    assert report.of("error") == []
    assert {line[4] for line in b.tally(sqlite_engine, "overnight")} == {"张岔村"}


def test_a_mover_is_one_person_in_both_villages(sqlite_engine: sa.Engine) -> None:
    grids = [grid("何庚子", "乔川乡", "艾蒿掌村"), grid("何庚子", "乔河乡", "张岔村", month=8)]
    b.store(sqlite_engine, b.book(*b.rosters(), *grids))
    with sqlite_engine.connect() as connection:
        query = sa.select(LINES.c.subject_id).where(LINES.c.kind == "overnight").distinct()
        assert len(connection.scalars(query).all()) == 1


def test_a_name_that_does_not_stay_in_the_village_is_refused_with_who_does(
    sqlite_engine: sa.Engine,
) -> None:
    report = b.store(sqlite_engine, b.book(*b.rosters(), grid("何庚午", "乔川乡", "艾蒿掌村")))
    (problem,) = report.of("error")
    assert "何庚午" in problem.what
    assert "何庚子" in problem.fix


def two_stays(**more: Any) -> FormSheet:
    return b.cadres(b.cadre("王乙", b.AUDIT, "乔川乡", "艾蒿掌村", **more))


@pytest.mark.parametrize(
    ("first_leaves", "second_comes", "is_asked"),
    [
        (date(2019, 6, 30), date(2019, 7, 1), False),
        (date(2019, 6, 30), date(2019, 6, 30), True),
        (None, date(2019, 7, 1), True),
    ],
)
def test_one_name_of_one_unit_in_two_villages_at_once_is_asked(
    sqlite_engine: sa.Engine, first_leaves: date | None, second_comes: date, is_asked: bool
) -> None:
    sheet = two_stays(**{"from": second_comes})
    if first_leaves:
        sheet.rows[1].values["to"] = first_leaves
    report = b.store(sqlite_engine, b.book(b.units(), sheet))
    assert [p.row for p in report.of("question")] == ([5, 8] if is_asked else [])
    assert len(b.live(sqlite_engine, "resident_cadres")) == (3 if is_asked else 5)


@pytest.mark.parametrize(("choice", "persons"), [("一人", 1), ("两人", 2)])
def test_a_clerk_says_whether_it_is_one_person_or_two(
    sqlite_engine: sa.Engine, choice: str, persons: int
) -> None:
    reply(sqlite_engine, f"person:王乙@{b.AUDIT}", choice)
    grids = [grid("王乙", "林镇乡", "张岔村"), grid("王乙", "乔川乡", "艾蒿掌村")]
    book = b.book(b.units(), two_stays(), *grids)
    report = b.store(sqlite_engine, book)
    assert report.of("question") == []
    with sqlite_engine.connect() as connection:
        query = sa.select(LINES.c.subject_id).where(LINES.c.kind == "overnight").distinct()
        assert len(connection.scalars(query).all()) == persons
    assert b.store(sqlite_engine, book).is_unchanged


def test_a_helper_is_known_by_the_household(sqlite_engine: sa.Engine) -> None:
    visit = b.sheet("household_visits", b.call(MARCH, "王乙", "HC0003"))
    report = b.store(sqlite_engine, b.book(*b.rosters(), visit))
    assert report.problems == []
    assert people(sqlite_engine, "王乙", "household_visit") == {"王乙"}


def test_a_substitute_of_an_ambiguous_name_is_asked(sqlite_engine: sa.Engine) -> None:
    visit = b.sheet("household_visits", b.call(MARCH, "王乙", "HC0001"))
    report = b.store(sqlite_engine, b.book(*b.rosters(), visit))
    assert 'tracker answer "person:王乙@入户走访/HC0001"' in asked(report)[0]


def test_a_plan_credits_whoever_helps_the_household_on_that_day(sqlite_engine: sa.Engine) -> None:
    pairs = b.pairings(
        b.pair("顾辛丑", b.WATER, "乔川乡", "艾蒿掌村", "HC0001", "史乙酉", **{"from": JULY})
    )
    pairs.rows[0].values["to"] = date(2019, 7, 1)
    plans = [{"day": day, "household": "HC0001"} for day in (date(2019, 7, 1), JULY)]
    b.store(
        sqlite_engine, b.book(b.units(), b.leaders(), pairs, b.sheet("household_plans", *plans))
    )
    assert [(line[0], line[5]) for line in b.tally(sqlite_engine, "plan_adjusted")] == [
        ("尤壬午", date(2019, 7, 1)),
        ("顾辛丑", JULY),
    ]


def test_a_return_visit_knows_only_the_cadres_the_unit_has_sent(sqlite_engine: sa.Engine) -> None:
    rows = [
        {"day": MARCH, "unit": b.AUDIT, "people": ("王乙",)},
        {"day": MARCH, "unit": b.AUDIT, "people": ("何庚子",)},
    ]
    report = b.store(sqlite_engine, b.book(*b.rosters(), b.sheet("return_visits", *rows)))
    assert [problem.row for problem in report.of("error")] == [5]
    assert len(b.tally(sqlite_engine, "return_visit")) == 1


def test_people_and_places_of_an_earlier_import_are_known_to_a_later_one(
    engine: sa.Engine,
) -> None:
    b.store(engine, b.book(*b.rosters()))
    ledgers = b.book(
        training("王乙（乔川）"),
        b.sheet("leader_visits", b.visit(MARCH, "乐丙戌", "县工信局", "张岔村")),
        b.sheet("household_visits", b.call(MARCH, "尤壬午", "HC0001")),
        grid("王乙", "林镇乡", "张岔村"),
    )
    report = b.store(engine, ledgers)
    assert report.problems == []
    assert report.entries == 4


def test_of_two_yearly_rosters_the_one_of_the_year_speaks(sqlite_engine: sa.Engine) -> None:
    b.store(sqlite_engine, b.book(*b.rosters()))
    newer = b.pairings()
    newer.year = 2020
    newer.rows[0].values["helper"] = "顾辛丑"
    b.store(sqlite_engine, b.book(newer))
    plan = b.sheet("household_plans", {"day": MARCH, "household": "HC0001"})
    b.store(sqlite_engine, b.book(plan))
    assert [line[0] for line in b.tally(sqlite_engine, "plan_adjusted")] == ["尤壬午"]


def test_a_helper_whose_unit_left_the_roster_is_still_known_by_the_household(
    sqlite_engine: sa.Engine,
) -> None:
    b.store(sqlite_engine, b.book(*b.rosters()))
    shorter = b.units()
    del shorter.rows[0]
    visit = b.sheet("household_visits", b.call(MARCH, "尤壬午", "HC0001"))
    report = b.store(sqlite_engine, b.book(shorter, visit))
    assert report.problems == []
    assert [line[0] for line in b.tally(sqlite_engine, "household_visit")] == ["尤壬午"]
