"""Scorecards: which document and which card a person means."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.errors import LuzeError
from tracker.policy.law import Law
from tracker.policy.scorecard import Scorecard, ScorePlan
from tracker.scorecards.tables import ScoreEvent


def scored_by(law: Law) -> list[str]:
    """The ids of the documents that have scorecards."""
    return [pack.document.id for pack in law.packs if pack.scorecard]


def document_meant(law: Law, text: str | None) -> str:
    """The document meant, or the only one there is. Raises LuzeError with those there are."""
    known = scored_by(law)
    if text in known:
        return str(text)
    if text is None and len(known) == 1:
        return known[0]
    what = f"“{text}”没有计分办法" if text else "没有写明是哪一份文件"
    raise LuzeError(what, fix=f"可写：{'、'.join(known)}")


def cards_of(law: Law, document: str) -> ScorePlan:
    """The scorecards of a document. Raises LuzeError."""
    plan = law.pack(document_meant(law, document)).scorecard
    assert plan is not None  # document_meant has looked
    return plan


def card_meant(
    plan: ScorePlan, kind: str, text: str | None, known: Iterable[ScoreEvent], subject_id: int
) -> Scorecard:
    """The card by which a subject of a registry kind is scored: as said, else as it was scored so
    far, else the only one for its kind. Raises LuzeError with those there are."""
    fitting = [card for card in plan.scorecards if card.scores == kind] or [*plan.scorecards]
    so_far = {fact.card for fact in known if fact.subject_id == subject_id}
    if text is not None:
        found = [card for card in plan.scorecards if text in (card.id, card.name)]
    else:
        found = [card for card in fitting if card.id in so_far] or fitting
    if len(found) != 1:
        what = f"没有“{text}”这张考核表" if text else "没有写明按哪一类考核"
        told = "、".join(f"{card.name}（{card.id}）" for card in fitting)
        raise LuzeError(what, fix=f"请用 --card 写明，可写：{told}")
    return found[0]


def card_named(plan: ScorePlan, text: str | None) -> Scorecard:
    """The card of this id or name. Raises LuzeError with those there are."""
    found = next((card for card in plan.scorecards if text in (card.id, card.name)), None)
    if found is None:
        told = "、".join(f"{card.name}（{card.id}）" for card in plan.scorecards)
        raise LuzeError(f"没有“{text}”这张考核表", fix=f"可写：{told}")
    return found
