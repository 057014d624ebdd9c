"""The ledger: what rows become, as data (lines.yaml), read strictly. Nothing here counts."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from tracker.resources import folder, shipped


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindBy(_Rule):
    """The kind of a line as the value of a field says. Without `words` the value is the kind.

    `otherwise`: the kind of any other value, empty for none. `unsure`: values that get `otherwise`
    but are worth a look. `ignored`: values that rightly become no line.
    """

    by: str
    words: dict[str, str] = {}
    otherwise: str = ""
    unsure: str = ""
    ignored: str = ""

    def kind(self, value: str) -> str:
        """The kind for this value; empty where it becomes no line."""
        if not self.words:
            return value
        return next((k for k, p in self.words.items() if re.search(p, value)), self.otherwise)

    def is_doubtful(self, value: str) -> bool:
        """Whether a person should look at how this value was understood."""
        if not self.words or any(re.search(p, value) for p in self.words.values()):
            return False
        if self.otherwise:
            return bool(self.unsure and re.search(self.unsure, value))
        return not (self.ignored and re.search(self.ignored, value))


class LineRule(_Rule):
    """One line per subject x counterpart x place x day of a row; see the head of lines.yaml."""

    kind: str | KindBy
    subject: str
    role: str
    counterpart: str = ""
    place: str = ""
    day: str = "day"
    quantity: str = ""
    item: str = ""
    named: str = ""
    when: str = ""


class FormRule(_Rule):
    """What the rows of one form become. `roster`: its rows also state facts of the registry.
    `above_county`: a prefecture may report in it, too. `coverage`: whom a report speaks for: the
    area or body that reports, or those its rows list (people: with a mark, bodies: by name)."""

    name: str
    key: tuple[str, ...]
    roster: bool = False
    coverage: Literal["area", "listed_people", "listed_bodies"] = "area"
    lines: tuple[LineRule, ...] = ()
    covers: tuple[str, ...] | Literal["rest"] = ()
    above_county: bool = False


class Captains(_Rule):
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()

    def is_captain(self, title: str) -> bool:
        """Whether this title makes its holder captain of the village's team."""
        return any(w in title for w in self.words) and not any(w in title for w in self.unless)


class Bounds(_Rule):
    """What figures of a unit can be; one below `doubtful` may be meant in another unit."""

    least: Decimal
    most: Decimal
    doubtful: Decimal


class Rules(_Rule):
    captains: Captains
    township_from_rows: int = Field(ge=1)
    county_reporters: tuple[str, ...]
    county_types: tuple[str, ...]
    county_organisers: tuple[str, ...]
    longest_name: int = Field(ge=1)
    names: tuple[str, ...]
    bounds: dict[str, Bounds]
    forms: dict[str, FormRule]

    @cached_property
    def covers(self) -> dict[str, frozenset[str]]:
        """Form -> the kinds and ties that a report in this form speaks of."""
        told = {f: frozenset(r.covers) for f, r in self.forms.items() if r.covers != "rest"}
        rest = frozenset(all_kinds()).difference(*told.values())
        every = {form: told.get(form, rest) for form in self.forms}
        return {form: kinds for form, kinds in every.items() if kinds}


@cache
def all_kinds() -> tuple[str, ...]:
    """Every kind of line that the shipped vocabulary knows."""
    text = (folder("duties") / "vocabulary.yaml").read_text(encoding="utf-8")
    return tuple(YAML(typ="safe").load(text)["kinds"])


@cache
def load_rules() -> Rules:
    """lines.yaml. Raises pydantic's ValidationError: the file ships with the program."""
    return shipped(__file__, "lines.yaml", Rules)
