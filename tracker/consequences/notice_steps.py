"""Notices: which steps tonight asks of each, from what it calls for and how they stand. Pure.

A notice is raised, or muted where an upper cause speaks for it; it follows its finding from level
to level, is repeated ever more rarely, reported to the leader, and closed when the need is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from tracker.consequences.lives import NOTICE
from tracker.consequences.notice_calls import REPORT, Call
from tracker.consequences.objections import Standing
from tracker.evaluation.words import LEVEL_NAMES, STATUS_NAMES, Flag, Level, Status
from tracker.lifecycle import NEW
from tracker.policy.document import Warnings
from tracker.workdays import Calendar

_BEGINS = ("raised", "muted")
_RANK = {level.value: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Life:
    """A notice as its history leaves it, with its newest transition (`event`, `as_of`, `note`).

    `since`: the day it was raised or muted; all below is of the time since then. `spoke_on`: the
    day it was raised or last repeated; `slots`: repetitions made or skipped; `skips`: the next one
    is; `due_on`: the day promised by the answer; `leader_on`: the day the leader was told.
    """

    id: int
    call: Call
    event: str
    as_of: date
    state: str
    note: str
    since: date
    spoke_on: date
    reminders: int = 0
    slots: int = 0
    skips: bool = False
    acknowledged_on: date | None = None
    answered_on: date | None = None
    due_on: date | None = None
    leader_on: date | None = None

    @classmethod
    def begun(cls, number: int, call: Call, row: Any) -> Life:
        """The notice after a row that raised or muted it."""
        return cls(number, call, row.event, row.as_of, row.state, row.note, row.as_of, row.as_of)

    def after(self, row: Any) -> Life:
        """The notice after one more row of its history."""
        if row.event in _BEGINS:
            return Life.begun(self.id, self.call, row)
        return replace(
            self, event=row.event, as_of=row.as_of, state=row.state, note=row.note,
            **self._changed(row),
        )  # fmt: skip

    def _changed(self, row: Any) -> dict[str, Any]:
        match row.event:
            case "reminded":
                slots = self.slots + 1 + self.skips
                told = {"spoke_on": row.as_of, "reminders": self.reminders + 1}
                return {**told, "slots": slots, "skips": False}
            case "acknowledged":
                return {"acknowledged_on": row.as_of, "skips": True}
            case "answered":  # a promise is waited for; without one it is as good as a receipt
                promised = row.due_on is not None
                return {"answered_on": row.as_of, "due_on": row.due_on, "skips": not promised}
            case "told_leader":
                return {"leader_on": row.as_of}
        return {}


@dataclass(frozen=True)
class Rhythm:
    """When an open notice speaks again: `warnings` by document, in working days of `calendar`.
    What belongs to no document follows the strictest."""

    calendar: Calendar
    as_of: date
    warnings: Mapping[str, Warnings]
    _after: dict[tuple[date, int], date] = field(default_factory=dict)

    @property
    def strictest(self) -> Warnings:
        """The warnings that are repeated soonest."""
        return min(self.warnings.values(), key=lambda w: (w.repeat_after, w.leader_after))

    def of(self, key: str) -> Warnings:
        """The warnings of the document that the notice is about."""
        return self.warnings.get(key.partition("|")[0]) or self.strictest

    def repeats(self, life: Life) -> bool:
        """Whether the next repetition is due and no promised day is still to come."""
        if life.due_on and self.as_of <= life.due_on:
            return False
        intervals = self.of(life.call.key).repeat_after
        wait = sum(
            intervals[min(slot, len(intervals) - 1)]
            for slot in range(life.slots, life.slots + 1 + life.skips)
        )
        return self.as_of >= self._later(life.spoke_on, wait)

    def tells_leader(self, life: Life) -> bool:
        """Whether the leader is to hear of it; the liaison officer heard on an earlier night."""
        if life.leader_on or self.as_of <= life.since:
            return False
        return self.as_of >= self._later(life.since, self.of(life.call.key).leader_after)

    def _later(self, day: date, working_days: int) -> date:
        """The n-th working day after a day; many notices share it."""
        place = day, working_days
        if place not in self._after:
            found = self.calendar.add_working_days(day, working_days)
            self._after[place] = cast(date, found.item())
        return self._after[place]


@dataclass(frozen=True, slots=True)
class Tonight:
    """What deciding looks at beside the calls. `judged`: key -> (status name, flags) of whatever
    tonight says something about; `causes`: as of `notice_calls.causes`; `names`: of duties."""

    judged: Mapping[str, tuple[str, int]]
    causes: Mapping[str, tuple[str, ...]]
    objections: Standing
    rhythm: Rhythm
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """One transition to write; `note` says why in the office's language. `upper`: the key of the
    notice that this one is muted by."""

    call: Call
    event: str
    note: str = ""
    upper: str = ""


def decide(calls: list[Call], lives: Mapping[str, Life], tonight: Tonight) -> list[Decision]:
    """What to write tonight. `lives`: the open and the muted notices by key.

    A notice about a key that tonight says nothing about keeps its last word. While an objection is
    open only what eases is written: a lower level, an upper cause, the end. One that was upheld
    ends the notice, and no other follows.
    """
    wanted = {c.key: c for c in calls if not tonight.objections.excuses(c.key)}
    silent = {c.subject_id for c in calls if c.level == REPORT}
    open_now: set[str] = set()
    decisions: list[Decision] = []
    # What ends comes first, and causes before what follows from them.
    keys = [*(key for key in lives if key not in wanted), *wanted]
    for key in sorted(keys, key=lambda key: len(tonight.causes.get(key, ()))):
        call, life = wanted.get(key), lives.get(key)
        if call:
            upper = next((u for u in tonight.causes.get(key, ()) if u in open_now), "")
            begin = _begin(call, upper, wanted, tonight)
            steps = list(_follow(call, life, begin, tonight))
        else:
            steps = list(_end(lives[key], tonight, silent))
        decisions += steps
        state = life.state if life else NEW
        for step in steps:
            state = NOTICE.after(state, step.event)
        if call and state == "open":
            open_now.add(key)
    return decisions


def _begin(call: Call, upper: str, wanted: Mapping[str, Call], tonight: Tonight) -> Decision:
    """How a notice about the call begins: muted by an upper cause, else raised."""
    if not upper:
        return Decision(call, "raised", call.note)
    return Decision(call, "muted", f"因“{wanted[upper].about(tonight.names)}”未落实", upper)


def _follow(call: Call, life: Life | None, begin: Decision, tonight: Tonight) -> Iterator[Decision]:
    """The steps of what is still called for."""
    frozen, mutes = tonight.objections.freezes(call.key), begin.event == "muted"
    if frozen and _escalates(call, life, mutes):
        return
    if life is None:
        yield begin
    elif call.level != life.call.level:
        yield Decision(life.call, "superseded", f"转为{LEVEL_NAMES[Level(call.level)]}色")
        yield begin
    elif call.subject_id != life.call.subject_id:
        yield Decision(life.call, "superseded", "已改由别的责任单位承担")
        yield begin
    elif mutes and life.state == "open":
        yield begin
    elif life.state == "muted" and not mutes:
        yield replace(begin, note="上级原因已了结")
    elif life.state == "open" and not frozen:
        yield from _speak_again(life, tonight.rhythm)


def _escalates(call: Call, life: Life | None, mutes: bool) -> bool:
    """Whether somebody would hear of more than before: anew, at a higher level, or unmuted."""
    if (
        life is None
        or life.call.subject_id != call.subject_id
        or (life.state == "muted" and not mutes)
    ):
        return True
    return _RANK.get(call.level, 0) > _RANK.get(life.call.level, 0)


def _speak_again(life: Life, rhythm: Rhythm) -> Iterator[Decision]:
    if rhythm.tells_leader(life):
        days = rhythm.of(life.call.key).leader_after
        yield Decision(life.call, "told_leader", f"发出后满 {days} 个工作日仍未了结")
    if rhythm.repeats(life):
        yield Decision(life.call, "reminded", f"第 {life.reminders + 1} 次再提醒")


def _end(life: Life, tonight: Tonight, silent: set[int]) -> Iterator[Decision]:
    """How a notice ends that nothing calls for any more."""
    call, finding = life.call, tonight.judged.get(life.call.key)
    if tonight.objections.excuses(call.key):
        yield Decision(call, "withdrawn", "异议成立")
    elif call.level == REPORT and call.subject_id in silent:
        yield Decision(call, "superseded", "并入新一月的报送提醒")
    elif call.level == REPORT:
        yield Decision(call, "cured", "已报送，或已不在考核范围")
    elif finding:
        yield _close(call, *finding)


def _close(call: Call, status: str, flags: int) -> Decision:
    if status == Status.met.name:
        late = bool(flags & Flag.late_entries)
        return Decision(call, *(("cured_late", "补录后已达标") if late else ("cured", "已达标")))
    if status == Status.on_track.name:
        return Decision(call, "eased", "进度已跟上")
    return Decision(call, "withdrawn", f"判定变为“{STATUS_NAMES[Status[status]]}”")
