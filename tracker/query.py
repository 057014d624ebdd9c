"""One subject on one page: what it owes, where it stands, what is open, may it be nominated.

Read only and judged fresh; `tracker query`, and later the pages and the API, all ask here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import pandas as pd
import sqlalchemy as sa

from tracker.awards import lists
from tracker.awards.facts import About, Facts, gather
from tracker.awards.gate import Answer, Clause, decide
from tracker.awards.verdict import can_be_nominated
from tracker.consequences import notices
from tracker.consequences.cases import Case
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import Status
from tracker.policy.conflicts import Conflict, Relation, conflicts
from tracker.policy.law import Law


class Mark(StrEnum):
    """How a finding stands to those of other documents about the same thing, gravest first."""

    contradictory = "contradictory"
    looser = "looser"
    stricter = "stricter"


_MARKS = {
    Relation.contradictory: (Mark.contradictory, Mark.contradictory),
    Relation.stricter: (Mark.stricter, Mark.looser),
}  # of the first and of the second


@dataclass(frozen=True, slots=True)
class Stacked:
    """A finding among others about the same thing: its mark, the keys of those `beside` it, and
    how many of them are stricter."""

    mark: Mark
    beside: tuple[str, ...]
    below: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a query answers with. `owes`: findings held or answered for; `owed`: findings of
    others toward the subject; `stacked`: by key, the findings for which several documents ask the
    same; interviews: open, or held in the year. `answer` is None for what cannot be nominated.
    `facts`: all it rests on, for a question under an award plan."""

    subject_id: int
    as_of: date
    scene: Scene
    owes: pd.DataFrame
    owed: pd.DataFrame
    stacked: Mapping[str, Stacked]
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
        stack(about.owes, law), _open_notices(connection, facts, about), found, clauses,
        decide(clauses) if can_be_nominated(facts.scene.registry, subject_id) else None, facts,
    )  # fmt: skip


def _open_notices(connection: sa.Connection, facts: Facts, about: About) -> list[notices.Call]:
    own = set(about.owes["key"])
    return [
        notice
        for notice in notices.open_notices(connection, facts.as_of, facts.scene.known_at).values()
        if notice.subject_id == about.subject_id or notice.key in own
    ]


def stack(rows: pd.DataFrame, law: Law) -> dict[str, Stacked]:
    """Of findings, those of which another document asks the same of the same holder, toward the
    same counterpart, in a window that overlaps; by key."""
    unbound = [Status.not_applicable.name, Status.not_in_force.name]
    live = rows[~rows["status"].isin(unbound)]
    named = set(zip(live["document"], live["duty"], strict=True))
    beside: dict[str, list[str]] = {}
    marks: dict[str, list[Mark]] = {}
    for conflict in conflicts(law, named):
        if conflict.relation not in _MARKS:
            continue
        of_first, of_second = _MARKS[conflict.relation]
        for first, second in _meeting(live, conflict):
            for key, other, mark in ((first, second, of_first), (second, first, of_second)):
                beside.setdefault(key, []).append(other)
                marks.setdefault(key, []).append(mark)
    order = list(Mark)
    return {
        key: Stacked(min(found, key=order.index), tuple(beside[key]), found.count(Mark.looser))
        for key, found in marks.items()
    }


def _meeting(rows: pd.DataFrame, conflict: Conflict) -> list[tuple[str, str]]:
    """The keys of each finding of one duty and each of the other that ask the same."""
    key = ["holder_id", "counterpart_id"]
    columns = ["key", *key, "opens", "closes"]
    one, other = (
        rows.loc[(rows["document"] == b.document.id) & (rows["duty"] == b.duty.id), columns]
        for b in (conflict.first, conflict.second)
    )
    both = one.fillna({"counterpart_id": -1}).merge(
        other.fillna({"counterpart_id": -1}), on=key, suffixes=("", "_other")
    )
    meet = (both["opens"] <= both["closes_other"]) & (both["opens_other"] <= both["closes"])
    return list(both.loc[meet, ["key", "key_other"]].itertuples(index=False, name=None))


def stricter_first(rows: pd.DataFrame, stacked: Mapping[str, Stacked]) -> pd.DataFrame:
    """The same order, but findings about the same thing stand together, the strictest first,
    where the first of them stood."""
    keys = list(rows["key"])
    group: dict[str, int] = {}
    for at, key in enumerate(keys):
        joined = [key]
        while joined:
            one = joined.pop()
            if one not in group:
                group[one] = at
                joined += stacked[one].beside if one in stacked else ()
    below = [stacked[key].below if key in stacked else 0 for key in keys]
    return rows.iloc[sorted(range(len(keys)), key=lambda at: (group[keys[at]], below[at], at))]


def silent_folded(
    rows: pd.DataFrame, stacked: Mapping[str, Stacked], most: int
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Of more than `most` unreported findings of one duty only the first stays: one report is
    missing. Also key -> how many it stands for. What is read beside others' is never folded."""
    if rows.empty:
        return rows, {}
    duty = ["document", "duty"]
    silent = rows[(rows["status"] == Status.unreported.name) & ~rows["key"].isin(stacked)]
    many = silent[silent.groupby(duty)["key"].transform("size") > most]
    first = many.drop_duplicates(duty)
    counts = Counter(zip(many["document"], many["duty"], strict=True))
    told = {
        key: counts[which, duty_]
        for key, which, duty_ in zip(first["key"], first["document"], first["duty"], strict=True)
    }
    return rows[~rows["key"].isin(many["key"]) | rows["key"].isin(first["key"])], told
