"""The registry: what every act of a person must say, and when it may have happened. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from tracker.clock import SHANGHAI
from tracker.errors import Problem

# argument of an act: what it is called, the option it is given by, its longest length
_TEXTS = {
    "reason": ("理由", "--reason", 400),
    "answer": ("答复意见", "--answer", 400),
    "authority": ("作出决定的机关", "--authority", 80),
    "document_number": ("文号", "--document", 60),
    "applicant": ("申请人", "--applicant", 60),
    "approver": ("批准人", "--approver", 60),
    "officer": ("经办人", "--officer", 60),
    "filed_by": ("提出人", "--by", 60),
    "who": ("签收或答复的人", "--who", 60),
    "text": ("整改情况", "--text", 400),
    "by": ("经手人", "--by", 60),
    "speaker": ("陈述人", "--who", 60),
    "statement": ("陈述申辩的内容", "--text", 4000),
    "interviewer": ("实际主持约谈的人", "--interviewer", 60),
    "record": ("约谈记录", "--record", 4000),
    "result": ("核实的结果", "--result", 400),
}
_MAY_LACK = ("document_number",)


def text_problems(**said: str) -> Iterator[Problem]:
    """A problem for each text that is missing or too long; only a document number may be missing.
    Arguments: reason, answer, authority, document_number, applicant, approver, officer, filed_by,
    who, text, by, speaker, statement, interviewer, record, result.
    """
    for argument, text in said.items():
        name, option, longest = _TEXTS[argument]
        if not text.strip() and argument not in _MAY_LACK:
            yield Problem(f"没有写{name}", option, f"请写明{name}")
        if len(text) > longest:
            yield Problem(f"{name}超过 {longest} 字", option, "请缩短")


def day_problems(on: date, now: datetime, *earlier: tuple[date | None, str]) -> Iterator[Problem]:
    """A problem where the day of an act is still to come, or before one of these earlier days,
    each given with what happened on it."""
    today = now.astimezone(SHANGHAI).date()
    if on > today:
        yield Problem(f"{on} 晚于今天 {today}", "--on", "只登记已经作出的决定、已经发生的事")
    for day, what in earlier:
        if day and on < day:
            yield Problem(f"{on} 早于{what}的 {day}", "--on", "请核对日期")
