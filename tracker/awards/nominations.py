"""Awards: one nomination read from its rows: who, what is recorded of it, and where it stands.

proposed -> nominated (with a frozen snapshot) -> withdrawn or cancelled. What persons record in
between (stages, opinions, publicity, papers) is folded into a `Record`, as of any day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.awards.nominee import Nominee
from tracker.awards.record import Record, record_of
from tracker.awards.tables import Nomination, NominationEvent
from tracker.db import table
from tracker.errors import LuzeError
from tracker.lifecycle import NEW, Lifecycle, Step
from tracker.policy.awards import Award, AwardPlan, Branch

__all__ = [
    "LIVE",
    "NOMINATION",
    "Filed",
    "Record",
    "branch_of",
    "history",
    "load",
    "load_all",
]

_OPEN, _LIVE = ("proposed",), ("proposed", "nominated")
NOMINATION = Lifecycle(
    "推荐",
    {
        "proposed": Step("提出初选", (NEW,), "proposed"),
        "stage_done": Step("登记环节完成", _LIVE),
        "asked": Step("征求意见", _OPEN),
        "opinion": Step("登记部门意见", _LIVE),
        "posted": Step("开始公示", _OPEN),
        "taken_down": Step("结束公示", _OPEN),
        "complaint": Step("登记投诉举报", _LIVE),
        "complaint_closed": Step("办结投诉举报", _LIVE),
        "material": Step("收到材料", _LIVE),
        "excused": Step("认定例外", _OPEN),
        "judged": Step("由人认定", _OPEN),
        "nominated": Step("推荐", _OPEN, "nominated"),
        "flagged": Step("标记新情况", ("nominated",)),
        "cleared": Step("新情况消除", ("nominated",)),
        "withdrawn": Step("撤回推荐", _LIVE, "withdrawn"),
        "cancelled": Step("撤销资格", _LIVE, "cancelled"),
    },
    {
        "proposed": "初选",
        "nominated": "已推荐",
        "withdrawn": "已撤回",
        "cancelled": "已撤销资格",
    },
)
LIVE = frozenset(_LIVE)
_HEAD, _EVENT = table(Nomination), table(NominationEvent)


class Filed(NamedTuple):
    """One nomination: whom it is about, what is recorded of it, its state."""

    nominee: Nominee
    record: Record
    state: str


def branch_of(plan: AwardPlan, award: Award, kind: str) -> Branch:
    """The branch by which nominees of this kind come up; a kind that the text does not name ('')
    takes the way of the others."""
    return plan.branch(award.kinds.get(kind) or next(iter(award.kinds.values())))


def load(
    connection: sa.Connection, number: int, as_of: date | None = None,
    known_at: datetime | None = None,
) -> Filed:  # fmt: skip
    """One nomination by its number, as of a day. Raises LuzeError where there is none."""
    found = _load(connection, _HEAD.c.id == number, as_of, known_at)
    if not found:
        when = f"截至 {as_of} " if as_of else ""
        raise LuzeError(f"{when}没有第 {number} 号推荐", fix="编号见 tracker campaign list --all")
    return found[0]


def load_all(
    connection: sa.Connection, document: str, award: str | None = None, area: str | None = None,
    as_of: date | None = None, known_at: datetime | None = None,
) -> list[Filed]:  # fmt: skip
    """Every nomination under a plan, of one award or area where given, by number."""
    wanted = _HEAD.c.document == document
    if award is not None:
        wanted &= _HEAD.c.award == award
    if area is not None:
        wanted &= _HEAD.c.area_code == area
    return _load(connection, wanted, as_of, known_at)


def history(
    connection: sa.Connection, number: int, as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[Any]:  # fmt: skip
    """The rows of one nomination, oldest first."""
    rows = _events(_EVENT.c.nomination_id == number, as_of, known_at)
    return list(connection.execute(rows))


def _load(
    connection: sa.Connection, wanted: sa.ColumnElement[bool], as_of: date | None,
    known_at: datetime | None,
) -> list[Filed]:  # fmt: skip
    heads = connection.execute(sa.select(_HEAD).where(wanted).order_by(_HEAD.c.id)).all()
    mine = _EVENT.c.nomination_id.in_(sa.select(_HEAD.c.id).where(wanted))
    events: dict[int, list[Any]] = {}
    for row in connection.execute(_events(mine, as_of, known_at)):
        events.setdefault(row.nomination_id, []).append(row)
    return [
        Filed(_nominee(head), record_of(events[head.id]), events[head.id][-1].state)
        for head in heads
        if head.id in events
    ]


def _events(
    wanted: sa.ColumnElement[bool], as_of: date | None, known_at: datetime | None
) -> sa.Select[Any]:
    if as_of is not None:
        wanted &= _EVENT.c.as_of <= as_of
    if known_at is not None:
        wanted &= _EVENT.c.recorded_at <= known_at
    return sa.select(_EVENT).where(wanted).order_by(_EVENT.c.id)


def _nominee(head: Any) -> Nominee:
    return Nominee(
        head.document, head.award, head.kind, head.name, head.unit, head.subject_id,
        head.area_code, head.id,
    )  # fmt: skip
