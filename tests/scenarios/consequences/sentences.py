"""The sentences that a story may be told in (README.md), read strictly.

A form is printed for people and is also what is matched: `<谁>` is one word, `<判定…>` may be
several, `[由 <机关>]` may be left out. What a clerk gets wrong is answered with the form. Another
folder of stories may have more sentences: a `Language`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

# What is done; every sentence begins with its day.
ACTS = {
    form.split(" ")[0]: form
    for form in (
        "夜检",
        "记 <谁> <做> <日…>",
        "告知 <谁> <部分>",
        "陈述 <谁> <部分> 由 <人>",
        "决定约谈 <谁> <部分> [由 <机关>] [第 <级> 级] [情节 <轻重>] [理由 <理由>]",
        "决定不约谈 <谁> <部分> 理由 <理由>",
        "约谈 <谁> <部分> 到场 <人> [整改到 <期限>]",
        "核实 <谁> <部分>",
        "整改不到位 <谁> <部分>",
        "销号 <谁> <部分>",
        "认定 <谁> <部分> <影响>",
        "签收 <判定…> 由 <人>",
        "答复 <判定…> 由 <人> [承诺 <期限>]",
        (
            "登记事件 <类别> [是 <谁>] [在 <地方>] [户 <户>] [发生 <发生>] [情形 <情形>]"
            " [且 <认定>] [由 <机关>]"
        ),
        "撤销事件 <号>",
        "异议 <对象…> 由 <人>",
        "异议成立 <号>",
        "异议不成立 <号>",
        "撤回异议 <号>",
        "申请豁免 <事项> <谁> [对 <对象>] 自 <首日> 至 <末日>",
        "批准豁免 <号>",
        "不准豁免 <号>",
        "撤销豁免 <号>",
        "核定 <判定…> 为 <结论>",
    )
}
# What is to be seen: before the colon what it is, after it how it stands.
SIGHTS = {
    form.split(" ")[0]: form
    for form in (
        "提醒 <判定…>：<颜色> <状态> [签收 <签收>] [答复 <答复>] [再提醒 <次> 次] [报领导 <领导>]",
        "约谈 <谁> <部分>：<状态> [由 <由>] [约谈 <被约谈人>] [事由 <事由…>] [限 <期限>]",
        "限制 <谁> <内容> <事件> <条款>：<首日> 至 <末日> [因 <路径>]",
        "豁免 <号>：<状态>",
        "异议 <号>：<状态>",
        "提名 <谁>：<结论>",
        "判定 <判定…>：<结果…>",
    )
}


class Language(NamedTuple):
    """The sentences of a folder of stories, each by its first word: what is done, what is seen."""

    acts: Mapping[str, str]
    sights: Mapping[str, str]


CONSEQUENCES = Language(ACTS, SIGHTS)
_DAY = r"\d{4}-\d\d-\d\d"
_STEP = re.compile(rf"(?P<first>{_DAY})(?: 至 (?P<last>{_DAY}))? (?P<text>.+)")
_PART = re.compile(r"\[([^]]+)\]|<([^>]+)>")


class Said(NamedTuple):
    """A sentence understood: its first word, and what was written in each place of its form."""

    verb: str
    parts: Mapping[str, str]


class Step(NamedTuple):
    """A sentence with its day; `last` where it is said of every day until then."""

    first: date
    last: date
    text: str


def step(text: str) -> Step:
    """'2021-01-09 夜检', '2020-09-28 至 2020-10-20 夜检'."""
    found = _STEP.fullmatch(text.strip())
    if not found:
        raise ValueError(f"“{text}”：开头要写日期，如 2021-01-09 夜检")
    try:
        days = [date.fromisoformat(found[name]) for name in ("first", "last") if found[name]]
    except ValueError:
        raise ValueError(f"“{text}”：没有这一天") from None
    if days[-1] < days[0]:
        raise ValueError(f"“{text}”：后一日期早于前一日期")
    return Step(days[0], days[-1], found["text"])


def act(text: str, language: Language = CONSEQUENCES) -> Said:
    """What a sentence of something done says."""
    return _understand(text, language.acts)


def sight(text: str, language: Language = CONSEQUENCES) -> Said:
    """What a sentence of something seen says."""
    return _understand(text.replace(": ", "：").replace("： ", "："), language.sights)


def _understand(text: str, forms: Mapping[str, str]) -> Said:
    verb = text.split(" ")[0]
    if verb not in forms:
        near = "、".join(get_close_matches(verb, forms, n=3, cutoff=0.3) or forms)
        raise ValueError(f"“{text}”：不认识“{verb}”，可写：{near}")
    found = pattern(forms[verb]).fullmatch(text.strip())
    if not found:
        raise ValueError(f"“{text}”：看不懂，应写成“{forms[verb]}”")
    return Said(verb, {name: part for name, part in found.groupdict().items() if part is not None})


@cache
def pattern(form: str) -> re.Pattern[str]:
    """A form as a regular expression with a group for each place."""
    return re.compile(_expression(form))


def _expression(form: str) -> str:
    told, at = "", 0
    for part in _PART.finditer(form):
        told += re.escape(form[at : part.start()])
        optional, name = part.groups()
        if optional:
            told = told.removesuffix("\\ ") + rf"(?:\ {_expression(optional)})?"
        elif name.endswith("…"):
            told += f"(?P<{name[:-1]}>.+?)"
        else:
            told += rf"(?P<{name}>[^\s：]+)"
        at = part.end()
    return told + re.escape(form[at:])
