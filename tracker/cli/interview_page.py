"""The edge: one interview whole, for `interviews show`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from rich.console import Console

from tracker.cli import show
from tracker.cli.interview_words import VACANT, party, waits
from tracker.cli.office import Office
from tracker.consequences.cases import INCIDENT, Case
from tracker.consequences.parties import Parties, rung_name
from tracker.evaluation import findings as stored
from tracker.policy.model import interview_rule
from tracker.registry.dated import Registry
from tracker.registry.labels import labels
from tracker.registry.oneday import OneDay


def print_parties(out: Console, office: Office, case: Case, registry: Registry, day: date) -> None:
    """Who it would be on the day, for the resolution stored may be of another."""
    pack, names = office.law.pack(case.document), labels(registry)
    rule, parties = (
        interview_rule(pack, case.section),
        Parties(OneDay(registry, day), pack.document),
    )
    by = party(parties.interviewer(rule, case.accountable_id, case.rung), names)
    whom = parties.interviewees(rule, case.accountable_id, list(case.concerned))
    out.print(f"按 {day} 的任职：由{by}约谈" + "；".join(party(who, names, VACANT) for who in whom))
    if len(rule.ladder) > 1 and rule.order != "jointly":
        ladder = "；".join(
            f"{i + 1} {rung_name(rule, i)}{f'（{rung.when}）' if rung.when else ''}"
            for i, rung in enumerate(rule.ladder)
        )
        word = "依次" if rule.order == "in_turn" else "按轻重"
        out.print(f"{word}约谈的各级：{ladder}；本件为第 {case.rung + 1} 级")


def print_grounds(
    out: Console, office: Office, connection: sa.Connection, case: Case, names: Mapping[int, str]
) -> None:
    """The findings, the incidents, what is gone and why, and the clause with what is open in it."""
    pack = office.law.pack(case.document)
    rule = interview_rule(pack, case.section)
    state = stored.state(connection)
    found = state[state["key"].isin([k for k in case.keys if not k.startswith(INCIDENT)])]
    if len(found):
        title = "事由（由量化缺口推定，口径 I35，是否约谈由人决定）"
        show.print_findings(title, found, names, office.duties)
    told = [g for g in case.grounds if not g.live or g.key.startswith(INCIDENT)]
    if told:
        cells = [(g.joined_on, _about(g.key, office), "" if g.live else "已消除", g.note)
                 for g in told]  # fmt: skip
        out.print(show.table("由事件提出的，和已经消除的事由",
                             ("并入", "事由", "现状", "说明"), cells))  # fmt: skip
    for ground in (g for g in rule.grounds if g.id in {one.ground for one in case.grounds}):
        tail = f"；{ground.unestablished}" if ground.unestablished else ""
        out.print(f"  · {pack.document.number} {rule.cite}：{ground.text}{tail}", soft_wrap=True)


def _about(key: str, office: Office) -> str:
    kind, second = key.split("|")[:2]
    if kind == INCIDENT:
        return f"第 {second} 号事件"
    return office.duties[kind, second][1].name if (kind, second) in office.duties else second


def print_acts(out: Console, case: Case) -> None:
    """Every step with its day, its authority and whose hand it was."""
    rows = [
        (act.as_of, act.name, f"{act.authority} {act.document_number}".strip(),
         act.detail.get("officer") or act.detail.get("by") or act.operator, act.due_on or "",
         act.note)
        for act in case.acts
    ]  # fmt: skip
    columns = ("日期", "经过", "机关、文号", "经手", "期限", "内容")
    out.print(show.table(f"经过（现为{waits(case)}）", columns, rows))
