"""Bars: who is barred from what after an incident, for how long, by which path. Pure.

A pack binds only incidents inside its area and on a day it was in force; all else is bars.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.consequences.liability import Fact, reached
from tracker.consequences.tables import Incident
from tracker.consequences.whereabouts import code
from tracker.policy.law import Law
from tracker.policy.model import Document
from tracker.policy.sanctions import After, BarRule
from tracker.policy.vocabulary import Vocabulary
from tracker.registry.dated import Registry
from tracker.registry.oneday import OneDay

_DURATION_NOT_IN_TEXT = "I31"
_BARS_FROM_NOTHING = ("accountability",)  # another document decides; shown, never weighed (I61)
_DAY_OF_SPAN: dict[str, Callable[[Incident], date]] = {
    "calendar_year_of_event": lambda incident: incident.day,
    "calendar_year_of_determination": lambda incident: incident.determined_on,
    "assessment_year": lambda incident: incident.determined_on,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule's burden on one subject after one incident, from `starts` to `ends` inclusive.

    `path`: how the incident leads to the subject. Joint liability without effects is an interview
    only (I39).
    """

    document: Document
    rule: BarRule
    incident: Incident
    subject_id: int
    path: str
    starts: date
    ends: date

    @property
    def cite(self) -> str:
        """Document number and clause."""
        return f"{self.document.number} {self.rule.cite}"

    @property
    def effects(self) -> tuple[str, ...]:
        """What the subject is barred from (`effects` of the vocabulary)."""
        return self.rule.effects

    @property
    def barred_from(self) -> tuple[str, ...]:
        """The effects without those that only point to another document."""
        return tuple(e for e in self.effects if e not in _BARS_FROM_NOTHING)

    @property
    def joint(self) -> bool:
        """Whether it is joint liability for somebody else's work."""
        return self.rule.joint

    @property
    def duration_not_in_text(self) -> bool:
        """Whether the span is our reading, not the document's word (I31)."""
        return self.rule.span_interpretation == _DURATION_NOT_IN_TEXT

    @property
    def interpretations(self) -> tuple[str, ...]:
        """The decisions it rests on, that on the span first."""
        return (self.rule.span_interpretation, *self.rule.interpretations)

    def in_force(self, on: date) -> bool:
        """Whether the day lies in the span."""
        return self.starts <= on <= self.ends


def bars_on(
    subject_id: int, incidents: Iterable[Incident], law: Law, registry: Registry
) -> list[Bar]:
    """Every bar on the subject, whatever its span, in the order of incidents and rules."""
    return [bar for bar in all_bars(incidents, law, registry) if bar.subject_id == subject_id]


def all_bars(incidents: Iterable[Incident], law: Law, registry: Registry) -> list[Bar]:
    """Every bar of every incident, whatever its span, in the order of incidents and rules."""
    facts = list(incidents)
    days = {day: OneDay(registry, day) for day in {fact.day for fact in facts}}
    return [bar for fact in facts for bar in bars_of(fact, law, days[fact.day])]


def bars_after(incident: Incident, law: Law, registry: Registry) -> Iterator[Bar]:
    """Whom an incident burdens, by every pack that binds where and when it happened."""
    yield from all_bars([incident], law, registry)


def conflicts(
    incidents: Iterable[Incident], law: Law, registry: Registry
) -> list[tuple[Incident, Bar]]:
    """Each recorded rating that a bar rules out in the year it is for (`ratings` of the
    vocabulary), with that bar. Both stay on record: a person must put it right."""
    facts = list(incidents)
    ruled_out = {kind: effect for kind, effect in law.vocabulary.ratings.items() if effect}
    rated = [fact for fact in facts if fact.kind in ruled_out]
    bars = all_bars(facts, law, registry) if rated else []
    return [
        (fact, bar)
        for fact in rated
        for bar in bars
        if bar.subject_id == fact.subject_id
        and ruled_out[fact.kind] in bar.effects
        and bar.in_force(fact.day)
    ]


def bars_of(incident: Incident, law: Law, day: OneDay) -> Iterator[Bar]:
    """As `bars_after`, where the registry on the day of the incident is at hand."""
    where = code(day, incident)
    for pack in law.in_force(incident.day, where) if where else ():
        for rule in pack.bars:
            if is_meant(rule, incident):
                first, last = _span(rule, incident)
                fact = Fact(day, incident, rule.levels)
                for subject, path in reached(rule.where, rule.on, fact).items():
                    path = f"{told_day(incident)}，{path}"
                    yield Bar(pack.document, rule, incident, subject, path, first, last)


def told(bar: Bar, words: Vocabulary) -> str:
    """The bar in one sentence: incident, path, what it leads to."""
    incident = bar.incident
    source = incident.authority + incident.document_number
    kind = words.incidents[incident.kind]
    head = f"第{incident.id}号事件“{kind}”（{source}认定）"
    return f"{head}；{bar.path}；{consequence(bar, words)}"


def consequence(bar: Bar, words: Vocabulary) -> str:
    """What it bars from, and who interviews whom."""
    parts = [burden(bar, words)] if bar.effects else []
    if bar.rule.interviewer:
        by = "、".join(rung.name for rung in bar.rule.interviewer)
        whom = "、".join(who.name for who in bar.rule.interviewees)
        parts.append(f"应由{by}约谈{whom}")
    return ("承担连带责任，" if bar.joint else "") + "，".join(parts)


def burden(bar: Bar, words: Vocabulary) -> str:
    """What it bars from, and whether the document says for how long."""
    parts = [words.effects[e] for e in bar.effects if e not in bar.barred_from]
    if bar.barred_from:
        note = "（文件未写期限）" if bar.duration_not_in_text else ""
        parts.append(f"限制{'、'.join(words.effects[e] for e in bar.barred_from)}{note}")
    return "，".join(parts)


def is_meant(rule: BarRule | After, incident: Incident) -> bool:
    """Whether the incident is of the rule's kind, with all of its qualifiers recorded."""
    return rule.incident == incident.kind and set(rule.qualifiers) <= set(incident.qualifiers)


def told_day(incident: Incident) -> str:
    """The day it happened, for people to read."""
    return f"{incident.day}{'' if incident.happened_on else '（发生日期不明，按认定日期）'}"


def _span(rule: BarRule, incident: Incident) -> tuple[date, date]:
    year = _DAY_OF_SPAN[rule.span](incident).year
    return date(year, 1, 1), date(year, 12, 31)
