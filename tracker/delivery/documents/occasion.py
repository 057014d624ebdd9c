"""What every paper draws on: one day, the law, names as papers write them, words of a clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from tracker.db import table
from tracker.delivery.documents.clauses import words_of
from tracker.evaluation import narrate
from tracker.evaluation.tables import Finding, Run
from tracker.evaluation.words import (
    LEVEL_NAMES,
    LEVEL_SIGNS,
    STATUS_NAMES,
    Reason,
    Status,
    flag_marks,
)
from tracker.frames import absent
from tracker.policy.law import Law
from tracker.policy.model import Document, Duty
from tracker.registry.dated import Registry, load_registry
from tracker.registry.labels import labels

ORIGINAL, RETOLD = "原文", "转述"
VACANT = "空缺"
MARKS = {level.value: f"{sign} {LEVEL_NAMES[level]}色" for level, sign in LEVEL_SIGNS.items()}
_PLAIN = {reason.name for reason in (Reason.none, Reason.short, Reason.no_report)}
_FINDING, _RUN = table(Finding), table(Run)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a paper says: about whom it is (for its file name), and what its template is given."""

    about: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a clause and whose they are: 原文 where the document's text was loaded, else
    转述."""

    cite: str
    text: str
    whose: str


@dataclass(frozen=True, slots=True)
class Item:
    """One finding as a row of a paper; `todo` says what is to be done by when."""

    who: str
    name: str
    cite: str
    document: Document
    duty: Duty
    window: str
    done: str
    status: str
    last_safe: str
    todo: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Occasion:
    """The day a paper speaks of, and where its facts come from."""

    connection: sa.Connection
    law: Law
    covers: Mapping[str, frozenset[str]]
    as_of: date
    known_at: datetime

    @cached_property
    def registry(self) -> Registry:
        """The registry as known."""
        return load_registry(self.connection, self.known_at)

    @cached_property
    def _labels(self) -> Mapping[int, str]:
        return labels(self.registry)

    def called(self, subject: int) -> str:
        """'华池县财政局章乙亥': the unit before the name; households masked."""
        name, _, home = self._labels.get(subject, "—").partition("@")
        return f"{home}{name}"

    def people(self, who: Mapping[str, Any]) -> str:
        """The names of a party {post or role, name, people}, or that its post is vacant."""
        return "、".join(self.called(one) for one in who["people"]) or VACANT

    def quote(self, document: Document, cite: str, paraphrase: str) -> Quote:
        """The clause's own words where the office has loaded them, else our paraphrase."""
        words = words_of(self.connection, document.id, cite, self.known_at)
        return Quote(cite, words or _sentence(paraphrase), ORIGINAL if words else RETOLD)

    def items(self, keys: Iterable[str]) -> list[Item]:
        """The stored findings of these keys as they stood, worst first."""
        items = [(Status[row["status"]], self.item(row)) for row in self._stored(keys)]
        return [item for _, item in sorted(items, key=lambda pair: (pair[0], pair[1].who))]

    def item(self, finding: pd.Series) -> Item:
        """One finding as a row of a paper."""
        document = self.law.pack(finding["document"]).document
        duty = self.law.duty(document.id, finding["duty"])
        who = self.called(int(finding["holder_id"]))
        if duty.per and not absent(finding["counterpart_id"]):
            who += f"（对{self.called(int(finding['counterpart_id'])).removeprefix(who)}）"
        last_safe = finding["last_safe_on"]
        return Item(
            who, duty.name, duty.cite, document, duty,
            narrate.window_name(finding["opens"], finding["closes"]),
            f"{narrate.fraction(finding)}{duty.unit}", _verdict(finding),
            "" if absent(last_safe) else narrate.short_date(last_safe),
            todo(finding, duty), tuple(flag_marks(int(finding["flags"]))),
        )  # fmt: skip

    def quotes(self, items: Iterable[Item]) -> list[Quote]:
        """The clauses of these items, each once, in the order of the document."""
        duties = {(item.document.id, item.duty.id): item for item in items}
        found: dict[tuple[str, str], list[Item]] = {}
        for item in duties.values():
            found.setdefault((item.document.id, item.cite), []).append(item)
        return [
            self.quote(told[0].document, cite, "；".join(item.duty.paraphrase for item in told))
            for (_, cite), told in found.items()
        ]

    def _stored(self, keys: Iterable[str]) -> Iterator[pd.Series]:
        run = sa.select(sa.func.max(_RUN.c.id)).where(
            _RUN.c.as_of <= self.as_of, _RUN.c.recorded_at <= self.known_at
        )
        newest = (
            sa.select(sa.func.max(_FINDING.c.id))
            .where(_FINDING.c.key.in_(list(keys)), _FINDING.c.run_id <= run.scalar_subquery())
            .group_by(_FINDING.c.key)
        )
        for row in self.connection.execute(sa.select(_FINDING).where(_FINDING.c.id.in_(newest))):
            yield pd.Series(dict(row._mapping), dtype=object)


def _sentence(text: str) -> str:
    """With the full stop that a sentence of a paper ends in."""
    return text if text[-1:] in "。！？" else f"{text}。"


def _verdict(finding: pd.Series) -> str:
    """The status, with its reason where the figure beside it does not tell that already."""
    if finding["reason"] in _PLAIN:
        return STATUS_NAMES[Status[finding["status"]]]
    return narrate.status_name(finding)


def todo(finding: pd.Series, duty: Duty) -> str:
    """What is to be done, and by when."""
    status, reason = Status[finding["status"]], Reason[finding["reason"]]
    short = narrate.amount(max(finding["required"] - finding["done"], 0))
    if status is Status.at_risk and duty.measure == "latest":
        by, goal = narrate.short_date(finding["deadline"]), narrate.amount(finding["required"])
        return f"至{by}达到目标值{goal}{duty.unit}"
    if status is Status.at_risk:
        safe = finding["last_safe_on"]
        by = "尽快" if absent(safe) else f"最迟自{narrate.short_date(safe)}起全力履行，"
        return f"{by}再完成{short}{duty.unit}"
    if status is Status.in_grace:
        ends = narrate.short_date(finding["grace_ends"])
        return f"已按期完成的，于{ends}前补录；未完成的，说明情况"
    if status is Status.unreachable:
        return "本期已不能达标，说明原因，并继续履行"
    if status is not Status.breached:
        return STATUS_NAMES[status]
    if reason is Reason.done_late:
        return "已完成但超过期限，说明原因"
    if duty.measure == "standing":
        return "立即补齐，并报送佐证"
    return "已完成的补录并附佐证；未完成的说明原因，提出整改措施"
