"""Standing duties: what holds on the day judged, and since when a gap has been open (I73).

What supports a standing duty is a set of spans with an item each: live ties, recorded provisions,
named members of a list, holders of a post. It holds on a day when enough distinct items do, and
when nobody holds the post who is not fit for it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Reason, Status
from tracker.ledger.apply import chunks
from tracker.ledger.tables import Line
from tracker.policy.model import Document, Duty, Requires
from tracker.registry import spans
from tracker.registry.dated import LAST_DAY, day_number, known

ANY = -1
SUPPORT = ["holder", "counterpart", "item", "starts", "ends", "fit"]


def judge_standing(
    connection: sa.Connection,
    scene: Scene,
    document: Document,
    duty: Duty,
    frame: pd.DataFrame,
    heard: pd.DataFrame,
) -> pd.DataFrame:
    """Columns done, status, reason, episode (day number of the open or last gap, else 0)."""
    support = _support(connection, scene, duty, frame["holder"].unique().tolist())
    own: dict[tuple[int, int], list[Span]] = {}
    for who, toward, *span in zip(*(support[name].tolist() for name in SUPPORT), strict=True):
        own.setdefault((who, toward), []).append(Span(*span))
    law_from = day_number(document.in_force.from_)
    judged = []
    rows = zip(
        frame["holder"], frame["counterpart"] if duty.per else [ANY] * len(frame),
        zip(frame["least"], frame["most"], strict=True), frame["starts"], frame["ends"],
        frame["owed_since"],
        heard["known_to"], heard["due_to"], strict=True,
    )  # fmt: skip
    for holder, counterpart, bounds, starts, ends, since, known_to, due_to in rows:
        spans_of = own.get((holder, counterpart), [])
        first = max(starts, law_from, since)
        one = _One(duty, spans_of, bounds, first, min(ends, scene.day))
        new_until = starts + document.defaults.standing_grace.days
        judged.append(one.judge(known_to, known_to < due_to, scene.day < new_until))
    return pd.DataFrame(
        judged, columns=["done", "status", "reason", "episode"], index=frame.index
    ).astype({"done": float, "status": "int64", "reason": "int64", "episode": "int64"})


class Span(NamedTuple):
    """Days on which an item supports a duty; `fit`: whether it is of the kind asked for."""

    item: object
    starts: int
    ends: int
    fit: bool


class _One:
    """One holder's standing duty between `first` and `last` (day numbers)."""

    def __init__(
        self, duty: Duty, support: list[Span], bounds: tuple[float, float], first: int, last: int
    ) -> None:
        requires = duty.requires or Requires()
        self.exact, self.throughout = bool(requires.exactly_one), requires.covers == "posting"
        self.least, self.most = bounds
        self.first, self.last = first, last
        self.support = support

    def count(self, day: int) -> int:
        return len(self._on(day, fit=True))

    def holds(self, day: int) -> bool:
        count = self.count(day)
        most = self.least if self.exact else self.most
        enough = self.least <= count <= most
        return enough and self._on(day, fit=False) <= self._on(day, fit=True)

    def _on(self, day: int, *, fit: bool) -> set[object]:
        return {s.item for s in self.support if s.fit == fit and s.starts <= day <= s.ends}

    def judge(self, known_to: int, report_overdue: bool, is_new: bool) -> tuple[Any, ...]:
        """done, status, reason, first day of the gap (0 for none)."""
        spoken = known_to >= self.first
        # What ended with the last report may have been renewed; what was missing then was not, and
        # one too many is there.
        seen = self.holds(self.last) or self.count(self.last) > self.most or not spoken
        day = self.last if seen else min(self.last, known_to)
        done, gap = self.count(day), self._last_gap(day)
        if self.holds(day) and not (gap and self.throughout):
            if day < self.last and report_overdue:
                return done, int(Status.unreported), int(Reason.no_report), 0
            return done, int(Status.met), int(Reason.cured if gap else Reason.none), gap
        if is_new:
            return done, int(Status.on_track), int(Reason.new_post), 0
        if not spoken and all(s.ends < self.first for s in self.support):
            return done, int(Status.unreported), int(Reason.no_report), 0
        why = Reason.over_limit if done > self.most else Reason.gap
        why = Reason.uncovered if self.holds(day) else why
        return done, int(Status.breached), int(why), gap

    def _changes(self, last: int) -> list[int]:
        changes = {self.first, *(day for s in self.support for day in (s.starts, s.ends + 1))}
        return sorted(day for day in changes if self.first <= day <= last)

    def _last_gap(self, last: int) -> int:
        """The first day of the newest gap up to `last`, open or closed again; 0 for none."""
        since = 0
        for day in reversed(self._changes(last)):
            if not self.holds(day):
                since = day
            elif since:
                break
        return since


def _support(
    connection: sa.Connection, scene: Scene, duty: Duty, holders: list[int]
) -> pd.DataFrame:
    requires = duty.requires or Requires()
    if requires.ties:
        ties = scene.registry.tie(requires.ties)
        frame = ties.rename(columns={"source": "holder", "target": "item"})
        return frame.assign(counterpart=ANY, fit=True)[SUPPORT]
    post = requires.post or requires.exactly_one
    if post:
        return _posts(scene, post, requires.also_holds)
    support = _provisions(connection, scene, str(requires.provision), bool(duty.per), holders)
    return support[support["item"].isin(requires.each_of)] if requires.each_of else support


def _posts(scene: Scene, role: str, others: tuple[str, ...]) -> pd.DataFrame:
    """Spans of the holders of a post in a body; with `others`, fit only while one of these too."""
    posts = scene.registry.posts.rename(columns={"body": "holder", "person": "item"})
    held = posts[posts["role"] == role].assign(counterpart=ANY, fit=not others)[SUPPORT]
    if not others:
        return held
    second = posts[posts["role"].isin(others)][["holder", "item", "starts", "ends"]]
    both = spans.intersect(held, second, ["holder", "item"]).assign(fit=True)
    return pd.concat([held, both[SUPPORT]], ignore_index=True)


def _provisions(
    connection: sa.Connection, scene: Scene, kind: str, by_counterpart: bool, holders: list[int]
) -> pd.DataFrame:
    t = table(Line)
    columns = (t.c.subject_id, t.c.counterpart_id, t.c.item, t.c.day, t.c.until)
    told = sa.select(*columns).where(
        t.c.kind == kind, known(t, scene.known_at), t.c.day <= scene.as_of
    )
    # By holder, as the ledger's index goes; by kind alone the whole ledger would be read.
    asked = (told.where(t.c.subject_id.in_(some)) for some in chunks(holders))
    rows = [tuple(row) for statement in asked for row in connection.execute(statement)]
    frame = pd.DataFrame.from_records(rows, columns=SUPPORT[:-1])
    frame["fit"] = True
    frame["starts"] = [day_number(value) for value in frame["starts"]]
    frame["ends"] = [LAST_DAY if value is None else day_number(value) for value in frame["ends"]]
    frame["counterpart"] = (
        frame["counterpart"].fillna(ANY).astype("int64") if by_counterpart else ANY
    )
    return frame[SUPPORT]
