"""From a week to a letter: subject, text, HTML, and what goes with it; into the outbox.

The letter of a group is its text alone: figures and bodies, no lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker import outbox
from tracker.delivery import contacts, digest_files, email_pages
from tracker.digest import week as weeks
from tracker.digest.figures import figures
from tracker.digest.heat import legend
from tracker.digest.parts import Section
from tracker.digest.reader import GROUP, Reader
from tracker.digest.week import Week
from tracker.evaluation.narrate import short_date
from tracker.outbox import Letter
from tracker.policy.law import Law

KIND = "digest"
# What the day of a line is the day of.
_DAY_WORDS = {"awaiting": "定于", "due_soon": "最迟", "ending": "到期"}


def subject(week: Week) -> str:
    """'华池县帮扶履责周报 1月6日：新增3 化解2 即将到期5 待您决定1'; loud where nobody checks."""
    told = [("新增", week.new), ("化解", week.resolved), ("即将到期", week.due_soon)]
    if week.reader.role != GROUP:
        told.append((week.awaiting.title, week.awaiting))
    figures_ = [f"{word}{part.total}" for word, part in told if part.total]
    if not week.new.total:
        figures_.insert(0, f"{_span(week)}无新增")
    day = f"{week.as_of.month}月{week.as_of.day}日"
    alarm = "【检查中断】" if week.checked.stale else ""
    return f"{alarm}{week.name}帮扶履责周报 {day}：{' '.join(figures_)}"


def letter(week: Week, base_url: str = "", home: Path | None = None) -> Letter:
    """The letter of a week. `base_url`: of the office's pages, '' where there are none, then
    nothing is linked; `home`: where an office keeps templates of its own. Raises LuzeError."""
    facts = _facts(week, base_url)
    if week.reader.role == GROUP:
        return Letter(subject(week), email_pages.text("digest_group", facts, home))
    return Letter(
        subject(week), email_pages.text("digest", facts, home),
        email_pages.html("digest", facts, home), digest_files.files(week, facts, home),
    )  # fmt: skip


class Addressed(NamedTuple):
    """A letter and the contact it is for."""

    contact_id: int
    letter: Letter


def letters(
    connection: sa.Connection, law: Law, *,
    as_of: date, now: datetime, base_url: str = "", home: Path | None = None,
) -> list[Addressed]:  # fmt: skip
    """The week's letter to every contact that wants digests. Writes nothing: a second or more goes
    into each, and nobody should wait for a lock so long. Raises LuzeError."""
    asked = readers(connection, now)
    found = weeks.gather(connection, law, asked, as_of=as_of, known_at=now) if asked else ()
    return [Addressed(week.reader.contact_id, letter(week, base_url, home)) for week in found]


def enqueue(
    connection: sa.Connection, letters: Sequence[Addressed], *, first_day: date, now: datetime
) -> dict[str, int]:
    """Put the letters of a week into the outbox, in the caller's transaction; `first_day` names the
    week in the key, so that nobody gets a second one of it. Returns how many were new."""
    written = sum(
        outbox.append(
            connection, key=f"{KIND}|{first_day}|{one.contact_id}", kind=KIND,
            contact_id=one.contact_id, letter=one.letter, now=now,
        )
        for one in letters
    )  # fmt: skip
    return {"digests": written}


def _span(week: Week) -> str:
    """What an absence is said of: nobody knows of the days that were not checked."""
    night = week.checked.night
    return f"截至{night.month}月{night.day}日" if week.checked.stale else "本周"


def readers(connection: sa.Connection, known_at: datetime | None = None) -> list[Reader]:
    """Everybody who wants digests, as known at a moment."""
    return [
        Reader(one.contact_id, one.name, one.scope_id, one.role)
        for one in contacts.load(connection, KIND, known_at)
    ]


def _facts(week: Week, base_url: str) -> Mapping[str, Any]:
    """What the templates are given."""

    def days(section: Section, day: date | None) -> str:
        word = _DAY_WORDS.get(section.id, "")
        return f"{word}{short_date(day, week.as_of)}" if day else ""

    return {
        "week": week, "subject": subject(week), "span": _span(week),
        "figures": figures(), "shown": figures().lines,
        "url": lambda path: f"{base_url}{path}" if base_url and path else "",
        "day_of": days, "legend": legend(week.heat) if week.heat else (),
        "to": lambda day: short_date(day, week.as_of),
    }  # fmt: skip
