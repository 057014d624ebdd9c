"""The night: appended in order, repeatable, quiet where nothing changed, and the same anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from tests.scenarios.world import OFFICER, World, all_covers, moment, months, only, shipped_law
from tracker import audit, nightly
from tracker.consequences.tables import InterviewEvent, InterviewGround, NoticeEvent
from tracker.db import table, transaction
from tracker.errors import CalendarError, LuzeError
from tracker.evaluation import findings
from tracker.evaluation.obligations import LOOK_BACK_DAYS
from tracker.evaluation.tables import Finding
from tracker.registry.tables import Tie

DUTIES = (
    "unit.study", "unit.branch_pairing", "township.captains_meeting", "cadre.nights_160",
    "helper.plan",
)  # fmt: skip
NIGHTS = [date(2020, 3, 31), date(2020, 4, 9), date(2020, 12, 31), date(2021, 1, 9)]


def told(connection: sa.Connection) -> World:
    """A county-year with something of everything."""
    world = World(connection, only(shipped_law(), DUTIES))
    world.unit("甲局", "东村", "西村")
    world.unit("县甲办", "东村", leads="示例县")
    world.cadre("赵甲子", "甲局", "东村")
    world.pair("孙甲子", "甲局", "HC01")
    world.did("甲局", "committee_study", date(2020, 2, 4), date(2020, 3, 12), date(2020, 8, 5))
    world.did("甲局", "committee_study", date(2020, 12, 30), entered=date(2021, 1, 20))
    world.did("甲局", "branch_pairing", date(2019, 8, 1), toward="东村", until=date(2020, 5, 31))
    world.did("赵甲子", "overnight", *pd.date_range("2020-03-01", periods=160).date)
    world.did("孙甲子", "plan_adjusted", date(2020, 4, 1), toward="HC01")
    world.reported(months("2019-08", "2021-01"), scope="示例县")
    return world


@pytest.fixture
def world(sqlite_engine: sa.Engine) -> Iterator[World]:
    """The county-year on SQLite."""
    with transaction(sqlite_engine) as connection:
        yield told(connection)


def rows_in(world: World) -> dict[str, int]:
    """How many rows each table of results holds."""
    tables = (Finding, NoticeEvent, InterviewEvent, InterviewGround)
    count = sa.select(sa.func.count())
    return {
        model.__name__: world.connection.execute(count.select_from(table(model))).scalar_one()
        for model in tables
    }


def by_key(rows: pd.DataFrame) -> pd.DataFrame:
    """Findings in one order, with the columns that are stored."""
    return rows[findings.COLUMNS].sort_values("key").reset_index(drop=True)


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    """Assert that two sets of findings say the same."""
    one, other = (by_key(rows).astype(object).where(by_key(rows).notna(), None)
                  for rows in (left, right))  # fmt: skip
    pd.testing.assert_frame_equal(one, other)


def test_a_second_run_of_the_same_night_writes_nothing(world: World) -> None:
    for night in NIGHTS[-3:]:
        first = world.check(night, hour=20)
        before = rows_in(world)
        second = world.check(night, hour=21)

        assert rows_in(world) == before
        assert set(second.counts["findings"].values()) == {0}
        assert second.counts["status"] == first.counts["status"]


def test_a_quiet_night_writes_nothing(world: World) -> None:
    world.check(date(2020, 9, 14))
    before = rows_in(world)
    night = world.check(date(2020, 9, 15))

    assert rows_in(world) == before
    assert night.counts["notices"] == {}
    assert len(night.findings) > 0


def test_a_night_before_the_newest_is_refused_and_leaves_no_trace(world: World) -> None:
    world.check(date(2020, 3, 17))
    before = rows_in(world), audit.verify(world.connection)

    with pytest.raises(LuzeError, match="2020-03-16 早于已检查的最后一夜 2020-03-17"):
        world.check(date(2020, 3, 16), hour=23)
    assert (rows_in(world), audit.verify(world.connection)) == before


def test_a_day_that_the_calendar_cannot_answer_is_refused(world: World) -> None:
    with pytest.raises(CalendarError):
        world.check(date(2099, 12, 31))


def test_every_earlier_night_can_be_shown_as_it_was(world: World) -> None:
    nights = {day: world.check(day).findings for day in NIGHTS}

    for day, found in nights.items():
        run = findings.run_of_night(world.connection, day)
        assert run is not None
        state = findings.owed(findings.state(world.connection, run.id))
        judged = state["key"].isin(found["key"])
        same(state[judged], found)
        left_the_look_back = day - timedelta(LOOK_BACK_DAYS)
        assert (state[~judged]["closes"] < left_the_look_back).all()


def test_a_look_finds_what_the_night_stored(world: World) -> None:
    for day in NIGHTS[:2]:
        looked = world.look(day)
        same(looked, world.check(day).findings)


def test_a_finding_no_longer_owed_is_closed_once(world: World) -> None:
    world.check(date(2020, 3, 16))
    ties = table(Tie)
    paired = ties.c.kind == "paired_with"
    taken_back = ties.update().where(paired).values(voided_at=moment(date(2020, 3, 17), 9))
    world.connection.execute(taken_back)

    assert world.check(date(2020, 3, 17)).counts["findings"]["closed"] == 2
    assert world.check(date(2020, 3, 18)).counts["findings"]["closed"] == 0
    state = world.named(findings.state(world.connection))
    plans = state[state["duty"] == "helper.plan"]
    assert set(plans["status"]) == {"not_applicable"}
    assert set(plans["reason"]) == {"no_longer_owed"}
    assert sorted(plans["opens"]) == [date(2019, 1, 1), date(2020, 1, 1)]
    assert "helper.plan" not in set(findings.owed(state)["duty"])


def test_what_is_owed_again_is_written_again(world: World) -> None:
    world.check(date(2020, 3, 16))
    ties = table(Tie)
    paired = ties.c.kind == "paired_with"
    at, back = moment(date(2020, 3, 17), 9), moment(date(2020, 3, 18), 9)
    world.connection.execute(ties.update().where(paired).values(voided_at=at))
    world.check(date(2020, 3, 17))
    world.connection.execute(ties.update().where(paired).values(voided_at=None, recorded_at=back))
    world.check(date(2020, 3, 18))

    state = world.named(findings.owed(findings.state(world.connection)))
    plans = state[state["duty"] == "helper.plan"].set_index("opens")["status"]
    assert plans[date(2020, 1, 1)] == "at_risk"


def test_a_window_that_left_the_look_back_keeps_its_last_word(world: World) -> None:
    world.check(date(2021, 2, 1))
    world.check(date(2022, 3, 1))
    state = world.named(findings.state(world.connection))
    plan = state[(state["duty"] == "helper.plan") & (state["opens"] == date(2020, 1, 1))]

    assert plan[["status", "reason"]].values.tolist() == [["breached", "done_late"]]


def test_a_night_is_counted_and_audited(world: World) -> None:
    night = world.check(date(2021, 1, 9))

    assert sum(night.counts["status"].values()) == len(night.findings)
    assert night.counts["findings"]["new"] == len(night.findings)
    last = findings.last_run(world.connection)
    assert last is not None
    assert (last.as_of, last.operator, last.counts) == (night.as_of, OFFICER, night.counts)
    assert audit.verify(world.connection) == (1, None)


def unguarded(world: World) -> None:
    """Somebody with the database in his hands takes the guards off first."""
    on = "" if world.connection.dialect.name == "sqlite" else " ON audit"
    guards = ("update", "delete") if not on else ("change",)
    for guard in guards:
        world.connection.execute(sa.text(f"DROP TRIGGER audit_no_{guard}{on}"))


@pytest.mark.parametrize(
    "change", [{"operator": "别人"}, {"detail": {}}, {"act": "undo"}, {"digest": "0" * 64}]
)
def test_a_changed_row_breaks_the_chain(world: World, change: dict[str, object]) -> None:
    for night in NIGHTS[:3]:
        world.check(night)
    acts = table(audit.Act)
    second = world.connection.scalars(sa.select(acts.c.id).order_by(acts.c.id)).all()[1]
    unguarded(world)
    world.connection.execute(acts.update().where(acts.c.id == second).values(**change))

    assert audit.verify(world.connection) == (1, second)


def test_a_row_taken_out_breaks_the_chain(world: World) -> None:
    for night in NIGHTS[:3]:
        world.check(night)
    acts = table(audit.Act)
    _, second, third = world.connection.scalars(sa.select(acts.c.id).order_by(acts.c.id)).all()
    unguarded(world)
    world.connection.execute(acts.delete().where(acts.c.id == second))

    assert audit.verify(world.connection) == (1, third)


class Killed(Exception):
    """The power went."""


def _night_that_dies_at_its_end(engine: sa.Engine) -> None:
    day = date(2021, 1, 9)
    with transaction(engine) as connection:
        nightly.check(
            connection, only(shipped_law(), DUTIES), all_covers(),
            as_of=day, now=moment(day, 23), operator=OFFICER,
        )  # fmt: skip
        raise Killed


def test_a_night_is_kept_whole_or_not_at_all(sqlite_engine: sa.Engine) -> None:
    with transaction(sqlite_engine) as connection:
        told(connection)

    with pytest.raises(Killed):
        _night_that_dies_at_its_end(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert findings.last_run(connection) is None
        assert findings.state(connection).empty
        assert audit.verify(connection) == (0, None)


def test_the_same_nights_leave_the_same_on_both_databases(
    sqlite_engine: sa.Engine, postgresql_engine: sa.Engine
) -> None:
    left, counted = [], []
    for engine in (sqlite_engine, postgresql_engine):
        with transaction(engine) as connection:
            world = told(connection)
            counted.append([world.check(night).counts for night in NIGHTS])
            left.append((findings.state(connection), rows_in(world)))

    assert counted[0] == counted[1]
    assert left[0][1] == left[1][1]
    same(left[0][0], left[1][0])


def test_a_night_to_come_is_refused_and_shuts_out_no_other(world: World) -> None:
    with pytest.raises(LuzeError, match="还没有到"):
        nightly.check(
            world.connection, world.law, all_covers(),
            as_of=date(2030, 1, 1), now=moment(date(2020, 1, 9), 23), operator=OFFICER,
        )  # fmt: skip
    assert world.check(date(2020, 1, 9)).run_id
