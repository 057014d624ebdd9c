"""What an objection may be about: since when it stands, and whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.consequences import incidents, triggers
from tracker.consequences.bars import bars_after
from tracker.consequences.cases import load_cases
from tracker.db import table
from tracker.evaluation.tables import Finding, Run
from tracker.policy.law import Law
from tracker.registry.dated import load_registry

_FINDING, _RUN = table(Finding), table(Run)
INTERVIEW, INCIDENT = "interview", "incident"


@dataclass(frozen=True, slots=True)
class Matter:
    """What an objection is about: what to call it, since which day it stands, whom it concerns."""

    name: str
    since: date
    parties: frozenset[int]


def matter(connection: sa.Connection, law: Law, about: str, now: datetime) -> Matter | None:
    """What `about` names: a finding's key, 'interview|12' or 'incident|5'; None for nothing."""
    kind, _, number = about.partition("|")
    if kind == INTERVIEW:
        return _interview(connection, number)
    if kind == INCIDENT:
        return _incident(connection, law, number, now)
    return _finding(connection, about)


def live_grounds(
    connection: sa.Connection, about: str, as_of: date | None, known_at: datetime | None
) -> set[str]:
    """The keys of the live grounds where `about` is an interview, else none."""
    kind, _, number = about.partition("|")
    if kind != INTERVIEW:
        return set()
    found = load_cases(connection, numbers=(int(number),), as_of=as_of, known_at=known_at)
    return {key for case in found for key in case.keys}


def _finding(connection: sa.Connection, key: str) -> Matter | None:
    """A stored finding concerns its holder and who answers for the holder."""
    statement = (
        sa.select(_FINDING.c.holder_id, _FINDING.c.accountable_id, _RUN.c.as_of)
        .join(_RUN, _RUN.c.id == _FINDING.c.run_id)
        .where(_FINDING.c.key == key)
        .order_by(_FINDING.c.id)
    )
    rows = connection.execute(statement).all()
    if not rows:
        return None
    parties = frozenset({rows[-1].holder_id, rows[-1].accountable_id})
    return Matter("这项判定", rows[0].as_of, parties)


def _interview(connection: sa.Connection, number: str) -> Matter | None:
    """An interview concerns who is accountable and everybody to be interviewed."""
    if not number.isdecimal():
        return None
    for case in load_cases(connection, numbers=(int(number),)):
        parties = frozenset({case.accountable_id, *case.people})
        return Matter(f"第 {number} 号约谈", case.acts[0].as_of, parties)
    return None


def _incident(connection: sa.Connection, law: Law, number: str, now: datetime) -> Matter | None:
    """An incident concerns whom it is about, and whom a bar or an interview reaches."""
    on_record = incidents.on_record(connection, known_at=now)
    incident = next((i for i in on_record if str(i.id) == number), None)
    if incident is None:
        return None
    registry = load_registry(connection, now)
    called = triggers.called_for([incident], law, registry)
    reached = {
        incident.subject_id, incident.place_id, incident.household_id,
        *(bar.subject_id for bar in bars_after(incident, law, registry)),
        *(trigger.accountable_id for trigger in called),
        *(person for trigger in called for person in trigger.concerned),
    }  # fmt: skip
    parties = frozenset(party for party in reached if party is not None)
    return Matter(f"第 {number} 号事件", incident.determined_on, parties)
