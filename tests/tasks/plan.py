"""An invented work plan of a prefecture (packs/qingyang-2020-9), and its registry as imported."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from tracker import resources
from tracker.policy.law import Law
from tracker.policy.load import load_law

PLAN = "qingyang-2020-9"


@cache
def plan_law() -> Law:
    """The law of the plan alone, with the words of the shipped one."""
    loaded = load_law([resources.folder("duties"), Path(__file__).with_name("packs")])
    return replace(loaded, packs=(loaded.pack(PLAN),))
