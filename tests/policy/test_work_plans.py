"""Targets and tasks are duties in short; recommendations follow a breach and decide nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.test_bad_packs import WORK
from tracker.policy.coverage import coverage
from tracker.policy.duty import Duty
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.milestones import day_of, milestone_windows, milestones
from tracker.policy.model import Pack
from tracker.policy.notes import notes
from tracker.policy.recommendations import spoken
from tracker.resources import folder

PACKS = Path(__file__).parents[1] / "packs"


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law([folder("duties"), PACKS])


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_law([WORK]).packs[0]


def with_milestones(pack: Pack, keys: list[str]) -> Duty:
    """The target of people with these milestones."""
    duty = pack.duty("target.people")
    case = duty.at_least
    assert not isinstance(case, int | None)
    cases = {"at_least": case.model_copy(update={"cases": dict.fromkeys(keys, 1)})}  # type: ignore[union-attr]
    return duty.model_copy(update=cases)


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("2015", date(2015, 12, 31)),
        ("2017-06-30", date(2017, 6, 30)),
        ("2017-02-30", None),
        ("2017-6-30", None),
        ("20170630", None),
        ("第一年", None),
        ("0000", None),
    ],
)
def test_a_milestone_is_a_year_or_a_day(key: str, day: date | None) -> None:
    assert day_of(key) == day


@given(days=st.sets(st.dates(date(2015, 1, 1), date(2018, 12, 31)), min_size=1, max_size=8))
def test_windows_between_milestones_leave_no_day_out_and_take_none_twice(days: set[date]) -> None:
    found = load_law([WORK]).packs[0]
    duty = with_milestones(found, [day.isoformat() for day in days])
    windows = milestone_windows(found.document, duty)
    assert [closes for _, closes in windows] == sorted(days) == [*milestones(duty)]
    assert windows[0][0] == date(2015, 1, 1)
    following = [opens for opens, _ in windows[1:]]
    assert following == [closes + timedelta(days=1) for _, closes in windows[:-1]]


def test_a_target_counts_what_its_holder_reports_under_its_name(pack: Pack) -> None:
    duty = pack.duty("target.rate")
    assert [(c.kind, c.item) for c in duty.counts] == [("reported_level", "贫困发生率")]
    assert (duty.measure, duty.every, duty.on_breach) == ("latest", "milestones", "warn")
    assert milestones(duty) == (date(2015, 12, 31), date(2016, 12, 31))


def test_a_task_is_closed_once_by_its_day(pack: Pack) -> None:
    duty = pack.duty("task.plan")
    assert duty.once
    assert (duty.once.from_, duty.once.to) == (date(2015, 1, 1), date(2015, 12, 31))
    assert [(c.kind, c.item) for c in duty.counts] == [("task_closed", "制定方案")]
    assert duty.holder.bodies == ("教育局", "水务局")
    assert duty.holder.taking_part == ("财政局",)
    assert (duty.strength, duty.at_least) == ("must", 1)


def test_a_task_without_a_day_lasts_as_long_as_its_document_and_only_warns(pack: Pack) -> None:
    duty = pack.duty("task.villages")
    assert duty.once
    assert duty.once.to == date(2018, 12, 31)
    assert (duty.strength, duty.on_breach) == ("should", "warn")
    assert duty.per
    assert duty.per.members == ("东村", "西乡北村")


def test_the_pack_keeps_targets_and_tasks_beside_the_duties_they_became(pack: Pack) -> None:
    short = [*(target.id for target in pack.targets), *(task.id for task in pack.tasks)]
    assert short == [duty.id for duty in pack.duties]


def test_coverage_tells_what_became_of_each_article(pack: Pack) -> None:
    rows = {row.article: (row.duties, row.recommendations) for row in coverage(pack)}
    assert rows == {
        "一": (("target.people", "target.rate"), ()),
        "二": (("task.plan", "task.villages"), ()),
        "三": ((), ("veto.people",)),
    }


def test_what_a_document_says_against_itself_is_told(law: Law) -> None:
    (note,) = notes(law.pack("hewan-2015-1"))
    assert str(note) == "一 脱贫人口：三年合计240人，文首写作250人"


def test_a_recommendation_follows_its_duties_alone_and_says_who_decides(law: Law) -> None:
    document = "hewan-2015-1"
    (veto,) = law.pack(document).recommended("target.people")
    assert law.pack(document).recommended("target.rate") == ()
    assert spoken(veto, law.vocabulary) == (
        "一票否决（三）：没有完成年度脱贫任务的，评优评先一票否决；"
        "对象：县市区党委政府、负责同志（主要负责人或分管负责人）；"
        "由河湾县扶贫开发领导小组决定，系统不作决定"
    )
