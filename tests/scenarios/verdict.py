"""What a scenario expects of one responsibility on one day, and how a finding falls short of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pandas as pd

from tracker.evaluation.words import REASON_NAMES, STATUS_NAMES, Flag, Reason, Status

FLAGS = {
    "折算": Flag.prorated,
    "过渡期": Flag.transitional,
    "暂定日历": Flag.provisional_calendar,
    "补录": Flag.late_entries,
    "另一口径": Flag.other_reading,
    "原则上": Flag.in_principle,
    "原文不一": Flag.contradiction,
}
NONE = "无此责任"
NOBODY = "无"
_DAY = r"\d{4}-\d\d-\d\d"
_VERDICT = re.compile(
    r"(?P<status>[^\s（]+)(?:（(?P<reason>\S+)）)?(?: (?P<done>[\d.]+)/(?P<required>[\d.]+))?"
    rf"(?: 最迟 (?P<safe>{_DAY}|无))?(?: 缺口起于 (?P<gap>{_DAY}))?"
    r"(?: 另一口径 (?P<other>\d+))?(?: 由 (?P<accountable>\S+) 负责)?(?: 〔(?P<flags>\S+)〕)?"
)
_WINDOW = re.compile(
    rf"(?P<year>\d{{4}})年(?:第(?P<quarter>[1-4])季度|(?P<half>[上下])半年|(?P<month>\d+)月)?"
    rf"|常设|(?P<day>{_DAY}) 起|(?P<gap>{_DAY}) 的缺口"
)


class Asked(NamedTuple):
    """'helper.visit 孙乙丑 → HC01 2020年': which finding is meant."""

    duty: str
    holder: str
    counterpart: str
    window: str


def asked(text: str) -> Asked:
    """Split the key of an expectation."""
    duty, holder, window = text.split(" ", 2)
    counterpart = ""
    if window.startswith("→ "):
        _, counterpart, window = window.split(" ", 2)
    return Asked(duty, holder, counterpart, window)


def pick(rows: pd.DataFrame, about: Asked) -> pd.DataFrame:
    """The findings that are meant: one, or none."""
    mine = (rows["duty"] == about.duty) & (rows["holder"] == about.holder)
    if about.counterpart == NOBODY:
        mine &= rows["counterpart"].isna()
    elif about.counterpart:
        mine &= rows["counterpart"] == about.counterpart
    found = _WINDOW.fullmatch(about.window)
    if not found:
        raise ValueError(f"看不懂的考核期：{about.window}")
    if found["year"]:
        mine &= rows["opens"] == _opening(found)
    elif found["day"]:
        mine &= rows["opens"] == date.fromisoformat(found["day"])
    elif found["gap"]:
        mine &= rows["episode"] == date.fromisoformat(found["gap"])
    return rows[mine]


def _opening(found: re.Match[str]) -> date:
    quarter, half, month = found["quarter"], found["half"], found["month"]
    first = int(quarter) * 3 - 2 if quarter else 7 if half == "下" else int(month or 1)
    return date(int(found["year"]), first, 1)


def differences(rows: pd.DataFrame, expected: str) -> Iterator[str]:
    """Where the finding (one row, or none) is not as expected. Flags are always compared."""
    if len(rows) != 1:
        if expected != NONE or len(rows) > 1:
            yield f"应为“{expected}”，找到 {len(rows)} 项"
        return
    wanted = _VERDICT.fullmatch(expected)
    if not wanted:
        raise ValueError(f"看不懂的判定：{expected}")
    row = rows.iloc[0]
    said = wanted.groupdict()
    flags = sum(FLAGS[name] for name in (said["flags"] or "").split("、") if name)
    reason = REASON_NAMES[Reason[row["reason"]]]
    pairs = {
        "判定": (said["status"], STATUS_NAMES[Status[row["status"]]]),
        "原因": (said["reason"], reason),
        "累计": (_number(said["done"]), row["done"]),
        "标准": (_number(said["required"]), row["required"]),
        "最迟": (said["safe"], str(row["last_safe_on"] or "无")),
        "缺口": (said["gap"], str(row["episode"])),
        "另一口径": (_number(said["other"]), row["done_other"]),
        "负责": (said["accountable"], row["accountable"]),
        "标记": (_names(flags), _names(int(row["flags"]))),
    }
    for what, (want, got) in pairs.items():
        if want is not None and want != got:
            yield f"{what}应为 {want}，实为 {got}（{STATUS_NAMES[Status[row['status']]]}）"


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _names(flags: int) -> str:
    return "、".join(name for name, flag in FLAGS.items() if flags & flag) or "无"
