"""The ground: a copy of the whole database that was proved before it counts, and the way back.

SQLite through its own backup interface, while others read and write; PostgreSQL through pg_dump
and pg_restore. Nothing is ever overwritten: what a restore replaces is moved aside.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from tracker import audit, backup_postgresql, backup_sqlite, db
from tracker.clock import SHANGHAI
from tracker.errors import DatabaseError

FOLDER = "backups"  # under TRACKER_HOME
PREFIX = "luze-"
_SUFFIX = {"sqlite": ".sqlite3", "postgresql": ".dump"}


@dataclass(frozen=True, slots=True)
class Copy:
    """A proved copy: the file, its sha256, the schema revision in it, how many acts hold."""

    path: Path
    sha256: str
    revision: str
    acts: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now, and where the old database went ('': there was none)."""

    revision: str
    acts: int
    aside: str


def make(engine: sa.Engine, folder: Path, now: datetime) -> Copy:
    """Write a proved copy into the folder. Raises DatabaseError and OSError; nothing half-written
    stays under a name that counts."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{now.astimezone(SHANGHAI):%Y-%m-%d-%H%M%S}"
    path = folder / f"{PREFIX}{stamp}{_SUFFIX[engine.dialect.name]}"
    part = path.with_name(f"{path.name}.part")
    try:
        if engine.dialect.name == "postgresql":
            acts = _acts(engine)
            backup_postgresql.dump(engine.url, part)
            revision = backup_postgresql.prove(part)
        else:
            backup_sqlite.copy(Path(engine.url.database or ""), part)
            revision, acts = prove(part)
        sha256 = _sha256(part)
        part.rename(path)
    finally:
        backup_sqlite.discard(part)
    return Copy(path, sha256, revision, acts)


def detail(copy: Copy) -> dict[str, object]:
    """What the audit chain says of a copy."""
    return {"file": copy.path.name, "sha256": copy.sha256, "acts": copy.acts}


def prune(folder: Path, keep: int, made: Path) -> list[Path]:
    """Remove the oldest copies beyond `keep`, to be called after the good new one `made`: it stays
    even where a wrong clock gave it an old name. So goes what a power cut left of earlier days."""
    copies = sorted(p for p in folder.glob(f"{PREFIX}*") if p.suffix in _SUFFIX.values())
    old = [copy for copy in copies[:-keep] if copy != made]
    today = made.name[: len(f"{PREFIX}2020-01-09")]
    cut_off = [p for p in folder.glob(f"{PREFIX}*.part*") if not p.name.startswith(today)]
    for path in (*old, *cut_off):
        path.unlink(missing_ok=True)
    return old


def restore(engine: sa.Engine, file: Path, now: datetime, *, replace: bool = False) -> Restored:
    """Put the copy in the place of the engine's database, which must hold nothing, unless
    `replace` moves what it holds aside. The copy is proved first. Raises DatabaseError."""
    if not file.is_file():
        raise DatabaseError(f"没有备份文件 {file}", fix="请核对路径")
    if file.suffix != _SUFFIX[engine.dialect.name]:
        raise DatabaseError(
            f"{file.name} 不是这种数据库的备份", fix="SQLite 用 .sqlite3，PostgreSQL 用 .dump"
        )
    if not replace and _holds(engine):
        raise DatabaseError(
            "要恢复到的数据库里已有数据，未作任何改动",
            fix="换一个空的（--into）；或加 --replace，现有的会原样移到一旁，不删除",
        )
    stamp = f"{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}"
    if engine.dialect.name == "postgresql":
        backup_postgresql.prove(file)
        aside = backup_postgresql.restore(engine, file, stamp)
    else:
        aside = _restore_sqlite(engine, file, stamp)
    return Restored(_known_revision(engine), _acts(engine), aside)


def prove(path: Path) -> tuple[str, int]:
    """The schema revision of a SQLite copy and how many acts hold in it. Raises DatabaseError where
    it is damaged, is of a newer program, or its chain is broken."""
    backup_sqlite.check(path)
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    return _known_revision(engine), _acts(engine)


def _holds(engine: sa.Engine) -> bool:
    """Whether there is any table; a file that is not there is not made by asking."""
    path = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not Path(path).exists():
        return False
    return db.schema_version(engine) is not None or bool(sa.inspect(engine).get_table_names())


def _restore_sqlite(engine: sa.Engine, file: Path, stamp: str) -> str:
    target = Path(engine.url.database or "")
    part = target.with_name(f"{target.name}.part")
    try:
        backup_sqlite.copy(file, part)
        prove(part)
        engine.dispose()
        aside = backup_sqlite.move_aside(target, stamp)
        part.rename(target)
    finally:
        backup_sqlite.discard(part)
    return str(aside or "")


def _known_revision(engine: sa.Engine) -> str:
    db.check_not_newer(engine)
    revision = db.schema_version(engine)
    if revision is None:
        raise DatabaseError("这不是本程序的数据库，未作任何改动", fix="请换一份备份")
    return revision


def _acts(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        count, broken = audit.verify(connection)
    if broken is not None:
        raise DatabaseError(
            f"审计记录第 {broken} 行与前文对不上，不能作为备份",
            fix="库被程序以外的手改过：请停用，用更早的备份比对（tracker audit verify）",
        )
    return count


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
