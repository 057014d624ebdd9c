"""When things run, as data: timetable.yaml or the file of TRACKER_TIMETABLE, read strictly."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from tracker.errors import LuzeError, Problem
from tracker.evaluation.freshness import NIGHTLY
from tracker.policy.base import Cite, Rule
from tracker.policy.parse import parse
from tracker.policy.source import read_source

SHIPPED = Path(__file__).with_name("timetable.yaml")


def _hour(value: object) -> object:
    """'02:00' -> 02:00. A number is refused: 2:00 without quotes may have become one."""
    try:
        return time.fromisoformat(value) if isinstance(value, str) else _refused()
    except ValueError:
        return _refused()


def _refused() -> object:
    raise ValueError('应写成带引号的时刻，例如 "02:00"')


Hour = Annotated[time, BeforeValidator(_hour)]
Minutes = Annotated[int, Field(ge=1)]


class Daily(Rule):
    """A job with an hour. `on`: on which days; `late`: how a missed one is made up."""

    at: Hour
    on: Literal["every_day", "working_days", "first_working_day", "never"]
    late: Literal["each", "same_day", "next_working_day"]

    @model_validator(mode="after")
    def _made_up_as_it_runs(self) -> Self:
        if self.late == "next_working_day" and self.on != "first_working_day":
            raise ValueError("late: next_working_day 只用于 on: first_working_day")
        if self.late == "each" and self.on not in ("every_day", "never"):
            raise ValueError("late: each 只用于 on: every_day")
        return self


class Backups(Daily):
    """`keep`: how many copies stay."""

    keep: int = Field(ge=1)


class Repeated(Rule):
    """A job that runs again and again."""

    every_minutes: Minutes


class Timetable(Rule):
    """Every job and its hours; what fails is tried again after `retry_minutes`."""

    cite: Cite
    pull: Daily
    nightly: Daily
    backup: Backups
    weekly_digest: Daily
    notices: Daily
    outbox: Repeated
    retry_minutes: tuple[Minutes, ...] = Field(min_length=1)
    most_nights: int = Field(ge=1)

    @model_validator(mode="after")
    def _only_nights_are_made_up_one_by_one(self) -> Self:
        wrong = [
            job for job, rule in self.daily.items() if (rule.late == "each") != (job == NIGHTLY)
        ]
        if wrong:
            raise ValueError(f"late: each 只用于、也必须用于 {NIGHTLY}；不对的：{'、'.join(wrong)}")
        return self

    @property
    def daily(self) -> dict[str, Daily]:
        """The jobs with an hour by name."""
        rules = {name: getattr(self, name) for name in JOBS}
        return {name: rule for name, rule in rules.items() if isinstance(rule, Daily)}


JOBS = {
    "pull": "拉取",
    "nightly": "夜检",
    "backup": "备份",
    "weekly_digest": "周报",
    "notices": "提醒信",
    "outbox": "发信",
}


def load_timetable(path: Path | None = None) -> Timetable:
    """The office's own timetable, else the shipped one. Raises LuzeError with every defect and its
    line."""
    path = path or SHIPPED
    try:
        source = read_source(path, path.name)
    except OSError as error:
        raise LuzeError(
            f"打不开时间表 {path}（{error.strerror}）", fix="请核对 TRACKER_TIMETABLE 的路径"
        ) from None
    item, problems = (None, []) if source.data is None else parse(source, (), Timetable)
    if item is None or source.problems or problems:
        found = [*source.problems, *problems]
        raise LuzeError(
            f"时间表 {path.name} 有 {len(found)} 处不对，未采用", problems=_ours(found),
            fix="请照随程序附带的 jobs/timetable.yaml 改正",
        )  # fmt: skip
    return item.rule


def _ours(problems: list[Problem]) -> list[Problem]:
    """The packs' own guide is of no use here."""
    kept = [p.fix.removesuffix("写法见 duties/README.md").removesuffix("；") for p in problems]
    return [Problem(p.what, p.where, fix) for p, fix in zip(problems, kept, strict=True)]
