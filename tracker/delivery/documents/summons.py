"""约谈通知书, 约谈记录 and 整改通知书: the papers of one interview case, drafts for a person.

What is not decided yet stays blank or is called proposed (拟); nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.consequences.cases import INCIDENT, Case, load_case
from tracker.consequences.lives import INTERVIEW
from tracker.consequences.tables import Incident
from tracker.db import table
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.errors import LuzeError
from tracker.evaluation.narrate import short_date
from tracker.policy.model import interview_rule

_OVER = ("dismissed", "withdrawn")


def summons(occasion: Occasion, number: int) -> Facts:
    """约谈通知书: by whom, with whom, on which grounds, and the right to state one's case.

    Raises LuzeError where the case is over without an interview.
    """
    case = _case(occasion, number)
    if case.state in _OVER:
        raise LuzeError(
            f"第 {number} 号约谈现为“{INTERVIEW.states[case.state]}”，未生成约谈通知书",
            fix="待决定、待约谈的才发约谈通知书",
        )
    document = occasion.law.pack(case.document).document
    decided, informed = case.last("decided"), case.last("informed")
    return _facts(occasion, case, {
        "decided": decided is not None,
        "authority": decided.authority + decided.document_number if decided else "",
        "time": _day(decided.due_on if decided else None),
        "place": decided.detail.get("place", "") if decided else "",
        "statement_due": informed.due_on if informed else None,
        "statement_days": document.defaults.hearing.statement_working_days,
    })  # fmt: skip


def record(occasion: Occasion, number: int) -> Facts:
    """约谈记录: a form to fill in by hand, filled where the case already says it."""
    case = _case(occasion, number)
    decided, held = case.last("decided"), case.last("conducted")
    detail = held.detail if held else {}
    present = [occasion.called(one) for one in detail.get("present", ())]
    return _facts(occasion, case, {
        "time": _day(held.as_of if held else decided.due_on if decided else None),
        "place": decided.detail.get("place", "") if decided else "",
        "led_by": detail.get("interviewer", ""),
        "present": "、".join(filter(None, [*present, detail.get("others", "")])),
        "record": detail.get("record", ""),
        "stated": [
            f"{short_date(act.as_of)}，{act.note}" for act in case.acts if act.event == "stated"
        ],
        "due_on": held.due_on if held else None,
    })  # fmt: skip


def rectification(occasion: Occasion, number: int) -> Facts:
    """整改通知书 with a receipt: what is to be put right until when. Raises LuzeError before the
    interview was held, for what it asks for follows from that."""
    case = _case(occasion, number)
    held = case.last("conducted")
    if held is None:
        raise LuzeError(
            f"第 {number} 号约谈现为“{INTERVIEW.states[case.state]}”，还没有约谈，未生成整改通知书",
            fix="约谈之后先登记约谈，再生成整改通知书",
        )
    return _facts(occasion, case, {"held_on": held.as_of, "due_on": held.due_on})


def _facts(occasion: Occasion, case: Case, more: Mapping[str, Any]) -> Facts:
    """What the three papers share, and what one of them adds."""
    about = f"第{case.id}号_{occasion.called(case.accountable_id)}"
    return Facts(about, {**_common(occasion, case), **more})


def _case(occasion: Occasion, number: int) -> Case:
    return load_case(occasion.connection, number, occasion.as_of, occasion.known_at)


def _common(occasion: Occasion, case: Case) -> dict[str, Any]:
    """What the three papers share: parties, grounds with clause and words, items behind them."""
    pack = occasion.law.pack(case.document)
    rule = interview_rule(pack, case.section)
    live = [ground for ground in case.grounds if ground.live]
    items = occasion.items(ground.key for ground in live)
    named = {ground.ground for ground in live or case.grounds}
    grounds = [ground for ground in rule.grounds if ground.id in named]
    return {
        "number": case.id,
        "as_of": occasion.as_of,
        "unit": occasion.called(case.accountable_id),
        "document": pack.document,
        "interviewer": _interviewer(occasion, case),
        "interviewees": [(who["name"], occasion.people(who)) for who in case.interviewees],
        "items": items,
        "incidents": _incidents(occasion, (ground.key for ground in live)),
        "grounds": grounds,
        "open_points": [g.unestablished for g in grounds if g.unestablished],
        "quote": occasion.quote(pack.document, rule.cite, "；".join(g.text for g in grounds)),
        "clauses": occasion.quotes(items),
    }


def _incidents(occasion: Occasion, keys: Iterable[str]) -> list[str]:
    """The recorded facts among the grounds, a line each."""
    numbers = {int(key.split("|")[1]) for key in keys if key.startswith(f"{INCIDENT}|")}
    t, words = table(Incident), occasion.law.vocabulary
    rows = occasion.connection.execute(
        sa.select(t).where(t.c.id.in_(sorted(numbers))).order_by(t.c.id)
    )
    return [
        f"第{row.id}号事件：{short_date(row.happened_on or row.determined_on)}，"
        f"{'、'.join([words.incidents[row.kind], *(words.qualifiers[q] for q in row.qualifiers)])}"
        f"（{row.authority}{row.document_number}认定）"
        for row in rows
    ]


def _interviewer(occasion: Occasion, case: Case) -> str:
    people = "、".join(occasion.called(one) for one in case.interviewer["people"])
    name = str(case.interviewer["name"])
    return f"{name}（{people}）" if people and people != name else name


def _day(day: date | None) -> str:
    """A day in words; blank but in place where it is not known yet."""
    return short_date(day) if day else "　　　　年　　月　　日"
