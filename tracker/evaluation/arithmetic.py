"""The arithmetic of a finding in words: what is asked and why so much, what there is and lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite

from tracker.evaluation.explain import Explanation, State
from tracker.evaluation.path import expected, points_of
from tracker.evaluation.phrases import EVERY_NAMES, amount, fraction, short_date
from tracker.evaluation.words import STATUS_NAMES, Reason, Status
from tracker.frames import absent
from tracker.registry.dated import FIRST_DAY, to_date

_SPECIAL = {"not_applicable": "不作要求", "needs_review": "须由人核定"}


def threshold(explanation: Explanation, attributes: Mapping[str, str]) -> list[str]:
    """What is asked, what chose it, and its share where the span is shorter than the window."""
    f, duty = explanation.finding, explanation.duty
    every = EVERY_NAMES.get(duty.every) or f"到{short_date(f['closes'])}"
    if duty.measure == "standing" and duty.at_most is None:
        return [f"标准：{every}保持（{amount(f['required'])}{duty.unit}）"]
    said = [f"标准：{every}{_bounds(explanation)} {duty.unit}", *_chosen(explanation, attributes)]
    if f["required"] != f["literal"]:
        days = "工作日" if duty.working_days_only else "天"
        said.append(
            f"折算：在岗 {explanation.held} {days}，全期 {explanation.whole} {days}，"
            f"{amount(f['literal'])}×{explanation.held}÷{explanation.whole} 向上取整 = "
            f"{amount(f['required'])} {duty.unit}（口径 {duty.mid_window.interpretation}）"
        )
    return said


def _bounds(explanation: Explanation) -> str:
    literal = amount(explanation.finding["literal"])
    if not isfinite(explanation.most):
        return f"不少于 {literal}"
    if not isfinite(explanation.least):
        return f"不超过 {literal}"
    return f"不少于 {literal}、不超过 {amount(explanation.most)}"


def _chosen(explanation: Explanation, attributes: Mapping[str, str]) -> list[str]:
    """The state of the counterpart that the standard follows, and what others would ask (I52)."""
    if not explanation.states:
        return []
    now, *earlier = explanation.states
    said = [f"标准的依据：对象的{attributes.get(now.attribute, now.attribute)}为{_state(now)}"]
    said += [f"考核期内有变化：此前为{_state(state)}" for state in earlier]
    return said


def _state(state: State) -> str:
    since = "" if state.starts <= to_date(FIRST_DAY) else f"，{short_date(state.starts)}起"
    number = state.number if isinstance(state.number, str) else amount(float(state.number))
    return f"“{state.value}”（标准 {_SPECIAL.get(number, number)}{since}）"


def count(explanation: Explanation, as_of: date) -> list[str]:
    """What there is against what is asked, by every reading, and the dates that follow."""
    f = explanation.finding
    said = [*(_level if explanation.duty.measure == "latest" else _sum)(explanation)]
    said += _other_readings(explanation)
    if f["unreported"]:
        said.append(f"未报送：考核期内有 {int(f['unreported'])} 天所在月份没有报送数据")
    if f["last_safe_on"]:
        said.append(f"最迟日期：{short_date(f['last_safe_on'], as_of)}（此后全力履行也不能达标）")
    if f["status"] == Status.in_grace.name:
        said.append(f"补录截止：{short_date(f['grace_ends'], as_of)}")
    if f["episode"]:
        said.append(f"缺口起始：{short_date(f['episode'], as_of)}")
    return said


def _sum(explanation: Explanation) -> Iterator[str]:
    f, unit = explanation.finding, explanation.duty.unit
    both = isfinite(explanation.least) and isfinite(explanation.most)
    yield f"累计：{amount(f['done']) if both else fraction(f)} {unit}{_off(explanation)}"
    if f["reason"] == Reason.no_report.name and not (f["unreported"] or explanation.counted):
        yield "未报送：考核期内还没有上报这项数据"


def _level(explanation: Explanation) -> Iterator[str]:
    """The newest figure, and where the path between the milestones stood on its day."""
    f, duty, newest = explanation.finding, explanation.duty, explanation.counted
    if not newest:
        yield "最近上报：考核期内还没有上报这项数据"
        return
    day, figure = newest[0].day, f"{amount(f['done'])} {duty.unit}"
    yield f"最近上报：{short_date(day)}的数据为 {figure}{_off(explanation)}"
    path = expected(points_of(duty), day)
    if path is not None:
        way = f"节点之间匀速推进，{short_date(day)}应达到 {amount(round(path, 2))} {duty.unit}"
        yield f"进度：{way}，实际 {figure}"


def _off(explanation: Explanation) -> str:
    """'，差 3' or '，超出 1'; '' within the bounds."""
    f = explanation.finding
    short, over = f["required"] - f["done"], f["done"] - explanation.most
    if short > 0 and isfinite(explanation.least):
        return f"，差 {amount(round(short, 2))}"
    return f"，超出 {amount(round(over, 2))}" if over > 0 else ""


def _other_readings(explanation: Explanation) -> list[str]:
    f = explanation.finding
    if absent(f["done_other"]):
        return []
    required = amount(f["required"])
    return [
        f"另一口径（{beside.name}，{beside.interpretation}）：{amount(done)}/{required}，"
        f"{STATUS_NAMES[Status(status)]}"
        for beside, (done, status) in zip(explanation.duty.beside, explanation.others, strict=True)
    ]
