"""From notices to letters: each morning what is new since a contact's last letter, into the outbox.

A liaison officer reads what was raised or repeated, a leader what was reported to leaders, a group
only how much and whose. A quiet day writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tracker import outbox
from tracker.delivery import contacts, email_pages, notice_news
from tracker.delivery.contacts import Recipient
from tracker.delivery.documents.occasion import MARKS, Item, Occasion
from tracker.delivery.notice_news import KIND, News, Reading
from tracker.delivery.rules import delivery_rules
from tracker.digest.reader import GROUP, LEADER
from tracker.digest.scope import Scope
from tracker.evaluation.words import LEVEL_NAMES, LEVEL_SIGNS, Level
from tracker.outbox import Letter
from tracker.policy.law import Law

_GRAVEST = [level.value for level in reversed(Level)]
_OTHERS = "报送"  # what has no colour is about a month without a report
_UNHEARD = "未报送："  # how the note of a reporting notice begins, which its name says already


@dataclass(frozen=True, slots=True)
class Told:
    """One notice of a letter, or `count` alike: whether it is repeated, and its finding as a row
    of a paper or, for many and for what is about no finding, a sentence."""

    again: bool
    item: Item | None
    sentence: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """The notices of one level: its mark and colour, how many, and as many lines as are shown."""

    mark: str
    colour: str
    count: int
    told: Sequence[Told]


def enqueue(
    connection: sa.Connection, law: Law, *, as_of: date, now: datetime, home: Path | None = None
) -> dict[str, int]:
    """Write the letters of a morning in the caller's transaction, which holds the write lock; a
    second time there is nothing new. `home`: where an office keeps templates of its own. Returns
    how many were written to each role. Raises LuzeError for a template with a mistake."""
    written = dict.fromkeys(delivery_rules().roles, 0)
    readers = contacts.load(connection, KIND)
    since = {one: notice_news.told_up_to(connection, one) for one in readers}
    if not readers:
        return written
    reading = notice_news.read(connection, min(since.values()), as_of, now)
    desk = _Desk(Occasion(connection, law, {}, as_of, now), reading, home)
    for one, after in since.items():
        scope = reading.land.scope(one.scope_id)
        news = reading.of(scope, one.role, after)
        if news:
            key = f"{KIND}|{one.contact_id}|{max(n.event_id for n in news)}"
            written[one.role] += outbox.append(
                connection, key=key, kind=KIND, contact_id=one.contact_id,
                letter=desk.letter(one, scope, news), now=now,
            )  # fmt: skip
    return written


class _Desk:
    """Writes the letters of one morning."""

    def __init__(self, occasion: Occasion, reading: Reading, home: Path | None) -> None:
        self.occasion, self.reading, self.home = occasion, reading, home
        self.duty_names = {d.id: d.name for pack in occasion.law.packs for d in pack.duties}

    def letter(self, to: Recipient, scope: Scope, news: Sequence[News]) -> Letter:
        """What one contact is told."""
        name = self.reading.land.day.name(scope.id)
        subject = self._subject(to, name, news)
        common = {"subject": subject, "name": name, "as_of": self.occasion.as_of,
                  "figures": _figures(news)}  # fmt: skip
        if to.role == GROUP:
            facts = {**common, "bodies": self._bodies(news), "count": len(news)}
            return Letter(subject, email_pages.text("notices_group", facts, self.home))
        page = "notices"
        facts = {**common, **self._facts(to, scope, news)}
        return Letter(
            subject, email_pages.text(page, facts, self.home),
            email_pages.html(page, facts, self.home),
        )  # fmt: skip

    def _subject(self, to: Recipient, name: str, news: Sequence[News]) -> str:
        day = f"{self.occasion.as_of.month}月{self.occasion.as_of.day}日"
        if to.role == LEADER:
            return f"{name}帮扶履责提醒 {day}：{len(news)}项久未了结，请督促"
        again = sum(one.again for one in news)
        counts = [("新增", len(news) - again), ("再次提醒", again)]
        said = " ".join(f"{word}{count}" for word, count in counts if count)
        return f"{name}帮扶履责提醒 {day}：{said}"

    def _facts(self, to: Recipient, scope: Scope, news: Sequence[News]) -> dict[str, Any]:
        """Greeting, the gravest first as many lines as fit on a screen, and how many are left."""
        ordered, most = self._ordered(news), delivery_rules().notices.shown
        parts = [
            self._part(level, [*some], most if len(ordered) <= most else 0)
            for level, some in groupby(ordered, key=lambda one: one.life.call.level)
        ]
        levels, more = _first(parts, most)
        return {
            "to": to.name, "leader": to.role == LEADER, "levels": levels, "more": more,
            "open": self.reading.open_in(scope),
        }  # fmt: skip

    def _ordered(self, news: Sequence[News]) -> list[News]:
        def place(one: News) -> tuple[int, date, int]:
            level, last = one.life.call.level, one.last_safe_on or date.max
            return _GRAVEST.index(level) if level in _GRAVEST else len(_GRAVEST), last, one.life.id

        return sorted(news, key=place)

    def _part(self, level: str, some: Sequence[News], most: int) -> Part:
        """The notices of a level, those alike in one line each where they are more than `most`."""
        colour = level if level in MARKS else "grey"
        told = [*map(self._told, some)] if most >= len(some) else [*self._together(some)]
        return Part(MARKS.get(level, _OTHERS), colour, len(some), told)

    def _together(self, some: Sequence[News]) -> Iterator[Told]:
        """One line for more than a few of one duty with one last safe date, else a line each."""
        alike: dict[tuple[str, bool, date | None], list[News]] = {}
        for one in some:
            duty = one.life.call.duty if one.finding is not None else f"|{one.life.id}"
            alike.setdefault((duty, one.again, one.last_safe_on), []).append(one)
        for items in alike.values():
            first = items[0]
            if first.finding is None or len(items) <= delivery_rules().notices.few:
                yield from map(self._told, items)
                continue
            item = self.occasion.item(first.finding)
            last = f"，最迟{item.last_safe}" if item.last_safe else ""
            said = f"{item.name} {len(items)}条：{self._whose(items)}{last}"
            said += f"　依据：{item.document.number} {item.cite}"
            yield Told(first.again, None, said, len(items))

    def _told(self, one: News) -> Told:
        if one.finding is not None:
            return Told(one.again, self.occasion.item(one.finding), "")
        call = one.life.call
        said = f"{self.occasion.called(call.subject_id)}　{call.about(self.duty_names)}"
        why = "" if one.again else one.note.removeprefix(_UNHEARD)
        return Told(one.again, None, f"{said}：{why}" if why else said)

    def _whose(self, news: Sequence[News]) -> str:
        """The bodies; where all is one body's, its people."""
        if len({self.reading.body(one) for one in news}) > 1:
            return self._bodies(news)
        most = delivery_rules().notices.bodies_shown
        holders = [int(one.finding["holder_id"]) for one in news if one.finding is not None]
        counts = Counter(holders).most_common()
        told = "、".join(f"{self.occasion.called(who)}{n}条" for who, n in counts[:most])
        return told + (f"等{len(counts)}个责任主体" if len(counts) > most else "")

    def _bodies(self, news: Sequence[News]) -> str:
        """'甲局2条、乙局1条等3个单位': whose the notices are; of a person, the unit's."""
        most = delivery_rules().notices.bodies_shown
        counts = Counter(self.reading.body(one) for one in news).most_common()
        told = "、".join(f"{self.occasion.called(body)}{n}条" for body, n in counts[:most])
        return told + (f"等{len(counts)}个单位" if len(counts) > most else "")


def _first(parts: Iterable[Part], most: int) -> tuple[list[Part], int]:
    """The first lines of all levels, and how many notices stand in the others."""
    shown, left = [], 0
    for part in parts:
        kept = part.told[:most]
        most -= len(kept)
        left += part.count - sum(one.count for one in kept)
        if kept:
            shown.append(replace(part, told=kept))
    return shown, left


def _figures(news: Sequence[News]) -> str:
    """'红●1 黄▲2': how many of each level."""
    levels: Mapping[str, int] = Counter(one.life.call.level for one in news)
    said = [
        f"{LEVEL_NAMES[level]}{sign}{levels[level.value]}"
        for level, sign in reversed(LEVEL_SIGNS.items())
        if levels.get(level.value)
    ]
    rest = len(news) - sum(levels.get(level, 0) for level in _GRAVEST)
    return " ".join([*said, *([f"{_OTHERS}{rest}"] if rest else [])])
