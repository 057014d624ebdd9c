"""The law against itself: work plans: who is named, days inside the document, what follows what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tracker.policy.document import Document
from tracker.policy.duty import MILESTONE, Case, Duty
from tracker.policy.known import Defect
from tracker.policy.milestones import day_of
from tracker.policy.parse import near
from tracker.policy.recommendations import Recommendation
from tracker.policy.source import At
from tracker.policy.workplan import BODY, Task


def named_defects(document: Document, duty: Duty) -> Iterator[Defect]:
    """Whether those whom a duty names, and its milestones, can be what they are."""
    holder, named = duty.holder, duty.holder.role == BODY
    if named and not holder.bodies:
        yield ("holder",), "没有点名由谁牵头", "请写明单位名称（bodies，任务清单里是 lead）"
    if holder.bodies and not named:
        fix = "请改为 role: body，或删去 bodies"
        yield ("holder", "bodies"), f"责任主体是 {holder.role}，不能点名单位", fix
    yield from _twice(("holder", "bodies"), holder.bodies)
    yield from _twice(("holder", "taking_part"), holder.taking_part)
    yield from _twice(("per", "members"), duty.per.members if duty.per else ())
    for name, bound in (("at_least", duty.at_least), ("at_most", duty.at_most)):
        if isinstance(bound, Case) and bound.by == MILESTONE:
            for key in bound.cases:
                yield from _milestone_defects((name, "cases", key), document, day_of(key))


def task_defects(document: Document, task: Task) -> Iterator[Defect]:
    """Whether a task says who closes it, and by a day on which it binds."""
    span = document.in_force
    if task.lead and task.holder:
        yield ("holder",), "写了两种责任主体", "请在 lead（点名单位）和 holder（角色）中选一个"
    if task.due is None and span.to is None:
        fix = "请写 due；原文没有期限又长期有效的，请列为定性责任"
        yield (), "没有期限，文件也没有终止日", fix
    elif task.due and task.due < document.issued_on:
        what = f"期限 {task.due} 早于印发日期 {document.issued_on}"
        yield ("due",), what, "请核对 due 和 issued_on"
    elif task.due and (task.due < span.from_ or (span.to and task.due > span.to)):
        ends = f"至 {span.to}" if span.to else "起施行"
        what = f"期限 {task.due} 不在文件的有效期之内（{span.from_} {ends}）"
        yield ("due",), what, "请核对 due 和 in_force"


def recommendation_defects(each: Recommendation, holders: Mapping[str, str]) -> Iterator[Defect]:
    """Whether what is recommended follows a duty that there is. `holders`: duty -> role."""
    yield from _twice(("on",), each.on)
    for i, duty in enumerate(each.on):
        if duty not in holders:
            yield ("on", i), f"本文件没有责任事项“{duty}”", near(duty, holders)
        elif holders[duty] != each.of:
            what = f"“{duty}”由 {holders[duty]} 承担，不是 {each.of}"
            yield ("on", i), what, "请核对 on 和 of"


def _milestone_defects(at: At, document: Document, day: date | None) -> Iterator[Defect]:
    span = document.in_force
    if day and (day < date(span.from_.year, 1, 1) or (span.to and day > span.to)):
        what = f"节点 {day} 不在文件的有效期之内"
        yield at, what, "请核对节点和 in_force；施行当年从 1 月 1 日起算"


def _twice(at: At, names: tuple[str, ...]) -> Iterator[Defect]:
    for i, name in enumerate(names):
        if name in names[:i]:
            yield (*at, i), f"“{name}”写了两次", "请只留一处；同名的村请写明乡镇"
