"""Awards: gather what is known about those who may be nominated, fresh and for many at once.

One judgement with the focus on all of them, one reading of interviews, incidents, objections and
nominations; afterwards everything stands by subject, and no question touches the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker import nightly
from tracker.awards.about import About, Called, Facts, Figures
from tracker.awards.careers import Careers
from tracker.awards.nominations import LIVE
from tracker.awards.nominee import Nominee
from tracker.awards.tables import Nomination, NominationEvent
from tracker.consequences import incidents, interviews, objections
from tracker.consequences.cases import Case, load_cases
from tracker.consequences.parties import Parties, rung_name
from tracker.db import table
from tracker.evaluation.findings import COLUMNS
from tracker.evaluation.obligations import Scene
from tracker.history import newest
from tracker.policy.law import Law

__all__ = ["About", "Called", "Facts", "Figures", "Judged", "gather", "judged", "told"]


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings of the day for some subjects: those looked at, and those of earlier years (I47)."""

    scene: Scene
    rows: pd.DataFrame
    support: pd.DataFrame


def gather(
    connection: sa.Connection, law: Law, covers: Mapping[str, frozenset[str]],
    subjects: Collection[int] | None, *, as_of: date, known_at: datetime,
    scene: Scene | None = None,
) -> Facts:  # fmt: skip
    """Judge the subjects now (None: everybody) and read what is on record about them, as known at
    `known_at`. `scene`: one set already for the same day, moment and law."""
    when: dict[str, Any] = {"as_of": as_of, "known_at": known_at}
    scene = scene or nightly.set_scene(connection, law, **when)
    return told(connection, judged(connection, scene, covers, subjects), known_at)


def judged(
    connection: sa.Connection, scene: Scene, covers: Mapping[str, frozenset[str]],
    subjects: Collection[int] | None,
) -> Judged:  # fmt: skip
    """Judge the subjects now (None: everybody), by law, registry, ledger, waivers and rulings."""
    scene = replace(scene, focus=None if subjects is None else _focus(scene, subjects))
    rows = nightly.look(connection, scene, covers).reset_index(drop=True)
    return Judged(scene, rows, _support(connection, scene, covers))


def told(connection: sa.Connection, judged: Judged, known_at: datetime) -> Facts:
    """What was judged, with all else that is on record at `known_at`."""
    scene, rows = replace(judged.scene, known_at=known_at), judged.rows
    when: dict[str, Any] = {"as_of": scene.as_of, "known_at": known_at}
    cases = load_cases(connection, **when)
    return Facts(
        scene, rows, judged.support, incidents.on_record(connection, **when), cases,
        _all_called(connection, scene, rows, cases), objections.frozen(connection, **when),
        _live(connection, scene.as_of, known_at),
    )  # fmt: skip


def _support(
    connection: sa.Connection, scene: Scene, covers: Mapping[str, frozenset[str]]
) -> pd.DataFrame:
    """Findings of the years that a plan of this or the last year wants shown beside (I47), where
    they lie too far back to be looked at anyway: only of the duties it names."""
    plans = [pack.awards for pack in scene.law.packs if pack.awards]
    rules = [
        check.residency
        for plan in plans for check in plan.checks
        if check.residency and plan.year in (scene.as_of.year, scene.as_of.year - 1)
    ]  # fmt: skip
    ends = [date(year, 12, 31) for rule in rules for year in rule.support]
    if not ends or min(ends) >= scene.horizon:
        return pd.DataFrame(columns=COLUMNS)
    named = {(rule.document, duty) for rule in rules for duty in rule.duties}
    law = scene.law.alone(
        lambda pack: [d for d in pack.duties if (pack.document.id, d.id) in named]
    )
    return nightly.look(connection, replace(scene, law=law, look_from=min(ends)), covers)


def _focus(scene: Scene, subjects: Collection[int]) -> frozenset[int]:
    """The subjects, the teams they were ever in and the bodies they hold a post in: an interview
    of these may be theirs. The people of a unit are looked at with it anyway."""
    asked = sorted(subjects)
    ties, posts = scene.registry.tie("member_of_team"), scene.registry.posts
    teams = ties.loc[ties["source"].isin(asked), "target"].tolist()
    bodies = posts.loc[posts["person"].isin(asked), "body"].tolist()
    return frozenset([*asked, *teams, *bodies])


def _all_called(
    connection: sa.Connection, scene: Scene, rows: pd.DataFrame, cases: Iterable[Case]
) -> list[Called]:
    called = interviews.called_for(connection, rows, scene, acts_to=scene.as_of)
    if not called:
        return []
    held = interviews.rungs_held(connection, scene.as_of, scene.known_at)
    stored = {interviews.place_of(case) for case in cases if case.is_open}
    day = Careers(scene.registry, scene.as_of).day
    found = []
    for place, wanted in called.items():
        rung = interviews.suggested_rung(wanted.rule, held.get(place))
        grounds = (*wanted.grounds.values(), *wanted.frozen.values())
        concerned = sorted({one for ground in grounds for one in ground.concerned})
        # Whom an open case is with was settled when it was recommended; only concerned ones join.
        parties = Parties(day, scene.law.pack(place[0]).document)
        with_ = parties.interviewees(wanted.rule, place[-1], concerned)
        asked = (who for who in with_ if place not in stored or who["post"] == "person_concerned")
        about = frozenset([place[-1], *(one for who in asked for one in who["people"])])
        found.append(Called(place, wanted, rung_name(wanted.rule, rung), about))
    return found


def _live(connection: sa.Connection, as_of: date, known_at: datetime) -> tuple[Nominee, ...]:
    """Every nominee of a live nomination, under any plan."""
    head, event = table(Nomination).c, table(NominationEvent)
    last = newest(event, "nomination_id", as_of=as_of, known_at=known_at).subquery()
    rows = connection.execute(
        sa.select(
            head.document, head.award, head.kind, head.name, head.unit, head.subject_id,
            head.area_code, head.id,
        )
        .join(last, last.c.nomination_id == head.id)
        .where(last.c.state.in_(LIVE))
        .order_by(head.id)
    )  # fmt: skip
    return tuple(Nominee(*row) for row in rows)
