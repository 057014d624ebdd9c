"""The edge: nominations, places and timelines in words, as rows and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tracker.awards import outside
from tracker.awards.campaign import OnItsWay, Overview
from tracker.awards.meant import kind_name
from tracker.awards.nomination_desk import calendar_of, plan_of
from tracker.awards.nominations import LIVE, NOMINATION, Filed, branch_of
from tracker.awards.quotas import Places
from tracker.awards.timeline import Ahead, Timeline
from tracker.policy.law import Law

PLACES = ("奖项", "地区或类别", "名额", "初选", "已推荐", "剩余")
NOMINEES = ("编号", "推荐对象", "奖项", "类别", "地区", "状态", "下一步", "最迟")
STEPS = ("环节", "由谁办理", "最迟开始", "最迟结束", "现状")


def place_rows(found: Overview) -> Iterator[tuple[object, ...]]:
    """Places as rows of PLACES; an award whose annex is missing says that its areas are unknown."""
    annexes = dict(found.unknown)
    for place in found.places:
        yield _place_row(place)
        missing = annexes.get(place.award.name)
        if missing and not place.name:
            yield "", f"各地（{missing}不在手）", "不明", "", "", ""


def _place_row(place: Places) -> tuple[object, ...]:
    award = "" if place.name else place.award.name
    counted = (place.number, place.proposed, place.nominated, place.left)
    return award, place.name or "合计", *counted


def nominee_rows(ways: Iterable[OnItsWay], law: Law) -> list[tuple[object, ...]]:
    """Nominations as rows of NOMINEES."""
    return [
        (f"第{way.filed.nominee.nomination_id}号", called(way.filed), *_what(way.filed, law),
         NOMINATION.states[way.filed.state], *next_step(way))
        for way in ways
    ]  # fmt: skip


def called(filed: Filed) -> str:
    """Name and unit."""
    nominee = filed.nominee
    return f"{nominee.name}@{nominee.unit}" if nominee.unit else nominee.name


def _what(filed: Filed, law: Law) -> tuple[str, str, str]:
    """Award, kind and area by name."""
    nominee = filed.nominee
    plan = plan_of(law, nominee.document)
    award = plan.award(nominee.award)
    kind = kind_name(plan, nominee.kind)
    return award.name, kind, award.quota.area_names.get(nominee.area_code, "")


def next_step(way: OnItsWay) -> tuple[str, str]:
    """What is next, and until when, with a word where it is too late."""
    if way.filed.state not in LIVE:
        return "", ""
    step = way.timeline.next
    if step is None:
        return "全部完成", ""
    if not step.due:
        return step.stage.name, ""
    late = "" if way.timeline.feasible else "（已来不及）"
    return step.stage.name, f"{step.due}{late}"


def running(way: OnItsWay) -> str:
    """Of a publicity that is running: the first day on which it may end; '' for none."""
    step = way.timeline.next
    if way.filed.state not in LIVE or step is None or not step.ends_from:
        return ""
    announced = way.filed.record.postings[step.stage.id].ends_on
    short = f"（公告写明 {announced} 止，工作日不足，须延长）" if announced < step.ends_from else ""
    return f"最早 {step.ends_from} 结束{short}"


def papers(filed: Filed, law: Law, as_of: date) -> list[str]:
    """What was received of each paper, and what of it is not as the plan wants it."""
    nominee, plan = filed.nominee, plan_of(law, filed.nominee.document)
    award = plan.award(nominee.award)
    found = outside.clauses(
        plan, award, branch_of(plan, award, nominee.kind), filed.record, as_of,
        calendar_of(law, nominee), law.vocabulary.organs,
    )  # fmt: skip
    return [clause.text for clause in found if clause.check in filed.record.materials]


def step_rows(found: Timeline) -> list[tuple[object, ...]]:
    """The stages ahead as rows of STEPS."""
    return [
        (step.stage.name, step.stage.by, step.begins_by or "", step.ends_by or "",
         _now(step, found))
        for step in found.ahead
    ]  # fmt: skip


def _now(step: Ahead, found: Timeline) -> str:
    running = f"公示中，最早 {step.ends_from} 结束" if step.ends_from else ""
    late = "" if step.in_time(found.as_of) else f"已来不及（{step.too_late_from} 起）"
    return "，".join(filter(None, (running, late))) or ("下一步" if step is found.next else "")


def time_left(deadline: date, days_left: int, as_of: date) -> str:
    """The deadline, and the working days up to it."""
    if as_of > deadline:
        return f"报送期限 {deadline}，已过"
    today = "，就在今天" if as_of == deadline else ""
    return f"报送期限 {deadline}（含当日{today}），还有 {days_left} 个工作日"


def as_json(way: OnItsWay) -> dict[str, Any]:
    """One nomination in the stable --json form."""
    nominee, step = way.filed.nominee, way.timeline.next
    live = way.filed.state in LIVE
    due = step.due if step and live else None
    return {
        "number": nominee.nomination_id, "document": nominee.document, "award": nominee.award,
        "kind": nominee.kind or None, "name": nominee.name, "unit": nominee.unit or None,
        "subject_id": nominee.subject_id, "area": nominee.area_code or None,
        "state": way.filed.state, "next": step.stage.id if step and live else None,
        "due": due.isoformat() if due else None, "days_left": way.days_left if due else None,
        "feasible": way.timeline.feasible if live else None,
    }  # fmt: skip


def overview_json(found: Overview) -> dict[str, Any]:
    """A campaign in the stable --json form; `areas_missing`: the annex that is not at hand."""
    missing = dict(found.unknown)
    return {
        "plan": found.plan.name, "year": found.plan.year, "as_of": found.as_of.isoformat(),
        "deadline": found.plan.deadline.on.isoformat(), "days_left": found.days_left,
        "places": [
            {"award": p.award.id, "part": p.name or None, "area": p.area_code or None,
             "number": p.number, "proposed": p.proposed, "nominated": p.nominated, "left": p.left,
             "areas_missing": missing.get(p.award.name) if not p.name else None}
            for p in found.places
        ],
        "mismatches": [{"award": award, "text": text} for award, text in found.mismatches],
        "pressing": [as_json(way) for way in found.pressing],
    }  # fmt: skip
