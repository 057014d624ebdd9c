"""The law: the words and small types that every part of a pack is written with."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Rule(BaseModel):
    """Base of everything a pack says: unknown keys are refused, nothing can be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _month_day(value: object) -> object:
    """'03-31' -> (3, 31). 02-29 is refused: most years lack it."""
    if isinstance(value, str):
        month, _, day = value.partition("-")
        try:
            date(2001, int(month), int(day))
        except ValueError:
            raise ValueError("应写成每年都有的 月-日，例如 03-31") from None
        return int(month), int(day)
    return value


MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]
Cite = Annotated[str, Field(min_length=1)]
Interpretation = Annotated[str, Field(pattern=r"^I\d+$")]
Ident = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z0-9_]+)?$")]
Key = Annotated[str, BeforeValidator(str)]
AREA_CODE = r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$"
AreaKey = Annotated[Key, Field(pattern=AREA_CODE)]


class Span(Rule):
    """From and to inclusive; no `to` means still in force."""

    from_: date = Field(alias="from")
    to: date | None = None
