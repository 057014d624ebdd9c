"""What a person does about a notice: refused whole with every reason, else recorded and audited."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.consequences.test_notices import september
from tests.scenarios.world import OFFICER, World, history, moment
from tracker import audit
from tracker.consequences import notice_acts, notices
from tracker.consequences.tables import NoticeEvent
from tracker.db import table, transaction
from tracker.errors import LuzeError

RAISED, TODAY = date(2020, 10, 15), date(2020, 10, 19)
ANSWER: dict[str, Any] = {
    "who": "王甲", "text": "会议已于 10 月 16 日补开", "evidence": ["会议记录"], "due_on": None,
}  # fmt: skip


@pytest.fixture
def red(world: World) -> World:
    """September's meeting is missing: notice 1 is red since 15 October."""
    september(world).check(RAISED)
    return world


def acknowledge(world: World, number: int = 1, who: str = "王甲", on: date = TODAY) -> None:
    notice_acts.acknowledge(
        world.connection, number, who=who, on=on, now=moment(TODAY, 9), operator=OFFICER
    )


def answer(world: World, number: int = 1, on: date = TODAY, **changed: Any) -> None:
    notice_acts.answer(
        world.connection, number, on=on, now=moment(TODAY, 9), operator=OFFICER,
        **{**ANSWER, **changed},
    )  # fmt: skip


def events(world: World) -> list[str]:
    return [row.event for row in history(world.connection, NoticeEvent)]


def test_a_receipt_and_an_answer_stand_in_the_history_and_in_the_audit_chain(red: World) -> None:
    acknowledge(red, on=date(2020, 10, 16))
    answer(red, due_on=TODAY)

    *_, seen, said = notices.story(red.connection, 1)
    assert (seen.event, seen.as_of, seen.detail) == (
        "acknowledged", date(2020, 10, 16), {"who": "王甲"},
    )  # fmt: skip
    assert (said.note, said.due_on) == (ANSWER["text"], TODAY)
    assert said.detail == {"who": "王甲", "evidence": ["会议记录"]}
    life = notices.load(red.connection, 1)
    assert life is not None
    assert (life.state, life.acknowledged_on, life.answered_on) == (
        "open", date(2020, 10, 16), TODAY,
    )  # fmt: skip
    acts = table(audit.Act)
    told = red.connection.execute(sa.select(acts.c.act).order_by(acts.c.id)).scalars().all()
    assert told == ["check", "notice_acknowledged", "notice_answered"]
    assert audit.verify(red.connection) == (3, None)


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        (date(2020, 10, 14), "早于发出的 2020-10-15"),
        (date(2020, 10, 15), ""),
        (date(2020, 10, 19), ""),
        (date(2020, 10, 20), "晚于今天 2020-10-19"),
    ],
)
def test_an_act_falls_between_the_raising_and_today(red: World, day: date, refused: str) -> None:
    if not refused:
        acknowledge(red, on=day)
        assert events(red) == ["raised", "acknowledged"]
        return
    with pytest.raises(LuzeError) as refusal:
        acknowledge(red, on=day)
    assert refused in str(refusal.value)
    assert events(red) == ["raised"]


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_promised_day_is_not_before_the_answer(red: World, days: int) -> None:
    due = date(2020, 10, 19 + days)
    if days >= 0:
        answer(red, due_on=due)
        assert events(red) == ["raised", "answered"]
        return
    with pytest.raises(LuzeError, match="未答复") as refusal:
        answer(red, due_on=due)
    assert "承诺期限 2020-10-18 早于答复日 2020-10-19" in str(refusal.value)


def test_every_defect_is_told_at_once_and_nothing_is_written(red: World) -> None:
    with pytest.raises(LuzeError) as refusal:
        answer(
            red, who=" ", text="", evidence=["会议记录", ""], on=date(2020, 10, 14),
            due_on=date(2020, 10, 13),
        )  # fmt: skip

    assert [problem.where for problem in refusal.value.problems] == [
        "--who", "--text", "--evidence", "--due", "--on",
    ]  # fmt: skip
    assert events(red) == ["raised"]
    assert audit.verify(red.connection) == (1, None)


def test_a_text_is_refused_rather_than_cut(red: World) -> None:
    answer(red, text="字" * 400)
    with pytest.raises(LuzeError) as refusal:
        answer(red, text="字" * 401)
    assert "超过 400 字" in str(refusal.value)


def test_a_closed_notice_is_not_acted_on(red: World) -> None:
    red.did("东乡", "captains_meeting", date(2020, 9, 29), entered=date(2020, 10, 16))
    red.check(date(2020, 10, 16))
    for act in (acknowledge, answer):
        with pytest.raises(LuzeError) as refusal:
            act(red)
        assert "现为“已了结”" in str(refusal.value)
    assert events(red) == ["raised", "cured_late"]


def test_a_muted_notice_points_to_the_one_that_speaks_for_it(world: World) -> None:
    from tests.consequences.test_notices_muted import vacant

    vacant(world).check(RAISED)
    (muted,) = (e for e in notices.listed(world.connection) if e.state == "muted")
    with pytest.raises(LuzeError) as refusal:
        acknowledge(world, muted.id)
    assert "并入第 1 号提醒，请处理该号提醒" in str(refusal.value)


def test_a_number_that_does_not_exist_is_named(red: World) -> None:
    with pytest.raises(LuzeError, match="没有第 7 号提醒"):
        acknowledge(red, 7)


def test_an_answered_notice_is_repeated_only_after_its_promised_day(red: World) -> None:
    answer(red, due_on=date(2020, 11, 16))
    for day in (date(2020, 11, 16), date(2020, 11, 17)):
        red.check(day)

    rows = history(red.connection, NoticeEvent)
    assert [e.as_of for e in rows if e.event == "reminded"] == [date(2020, 11, 17)]


def test_acts_read_back_alike_on_both_databases(engine: sa.Engine) -> None:
    with transaction(engine) as connection:
        world = World(connection)
        september(world).check(RAISED)
        answer(world, due_on=date(2020, 11, 16))
        world.check(TODAY)
        life = notices.load(connection, 1)

        assert life is not None
        assert (life.due_on, life.leader_on, life.state) == (date(2020, 11, 16), None, "open")
        assert [row.detail for row in notices.story(connection, 1)] == [
            {}, {"who": "王甲", "evidence": ["会议记录"]},
        ]  # fmt: skip
        assert [*notices.live(connection).values()] == [life]
