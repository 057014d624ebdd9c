"""预警通知书 and 督办单: a unit's open notices, all of them or those of one colour."""

from __future__ import annotations

from tracker.consequences import notices
from tracker.consequences.notice_calls import REPORT, Call
from tracker.delivery.documents.occasion import MARKS, Facts, Item, Occasion
from tracker.errors import LuzeError
from tracker.evaluation.findings import holder_of
from tracker.evaluation.words import Level

# What a colour means, and what a supervision of it asks for.
MEANING = {
    Level.red.value: "已经逾期，或者本期已不能达标",
    Level.yellow.value: "进度滞后，或者期满尚未见到记录",
    Level.blue.value: "临近最迟日期，尚未完成",
}
_GRAVEST = (Level.red.value, Level.yellow.value, Level.blue.value)


def warning(occasion: Occasion, subject: int) -> Facts:
    """Every open notice of a unit: what is short, by which clause, what to do by when.

    Raises LuzeError where nothing is open.
    """
    open_now = _open(occasion, subject)
    by_level = [(MARKS[level], _items(occasion, open_now, level)) for level in _GRAVEST]
    items = [item for _, some in by_level for item in some]
    return Facts(occasion.called(subject), {
        "unit": occasion.called(subject),
        "as_of": occasion.as_of,
        "levels": [(mark, some) for mark, some in by_level if some],
        "others": [_other(occasion, call) for call in open_now if _is_other(call)],
        "count": len(items),
        "documents": _documents(items),
        "quotes": occasion.quotes(items),
        "reports": _reports(open_now),
    })  # fmt: skip


def supervision(occasion: Occasion, subject: int, level: str = "") -> Facts:
    """The open notices of one colour (default: the gravest there is), each with room for what was
    done about it. Raises LuzeError where nothing of the colour is open."""
    open_now = _open(occasion, subject)
    there = [one for one in _GRAVEST if any(call.level == one for call in open_now)]
    chosen = level or next(iter(there), "")
    if chosen not in there:
        told = "、".join(MARKS[one] for one in there) or "报送提醒"
        raise LuzeError(
            f"“{occasion.called(subject)}”在 {occasion.as_of} 没有这种颜色的提醒，未生成督办单",
            fix=f"现有：{told}",
        )
    items = _items(occasion, open_now, chosen)
    asked = [call for call in open_now if call.level == chosen and _is_other(call)]
    others = [_other(occasion, call) for call in asked]
    return Facts(f"{occasion.called(subject)}_{MARKS[chosen][-2:]}", {
        "unit": occasion.called(subject),
        "as_of": occasion.as_of,
        "mark": MARKS[chosen],
        "colour": MARKS[chosen][-2:],
        "meaning": MEANING[chosen],
        "count": len(items) + len(others),
        "items": items,
        "others": others,
        "documents": _documents(items),
        "quotes": occasion.quotes(items),
    })  # fmt: skip


def _open(occasion: Occasion, subject: int) -> list[Call]:
    """Open notices about the subject, or about what it is itself the holder of."""
    every = notices.open_notices(occasion.connection, occasion.as_of, occasion.known_at).values()
    found = [
        call
        for call in every
        if call.subject_id == subject or (_is_finding(call) and holder_of(call.key) == subject)
    ]
    if not found:
        raise LuzeError(
            f"“{occasion.called(subject)}”在 {occasion.as_of} 没有未了结的提醒，未生成文书",
            fix="现有提醒见 tracker notices",
        )
    return found


def _is_finding(call: Call) -> bool:
    """Whether it is about a finding; others are about a report or a rectification."""
    return call.key.split("|")[0] not in (REPORT, "interview")


def _is_other(call: Call) -> bool:
    return call.level != REPORT and not _is_finding(call)


def _other(occasion: Occasion, call: Call) -> str:
    """A notice that is about no finding, in a sentence."""
    names = {duty.id: duty.name for pack in occasion.law.packs for duty in pack.duties}
    note = f"：{call.note}" if call.note else ""
    return f"{MARKS[call.level]}　{call.about(names)}{note}"


def _items(occasion: Occasion, open_now: list[Call], level: str) -> list[Item]:
    return occasion.items(call.key for call in open_now if call.level == level)


def _reports(open_now: list[Call]) -> list[str]:
    """What month nothing was reported for."""
    months = sorted(call.key.split("|")[2] for call in open_now if call.level == REPORT)
    return [f"{month[:4]}年{int(month[5:])}月" for month in months]


def _documents(items: list[Item]) -> str:
    """'《某清单》（某发〔2019〕33号）' of every document that the items rest on."""
    documents = {item.document.id: item.document for item in items}
    return "、".join(f"《{d.title}》（{d.number}）" for d in documents.values())
