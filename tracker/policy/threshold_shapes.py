"""The law against itself: whether the bounds of a duty can be asked, and asked together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from tracker.policy.duty import COUNTERPART, MILESTONE, RANK, YEAR, Case, Duty
from tracker.policy.known import Defect, Known
from tracker.policy.milestones import day_of, milestones
from tracker.policy.parse import near
from tracker.policy.source import At

Bound = int | Decimal | Case
_BY = f"{RANK}、{YEAR}、{MILESTONE}、{COUNTERPART}属性"
_PERCENT = ("%", "％", "百分比")


def threshold_defects(duty: Duty, known: Known) -> Iterator[Defect]:
    """Whether each bound can be asked, and whether both can be met."""
    bounds = {"at_least": duty.at_least, "at_most": duty.at_most}
    for name, bound in bounds.items():
        if isinstance(bound, Case):
            yield from _case_defects(name, bound, duty, known)
        elif bound is not None:
            yield from _number_defects((name,), bound, duty)
    by_milestone = any(isinstance(b, Case) and b.by == MILESTONE for b in bounds.values())
    if duty.every == "milestones" and not by_milestone:
        fix = "请把标准写成 {by: milestone, cases: {年份或日期: 数}}，或改 every"
        yield ("every",), "考核期是 milestones，却没有一个标准按节点写", fix
    yield from _crossed_defects(duty)
    yield from _base_defects(duty)


def _number_defects(at: At, number: int | Decimal, duty: Duty) -> Iterator[Defect]:
    """A number by itself: counted is at least one, reported may be a fraction."""
    amount = duty.measure in ("latest", "sum")
    if at[0] == "at_least" and (number <= 0 if amount else number < 1):
        fix = f"应{'大于 0' if amount else '至少为 1'}；没有标准的请列为 kind: qualitative"
        yield at, f"标准不能是 {number}", fix
    if at[0] == "at_most" and number < 0:
        yield at, f"标准不能是 {number}", "至少应为 0；没有标准的请列为 kind: qualitative"
    if duty.unit in _PERCENT and number > 100:
        yield at, f"比例不能超过 100，这里是 {number}", "请核对数字和计量单位"


def _case_defects(name: str, case: Case, duty: Duty, known: Known) -> Iterator[Defect]:
    keys: Mapping[str, At] = {key: (name, "cases", _step(key)) for key in case.cases}
    if case.by == RANK:
        for key in case.cases.keys() - (known.rank_groups or case.cases.keys()):
            what = f"document.yaml 的 rank_groups 里没有“{key}”"
            yield keys[key], what, near(key, known.rank_groups or ())
    elif case.by.startswith(COUNTERPART):
        yield from _attribute_defects((name, "by"), case.by, duty, known)
    elif case.by in (YEAR, MILESTONE):
        yield from _window_defects((name, "by"), case.by, duty)
        yield from _date_defects(case, keys)
    else:
        yield (name, "by"), f"标准不能随“{case.by}”变化", f"可用的有：{_BY}"
    for key, number in case.cases.items():
        if isinstance(number, int | Decimal):
            yield from _number_defects(keys[key], number, duty)


def _attribute_defects(at: At, by: str, duty: Duty, known: Known) -> Iterator[Defect]:
    attribute = by.removeprefix(COUNTERPART)
    if duty.per is None:
        yield at, "标准随对象变化，却没有写对谁", "请补上 per"
    if known.words and attribute not in known.words.attributes:
        what = f"词表的 attributes 里没有“{attribute}”"
        yield at, what, near(attribute, known.words.attributes)


def _window_defects(at: At, by: str, duty: Duty) -> Iterator[Defect]:
    if by == MILESTONE and duty.every != "milestones":
        what = f"标准按节点写，考核期却是 {duty.every}"
        yield at, what, "请改为 every: milestones，或改用 window.year"
    if by == YEAR and duty.every == "always":
        yield at, "常态责任没有考核年份", "请写一个数，或改考核期"


def _date_defects(case: Case, keys: Mapping[str, At]) -> Iterator[Defect]:
    """Years and milestones: each key a day that exists, no day twice."""
    words = "年份" if case.by == YEAR else "年份，也不是日期"
    example = "2017" if case.by == YEAR else "2017 或 2017-06-30"
    told: dict[date, str] = {}
    for key, at in keys.items():
        day = day_of(key)
        if day is None or (case.by == YEAR and len(key) != len("2017")):
            yield at, f"“{key}”不是{words}", f"请写成 {example}"
        elif day in told:
            yield at, f"“{key}”和“{told[day]}”是同一天（{day}）", "请只留一处"
        else:
            told[day] = key


def _crossed_defects(duty: Duty) -> Iterator[Defect]:
    """At most below at least, for the same case or for all."""
    least, most = _numbers(duty.at_least), _numbers(duty.at_most)
    for key, number in most.items():
        at: At = ("at_most",) if key == "" else ("at_most", "cases", _step(key))
        lowest = [low for other, low in least.items() if "" in (key, other) or key == other]
        if lowest and number < max(lowest):
            what = f"至多（{number}）低于至少（{max(lowest)}）"
            yield at, what, "请核对 at_least 和 at_most"


def _numbers(bound: Bound | None) -> dict[str, int | Decimal]:
    """The numbers of a bound by case ('' for all cases)."""
    if bound is None:
        return {}
    cases = bound.cases if isinstance(bound, Case) else {"": bound}
    return {key: number for key, number in cases.items() if isinstance(number, int | Decimal)}


def _base_defects(duty: Duty) -> Iterator[Defect]:
    if duty.base is None:
        return
    first = next(iter(milestones(duty)), None)
    if duty.measure != "latest" or first is None:
        fix = "base 只用于 measure: latest、按节点写的标准，请删去"
        yield ("base",), "没有按节点的水平，用不着起点", fix
    elif duty.base.on >= first:
        yield ("base", "on"), f"起点 {duty.base.on} 不早于第一个节点 {first}", "请核对日期"


def _step(key: str) -> str | int:
    """A year stands as a number in the file."""
    return int(key) if key.isdigit() else key
