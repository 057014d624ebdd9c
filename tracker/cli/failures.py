"""The edge: what to tell a person, or the journal, of a failure."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from tracker.db import unreachable
from tracker.errors import LuzeError


def told(failure: Exception) -> str | None:
    """What to tell of this failure; None where it is a defect of the program."""
    if isinstance(failure, LuzeError):
        return str(failure)
    if isinstance(failure, OperationalError):
        return str(unreachable(failure))
    if isinstance(failure, OSError):
        where = f" {failure.filename}" if failure.filename else ""
        fix = "请核对路径、权限和磁盘空间；数据目录由 TRACKER_HOME 指定"
        return str(LuzeError(f"读写不了文件{where}（{failure.strerror}）", fix=fix))
    return None


def one_line(failure: Exception) -> str:
    """The same in one line; of a defect only its kind, for its words may hold anything."""
    lines = (told(failure) or f"程序出错（{type(failure).__name__}），详见运行日志").splitlines()
    return "；".join(line.strip(" ·") for line in lines)
