"""The ledger, its data: what import templates show beside the columns (templates.yaml)."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tracker.resources import shipped


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Shown):
    """What a template shows of a field beside its name; see the head of templates.yaml."""

    example: str = ""
    hint: str | None = None
    offers: tuple[str, ...] | Literal["ranks"] = ()
    leave_out: tuple[str, ...] = ()
    width: float = 0


class FormTemplate(_Shown):
    """Title, what the sheet is for, its columns; `marks`: the days of a month grid's example."""

    title: str
    about: str
    columns: dict[str, Column]
    marks: tuple[str, ...] = ()


class Templates(_Shown):
    """templates.yaml."""

    cite: str
    blank_rows: int
    checked_rows: int
    instructions: tuple[str, ...]
    hints: dict[str, str]
    widths: dict[str, float]
    forms: dict[str, FormTemplate]


@cache
def load_templates() -> Templates:
    """templates.yaml. Raises pydantic's ValidationError: the file ships with the program."""
    return shipped(__file__, "templates.yaml", Templates)
