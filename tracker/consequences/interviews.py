"""Interview recommendations: one open per document, section and accountable subject (I35).

A machine only recommends. The recommendation names the clause, its grounds, the interviewer of
the ladder's first rung and the interviewees by post; it is withdrawn when every ground is cured.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.consequences.history import Moment, newest
from tracker.consequences.parties import Parties
from tracker.consequences.tables import Interview, InterviewEvent, InterviewGround
from tracker.db import table
from tracker.evaluation.findings import holder_of
from tracker.evaluation.words import Status
from tracker.frames import each
from tracker.policy.model import Breach, Duty, Pack
from tracker.policy.sanctions import InterviewRule
from tracker.registry.tables import Subject

OPEN, JOINED, CURED = "recommended", "joined", "cured"
_INTERVIEW, _EVENT = table(Interview), table(InterviewEvent)
_GROUND = table(InterviewGround)

Place = tuple[str, str, int]  # document, section, accountable subject


@dataclass(slots=True)
class Recommendation:
    """Grounds by finding key -> ground id, for one document, section and accountable subject."""

    rule: InterviewRule
    grounds: dict[str, str] = field(default_factory=dict)
    concerned: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Standing:
    """An open recommendation as stored: its id and its live grounds by finding key."""

    id: int
    grounds: frozenset[str]


def wanted(findings: pd.DataFrame, packs: tuple[Pack, ...]) -> dict[Place, Recommendation]:
    """What tonight's breaches call for. `should` duties and `warn` never recommend."""
    duties = {(p.document.id, d.id): d for p in packs for d in p.duties}
    rules = {(p.document.id, r.section): r for p in packs for r in p.interviews}
    found: dict[Place, Recommendation] = {}
    breached = findings[findings["status"] == Status.breached.name]
    for row in each(breached):
        breach = _ground_of(duties[row.document, row.duty])
        if breach is None:
            continue
        place = (row.document, breach.section, int(row.accountable_id))
        rule = rules[row.document, breach.section]
        recommendation = found.setdefault(place, Recommendation(rule))
        recommendation.grounds[row.key] = breach.ground
        recommendation.concerned.add(int(row.holder_id))
    return found


def _ground_of(duty: Duty) -> Breach | None:
    return duty.on_breach if duty.strength == "must" and duty.on_breach != "warn" else None


def open_recommendations(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> dict[Place, Standing]:
    """Every open recommendation (as of a day, as known at a moment) with its live grounds."""
    last = newest(_EVENT, "interview_id", as_of=as_of, known_at=known_at).subquery()
    heads = connection.execute(
        sa.select(_INTERVIEW)
        .join(last, last.c.interview_id == _INTERVIEW.c.id)
        .where(last.c.event == OPEN)
    ).all()
    live: dict[int, set[str]] = {}
    grounds = newest(_GROUND, "interview_id", "key", as_of=as_of, known_at=known_at)
    for row in connection.execute(grounds):
        if row.event == JOINED:
            live.setdefault(row.interview_id, set()).add(row.key)
    return {
        (row.document, row.section, row.accountable_id): Standing(
            row.id, frozenset(live.get(row.id, ()))
        )
        for row in heads
    }


def open_heads(
    connection: sa.Connection, as_of: date | None = None, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Open recommendations as plain rows, with their number of live grounds, most first."""
    standing = {s.id: s for s in open_recommendations(connection, as_of, known_at).values()}
    rows = connection.execute(sa.select(_INTERVIEW).where(_INTERVIEW.c.id.in_(standing)))
    heads = [{**row._mapping, "grounds": sorted(standing[row.id].grounds)} for row in rows]
    _name_concerned(connection, heads)
    return sorted(heads, key=lambda head: (-len(head["grounds"]), head["id"]))


def _name_concerned(connection: sa.Connection, heads: list[dict[str, Any]]) -> None:
    """The persons concerned are the holders of the live grounds, whenever these joined."""
    holders = {head["id"]: set(map(holder_of, head["grounds"])) for head in heads}
    everybody = sorted(set().union(*holders.values()))
    t = table(Subject)
    people = set(
        connection.scalars(sa.select(t.c.id).where(t.c.id.in_(everybody), t.c.sort == "person"))
    )
    for head in heads:
        head["interviewees"] = [
            {**who, "people": sorted(holders[head["id"]] & people)}
            if who["post"] == "person_concerned" else who
            for who in head["interviewees"]
        ]  # fmt: skip


def apply(
    connection: sa.Connection,
    wanted_now: Mapping[Place, Recommendation],
    standing: Mapping[Place, Standing],
    spoken: Collection[str],
    parties: Parties,
    moment: Moment,
) -> dict[str, int]:
    """Open, extend and withdraw; returns counts of recommended, grounds_joined, withdrawn.

    `spoken`: the keys that tonight says something about. Time alone cures nothing: a ground whose
    window a run no longer looks at keeps its last word (I27).
    """
    counts = {"recommended": 0, "grounds_joined": 0, "withdrawn": 0}
    for place, recommendation in wanted_now.items():
        old = standing.get(place)
        if old is None:
            if len(recommendation.grounds) < recommendation.rule.minimum_breaches:
                continue
            old = Standing(_open(connection, place, recommendation, parties, moment), frozenset())
            counts["recommended"] += 1
        joined = {k: g for k, g in recommendation.grounds.items() if k not in old.grounds}
        _write_grounds(connection, old.id, joined, JOINED, moment)
        counts["grounds_joined"] += len(joined)
    for place, old in standing.items():
        breached = wanted_now[place].grounds.keys() if place in wanted_now else set()
        cured = old.grounds.intersection(spoken) - breached
        _write_grounds(connection, old.id, dict.fromkeys(cured, ""), CURED, moment)
        if not (old.grounds - cured or breached):
            counts["withdrawn"] += 1
            _withdraw(connection, old.id, moment)
    return counts


def _withdraw(connection: sa.Connection, interview_id: int, moment: Moment) -> None:
    row = moment.row("withdrawn", "全部事由均已消除")
    connection.execute(_EVENT.insert(), {**row, "interview_id": interview_id})


def _open(
    connection: sa.Connection, place: Place, recommendation: Recommendation,
    parties: Parties, moment: Moment,
) -> int:  # fmt: skip
    document, section, accountable = place
    head: dict[str, Any] = {
        "document": document,
        "section": section,
        "accountable_id": accountable,
        "interviewer": parties.interviewer(recommendation.rule, accountable),
        "interviewees": parties.interviewees(
            recommendation.rule, accountable, sorted(recommendation.concerned)
        ),
    }
    new_id = connection.execute(_INTERVIEW.insert().returning(_INTERVIEW.c.id), head).scalar_one()
    connection.execute(_EVENT.insert(), {**moment.row(OPEN), "interview_id": new_id})
    return int(new_id)


def _write_grounds(
    connection: sa.Connection, interview_id: int, grounds: Mapping[str, str], event: str,
    moment: Moment,
) -> None:  # fmt: skip
    if grounds:
        connection.execute(_GROUND.insert(), [
            {**moment.row(event), "interview_id": interview_id, "key": key, "ground": ground}
            for key, ground in sorted(grounds.items())
        ])  # fmt: skip
