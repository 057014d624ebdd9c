"""The law against itself: what a rule may refer to, and what a defect is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.policy.source import At
from tracker.policy.vocabulary import Vocabulary

Defect = tuple[At, str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may refer to; None where the file that says so is itself broken."""

    words: Vocabulary | None = None
    interpretations: frozenset[str] | None = None
    articles: frozenset[str] | None = None
    grounds: Mapping[str, frozenset[str]] | None = None
    rank_groups: frozenset[str] | None = None
    follows: Mapping[str, tuple[str, ...]] | None = None
    duties: Mapping[str, frozenset[str]] | None = None  # of every document
    issued_on: date | None = None
