"""Notices: what a person does about one, a receipt (签收) or an answer (答复); each is audited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.consequences.history import Moment
from tracker.consequences.lives import NOTICE
from tracker.consequences.notice_steps import Life
from tracker.consequences.notices import load
from tracker.consequences.tables import NoticeEvent
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.registry.acts import day_problems, text_problems

_EVENT = table(NoticeEvent)


def acknowledge(
    connection: sa.Connection, number: int, *, who: str, on: date, now: datetime, operator: str
) -> None:
    """Record on `on` that `who` has seen the notice: its next repetition is left out.

    Raises LuzeError with every defect; a closed or muted notice takes no receipt.
    """
    _act(connection, number, "acknowledged", Moment(on, now, operator), who, text_problems(who=who))


def answer(
    connection: sa.Connection, number: int, *,
    who: str, text: str, evidence: Sequence[str], due_on: date | None, on: date, now: datetime,
    operator: str,
) -> None:  # fmt: skip
    """Record what `who` has put right, with the papers that show it, and by when the rest will be:
    until `due_on` has passed the notice is not repeated. Raises LuzeError with every defect."""
    problems = [*text_problems(who=who, text=text)]
    if not all(paper.strip() for paper in evidence):
        problems.append(Problem("有一份证据没有写名称", "--evidence", "请写明材料名称或文号"))
    if due_on and due_on < on:
        problems.append(
            Problem(f"承诺期限 {due_on} 早于答复日 {on}", "--due", "请写答复当日或以后的日期")
        )
    _act(
        connection, number, "answered", Moment(on, now, operator), who, problems,
        note=text, evidence=list(evidence), due_on=due_on,
    )  # fmt: skip


def _act(
    connection: sa.Connection, number: int, event: str, moment: Moment, who: str,
    problems: Iterable[Problem], *,
    note: str = "", due_on: date | None = None, **told: Any,
) -> None:  # fmt: skip
    """Append the act to the history and the audit chain in the caller's transaction."""
    life = load(connection, number)
    if life is None:
        raise LuzeError(f"没有第 {number} 号提醒", fix="编号见 tracker notices list")
    name = NOTICE.steps[event].name
    found = [*_state_problems(life, event), *problems, *_day_problems(life, moment)]
    if found:
        what = f"第 {number} 号提醒未{name}，未作任何改动"
        raise LuzeError(what, problems=found, fix="请改正后重新登记")
    row = moment.row(event, note, NOTICE.after(life.state, event))
    detail = {"who": who, **told}
    connection.execute(
        _EVENT.insert(), {**row, "notice_id": number, "due_on": due_on, "detail": detail}
    )
    audit.append(
        connection, act=f"notice_{event}", operator=moment.operator, now=moment.now,
        detail={
            "notice": number, "key": life.call.key, "level": life.call.level, "on": moment.as_of,
            "note": note, "due_on": due_on, **detail,
        },
    )  # fmt: skip


def _state_problems(life: Life, event: str) -> Iterable[Problem]:
    """A notice that has ended, or for which another speaks, is not acted on."""
    if NOTICE.allows(life.state, event):
        return
    fix = f"{life.note}，请处理该号提醒" if life.state == "muted" else "现有提醒见 tracker notices"
    yield Problem(f"这条提醒现为“{NOTICE.states[life.state]}”", "", fix)


def _day_problems(life: Life, moment: Moment) -> Iterable[Problem]:
    return day_problems(moment.as_of, moment.now, (life.since, "发出"))
