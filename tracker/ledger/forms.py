"""Reading, its data: what forms offices keep and how they word them (forms.yaml + local wordings).

A local file may only add wordings to forms and fields that exist; it changes no meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from tracker import resources
from tracker.errors import Problem
from tracker.ledger.days import Edge
from tracker.ledger.forms_file import merge, parse, problem, refusal
from tracker.ledger.written import heading, tight

_SHIPPED = Path(__file__).with_name("forms.yaml")
Words = tuple[str, ...]
FieldType = Literal[
    "name", "text", "household", "day", "dated", "span", "month", "number",
    "flag", "provision", "people", "choice", "short_names",
]  # fmt: skip


class Wording(BaseModel):
    """Base of everything in the file: unknown keys are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class Field(Wording):
    """One column. required: the row is refused without it. lenient: a bad value is refused, the
    row is kept. carry: usually merged, so filled down where a csv lost the merging. year: whether
    days must lie in the sheet's year. month_only: which edge '2017年6月' means. not_before: the
    field whose day this one may not precede. same_as: the field this is another source of.
    values: id -> how offices write it."""

    type: FieldType
    required: bool = False
    lenient: bool = False
    carry: bool = False
    year: Literal["same", "any", "note"] = "same"
    month_only: Edge | None = None
    not_before: str | None = None
    same_as: str | None = None
    vocabulary: str | None = None
    headers: Words
    values: dict[str, Words] = {}

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        _said_once({key: map(tight, words) for key, words in self.values.items()}, "取值")
        return self

    @cached_property
    def choices(self) -> dict[str, str]:
        """Written word -> id."""
        return {tight(word): key for key, words in self.values.items() for word in words}


class Form(Wording):
    """One kind of sheet: its Chinese name, what its sheets are called, its columns. ignored:
    headers that a print of ours shows for people and that say nothing to an import. by_hand:
    fields that it leaves empty; a row with none of them was not filled in."""

    name: str
    layout: Literal["rows", "month_grid"] = "rows"
    sheets: Words
    fields: dict[str, Field]
    ignored: Words = ()
    by_hand: Words = ()

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        _said_once({key: map(heading, f.headers) for key, f in self.fields.items()}, "表头")
        return self

    @cached_property
    def by_header(self) -> dict[str, str]:
        """Header as compared -> field."""
        return {heading(h): key for key, field in self.fields.items() for h in field.headers}

    def by_field(self, content: Mapping[str, Any]) -> dict[str, str]:
        """An entry's content by field, whatever words its headers used."""
        return {self.by_header.get(heading(h), h): str(value) for h, value in content.items()}

    @cached_property
    def passed_over(self) -> frozenset[str]:
        """Headers as compared that are known here and of no use."""
        return frozenset(heading(word) for word in self.ignored)

    @property
    def required(self) -> set[str]:
        """The fields without which there is no row."""
        return {key for key, field in self.fields.items() if field.required}


class Columns(Wording):
    """ignored: known, of no use. private: never read, not even kept as written. own: what this
    program wrote into a copy that comes back."""

    ignored: Words
    private: Words
    own: Words


class Labels(Wording):
    reporter: Words
    filed_on: Words


class SheetWords(Wording):
    """unread: names of sheets that only explain how to fill in the others."""

    unread: Words


class RowWords(Wording):
    """Rows that are no data begin with these words."""

    examples: Words
    totals: Words
    notes: Words


class CellWords(Wording):
    ditto: Words
    open: Words
    yes: Words
    no: Words
    counters: Words
    weekdays: Words


class MarkKind(Wording):
    symbols: Words
    meanings: Words


class Marks(Wording):
    """Symbols of month grids. totals: which kinds a hand-typed total may have added up."""

    glyphs: dict[str, Words]
    kinds: dict[str, MarkKind]
    nothing: MarkKind
    blank: Words
    totals: tuple[Words, ...]

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        groups = {**self.kinds, "nothing": self.nothing}
        words = {key: map(tight, (*g.symbols, *g.meanings)) for key, g in groups.items()}
        _said_once(words, "符号")
        return self

    @cached_property
    def by_glyph(self) -> dict[str, str]:
        """Another way of writing a symbol -> the symbol."""
        return {tight(other): glyph for glyph, others in self.glyphs.items() for other in others}

    @cached_property
    def by_symbol(self) -> dict[str, str]:
        """Symbol or meaning as written in a cell -> kind; '' for a mark that records nothing."""
        groups = {**self.kinds, "": self.nothing}
        return {
            tight(word): kind for kind, g in groups.items() for word in (*g.symbols, *g.meanings)
        }

    @cached_property
    def by_meaning(self) -> dict[str, str]:
        """Meaning as explained in a legend -> kind; '' for nothing."""
        groups = {**self.kinds, "": self.nothing}
        return {tight(word): kind for kind, g in groups.items() for word in g.meanings}


class Forms(Wording):
    """All wordings together; see forms.yaml."""

    columns: Columns
    labels: Labels
    sheets: SheetWords
    rows: RowWords
    words: CellWords
    marks: Marks
    forms: dict[str, Form]

    @cached_property
    def known_headers(self) -> frozenset[str]:
        """Every header that any form knows, and the ignored ones."""
        words = {h for f in self.forms.values() for h in (*f.by_header, *f.passed_over)}
        return frozenset(words) | self.ignored | self.withheld

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Headers of columns that are known and of no use."""
        return frozenset(heading(word) for word in self.columns.ignored)

    @cached_property
    def private(self) -> frozenset[str]:
        """Headers of columns that concern nobody but the person."""
        return frozenset(heading(word) for word in self.columns.private)

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Headers of columns that are not kept, not even as written."""
        return self.private | {heading(word) for word in self.columns.own}


def load_forms(extra: Path | None = None) -> Forms:
    """The shipped forms, with the wordings of `extra` added.

    Raises LuzeError with every defect of the file: name, line and key.
    """
    if extra is None:
        return _shipped()
    content = parse(_SHIPPED)
    if problems := merge(content, parse(extra), extra.name):
        raise refusal(extra.name, problems)
    return _forms(content, extra.name)


@cache
def _shipped() -> Forms:
    return _forms(parse(_SHIPPED), _SHIPPED.name)


def _forms(content: dict[str, Any], name: str) -> Forms:
    unknown = _add_vocabulary(content, name)
    try:
        forms = Forms.model_validate(content)
    except ValidationError as error:
        problems = [problem(name, content, detail) for detail in error.errors()]
        raise refusal(name, unknown + problems) from None
    if unknown:
        raise refusal(name, unknown)
    return forms


def _add_vocabulary(content: Mapping[str, Any], name: str) -> list[Problem]:
    """A choice out of the shared vocabulary is also written with the vocabulary's own word.

    Returns the ids that the vocabulary does not have.
    """
    vocabulary = parse(resources.folder("duties") / "vocabulary.yaml")
    used = [("marks.kinds", content["marks"]["kinds"], vocabulary["kinds"])]
    for key, form in content["forms"].items():
        for column, field in form["fields"].items():
            if section := field.get("vocabulary"):
                values, words = field.setdefault("values", {}), vocabulary[section]
                used.append((f"forms.{key}.fields.{column}.values", dict(values), words))
                for value, word in words.items():
                    values[value] = [word, value, *values.get(value, ())]
    return [
        Problem(f"不认识的类别“{value}”", f"{name} {path}", f"可用的：{'、'.join(words)}")
        for path, values, words in used
        for value in values
        if value not in words
    ]


def _said_once(groups: Mapping[str, Iterable[str]], what: str) -> None:
    """Raise ValueError where one wording stands for two things."""
    owner: dict[str, str] = {}
    for key, words in groups.items():
        for word in words:
            if owner.setdefault(word, key) != key:
                raise ValueError(f"{what}“{word}”同时归在 {owner[word]} 和 {key}")
