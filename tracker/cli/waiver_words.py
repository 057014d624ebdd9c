"""The edge: waivers in words: what each one does, and what the night says of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.cli import show
from tracker.cli.office import Office
from tracker.evaluation import findings as stored
from tracker.evaluation import narrate
from tracker.registry import waivers
from tracker.registry.waivers import WAIVER, Effect

COLUMNS = ("编号", "责任主体", "责任事项", "期间", "状态", "期限", "效果")


def print_waivers(
    office: Office, connection: sa.Connection, names: Mapping[int, str], as_of: date
) -> None:
    """What the night says of waivers: those that expire soon and those that do nothing."""
    found = [e for e in effects(office, connection, as_of, None) if e.begun and e.days_left >= 0]
    told = [e for e in found if e.idle or e.expiring(_within(office, e))]
    if not found:
        return
    out = show.console()
    out.print(f"\n豁免：在期 {len(found)} 件，要留意的 {len(told)} 件", style="bold")
    for effect in told:
        who, what = _released(office, effect.waiver, names)
        out.print(
            f"  · 第{effect.waiver.number}号 {who} {what}："
            f"{_term(office, effect)}，{_does(effect)}", soft_wrap=True,
        )  # fmt: skip


def effects(
    office: Office, connection: sa.Connection, as_of: date | None, known_at: datetime | None
) -> list[Effect]:
    """What each approved waiver does (as of a night, as known at a moment)."""
    run = stored.last_run(connection, as_of)
    released = stored.waived(connection, run.id or 0 if run else 0)
    approved = waivers.load_waivers(connection, known_at)
    return waivers.effects(released, approved, office.night(connection, as_of))


def row_of(
    office: Office, row: Any, effect: Effect | None, names: Mapping[int, str]
) -> tuple[object, ...]:
    """One waiver as a row of COLUMNS."""
    counts = effect is not None and row.state in ("approved", "revoked")
    return (
        row.id, *_released(office, row, names), f"{row.starts_on} 至 {row.ends_on}",
        f"{row.as_of} {WAIVER.states[row.state]}",
        *((_term(office, effect), _does(effect)) if effect and counts else ("", "")),
    )  # fmt: skip


def _released(office: Office, waiver: Any, names: Mapping[int, str]) -> tuple[str, str]:
    """Who is released from what."""
    _, duty = office.duties[waiver.document, waiver.duty]
    return narrate.holder_name(names, waiver.holder_id, waiver.counterpart_id, duty), duty.name


def _term(office: Office, effect: Effect) -> str:
    if not effect.begun:
        return "未开始"
    if effect.days_left < 0:
        return "已到期"
    soon = "即将到期，" if effect.expiring(_within(office, effect)) else ""
    return f"{soon}至 {effect.waiver.ends_on}，还剩 {effect.days_left} 天"


def _does(effect: Effect) -> str:
    if effect.idle:
        return "没有免除任何事项（没有相应责任，或均已达标）"
    return f"免除 {effect.released} 项"


def _within(office: Office, effect: Effect) -> int:
    return office.law.pack(effect.waiver.document).document.defaults.warnings.waiver_ends
