"""The timetable: read strictly, every defect at once, named by line."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from jobs.timetable import SHIPPED, load_timetable
from tracker.errors import LuzeError


def written(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped timetable with one word changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "时间表.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_shipped_hours_are_those_of_the_manual() -> None:
    table = load_timetable()
    hours = {job: rule.at for job, rule in table.daily.items()}
    assert hours == {
        "pull": time(0, 30), "nightly": time(2), "backup": time(3, 30),
        "weekly_digest": time(8, 30), "notices": time(9),
    }  # fmt: skip
    assert table.cite == "本地设置"


def test_an_office_moves_an_hour(tmp_path: Path) -> None:
    path = written(tmp_path, '"02:00"', '"04:15"')
    assert load_timetable(path).nightly.at == time(4, 15)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"02:00"', '"2点"', "02:00"),
        ('"02:00"', "200", "02:00"),
        ("every_minutes: 1", "every_minutes: 0", "数字太小"),
        ("on: working_days", "on: workdays", "working_days"),
        ("outbox:", "outboxes:", "outbox"),
        ("retry_minutes: [1, 5, 15, 60]", "retry_minutes: []", "不能空着"),
        ("cite: 本地设置", "", "cite"),
        ('"02:00", on: every_day', '"02:00", on: working_days', "late: each 只用于 on: every_day"),
        (
            "on: working_days, late: same_day",
            "on: working_days, late: next_working_day",
            "只用于 on: first_working_day",
        ),
        ('"02:00", on: every_day, late: each', '"02:00", on: every_day, late: same_day', "nightly"),
        ('"00:30", on: every_day, late: same_day', '"00:30", on: every_day, late: each', "pull"),
    ],
)
def test_a_defect_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(LuzeError) as refused:
        load_timetable(written(tmp_path, old, new))
    assert told in str(refused.value)
    assert all(problem.where.startswith("时间表.yaml:") for problem in refused.value.problems)
    assert "duties/" not in str(refused.value)


def test_all_defects_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, '"02:00"', '"25:00"')
    text = path.read_text(encoding="utf-8").replace("keep: 14", "keep: 0")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LuzeError) as refused:
        load_timetable(path)
    assert len(refused.value.problems) == 2


def test_a_missing_file_says_which_setting_names_it(tmp_path: Path) -> None:
    with pytest.raises(LuzeError) as refused:
        load_timetable(tmp_path / "没有.yaml")
    assert "TRACKER_TIMETABLE" in refused.value.fix
