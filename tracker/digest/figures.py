"""The digest: the office's own figures, as figures.yaml has them."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from tracker.policy.base import Cite, Rule
from tracker.resources import shipped


class HeatSize(Rule):
    """How many bodies and duties the heat table shows at most."""

    bodies: int = Field(ge=2)
    duties: int = Field(ge=1)


class Figures(Rule):
    """Days ahead, days back, lines shown. `decides`: the interviewer a document names -> the kind
    of area whose reader decides for it; `answers`: the kinds of areas whose reader answers what
    waits in them, the first that a place lies in."""

    cite: Cite
    due_within: int = Field(ge=0)
    bars_within: int = Field(ge=0)
    compared_with: int = Field(ge=1)
    lines: int = Field(ge=1)
    paper_lines: int = Field(ge=1)
    few: int = Field(ge=1)
    named: int = Field(ge=1)
    most_rows: int = Field(ge=1)
    heat: HeatSize
    decides: dict[str, str]
    answers: tuple[str, ...] = Field(min_length=1)


@cache
def figures() -> Figures:
    """figures.yaml. Raises pydantic's ValidationError: the file ships with the program."""
    return shipped(__file__, "figures.yaml", Figures)
