"""The week: what each reader is told of two checks, who decides what, and how fresh it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from tests.consequences.desk import behind
from tests.digest.weeks import LAST_WEEK, TODAY, busy, quiet, told, two_counties
from tests.registry import waiving
from tests.scenarios.world import OFFICER, World, moment, months, only, shipped_law
from tracker.clock import SHANGHAI
from tracker.consequences import incidents, objections
from tracker.digest.parts import Section
from tracker.digest.reader import GROUP, LIAISON, Reader
from tracker.digest.week import Week, gather
from tracker.errors import LuzeError

NAMES = ("赵甲子", "钱乙丑", "孙丙寅")


def heads(section: Section) -> list[str]:
    return [line.head for line in section.lines]


def totals(week: Week) -> dict[str, int]:
    return {part.id: part.total for part in week.sections if part.total}


def test_a_county_reads_what_became_of_it_since_last_week(world: World) -> None:
    busy(world)
    week = told(world, "示例县")
    assert week.since == LAST_WEEK
    assert heads(week.new) == [
        "赵甲子（甲局） → HC-东村号户　走访帮扶户", "甲局　党委（党组）研究部署帮扶工作",
    ]  # fmt: skip
    assert heads(week.resolved) == ["东乡　召开工作队队长工作例会"]
    assert [(line.head, line.day) for line in week.due_soon.lines] == [
        ("东乡　召开工作队队长工作例会", date(2020, 1, 31))
    ]
    assert {count.name: count.change for count in week.counts}["未达标"] == "+1"


def test_a_unit_reads_of_itself_alone(world: World) -> None:
    busy(world)
    week = told(world, "乙局")
    assert totals(week) == {}
    assert all(name not in str(told(world, "甲局")) for name in NAMES[1:])


def test_one_county_reads_nothing_of_another(world: World) -> None:
    busy(world)
    text = str(told(world, "另一县").sections)
    assert "丙局" in text
    assert not [name for name in ("甲局", "赵甲子", "东乡", "东村") if name in text]


def test_a_province_reads_of_every_county(world: World) -> None:
    busy(world)
    week = told(world, "甘肃省")
    assert week.new.total == 3
    assert week.due_soon.total == 2


@pytest.mark.parametrize(
    ("reader", "awaiting", "elsewhere"),
    [
        ("示例县", {"东乡　约谈建议"}, {"甲局　约谈建议", "赵甲子（甲局）　约谈建议"}),
        ("甲局", {"赵甲子　约谈建议"}, {"甲局　约谈建议"}),
        ("东乡", set(), {"东乡　约谈建议", "甲局　约谈建议", "赵甲子（甲局）　约谈建议"}),
        ("乙局", set(), set()),
    ],
)
def test_interviews_wait_for_their_interviewer_only(
    world: World, reader: str, awaiting: set[str], elsewhere: set[str]
) -> None:
    busy(world)
    week = told(world, reader)
    assert set(heads(week.awaiting)) == awaiting
    assert set(heads(week.elsewhere)) == elsewhere


def test_a_decided_interview_waits_with_its_day_until_it_was_held(world: World) -> None:
    desk = behind(world, "unit.study")
    world.check(date(2021, 1, 9))
    desk.to("decided", meeting_on=date(2021, 1, 20))
    world.check(date(2021, 1, 18))
    (line,) = told(world, "县组长办", as_of=date(2021, 1, 18)).awaiting.lines
    assert (line.head, line.day) == ("甲局　约谈", date(2021, 1, 20))
    desk.act("conduct", date(2021, 1, 20))
    world.check(date(2021, 1, 20))
    assert told(world, "县组长办", as_of=date(2021, 1, 20)).awaiting.total == 0


def test_whoever_interviews_a_strange_unit_reads_the_unit_but_none_of_its_people(
    world: World,
) -> None:
    behind(world, "unit.study", "unit.leader_visit")
    world.check(date(2021, 1, 9))
    week = told(world, "县组长办", as_of=date(2021, 1, 9))
    assert heads(week.awaiting) == ["甲局　约谈建议"]
    assert not [name for name in ("李甲子", "钱甲子") if name in str(week)]


@pytest.mark.parametrize(
    ("reader", "waits", "told_of"),
    [
        ("示例县", True, False),
        ("甘肃省", False, True),
        ("东乡", False, True),
        ("东村", False, False),
    ],
)
def test_a_waiver_asked_for_waits_for_one_area_and_the_others_only_read_of_it(
    world: World, reader: str, waits: bool, told_of: bool
) -> None:
    two_counties(world)
    waiving.request(world)
    day = waiving.REQUESTED
    world.check(day)
    week = told(world, reader, as_of=day)
    assert ("东乡　豁免申请" in heads(week.awaiting)) == waits
    assert ("东乡　豁免申请" in heads(week.elsewhere)) == told_of


@pytest.mark.parametrize(("ahead", "ends"), [(29, True), (30, True), (31, False), (-1, False)])
def test_waivers_end_within_the_days_of_the_pack(world: World, ahead: int, ends: bool) -> None:
    two_counties(world)
    day = date(2020, 3, 2)
    last = day + timedelta(ahead)
    waiving.waive(world, ends_on=last)
    world.check(day)
    lines = told(world, "示例县", as_of=day).ending.lines
    assert [(line.head, line.day) for line in lines] == ([("东乡　豁免到期", last)] if ends else [])


@pytest.mark.parametrize(("ahead", "ends"), [(0, True), (13, True), (14, True), (15, False)])
def test_bars_end_within_two_weeks(world: World, ahead: int, ends: bool) -> None:
    two_counties(world)
    incidents.record(
        world.connection, world.law, kind="fraud", determined_on=date(2020, 2, 3),
        happened_on=date(2020, 2, 1), authority="示例县脱贫攻坚领导小组",
        document_number="示领发〔2020〕1号", subject_id=world.ids["东乡"],
        place_id=world.ids["东村"], now=moment(date(2020, 2, 3), 20), operator=OFFICER,
    )  # fmt: skip
    day = date(2020, 12, 31) - timedelta(ahead)
    world.check(day)
    found = told(world, "示例县", as_of=day).ending.lines
    assert bool(found) == ends
    assert {line.day for line in found} <= {date(2020, 12, 31)}
    assert not told(world, "另一县", as_of=day).ending.lines


def test_an_objection_waits_for_whoever_interviews(world: World) -> None:
    busy(world)
    (line,) = told(world, "甲局").awaiting.lines
    number = int(line.path.rpartition("/")[2])
    objections.file(
        world.connection, world.law, about=f"interview|{number}",
        subject_id=world.ids["赵甲子"], filed_by="赵甲子", reason="已走访", on=TODAY,
        now=moment(TODAY, 10), operator=OFFICER,
    )  # fmt: skip
    assert heads(told(world, "甲局").awaiting) == ["赵甲子　约谈建议", "赵甲子　异议待答复"]
    assert heads(told(world, "示例县").awaiting) == ["东乡　约谈建议"]


def test_an_objection_to_an_unknown_interviewer_waits_for_the_county(world: World) -> None:
    busy(world)
    county = told(world, "示例县")
    (number,) = [
        int(line.path.rpartition("/")[2])
        for line in county.elsewhere.lines
        if line.head.startswith("甲局")
    ]
    objections.file(
        world.connection, world.law, about=f"interview|{number}",
        subject_id=world.ids["甲局"], filed_by="赵甲子", reason="已研究四次", on=TODAY,
        now=moment(TODAY, 10), operator=OFFICER,
    )  # fmt: skip
    assert "甲局　异议待答复" in heads(told(world, "示例县").awaiting)
    for reader in ("甘肃省", "甲局"):
        week = told(world, reader)
        assert "甲局　异议待答复" not in heads(week.awaiting)
        assert "甲局　异议待答复" in heads(week.elsewhere)


def test_many_interviews_of_one_kind_are_one_line_with_what_they_are_about(world: World) -> None:
    two_counties(world)
    world.law = only(shipped_law(), ("township.captains_meeting",))
    for name in ("北乡", "中乡", "上乡"):
        world.area(name, "示例县")
    world.check(TODAY)
    (line,) = told(world, "示例县").awaiting.lines
    assert (line.head, line.count) == ("约谈建议 4件", 4)
    assert line.note.endswith("等4个责任主体")


def test_an_interview_says_what_it_is_about_and_until_when_its_subject_may_speak(
    world: World,
) -> None:
    desk = behind(world, "unit.study", "unit.leader_visit")
    world.check(date(2021, 1, 9))
    desk.to("informed")
    (line,) = told(world, "县组长办", as_of=date(2021, 1, 12)).awaiting.lines
    assert "党委（党组）研究部署帮扶工作" in line.note
    assert "陈述申辩至" in line.note


def test_a_silent_body_is_named_with_its_month_and_what_nothing_was_heard_of(
    world: World,
) -> None:
    two_counties(world)
    world.reported(months("2020-01", "2020-01"), scope="示例县")
    day = date(2020, 3, 10)
    world.check(day)
    assert [(line.head, line.note) for line in told(world, "示例县", as_of=day).silent.lines] == [
        ("示例县　2020年2月数据", "召开工作队队长工作例会1项")
    ]


def test_other_roles_read_that_a_leader_decides(world: World) -> None:
    busy(world)
    assert told(world, "示例县").awaiting.title == "待您决定"
    assert told(world, "示例县", LIAISON).awaiting.title == "待领导决定"


def test_a_group_reads_no_names(world: World) -> None:
    busy(world)
    week = told(world, "示例县", GROUP)
    assert week.new.total == 2
    assert not [name for name in NAMES if name in str(week.sections)]


def test_without_a_check_a_week_before_all_that_is_missed_is_new(world: World) -> None:
    two_counties(world)
    world.check(date(2020, 1, 11))
    world.check(TODAY)
    week = told(world, "示例县")
    assert week.since is None
    assert [week.new.total, week.resolved.total] == [week.counts[0].now, 0]
    assert week.new.total > 2


@pytest.mark.parametrize(("ago", "compared"), [(6, False), (7, True), (8, True)])
def test_the_check_compared_with_lies_at_least_seven_days_back(
    world: World, ago: int, compared: bool
) -> None:
    two_counties(world)
    first = TODAY - timedelta(ago)
    world.check(first)
    world.check(TODAY)
    assert told(world, "示例县").since == (first if compared else None)


def test_nothing_checked_yet_is_refused(world: World) -> None:
    reader = Reader(1, "何甲子", world.ids["示例县"], LIAISON)
    with pytest.raises(LuzeError, match="没有检查过"):
        next(gather(world.connection, world.law, [reader], as_of=TODAY, known_at=moment(TODAY)))


@pytest.mark.parametrize(
    ("hours", "stale", "missed"),
    [(29, False, 0), (30, False, 0), (31, True, 2), (24 + 31, True, 3)],
)
def test_a_check_is_stale_after_thirty_hours(
    world: World, hours: int, stale: bool, missed: int
) -> None:
    quiet(world)
    # A night speaks of its own day: it ages from the end of it at the latest, here from 23:00.
    asked = datetime.combine(TODAY, time(23), SHANGHAI) + timedelta(hours=hours)
    (week,) = gather(
        world.connection, world.law, [Reader(1, "何甲子", world.ids["示例县"], LIAISON)],
        as_of=asked.date(), known_at=asked,
    )  # fmt: skip
    assert (week.checked.stale, week.checked.missed) == (stale, missed)
    assert week.checked.night == TODAY


def test_a_digest_of_an_earlier_day_is_not_stale_for_being_read_late(world: World) -> None:
    quiet(world)
    (week,) = gather(
        world.connection, world.law, [Reader(1, "何甲子", world.ids["示例县"], LIAISON)],
        as_of=TODAY, known_at=moment(date(2026, 1, 1)),
    )  # fmt: skip
    assert not week.checked.stale


def test_what_a_retired_duty_left_behind_is_not_told(world: World) -> None:
    busy(world)
    world.law = only(shipped_law(), ("helper.visit",))
    world.check(TODAY + timedelta(1))
    week = told(world, "示例县", as_of=TODAY + timedelta(1))
    assert heads(week.new) == ["赵甲子（甲局） → HC-东村号户　走访帮扶户"]
    assert week.resolved.total == 0


def test_a_waiver_from_a_retired_duty_keeps_nobody_from_reading(world: World) -> None:
    two_counties(world)
    waiving.waive(world)
    waiving.request(world, starts_on=date(2020, 3, 1), ends_on=date(2020, 3, 31))
    world.law = only(shipped_law(), ("helper.visit",))
    world.check(waiving.APPROVED)
    week = told(world, "示例县", as_of=waiving.APPROVED)
    assert week.ending.total == 0
    assert "东乡　豁免申请" not in heads(week.awaiting)


def test_one_reading_serves_all_readers(world: World) -> None:
    busy(world)
    readers = [Reader(n, "", world.ids[name], LIAISON) for n, name in enumerate(("示例县", "甲局"))]
    weeks = list(
        gather(world.connection, world.law, readers, as_of=TODAY, known_at=moment(TODAY, 23))
    )
    assert [week.name for week in weeks] == ["示例县", "甲局"]
    assert weeks[1].new == told(world, "甲局", LIAISON).new
