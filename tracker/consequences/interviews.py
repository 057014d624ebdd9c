"""Interviews: what breaches and recorded incidents call for, and which cases are open (I35).

A machine only recommends. What a person has dealt with is never recommended again (I27), unless
its rectification failed: then the same grounds call for the next rung.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.consequences import incidents, objections, triggers
from tracker.consequences.cases import CURED, JOINED
from tracker.consequences.lives import INTERVIEW_HELD, INTERVIEW_OPEN
from tracker.consequences.tables import Incident, Interview, InterviewEvent, InterviewGround
from tracker.db import table
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Status
from tracker.frames import each
from tracker.history import newest
from tracker.policy.model import Pack
from tracker.policy.sanctions import InterviewRule

_SETTLED = ("dismissed", "conducted", "verified", "closed")
_INTERVIEW, _EVENT = table(Interview), table(InterviewEvent)
_GROUND = table(InterviewGround)

Place = tuple[str, str, int]  # document, section, accountable subject


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for an interview: the printed trigger, whom it concerns, how it came about."""

    place: Place
    rule: InterviewRule
    key: str
    ground: str
    concerned: tuple[int, ...]
    note: str = ""


@dataclass(slots=True)
class Recommendation:
    """Grounds by key for one place; `frozen`: those under an open objection, which join nothing
    new until it is answered."""

    rule: InterviewRule
    grounds: dict[str, Ground] = field(default_factory=dict)
    frozen: dict[str, Ground] = field(default_factory=dict)

    @property
    def concerned(self) -> set[int]:
        """Whom the grounds concern."""
        return {one for ground in self.grounds.values() for one in ground.concerned}

    @property
    def enough(self) -> bool:
        """Whether the grounds suffice to recommend."""
        return len(self.grounds) >= self.rule.minimum_breaches


@dataclass(frozen=True, slots=True)
class Standing:
    """An open case as stored: its number, its state and its live grounds by key."""

    id: int
    state: str
    grounds: frozenset[str]


def called_for(
    connection: sa.Connection, rows: pd.DataFrame, scene: Scene, acts_to: date | None = None
) -> dict[Place, Recommendation]:
    """What the findings `rows` and the incidents of the scene call for, without what a person has
    dealt with or an objection excused. `acts_to`: only acts up to that day count (None: all)."""
    known = incidents.on_record(connection, as_of=scene.as_of, known_at=scene.known_at)
    called = [*_of_breaches(rows, scene.packs), *_of_incidents(known, scene)]
    if not called:
        return {}
    when: dict[str, Any] = {"as_of": acts_to, "known_at": scene.known_at}
    settled, about = _settled(connection, when), objections.frozen(connection, **when)
    found: dict[Place, Recommendation] = {}
    for one in called:
        if one.key in settled.get(one.place, ()) or about.excuses(one.key):
            continue
        recommendation = found.setdefault(one.place, Recommendation(one.rule))
        freezes = about.freezes(one.key)
        (recommendation.frozen if freezes else recommendation.grounds)[one.key] = one
    return found


def _of_breaches(rows: pd.DataFrame, packs: tuple[Pack, ...]) -> Iterator[Ground]:
    """`should` duties and `warn` never recommend."""
    duties = {(p.document.id, d.id): d for p in packs for d in p.duties}
    rules = {(p.document.id, r.section): r for p in packs for r in p.interviews}
    for row in each(rows[rows["status"] == Status.breached.name]):
        breach = duties[row.document, row.duty].breach
        if breach is not None:
            place = (row.document, breach.section, int(row.accountable_id))
            rule = rules[row.document, breach.section]
            yield Ground(place, rule, row.key, breach.ground, (int(row.holder_id),))


def _of_incidents(known: list[Incident], scene: Scene) -> Iterator[Ground]:
    for one in triggers.called_for(known, scene.law, scene.registry):
        place = (one.document.id, one.rule.section, one.accountable_id)
        yield Ground(place, one.rule, one.key, one.ground, one.concerned, one.path)


def open_cases(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> dict[Place, Standing]:
    """Every open case (as of a day, as known at a moment) with its live grounds."""
    when: dict[str, Any] = {"as_of": as_of, "known_at": known_at}
    heads = connection.execute(_in_states(INTERVIEW_OPEN, when)).all()
    live: dict[int, set[str]] = {}
    for row in connection.execute(newest(_GROUND, "interview_id", "key", **when)):
        if row.event == JOINED:
            live.setdefault(row.interview_id, set()).add(row.key)
    return {
        place_of(row): Standing(row.id, row.state, frozenset(live.get(row.id, ()))) for row in heads
    }


def place_of(head: Any) -> Place:
    """The place of a stored interview, of which at most one is open."""
    return head.document, head.section, head.accountable_id


def suggested_rung(rule: InterviewRule, held: int | None) -> int:
    """The rung to recommend: in turn, the one after the highest at which an interview was held, the
    top again and again (I32); else the first, so that only a person calls it severe (I33)."""
    if rule.order != "in_turn" or held is None:
        return 0
    return min(held + 1, len(rule.ladder) - 1)


def rungs_held(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> dict[Place, int]:
    """The highest rung at which an interview was held, by place."""
    held = _in_states(INTERVIEW_HELD, {"as_of": as_of, "known_at": known_at}).subquery()
    rows = connection.execute(
        sa.select(held, _EVENT.c.detail)
        .join(_EVENT, _EVENT.c.interview_id == held.c.id)
        .where(_EVENT.c.event == "decided")
    )
    found: dict[Place, int] = {}
    for row in rows:
        found[place_of(row)] = max(row.detail["rung"], found.get(place_of(row), 0))
    return found


def _settled(connection: sa.Connection, when: Mapping[str, Any]) -> dict[Place, set[str]]:
    """The keys that a person has dealt with, by place: those live when it was dismissed, or when
    it was decided on and until it was held. What had left before then comes back as new."""
    case, act = _in_states(_SETTLED, when).subquery(), _EVENT.alias("act")
    dealt = act.c.event.in_(("decided", "dismissed"))
    newest_act = sa.select(sa.func.max(act.c.id)).where(dealt).group_by(act.c.interview_id)
    rows = connection.execute(
        sa.select(
            case, _GROUND.c.key, _GROUND.c.event, act.c.event.label("act"),
            sa.or_(
                _GROUND.c.as_of > act.c.as_of,
                (_GROUND.c.as_of == act.c.as_of) & (_GROUND.c.recorded_at > act.c.recorded_at),
            ).label("later"),
        )
        .join(_GROUND, _GROUND.c.interview_id == case.c.id)
        .join(act, act.c.interview_id == case.c.id)
        .where(act.c.id.in_(newest_act))
        .order_by(_GROUND.c.id)
    )  # fmt: skip
    dealt_with: dict[tuple[Place, int], set[str]] = {}
    for row in rows:
        keys = dealt_with.setdefault((place_of(row), row.id), set())
        if row.event == JOINED and not (row.later and row.act == "dismissed"):
            keys.add(row.key)
        elif row.event == CURED and not row.later:
            keys.discard(row.key)
    found: dict[Place, set[str]] = {}
    for (place, _), keys in dealt_with.items():
        found.setdefault(place, set()).update(keys)
    return found


def _in_states(states: Collection[str], when: Mapping[str, Any]) -> sa.Select[Any]:
    last = newest(_EVENT, "interview_id", **when).subquery()
    return (
        sa.select(_INTERVIEW, last.c.state)
        .join(last, last.c.interview_id == _INTERVIEW.c.id)
        .where(last.c.state.in_(states))
    )
