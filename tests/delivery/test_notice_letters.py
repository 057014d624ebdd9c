"""The morning's letters: what is new, once, to whom it concerns, and no names in groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.scenarios.world import OFFICER, World, moment, months, only, shipped_law
from tracker.db import table, transaction
from tracker.delivery import contact_acts, notice_letters
from tracker.delivery.contact_rows import Asked
from tracker.delivery.guard import names_told
from tracker.outbox import Outgoing

NIGHT, MORNING = date(2020, 1, 9), date(2020, 1, 10)
LATER = date(2020, 1, 16)  # the fifth working day after: repeated, and told to leaders
REGISTERED = moment(date(2020, 1, 2), 9)


class Morning:
    """甲局 and 乙局 in 东村, each short of a study of 2019, and 钱甲子 of his visit."""

    def __init__(self, connection: sa.Connection) -> None:
        self.world = World(connection, only(shipped_law(), ("unit.study", "unit.leader_visit")))
        for unit in ("甲局", "乙局"):
            self.world.unit(unit, "东村")
            self.world.did(unit, "committee_study", *months("2019-09", "2019-11"))
        self.world.leader("钱甲子", "甲局")
        self.world.reported(months("2019-01", "2019-12"))
        self.connection = connection

    def contact(self, name: str, scope: str, role: str = "联络员", **said: str) -> None:
        said = said or {"mail": "zhang@example.cn"}
        contact_acts.register(
            self.connection, [Asked(name, scope, role, wants="提醒", **said)],
            now=REGISTERED, operator=OFFICER,
        )  # fmt: skip

    def enqueue(self, day: date = MORNING) -> dict[str, int]:
        return notice_letters.enqueue(
            self.connection, self.world.law, as_of=day, now=moment(day, 9)
        )

    def letters(self) -> list[Any]:
        out = table(Outgoing)
        return list(self.connection.execute(sa.select(out).order_by(out.c.id)))


@pytest.fixture
def morning(sqlite_engine: sa.Engine) -> Iterator[Morning]:
    with transaction(sqlite_engine) as connection:
        yield Morning(connection)


def test_a_liaison_officer_reads_what_is_new_in_his_unit_only(morning: Morning) -> None:
    morning.contact("张联", "甲局")
    morning.world.check(NIGHT)

    assert morning.enqueue() == {"leader": 0, "liaison": 1, "group": 0}
    (letter,) = morning.letters()

    assert letter.subject == "甲局帮扶履责提醒 1月10日：新增2"
    assert "张联：" in letter.text
    assert "党委（党组）研究部署帮扶工作（2019年）：3/4次" in letter.text
    assert "钱甲子" in letter.text
    assert "乙局" not in letter.text + letter.html
    assert "五(一)" in letter.text
    assert "补录" in letter.text
    assert "党委（党组）研究部署帮扶工作" in letter.html
    assert '<h1 style="' in letter.html


def test_the_same_morning_again_writes_nothing(engine: sa.Engine) -> None:
    with transaction(engine) as connection:
        morning = Morning(connection)
        morning.contact("张联", "示例县")
        morning.world.check(NIGHT)
        assert morning.enqueue()["liaison"] == 1
    for _ in range(2):
        with transaction(engine) as connection:
            morning.connection = connection
            assert sum(morning.enqueue().values()) == 0
            assert len(morning.letters()) == 1


def test_a_quiet_night_sends_nothing_and_a_reminder_is_told_as_such(morning: Morning) -> None:
    morning.contact("张联", "甲局")
    morning.world.check(NIGHT)
    morning.enqueue()

    morning.world.check(MORNING)
    assert sum(morning.enqueue(date(2020, 1, 11)).values()) == 0

    morning.world.check(LATER)
    assert morning.enqueue(date(2020, 1, 17))["liaison"] == 1
    last = morning.letters()[-1]
    assert "再次提醒" in last.subject
    assert "新增" not in last.subject
    assert "（再次提醒）" in last.text


def test_what_was_cured_before_the_morning_is_no_longer_warned_of(morning: Morning) -> None:
    morning.contact("张联", "乙局")
    morning.world.check(NIGHT)
    morning.world.did("乙局", "committee_study", date(2019, 12, 3), entered=MORNING)
    morning.world.check(MORNING)
    assert sum(morning.enqueue(date(2020, 1, 11)).values()) == 0


def test_a_leader_hears_only_of_what_was_reported_to_leaders(morning: Morning) -> None:
    morning.contact("周书记", "示例县", "领导")
    morning.world.check(NIGHT)
    assert sum(morning.enqueue().values()) == 0

    morning.world.check(LATER)
    assert morning.enqueue(date(2020, 1, 17)) == {"leader": 1, "liaison": 0, "group": 0}
    (letter,) = morning.letters()
    assert letter.subject.startswith("示例县帮扶履责提醒")
    assert letter.subject.endswith("项久未了结，请督促")
    assert "仍未了结" in letter.text


def test_a_group_reads_counts_and_bodies_but_no_person(morning: Morning) -> None:
    morning.contact("县群", "示例县", "群", wecom="县帮扶群")
    morning.world.check(NIGHT)
    assert morning.enqueue()["group"] == 1
    (letter,) = morning.letters()

    assert letter.html == ""
    assert "示例县今日提醒" in letter.text
    assert "甲局" in letter.text
    assert "乙局" in letter.text
    assert len(letter.text.strip().splitlines()) <= 9
    told = letter.subject + letter.text
    assert "钱甲子" not in told
    scope = morning.world.ids["示例县"]
    assert names_told(morning.connection, told, scope, moment(MORNING)) == []


def test_the_guard_finds_a_person_but_not_a_part_of_a_place(morning: Morning) -> None:
    world = morning.world
    world.leader("东村", "甲局")  # a name that stands in a body's name too
    world.pair("钱甲子", "甲局", "HC0117")
    scope, now = world.ids["示例县"], moment(MORNING)

    def told(text: str) -> list[int]:
        return names_told(morning.connection, text, scope, now)

    assert told("东村1条") == []
    assert told("甲局钱甲子2条") == [world.ids["钱甲子"]]
    assert told("HC0117") == [world.ids["HC0117"]]


def test_a_new_address_goes_on_where_the_old_one_stopped(morning: Morning) -> None:
    morning.contact("张联", "甲局")
    morning.world.check(NIGHT)
    morning.enqueue()
    contact_acts.register(
        morning.connection, [Asked("张联", "甲局", "联络员", mail="new@example.cn", wants="提醒")],
        now=moment(MORNING, 10), operator=OFFICER,
    )  # fmt: skip
    assert sum(morning.enqueue(MORNING).values()) == 0


@pytest.mark.parametrize(("units", "lines"), [(9, 12), (10, 2)])
def test_a_county_with_more_than_a_screen_reads_what_is_alike_in_one_line(
    morning: Morning, units: int, lines: int
) -> None:
    for number in range(units):
        morning.world.unit(f"第{number}局", "西村")
    morning.contact("张联", "示例县")
    morning.world.check(NIGHT)
    morning.enqueue()
    (letter,) = morning.letters()
    assert letter.text.count("依据：") == letter.html.count("依据：") == lines
    assert letter.subject.endswith(f"新增{units + 3}")
    assert f"色 {units + 3}条" in letter.text
    told = f"党委（党组）研究部署帮扶工作 {units + 2}条：甲局1条"
    assert (told in letter.text) == (lines == 2)
    assert "未列出" not in letter.text


def test_what_was_raised_and_repeated_since_the_last_letter_is_new(morning: Morning) -> None:
    morning.contact("张联", "甲局")
    morning.world.check(NIGHT)
    morning.world.check(LATER)
    morning.enqueue(date(2020, 1, 17))
    (letter,) = morning.letters()
    assert letter.subject.endswith("新增2")
    assert "再次提醒" not in letter.text
    assert sum(morning.enqueue(date(2020, 1, 18)).values()) == 0


def test_a_month_without_a_report_is_told_to_the_area_only(morning: Morning) -> None:
    morning.world.law = only(shipped_law(), ("unit.study", "township.captains_meeting"))
    morning.contact("张联", "甘肃省")
    morning.contact("王联", "乙局")
    morning.world.check(date(2020, 3, 20))
    morning.enqueue(date(2020, 3, 21))
    province, unit = (letter.text for letter in morning.letters())
    assert "甘肃省　2020-02 数据未报送：" in province
    assert "未报送：未报送" not in province
    assert "数据未报送" not in unit
