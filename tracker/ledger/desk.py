"""The ledger: one row on the desk: its values, what is wrong with it, and whom its names mean.

A problem of severity error or question stops the row: nothing of it is stored. All problems of a
row are found before it is put away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.ledger.directory import Directory
from tracker.ledger.draft import CellKey, Columns
from tracker.ledger.items import Items
from tracker.ledger.rules import FormRule, Rules
from tracker.ledger.sheets import CellProblem, FormSheet, Row, Severity
from tracker.registry.names import Match
from tracker.registry.spelling import clean

_SEPARATORS = re.compile(r"[、，,；;]")


@dataclass(frozen=True, slots=True)
class Office:
    """What every desk of one import shares. `answers`: question -> the clerk's last answer;
    `items`: what the law counts by name."""

    directory: Directory
    rules: Rules
    vocabulary: Mapping[str, Mapping[str, str]]
    is_working_day: Callable[[date], bool]
    answers: Mapping[str, str]
    problems: list[CellProblem]
    items: Items = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """One sheet being understood, row after row. `year`: the year its rows speak of;
    `contradicted`: rows that other rows of the sheet belie, and how."""

    office: Office
    sheet: FormSheet
    cell: CellKey
    year: int
    reported_on: date
    row: Row = field(default_factory=lambda: Row(0, {}, {}, {}))
    stopped: bool = False
    facts: list[tuple[str, Columns]] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)
    contradicted: Mapping[int, str] = field(default_factory=dict)

    @property
    def directory(self) -> Directory:
        return self.office.directory

    @property
    def rule(self) -> FormRule:
        return self.office.rules.forms[self.sheet.form]

    def take(self, row: Row) -> None:
        """Put the next row on the desk."""
        self.row, self.stopped, self.facts = row, False, []

    def text(self, name: str) -> str:
        """A text value without blanks; '' where the cell is blank."""
        value = self.row.values.get(name, "")
        return clean(value) if isinstance(value, str) else ""

    def names(self, name: str) -> tuple[str, ...]:
        """A list value, also where it came as one text."""
        value = self.row.values.get(name, ())
        parts = value if isinstance(value, tuple) else _SEPARATORS.split(str(value))
        return tuple(clean(part) for part in parts if clean(part))

    def day(self, name: str) -> date | None:
        value = self.row.values.get(name)
        return value if isinstance(value, date) else None

    def number(self, name: str) -> Decimal | None:
        value = self.row.values.get(name)
        return value if isinstance(value, Decimal) else None

    def say(self, severity: Severity, field_name: str, what: str, fix: str = "") -> None:
        """Record a problem of this row; anything but a note stops the row."""
        column = self.row.columns.get(field_name, "")
        problem = CellProblem(self.sheet.sheet, self.row.number, column, severity, what, fix)
        self.office.problems.append(problem)
        self.stopped = self.stopped or severity != "note"

    def note(self, field_name: str, what: str) -> None:
        """Say something worth a look about a row that is stored."""
        if what:
            self.say("note", field_name, what)

    def note_once(self, field_name: str, what: str) -> None:
        """Say it only for the first row of the sheet that it is true of."""
        if what not in self.noted:
            self.noted.add(what)
            self.note(field_name, what)

    def settle(
        self,
        field_name: str,
        text: str,
        match: Match,
        sort: str,
        where: str,
        among: Callable[[], Collection[int]] | None = None,
    ) -> int | None:
        """The one subject that a text means, or None with the problem recorded.

        `sort` and `where` word the question and its lasting key: 'person:王乙@培训'. What is near
        an unknown name is looked for `among` these, else among all of that sort.
        """
        if match.one is not None:
            self.note_once(field_name, match.note)
            return match.one
        if not match.ids:
            near = self.directory.index.near(text, sort, among() if among else None)
            fix = f"相近的有：{'、'.join(near)}；" if near else ""
            fix += "请核对，或先在名册中登记"
            self.say("error", field_name, f"“{text}”在{where}中找不到", fix)
            return None
        labels = {self.directory.index.label(i): i for i in match.ids}
        chosen = self.ask(field_name, f"{sort}:{text}@{where}", text, tuple(sorted(labels)))
        return labels[chosen] if chosen else None

    def ask(self, field_name: str, key: str, text: str, choices: tuple[str, ...]) -> str:
        """The choice a clerk made earlier; else '' and the question is recorded."""
        answer = clean(self.office.answers.get(key, ""))
        fitting = [c for c in choices if clean(c) == answer] or [
            c for c in choices if answer and answer in clean(c)
        ]
        if len(fitting) == 1:
            return fitting[0]
        what = f"“{text}”可能是：{'；'.join(choices)}"
        if answer:
            what += f"（已有的答复“{answer}”不能确定是哪一个）"
        fix = f'请运行 tracker answer "{key}" "{choices[0]}"（或其他一项），再导入一次'
        self.say("question", field_name, what, fix)
        return ""

    def fact(self, table: str, **columns: object) -> None:
        """State a fact of the registry, by this roster and for this year."""
        roster = f"{self.cell.reporter_id}:{self.cell.form}" if self.rule.roster else ""
        dated: Columns = {"starts_on": None, "ends_on": None, **columns}
        dated.update(roster=roster, period=self.year if roster else None)
        self.facts.append((table, dated))
