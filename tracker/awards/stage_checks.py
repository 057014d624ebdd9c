"""Awards: what speaks against a step: its place in the order, its opinions, the length of a
publicity. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.awards.nomination_desk import Desk
from tracker.awards.timeline import (
    CONSULT,
    PUBLICITY,
    before_nomination,
    days_needed,
    first_end,
    served,
)
from tracker.errors import Problem
from tracker.policy.awards import Stage

_NO_OBJECTION = "无异议"


def order_problems(desk: Desk, stage: Stage, on: date) -> Iterator[Problem]:
    """A stage is done once, after those before it; what follows the nomination waits for it."""
    done = desk.record.stages
    if stage.id in done:
        yield Problem(f"“{stage.name}”已于 {done[stage.id]} 完成", "环节")
        return
    earlier = desk.branch.stages[: desk.branch.stages.index(stage)]
    missing = next((s for s in earlier if s.id not in done and not _may_overlap(desk, s)), None)
    if missing:
        what = f"“{stage.name}”以前的“{missing.name}”还没有完成"
        yield Problem(what, "环节", f"下一步是“{missing.name}”")
    elif stage not in before_nomination(desk.branch) and desk.filed.state != "nominated":
        fix = f"请先运行 tracker campaign nominate {desk.number}"
        yield Problem(f"“{stage.name}”须在推荐之后", "环节", fix)
    before = max((s for s in earlier if s.id in done), key=lambda s: done[s.id], default=None)
    if before and on < done[before.id]:
        yield Problem(f"{on} 早于“{before.name}”完成的 {done[before.id]}", "--on", "请核对日期")


def done_problems(desk: Desk, stage: Stage) -> Iterator[Problem]:
    """A publicity is done by its end, a consultation by the opinions of all whom it asks."""
    if stage.does == PUBLICITY:
        fix = "公示用 tracker campaign post 和 take-down 登记"
        yield Problem(f"“{stage.name}”不能直接登记完成", "环节", fix)
    if stage.does == CONSULT:
        silent = [desk.organs[o][0] for o in desk.branch.organs if o not in desk.record.opinions]
        if silent:
            fix = "请用 tracker campaign opinion 登记答复"
            yield Problem(f"还没有收到{'、'.join(silent)}的意见", "环节", fix)


def posting_problems(desk: Desk, stage: Stage, on: date) -> Iterator[Problem]:
    """Only a stage of publicity is made public, not while it is so already, and a level after the
    one below (I43). One whose announced days are over without being enough is posted anew."""
    if stage.does != PUBLICITY:
        levels = "、".join(s.name for s in desk.branch.stages if s.does == PUBLICITY) or "无"
        yield Problem(f"“{stage.name}”不是公示环节", "环节", f"可写：{levels}")
    posting = desk.record.postings.get(stage.id)
    if posting and on <= posting.ends_on:
        what = f"“{stage.name}”已自 {posting.starts_on} 起公示，至 {posting.ends_on} 止"
        yield Problem(what, "环节", "公示期满用 tracker campaign take-down 登记")
    if desk.record.postings and desk.plan.publicity.sequential:
        for below in desk.record.postings.values():
            if below.stage != stage.id and below.taken_down_on == on:
                fix = "应在下一级公示结束之后的工作日开始（口径 I43）"
                yield Problem(f"下一级公示到 {on} 才结束", "--from", fix)


def length_problems(desk: Desk, stage: Stage, on: date) -> Iterator[Problem]:
    """A publicity that is running ends when it has lasted as long as the plan asks (I42)."""
    posting, asked = desk.record.postings.get(stage.id), desk.plan.publicity
    if posting is None or posting.taken_down_on:
        yield Problem(f"“{stage.name}”现在没有在公示", "环节", "请先用 tracker campaign post 登记")
        return
    if on < posting.starts_on:
        yield Problem(f"{on} 早于公示开始的 {posting.starts_on}", "--on", "请核对日期")
        return
    days = served(asked, posting.starts_on, on, desk.calendar)
    needed = days_needed(asked, stage)
    if days < needed:
        first = first_end(asked, stage, posting.starts_on, desk.calendar)
        what = f"{posting.starts_on} 至 {on} 只有 {days} 个工作日，须不少于 {needed} 个"
        yield Problem(what, "--on", f"最早 {first} 结束（{asked.cite}，口径 I42）")


def result_problems(desk: Desk, stage: Stage, result: str) -> Iterator[Problem]:
    """A publicity with a complaint that is still open did not end without objection."""
    still = [c for c in desk.record.complaints if c.stage == stage.id and not c.closed_on]
    if still and _NO_OBJECTION in result:
        numbers = "、".join(f"第 {one.number} 件" for one in still)
        first = (
            f"tracker campaign complaint-close {desk.number} {still[0].number} --answer 办理结果"
        )
        what = f"投诉举报{numbers}还没有办结，不能写“{result}”"
        yield Problem(what, "--result", f"请先用 {first} 登记办理结果，或者如实写明公示结果")


def _may_overlap(desk: Desk, stage: Stage) -> bool:
    """Where levels need not follow each other, one that is running holds up nothing."""
    return stage.id in desk.record.postings and not desk.plan.publicity.sequential
