"""A list of nominees, told: what the new columns say of a row. Pure.

Clauses that found the same are told together, and so are clauses of one document: a row has to stay
readable on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.awards.gate import ANSWER_NAMES, ANSWER_SIGNS, Answer, Clause, Outcome
from tracker.awards.slate import Entry
from tracker.awards.slate_review import Reviewed

NOT_JUDGED, TWICE = "— 未审查", "重复"
_BRIEF = 72  # characters
_REASONS = (Answer.barred, Answer.on_hold)


def told_answer(row: Reviewed) -> str:
    """× 不得推荐, — 未审查; with 重复 where other rows name the same."""
    answer = row.verdict and row.verdict.answer
    told = f"{ANSWER_SIGNS[answer]} {ANSWER_NAMES[answer]}" if answer else NOT_JUDGED
    return f"{told}\n{TWICE}" if row.twins else told


def remarks(row: Reviewed) -> list[str]:
    """What is to be said about the row itself: how it was understood, and its twins."""
    others = "、".join(place(twin, row.entry) for twin in row.twins)
    twice = [f"{TWICE}：与{others}是同一推荐对象，同一方案只能推荐一次"] if others else []
    return [*twice, *row.messages]


def reasons(row: Reviewed) -> list[str]:
    """Why it is barred or on hold, the gravest first; that all is passed; nothing where it only
    lacks something."""
    found = grouped([c for answer in _REASONS for c in _clauses(row) if c.answer is answer])
    if row.verdict and row.verdict.answer is Answer.eligible:
        return ["各项条款均已通过"]
    return found


def missing(row: Reviewed) -> list[str]:
    """What is still to be handed in, asked or done."""
    return grouped([c for c in _clauses(row) if c.answer is Answer.incomplete])


def cites(row: Reviewed) -> list[str]:
    """The clauses behind reasons and what is missing, by document, then the interpretations."""
    clauses = [c for c in _clauses(row) if c.answer is not Answer.eligible]
    found: dict[str, list[str]] = {}
    for clause in clauses:
        document, _, article = clause.cite.partition(" ")
        found.setdefault(document, []).append(article)
    told = [
        f"{document} {'、'.join(_once(articles))}".strip() for document, articles in found.items()
    ]
    numbers = _once(n for clause in clauses for n in clause.interpretation.split("、"))
    return [*told, *([f"口径 {'、'.join(numbers)}"] if numbers else [])]


def free_on(row: Reviewed) -> date | None:
    """The last day of what bars it; None where nothing does, or where a bar has no known end."""
    ends = [c.ends_on for c in _clauses(row) if c.answer is Answer.barred]
    return max((day for day in ends if day), default=None) if all(ends) else None


def first_reason(row: Reviewed) -> str:
    """The one thing to say where there is room for one, and how many more there are. How the row
    was understood explains what it lacks, never what speaks against it."""
    against = [c for c in _clauses(row) if c.answer is row.answer is not Answer.eligible]
    first = not row.sound or row.answer not in _REASONS
    told = [*(remarks(row) if first else ()), *(_brief(clause.text) for clause in against)]
    return "".join(told[:1]) + (f"（等 {len(told)} 项）" if len(told) > 1 else "")


def _brief(text: str) -> str:
    """The beginning of a long text: the copy that goes back has it whole."""
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 2]}……"


def _clauses(row: Reviewed) -> Sequence[Clause]:
    return row.verdict.clauses if row.verdict else ()


def grouped(clauses: Sequence[Clause]) -> list[str]:
    """Texts of the form 'what：how it stands。more', those that stand alike in one. What follows
    the first sentence (the conditions of an award ...) does not help in a column."""
    found: dict[str, list[str]] = {}
    for clause in clauses:
        what, _, stands = clause.text.partition("。")[0].partition("：")
        person = bool(stands) and clause.outcome is Outcome.person and "认定" not in stands
        found.setdefault(stands + "（需人认定）" * person, []).append(what)
    return [
        f"{stands}：{'、'.join(_once(what))}" if len(what) > 1 and stands
        else "：".join(filter(None, (what[0], stands)))
        for stands, what in found.items()
    ]  # fmt: skip


def _once(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def place(twin: Entry, row: Entry) -> str:
    """Where another row stands, as seen from a row."""
    return f"第{twin.row}行" if twin.sheet == row.sheet else f"“{twin.sheet}”第{twin.row}行"
