"""The ground: engine, transaction and schema version. SQLite is embedded, PostgreSQL the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlmodel import SQLModel

from tracker.clock import SHANGHAI
from tracker.errors import DatabaseError

# Named constraints, because SQLite can only alter those that have a name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_WRITE_LOCK = 20190731


class Instant(sa.TypeDecorator[datetime]):
    """A moment: given and returned with a zone, stored as UTC, so that both databases agree."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC).astimezone(SHANGHAI) if value else None


def table(model: type[SQLModel]) -> sa.Table:
    """The Core table of a model; statements are written on it, rows stay plain."""
    found: sa.Table = model.__table__  # type: ignore[attr-defined]
    return found


def open_engine(url: str) -> sa.Engine:
    """An engine for `url`; on SQLite with WAL, foreign keys and a busy timeout per connection."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    try:
        # What a statement was given may be names and addresses: not for a log.
        engine = sa.create_engine(url, hide_parameters=True)
        if "@" in (engine.url.host or ""):  # the rest of a password, which every failure would tell
            raise ArgumentError
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        # Without its cause: that repeats what stands in the address.
        raise DatabaseError(
            "数据库地址不能用，或缺少相应的驱动",
            fix="TRACKER_DATABASE_URL 应写成 sqlite:///文件 或 postgresql://用户:口令@主机/库名，"
            "口令里的 @ : / 写成 %40 %3A %2F，用 PostgreSQL 时请安装 luze[postgresql]",
        ) from None
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: object, _record: object) -> None:
    # sqlite3 would otherwise open transactions late and lose isolation between reads and writes.
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE rewrites history past its triggers
        "busy_timeout=30000",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _sqlite_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("luze_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One writing transaction; a second writer waits. Rolled back whole on any error.

    The write lock is taken before the first read, so that nothing read can change before what
    follows from it is written (SQLite: BEGIN IMMEDIATE; PostgreSQL: an advisory lock).
    """
    with engine.connect().execution_options(luze_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
        yield connection


def unreachable(failure: OperationalError) -> DatabaseError:
    """What to tell a person when the database does not answer, is locked or is full."""
    told = str(failure.orig).strip().splitlines()[0] if failure.orig else ""
    return DatabaseError(
        f"数据库没有应答，或正被别的程序占用，未作任何改动（{told}）",
        fix="请确认数据库服务已启动、磁盘未满、没有别的导入或检查在运行，然后重试",
    )


def alembic_config(engine: sa.Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: sa.Engine) -> None:
    """Create or upgrade the schema to this program's version."""
    check_not_newer(engine)
    command.upgrade(alembic_config(engine), "head")


def schema_version(engine: sa.Engine) -> str | None:
    """The schema revision the database says it is at; None for an empty one."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except sa.exc.DatabaseError as failure:
        if isinstance(failure, OperationalError):  # told at the edge
            raise
        raise DatabaseError(
            "这个文件不是数据库，或已经损坏，未作任何改动",
            fix="请核对 TRACKER_HOME 和 TRACKER_DATABASE_URL，或用备份恢复",
        ) from failure


def check_not_newer(engine: sa.Engine) -> None:
    """Raise DatabaseError where the database was written by a newer version of the program."""
    version = schema_version(engine)
    if version is None:
        return
    try:
        ScriptDirectory(str(_MIGRATIONS)).get_revision(version)
    except CommandError:
        raise DatabaseError(
            f"数据库的结构版本（{version}）比本程序新，未作任何改动",
            fix="请升级程序，或用旧版程序产生的备份",
        ) from None


def check_ready(engine: sa.Engine) -> None:
    """Raise DatabaseError unless the schema is exactly this program's."""
    check_not_newer(engine)
    head = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    version = schema_version(engine)
    if version != head:
        raise DatabaseError(
            "数据库尚未建立" if version is None else "数据库的结构版本比本程序旧",
            fix="请先运行 tracker init",
        )
