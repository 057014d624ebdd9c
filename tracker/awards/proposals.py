"""Awards: the first entry in a list of nominees, refused with all that speaks against it.

What the gate decides (bars, service, opinions) is not asked here: a list is drawn up first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.awards.meant import awards_of, kinds_of, meant, unknown
from tracker.awards.nomination_desk import append, plan_of, said_problems
from tracker.awards.nominations import LIVE, Filed, branch_of, load_all
from tracker.awards.quotas import area_of, full
from tracker.awards.tables import Nomination
from tracker.consequences.history import Moment
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.lifecycle import NEW
from tracker.policy.awards import Award, AwardPlan
from tracker.policy.law import Law
from tracker.registry.acts import day_problems
from tracker.registry.spelling import clean
from tracker.registry.tables import Subject

_SUBJECT = table(Subject)
_NOMINEES = {"collective": "集体", "individual": "个人"}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What is proposed, as far as it is understood: `kind` '' where the text names none."""

    plan: AwardPlan
    award: Award
    kind: str
    written: str
    subject: Any
    name: str
    unit: str
    area_code: str
    on: date
    reason: str


def propose(
    connection: sa.Connection, law: Law, *,
    document: str, award: str, kind: str, on: date, now: datetime, operator: str,
    subject_id: int | None = None, name: str = "", unit: str = "", area_code: str = "",
    reason: str = "",
) -> int:  # fmt: skip
    """Propose a nominee in the caller's transaction; returns its number.

    `award`, `kind`: by id or Chinese name; `area_code`: code or name of an area of the quota table,
    or of what lies in it; name and unit are the registry's where the subject is known. `reason`:
    needed after the deadline. Raises LuzeError with every defect.
    """
    plan = plan_of(law, document)
    said = meant(award, awards_of(plan))
    problems = [
        *day_problems(on, now, (law.pack(document).document.issued_on, "方案印发")),
    ]
    if said:
        subject = _subject(connection, subject_id)
        found = plan.award(said)
        proposal = _Proposal(
            plan, found, meant(kind, kinds_of(plan), whole=True), kind.strip(), subject,
            name.strip() or (subject.name if subject else ""),
            unit.strip() or (subject.home or "" if subject else ""),
            area_of(found, area_code), on, reason.strip(),
        )  # fmt: skip
        others = load_all(connection, document)
        problems += said_problems(reason, "超过期限的理由", "--reason", needed=_is_late(proposal))
        problems += _all_problems(proposal, area_code, others)
    else:
        problems.append(unknown(award, awards_of(plan), "奖项", "奖项"))
    if problems:
        raise LuzeError("初选未登记，未作任何改动", problems=problems, fix="请改正后重新登记")
    return _write(connection, document, proposal, Moment(on, now, operator))


def _write(connection: sa.Connection, document: str, told: _Proposal, moment: Moment) -> int:
    head = {
        "document": document, "award": told.award.id, "kind": told.kind,
        "branch": branch_of(told.plan, told.award, told.kind).id,
        "subject_id": told.subject.id if told.subject else None, "name": told.name,
        "unit": told.unit, "area_code": told.area_code,
    }  # fmt: skip
    statement = table(Nomination).insert().returning(table(Nomination).c.id)
    number = int(connection.execute(statement, head).scalar_one())
    note = "；".join(filter(None, (_unnamed(told), _overdue(told))))
    detail = {**head, "kind_written": told.written, "reason": told.reason}
    append(connection, number, NEW, "proposed", moment, note, detail=detail)
    return number


def _subject(connection: sa.Connection, subject_id: int | None) -> Any:
    """Id, name, sort and the name of the home of a subject; None for none."""
    home = _SUBJECT.alias()
    return connection.execute(
        sa.select(_SUBJECT.c.id, _SUBJECT.c.name, _SUBJECT.c.sort, home.c.name.label("home"))
        .outerjoin(home, home.c.id == _SUBJECT.c.home_id)
        .where(_SUBJECT.c.id == subject_id)
    ).first()


def _all_problems(told: _Proposal, area: str, others: list[Filed]) -> Iterator[Problem]:
    yield from _kind_problems(told)
    yield from _name_problems(told)
    yield from _twin_problems(told, others)
    if told.award.quota.by_area and not told.area_code:
        known = "、".join(told.award.quota.area_names.values())
        what = f"名额分配表中没有“{area}”" if area else "没有写用哪个地区的名额"
        yield Problem(what, "--area", f"可写：{known}")
        return
    yield from full(told.plan, told.award, told.kind, told.area_code, others)


def _kind_problems(told: _Proposal) -> Iterator[Problem]:
    """Of an excluded kind, of the wrong sort, or one that the text does not name (which is open
    only where the text says so)."""
    award, plan = told.award, told.plan
    wanted = _NOMINEES[award.nominee]
    if told.kind in award.excluded:
        what = f"{plan.kind(told.kind).name}不参加“{award.name}”评选"
        yield Problem(what, "--kind", f"依据 {award.cite}")
    elif told.kind and plan.kind(told.kind).is_ != award.nominee:
        other = _NOMINEES[plan.kind(told.kind).is_]
        yield Problem(f"“{award.name}”评选{wanted}，{told.written}是{other}", "--kind")
    elif told.kind not in award.kinds and not (award.open_kinds and told.written):
        known = "、".join(plan.kind(kind).name for kind in award.kinds)
        what = f"“{award.name}”没有“{told.written}”这一类" if told.written else "没有写类别"
        yield Problem(what, "--kind", f"可写：{known}{'等' * award.open_kinds}")
    if told.subject and (told.subject.sort == "person") != (award.nominee == "individual"):
        yield Problem(f"“{award.name}”评选{wanted}，{told.name}不是", "推荐对象", "请核对奖项")


def _name_problems(told: _Proposal) -> Iterator[Problem]:
    if not told.name:
        yield Problem("没有写姓名或名称", "推荐对象", "请写明姓名或名称")
    for text, what in ((told.name, "姓名或名称"), (told.unit, "单位")):
        if len(text) > _LONGEST:
            yield Problem(f"{what}超过 {_LONGEST} 字", fix="请缩短")


def _twin_problems(told: _Proposal, others: list[Filed]) -> Iterator[Problem]:
    """The same subject, or the same name and unit, is nominated once under a plan; a candidacy that
    was cancelled does not come back."""
    mine = (clean(told.name), clean(told.unit))
    for other in others:
        nominee = other.nominee
        same = told.subject is not None and nominee.subject_id == told.subject.id
        if not same and (clean(nominee.name), clean(nominee.unit)) != mine:
            continue
        which = f"第 {nominee.nomination_id} 号，{told.plan.award(nominee.award).name}"
        if other.state in LIVE:
            yield Problem(f"{told.name}在本方案下已有推荐（{which}）", "推荐对象", "不得重复推荐")
        elif other.state == "cancelled":
            yield Problem(f"{told.name}的评选资格已经撤销（{which}）", "推荐对象", "不得再推荐")


def _unnamed(told: _Proposal) -> str:
    if told.kind in told.award.kinds:
        return ""
    return f"文件没有列举“{told.written}”这一类，须由人认定"


def _is_late(told: _Proposal) -> bool:
    hands_in = branch_of(told.plan, told.award, told.kind).hands_in
    return hands_in and told.on > told.plan.deadline.on


def _overdue(told: _Proposal) -> str:
    if not _is_late(told):
        return ""
    return f"已过报送期限 {told.plan.deadline.on}（{told.plan.deadline.cite}）：{told.reason}"
