"""One subject on one page: what it owes, where it stands, what is open, may it be nominated.

Read only and judged fresh; `tracker query`, and later the pages and the API, all ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from tracker.awards import lists
from tracker.awards.facts import About, Facts, gather
from tracker.awards.gate import Answer, Clause, decide
from tracker.awards.verdict import can_be_nominated
from tracker.consequences import notices
from tracker.consequences.cases import Case
from tracker.evaluation.obligations import Scene
from tracker.policy.law import Law


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a query answers with. `owes`: findings held or answered for; `owed`: findings of
    others toward the subject; interviews: open, or held in the year. `answer` is None for what
    cannot be nominated. `facts`: all it rests on, for a question under an award plan."""

    subject_id: int
    as_of: date
    scene: Scene
    owes: pd.DataFrame
    owed: pd.DataFrame
    notices: list[notices.Call]
    interviews: list[Case]
    clauses: list[Clause]
    answer: Answer | None
    facts: Facts


def dossier(
    connection: sa.Connection, law: Law, covers: Mapping[str, frozenset[str]], subject_id: int,
    *, as_of: date, known_at: datetime,
) -> Dossier:  # fmt: skip
    """Judge one subject now, from the ledger, and gather what is open about it."""
    facts = gather(connection, law, covers, [subject_id], as_of=as_of, known_at=known_at)
    about = facts.about(subject_id)
    found = lists.weighing(about, as_of.year)
    clauses = lists.clauses(facts, about, found)
    return Dossier(
        subject_id, as_of, facts.scene, about.owes, about.owed,
        _open_notices(connection, facts, about), found, clauses,
        decide(clauses) if can_be_nominated(facts.scene.registry, subject_id) else None, facts,
    )  # fmt: skip


def _open_notices(connection: sa.Connection, facts: Facts, about: About) -> list[notices.Call]:
    own = set(about.owes["key"])
    return [
        notice
        for notice in notices.open_notices(connection, facts.as_of, facts.scene.known_at).values()
        if notice.subject_id == about.subject_id or notice.key in own
    ]
