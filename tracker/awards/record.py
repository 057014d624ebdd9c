"""Awards: what is recorded of one nomination, folded from its rows: stages, opinions, publicity,
papers, rulings. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an organ answered. `asked_for`: whether the branch asks this organ."""

    agrees: bool
    on: date
    text: str
    document_number: str
    asked_for: bool = True


@dataclass(frozen=True, slots=True)
class Posting:
    """A list made public, from the posting day to the announced last day, both inclusive.
    `taken_down_on`: the last day it was really up; None while it is."""

    stage: str
    starts_on: date
    ends_on: date
    taken_down_on: date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint in the course of publicity, by its number within the nomination."""

    number: int
    stage: str
    on: date
    text: str
    closed_on: date | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A material as handed in. `characters`: without white space, None where nobody counted."""

    on: date
    copies: int
    double_sided: bool
    characters: int | None
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided about a check: it is met, or its exception is given."""

    passed: bool
    reason: str
    authority: str
    officer: str
    on: date


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of one nomination; empty for a subject that is not nominated yet.

    `stages`: stage -> the day it was done; `asked`: organ -> day; `opinions`: organ -> the newest;
    `postings`: stage -> the newest; `materials`: material -> the newest; `excused`: check -> the
    newest ruling that its exception is given; `judged`: check, 'kind' (one that the text does not
    name) or 'organ.<organ>' (one that objects) -> the newest ruling whether it is met.
    """

    stages: Mapping[str, date] = field(default_factory=dict)
    asked: Mapping[str, date] = field(default_factory=dict)
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    postings: Mapping[str, Posting] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()
    materials: Mapping[str, Paper] = field(default_factory=dict)
    excused: Mapping[str, Ruling] = field(default_factory=dict)
    judged: Mapping[str, Ruling] = field(default_factory=dict)


def record_of(events: Iterable[Any]) -> Record:
    """Fold the rows of one nomination, oldest first, into what is recorded of it."""
    found = Record({}, {}, {}, {}, (), {}, {}, {})
    for row in events:
        fold = _FOLDS.get(row.event)
        found = fold(found, row, row.detail) if fold else found
    return found


def _posted(found: Record, row: Any, said: Mapping[str, Any]) -> Record:
    starts_on, ends_on = date.fromisoformat(said["from"]), date.fromisoformat(said["to"])
    posting = Posting(said["stage"], starts_on, ends_on)
    return replace(found, postings={**found.postings, posting.stage: posting})


def _taken_down(found: Record, row: Any, said: Mapping[str, Any]) -> Record:
    stage = said["stage"]
    down = replace(found.postings[stage], taken_down_on=row.as_of, result=said["result"])
    return replace(
        found,
        postings={**found.postings, stage: down},
        stages={**found.stages, stage: row.as_of},
    )


def _complained(found: Record, row: Any, said: Mapping[str, Any]) -> Record:
    told = Complaint(said["number"], said["stage"], row.as_of, said["text"])
    return replace(found, complaints=(*found.complaints, told))


def _complaint_closed(found: Record, row: Any, said: Mapping[str, Any]) -> Record:
    closed = {"closed_on": row.as_of, "answer": said["answer"]}
    return replace(
        found,
        complaints=tuple(
            replace(told, **closed) if told.number == said["complaint"] else told
            for told in found.complaints
        ),
    )


def _ruling(row: Any, said: Mapping[str, Any]) -> Ruling:
    passed = said.get("passed", True)
    return Ruling(passed, said["reason"], row.authority, said["officer"], row.as_of)


def _answered(row: Any, said: Mapping[str, Any]) -> Opinion:
    return Opinion(said["agrees"], row.as_of, said["text"], row.document_number, said["asked_for"])


def _handed_in(row: Any, said: Mapping[str, Any]) -> Paper:
    media = tuple(said["media"])
    return Paper(row.as_of, said["copies"], said["double_sided"], said["characters"], media)


def _into(name: str, key: str, made: Any) -> Any:
    """A fold that puts the newest of its kind under its key into one of the mappings."""
    return lambda found, row, said: replace(
        found, **{name: {**getattr(found, name), said[key]: made(row, said)}}
    )


_FOLDS: Mapping[str, Any] = {
    "stage_done": _into("stages", "stage", lambda row, said: row.as_of),
    "asked": _into("asked", "organ", lambda row, said: row.as_of),
    "opinion": _into("opinions", "organ", _answered),
    "posted": _posted,
    "taken_down": _taken_down,
    "complaint": _complained,
    "complaint_closed": _complaint_closed,
    "material": _into("materials", "material", _handed_in),
    "excused": _into("excused", "check", _ruling),
    "judged": _into("judged", "check", _ruling),
}
