"""The gate's desk: many questions answered quickly in one process, and still fresh.

Every change of what an answer rests on (import, undo, incident, interview, waiver, ruling,
objection, notice, night, nomination) writes an act to the audit chain. So while the newest act and
the day asked about stand still, what was gathered still holds; one cheap query an answer proves it.
After an act that touches nothing a judgement rests on, only what is on record is read again.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import sqlalchemy as sa

from tracker import nightly
from tracker.audit import Act
from tracker.awards import nominations
from tracker.awards.facts import Facts, Judged, judged, told
from tracker.awards.nomination_desk import plan_of
from tracker.awards.nominee import Nominee
from tracker.awards.record import Record
from tracker.awards.verdict import Verdict, judge
from tracker.db import table
from tracker.evaluation.obligations import Scene
from tracker.policy.law import Law

_ACT = table(Act).c
_NEWEST_ACT = sa.select(sa.func.max(_ACT.id))
# Acts that write nothing of registry, ledger, coverage, waivers or rulings. Of any other act, also
# of one that is new, everything is judged anew.
BESIDE = (
    "backup", "check", "contact_removed", "contacts", "digest_preview", "exit_decision", "paper",
    "policy_text", "sheet",
)  # fmt: skip
BESIDE_KINDS = ("incident", "interview", "nomination", "notice", "objection", "outbox", "score")


@dataclass(slots=True)
class _Kept:
    """What was gathered while `act` was the newest one: by subject (None: of no subject), and of
    everybody where the desk was warmed."""

    act: int
    scene: Scene
    by_subject: dict[int | None, Facts] = field(default_factory=dict)
    everybody: Facts | None = None

    def of(self, subject: int | None) -> Facts | None:
        return self.everybody or self.by_subject.get(subject)


class GateDesk:
    """Answers about nominees from one database and one law. Safe to share among threads."""

    def __init__(self, engine: sa.Engine, law: Law, covers: Mapping[str, frozenset[str]]) -> None:
        self._engine, self._law, self._covers = engine, law, covers
        self._kept: _Kept | None = None
        self._lock = threading.Lock()

    def answer(self, nominee: Nominee, *, as_of: date, now: datetime) -> Verdict:
        """May this one be nominated, as of a day and with all that is known now?"""
        return self.answers([nominee], as_of=as_of, now=now)[0]

    def answers(self, nominees: Sequence[Nominee], *, as_of: date, now: datetime) -> list[Verdict]:
        """The same for a list, in its order; what is not known yet is gathered in one go."""
        wanted = {nominee.subject_id for nominee in nominees}
        with self._engine.connect() as connection:
            with self._lock:
                kept = self._fresh(connection, as_of, now)
                self._gather(connection, kept, wanted)
            return [self._judge(connection, kept, one, as_of, now) for one in nominees]

    def warm(self, *, as_of: date, now: datetime) -> None:
        """Gather everybody, so that the first question about each is as quick as the next."""
        with self._engine.connect() as connection, self._lock:
            kept = self._fresh(connection, as_of, now)
            if kept.everybody is None:
                kept.everybody = self._look(connection, kept.scene, None)
                kept.everybody.prepare()

    def _fresh(self, connection: sa.Connection, as_of: date, now: datetime) -> _Kept:
        """What is kept, where it still holds. The act is read first: whatever is recorded while
        gathering makes the next question gather anew."""
        act = connection.execute(_NEWEST_ACT).scalar() or 0
        kept = self._kept
        if kept is None or kept.scene.as_of != as_of or now < kept.scene.known_at:
            kept = None
        elif kept.act != act:
            beside = act > kept.act and _only_beside(connection, kept.act)
            kept = self._told_again(connection, kept, act, now) if beside else None
        if kept is None:
            scene = nightly.set_scene(connection, self._law, as_of=as_of, known_at=now)
            kept = _Kept(act, scene)
        self._kept = kept
        return kept

    def _told_again(self, connection: sa.Connection, kept: _Kept, act: int, now: datetime) -> _Kept:
        """The same judgement with what is on record now. Of single subjects it is simply looked at
        again when they are asked about."""
        fresh = _Kept(act, replace(kept.scene, known_at=now))
        if was := kept.everybody:
            again = Judged(was.scene, was.rows, was.support)
            fresh.everybody = told(connection, again, now)
            fresh.everybody.prepare()
        return fresh

    def _gather(
        self, connection: sa.Connection, kept: _Kept, wanted: Collection[int | None]
    ) -> None:
        missing = [subject for subject in wanted if kept.of(subject) is None]
        if missing:
            subjects = [subject for subject in missing if subject is not None]
            facts = self._look(connection, kept.scene, subjects)
            kept.by_subject.update(dict.fromkeys(missing, facts))

    def _look(
        self, connection: sa.Connection, scene: Scene, subjects: Collection[int] | None
    ) -> Facts:
        found = judged(connection, scene, self._covers, subjects)
        return told(connection, found, scene.known_at)

    def _judge(
        self, connection: sa.Connection, kept: _Kept, nominee: Nominee, as_of: date, now: datetime
    ) -> Verdict:
        plan, facts = plan_of(self._law, nominee.document), kept.of(nominee.subject_id)
        assert facts  # gathered by `answers`
        record = Record()
        if nominee.nomination_id is not None:
            record = nominations.load(connection, nominee.nomination_id, as_of, now).record
        return judge(plan, plan.award(nominee.award), nominee, facts, record)


def _only_beside(connection: sa.Connection, since: int) -> bool:
    """Whether every act after this one leaves what was judged as it is."""
    acts = connection.execute(sa.select(_ACT.act).where(_ACT.id > since)).scalars()
    return all(act in BESIDE or act.partition("_")[0] in BESIDE_KINDS for act in acts)
