"""The digest: the week as one reader is told it. gather -> cut to the scope -> tell.

One reading of the findings serves all readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pandas as pd
import sqlalchemy as sa

from tracker.clock import SHANGHAI
from tracker.digest import changes, matters
from tracker.digest.figures import Figures, figures
from tracker.digest.heat import heat
from tracker.digest.parts import Count, Heat, Section, joined, of_items
from tracker.digest.reader import LEADER, Reader
from tracker.digest.scope import Land, Scope
from tracker.digest.telling import Called, Teller
from tracker.errors import LuzeError
from tracker.evaluation import findings
from tracker.evaluation.freshness import age
from tracker.evaluation.tables import Run
from tracker.evaluation.words import Status
from tracker.policy.law import Law
from tracker.registry.dated import load_registry

_BELOW = {"province": "prefecture", "prefecture": "county"}


@dataclass(frozen=True, slots=True)
class Checked:
    """The check that the week rests on: the night, when it ran, whether that is too long ago, and
    how many nights since were missed."""

    night: date
    at: datetime
    stale: bool
    missed: int


@dataclass(frozen=True, slots=True)
class Week:
    """What one reader is told of a week. `name`: of the body it is about; `since`: the night
    compared with, None for the first check; `missed`: all that is missed, for the full list alone.
    Findings are sections of lines and rows."""

    reader: Reader
    name: str
    as_of: date
    checked: Checked
    since: date | None
    awaiting: Section
    new: Section
    due_soon: Section
    out_of_reach: Section
    resolved: Section
    elsewhere: Section
    ending: Section
    silent: Section
    missed: Section
    counts: tuple[Count, ...]
    heat: Heat | None

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section, in the order they are read: first what waits for the reader."""
        return (
            self.awaiting, self.new, self.due_soon, self.out_of_reach, self.resolved,
            self.elsewhere, self.ending, self.silent,
        )  # fmt: skip


@dataclass(frozen=True)
class _Gathered:
    """What all weeks of one day are cut from; frames of findings by their part."""

    law: Law
    as_of: date
    figures: Figures
    checked: Checked
    since: date | None
    now: pd.DataFrame
    then: pd.DataFrame
    parts: dict[str, pd.DataFrame]
    matters: matters.Matters
    land: Land


def gather(
    connection: sa.Connection, law: Law, readers: Sequence[Reader], *,
    as_of: date, known_at: datetime,
) -> Iterator[Week]:  # fmt: skip
    """The week of each reader, as of a day, as known at a moment. Raises LuzeError where nothing
    was checked yet."""
    found = _gather(connection, law, as_of, known_at)
    for reader in readers:
        yield _week(found, reader)


def _gather(connection: sa.Connection, law: Law, as_of: date, known_at: datetime) -> _Gathered:
    run = findings.last_run(connection, as_of, known_at)
    if run is None:
        raise LuzeError(f"{as_of} 以前没有检查过，写不出周报", fix="请先运行 tracker check")
    chosen = figures()
    earlier = run.as_of - timedelta(chosen.compared_with)
    before = findings.last_run(connection, earlier, known_at)
    now = changes.of_law(findings.state(connection, run.id), law)
    then = findings.state(connection, before.id) if before else now.iloc[:0]
    tonight = changes.judged(now, run.as_of)
    parts = {
        "new": changes.new(now, then),
        "resolved": changes.resolved(now, then),
        "due_soon": changes.due_soon(tonight, run.as_of, as_of, chosen.due_within),
        "out_of_reach": changes.with_status(tonight, Status.unreachable),
        "missed": changes.with_status(tonight, Status.breached),
        "review": changes.with_status(tonight, Status.needs_review),
        "silent": changes.with_status(tonight, Status.unreported),
    }
    registry = load_registry(connection, known_at)
    waiting = matters.load(connection, law, registry, as_of, known_at, chosen.bars_within)
    return _Gathered(
        law, as_of, chosen, _checked(run, as_of, known_at), before.as_of if before else None,
        tonight, changes.judged(then, before.as_of) if before else then, parts,
        waiting, Land(registry, as_of),
    )  # fmt: skip


def _checked(run: Run, as_of: date, known_at: datetime) -> Checked:
    """A digest of an earlier day asks how fresh the check was by the end of that day."""
    end = datetime.combine(as_of + timedelta(1), time(), SHANGHAI)
    stale, missed = age(run.as_of, run.recorded_at, min(known_at, end))
    return Checked(run.as_of, run.recorded_at, stale, missed)


def _week(found: _Gathered, reader: Reader) -> Week:
    scope = found.land.scope(reader.scope_id)
    called = Called(scope, reader.role)
    teller = Teller(found.law, called, found.figures)
    desk = matters.Desk(found.matters, found.law, scope, called, found.figures, found.as_of)
    mine = {name: scope.within(rows) for name, rows in found.parts.items()}
    review = mine["review"]
    answers = found.figures.answers
    places = [one for one in review["place_id"].unique() if scope.in_charge(answers, int(one))]
    review = review[review["place_id"].isin(places)]
    whose = "待您决定" if reader.role == LEADER else "待领导决定"
    now = scope.within(found.now)
    return Week(
        reader, called(scope.id), found.as_of, found.checked, found.since,
        joined("awaiting", whose, [desk.awaiting(), teller.section("", "", review)]),
        teller.section("new", "新增未达标", mine["new"]),
        teller.section("due_soon", "即将到期", mine["due_soon"], by_day=True),
        teller.section("out_of_reach", "已无法达标", mine["out_of_reach"]),
        teller.section("resolved", "本周化解", mine["resolved"]),
        desk.elsewhere(),
        of_items("ending", "豁免和限制到期", desk.ending()),
        _silent(desk, teller, scope, mine["silent"]),
        teller.section("missed", "未达标（全部）", mine["missed"]),
        changes.counts(now, scope.within(found.then) if found.since else None),
        heat(now, _bodies(scope, teller, now), teller.duties, called, found.figures.heat),
    )  # fmt: skip


def _silent(desk: matters.Desk, teller: Teller, scope: Scope, rows: pd.DataFrame) -> Section:
    """Who did not report which month, and what nothing was heard of for it; where nobody of the
    scope has to report, what nothing was heard of."""
    title, told = "数据未报送", []
    for body, item in desk.silent():
        inside = scope.land.inside(rows["place_id"].unique(), frozenset({body}))
        told.append(replace(item, said=teller.topics(rows[rows["place_id"].isin(inside)])))
    return of_items("silent", title, told) if told else teller.section("silent", title, rows, few=1)


def _bodies(scope: Scope, teller: Teller, rows: pd.DataFrame) -> pd.Series:
    """For each finding the body of the heat table it counts for: of a province its prefectures,
    of several counties each of these, else whoever answers."""
    below = _BELOW.get(scope.kind, "county" if len(scope.areas) > 1 else "")
    if below:
        return pd.Series(scope.land.roles.within(rows["place_id"], below), index=rows.index)
    return teller.bodies(rows)
