"""Awards: what is known about those who may be nominated, by subject. Pure; nothing here reads.

`facts.gather` fills it from one judgement and one reading of what is on record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tracker.awards.careers import Careers
from tracker.awards.nominee import Nominee
from tracker.consequences import interviews, objections
from tracker.consequences.bars import Bar, all_bars, told_day
from tracker.consequences.cases import Case
from tracker.consequences.interviews import Place, Recommendation
from tracker.consequences.liability import Fact, reached
from tracker.consequences.tables import Incident
from tracker.evaluation.obligations import Scene
from tracker.policy.law import Law
from tracker.policy.nominee_checks import Recorded
from tracker.registry.oneday import OneDay

Reach = dict[int, list[tuple[Incident, str]]]
Columns = list[list[Any]]  # of findings, by the fields of `Figures`
_NOBODY = np.array([], dtype="int64")


@dataclass(frozen=True, slots=True)
class Called:
    """What the next check will recommend, or only an objection holds back from it. `by`: who would
    interview; `about`: everybody it is about."""

    place: Place
    wanted: Recommendation
    by: str
    about: frozenset[int]


class Figures(NamedTuple):
    """What the gate reads of a finding, as a plain row: a frame would take longer to open than the
    whole question to answer."""

    document: str
    duty: str
    holder_id: int
    opens: date
    status: str
    required: float
    literal: float
    done: float
    unreported: int


@dataclass(frozen=True)
class About:
    """All that is known about one subject. `figures`: of the findings held or answered for;
    `support`: of its own in earlier years, as far as a plan asks for them; `incidents`: those about
    it or reaching it by a bar, each with the path ('' for its own); `cases`: every interview about
    it, in any state."""

    subject_id: int
    figures: tuple[Figures, ...]
    support: tuple[Figures, ...]
    bars: tuple[Bar, ...]
    incidents: tuple[tuple[Incident, str], ...]
    cases: tuple[Case, ...]
    called: tuple[Called, ...]
    _rows: pd.DataFrame = field(repr=False)
    _mine: np.ndarray = field(repr=False)
    _toward: np.ndarray = field(repr=False)

    @property
    def owes(self) -> pd.DataFrame:
        """Findings held or answered for."""
        return self._rows.iloc[self._mine]

    @property
    def owed(self) -> pd.DataFrame:
        """Findings of others toward it."""
        return self._rows.iloc[np.setdiff1d(self._toward, self._mine)]


@dataclass(frozen=True)
class Facts:
    """What was gathered for many subjects; `about` tells it of one. Pure."""

    scene: Scene
    rows: pd.DataFrame
    support: pd.DataFrame
    incidents: list[Incident]
    cases: list[Case]
    called: list[Called]
    objections: objections.Standing
    nominees: tuple[Nominee, ...]
    _known: dict[int, About] = field(default_factory=dict, repr=False)
    _reached: dict[Recorded, Reach] = field(default_factory=dict, repr=False)

    @property
    def as_of(self) -> date:
        """The day judged."""
        return self.scene.as_of

    @property
    def law(self) -> Law:
        """The law it was judged by."""
        return self.scene.law

    @cached_property
    def careers(self) -> Careers:
        """The registry seen from each subject."""
        return Careers(self.scene.registry, self.scene.as_of)

    def about(self, subject_id: int) -> About:
        """What is known of one of the subjects gathered for."""
        if subject_id not in self._known:
            self._known[subject_id] = self._about(subject_id)
        return self._known[subject_id]

    def reaching(self, rule: Recorded, subject: int) -> list[tuple[Incident, str]]:
        """The incidents that the rule itself leads to a subject, each with the path."""
        if rule not in self._reached:
            self._reached[rule] = self._reach(rule)
        return self._reached[rule].get(subject, [])

    def _reach(self, rule: Recorded) -> Reach:
        found: Reach = {}
        for incident in self.incidents:
            meant = incident.kind in rule.incidents
            leads = [one for one in rule.reaches if one.when in incident.qualifiers]
            if meant and leads:
                fact = Fact(OneDay(self.scene.registry, incident.day), incident)
                for one in leads:
                    for subject, path in reached(one.where, one.on, fact).items():
                        told = f"{told_day(incident)}，{path}"
                        found.setdefault(subject, []).append((incident, told))
        return found

    def _about(self, subject: int) -> About:
        earlier = np.flatnonzero(self.support["holder_id"].to_numpy() == subject)
        mine = np.union1d(self._at("holder_id", subject), self._at("accountable_id", subject))
        bars = tuple(self._bars.get(subject, ()))
        own = {one.id: (one, "") for one in self.incidents if one.subject_id == subject}
        # Where several bars lead there the first one's path is told.
        reaching = {bar.incident.id: (bar.incident, bar.path) for bar in reversed(bars)}
        cases = tuple(self._cases.get(subject, ()))
        stored = {interviews.place_of(case) for case in cases if case.is_open}
        return About(
            subject, _figures(self._columns, mine), _figures(_columns(self.support), earlier), bars,
            tuple(found for _, found in sorted((reaching | own).items())), cases,
            tuple(c for c in self._called.get(subject, ()) if c.place not in stored),
            self.rows, mine, self._at("counterpart_id", subject),
        )  # fmt: skip

    @cached_property
    def _columns(self) -> Columns:
        return _columns(self.rows)

    def _at(self, column: str, subject: int) -> np.ndarray:
        return np.asarray(self._positions[column].get(subject, _NOBODY))

    @cached_property
    def _positions(self) -> dict[str, dict[Any, Any]]:
        """Where the findings of each subject stand among the rows."""
        columns = ("holder_id", "accountable_id", "counterpart_id")
        return {name: self.rows.groupby(name).indices for name in columns}

    def prepare(self) -> None:
        """Order everything by subject now, which the first question would otherwise wait for."""
        _ = self._columns, self._positions, self._called, self._bars, self._cases
        self.careers.prepare()

    @cached_property
    def _called(self) -> dict[int, list[Called]]:
        found: dict[int, list[Called]] = {}
        for called in self.called:
            for party in called.about:
                found.setdefault(party, []).append(called)
        return found

    @cached_property
    def _bars(self) -> dict[int, list[Bar]]:
        found: dict[int, list[Bar]] = {}
        for bar in all_bars(self.incidents, self.law, self.scene.registry):
            found.setdefault(bar.subject_id, []).append(bar)
        return found

    @cached_property
    def _cases(self) -> dict[int, list[Case]]:
        found: dict[int, list[Case]] = {}
        for case in self.cases:
            for party in sorted({case.accountable_id, *case.people}):
                found.setdefault(party, []).append(case)
        return found


def _columns(rows: pd.DataFrame) -> Columns:
    return [rows[name].tolist() for name in Figures._fields]


def _figures(columns: Columns, at: np.ndarray) -> tuple[Figures, ...]:
    return tuple(Figures(*(column[n] for column in columns)) for n in at.tolist())
