"""When an open notice speaks again, and what an objection or an upper cause keeps it from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenarios.world import OFFICER, World, history, moment, shipped_law
from tracker.consequences import notice_acts, notices
from tracker.consequences.history import Moment
from tracker.consequences.lives import NOTICE
from tracker.consequences.notice_calls import Call, wanted_rectifications
from tracker.consequences.notice_steps import Decision, Life, Rhythm, Tonight, decide
from tracker.consequences.objections import Standing
from tracker.consequences.tables import NoticeEvent
from tracker.errors import LuzeError
from tracker.workdays import calendar_for

CALENDAR = calendar_for(shipped_law().calendar)
WARNINGS = (
    shipped_law()
    .packs[0]
    .document.defaults.warnings.model_copy(update={"repeat_after": (5, 10, 20), "leader_after": 3})
)
KEY, UPPER = "gansu-2019-33|unit.study|1||2020-01-01|", "gansu-2019-33|unit.pairing|1||2020|"
NOBODY: frozenset[str] = frozenset()
# The national holiday of 2020: 1 to 8 October; Sunday 27 September and Saturday 10 October work.
BEFORE_HOLIDAY = date(2020, 9, 28)


class Row(NamedTuple):
    """A row of a notice's history."""

    event: str
    as_of: date
    state: str = "open"
    note: str = ""
    due_on: date | None = None


def red(key: str = KEY) -> Call:
    return Call(key, "red", 1, "unit.study")


def lived(*rows: tuple[str, date] | Row, call: Call | None = None) -> Life:
    """A notice after these rows."""
    first, *others = (row if isinstance(row, Row) else Row(*row) for row in rows)
    life = Life.begun(1, call or red(), first)
    for row in others:
        life = life.after(row)
    return life


def tonight(
    as_of: date, *, open_: frozenset[str] = NOBODY, upheld: frozenset[str] = NOBODY,
    causes: Mapping[str, tuple[str, ...]] | None = None,
    judged: Mapping[str, tuple[str, int]] | None = None,
) -> Tonight:  # fmt: skip
    rhythm = Rhythm(CALENDAR, as_of, {"gansu-2019-33": WARNINGS})
    names = {"unit.study": "研究部署", "unit.pairing": "结对帮扶"}
    return Tonight(judged or {}, causes or {}, Standing(open_, upheld), rhythm, names)


def steps(as_of: date, life: Life | None, *calls: Call, **asked: Any) -> list[str]:
    """The events that a night writes about one notice."""
    lives = {life.call.key: life} if life else {}
    return [d.event for d in decide(list(calls), lives, tonight(as_of, **asked))]


def spoken_on(life: Life, days: Sequence[date], event: str) -> list[date]:
    """On which of these nights the event is written, each night seen alone."""
    return [day for day in days if event in steps(day, life, red())]


def after(day: date, working_days: int) -> date:
    """The n-th working day after a day."""
    return cast(date, CALENDAR.add_working_days(day, working_days).item())


def around(day: date) -> list[date]:
    """The day before, the day, and the day after."""
    return [day - timedelta(1), day, day + timedelta(1)]


def test_the_leader_hears_three_working_days_after_the_liaison_officer_and_once() -> None:
    told = date(2020, 10, 9)  # 29 and 30 September, 9 October
    life = lived(("raised", BEFORE_HOLIDAY))

    assert spoken_on(life, around(told), "told_leader") == around(told)[1:]
    heard = life.after(Row("told_leader", told))
    assert spoken_on(heard, around(told), "told_leader") == []


def test_the_first_reminder_comes_five_working_days_later_across_a_long_holiday() -> None:
    due = date(2020, 10, 12)  # 29, 30 September; 9, 10 (a working Saturday), 12 October
    assert spoken_on(lived(("raised", BEFORE_HOLIDAY)), around(due), "reminded") == around(due)[1:]


@pytest.mark.parametrize(
    ("reminders", "working_days"), [(0, 5), (1, 10), (2, 20), (3, 20), (9, 20)]
)
def test_each_reminder_waits_longer_and_the_last_interval_repeats(
    reminders: int, working_days: int
) -> None:
    day = date(2020, 3, 2)
    life = lived(("raised", day), *[("reminded", day)] * reminders)
    due = after(day, working_days)

    assert spoken_on(life, around(due), "reminded") == around(due)[1:]


def test_missed_nights_are_one_reminder_and_the_next_counts_from_it() -> None:
    back = date(2020, 6, 1)
    life = lived(("raised", date(2020, 3, 2)))
    (told, again) = decide([red()], {KEY: life}, tonight(back))

    assert (told.event, again.event, again.note) == ("told_leader", "reminded", "第 1 次再提醒")
    due = after(back, 10)
    life = life.after(Row("told_leader", back)).after(Row("reminded", back))
    assert spoken_on(life, [back, *around(due)], "reminded") == around(due)[1:]


def test_a_receipt_leaves_out_the_next_reminder_and_no_more() -> None:
    day, seen = date(2020, 3, 2), date(2020, 3, 3)
    life = lived(("raised", day), ("acknowledged", seen), ("acknowledged", seen))
    due = after(day, 5 + 10)

    assert spoken_on(life, around(due), "reminded") == around(due)[1:]
    life = life.after(Row("reminded", due))
    then = after(due, 20)
    assert spoken_on(life, around(then), "reminded") == around(then)[1:]


def test_an_answer_is_waited_for_until_its_promised_day_has_passed() -> None:
    promised = date(2020, 4, 15)
    answered = Row("answered", date(2020, 3, 3), due_on=promised)
    life = lived(("raised", date(2020, 3, 2)), answered)

    assert spoken_on(life, around(promised), "reminded") == [promised + timedelta(1)]


def test_what_no_longer_calls_is_not_repeated() -> None:
    life = lived(("raised", date(2020, 3, 2)))
    assert steps(date(2020, 6, 1), life) == []


def test_a_report_follows_the_strictest_pack() -> None:
    lax = WARNINGS.model_copy(update={"repeat_after": (30,), "leader_after": 30})
    rhythm = Rhythm(CALENDAR, date(2020, 3, 2), {"a": lax, "b": WARNINGS})

    assert rhythm.of("a|unit.study|1") is lax
    assert rhythm.of("report|1|2020-01") is rhythm.of("interview|1|rectification") is WARNINGS


LATE = date(2020, 6, 1)
OBJECTED: dict[str, Any] = {"open_": frozenset({KEY})}


def at(level: str) -> Call:
    return Call(KEY, level, 1, "unit.study")


def test_while_an_objection_is_open_nothing_escalates() -> None:
    day = date(2020, 3, 2)
    yellow = lived(("raised", day), call=at("yellow"))
    muted = lived(Row("muted", day, "muted"))

    assert steps(LATE, None, red(), **OBJECTED) == []
    assert steps(LATE, yellow, red(), **OBJECTED) == []
    assert steps(LATE, yellow, at("yellow"), **OBJECTED) == []
    assert steps(LATE, muted, red(), **OBJECTED) == []
    assert steps(LATE, muted, at("blue"), **OBJECTED) == []
    assert steps(LATE, yellow, red()) == ["superseded", "raised"]
    assert steps(LATE, yellow, at("yellow")) == ["told_leader", "reminded"]
    assert steps(LATE, muted, red()) == ["raised"]


def test_while_an_objection_is_open_what_eases_is_still_written() -> None:
    life = lived(("raised", date(2020, 3, 2)))
    frozen = tonight(LATE, **OBJECTED, judged={KEY: ("met", 0)})

    assert steps(LATE, life, at("blue"), **OBJECTED) == ["superseded", "raised"]
    assert [d.event for d in decide([], {KEY: life}, frozen)] == ["cured"]
    frozen = tonight(LATE, **OBJECTED, judged={KEY: ("waived", 0)})
    assert [(d.event, d.note) for d in decide([], {KEY: life}, frozen)] == [
        ("withdrawn", "判定变为“已豁免”")
    ]


def test_an_objection_upheld_ends_the_notice_and_no_other_follows() -> None:
    upheld = frozenset({KEY})
    for state in ("open", "muted"):
        life = lived(Row("raised" if state == "open" else "muted", date(2020, 3, 2), state))
        (only,) = decide([red()], {KEY: life}, tonight(LATE, upheld=upheld))
        assert (only.event, only.note) == ("withdrawn", "异议成立")
    assert steps(LATE, None, red(), upheld=upheld) == []


UPPER_CALL = Call(UPPER, "red", 1, "unit.pairing")
FOLLOWS = {KEY: (UPPER,)}


def test_an_upper_cause_that_is_raised_tonight_mutes_what_follows_from_it() -> None:
    found = decide([red(), UPPER_CALL], {}, tonight(LATE, causes=FOLLOWS))
    assert found == [
        Decision(UPPER_CALL, "raised"),
        Decision(red(), "muted", "因“结对帮扶”未落实", UPPER),
    ]


def test_a_cause_without_a_notice_of_its_own_mutes_nothing() -> None:
    about = frozenset({UPPER})
    objected = tonight(LATE, causes=FOLLOWS, open_=about)
    excused = tonight(LATE, causes=FOLLOWS, upheld=about)
    for asked in (objected, excused):
        found = decide([red(), UPPER_CALL], {}, asked)
        assert [(d.call.key, d.event) for d in found] == [(KEY, "raised")]


def test_the_cause_of_a_cause_mutes_both() -> None:
    top = "gansu-2019-33|unit.subsidy|1||2020|"
    causes = {KEY: (UPPER, top), UPPER: (top,)}
    found = decide([red(), UPPER_CALL, red(top)], {}, tonight(LATE, causes=causes))

    assert [(d.call.key, d.event, d.upper) for d in found] == [
        (top, "raised", ""), (UPPER, "muted", top), (KEY, "muted", top),
    ]  # fmt: skip


def test_a_rectification_is_yellow_from_a_week_before_and_red_after_its_due_day() -> None:
    due = date(2020, 3, 20)

    def level(day: date) -> list[str]:
        return [call.level for call in wanted_rectifications([(12, 1, due)], day, 7)]

    assert [level(day) for day in around(due - timedelta(7))] == [[], ["yellow"], ["yellow"]]
    assert [level(day) for day in around(due)] == [["yellow"], ["yellow"], ["red"]]
    ((call),) = wanted_rectifications([(12, 1, due)], due, 7)
    assert (call.key, call.about({})) == ("interview|12|rectification", "第 12 号约谈的整改")


# ---- any nights, any acts

KEYS = [KEY, UPPER, "report|1|2020-02", "interview|7|rectification"]
LEVELS = st.sampled_from([None, "blue", "yellow", "red"])
NIGHT = st.fixed_dictionaries({
    "later": st.integers(0, 25),
    "levels": st.tuples(LEVELS, LEVELS, st.sampled_from([None, "report"]), LEVELS),
    "status": st.sampled_from(["met", "on_track", "not_applicable"]),
    "follows": st.booleans(),
    "open_": st.frozensets(st.sampled_from(KEYS), max_size=2),
    "upheld": st.frozensets(st.sampled_from(KEYS), max_size=1),
    "act": st.none() | st.tuples(
        st.sampled_from(["acknowledge", "answer"]), st.integers(1, 6), st.integers(-3, 30)
    ),
})  # fmt: skip


def one_night(connection: sa.Connection, day: date, said: Mapping[str, Any]) -> None:
    """Run one night twice: the second writes nothing; what is under objection hears nothing."""
    called = zip(KEYS, said["levels"], strict=True)
    calls = [Call(key, level, 1) for key, level in called if level]
    keys = {call.key for call in calls}
    asked = tonight(
        day, open_=said["open_"], upheld=said["upheld"],
        causes=FOLLOWS if said["follows"] and {KEY, UPPER} <= keys else {},
        judged={key: (said["status"], 0) for key in KEYS if key not in keys},
    )  # fmt: skip
    lives = notices.live(connection)
    decisions = decide(calls, lives, asked)
    notices.apply(connection, decisions, lives, Moment(day, moment(day, 22), OFFICER))
    assert decide(calls, notices.live(connection), asked) == []
    loud = {d.call.key for d in decisions if d.event in ("reminded", "told_leader")}
    assert not loud & (said["open_"] | said["upheld"])


def one_act(connection: sa.Connection, day: date, said: tuple[str, int, int]) -> None:
    """A person acts on a notice; it is refused exactly where the notice is not open, or the
    promised day is before the act."""
    name, number, days = said
    hand = {"who": "王甲", "on": day, "now": moment(day, 23), "operator": OFFICER}
    state = next((life.state for life in notices.listed(connection) if life.id == number), None)
    fits = state == "open" and (name == "acknowledge" or days >= 0)
    promise = {"text": "已整改", "evidence": [], "due_on": day + timedelta(days)}
    said_more: dict[str, Any] = promise if name == "answer" else {}
    with nullcontext() if fits else pytest.raises(LuzeError, match=r"未作任何改动|没有第"):
        getattr(notice_acts, name)(connection, number, **hand, **said_more)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(NIGHT, min_size=1, max_size=12))
def test_any_history_replays_to_its_state_and_never_nags(
    world: World, nights: list[dict[str, Any]]
) -> None:
    trial, day = world.connection.begin_nested(), date(2020, 1, 2)
    for said in nights:
        day += timedelta(said["later"])
        one_night(world.connection, day, said)
        if said["act"]:
            one_act(world.connection, day, said["act"])

    stories: dict[int, list[Any]] = {}
    for row in history(world.connection, NoticeEvent):
        stories.setdefault(row.notice_id, []).append(row)
    for rows in stories.values():
        assert NOTICE.replay(row.event for row in rows) == rows[-1].state
        keeps_its_distance(rows)
    unfinished = [e.call.key for e in notices.listed(world.connection) if e.state != "closed"]
    assert len(set(unfinished)) == len(unfinished)
    trial.rollback()


def keeps_its_distance(rows: list[Any]) -> None:
    """Assert that no reminder of a notice comes sooner than its interval, and that the leader
    hears at most once after each raising, later than the liaison officer."""
    spoke = raised = date.min
    reminders, heard = 0, False
    for row in rows:
        if row.event == "raised":
            spoke = raised = row.as_of
            reminders, heard = 0, False
        elif row.event == "reminded":
            interval = (5, 10, 20)[min(reminders, 2)]
            assert CALENDAR.working_days(spoke + timedelta(1), row.as_of) >= interval
            spoke, reminders = row.as_of, reminders + 1
        elif row.event == "told_leader":
            assert not heard
            assert CALENDAR.working_days(raised + timedelta(1), row.as_of) >= 3
            heard = True
