"""One scheduler works at a time on a database: whoever holds this lock knows that no run lives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa

from tracker.errors import DatabaseError

_KEY = 20190802  # beside the write lock of tracker/db.py


@contextmanager
def alone(engine: sa.Engine) -> Iterator[bool]:
    """Whether the caller is the only scheduler now; never waits. A process that dies lets go, for
    the operating system or the server does it."""
    if engine.dialect.name == "postgresql":
        yield from _on_postgresql(engine)
    else:
        yield from _on_sqlite(engine.url.database or ":memory:")


def _on_postgresql(engine: sa.Engine) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = sa.text("SELECT pg_try_advisory_lock(:key)")
        got = bool(connection.execute(asked, {"key": _KEY}).scalar())
        try:
            yield got
        finally:
            if got:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _KEY})


def _on_sqlite(database: str) -> Iterator[bool]:
    # A file lock that works alike on every system: SQLite's own, on an empty file of ours. Not on
    # the database itself, whose readers and writers must go on.
    path = database if database == ":memory:" else f"{database}-schedule"
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as failure:
        raise _unusable(path, failure) from failure
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as failure:
            if "locked" not in str(failure):
                raise _unusable(path, failure) from failure
            yield False
            return
        yield True


def _unusable(path: str, failure: sqlite3.OperationalError) -> DatabaseError:
    return DatabaseError(
        f"调度的锁文件 {path} 用不了（{failure}）", fix="请核对数据目录的权限和磁盘空间"
    )
