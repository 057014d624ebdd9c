"""Triggers: the interviews that recorded incidents call for, each by its clause and path. Pure.

Three ways lead there: a ground that a recorded fact establishes (`after`), a printed trigger that a
named officer recorded as given (I35), and joint liability (bars.yaml, I39). A person decides on all
of them; nothing here interviews anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.consequences.bars import bars_of, is_meant, told_day
from tracker.consequences.liability import Fact, reached
from tracker.consequences.tables import Incident
from tracker.consequences.whereabouts import code
from tracker.policy.law import Law
from tracker.policy.model import Document, interview_rule
from tracker.policy.sanctions import JOINT_GROUND, Ground, InterviewRule
from tracker.registry.dated import Registry
from tracker.registry.oneday import OneDay

_RECORDED = "own_work"  # a printed trigger is recorded about the accountable subject itself


@dataclass(frozen=True, slots=True)
class Trigger:
    """One ground for an interview of one accountable subject, from one recorded incident.

    `key`: 'incident|5|<ground or bar rule id>'; `concerned`: the persons it is about; `path`: the
    day, and how the incident leads there.
    """

    document: Document
    rule: InterviewRule
    accountable_id: int
    key: str
    ground: str
    concerned: tuple[int, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed trigger of a pack that binds where and when something happened."""

    document: Document
    rule: InterviewRule
    ground: Ground

    @property
    def key(self) -> str:
        """How an incident names it (`Incident.ground`): 'document|section|ground id'."""
        return f"{self.document.id}|{self.rule.section}|{self.ground.id}"


def called_for(incidents: Iterable[Incident], law: Law, registry: Registry) -> list[Trigger]:
    """Every interview that the incidents call for, in the order of incidents and rules."""
    facts = list(incidents)
    days = {day: OneDay(registry, day) for day in {fact.day for fact in facts}}
    return [
        trigger
        for fact in facts
        for way in (_by_ground, _by_joint_liability)
        for trigger in way(fact, law, days[fact.day])
    ]


def recordable(incident: Incident, law: Law, registry: Registry) -> list[Printed]:
    """The printed triggers that may be recorded of whom the incident is about, on its day."""
    day = OneDay(registry, incident.day)
    return [one for one in _printed(incident, law, day) if _reached(one, _RECORDED, incident, day)]


def _by_ground(incident: Incident, law: Law, day: OneDay) -> Iterator[Trigger]:
    subject = incident.subject_id
    concerned = () if subject is None or day.kind(subject) else (subject,)
    for one in _printed(incident, law, day):
        ways = [after.where for after in one.ground.after if is_meant(after, incident)]
        ways += [_RECORDED] if incident.ground == one.key else []
        found: dict[int, str] = {}
        for where in ways:
            found = _reached(one, where, incident, day) | found
        for accountable, path in found.items():
            yield Trigger(
                one.document, one.rule, accountable, _key(incident, one.ground.id), one.ground.id,
                concerned, f"{told_day(incident)}，{path}",
            )  # fmt: skip


def _by_joint_liability(incident: Incident, law: Law, day: OneDay) -> Iterator[Trigger]:
    for bar in bars_of(incident, law, day):
        if bar.rule.interviewer:
            rule = interview_rule(law.pack(bar.document.id), bar.rule.section)
            key = _key(incident, bar.rule.id)
            yield Trigger(bar.document, rule, bar.subject_id, key, JOINT_GROUND, (), bar.path)


def _printed(incident: Incident, law: Law, day: OneDay) -> Iterator[Printed]:
    where = code(day, incident)
    for pack in law.in_force(incident.day, where) if where else ():
        for rule in pack.interviews:
            for ground in rule.grounds:
                yield Printed(pack.document, rule, ground)


def _reached(one: Printed, where: str, incident: Incident, day: OneDay) -> dict[int, str]:
    """Whom the trigger makes accountable, of the levels the rule is for, with the paths."""
    found = reached(where, [one.rule.accountable], Fact(day, incident))
    level = one.rule.level
    return {body: path for body, path in found.items() if not level or day.level(body) in level}


def _key(incident: Incident, what: str) -> str:
    return f"incident|{incident.id}|{what}"
