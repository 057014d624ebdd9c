"""The ground: copies of a SQLite file by SQLite's own backup interface; see backup.py."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from tracker.errors import DatabaseError

_BESIDE = ("-wal", "-shm")
_PARTIAL = ("", "-journal", *_BESIDE)


def copy(source: Path, target: Path) -> None:
    """A whole copy as of one moment, also while others write; one file without a log beside it.
    Raises DatabaseError."""
    if not source.is_file():
        raise DatabaseError(f"没有数据库文件 {source}", fix="请核对 TRACKER_HOME")
    target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as failure:
        raise _unusable(source, failure) from failure


def discard(part: Path) -> None:
    """Remove a copy that was not finished, and what SQLite left beside it."""
    for tail in _PARTIAL:
        part.with_name(part.name + tail).unlink(missing_ok=True)


def check(path: Path) -> None:
    """Raise DatabaseError unless SQLite finds every page of the file in order."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as failure:
        raise _unusable(path, failure) from failure
    if told != "ok":
        raise _unusable(path, told)


def move_aside(path: Path, stamp: str) -> Path | None:
    """Rename a database with its log to a name of its own; None where there is none. Raises
    DatabaseError where somebody is using it."""
    if not path.exists():
        return None
    _settle(path)
    aside = path.with_name(f"{path.stem}-before-restore-{stamp}{path.suffix}")
    # The log first: without its database it means nothing, while a database that finds an older
    # namesake's log beside it might take it for its own.
    for tail in (*_BESIDE, ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + tail).rename(aside.with_name(aside.name + tail))
    return aside


def _settle(path: Path) -> None:
    """Have the log written into the database, as far as it is sound."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as failure:
        if "locked" in str(failure):
            raise in_use() from failure
    except sqlite3.DatabaseError:
        pass  # damaged, and moved aside as it lies: that may be why somebody restores


def in_use() -> DatabaseError:
    """What to tell where others work in the database that is to be replaced."""
    return DatabaseError(
        "现有数据库正被别的程序使用，未作任何改动", fix="先停掉调度和别的命令，再恢复"
    )


def _unusable(path: Path, failure: sqlite3.DatabaseError | str) -> DatabaseError:
    """What stopped a copy: a full disk or a lock says nothing about the database."""
    if isinstance(failure, sqlite3.OperationalError):
        return DatabaseError(
            f"备份没有写完，数据库没有改动（{failure}）",
            fix="请核对备份和数据目录所在的磁盘空间、权限，然后重试",
        )
    told = str(failure)
    return DatabaseError(
        f"{path.name.removesuffix('.part')} 不是完好的数据库，未予采用（{told}）",
        fix="请换一份备份；若是现用的数据库，请立即停用并核对磁盘",
    )
