"""The registry: waivers (豁免), requested by one person, approved by another, expiring (I67).

A waiver is an input of judgement like every other fact: known at a moment, never updated. It
releases from one duty for a span of days; what it releases from stays visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.history import newest
from tracker.lifecycle import NEW, Lifecycle, Step
from tracker.registry.waiver_tables import Waiver, WaiverEvent

WAIVER = Lifecycle(
    "豁免",
    {
        "requested": Step("申请", (NEW,), "requested"),
        "approved": Step("批准", ("requested",), "approved"),
        "refused": Step("不予批准", ("requested",), "refused"),
        "withdrawn": Step("撤回申请", ("requested",), "withdrawn"),
        "revoked": Step("撤销", ("approved",), "revoked"),
    },
    {
        "requested": "待批准",
        "approved": "已批准",
        "refused": "未批准",
        "withdrawn": "申请已撤回",
        "revoked": "已撤销",
    },
)
_WAIVER, _EVENT = table(Waiver), table(WaiverEvent)


@dataclass(frozen=True, slots=True)
class Release:
    """A waiver that was approved. `ends_on`: its last day, the eve of its revocation if earlier."""

    number: int
    document: str
    duty: str
    holder_id: int
    counterpart_id: int | None
    starts_on: date
    ends_on: date
    approver: str
    authority: str
    document_number: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a waiver does on a day: the findings it releases from, and its days left: 0 on its last
    day, below 0 when it has expired."""

    waiver: Release
    released: int
    begun: bool
    days_left: int

    @property
    def idle(self) -> bool:
        """In its span it releases from nothing: no such duty is owed, or what is owed is met."""
        return self.begun and self.days_left >= 0 and not self.released

    def expiring(self, within: int) -> bool:
        """Whether it expires in so many days or fewer."""
        return self.begun and 0 <= self.days_left <= within


def load_waivers(
    connection: sa.Connection, known_at: datetime | None = None
) -> tuple[Release, ...]:
    """Every waiver that was approved, as known at a moment (None: now), without those revoked
    before they began."""
    approved = _EVENT.alias("approved")
    last = newest(_EVENT, "waiver_id", known_at=known_at).subquery()
    rows = connection.execute(
        sa.select(
            _WAIVER, approved.c.approver, approved.c.authority, approved.c.document_number,
            last.c.state, last.c.as_of,
        )
        .join(last, last.c.waiver_id == _WAIVER.c.id)
        .join(approved, approved.c.waiver_id == _WAIVER.c.id)
        .where(approved.c.event == "approved", last.c.state.in_(("approved", "revoked")))
        .order_by(_WAIVER.c.id)
    )  # fmt: skip
    found = (_release(row) for row in rows)
    return tuple(release for release in found if release.starts_on <= release.ends_on)


def effects(rows: pd.DataFrame, waivers: Iterable[Release], as_of: date) -> list[Effect]:
    """What each waiver does by these findings, as the day `as_of` sees it."""
    released = rows["waiver_id"].value_counts().to_dict()
    return [
        Effect(
            waiver,
            int(released.get(waiver.number, 0)),
            waiver.starts_on <= as_of,
            (waiver.ends_on - as_of).days,
        )
        for waiver in waivers
    ]


def life(connection: sa.Connection, number: int) -> list[Any]:
    """Every transition of one waiver, oldest first; none where there is no such waiver."""
    own = sa.select(_EVENT).where(_EVENT.c.waiver_id == number)
    return list(connection.execute(own.order_by(_EVENT.c.id)))


def listed(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> list[Any]:
    """Every waiver with its state and the day of that (as of a day, as known at a moment)."""
    last = newest(_EVENT, "waiver_id", as_of=as_of, known_at=known_at).subquery()
    statement = sa.select(_WAIVER, last.c.state, last.c.as_of).join(
        last, last.c.waiver_id == _WAIVER.c.id
    )
    return list(connection.execute(statement.order_by(_WAIVER.c.id)))


def _release(row: Any) -> Release:
    ends = row.ends_on
    if row.state == "revoked":
        ends = min(ends, row.as_of - timedelta(days=1))
    return Release(
        row.id, row.document, row.duty, row.holder_id, row.counterpart_id, row.starts_on, ends,
        row.approver, row.authority, row.document_number,
    )  # fmt: skip
