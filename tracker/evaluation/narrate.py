"""A finding in plain official Chinese: clause, arithmetic in words, what was not heard of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from tracker.evaluation.arithmetic import count, threshold
from tracker.evaluation.explain import Explanation
from tracker.evaluation.phrases import amount, fraction, short_date, window_name
from tracker.evaluation.words import REASON_NAMES, STATUS_NAMES, Flag, Reason, Status, flag_names
from tracker.frames import absent
from tracker.policy.law import Law
from tracker.policy.model import Duty
from tracker.policy.recommendations import spoken

_TOLD_IN_FULL = int(Flag.in_principle | Flag.contradiction)
__all__ = [
    "amount", "bare_name", "fraction", "holder_name", "sentences", "short_date", "status_name",
    "used_interpretations", "window_name",
]  # fmt: skip


def status_name(finding: pd.Series) -> str:
    """'未达标（次数（天数）不足）' without a reason that says nothing more."""
    name = STATUS_NAMES[Status[finding["status"]]]
    reason = REASON_NAMES[Reason[finding["reason"]]]
    return f"{name}（{reason}）" if reason else name


def sentences(explanation: Explanation, law: Law, as_of: date) -> list[str]:
    """The reasoning, one sentence a step."""
    f, duty, document = explanation.finding, explanation.duty, explanation.document
    decisions = law.interpretations
    said = [
        "依据：" + " ".join(filter(None, (document.number, document.title, duty.cite))),
        f"要求：{duty.paraphrase}",
        f"考核期：{window_name(f['opens'], f['closes'])}；判定日：{short_date(as_of)}",
        *threshold(explanation, law.vocabulary.attributes),
        *count(explanation, as_of),
        f"判定：{status_name(f)}",
        *_decided(explanation, as_of),
        *_as_printed(explanation, as_of),
        *_recommended(explanation, law),
    ]
    marks = flag_names(int(f["flags"]) & ~_TOLD_IN_FULL)
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


def _recommended(explanation: Explanation, law: Law) -> list[str]:
    """What the document would have somebody decide after this breach; never an act (I59)."""
    if explanation.finding["status"] != Status.breached.name:
        return []
    found = law.pack(explanation.document.id).recommended(explanation.duty.id)
    return [f"建议：{spoken(each, law.vocabulary)}" for each in found]


def _as_printed(explanation: Explanation, as_of: date) -> Iterator[str]:
    """What the document itself says that a reader of the verdict must know."""
    duty = explanation.duty
    if explanation.unnamed:
        yield f"未登记：登记簿里没有{'、'.join(explanation.unnamed)}，请先登记或核对名称"
    if duty.holder.taking_part:
        yield f"配合单位：{'、'.join(duty.holder.taking_part)}"
    if duty.in_principle:
        told = [f"{short_date(r.day, as_of)}{f'“{r.item}”' if r.item else ''}"
                for r in explanation.reasons]  # fmt: skip
        found = f"已登记理由：{'、'.join(told)}" if told else "登记了理由的，未完成时由人核定"
        yield f"原则上：条文写的是“原则上”；{found}"
    if duty.contradiction:
        yield f"原文不一：{duty.contradiction}"


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
    if duty.in_principle and explanation.finding["reason"] == Reason.in_principle.name:
        numbers.append(duty.in_principle.interpretation)
    if explanation.waiver:
        numbers.append("I67")
    return numbers


def used_interpretations(explanation: Explanation) -> list[str]:
    """The numbers of every interpretation that this finding rests on, in order."""
    duty = explanation.duty
    numbers = {*duty.interpretations, duty.mid_window.interpretation, *_changing(explanation)}
    if duty.in_principle:
        numbers.add(duty.in_principle.interpretation)
    return sorted(numbers, key=lambda number: int(number[1:]))


def holder_name(names: Mapping[int, str], holder: int, counterpart: Any, duty: Duty) -> str:
    """'某局 → 某村' where the duty is owed toward somebody."""
    name = names.get(holder, "—")
    if duty.per and not absent(counterpart):
        name += f" → {names.get(int(counterpart), '—')}"
    return name
