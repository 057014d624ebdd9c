"""The edge: an incident in words and as JSON, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from tracker.awards.checks import barring
from tracker.awards.gate import ANSWER_NAMES
from tracker.cli import show
from tracker.consequences.bars import bars_after, burden, conflicts
from tracker.consequences.incidents import Recorded
from tracker.consequences.tables import Incident
from tracker.consequences.triggers import called_for
from tracker.policy.law import Law
from tracker.policy.sanctions import InterviewRule
from tracker.policy.vocabulary import Vocabulary
from tracker.registry.dated import Registry
from tracker.registry.labels import labels

_ORDERS = {"in_turn": "依次由", "by_severity": "按轻重由"}
COLUMNS = ("编号", "事件", "发生", "认定", "涉及", "状态")


def row_of(one: Recorded, names: Mapping[int, str], words: Vocabulary) -> tuple[object, ...]:
    """An incident as a row of COLUMNS."""
    told = one.incident
    return (
        told.id, in_words(told, words), told.happened_on or "不明",
        f"{told.determined_on} {told.authority} {told.document_number}".strip(),
        "、".join(names[party] for party in parties(told)),
        f"已撤销：{one.withdrawal.note}" if one.withdrawal else "有效",
    )  # fmt: skip


def in_words(told: Incident, words: Vocabulary) -> str:
    """Kind, qualifiers and printed trigger; words that a vocabulary has lost stay as stored."""
    ground = "·".join(told.ground.split("|")[1:])
    qualifiers = (words.qualifiers.get(each, each) for each in told.qualifiers)
    return "，".join(filter(None, (words.incidents.get(told.kind, told.kind), ground, *qualifiers)))


def parties(told: Incident) -> list[int]:
    """Whom and where it is about."""
    named = (told.subject_id, told.place_id, told.household_id)
    return [party for party in named if party is not None]


def as_json(one: Recorded, names: Mapping[int, str]) -> dict[str, Any]:
    """One incident in the stable --json form."""
    told, back = one.incident, one.withdrawal

    def who(party: int | None) -> dict[str, Any] | None:
        return None if party is None else {"id": party, "name": names[party]}

    return {
        "number": told.id, "kind": told.kind, "qualifiers": list(told.qualifiers),
        "ground": told.ground or None, "subject": who(told.subject_id),
        "place": who(told.place_id), "household": who(told.household_id),
        "happened_on": told.happened_on.isoformat() if told.happened_on else None,
        "determined_on": told.determined_on.isoformat(), "authority": told.authority,
        "document_number": told.document_number or None, "note": told.note or None,
        "withdrawn": None if back is None else {
            "on": back.determined_on.isoformat(), "reason": back.note, "authority": back.authority,
            "document_number": back.document_number or None,
        },
    }  # fmt: skip


def print_follows(
    out: Console, told: Incident, known: Sequence[Incident], law: Law, registry: Registry
) -> None:
    """What follows from an incident: bars, interviews called for, ratings it rules out."""
    names, words = labels(registry), law.vocabulary
    bars = [bar for bar in bars_after(told, law, registry) if bar.effects]
    out.print(show.table(
        f"由此产生的限制 {len(bars)} 项", ("谁", "限制", "期限", "依据", "由来"),
        [(names[bar.subject_id], burden(bar, words), f"{bar.starts} 至 {bar.ends}", bar.cite,
          ("连带责任：" if bar.joint else "") + bar.path) for bar in bars],
    ))  # fmt: skip
    for found in barring(law, told):
        out.print(
            f"评选推荐：{found.plan.name}，“{found.check.name}”：{ANSWER_NAMES[found.answer]}"
            f"（{found.document.number} {found.check.cite}）；已推荐的见 tracker campaign flags",
            soft_wrap=True,
        )  # fmt: skip
    called = called_for([told], law, registry)
    out.print(show.table(
        f"应考虑的约谈 {len(called)} 项，是否约谈由人决定",
        ("谁", "由谁约谈", "情形", "依据", "由来"),
        [(names[one.accountable_id], _by_whom(one.rule), one.ground,
          f"{one.document.number} {one.rule.cite}", one.path) for one in called],
    ))  # fmt: skip
    for rating, bar in conflicts(known, law, registry):
        if told.id in (rating.id, bar.incident.id):
            out.print(
                f"注意：第{rating.id}号“{words.incidents[rating.kind]}”与限制相抵触："
                f"{names[bar.subject_id]}{burden(bar, words)}，依据 {bar.cite}，"
                f"由第{bar.incident.id}号事件引起，请核对", style="bold red", soft_wrap=True,
            )  # fmt: skip


def _by_whom(rule: InterviewRule) -> str:
    names = "、".join(rung.name for rung in rule.ladder)
    return _ORDERS.get(rule.order, "") + names
