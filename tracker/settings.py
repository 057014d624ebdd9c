"""The ground: one table of settings, read from the environment only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import LuzeError

PREFIX = "TRACKER_"

# (name, default, help): the CLI help, the manual and the check for misspelt names all read this.
SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("TRACKER_HOME", "~/.luze", "数据目录：内置数据库、退回表、文书和周报都在这里"),
    ("TRACKER_DATABASE_URL", "", "数据库地址；留空即使用数据目录中的 SQLite"),
    ("TRACKER_POLICY_DIR", "", "另加的规则包目录（本地规则）"),
    ("TRACKER_MAPPING", "", "另加的表式对照文件（本地表头、符号的叫法）"),
    ("TRACKER_BASE_URL", "", "本系统的网址，用于信中的链接和纸上的二维码；留空则不带链接"),
    (
        "TRACKER_SMTP_URL",
        "",
        "邮件服务器，smtp://、smtps:// 或 smtp+starttls://用户:口令@主机:端口",
    ),
    ("TRACKER_SMTP_CA", "", "邮件服务器证书的签发机构文件（PEM）；留空只信任系统自带的"),
    ("TRACKER_MAIL_FROM", "", "发件人，如 履责提醒 <luze@example.gov.cn>"),
    ("TRACKER_WECOM_KEYS", "", "企业微信群机器人的密钥，名称=密钥，几个之间用逗号隔开"),
    (
        "TRACKER_WECOM_URL",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "企业微信群机器人的接口地址，须在允许的范围内（delivery.yaml）",
    ),
    ("TRACKER_TIMETABLE", "", "另写的时间表（各项工作何时运行）；留空用随附的 jobs/timetable.yaml"),
    ("TRACKER_PULLS", "", "拉取来源文件或文件夹（从考勤、台账服务读取）；留空则不拉取"),
    (
        "TRACKER_LABEL_KEY",
        "",
        "户码（一户一档二维码）的密钥，不少于 16 个字符；换了密钥，旧标签失效；留空不印",
    ),
    ("TRACKER_OPERATOR", "", "操作人姓名或岗位，记入审计记录；留空取系统登录名"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, resolved; paths are absolute."""

    home: Path
    database_url: str = field(repr=False)
    policy_dir: Path | None
    mapping: Path | None
    base_url: str
    smtp_url: str = field(repr=False)  # holds a password
    smtp_ca: Path | None
    mail_from: str
    wecom_keys: str = field(repr=False)
    wecom_url: str
    timetable: Path | None
    pulls: Path | None
    label_key: str = field(repr=False)
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
        base_url=value["TRACKER_BASE_URL"].rstrip("/"),
        smtp_url=value["TRACKER_SMTP_URL"],
        smtp_ca=_path(value["TRACKER_SMTP_CA"]),
        mail_from=value["TRACKER_MAIL_FROM"],
        wecom_keys=value["TRACKER_WECOM_KEYS"],
        wecom_url=value["TRACKER_WECOM_URL"],
        timetable=_path(value["TRACKER_TIMETABLE"]),
        pulls=_path(value["TRACKER_PULLS"]),
        label_key=value["TRACKER_LABEL_KEY"],
        operator=value["TRACKER_OPERATOR"] or environ.get("USER", "") or "本机操作员",
    )


def from_environment() -> Settings:
    """Resolve settings from the process environment."""
    return load(os.environ)


def _path(text: str) -> Path | None:
    return Path(text).expanduser().resolve() if text else None
