"""One subject by what a person types."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from tests.ledger import books as b
from tracker.clock import SHANGHAI
from tracker.errors import LookupFailed
from tracker.ledger.directory import SUBJECTS
from tracker.registry.lookup import find_subject


@pytest.fixture
def known(sqlite_engine: sa.Engine) -> sa.Engine:
    b.store(sqlite_engine, b.book(*b.rosters()))
    return sqlite_engine


def find(engine: sa.Engine, text: str) -> str:
    with engine.connect() as connection:
        query = sa.select(SUBJECTS.c.name).where(SUBJECTS.c.id == find_subject(connection, text))
        return str(connection.scalar(query))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b.WATER, b.WATER),
        ("县水务局", b.WATER),
        ("县工信局", b.INDUSTRY),
        ("华池县", "华池县"),
        ("621023", "华池县"),
        ("乔川镇", "乔川乡"),
        ("乔川乡艾蒿掌村", "艾蒿掌村"),
        ("林镇乡张岔村", "张岔村"),
        ("hc0001", "史乙酉"),
        ("王乙@县审计局", "王乙"),
        ("王乙（乔川）", "王乙"),
        ("何庚子", "何庚子"),
        ("艾蒿掌村驻村帮扶工作队", "艾蒿掌村驻村帮扶工作队"),
    ],
)
def test_a_subject_is_found_as_people_write_it(known: sa.Engine, text: str, name: str) -> None:
    assert find(known, text) == name


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("王乙", ["王乙@华池县工业和信息化局", "王乙@华池县审计局"]),
        ("张岔村", ["林镇乡张岔村", "乔河乡张岔村"]),
    ],
)
def test_what_fits_several_lists_them(known: sa.Engine, text: str, candidates: list[str]) -> None:
    with pytest.raises(LookupFailed) as failed:
        find(known, text)
    assert {str(problem) for problem in failed.value.problems} == set(candidates)


@pytest.mark.parametrize(("text", "near"), [("艾嵩掌村", "艾蒿掌村"), ("何庚午", "何庚子")])
def test_what_fits_nothing_says_what_is_near(known: sa.Engine, text: str, near: str) -> None:
    with pytest.raises(LookupFailed, match="找不到") as failed:
        find(known, text)
    assert near in str(failed.value)


def test_who_was_not_yet_registered_is_not_found(known: sa.Engine) -> None:
    before = datetime(2000, 1, 1, tzinfo=SHANGHAI)
    with known.connect() as connection, pytest.raises(LookupFailed, match="找不到"):
        find_subject(connection, b.WATER, before)
