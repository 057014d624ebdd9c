"""The task ledger, its data: which light a judgement is shown by (lights.yaml)."""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from tracker.evaluation.words import Status
from tracker.resources import shipped


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Light(_Shown):
    """A light: never a colour alone. `open`: there is still something to do; `fill`: the ground of
    a printed cell; `ink`: on a terminal."""

    word: str
    sign: str
    open: bool = False
    fill: str = ""
    ink: str = ""

    def __str__(self) -> str:
        return f"{self.sign}{self.word}"


class Lights(_Shown):
    """lights.yaml: the lights in the order of lists and totals, and what each status shows."""

    cite: str
    lights: dict[str, Light]
    statuses: dict[str, str]
    closed_after: str

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.statuses) != {status.name for status in Status}:
            raise ValueError("every status has its light, and nothing else has one")
        if unknown := {*self.statuses.values(), self.closed_after} - self.lights.keys():
            raise ValueError(f"no such lights: {unknown}")
        return self

    def of(self, status: str, *, closed_late: bool) -> str:
        """The light of a status, and of what was closed after its time, whatever the status."""
        return self.closed_after if closed_late else self.statuses[status]

    def order(self, light: str) -> int:
        """The place of a light in lists."""
        return list(self.lights).index(light)


@cache
def load_lights() -> Lights:
    """lights.yaml. Raises pydantic's ValidationError: the file ships with the program."""
    return shipped(__file__, "lights.yaml", Lights)
