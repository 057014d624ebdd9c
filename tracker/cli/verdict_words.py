"""The edge: the verdict under an award plan, clause by clause, for people and for programs."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from tracker.awards.asking import Asked
from tracker.awards.gate import ANSWER_NAMES, OUTCOME_NAMES, Answer, Clause, Outcome
from tracker.awards.verdict import Verdict
from tracker.cli import show

_COLOURS = {Outcome.passed: "green", Outcome.failed: "red"}
_COLUMNS = ("结果", "条款内容和依据的事实", "依据", "口径", "至")


def print_verdict(name: str, asked: Asked, verdict: Verdict) -> None:
    """The answer about whoever is called `name`, then every clause checked."""
    nominee, out = verdict.nominee, show.console()
    kind = next((k.name for k in asked.plan.kinds if k.id == nominee.kind), "方案没有列名")
    style = "green" if verdict.answer is Answer.eligible else "red"
    number = f"，推荐第{nominee.nomination_id}号" if nominee.nomination_id else "，还没有提名"
    told = f"{name}    {asked.award.name}（{kind}{number}）    截至 {verdict.as_of}"
    out.print(f"\n{told}", style="bold", markup=False, soft_wrap=True)
    out.print(f"提名审查：{ANSWER_NAMES[verdict.answer]}", style=f"bold {style}")
    out.print(show.table("", _COLUMNS, [
        (Text(OUTCOME_NAMES[c.outcome], style=_COLOURS.get(c.outcome, "yellow")), c.text, c.cite,
         c.interpretation, c.ends_on or "")
        for c in verdict.clauses
    ]))  # fmt: skip


def verdict_json(asked: Asked, verdict: Verdict) -> dict[str, Any]:
    """The stable --json form of a verdict."""
    nominee = verdict.nominee
    return {
        "document": nominee.document, "award": nominee.award, "award_name": asked.award.name,
        "kind": nominee.kind or None, "nomination": nominee.nomination_id,
        "answer": verdict.answer.value, "answer_name": ANSWER_NAMES[verdict.answer],
        "clauses": [clause_json(clause) for clause in verdict.clauses],
    }  # fmt: skip


def clause_json(clause: Clause) -> dict[str, Any]:
    """One clause in the stable --json form."""
    return {
        "answer": clause.answer.value, "cite": clause.cite, "text": clause.text,
        "interpretation": clause.interpretation or None,
        "ends_on": clause.ends_on.isoformat() if clause.ends_on else None,
        "outcome": clause.outcome.value, "outcome_name": OUTCOME_NAMES[clause.outcome],
        "check": clause.check or None,
    }  # fmt: skip
