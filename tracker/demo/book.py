"""The demo: one county's rows, as an import would have understood them: drafts by cell."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.ledger.draft import CellKey, Columns, Covered, Draft
from tracker.ledger.rules import load_rules

Fact = tuple[str, Columns]


@dataclass
class Book:
    """What the office of a county (`reporter`) wrote down; `drafts` by the cell they speak for."""

    county: int
    reporter: int
    drafts: dict[CellKey, list[Draft]] = field(default_factory=lambda: defaultdict(list))
    covered: list[Covered] = field(default_factory=list)

    def write(
        self, form: str, period: str, said: Columns, reported_on: date, *,
        lines: Iterable[Columns] = (), facts: Iterable[Fact] = (),
    ) -> None:  # fmt: skip
        """One row of a form; `said`: its cells."""
        cell = CellKey(self.reporter, form, period)
        rule, drafts = load_rules().forms[form], self.drafts[cell]
        stated: Columns = {"starts_on": None, "ends_on": None, "roster": "", "period": None}
        if rule.roster:
            stated |= {"roster": f"{self.reporter}:{form}", "period": int(period)}
        drafts.append(
            Draft(
                cell, rule.name, len(drafts) + 3, said, "|".join(map(str, said.values())),
                reported_on, [(table, stated | fact) for table, fact in facts], list(lines),
                hashlib.sha256(repr((said, len(drafts))).encode()).hexdigest(),
            )
        )  # fmt: skip

    def cover(
        self, form: str, period: str, months: Iterable[date], scopes: Iterable[int] = ()
    ) -> None:
        """The form was reported for these months, for the whole county or the scopes given."""
        cell = CellKey(self.reporter, form, period)
        self.covered.append(Covered(cell, tuple(months), tuple(scopes) or (self.county,)))


def line(
    subject: int, kind: str, day: date, *, role: str = "performer", toward: int | None = None,
    place: int | None = None, **also: Any,
) -> Columns:  # fmt: skip
    """What a row says of one subject."""
    return {
        "subject_id": subject, "kind": kind, "role": role, "counterpart_id": toward,
        "place_id": place, "item": "", "day": day, "until": None, "quantity": 1, **also,
    }  # fmt: skip


def tie(kind: str, source: int, target: int, **span: date) -> Fact:
    """That one is tied to another."""
    return "ties", {"kind": kind, "from_id": source, "to_id": target, **span}


def post(person: int, role: str, body: int, title: str = "", **span: date) -> Fact:
    """That a person holds a post in a body."""
    return "posts", {"person_id": person, "body_id": body, "role": role, "title": title, **span}


def attribute(subject: int, name: str, value: str) -> Fact:
    """What a subject is."""
    return "attributes", {"subject_id": subject, "name": name, "value": value}
