"""合规情况说明: whether the responsibility list speaks against a unit's nomination, and what."""

from __future__ import annotations

from dataclasses import replace

from tracker.awards.gate import ANSWER_NAMES, Answer, Clause
from tracker.delivery.documents.occasion import MARKS, Facts, Item, Occasion
from tracker.errors import LuzeError
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.query import Dossier, dossier

# What needs a word in a statement; what stands well is counted only.
_TOLD = (
    Status.breached, Status.unreachable, Status.needs_review, Status.at_risk, Status.in_grace,
    Status.unreported, Status.waived,
)  # fmt: skip
_FEW = 3


def statement(occasion: Occasion, subject: int) -> Facts:
    """The answer of the gate as far as the lists decide it, clause by clause, and every duty that
    is not simply met. Raises LuzeError for what cannot be nominated."""
    found = dossier(
        occasion.connection, occasion.law, occasion.covers, subject,
        as_of=occasion.as_of, known_at=occasion.known_at,
    )  # fmt: skip
    if found.answer is None:
        raise LuzeError(
            f"“{occasion.called(subject)}”不是推荐对象，未生成合规情况说明",
            fix="请写单位、工作队、地方或者个人",
        )
    documents = [occasion.law.pack(one).document for one in sorted(set(found.owes["document"]))]
    return Facts(occasion.called(subject), {
        "unit": occasion.called(subject),
        "as_of": occasion.as_of,
        "answer": ANSWER_NAMES[found.answer],
        "clauses": [_clause(clause) for clause in found.clauses],
        "counts": _counts(found),
        "total": len(found.owes),
        "items": _items(occasion, found),
        "notices": _notices(found),
        "interviews": len(found.interviews),
        "documents": "、".join(f"《{d.title}》（{d.number}）" for d in documents),
    })  # fmt: skip


def _clause(clause: Clause) -> dict[str, str]:
    word = "说明" if clause.answer is Answer.eligible else ANSWER_NAMES[clause.answer]
    ends = f"，至{clause.ends_on}止" if clause.ends_on else ""
    tail = f"（口径{clause.interpretation}）" if clause.interpretation else ""
    return {"answer": word, "text": clause.text + ends, "cite": clause.cite + tail}


def _counts(found: Dossier) -> str:
    by_status = found.owes["status"].value_counts()
    told = [f"{STATUS_NAMES[s]}{by_status[s.name]}项" for s in Status if s.name in by_status]
    return "，".join(told) or "没有应履责任"


def _items(occasion: Occasion, found: Dossier) -> list[Item]:
    """What needs a word, worst first; more than a few of one duty and verdict in one row."""
    order = {status.name: int(status) for status in _TOLD}
    rows = found.owes[found.owes["status"].isin(order)]
    rows = rows.assign(order=rows["status"].map(order)).sort_values(
        ["order", "duty", "opens"], kind="stable"
    )
    items = []
    for _, alike in rows.groupby(["order", "duty"], sort=False):
        shown = [occasion.item(row) for _, row in alike.iterrows()]
        if len(shown) > _FEW:
            shown = [replace(shown[0], who=f"{shown[0].who}等{len(shown)}项", done="—")]
        items += shown
    return items


def _notices(found: Dossier) -> str:
    levels = [call.level for call in found.notices]
    told = [f"{mark}{levels.count(level)}条" for level, mark in MARKS.items() if level in levels]
    return "，".join(told) or "无"
