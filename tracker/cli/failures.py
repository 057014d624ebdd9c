"""The edge: what to tell a person, or the journal, of a failure."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DatabaseError as RefusedByDatabase
from sqlalchemy.exc import OperationalError

from tracker.db import unreachable
from tracker.errors import DatabaseError, LuzeError


def told(failure: Exception) -> str | None:
    """What to tell of this failure; None where it is a defect of the program."""
    if isinstance(failure, LuzeError):
        return str(failure)
    if isinstance(failure, OperationalError):
        return str(unreachable(failure))
    if isinstance(failure, RefusedByDatabase) and type(failure.orig) is sqlite3.DatabaseError:
        return str(_damaged(failure.orig))
    if isinstance(failure, OSError):
        where = f" {failure.filename}" if failure.filename else ""
        fix = "请核对路径、权限和磁盘空间；数据目录由 TRACKER_HOME 指定"
        return str(LuzeError(f"读写不了文件{where}（{failure.strerror}）", fix=fix))
    return None


def _damaged(failure: sqlite3.DatabaseError) -> DatabaseError:
    """SQLite met a page that makes no sense: nothing it says may be relied on any more."""
    return DatabaseError(
        f"数据库文件已经损坏，未作任何改动（{failure}）",
        fix="请停掉调度，核对磁盘，用最近的备份恢复：tracker restore 备份文件 --replace",
    )


def one_line(failure: Exception) -> str:
    """The same in one line; of a defect only its kind, for its words may hold anything."""
    lines = (told(failure) or f"程序出错（{type(failure).__name__}），详见运行日志").splitlines()
    return "；".join(line.strip(" ·") for line in lines)
