"""The edge: an interview as a row, as JSON, and who waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.consequences.cases import Case
from tracker.consequences.lives import INTERVIEW
from tracker.consequences.parties import Party
from tracker.evaluation.narrate import short_date
from tracker.policy.law import Law
from tracker.policy.model import interview_rule

COLUMNS = ("编号", "约谈谁（责任主体）", "依据", "由谁约谈", "被约谈人", "事由数", "现状")
VACANT = "（空缺）"


def rows(cases: Iterable[Case], names: Mapping[int, str], law: Law) -> list[list[str]]:
    """Interviews as rows of COLUMNS."""
    return [
        [
            f"第{case.id}号", names[case.accountable_id], clause(case, law),
            party(case.interviewer, names),
            "；".join(party(who, names, VACANT) for who in case.interviewees),
            str(len(case.keys)), waits(case),
        ]
        for case in cases
    ]  # fmt: skip


def clause(case: Case, law: Law) -> str:
    """Document number and clause."""
    pack = law.pack(case.document)
    return f"{pack.document.number} {interview_rule(pack, case.section).cite}"


def party(who: Party, names: Mapping[int, str], nobody: str = "") -> str:
    """How the document calls a party, and who it is; `nobody`: what to say where that is vacant."""
    people = "、".join(names[one].split("@")[0] for one in who["people"])
    return f"{who['name']}：{people}" if people else f"{who['name']}{nobody}"


def waits(case: Case) -> str:
    """What the case waits for, with its day where there is one."""
    told, beside = INTERVIEW.states[case.state], case.acts[-1].as_of
    if case.state == "recommended":
        informed = case.last("informed")
        if informed and informed.due_on and not case.last("stated"):
            return f"{told}（陈述申辩至 {short_date(informed.due_on, beside)}）"
    if case.state == "decided":
        meeting = (case.last("decided") or case.acts[-1]).due_on
        when = f"（定于 {short_date(meeting, beside)}）" if meeting else ""
        return told + when + ("" if case.keys else "（事由均已消除）")
    held = case.last("conducted")
    if case.state == "conducted" and held and held.due_on:
        return f"整改至 {short_date(held.due_on, beside)}"
    return "待销号" if case.state == "verified" else told


def as_json(case: Case, names: Mapping[int, str]) -> dict[str, Any]:
    """One interview in the stable --json form; `rung` counts from 1."""

    def whole(who: Party) -> dict[str, Any]:
        return {**who, "people": [{"id": one, "name": names[one]} for one in who["people"]]}

    held = case.last("conducted")
    due_on = held.due_on if held else None
    return {
        "id": case.id, "document": case.document, "section": case.section,
        "accountable": {"id": case.accountable_id, "name": names[case.accountable_id]},
        "interviewer": whole(case.interviewer),
        "interviewees": [whole(who) for who in case.interviewees],
        "grounds": list(case.keys), "state": case.state, "rung": case.rung + 1,
        "held_on": held.as_of.isoformat() if held else None,
        "due_on": due_on.isoformat() if due_on else None,
    }  # fmt: skip
