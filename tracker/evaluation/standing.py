"""Standing duties: what holds on the day judged, and since when a gap has been open (I73).

What supports a standing duty is a set of spans with an item each: live ties, recorded provisions,
named members of a list, holders of a post. It holds on a day when enough distinct items do, and
when nobody holds the post who is not fit for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Reason, Status
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
    support = _support(connection, scene, duty)
    own = support.groupby(["holder", "counterpart"]).indices
    columns = {name: support[name].to_numpy() for name in ("item", "starts", "ends", "fit")}
    nothing = np.empty(0, dtype="int64")
    law_from = day_number(document.in_force.from_)
    judged = []
    rows = zip(
        frame["holder"], frame["counterpart"] if duty.per else [ANY] * len(frame),
        frame["required"], frame["starts"], frame["ends"], frame["owed_since"],
        heard["known_to"], heard["due_to"], strict=True,
    )  # fmt: skip
    for holder, counterpart, required, starts, ends, since, known_to, due_to in rows:
        mine = own.get((holder, counterpart), nothing)
        spans_of = {name: values[mine] for name, values in columns.items()}
        first = max(starts, law_from, since)
        one = _One(duty, spans_of, required, first, min(ends, scene.day))
        new_until = starts + document.defaults.standing_grace.days
        judged.append(one.judge(known_to, known_to < due_to, scene.day < new_until))
    return pd.DataFrame(
        judged, columns=["done", "status", "reason", "episode"], index=frame.index
    ).astype({"done": float, "status": "int64", "reason": "int64", "episode": "int64"})


class _One:
    """One holder's standing duty between `first` and `last` (day numbers)."""

    def __init__(
        self, duty: Duty, support: dict[str, np.ndarray], required: float, first: int, last: int
    ) -> None:
        requires = duty.requires or Requires()
        self.exact, self.throughout = bool(requires.exactly_one), requires.covers == "posting"
        self.required = required
        self.first, self.last = first, last
        self.items, self.fit = support["item"], support["fit"].astype(bool)
        self.starts, self.ends = support["starts"], support["ends"]

    def count(self, day: int) -> int:
        return len(self._on(day, self.fit))

    def holds(self, day: int) -> bool:
        count = self.count(day)
        enough = count == self.required if self.exact else count >= self.required
        return enough and self._on(day, ~self.fit) <= self._on(day, self.fit)

    def _on(self, day: int, which: np.ndarray) -> set[object]:
        return set(self.items[which & (self.starts <= day) & (day <= self.ends)])

    def judge(self, known_to: int, report_overdue: bool, is_new: bool) -> tuple[Any, ...]:
        """done, status, reason, first day of the gap (0 for none)."""
        spoken = known_to >= self.first
        # What ended with the last report may have been renewed; what was missing then was not.
        day = self.last if self.holds(self.last) or not spoken else min(self.last, known_to)
        done, gap = self.count(day), self._last_gap(day)
        if self.holds(day) and not (gap and self.throughout):
            if day < self.last and report_overdue:
                return done, int(Status.unreported), int(Reason.no_report), 0
            return done, int(Status.met), int(Reason.cured if gap else Reason.none), gap
        if is_new:
            return done, int(Status.on_track), int(Reason.new_post), 0
        if not spoken and not (self.ends >= self.first).any():
            return done, int(Status.unreported), int(Reason.no_report), 0
        why = Reason.uncovered if self.holds(day) else Reason.gap
        return done, int(Status.breached), int(why), gap

    def _changes(self, last: int) -> list[int]:
        changes = {self.first, *self.starts, *(self.ends + 1)}
        return sorted(int(day) for day in changes if self.first <= day <= last)

    def _last_gap(self, last: int) -> int:
        """The first day of the newest gap up to `last`, open or closed again; 0 for none."""
        since = 0
        for day in reversed(self._changes(last)):
            if not self.holds(day):
                since = day
            elif since:
                break
        return since


def _support(connection: sa.Connection, scene: Scene, duty: Duty) -> pd.DataFrame:
    requires = duty.requires or Requires()
    if requires.ties:
        ties = scene.registry.tie(requires.ties)
        frame = ties.rename(columns={"source": "holder", "target": "item"})
        return frame.assign(counterpart=ANY, fit=True)[SUPPORT]
    post = requires.post or requires.exactly_one
    if post:
        return _posts(scene, post, requires.also_holds)
    support = _provisions(connection, scene, str(requires.provision), bool(duty.per))
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
    connection: sa.Connection, scene: Scene, kind: str, by_counterpart: bool
) -> pd.DataFrame:
    t = table(Line)
    columns = (t.c.subject_id, t.c.counterpart_id, t.c.item, t.c.day, t.c.until)
    rows = connection.execute(
        sa.select(*columns).where(
            t.c.kind == kind, known(t, scene.known_at), t.c.day <= scene.as_of
        )
    ).all()
    frame = pd.DataFrame.from_records(rows, columns=SUPPORT[:-1])
    frame["fit"] = True
    frame["starts"] = [day_number(value) for value in frame["starts"]]
    frame["ends"] = [LAST_DAY if value is None else day_number(value) for value in frame["ends"]]
    frame["counterpart"] = (
        frame["counterpart"].fillna(ANY).astype("int64") if by_counterpart else ANY
    )
    return frame[SUPPORT]
