"""The law as typed rules: one part of a file becomes a model, or a list of problems in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from tracker.errors import Problem
from tracker.policy.base import Rule
from tracker.policy.source import At, Source

R = TypeVar("R", bound=Rule)

_GUIDE = "写法见 duties/README.md"
# What pydantic found -> what to tell the author; {x} are pydantic's own context values.
_MESSAGES = {
    "string_type": ("这里应写文字", "数字样的文字请加引号"),
    "string_too_short": ("这里不能空着", "请写明出处或内容"),
    "string_too_long": ("文字太长", "至多 {max_length} 个字"),
    "int_type": ("这里应写整数", "例如 4"),
    "int_parsing": ("这里应写整数", "例如 4"),
    "bool_type": ("这里应写 true 或 false", "请照此填写"),
    "bool_parsing": ("这里应写 true 或 false", "请照此填写"),
    "too_short": ("这里不能空着", "至少写 {min_length} 项"),
    "tuple_type": ("这里应写成清单", "每项一行，以“- ”开头，或写成 [甲, 乙]"),
    "dict_type": ("这里应写成“键: 值”", _GUIDE),
    "model_type": ("这里应写成“键: 值”", _GUIDE),
    "greater_than_equal": ("数字太小", "至少为 {ge}"),
    "greater_than": ("数字太小", "应大于 {gt}"),
    "less_than_equal": ("数字太大", "至多为 {le}"),
    "decimal_type": ("这里应写数字", "例如 0.5"),
    "decimal_parsing": ("这里应写数字", "例如 0.5"),
    "value_error": ("这里的写法不对", "{error}"),
    "date_type": ("这里应写日期", "例如 2019-07-31"),
    "date_from_datetime_parsing": ("这里应写日期", "例如 2019-07-31"),
}


@dataclass(frozen=True, slots=True)
class Item(Generic[R]):
    """A valid rule and where it stands, so that later checks can name its line."""

    source: Source
    at: At
    rule: R

    def problem(self, at: At, what: str, fix: str = "") -> Problem:
        """A defect at a path inside this rule."""
        return self.source.problem((*self.at, *at), what, fix)

    @property
    def data(self) -> Any:
        """The rule as written."""
        return self.source.at(self.at)


def parse(source: Source, at: At, model: type[R]) -> tuple[Item[R] | None, list[Problem]]:
    """The part of `source` at a path as a `model`, or its problems."""
    try:
        return Item(source, at, model.model_validate(source.at(at))), []
    except ValidationError as error:
        told = _telling(source, at, error.errors())
        return None, [_spoken(source, at, each, model) for each in told]


def near(word: str, known: Iterable[str]) -> str:
    """A hint towards the known word that looks most like `word`; else the list of known ones."""
    words = sorted(known)
    best = process.extractOne(word, words, score_cutoff=75)
    if best:
        return f"是不是想写“{best[0]}”？"
    return f"可用的有：{'、'.join(words)}" if len(words) <= 40 else "请查对照词表 vocabulary.yaml"


def _telling(source: Source, at: At, errors: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """One error per place: of the branches of a union only the one that was meant, if any."""
    places = [_place(source, at, error) for error in errors]
    for i, (place, error) in enumerate(zip(places, errors, strict=True)):
        if place in places[:i]:
            continue
        deeper = any(len(p) > len(place) and p[: len(place)] == place for p in places)
        single = error["type"] in ("missing", "extra_forbidden")
        if place in source.unreadable or (deeper and not single):
            continue
        if places.count(place) > 1 and not single:
            error = {**error, "type": "no_branch_fits", "ctx": {}}
        yield error


def _place(source: Source, at: At, error: ErrorDetails) -> At:
    """The path in the data; pydantic's own names of union branches are left out."""
    place, data = at, source.at(at)
    for step in error["loc"]:
        if (isinstance(data, Mapping) and step in data) or (
            isinstance(data, list) and isinstance(step, int)
        ):
            place, data = (*place, step), data[step]  # type: ignore[index]
    return (*place, error["loc"][-1]) if error["type"] == "missing" else place


def _spoken(source: Source, at: At, error: ErrorDetails, model: type[Rule]) -> Problem:
    place, kind = _place(source, at, error), error["type"]
    last = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "missing":
        return source.problem(place, f"缺少“{last}”", f"请补上；{_GUIDE}")
    if kind == "extra_forbidden":
        return source.problem(place, f"不认识“{last}”这个键", near(last, _keys(model)))
    what, fix = _MESSAGES.get(kind, ("", ""))
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "literal_error" or not what:
        what = f"“{_short(error['input'])}”不合这里的要求"
        fix = f"可用的有：{_allowed(context)}" if "expected" in context else _GUIDE
    return source.problem(place, what, fix.format(**context))


def _allowed(context: Mapping[str, Any]) -> str:
    return str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 30 else text[:29] + "…"


def _keys(model: type[Rule]) -> set[str]:
    """The keys of the model's own family of files: a pack is not corrected by a timetable."""
    family = model.__module__.rpartition(".")[0]
    return {
        info.alias or name
        for one in _descendants(Rule)
        if one.__module__.rpartition(".")[0] == family
        for name, info in one.model_fields.items()
    }


def _descendants(model: type[Rule]) -> Iterator[type[Rule]]:
    for child in model.__subclasses__():
        yield child
        yield from _descendants(child)
