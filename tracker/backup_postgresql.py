"""The ground: copies of a PostgreSQL database by pg_dump and pg_restore; see backup.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa

from tracker.backup_sqlite import in_use
from tracker.errors import DatabaseError

_VERSION = "alembic_version"
_ASIDE = "before_restore_"


def dump(url: sa.URL, path: Path) -> None:
    """A dump in custom format as of one moment. Raises DatabaseError."""
    # What a restore moved aside is no part of the office's data, and could not be restored beside
    # itself.
    _run(
        "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges",
        f"--exclude-schema={_ASIDE}*", f"--file={path}",
    )  # fmt: skip


def prove(path: Path) -> str:
    """Read the whole dump, and say the schema revision in it. What it holds is proved by restoring
    it, which needs a database to spare. Raises DatabaseError."""
    _run("pg_restore", None, f"--file={os.devnull}", str(path))
    said = _run("pg_restore", None, "--data-only", f"--table={_VERSION}", "--file=-", str(path))
    found = re.search(r"^COPY .*\n(\S+)\n\\\.$", said, re.MULTILINE)
    if not found:
        raise DatabaseError(f"{path.name} 里没有本程序的数据库，未予采用", fix="请换一份备份")
    return found.group(1)


def restore(engine: sa.Engine, path: Path, stamp: str) -> str:
    """Restore into the database; what it holds goes to a schema of its own, whose name is returned
    ('': it held nothing). Raises DatabaseError and leaves things as they were."""
    held, aside = _tables(engine), ""
    if held:
        _refuse_in_use(engine)
        aside = f"{_ASIDE}{stamp.replace('-', '_')}"
        _execute(engine, f"ALTER SCHEMA public RENAME TO {aside}", "CREATE SCHEMA public")
    try:
        _run(
            "pg_restore", engine.url, "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", str(path),
        )  # fmt: skip
    except DatabaseError:
        if aside:
            _execute(engine, "DROP SCHEMA public", f"ALTER SCHEMA {aside} RENAME TO public")
        raise
    return aside


def _refuse_in_use(engine: sa.Engine) -> None:
    """Raise DatabaseError where others are connected: they would go on in what is moved aside."""
    engine.dispose()
    with engine.connect() as connection:
        others = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
        ).scalar()
    if others:
        raise in_use()


def _tables(engine: sa.Engine) -> list[str]:
    return sa.inspect(engine).get_table_names()


def _execute(engine: sa.Engine, *statements: str) -> None:
    engine.dispose()
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _run(program: str, url: sa.URL | None, *options: str) -> str:
    """What the program printed. The password goes by the environment, where others cannot see it,
    and never into a message. Raises DatabaseError."""
    if not shutil.which(program):
        raise DatabaseError(
            f"找不到 {program}，备份和恢复 PostgreSQL 要用它",
            fix="请安装 PostgreSQL 客户端（postgresql-client），版本不低于服务器",
        )
    command, environ = [program, *options], dict(os.environ)
    if url is not None:
        command[1:1] = [f"--dbname={conninfo(url)}", "--no-password"]  # nobody is there to ask
        if password := url.password or url.query.get("password"):
            environ["PGPASSWORD"] = str(password)
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        told = next(iter(done.stderr.strip().splitlines()), f"代码 {done.returncode}")
        raise DatabaseError(
            f"{program} 没有成功，未作任何改动（{told[:200]}）", fix="请按提示处理后重试"
        )
    return done.stdout


def conninfo(url: sa.URL) -> str:
    """The address as libpq reads it, without the password."""
    said = {
        "host": url.host, "port": url.port, "user": url.username, "dbname": url.database,
        **url.query,
    }  # fmt: skip
    quoted = {
        key: str(value).replace("\\", "\\\\").replace("'", "\\'")
        for key, value in said.items() if value and key != "password"
    }  # fmt: skip
    return " ".join(f"{key}='{value}'" for key, value in quoted.items())
