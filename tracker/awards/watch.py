"""Awards: what happens after a nomination: every nominee judged again, each night.

A new interview, incident or bar, or a graver answer, flags the nomination, with before and after,
once for each change; where it is gone again the flag is cleared. A person decides what follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.awards.frozen import content_of
from tracker.awards.gate import ANSWER_NAMES, Answer
from tracker.awards.nomination_desk import append, plans
from tracker.awards.nominations import Filed, history, load_all
from tracker.awards.snapshot import Covers, inputs_of, judged, stored_text
from tracker.awards.tables import NominationEvent
from tracker.consequences.history import Moment
from tracker.consequences.lives import INTERVIEW_HELD, INTERVIEW_OPEN
from tracker.db import table
from tracker.errors import LuzeError
from tracker.policy.law import Law

FLAGGED, CLEARED = "flagged", "cleared"
_EVENT = table(NominationEvent)
_KINDS = {"interviews": "约谈", "incidents": "事件", "bars": "限制"}
_GRAVITY = list(Answer)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about a nominee since the last look: before and after as
    {answer, interviews, incidents, bars}, the last three as lists of numbers. `event`: flagged or
    cleared."""

    filed: Filed
    event: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def told(self) -> str:
        """The change in words."""
        new = [
            f"新增{name} {'、'.join(str(n) for n in fresh)}"
            for kind, name in _KINDS.items()
            if (fresh := _fresh(kind, self.before, self.after))
        ]
        was, now = (ANSWER_NAMES[Answer(marks["answer"])] for marks in (self.before, self.after))
        return "；".join(
            [*new, f"审查结论由{was}变为{now}" if was != now else f"审查结论仍为{now}"]
        )


def flags(
    connection: sa.Connection, law: Law, covers: Covers, as_of: date, known_at: datetime
) -> list[Change]:
    """What changed about every nominee since it was nominated or last looked at; writes nothing."""
    nominated = [
        one
        for pack in plans(law)
        for one in load_all(connection, pack.document.id, as_of=as_of, known_at=known_at)
        if one.state == "nominated"
    ]
    if not nominated:
        return []
    found = []
    looked = judged(connection, law, covers, nominated, as_of, known_at)
    for filed, (facts, verdict) in zip(nominated, looked, strict=True):
        after = _marks(law, inputs_of(facts, filed.nominee), verdict.answer)
        before = _last_marks(connection, law, filed, as_of, known_at)
        event = _event(before, after)
        if event:
            found.append(Change(filed, event, before, after))
    return found


def update(connection: sa.Connection, law: Law, covers: Covers, moment: Moment) -> list[Change]:
    """Write what changed, in the caller's transaction; a second run writes nothing."""
    found = flags(connection, law, covers, moment.as_of, moment.now)
    for change in found:
        number = change.filed.nominee.nomination_id or 0
        detail = {"before": dict(change.before), "after": dict(change.after)}
        append(
            connection, number, change.filed.state, change.event, moment, change.told,
            detail=detail,
        )  # fmt: skip
    return found


def recorded(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> list[Any]:
    """The newest flag of each nomination, as far as it was not cleared: rows of its history."""
    asked = sa.select(_EVENT).where(_EVENT.c.event.in_((FLAGGED, CLEARED))).order_by(_EVENT.c.id)
    if as_of is not None:
        asked = asked.where(_EVENT.c.as_of <= as_of)
    if known_at is not None:
        asked = asked.where(_EVENT.c.recorded_at <= known_at)
    last = {row.nomination_id: row for row in connection.execute(asked)}
    return [row for row in last.values() if row.event == FLAGGED]


def _marks(law: Law, inputs: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """What is compared: the answer, interviews that are open or were held, incidents that are no
    rating, bars."""
    standing = (*INTERVIEW_OPEN, *INTERVIEW_HELD)
    ratings = law.vocabulary.ratings
    return {
        "answer": str(answer),
        "interviews": sorted(i["number"] for i in inputs["interviews"] if i["state"] in standing),
        "incidents": sorted(i["number"] for i in inputs["incidents"] if i["kind"] not in ratings),
        "bars": sorted({f"{b['incident']}|{b['cite']}" for b in inputs["bars"]}),
    }


def _last_marks(
    connection: sa.Connection, law: Law, filed: Filed, as_of: date, known_at: datetime
) -> dict[str, Any]:
    """The marks as they were last written, else those of the snapshot."""
    number = filed.nominee.nomination_id or 0
    for row in reversed(history(connection, number, as_of, known_at)):
        if row.event in (FLAGGED, CLEARED):
            marks: dict[str, Any] = row.detail["after"]
            return marks
    text = stored_text(connection, number)
    if text is None:
        raise LuzeError(f"第 {number} 号推荐没有快照", fix="请用备份核对数据库")
    content = content_of(text)
    return _marks(law, content["inputs"], content["answer"])


def _event(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Graver or something new: flagged; else changed: cleared; '' where nothing is changed. What is
    only not known any more (incomplete) is no new fact."""
    was, now = (_GRAVITY.index(max(Answer(m["answer"]), Answer.incomplete, key=_GRAVITY.index))
                for m in (before, after))  # fmt: skip
    if now > was or any(_fresh(kind, before, after) for kind in _KINDS):
        return FLAGGED
    same = all(before[kind] == after[kind] for kind in _KINDS)
    return "" if now == was and same else CLEARED


def _fresh(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Any]:
    return [number for number in after[kind] if number not in before[kind]]
