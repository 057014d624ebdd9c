"""The law: a document itself, whom it binds and from when, and the decisions it makes for all of
its duties.

document.yaml. Unknown keys are refused; our own numbers are cited as 本地设置.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from tracker.errors import PackError
from tracker.policy.base import AREA_CODE, Cite, Interpretation, Key, Rule, Span

Every = Literal["year", "half_year", "quarter", "month", "milestones", "once", "always"]


class Area(Rule):
    """The statistical code of the area a document binds, without padding zeros: '62', '621023'."""

    code: str = Field(pattern=AREA_CODE)
    name: str

    def covers(self, code: str) -> bool:
        """Whether the area of `code` lies in this area or is it."""
        return code.startswith(self.code)


class Repeal(Rule):
    number: str
    title: str = ""
    issued_on: date | None = None
    cite: Cite


class WorkingDaysGrace(Rule):
    working_days: int = Field(ge=0)
    interpretation: Interpretation


class DaysGrace(Rule):
    days: int = Field(ge=0)
    interpretation: Interpretation


class MonthsGrace(Rule):
    months: int = Field(ge=0)
    interpretation: Interpretation


class Floor(Rule):
    """A held span shorter than this owes nothing of a count duty (I12)."""

    days: int
    month: int
    interpretation: Interpretation


class Warnings(Rule):
    """When an open obligation is 'due soon': days before its last safe date, by window. When it
    is behind: less than `pace` of what an even effort would have done by now.

    A notice that stays open is repeated after so many working days each time (`repeat_after`, the
    last one again and again), and reported to the leader `leader_after` working days after it was
    raised. A waiver is announced as expiring `waiver_ends` days before its end."""

    due_soon: dict[Every, int]
    pace: Decimal = Field(gt=0, le=1)
    repeat_after: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    leader_after: int = Field(ge=0)
    waiver_ends: int = Field(ge=0)
    cite: Cite


class Hearing(Rule):
    """Before an interview is decided: working days for a statement after the subject was informed;
    after it was held: days within which the rectification is due unless the decision says so."""

    statement_working_days: int = Field(ge=0)
    rectification_days: int = Field(ge=1)
    cite: Cite


class Defaults(Rule):
    """Decisions that hold for every duty of the document unless the duty says otherwise.
    `same_level`: an administrative level that a 同级 body of the other level stands for."""

    entry_grace: WorkingDaysGrace
    standing_grace: DaysGrace
    promotion_grace: MonthsGrace
    short_span: Floor
    transitional: Interpretation
    unreported: Interpretation
    law_change: Interpretation
    warnings: Warnings
    hearing: Hearing
    same_level: dict[Key, str] = {}


class Article(Rule):
    """One article for the coverage report: what became of it. `undecided`: as a new document
    begins; nothing is adopted while one is left."""

    id: str
    name: str
    covered: Literal[
        "duty", "qualitative", "interview", "bar", "award", "score", "exit", "recommendation",
        "background", "not_covered", "undecided",
    ]  # fmt: skip
    why: str = ""


class Document(Rule):
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    number: str
    title: str
    issuers: tuple[str, ...]
    area: Area
    issued_on: date
    in_force: Span
    repeals: tuple[Repeal, ...] = ()
    rank_groups: dict[str, tuple[str, ...]] = {}
    defaults_: Defaults | None = Field(default=None, alias="defaults")
    articles: tuple[Article, ...]

    @property
    def defaults(self) -> Defaults:
        """The decisions for its duties; a document without duties has none.

        Raises PackError for such a document.
        """
        if self.defaults_ is None:
            raise PackError(f"文件 {self.id} 没有写 defaults", fix="有责任事项的文件须写 defaults")
        return self.defaults_
