"""An invented document whose duties have every sort of bound."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from tracker import resources
from tracker.policy.law import Law
from tracker.policy.load import load_law

HERE = Path(__file__).parent


@cache
def invented() -> Law:
    """The shipped words with the invented document alone."""
    law = load_law([resources.folder("duties"), HERE / "packs"])
    return replace(law, packs=tuple(p for p in law.packs if p.document.id == "shuping-2015-9"))
