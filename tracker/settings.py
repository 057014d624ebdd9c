"""The ground: one table of settings, read from the environment only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import LuzeError

PREFIX = "TRACKER_"

# (name, default, help): the CLI help, the manual and the check for misspelt names all read this.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("TRACKER_HOME", "~/.luze", "数据目录：内置数据库、退回表、文书和周报都在这里"),
    ("TRACKER_DATABASE_URL", "", "数据库地址；留空即使用数据目录中的 SQLite"),
    ("TRACKER_POLICY_DIR", "", "另加的规则包目录（本地规则）"),
    ("TRACKER_MAPPING", "", "另加的表式对照文件（本地表头、符号的叫法）"),
    ("TRACKER_OPERATOR", "", "操作人姓名或岗位，记入审计记录；留空取系统登录名"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, resolved; paths are absolute."""

    home: Path
    database_url: str
    policy_dir: Path | None
    mapping: Path | None
    operator: str


def load(environ: Mapping[str, str]) -> Settings:
    """Resolve settings from `environ`. Raises LuzeError for an unknown TRACKER_ name."""
    known = {name for name, _, _ in SETTINGS}
    unknown = sorted(key for key in environ if key.startswith(PREFIX) and key not in known)
    if unknown:
        raise LuzeError(
            f"不认识的设置项：{'、'.join(unknown)}",
            fix=f"可用的设置项：{'、'.join(sorted(known))}",
        )
    value = {name: environ.get(name) or default for name, default, _ in SETTINGS}
    home = Path(value["TRACKER_HOME"]).expanduser().resolve()
    return Settings(
        home=home,
        database_url=value["TRACKER_DATABASE_URL"] or f"sqlite:///{home / 'luze.sqlite3'}",
        policy_dir=_path(value["TRACKER_POLICY_DIR"]),
        mapping=_path(value["TRACKER_MAPPING"]),
        operator=value["TRACKER_OPERATOR"] or environ.get("USER", "") or "本机操作员",
    )


def from_environment() -> Settings:
    """Resolve settings from the process environment."""
    return load(os.environ)


def _path(text: str) -> Path | None:
    return Path(text).expanduser().resolve() if text else None
