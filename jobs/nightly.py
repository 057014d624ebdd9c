"""The nightly check of one day: judged, stored, nominees looked at again, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from jobs import alerts
from jobs.running import in_one_transaction
from jobs.slot import Outcome, Slot
from tracker.awards import night
from tracker.awards.watch import FLAGGED, Change
from tracker.cli.office import Office


@in_one_transaction
def step(connection: sa.Connection, office: Office, slot: Slot, now: datetime) -> Outcome:
    """Check the slot's own day, however late."""
    found = night.run(
        connection, office.law, office.covers, as_of=slot.as_of, now=now,
        operator=office.settings.operator,
    )  # fmt: skip
    flagged = [change for change in found.changes if change.event == FLAGGED]
    if flagged:
        _alert(connection, slot, flagged, now)
    counts = found.check.counts
    findings = counts["findings"]
    told = (
        f"判定 {sum(counts['status'].values())} 项，新增 {findings['new']}，"
        f"变化 {findings['changed']}，关闭 {findings['closed']}"
    )
    return Outcome({**counts, "flagged": len(flagged), "run": found.check.run_id}, told)


def _alert(connection: sa.Connection, slot: Slot, flagged: Sequence[Change], now: datetime) -> None:
    numbers = "、".join(str(change.filed.nominee.nomination_id) for change in flagged)
    text = (
        f"{slot.as_of} 夜检发现：已推荐的第 {numbers} 号有了新的约谈、事件或限制，"
        "或审查结论变重，需要处理。详情见 tracker campaign。"
    )
    alerts.tell(connection, f"flagged|{slot.name}", "已推荐的对象有新情况", text, now)
