"""Scorecards: a subject's sheet and the assessing office's list, read from what is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.errors import LuzeError
from tracker.policy.law import Law
from tracker.policy.model import Document
from tracker.policy.scorecard import Scorecard, ScorePlan
from tracker.registry.dated import load_registry
from tracker.scorecards.facts import on_record
from tracker.scorecards.meant import card_meant, card_named, cards_of
from tracker.scorecards.score import Sheet, score
from tracker.scorecards.tables import ScoreEvent


@dataclass(frozen=True, slots=True)
class Scores:
    """Sheets of one document as of a day."""

    document: Document
    plan: ScorePlan
    as_of: date
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A sheet in a list. `place`: None where it is vetoed or something is missing."""

    place: int | None
    sheet: Sheet


def sheet_of(
    connection: sa.Connection, law: Law, document: str, subject_id: int, *, as_of: date,
    known_at: datetime, card: str | None = None,
) -> Scores:  # fmt: skip
    """The sheet of one subject. Raises LuzeError where nothing is recorded of it."""
    plan, issued = cards_of(law, document), law.pack(document).document
    facts = on_record(connection, document, as_of=as_of, known_at=known_at)
    registry = load_registry(connection, known_at)
    kind = str(registry.subjects["kind"].get(subject_id, ""))
    chosen = card_meant(plan, kind, card, facts, subject_id)
    mine = [fact for fact in facts if fact.card == chosen.id]
    if all(fact.subject_id != subject_id for fact in mine):
        raise LuzeError(
            f"截至 {as_of}，“{registry.name(subject_id)}”没有登记过“{chosen.name}”的分数和事项",
            fix="请先用 tracker score record 登记",
        )
    return Scores(issued, plan, as_of, (score(chosen, mine, subject_id),))


def ranking(
    connection: sa.Connection, law: Law, document: str, card: str, *, office: str, as_of: date,
    known_at: datetime,
) -> tuple[Scores, tuple[Placed, ...]]:  # fmt: skip
    """Everybody scored by a card, in order, for one of the offices that assess. Raises LuzeError
    for anybody else, and where nobody is scored."""
    plan = cards_of(law, document)
    if office not in plan.offices:
        fix = f"排名只供考核单位使用，请用 --assessing-office 写明：{'、'.join(plan.offices)}"
        what = f"“{office}”不是本办法的考核单位" if office else "没有写明是哪个考核单位"
        raise LuzeError(what, fix=fix)
    chosen = card_named(plan, card)
    facts = on_record(connection, document, as_of=as_of, known_at=known_at)
    mine = [fact for fact in facts if fact.card == chosen.id]
    if not mine:
        raise LuzeError(f"截至 {as_of}，“{chosen.name}”没有任何登记", fix="请先登记分数和事项")
    placed = place(sheets(chosen, mine))
    issued = law.pack(document).document
    return Scores(issued, plan, as_of, tuple(one.sheet for one in placed)), placed


def sheets(card: Scorecard, facts: Iterable[ScoreEvent]) -> list[Sheet]:
    """The sheet of every subject that the card's facts speak of."""
    known = list(facts)
    return [score(card, known, one) for one in sorted({fact.subject_id for fact in known})]


def place(found: Iterable[Sheet]) -> tuple[Placed, ...]:
    """In order of the total, equals sharing a place; then those not yet complete, then those
    vetoed, both without one."""
    order = sorted(found, key=lambda s: (s.vetoed, bool(s.missing), -s.total, s.subject_id))
    clear = [sheet.total for sheet in order if not (sheet.vetoed or sheet.missing)]
    return tuple(
        Placed(None if s.vetoed or s.missing else clear.index(s.total) + 1, s) for s in order
    )
