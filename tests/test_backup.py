"""A backup is proved before it counts, a restore is rehearsed, and neither loses anything."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import pg
from tests.jobs.office import at, url_of
from tests.scenarios.world import OFFICER
from tracker import audit, backup, backup_postgresql, backup_sqlite, db
from tracker.db import table
from tracker.errors import DatabaseError
from tracker.registry.tables import Subject

NOW = at("2020-01-09 03:30")


@pytest.fixture
def spare(engine: sa.Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database to rehearse in: of the same kind, and empty."""
    if engine.dialect.name == "postgresql":
        server: pg.Server = request.getfixturevalue("postgresql")
        with server.fresh("template1") as found:
            yield found
        return
    found = db.open_engine(f"sqlite:///{tmp_path / 'spare.sqlite3'}")
    yield found
    found.dispose()


def say(engine: sa.Engine, name: str) -> None:
    """A row and its act."""
    with db.transaction(engine) as connection:
        connection.execute(table(Subject).insert(), {
            "sort": "body", "kind": "unit", "name": name, "code": "", "distinguisher": "",
            "recorded_at": NOW,
        })  # fmt: skip
        audit.append(connection, act="import", operator=OFFICER, now=NOW, detail={"name": name})


def names(engine: sa.Engine) -> list[str]:
    """What was said."""
    with engine.connect() as connection:
        t = table(Subject)
        return list(connection.execute(sa.select(t.c.name).order_by(t.c.id)).scalars())


def test_what_was_backed_up_is_there_again_in_an_empty_database(
    engine: sa.Engine, spare: sa.Engine, tmp_path: Path
) -> None:
    say(engine, "甲局")
    made = backup.make(engine, tmp_path / "copies", NOW)
    say(engine, "乙局")
    assert (made.acts, len(made.sha256)) == (1, 64)
    restored = backup.restore(spare, made.path, NOW)
    assert (restored.revision, restored.acts, restored.aside) == (made.revision, 1, "")
    assert names(spare) == ["甲局"]
    db.check_ready(spare)
    say(spare, "丙局")  # and life goes on


def test_history_is_still_protected_after_a_restore(
    engine: sa.Engine, spare: sa.Engine, tmp_path: Path
) -> None:
    say(engine, "甲局")
    backup.restore(spare, backup.make(engine, tmp_path, NOW).path, NOW)
    with pytest.raises(sa.exc.DBAPIError, match="history"), spare.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")


def test_a_database_that_holds_data_is_moved_aside_and_only_when_told(
    engine: sa.Engine, tmp_path: Path
) -> None:
    say(engine, "甲局")
    made = backup.make(engine, tmp_path / "copies", NOW)
    say(engine, "乙局")
    with pytest.raises(DatabaseError, match="已有数据"):
        backup.restore(engine, made.path, NOW)
    assert names(engine) == ["甲局", "乙局"]

    restored = backup.restore(engine, made.path, NOW, replace=True)
    assert names(engine) == ["甲局"]
    assert held_aside(engine, restored.aside) == ["甲局", "乙局"]


def held_aside(engine: sa.Engine, aside: str) -> list[str]:
    """What the old database holds where it lies now."""
    if engine.dialect.name == "sqlite":
        old = db.open_engine(f"sqlite:///{aside}")
        try:
            return names(old)
        finally:
            old.dispose()
    with engine.connect() as connection:
        asked = f"SELECT name FROM {aside}.subjects ORDER BY id"
        return list(connection.exec_driver_sql(asked).scalars())


def test_a_backup_runs_while_somebody_writes(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    say(sqlite_engine, "甲局")
    with db.transaction(sqlite_engine) as connection:
        audit.append(connection, act="import", operator=OFFICER, now=NOW, detail={})
        made = backup.make(sqlite_engine, tmp_path / "copies", NOW)
    assert made.acts == 1


def test_a_broken_chain_is_no_backup(engine: sa.Engine, tmp_path: Path) -> None:
    say(engine, "甲局")
    tamper(engine)
    folder = tmp_path / "copies"
    with pytest.raises(DatabaseError, match="审计记录第 1 行"):
        backup.make(engine, folder, NOW)
    assert list(folder.iterdir()) == []


def tamper(engine: sa.Engine) -> None:
    """Change the audit trail behind the program's back."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            drop = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
            for trigger in connection.exec_driver_sql(drop).scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            connection.exec_driver_sql("UPDATE audit SET operator = '别人'")
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE audit SET operator = '别人'")


def test_a_damaged_copy_is_refused_and_the_database_stays(
    engine: sa.Engine, tmp_path: Path
) -> None:
    say(engine, "甲局")
    made = backup.make(engine, tmp_path, NOW)
    size = made.path.stat().st_size
    with made.path.open("r+b") as file:
        file.seek(size // 3)
        file.write(b"\xff" * (size // 3))
    with pytest.raises(DatabaseError):
        backup.restore(engine, made.path, NOW, replace=True)
    assert names(engine) == ["甲局"]


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 99])
def test_a_file_that_is_no_backup_is_refused(
    engine: sa.Engine, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / f"别的{'.sqlite3' if engine.dialect.name == 'sqlite' else '.dump'}"
    path.write_bytes(content)
    with pytest.raises(DatabaseError):
        backup.restore(engine, path, NOW, replace=True)
    db.check_ready(engine)


def test_another_kind_of_file_is_named_as_such(engine: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.touch()
    with pytest.raises(DatabaseError, match="不是这种数据库的备份"):
        backup.restore(engine, path, NOW)


def test_a_copy_of_a_newer_program_is_refused(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    made = backup.make(sqlite_engine, tmp_path, NOW)
    with sqlite3.connect(made.path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(DatabaseError, match="比本程序新"):
        backup.restore(sqlite_engine, made.path, NOW, replace=True)
    db.check_ready(sqlite_engine)


def test_a_database_in_use_is_not_replaced(engine: sa.Engine, tmp_path: Path) -> None:
    made = backup.make(engine, tmp_path / "copies", NOW)
    other = db.open_engine(url_of(engine))
    with db.transaction(other), pytest.raises(DatabaseError, match="正被别的程序使用"):
        backup.restore(engine, made.path, NOW, replace=True)
    other.dispose()
    db.check_ready(engine)


def test_what_was_backed_up_after_a_restore_can_be_restored_again(
    engine: sa.Engine, tmp_path: Path
) -> None:
    moments = [NOW + timedelta(days=n) for n in range(3)]
    for moment in moments:
        say(engine, f"{moment:%m月%d日}")
        made = backup.make(engine, tmp_path / "copies", moment)
        restored = backup.restore(engine, made.path, moment, replace=True)
        assert restored.acts == len(names(engine))
    assert names(engine) == [f"{moment:%m月%d日}" for moment in moments]


def test_only_so_many_copies_stay_the_newest(sqlite_engine: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    kept = [backup.make(sqlite_engine, folder, NOW + timedelta(days=n)).path for n in range(4)]
    (folder / "别人的.sqlite3").touch()
    assert backup.prune(folder, 2, kept[3]) == kept[:2]
    assert sorted(folder.iterdir()) == sorted([*kept[2:], folder / "别人的.sqlite3"])
    assert backup.prune(folder, 2, kept[3]) == []


def test_the_copy_just_made_stays_whatever_the_clock_says(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    later, sooner = (backup.make(sqlite_engine, tmp_path / "copies", day).path
                     for day in (NOW, NOW - timedelta(days=9000)))  # fmt: skip
    assert backup.prune(later.parent, 1, sooner) == []
    assert sorted(later.parent.iterdir()) == [sooner, later]


def test_what_a_power_cut_left_of_earlier_days_goes(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    made = backup.make(sqlite_engine, tmp_path / "copies", NOW).path
    for left in ("luze-2020-01-08-033000.sqlite3.part", "luze-2020-01-08-033000.sqlite3.part-wal"):
        (made.parent / left).touch()
    living = made.parent / "luze-2020-01-09-033001.sqlite3.part"
    living.touch()  # somebody makes a copy by hand at this moment
    assert backup.prune(made.parent, 9, made) == []
    assert sorted(made.parent.iterdir()) == [made, living]


def test_a_copy_that_finds_no_room_does_not_call_the_database_damaged(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    source = Path(sqlite_engine.url.database or "")
    with pytest.raises(DatabaseError) as refused:
        backup_sqlite.copy(source, tmp_path / "没有这个目录" / "copy.sqlite3")
    assert "没有写完" in refused.value.what
    assert "磁盘" in refused.value.fix


def test_a_copy_that_was_not_finished_leaves_nothing(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    say(sqlite_engine, "甲局")
    tamper(sqlite_engine)
    folder.mkdir()
    (folder / "luze-2020-01-09-033000.sqlite3.part-journal").touch()  # of a disk that was full
    with pytest.raises(DatabaseError):
        backup.make(sqlite_engine, folder, NOW)
    assert list(folder.iterdir()) == []


def test_without_the_tools_it_says_what_to_install(
    postgresql_engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(DatabaseError) as refused:
        backup.make(postgresql_engine, tmp_path, NOW)
    assert "postgresql-client" in refused.value.fix


def test_the_password_is_never_on_the_command_line() -> None:
    url = sa.make_url("postgresql+psycopg://luze:s3c'ret@db:5433/luze?sslmode=require")
    said = backup_postgresql.conninfo(url)
    assert said == "host='db' port='5433' user='luze' dbname='luze' sslmode='require'"
