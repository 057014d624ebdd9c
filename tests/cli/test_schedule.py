"""`schedule`, `runs`, `backup`, `restore` as typed, and the warning over a stale check."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

from tests.jobs.office import at, settings_for, tell_world
from tracker import cli, db, journal
from tracker.journal import State

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(
    sqlite_engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:  # fmt: skip
    """Type a command: its exit code, stdout and stderr."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    said = settings_for(sqlite_engine, tmp_path / "home")
    monkeypatch.setenv("TRACKER_HOME", str(said.home))
    monkeypatch.setenv("TRACKER_DATABASE_URL", said.database_url)

    def typed(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tracker", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return typed


def test_the_plan_names_hours_and_jobs_and_runs_nothing(run: Run, sqlite_engine: sa.Engine) -> None:
    with freeze_time("2020-04-05 04:00:00"):  # noon in Asia/Shanghai, a Sunday before 清明
        code, out, _ = run("schedule", "--plan")
    assert code == 0
    assert "04月07日 周二 08:30" in out
    assert "04月06日 周一 08:30" not in out
    assert "夜检" in out.split("今后七天")[0]
    with sqlite_engine.connect() as connection:
        assert journal.load(connection) == []


def test_once_runs_what_is_due_and_runs_lists_it(run: Run, sqlite_engine: sa.Engine) -> None:
    tell_world(sqlite_engine)
    with freeze_time("2020-04-12 02:00:00"):  # ten in the morning, a Sunday
        code, out, _ = run("schedule", "--once")
        assert code == 0, out
        assert "夜检 2020-04-12 成功：判定" in out
        assert "备份 2020-04-12 成功" in out
        _, again, _ = run("schedule", "--once")
        assert "没有到时间的工作" in again
    _, listed, _ = run("runs", "--job", "夜检", "--json")
    (night,) = json.loads(listed)
    assert (night["job"], night["slot"], night["state"]) == ("nightly", "2020-04-12", "succeeded")
    assert night["law"]
    assert night["counts"]["findings"]["new"] > 0
    _, table, _ = run("runs")
    assert "2020-04-12" in table


def test_a_failed_job_is_told_and_exits_1(
    run: Run, sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "坏包" / "x-2020-1").mkdir(parents=True)
    (tmp_path / "坏包" / "x-2020-1" / "document.yaml").write_text("a: [", encoding="utf-8")
    monkeypatch.setenv("TRACKER_POLICY_DIR", str(tmp_path / "坏包"))
    with freeze_time("2020-04-12 02:00:00"):
        code, out, err = run("schedule", "--once")
    assert code == 1
    assert "夜检 2020-04-12 失败：规则包有" in out
    assert "备份 2020-04-12 成功" in out
    assert "Traceback" not in err
    monkeypatch.delenv("TRACKER_POLICY_DIR")
    with freeze_time("2020-04-12 02:01:00"):
        code, out, _ = run("schedule", "--once")
    assert code == 0
    assert "夜检 2020-04-12 成功" in out
    assert "备份" not in out


def test_a_job_that_does_not_exist_is_refused(run: Run) -> None:
    code, _, err = run("runs", "--job", "夜校")
    assert code == 2
    assert "夜检" in err


def test_a_copy_written_by_hand_comes_back_by_hand(run: Run, tmp_path: Path) -> None:
    code, _, _ = run("backup", "--out", str(tmp_path / "copies"))
    assert code == 0
    (copy,) = (tmp_path / "copies").iterdir()
    code, _, err = run("restore", str(copy))
    assert code == 2
    assert "--replace" in err
    code, out, _ = run("restore", str(copy), "--into", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert code == 0
    assert "已恢复" in out
    assert run("audit", "verify")[0] == 0


def test_a_stale_check_is_one_loud_line_where_a_scheduler_counts(
    run: Run, sqlite_engine: sa.Engine
) -> None:
    tell_world(sqlite_engine)
    with freeze_time("2020-04-11 18:00:00"):  # two in the morning
        run("check")
    with freeze_time("2020-04-14 02:00:00"):
        assert "注意" not in run("findings")[2]
    with db.transaction(sqlite_engine) as connection:
        now = at("2020-04-12 02:00")
        number = journal.begin(connection, job="nightly", slot="2020-04-12", now=now)
        journal.end(connection, number, State.succeeded, now=now)
    with freeze_time("2020-04-12 23:00:00"):
        assert "注意" not in run("findings")[2]
    with freeze_time("2020-04-14 02:00:00"):
        _, out, err = run("findings")
        assert "已漏检 2 夜" in err
        assert len(err.strip().splitlines()) == 1
        assert "注意" not in out
        assert "注意" not in run("findings", "--as-of", "2020-04-12")[2]


def test_a_scheduler_stops_cleanly_on_sigterm(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    said = settings_for(sqlite_engine, tmp_path)
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")}
    environ |= {"TRACKER_HOME": str(said.home), "TRACKER_DATABASE_URL": said.database_url}
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "schedule"]
    running = subprocess.Popen(
        command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert running.stderr
    try:
        line = ""
        while "scheduler started" not in line:
            line = running.stderr.readline()
            assert line, running.poll()
        time.sleep(0.5)
        running.send_signal(signal.SIGTERM)
        _, rest = running.communicate(timeout=120)
    finally:
        running.kill()
    assert running.returncode == 0
    assert "stopping" in rest
    with sqlite_engine.connect() as connection:
        assert all(r.state != State.running for r in journal.load(connection))
