"""The law against itself: words that exist, citations that resolve, ids that are unique."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.errors import Problem
from tracker.policy.known import Defect, Known
from tracker.policy.parse import Item, near
from tracker.policy.shapes import shape_defects
from tracker.policy.source import At

Words = Mapping[str, tuple[str, ...]]

# Where a rule uses a word (a path, `*` is each item of a list) and the sections it may come from.
DUTY_WORDS: Words = {
    "holder.role": ("roles",),
    "holder.of": ("roles",),
    "holder.level.*": ("levels",),
    "counts.*.kind": ("kinds",),
    "counts.*.as": ("as",),
    "per.tie": ("ties",),
    "per.role": ("roles",),
    "requires.provision": ("kinds",),
    "requires.ties": ("ties",),
    "requires.post": ("posts",),
    "requires.exactly_one": ("posts",),
    "requires.also_holds.*": ("posts",),
    "rollup.to": ("roles",),
    "in_principle.reason": ("kinds",),
}
INTERVIEW_WORDS: Words = {
    "accountable": ("roles",),
    "level.*": ("levels",),
    "ladder.*.role": ("interviewers",),
    "interviewees.*.post": ("posts",),
    "grounds.*.after.*.incident": ("incidents",),
    "grounds.*.after.*.qualifiers.*": ("qualifiers",),
    "grounds.*.after.*.where": ("places",),
}
BAR_WORDS: Words = {
    "incident": ("incidents",),
    "qualifiers.*": ("qualifiers",),
    "where": ("places",),
    "on.*": ("roles", "posts"),
    "effects.*": ("effects",),
    "levels.led.*": ("levels",),
    "levels.leading.*": ("levels",),
    "interviewer.*.role": ("interviewers",),
    "interviewees.*.post": ("posts",),
}
PLAN_WORDS: Words = {
    "kinds.*.role": ("roles", "posts"),
    "kinds.*.level.*": ("levels",),
    "kinds.*.holds.posts.*": ("posts",),
    "branches.*.organs.*": ("organs",),
    "checks.*.recorded.incidents.*": ("incidents",),
    "checks.*.recorded.qualifiers.*": ("qualifiers",),
    "checks.*.recorded.any_of.*": ("qualifiers",),
    "checks.*.recorded.reaches.*.when": ("qualifiers",),
    "checks.*.recorded.reaches.*.where": ("places",),
    "checks.*.recorded.reaches.*.on.*": ("roles", "posts"),
    "checks.*.interviewed.by.*": ("interviewers",),
    "checks.*.rank.levels.*": ("levels",),
}
ADVICE_WORDS: Words = {
    "of": ("roles",),
    "to.*": ("roles", "posts"),
    "what": ("recommendations",),
}
_LOCAL = "本地设置"
_OWN = ("defaults", "floor", "exempt")  # where a number may be our own choice


def check(item: Item[Any], known: Known, words: Words) -> list[Problem]:
    """Every defect of one rule that shows only beside the rest of the law."""
    found = [*_words(item.data, known, words), *_references(item.data, known)]
    found += shape_defects(item.rule, known)
    return [item.problem(*defect) for defect in found]


def repeated(items: Iterable[Item[Any]], name: str = "id") -> list[Problem]:
    """A problem for each item whose `name` another item before it already has."""
    first: dict[str, str] = {}
    problems = []
    for item in items:
        value = getattr(item.rule, name)
        if value in first:
            what = f"“{value}”已经用过，第一次在 {first[value]}"
            problems.append(item.problem((name,), what, "请另取一个，或删去重复的一处"))
        first.setdefault(value, item.problem((name,), "").where.partition("（")[0])
    return problems


def disagreeing(bars: Iterable[Item[Any]]) -> list[Problem]:
    """A problem for each joint interview whose parties differ from those its section has."""
    first: dict[str, tuple[Any, ...]] = {}
    problems = []
    for item in bars:
        rule = item.rule
        parties = rule.on[:1], rule.interviewer, rule.interviewees
        if rule.interviewer and first.setdefault(rule.section, parties) != parties:
            what = f"{rule.section}的约谈主体或对象与前面的规则不一致"
            problems.append(item.problem(("interviewer",), what, "同一部分的连带约谈请写成一样"))
    return problems


def _words(data: Any, known: Known, words: Words) -> Iterator[Defect]:
    if known.words is None:
        return
    sections = known.words.model_dump(by_alias=True)
    for path, names in words.items():
        allowed = {word for name in names for word in sections[name]}
        for at, word in _select(data, path.split(".")):
            if word not in allowed:
                yield (
                    at,
                    f"词表 vocabulary.yaml 的 {'、'.join(names)} 里没有“{word}”",
                    near(word, allowed),
                )


def _select(data: Any, steps: list[str], at: At = ()) -> Iterator[tuple[At, Any]]:
    if not steps:
        yield at, data
    elif steps[0] == "*":
        for i, each in enumerate(data):
            yield from _select(each, steps[1:], (*at, i))
    elif isinstance(data, dict) and steps[0] in data:
        yield from _select(data[steps[0]], steps[1:], (*at, steps[0]))


def _references(data: Any, known: Known, at: At = ()) -> Iterator[Defect]:
    """Citations must name a listed article; interpretation numbers must be written down."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _references(value, known, (*at, key))
    elif at and at[-1] == "cite" and known.articles is not None:
        if data not in known.articles and (data != _LOCAL or not set(_OWN) & set(at)):
            what = f"document.yaml 的 articles 里没有“{data}”"
            yield at, what, near(str(data), known.articles)
    elif (
        isinstance(data, str)
        and known.interpretations is not None
        and re.fullmatch(r"I\d+", data)
        and data not in known.interpretations
    ):
        yield at, f"interpretations.yaml 里没有口径“{data}”", "请核对编号，或先在那里写下这一口径"
