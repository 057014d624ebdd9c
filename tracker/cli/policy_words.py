"""The edge: what a duty asks, in a few words for a table."""

from __future__ import annotations

from tracker.evaluation.phrases import EVERY_NAMES
from tracker.policy.conflicts import WINDOWS_A_YEAR
from tracker.policy.duty import Case, Duty

_MILESTONES = "各节点"
_SPECIAL = {"not_applicable": "不适用", "needs_review": "转人工"}


def asks(duty: Duty) -> str:
    """'每月至少 1 次（全年 12 次）', '始终至少 地厅级 3、处级及以下 2 户'."""
    sides = (("至少", duty.at_least), ("至多", duty.at_most))
    told = [f"{word} {_figure(value)}" for word, value in sides if value is not None]
    due = f"，{duty.due[0]}月{duty.due[1]}日前" if duty.due else ""
    return (
        EVERY_NAMES.get(duty.every, _MILESTONES)
        + ("，".join(told) + f" {duty.unit}" if told else "具备")
        + (_in_a_year(duty) + due)
    )


def _figure(value: object) -> str:
    if not isinstance(value, Case):
        return f"{value}"
    return "、".join(f"{name} {_SPECIAL.get(str(v), v)}" for name, v in value.cases.items())


def _in_a_year(duty: Duty) -> str:
    """What a figure of a shorter window comes to in a year."""
    times, bound = WINDOWS_A_YEAR.get(duty.every, 1), duty.at_least or duty.at_most
    if times == 1 or bound is None or isinstance(bound, Case) or duty.measure == "latest":
        return ""
    return f"（全年 {bound * times} {duty.unit}）"
