"""A finding in plain official Chinese: clause, arithmetic in words, what was not heard of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from tracker.evaluation.explain import Explanation
from tracker.evaluation.words import REASON_NAMES, STATUS_NAMES, Flag, Reason, Status, flag_names
from tracker.frames import absent
from tracker.policy.law import Decision
from tracker.policy.model import Duty
from tracker.registry.dated import FIRST_DAY, to_date

_EVERY = {
    "year": "每年", "half_year": "每半年", "quarter": "每季度", "month": "每月",
    "once": "限期", "always": "始终",
}  # fmt: skip


def amount(value: float) -> str:
    """4.0 -> '4', 4.5 -> '4.5'."""
    return f"{value:g}"


def short_date(day: date, beside: date | None = None) -> str:
    """'7月31日'; with the year where it differs from `beside` or none is given."""
    text = f"{day.month}月{day.day}日"
    return text if beside and beside.year == day.year else f"{day.year}年{text}"


def window_name(opens: date, closes: date) -> str:
    """'2019年', '2019年下半年', '2019年第3季度', '2019年9月', from-to, or '常设' if open."""
    days = (closes - opens).days + 1
    if opens <= to_date(FIRST_DAY) or closes.year > 9000 or days > 366:
        return "常设"
    if days >= 365:
        return f"{opens.year}年"
    if days >= 181:
        return f"{opens.year}年{'上' if opens.month == 1 else '下'}半年"
    if days >= 90:
        return f"{opens.year}年第{(opens.month + 2) // 3}季度"
    if days >= 28 and opens.day == 1:
        return f"{opens.year}年{opens.month}月"
    return f"{short_date(opens)}至{short_date(closes, opens)}"


def status_name(finding: pd.Series) -> str:
    """'未达标（次数（天数）不足）' without a reason that says nothing more."""
    name = STATUS_NAMES[Status[finding["status"]]]
    reason = REASON_NAMES[Reason[finding["reason"]]]
    return f"{name}（{reason}）" if reason else name


def fraction(finding: pd.Series) -> str:
    """'219/220'."""
    return f"{amount(finding['done'])}/{amount(finding['required'])}"


def sentences(
    explanation: Explanation, decisions: Mapping[str, Decision], as_of: date
) -> list[str]:
    """The reasoning, one sentence a step."""
    f, duty = explanation.finding, explanation.duty
    document = explanation.document
    said = [
        f"依据：{document.number} {document.title} {duty.cite}",
        f"要求：{duty.paraphrase}",
        f"考核期：{window_name(f['opens'], f['closes'])}；判定日：{short_date(as_of)}",
        *_threshold(explanation),
        *_count(explanation, as_of),
        f"判定：{status_name(f)}",
        *_decided(explanation, as_of),
    ]
    marks = flag_names(int(f["flags"]))
    if marks:
        said.append("说明：" + "；".join(marks))
    changed = [number for number in _changing(explanation) if number in decisions]
    said += [f"口径 {n}（{decisions[n].point}）：{decisions[n].decided}" for n in changed]
    others = [n for n in used_interpretations(explanation) if n not in changed]
    return [*said, f"有关口径还有 {'、'.join(others)}"] if others else said


def bare_name(finding: pd.Series) -> str:
    """'不计豁免则为未达标 0/1', '核定前为待人工核定'; '' where no person decided."""
    if absent(finding["status_bare"]):
        return ""
    before = STATUS_NAMES[Status[finding["status_bare"]]]
    if finding["reason"] == Reason.ruled.name:
        return f"核定前为{before}"
    return f"不计豁免则为{before} {fraction(finding)}"


def _decided(explanation: Explanation, as_of: date) -> list[str]:
    """What a person decided: the waiver or the ruling, and what would stand without it."""
    waiver, ruling, bare = explanation.waiver, explanation.ruling, bare_name(explanation.finding)
    if waiver:
        until = short_date(waiver.ends_on, as_of)
        by = waiver.authority + (f"（{waiver.document_number}）" if waiver.document_number else "")
        return [f"豁免：第{waiver.number}号，{by}批准，至{until}；{bare}"]
    if ruling:
        by = f"{ruling.officer}（{ruling.authority}）"
        return [f"核定：{by}于{short_date(ruling.as_of, as_of)}；理由：{ruling.reason}；{bare}"]
    return []


def _changing(explanation: Explanation) -> list[str]:
    """The interpretations that bear on this very answer: they are quoted, not only numbered."""
    duty, flags = explanation.duty, int(explanation.finding["flags"])
    defaults = explanation.document.defaults
    numbers = [beside.interpretation for beside in duty.beside]
    if flags & Flag.prorated:
        numbers.append(duty.mid_window.interpretation)
    if flags & Flag.transitional:
        numbers.append(defaults.transitional)
    if explanation.finding["status"] == Status.unreported.name:
        numbers.append(defaults.unreported)
    if explanation.waiver:
        numbers.append("I67")
    return numbers


def used_interpretations(explanation: Explanation) -> list[str]:
    """The numbers of every interpretation that this finding rests on, in order."""
    duty = explanation.duty
    numbers = {*duty.interpretations, duty.mid_window.interpretation, *_changing(explanation)}
    return sorted(numbers, key=lambda number: int(number[1:]))


def _threshold(explanation: Explanation) -> list[str]:
    f, duty = explanation.finding, explanation.duty
    if duty.measure == "standing":
        return [f"标准：{_EVERY[duty.every]}保持（{amount(f['required'])}{duty.unit}）"]
    at = "不少于" if duty.at_most is None else "不超过"
    said = [f"标准：{_EVERY[duty.every]}{at} {amount(f['literal'])} {duty.unit}"]
    if f["required"] != f["literal"]:
        days = "工作日" if duty.working_days_only else "天"
        said.append(
            f"折算：在岗 {explanation.held} {days}，全期 {explanation.whole} {days}，"
            f"{amount(f['literal'])}×{explanation.held}÷{explanation.whole} 向上取整 = "
            f"{amount(f['required'])} {duty.unit}（口径 {duty.mid_window.interpretation}）"
        )
    return said


def _count(explanation: Explanation, as_of: date) -> list[str]:
    f, duty = explanation.finding, explanation.duty
    short = f["required"] - f["done"]
    said = [f"累计：{fraction(f)} {duty.unit}" + (f"，差 {amount(short)}" if short > 0 else "")]
    if not absent(f["done_other"]):
        said += [
            f"另一口径（{beside.name}，{beside.interpretation}）：{amount(f['done_other'])}"
            f"/{amount(f['required'])}，{STATUS_NAMES[Status[f['status_other']]]}"
            for beside in duty.beside
        ]
    if f["unreported"]:
        said.append(f"未报送：考核期内有 {int(f['unreported'])} 天所在月份没有报送数据")
    if f["last_safe_on"]:
        said.append(f"最迟日期：{short_date(f['last_safe_on'], as_of)}（此后全力履行也不能达标）")
    if f["status"] == Status.in_grace.name:
        said.append(f"补录截止：{short_date(f['grace_ends'], as_of)}")
    if f["episode"]:
        said.append(f"缺口起始：{short_date(f['episode'], as_of)}")
    return said


def holder_name(names: Mapping[int, str], holder: int, counterpart: Any, duty: Duty) -> str:
    """'某局 → 某村' where the duty is owed toward somebody."""
    name = names.get(holder, "—")
    if duty.per and not absent(counterpart):
        name += f" → {names.get(int(counterpart), '—')}"
    return name
