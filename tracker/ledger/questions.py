"""The ledger: what the import asked a clerk, and the answers, kept for good (I76)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.db import table
from tracker.errors import LuzeError
from tracker.ledger.tables import Answer

ANSWERS = table(Answer)


def load_answers(connection: sa.Connection) -> dict[str, str]:
    """Question key -> the last answer given to it."""
    query = sa.select(ANSWERS.c.question, ANSWERS.c.answer).order_by(ANSWERS.c.id)
    return {row.question: row.answer for row in connection.execute(query)}


def answer(
    connection: sa.Connection, question: str, choice: str, *, now: datetime, operator: str
) -> None:
    """Remember an answer; the rows it concerns are stored by the next import of their file.

    A later answer to the same question replaces an earlier one. Raises LuzeError for blanks and
    for a question that no import asks.
    """
    question, choice = question.strip(), choice.strip()
    if not question or not choice:
        raise LuzeError(
            "问题和答复都不能空着", fix='例：tracker answer "person:王乙@培训" "王乙@…"'
        )
    if ":" not in question:
        raise LuzeError(f"“{question}”不是导入时提出的问题", fix="请照抄导入结果里的整条命令")
    connection.execute(
        sa.insert(ANSWERS),
        {"question": question, "answer": choice, "operator": operator, "recorded_at": now},
    )
