"""The law: what a declared exit from poverty, or a monitored household, is checked for.

exit_checks.yaml. What is found is never an exit refused by the program: it is held until a person
decides (`on_hold`), or said (`warning`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from tracker.policy.base import Cite, Interpretation, Rule
from tracker.policy.source import At


class ExitCheck(Rule):
    """One check, in exactly one of five shapes.

    Of a household that has `exited`: `same_year`: it was identified in the year of its exit;
    `unmet`: one of these guarantees was not met on the day of the exit; `counted`: an income of
    this kind of line in the year of the exit; `only`: it has no other measure of support than
    these. Of one that is `monitored`: `lacks`: no line of this kind since it is monitored.
    """

    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    cite: Cite
    name: str
    paraphrase: str
    of: Literal["exited", "monitored"]
    same_year: bool = False
    unmet: tuple[str, ...] = ()
    counted: str | None = None
    only: tuple[str, ...] = ()
    lacks: str | None = None
    leads_to: Literal["on_hold", "warning"]
    interpretations: tuple[Interpretation, ...] = ()


EXIT_WORDS = {"counted": ("kinds",), "lacks": ("kinds",)}


def exit_defects(check: ExitCheck) -> Iterator[tuple[At, str, str]]:
    """Where a check is of no shape or of several, or asks the wrong households."""
    shapes = [name for name in ("same_year", "unmet", "counted", "only", "lacks")
              if getattr(check, name)]  # fmt: skip
    if len(shapes) != 1:
        fix = "请在 same_year、unmet、counted、only、lacks 中选一个"
        yield (), f"写了 {len(shapes)} 种查法，要写且只写一种", fix
        return
    fits = "monitored" if check.lacks else "exited"
    if check.of != fits:
        yield ("of",), f"{shapes[0]} 不能用来核查 {check.of}", f"请写 of: {fits}"
