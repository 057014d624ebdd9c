"""The law, where a document leaves a gap: its own figures disagree, or an annex is not at hand.

Told to whoever reads the pack, never mended: what does not agree is for the issuing body (I51), and
an unknown quota is not zero (I50).
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.policy.awards import Quota
from tracker.policy.model import Pack


@dataclass(frozen=True, slots=True)
class Note:
    """One gap: the clause, what it is about, what is missing or does not agree, as decided in."""

    cite: str
    about: str
    text: str
    interpretations: tuple[str, ...]

    def __str__(self) -> str:
        numbers = f"（{'、'.join(self.interpretations)}）" if self.interpretations else ""
        return f"{self.cite} {self.about}：{self.text}{numbers}"


def notes(pack: Pack) -> tuple[Note, ...]:
    """Where a document contradicts itself about a duty, then the gaps of its award plan and
    scorecards, in their order."""
    duties = (
        Note(duty.cite, duty.name, duty.contradiction, duty.interpretations)
        for duty in pack.duties
        if duty.contradiction
    )
    scored = pack.scorecard.notes if pack.scorecard else ()
    quotas = (
        Note(award.quota.cite, award.name, text, award.quota.interpretations)
        for award in (pack.awards.awards if pack.awards else ())
        for text in _gaps(award.quota)
    )
    gaps = (Note(gap.cite, gap.about, gap.text, gap.interpretations) for gap in scored)
    return (*duties, *quotas, *gaps)


def _gaps(quota: Quota) -> list[str]:
    missing = f"{quota.missing}不在手，分配到各地各单位的名额不明，不设限，也不当作零"
    return [*([quota.mismatch] if quota.mismatch else []), *([missing] if quota.missing else [])]
