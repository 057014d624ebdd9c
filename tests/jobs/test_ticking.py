"""Ticks: in order, each failure on its own, nothing twice, and every run a row."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from jobs import lock, weekly_digest
from jobs.slot import Outcome, Slot
from jobs.ticking import INTERRUPTED, Ticker
from jobs.timetable import load_timetable
from tests.jobs.office import Clock, Desk, at, failing, runs, settings_for, states, ticker, url_of
from tracker import db, journal
from tracker.cli.office import Office
from tracker.db import table
from tracker.delivery import digest_letter
from tracker.delivery.tables import Contact
from tracker.errors import DatabaseError, LuzeError
from tracker.evaluation.tables import Run
from tracker.journal import State
from tracker.outbox import Outgoing
from tracker.policy.law import Law
from tracker.registry.tables import Subject

MONDAY = "2020-01-06 12:00"


class Steps:
    """A step that remembers what it was asked, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, date]] = []
        self.fails: dict[str, Exception] = {}

    def __call__(self, office: Office, slot: Slot, now: datetime) -> Outcome:
        self.asked.append((slot.job, slot.name, slot.as_of))
        if slot.name in self.fails:
            raise self.fails[slot.name]
        return Outcome({"done": 1}, "做完了")


def checked(engine: sa.Engine, day: date) -> None:
    """A night was checked."""
    moment = at(f"{day} 02:00")
    with db.transaction(engine) as connection:
        connection.execute(table(Run).insert(), {
            "as_of": day, "known_at": moment, "law": "", "operator": "", "counts": {},
            "recorded_at": moment,
        })  # fmt: skip


def wants_alerts(engine: sa.Engine) -> None:
    """A contact of the operator."""
    said = at("2020-01-01 00:00")
    with db.transaction(engine) as connection:
        number = connection.execute(
            table(Subject).insert().returning(table(Subject).c.id),
            {"sort": "body", "kind": "county", "name": "示例县", "code": "629901",
             "distinguisher": "", "recorded_at": said},
        ).scalar_one()  # fmt: skip
        connection.execute(table(Contact).insert(), {
            "name": "值班员", "scope_id": number, "role": "liaison", "channel": "mail",
            "address": "duty@example.gov.cn", "wants": ["alerts"], "operator": "测试员",
            "recorded_at": said,
        })  # fmt: skip


def test_everything_due_runs_once_in_its_order(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    step, clock = Steps(), Clock(at(MONDAY))
    jobs = ("pull", "nightly", "backup", "weekly_digest", "notices")
    made = ticker(sqlite_engine, tmp_path, clock)
    made.steps = {**made.steps, **dict.fromkeys(jobs, step)}
    made.tick()
    assert [job for job, _, _ in step.asked] == list(jobs)
    clock.set("2020-01-06 12:01")
    assert made.tick() is not None
    assert len(step.asked) == len(jobs)


def test_a_run_is_a_row_with_inputs_figures_and_duration(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    clock = Clock(at("2020-01-11 02:00"))

    def slow(office: Office, slot: Slot, now: datetime) -> Outcome:
        clock.now += timedelta(minutes=3)
        return Outcome({"done": 1}, "做完了")

    ticker(sqlite_engine, tmp_path, clock, nightly=slow).tick()
    (run,) = runs(sqlite_engine, "nightly")
    assert run.finished_at
    assert (run.state, run.told, run.counts) == (State.succeeded, "做完了", {"done": 1})
    assert (run.slot, run.as_of, run.inputs) == ("2020-01-11", date(2020, 1, 11), {"audit": 0})
    assert run.finished_at - run.started_at == timedelta(minutes=3)


def test_a_round_without_anything_to_send_leaves_no_row(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    clock = Clock(at("2020-01-11 01:00"))
    made = ticker(sqlite_engine, tmp_path, clock)
    made.tick()
    assert states(sqlite_engine, "outbox") == []
    made.steps = {**made.steps, "outbox": Steps()}
    made.tick()
    assert states(sqlite_engine, "outbox") == [("2020-01-11", State.succeeded)]


def test_a_server_that_is_down_is_one_row_until_it_is_up_again(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    clock = Clock(at("2020-01-11 01:00"))
    down = Outcome({"sent": 0}, "邮件服务器没有应答", State.failed)
    said = [down, down, Outcome({"sent": 0}), Outcome({"sent": 0}), down, Outcome({"sent": 2})]

    def sending(office: Office, slot: Slot, now: datetime) -> Outcome:
        return said.pop(0)

    made = ticker(sqlite_engine, tmp_path, clock, outbox=sending)
    while said:
        made.tick()
        clock.now += timedelta(minutes=1)
    failed, up = State.failed, State.succeeded
    assert [state for _, state in states(sqlite_engine, "outbox")] == [failed, up, failed, up]


def test_one_failure_stops_nothing_else(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    broken = failing(LuzeError("规则包有 1 处问题", fix="请改正"))
    step = Steps()
    clock = Clock(at(MONDAY))
    made = ticker(sqlite_engine, tmp_path, clock, nightly=broken, backup=step, notices=step)
    made.tick()
    assert [job for job, _, _ in step.asked] == ["backup", "notices"]
    (run,) = runs(sqlite_engine, "nightly")
    assert (run.state, run.told) == (State.failed, "规则包有 1 处问题；处理办法：请改正")


def test_a_defect_tells_its_kind_alone_and_the_log_the_rest(
    sqlite_engine: sa.Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = ticker(
        sqlite_engine, tmp_path, Clock(at(MONDAY)), nightly=failing(KeyError("口令 s3cret"))
    )
    made.tick()
    (run,) = runs(sqlite_engine, "nightly")
    assert run.told == "程序出错（KeyError），详见运行日志"
    assert "Traceback" in caplog.text


def test_the_duration_of_a_digest_includes_its_writing(
    sqlite_engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]

    def slow(*_: object, **__: object) -> list[object]:
        passed[0] += 8
        return []

    monkeypatch.setattr(time, "perf_counter", lambda: passed[0])
    monkeypatch.setattr(digest_letter, "letters", slow)
    clock = Clock(at(MONDAY))
    ticker(sqlite_engine, tmp_path, clock, weekly_digest=weekly_digest.step).tick()
    (run,) = runs(sqlite_engine, "weekly_digest")
    assert run.finished_at == clock.now + timedelta(seconds=8)


def test_a_failure_is_one_line_of_the_log_that_says_why_and_what_to_do(
    sqlite_engine: sa.Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    step = failing(LuzeError("规则包有 1 处问题", fix="请改正"))
    ticker(sqlite_engine, tmp_path, Clock(at(MONDAY)), nightly=step).tick()
    (said,) = [record.getMessage() for record in caplog.records]
    assert said.startswith("nightly 2020-01-06 failed")
    assert said.endswith("规则包有 1 处问题；处理办法：请改正")


class Broken(Desk):
    """An office whose pack has a mistake."""

    @property
    def law(self) -> Law:
        raise LuzeError("规则包有 1 处问题")


def test_a_calendar_that_cannot_be_read_is_told_once_until_it_is_mended(
    sqlite_engine: sa.Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(at(MONDAY))
    made = ticker(sqlite_engine, tmp_path, clock)
    sound = made.make_office
    broken = Broken(settings_for(sqlite_engine, tmp_path), sqlite_engine, ())
    for office in (lambda: broken, sound, lambda: broken):
        made.make_office = office
        for _ in range(3):
            made.tick()
        clock.now += timedelta(days=1)
    told = [one for one in caplog.records if "calendar" in one.getMessage()]
    assert len(told) == 2


def test_a_failed_night_is_tried_again_after_its_rest_and_then_the_next(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    checked(sqlite_engine, date(2020, 1, 8))
    step, clock = Steps(), Clock(at("2020-01-10 12:00"))
    step.fails = {"2020-01-09": LuzeError("坏了")}
    made = ticker(sqlite_engine, tmp_path, clock, nightly=step)
    made.tick()
    made.tick()
    assert states(sqlite_engine, "nightly") == [("2020-01-09", State.failed)]
    step.fails = {}
    clock.now += timedelta(minutes=1)
    made.tick()
    assert states(sqlite_engine, "nightly")[1:] == [
        ("2020-01-09", State.succeeded), ("2020-01-10", State.succeeded),
    ]  # fmt: skip


def test_a_stopped_tick_finishes_the_step_in_hand(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    checked(sqlite_engine, date(2020, 1, 5))
    clock = Clock(at("2020-01-10 12:00"))

    def stop(office: Office, slot: Slot, now: datetime) -> Outcome:
        made.stopping.set()
        return Outcome()

    made = ticker(sqlite_engine, tmp_path, clock, nightly=stop)
    made.tick()
    assert states(sqlite_engine) == [("2020-01-06", State.succeeded)]


def test_a_run_that_was_cut_off_is_marked_and_run_again(engine: sa.Engine, tmp_path: Path) -> None:
    with db.transaction(engine) as connection:
        started = at("2020-01-11 02:00")
        journal.begin(connection, job="nightly", slot="2020-01-11", now=started)
    clock = Clock(at("2020-01-11 02:01"))
    ticker(engine, tmp_path, clock).tick()
    assert [run.told for run in runs(engine, "nightly")] == [INTERRUPTED, ""]
    assert states(engine, "nightly") == [
        ("2020-01-11", State.interrupted), ("2020-01-11", State.succeeded),
    ]  # fmt: skip


def test_while_another_scheduler_works_nothing_is_run(engine: sa.Engine, tmp_path: Path) -> None:
    step = Steps()
    made = ticker(engine, tmp_path, Clock(at(MONDAY)), nightly=step)
    another = db.open_engine(url_of(engine))
    with lock.alone(another) as first:
        assert first
        assert made.tick() is None
    another.dispose()
    assert step.asked == []
    assert made.tick() is not None
    assert len(step.asked) == 1


def test_a_lock_that_cannot_be_taken_is_one_line_and_no_crash(
    sqlite_engine: sa.Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Path(f"{sqlite_engine.url.database}-schedule").mkdir()
    assert ticker(sqlite_engine, tmp_path, Clock(at(MONDAY))).tick() == []
    (record,) = caplog.records
    assert "锁文件" in record.getMessage()
    assert "请核对数据目录的权限和磁盘空间" in record.getMessage()


def test_an_idle_week_is_a_row(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    ticker(sqlite_engine, tmp_path, Clock(at("2020-01-27 09:00"))).tick()
    (run,) = runs(sqlite_engine, "weekly_digest")
    assert run.state == State.skipped
    assert "没有工作日" in run.told


def test_too_many_missing_nights_are_told_and_the_rest_goes_on(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    checked(sqlite_engine, date(2018, 1, 1))
    step = Steps()
    ticker(sqlite_engine, tmp_path, Clock(at(MONDAY)), nightly=step, notices=step).tick()
    (run,) = runs(sqlite_engine, "nightly")
    assert run.state == State.failed
    assert "时钟" in run.told
    assert [job for job, _, _ in step.asked] == ["notices"]


def test_a_failure_writes_one_alert_however_often_it_is_tried(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    wants_alerts(sqlite_engine)
    clock = Clock(at("2020-01-11 02:00"))
    made = ticker(sqlite_engine, tmp_path, clock, nightly=failing(LuzeError("坏了")))
    for _ in range(3):
        made.tick()
        clock.now += timedelta(hours=2)
    assert states(sqlite_engine, "nightly") == [("2020-01-11", State.failed)] * 3
    with sqlite_engine.connect() as connection:
        (letter,) = connection.execute(sa.select(table(Outgoing))).all()
    assert letter.key.startswith("alert|nightly|2020-01-11|")
    assert "坏了" in letter.text


def full() -> OperationalError:
    """What a full disk raises."""
    return OperationalError("INSERT", {}, Exception("database or disk is full"))


def test_an_end_that_the_database_cannot_take_is_written_by_the_next_tick(
    sqlite_engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    clock = Clock(at("2020-01-11 02:00"))
    made = ticker(sqlite_engine, tmp_path, clock, nightly=failing(LuzeError("坏了")))
    real = journal.end
    with monkeypatch.context() as patched:

        def refuse(*args: object, **kwargs: object) -> None:
            raise full()

        patched.setattr(journal, "end", refuse)
        made.tick()
    assert states(sqlite_engine, "nightly") == [("2020-01-11", State.running)]
    assert journal.end is real
    made.tick()
    (run,) = runs(sqlite_engine, "nightly")
    assert (run.state, run.told) == (State.failed, "坏了")


def test_without_a_database_a_tick_says_so_and_ends(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = db.open_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    said = settings_for(engine, tmp_path)
    made = Ticker(load_timetable(), {}, lambda: Office(said), Clock(at(MONDAY)))
    assert made.tick() == []
    assert "tracker init" in caplog.text
    with pytest.raises(DatabaseError):
        made.waiting(made.make_office())
