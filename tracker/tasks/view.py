"""The task ledger as a view: one row for each task, lead body and member, judged on a day.

Nothing is decided here: a row is a finding with its light, and what the ledger says of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker import nightly
from tracker.evaluation.findings import newest_of
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import REASON_NAMES, Reason
from tracker.frames import absent
from tracker.ledger.forms import Form
from tracker.policy.law import Law
from tracker.policy.model import Document, Duty
from tracker.policy.workplan import Task
from tracker.registry.holders import unregistered
from tracker.registry.labels import labels
from tracker.registry.named import Inside
from tracker.registry.roles import Roles
from tracker.registry.spelling import clean
from tracker.tasks.lights import Light, load_lights
from tracker.tasks.told import Closing, Told, closings, progress

_UNKNOWN = (Reason.holder_not_registered.name, Reason.member_not_registered.name)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of one lead body, for one member where it has members ('' otherwise). `lead_id`,
    `member_id`: None for a name that nobody registered; `number`: of the stored finding that says
    the same; `told_on`: the filing date of `basis` and `progress`."""

    document: Document
    task: Task
    lead: str
    lead_id: int | None
    member: str
    member_id: int | None
    light: str
    status: str
    reason: str
    as_of: date
    closed_on: date | None = None
    basis: str = ""
    progress: str = ""
    told_on: date | None = None
    number: int | None = None
    key: str = ""

    @property
    def shown(self) -> Light:
        """The light as people see it."""
        return load_lights().lights[self.light]

    @property
    def due(self) -> date | None:
        """The day the task is due on, or the last day of its document."""
        return self.task.due or self.document.in_force.to

    @property
    def days_left(self) -> int | None:
        """Days until it is due, below zero once it is over, also where it was closed after that;
        None where there is nothing to do any more."""
        if self.due is None:
            return None
        if self.light == load_lights().closed_after and self.closed_on:
            return (self.due - self.closed_on).days
        return (self.due - self.as_of).days if self.shown.open else None

    @property
    def left(self) -> str:
        """'41天', '逾期20天'; '' where there is nothing to do."""
        days = self.days_left
        return "" if days is None else f"{days}天" if days >= 0 else f"逾期{-days}天"


@dataclass(frozen=True)
class TaskList:
    """All rows of a day, in the order of the documents, and whom names mean in each."""

    rows: list[TaskRow]
    roles: Roles

    def led_by(self, body: str) -> list[TaskRow]:
        """What a body leads, also under a name that nobody registered."""
        return [row for row in self.rows if self._leads(row, body)]

    def helped_by(self, body: str) -> list[TaskRow]:
        """What a body takes part in and owes nothing for."""
        return [
            row for row in self.rows
            if any(self._same(row.document, name, body) for name in row.task.taking_part)
        ]  # fmt: skip

    def names(self) -> list[str]:
        """Every body that leads or takes part, as the documents print it."""
        named = (n for row in self.rows for n in (*row.task.lead, *row.task.taking_part))
        return list(dict.fromkeys(named))

    def _leads(self, row: TaskRow, body: str) -> bool:
        inside = _inside(self.roles, row.document)
        known = inside.body(body) if inside else None
        return clean(row.lead) == clean(body) or (known is not None and known == row.lead_id)

    def _same(self, document: Document, one: str, other: str) -> bool:
        inside = _inside(self.roles, document)
        known = inside.body(one) if inside else None
        return clean(one) == clean(other) or (
            inside is not None and known is not None and known == inside.body(other)
        )


def task_list(
    connection: sa.Connection, law: Law, covers: Mapping[str, frozenset[str]], form: Form,
    *, as_of: date, known_at: datetime,
) -> TaskList:  # fmt: skip
    """Every task of the loaded documents that binds anybody, judged afresh. `form`: the wording of
    the task ledger."""
    scene = nightly.set_scene(
        connection, law.alone(lambda pack: pack.tasks), as_of=as_of, known_at=known_at
    )
    findings = nightly.look(connection, scene, covers)
    noted = _noted(scene, progress(connection, form, as_of, known_at))
    leads = {int(lead) for lead in findings["holder_id"]}
    view = _View(scene, closings(connection, form, leads, as_of, known_at), noted)
    stored = newest_of(connection, findings["key"])
    rows = [row for _, finding in findings.iterrows() for row in view.rows(finding, stored)]
    order = {d.id: place for place, (_, d) in enumerate(scene.duties)}
    return TaskList(sorted(rows, key=lambda row: order[row.task.id]), scene.roles)


def totals(rows: Iterable[TaskRow]) -> str:
    """'共 26 项：●红灯 3，■绿灯 18，√已销号 5'."""
    lights = load_lights()
    counts = Counter(row.light for row in rows)
    told = (f"{light} {counts[key]}" for key, light in lights.lights.items() if counts[key])
    return f"共 {counts.total()} 项" + (f"：{'，'.join(told)}" if counts else "")


def _inside(roles: Roles, document: Document) -> Inside | None:
    """The names inside a document's area; None where nobody registered the area."""
    area = roles.area(document.area.code)
    return None if area is None else roles.inside(area, document.area.name)


def _noted(scene: Scene, written: Iterable[Told]) -> dict[Closing, Told]:
    """The newest row that a task ledger holds of each; `written`: newest first."""
    inside: dict[str, list[Inside]] = defaultdict(list)
    for pack in scene.packs:
        for task in pack.tasks:
            inside[clean(task.name)] += filter(None, [_inside(scene.roles, pack.document)])
    found: dict[Closing, Told] = {}
    for told in written:
        for names in inside[told.task]:
            lead = names.body(told.lead)
            member = names.member(told.member, names.area) if told.member else None
            if lead is not None:
                found.setdefault(Closing(told.task, lead, member), told)
    return found


@dataclass(frozen=True)
class _View:
    """What all rows are made from. `noted`: the newest row that a task ledger holds of each."""

    scene: Scene
    closed: Mapping[Closing, tuple[date, Told]]
    noted: Mapping[Closing, Told]

    @cached_property
    def _tasks(self) -> dict[tuple[str, str], tuple[Document, Task, Duty]]:
        return {
            (pack.document.id, task.id): (pack.document, task, pack.duty(task.id))
            for pack in self.scene.packs
            for task in pack.tasks
        }

    @cached_property
    def _names(self) -> dict[int, str]:
        return labels(self.scene.registry)

    def rows(self, finding: pd.Series, stored: Mapping[str, Any]) -> Iterator[TaskRow]:
        """The rows of one finding: one, or one for each name that nobody registered."""
        document, task, duty = self._tasks[finding["document"], finding["duty"]]
        row = self._row(finding, document, task, stored.get(finding["key"]))
        if finding["reason"] not in _UNKNOWN:
            yield row
            return
        holder = int(finding["holder_id"])
        for name in unregistered(self.scene.roles, document, duty, holder):
            if finding["reason"] == _UNKNOWN[0]:
                yield replace(row, lead=name, lead_id=None)
            else:
                yield replace(row, member=name, member_id=None)

    def _row(self, finding: pd.Series, document: Document, task: Task, stored: Any) -> TaskRow:
        lead, toward = int(finding["holder_id"]), finding["counterpart_id"]
        member = None if absent(toward) else int(toward)
        which = Closing(clean(task.name), lead, member)
        day, told = self.closed.get(which, (None, self.noted.get(which)))
        newest = self.noted.get(which, told)
        agrees = stored is not None and stored.status == finding["status"]
        closed_late = day is not None and day > finding["ends"]
        return TaskRow(
            document, task, self._names[lead], lead,
            "" if member is None else self._names[member], member,
            load_lights().of(finding["status"], closed_late=closed_late),
            finding["status"], "" if closed_late else REASON_NAMES[Reason[finding["reason"]]],
            self.scene.as_of,
            day, told.basis if told else "", newest.progress if newest else "",
            newest.reported_on if newest else None,
            stored.id if agrees else None, finding["key"],
        )  # fmt: skip
