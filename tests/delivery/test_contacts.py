"""Contacts: who is meant, what a list changes; where anything is wrong nothing is written."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from tests.scenarios.world import LONG_AGO, OFFICER, World, moment
from tracker import audit
from tracker.db import table, transaction
from tracker.delivery import contact_acts, contacts
from tracker.delivery.contact_acts import Registered
from tracker.delivery.contact_rows import Asked, read_contacts
from tracker.delivery.contacts import Recipient
from tracker.delivery.tables import Contact
from tracker.errors import ImportFileError, LuzeError
from tracker.ledger.forms import load_forms

DAY = date(2020, 1, 6)
NOW = moment(DAY, 9)
HEAD = ("姓名", "单位", "身份", "邮箱", "接收什么")


class Registry:
    """示例县 with 县财政局, its head, its secretary, a township's head, and a leader's seat."""

    def __init__(self, connection: sa.Connection) -> None:
        world = World(connection)
        world.unit("县财政局", "东村")
        world.post("章乙亥", "head", "县财政局")
        world.post("周乙丑", "secretary", "示例县")
        world.post("马乙卯", "government_head", "东乡")
        world.seat("省领导甲", "示例县")
        world.post("高乙巳", "member", "省领导甲")
        world.person("李乙未", "县财政局")
        self.connection, self.ids = connection, world.ids

    def register(self, *asked: Asked, hour: int = 9) -> Registered:
        return contact_acts.register(
            self.connection, asked, now=moment(DAY, hour), operator=OFFICER
        )

    def read(self, path: Path, hour: int = 9) -> Registered:
        asked, problems = read_contacts(path, load_forms(), DAY)
        return contact_acts.register(
            self.connection, asked, now=moment(DAY, hour), operator=OFFICER,
            problems=problems, source=path.name,
        )  # fmt: skip

    def standing(self) -> list[Recipient]:
        return contacts.load(self.connection)

    def acts(self) -> list[str]:
        rows = self.connection.execute(sa.select(table(audit.Act).c.act))
        return [row.act for row in rows]


@pytest.fixture
def registry(sqlite_engine: sa.Engine) -> Iterator[Registry]:
    with transaction(sqlite_engine) as connection:
        yield Registry(connection)


def listed(path: Path, *rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as out:
            csv.writer(out).writerows([head, *rows])
        return path
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("联系人名单",), head, *rows):
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("章乙亥@县财政局", "县财政局"),
        ("周乙丑@示例县", "示例县"),
        ("马乙卯@东乡", "东乡"),
        ("高乙巳@省领导甲", "省领导甲"),
    ],
)
def test_a_post_says_whose_leader_somebody_is(registry: Registry, name: str, scope: str) -> None:
    registry.register(Asked(name, mail="x@example.cn"))
    (found,) = registry.standing()
    assert (found.name, found.subject_id) == (name[:3], registry.ids[name[:3]])
    assert (found.scope_id, found.role) == (registry.ids[scope], "leader")
    assert found.wants == {"digest", "notices"}


def test_everybody_else_says_what_it_is_about(registry: Registry) -> None:
    with pytest.raises(LuzeError) as refusal:
        registry.register(
            Asked("李乙未@县财政局", mail="x@example.cn"), Asked("王外", mail="y@x.cn")
        )
    told = str(refusal.value)
    assert told.count("没有写单位（范围），登记库里看不出他负责哪里") == 2
    assert "没有写身份" in told

    registry.register(Asked("王外", "县财政局", "联络员", mail="y@x.cn", wants="提醒、周报"))
    (found,) = registry.standing()
    assert (found.subject_id, found.role) == (None, "liaison")
    assert found.wants == {"digest", "notices"}


def test_a_person_of_the_unit_named_is_known_by_name_alone(registry: Registry) -> None:
    registry.register(Asked("李乙未", "县财政局", "联络员", mail="y@x.cn"))
    assert registry.standing()[0].subject_id == registry.ids["李乙未"]


def test_a_robot_speaks_to_a_group_only(registry: Registry) -> None:
    with pytest.raises(LuzeError, match="机器人只对群说话"):
        registry.register(Asked("周乙丑@示例县", wecom="县群"))
    registry.register(Asked("县帮扶群", "示例县", wecom="县群"))
    (found,) = registry.standing()
    assert (found.role, found.channel, found.address) == ("group", "wecom", "县群")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Asked("王外", "县财政局", "联络员", mail="王外"), "邮箱写法不对"),
        (Asked("王外", "县财政局", "联络员", mail="a@b.cn\r\nBcc: c@d.cn"), "邮箱写法不对"),
        (Asked("王外", "县财政局", "联络员", mail="a@b.cn", wecom="群"), "邮箱和机器人只能写一种"),
        (Asked("王外", "县财政局", "秘书", mail="a@b.cn"), "没有“秘书”这种身份"),
        (Asked("王外", "县财政局", "联络员", mail="a@b.cn", wants="日报"), "没有“日报”这种接收"),
        (Asked("王外", "县教育局", "联络员", mail="a@b.cn"), "找不到“县教育局”"),
        (Asked("王外@县教育局", "县财政局", "联络员", mail="a@b.cn"), "找不到“王外@县教育局”"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(
    registry: Registry, asked: Asked, told: str
) -> None:
    with pytest.raises(LuzeError, match=told):
        registry.register(Asked("周乙丑@示例县", mail="x@example.cn"), asked)
    assert registry.standing() == []
    assert registry.acts() == []


def test_full_width_letters_of_an_address_are_understood(registry: Registry) -> None:
    registry.register(Asked("周乙丑@示例县", mail="ｚｈｏｕ＠ｅｘａｍｐｌｅ．ｃｎ"))
    assert registry.standing()[0].address == "zhou@example.cn"


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_list_is_registered_and_a_second_time_only_what_differs(
    registry: Registry, tmp_path: Path, suffix: str
) -> None:
    first = listed(
        tmp_path / f"联系人.{suffix}",
        ("周乙丑", "示例县", "领导", "zhou@example.cn", "周报"),
        ("李乙未", "县财政局", "联络员", "", ""),
    )
    done = registry.read(first)
    assert (done.added, done.without_address) == ([1, 2], ["李乙未"])
    assert [one.wants for one in registry.standing()] == [{"digest"}, {"notices"}]

    again = registry.read(first, hour=10)
    assert (again.added, again.replaced, again.unchanged) == ([], [], [1, 2])

    changed = listed(
        tmp_path / f"新.{suffix}",
        ("李乙未", "县财政局", "联络员", "li@example.cn", ""),
        ("章乙亥", "县财政局", "", "zhang@example.cn", ""),
    )
    done = registry.read(changed, hour=11)
    assert (done.added, done.replaced) == ([3, 4], [2])
    assert [one.contact_id for one in done.absent] == [1]
    assert [one.address for one in registry.standing()] == [
        "zhou@example.cn", "li@example.cn", "zhang@example.cn",
    ]  # fmt: skip
    assert registry.acts() == ["contacts", "contacts"]


def test_an_address_left_blank_later_is_kept_and_told(registry: Registry) -> None:
    registry.register(Asked("周乙丑@示例县", mail="zhou@example.cn"))
    done = registry.register(Asked("周乙丑@示例县"), hour=10)
    assert (done.kept_address, done.unchanged) == (["周乙丑"], [1])
    assert registry.standing()[0].address == "zhou@example.cn"


def test_other_words_for_the_columns_are_understood(registry: Registry, tmp_path: Path) -> None:
    path = listed(
        tmp_path / "通讯录.xlsx", ("李乙未", "县财政局", "联络员", "li@example.cn"),
        head=("联络员姓名", "所在单位", "角色", "电子邮箱"),
    )  # fmt: skip
    registry.read(path)
    assert registry.standing()[0].address == "li@example.cn"


def test_every_bad_row_of_a_list_is_named_at_once(registry: Registry, tmp_path: Path) -> None:
    path = listed(
        tmp_path / "联系人.xlsx",
        ("周乙丑", "示例县", "领导", "zhou@example.cn", ""),
        ("", "示例县", "领导", "a@example.cn", ""),
        ("李乙未", "县财政局", "司机", "li", ""),
        ("周乙丑", "示例县", "领导", "other@example.cn", ""),
    )
    with pytest.raises(LuzeError) as refusal:
        registry.read(path)
    told = str(refusal.value)
    for place in (
        "第 4 行",
        "第 5 行：没有“司机”",
        "第 5 行：邮箱写法不对",
        "第 6 行：“周乙丑”重复",
    ):
        assert place in told
    assert registry.standing() == []


def test_a_file_without_a_list_is_refused(registry: Registry, tmp_path: Path) -> None:
    path = listed(tmp_path / "别的.xlsx", ("1", "2"), head=("甲", "乙"))
    with pytest.raises(ImportFileError, match="没有联系人名单"):
        registry.read(path)


def test_a_contact_is_voided_never_deleted(registry: Registry) -> None:
    registry.register(Asked("周乙丑@示例县", mail="zhou@example.cn"))
    contact_acts.remove(registry.connection, 1, now=moment(DAY, 10), operator=OFFICER)

    assert registry.standing() == []
    assert len(contacts.load(registry.connection, known_at=NOW)) == 1
    assert contacts.load(registry.connection, known_at=LONG_AGO) == []
    rows = registry.connection.execute(sa.select(table(Contact))).all()
    assert [row.voided_at for row in rows] == [moment(DAY, 10)]
    assert registry.acts() == ["contacts", "contact_removed"]
    with pytest.raises(LuzeError, match="没有第 1 号联系人"):
        contact_acts.remove(registry.connection, 1, now=moment(DAY, 11), operator=OFFICER)


def test_only_those_who_want_something_are_loaded_for_it(registry: Registry) -> None:
    registry.register(
        Asked("甲", "示例县", "联络员", mail="a@x.cn", wants="提醒"),
        Asked("乙", "示例县", "联络员", mail="b@x.cn", wants="周报,告警"),
    )
    load = contacts.load
    assert [one.name for one in load(registry.connection, "notices")] == ["甲"]
    assert [one.name for one in load(registry.connection, "digest")] == ["乙"]
    assert [one.name for one in load(registry.connection, "alerts")] == ["乙"]
