"""Awards: what persons record of a nomination on its way, each act whole or not at all.

Stages in their order, opinions, publicity, complaints, papers, exceptions, rulings. Stages, organs,
papers and checks by id or Chinese name; each act returns the nomination as it then stands and is
refused (LuzeError) with all that is wrong at once. Nominating itself is in snapshot.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from tracker.awards.meant import Names, checks_of, materials_of
from tracker.awards.nomination_desk import Desk, open_desk
from tracker.awards.nominations import Filed
from tracker.awards.outside import DEADLINE
from tracker.awards.stage_checks import (
    done_problems,
    length_problems,
    order_problems,
    posting_problems,
    result_problems,
)
from tracker.consequences.history import Moment
from tracker.policy.law import Law

MEDIA = {"paper": "纸质", "electronic": "电子"}


def stage_done(
    connection: sa.Connection, law: Law, number: int, stage: str, *,
    on: date, now: datetime, operator: str,
) -> Filed:  # fmt: skip
    """Record that a stage is done; those before it must be."""
    desk = open_desk(connection, law, number, "stage_done", Moment(on, now, operator))
    found = desk.stage(stage)
    if found:
        desk.problems.extend(order_problems(desk, found, on))
        desk.problems.extend(done_problems(desk, found))
    return desk.write(f"“{found.name}”" if found else "", stage=found.id if found else "")


def ask(
    connection: sa.Connection, law: Law, number: int, organ: str, *,
    on: date, now: datetime, operator: str, document_number: str = "", extra: bool = False,
) -> Filed:  # fmt: skip
    """Record that a body was asked for its opinion. `extra`: one that no vocabulary knows."""
    desk = open_desk(connection, law, number, "asked", Moment(on, now, operator),
                     document_number=document_number)  # fmt: skip
    found = desk.organ(organ, extra=extra)
    if found in desk.record.asked and found not in desk.record.opinions:
        desk.refuse(f"{desk.record.asked[found]} 已经征求过，尚未答复", "部门")
    return desk.write(_unasked_for(desk, found), document_number=document_number, organ=found)


def opinion(
    connection: sa.Connection, law: Law, number: int, organ: str, *,
    agrees: bool, on: date, now: datetime, operator: str, text: str = "", document_number: str = "",
    extra: bool = False,
) -> Filed:  # fmt: skip
    """Record what a body answered; one that the branch does not ask is kept with a note, one that
    no vocabulary knows (`extra`) under its written name. An objection needs its reason."""
    desk = open_desk(connection, law, number, "opinion", Moment(on, now, operator),
                     document_number=document_number)  # fmt: skip
    found = desk.organ(organ, extra=extra)
    asked_on = desk.record.asked.get(found)
    if asked_on and on < asked_on:
        desk.refuse(f"答复的 {on} 早于征求意见的 {asked_on}", "--on")
    desk.say(text, "不同意的理由" if not agrees else "意见", needed=not agrees)
    return desk.write(
        _unasked_for(desk, found), document_number=document_number, organ=found, agrees=agrees,
        text=text, asked_for=found in desk.branch.organs,
    )  # fmt: skip


def post(
    connection: sa.Connection, law: Law, number: int, stage: str, *,
    starts_on: date, ends_on: date, now: datetime, operator: str,
) -> Filed:  # fmt: skip
    """Record that a list was made public on `starts_on`, announced until `ends_on` (both
    inclusive). The stages before must be done, and a level begins after the one below ended (I43).
    """
    desk = open_desk(connection, law, number, "posted", Moment(starts_on, now, operator))
    found = desk.stage(stage)
    if ends_on < starts_on:
        desk.refuse(f"公示终止日 {ends_on} 早于起始日 {starts_on}", "--to", "请核对两个日期")
    if found:
        desk.problems.extend(order_problems(desk, found, starts_on))
        desk.problems.extend(posting_problems(desk, found, starts_on))
    return desk.write(
        f"{starts_on} 至 {ends_on}", stage=found.id if found else "",
        **{"from": starts_on.isoformat(), "to": ends_on.isoformat()},
    )  # fmt: skip


def take_down(
    connection: sa.Connection, law: Law, number: int, stage: str, *,
    result: str, on: date, now: datetime, operator: str,
) -> Filed:  # fmt: skip
    """Record the last day of a publicity and what came of it: the stage is done. Refused while it
    is shorter than the plan asks, with the first day on which it may end (I42)."""
    desk = open_desk(connection, law, number, "taken_down", Moment(on, now, operator))
    found = desk.stage(stage)
    desk.say(result, "公示结果", "--result")
    if found:
        desk.problems.extend(length_problems(desk, found, on))
        desk.problems.extend(result_problems(desk, found, result))
    return desk.write(result, stage=found.id if found else "", result=result)


def complaint(
    connection: sa.Connection, law: Law, number: int, stage: str, *,
    text: str, on: date, now: datetime, operator: str,
) -> Filed:  # fmt: skip
    """Record a complaint that came in during the publicity of a stage, or after it."""
    desk = open_desk(connection, law, number, "complaint", Moment(on, now, operator))
    found = desk.stage(stage)
    desk.say(text, "投诉举报的内容")
    posting = desk.record.postings.get(found.id) if found else None
    if found and posting is None:
        desk.refuse(f"“{found.name}”没有公示过", "环节", "投诉举报登记在所公示的环节")
    elif posting and on < posting.starts_on:
        desk.refuse(f"{on} 早于公示开始的 {posting.starts_on}", "--on")
    return desk.write(
        text, stage=found.id if found else "", text=text,
        number=len(desk.record.complaints) + 1,
    )  # fmt: skip


def complaint_closed(
    connection: sa.Connection, law: Law, number: int, which: int, *,
    answer: str, on: date, now: datetime, operator: str,
) -> Filed:  # fmt: skip
    """Record what became of a complaint, by its number within the nomination."""
    desk = open_desk(connection, law, number, "complaint_closed", Moment(on, now, operator),
                     answer=answer)  # fmt: skip
    found = next((c for c in desk.record.complaints if c.number == which), None)
    if found is None:
        desk.refuse(f"没有第 {which} 件投诉举报", "投诉举报", "见 tracker campaign show-one")
    elif found.closed_on:
        desk.refuse(f"第 {which} 件投诉举报已于 {found.closed_on} 办结", "投诉举报")
    elif on < found.on:
        desk.refuse(f"{on} 早于收到投诉举报的 {found.on}", "--on")
    return desk.write(answer, complaint=which, answer=answer)


def material(
    connection: sa.Connection, law: Law, number: int, which: str, *,
    on: date, now: datetime, operator: str, copies: int = 1, double_sided: bool = False,
    characters: int | None = None, text: str | None = None, media: Sequence[str] = (),
) -> Filed:  # fmt: skip
    """Record a paper as it was handed in. `text`: its words, to be counted without white space
    (I45), instead of `characters`; `media`: paper, electronic or their Chinese names."""
    desk = open_desk(connection, law, number, "material", Moment(on, now, operator))
    found = desk.pick(which, materials_of(desk.plan, desk.award), "材料", "材料")
    if copies < 0 or (characters or 0) < 0:
        desk.refuse("份数、字数不能是负数", "--copies、--characters")
    if text is not None and characters is not None:
        desk.refuse("字数和全文只写一个", "--characters、--text-file")
    names = {ident: (name,) for ident, name in MEDIA.items()}
    kept = [desk.pick(medium, names, "载体", "--media") for medium in media]
    length = characters if text is None else counted(text)
    note = f"{copies} 份" + (f"，{length} 字" if length is not None else "")
    return desk.write(
        note, material=found, copies=copies, double_sided=double_sided, characters=length,
        media=sorted(set(kept)),
    )  # fmt: skip


def counted(text: str) -> int:
    """Unicode characters without white space, punctuation included (I45)."""
    return sum(not character.isspace() for character in text)


def excuse(
    connection: sa.Connection, law: Law, number: int, check: str, *,
    reason: str, authority: str, officer: str, on: date, now: datetime, operator: str,
    document_number: str = "",
) -> Filed:  # fmt: skip
    """Record that the exception which the document makes of a check is given, and why; or that the
    receiving authority takes the papers after the deadline."""
    desk = open_desk(
        connection, law, number, "excused", Moment(on, now, operator), reason=reason,
        authority=authority, officer=officer, document_number=document_number,
    )  # fmt: skip
    checks = desk.plan.checks_for(desk.award, desk.nominee.kind)
    open_to = {c.id: (c.name,) for c in checks if c.exception} | {DEADLINE: ("报送期限",)}
    found = desk.pick(check, open_to, "可以例外的条款", "条款")
    return desk.write(
        reason, authority=authority, document_number=document_number, check=found, reason=reason,
        officer=officer,
    )  # fmt: skip


def judge(
    connection: sa.Connection, law: Law, number: int, check: str, *,
    passed: bool, reason: str, authority: str, officer: str, on: date, now: datetime,
    operator: str, document_number: str = "",
) -> Filed:  # fmt: skip
    """Record what a person decided about a check: 'kind' and 'organ.<organ>' too. It cannot undo
    what the text leaves to nobody."""
    desk = open_desk(
        connection, law, number, "judged", Moment(on, now, operator), reason=reason,
        authority=authority, officer=officer, document_number=document_number,
    )  # fmt: skip
    found = desk.pick(check, _for_a_person(desk), "由人认定的条款", "条款")
    return desk.write(
        reason, authority=authority, document_number=document_number, check=found, passed=passed,
        reason=reason, officer=officer,
    )  # fmt: skip


def withdraw(
    connection: sa.Connection, law: Law, number: int, *,
    reason: str, on: date, now: datetime, operator: str,
) -> Filed:  # fmt: skip
    """Take a nomination back: its place in the quota is free again."""
    desk = open_desk(connection, law, number, "withdrawn", Moment(on, now, operator), reason=reason)
    return desk.write(reason)


def cancel(
    connection: sa.Connection, law: Law, number: int, *,
    reason: str, authority: str, on: date, now: datetime, operator: str, document_number: str = "",
) -> Filed:  # fmt: skip
    """Cancel a candidacy, as an authority decided: it cannot be proposed again under the plan."""
    desk = open_desk(connection, law, number, "cancelled", Moment(on, now, operator), reason=reason,
                     authority=authority, document_number=document_number)  # fmt: skip
    return desk.write(reason, authority=authority, document_number=document_number)


def _unasked_for(desk: Desk, organ: str) -> str:
    """A note on a body that the branch does not ask."""
    if not organ or organ in desk.branch.organs:
        return ""
    name = desk.organs.get(organ, (organ,))[0]
    return f"本渠道没有要求征求{name}的意见，留存备查"


def _for_a_person(desk: Desk) -> Names:
    """What a person may decide about: any check (the gate lets no ruling undo what the text leaves
    to nobody), the kind where the text does not name it or the registry does not bear it out,
    opinions that object."""
    names = checks_of(desk.plan, desk.award, desk.nominee.kind)
    objecting = [organ for organ, told in desk.record.opinions.items() if not told.agrees]
    opinions = {f"organ.{organ}": (f"{desk.organs[organ][0]}的意见",) for organ in objecting}
    return {**names, "kind": ("类别",), **opinions}
