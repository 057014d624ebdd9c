"""The edge: what is said of a household's file, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from tracker.cli import show
from tracker.delivery.documents.household_sheet import Asked, household_sheet
from tracker.delivery.documents.occasion import Occasion
from tracker.errors import LuzeError
from tracker.households.checks import Checked
from tracker.households.decisions import VERDICTS
from tracker.households.desk import File, Found
from tracker.households.tables import ExitDecision

FOUND = ("结果", "核查事项", "依据的事实和决定", "条款")
_TOLD = {
    "village": "所在村", "type": "贫困户类型", "identified": "识别时间", "status": "脱贫状态",
    "exited": "脱贫时间", "monitored": "监测类型", "support": "帮扶措施", "helpers": "帮扶责任人",
    "income": "当年收入",
}  # fmt: skip
_DONE = {"visits": "入户走访", "deeds": "实事好事", "plans": "一户一策调整"}


def meant(file: File, text: str, pack: str | None) -> Checked:
    """The check of this id or name that binds the household. Raises LuzeError."""
    known = [one.checked for one in file.found]
    found = [
        one for one in known
        if text in (one.check.id, one.check.name) and pack in (None, one.document)
    ]  # fmt: skip
    if len(found) == 1:
        return found[0]
    if found:
        fix = "请用 --pack 写明：" + "、".join(one.document for one in found)
        raise LuzeError(f"有 {len(found)} 份文件有“{text}”这项核查", fix=fix)
    told = "、".join(f"{one.check.name}（{one.check.id}）" for one in known)
    fix = f"可写：{told}" if told else "尚未脱贫，也不是监测户，没有需要核查的事项"
    raise LuzeError(f"{file.household.number} 没有“{text}”这项核查", fix=fix)


def print_file(
    out: Console, occasion: Occasion, file: File, decisions: Sequence[ExitDecision]
) -> None:
    """The file, and every decision ever made on it."""
    told = household_sheet(occasion, file, Asked("")).told
    head = f"{told['number']} {told['householder']}　截至 {file.as_of}"
    out.print(head, style="bold", markup=False)
    rows = [(word, told[name]) for name, word in _TOLD.items()]
    rows += [(item, state) for item, state in told["guarantees"]]
    out.print(show.table("", ("事项", "内容"), rows))
    out.print(show.table("退出核查", FOUND, told["checks"]))
    if decisions:
        out.print(show.table(
            "决定的经过", ("编号", "日期", "核查事项", "决定", "机关、文号、经办人", "理由"),
            [(d.id, d.as_of, d.exit_check, VERDICTS[d.verdict],
              " ".join(filter(None, (d.authority, d.document_number, d.officer))), d.reason)
             for d in decisions],
        ))  # fmt: skip
    done = [(word, *row) for name, word in _DONE.items() for row in told[name]]
    out.print(
        show.table(f"{told['year']}年走访、实事和一户一策", ("事项", "日期", "帮扶责任人"), done)
    )


def file_json(occasion: Occasion, file: File) -> dict[str, Any]:
    """The file, masked."""
    told = household_sheet(occasion, file, Asked("")).told
    return {
        "number": told["number"], "householder": told["householder"], "as_of": str(file.as_of),
        **{name: told[name] for name in _TOLD},
        "identified": file.household.value("identified_on", file.as_of) or None,
        "exited": file.household.value("exited_on", file.as_of) or None,
        "guarantees": dict(told["guarantees"]),
        **{
            name: [{"day": str(row.day), "who": occasion.called(row.who)} for row in rows]
            for name, rows in zip(_DONE, (file.visits, file.deeds, file.plans), strict=True)
        },
        "checks": [found_json(file.household.number, found) for found in file.found],
    }  # fmt: skip


def found_json(number: str, found: Found) -> dict[str, Any]:
    """One check with the newest decision on it."""
    checked, one = found.checked, found.decision
    return {
        "household": number, "document": checked.document, "check": checked.check.id,
        "cite": checked.check.cite, "outcome": checked.outcome.value, "reason": checked.reason,
        "rows": [row.source for row in checked.rows], "open": found.open,
        "decision": one and {
            "number": one.id, "verdict": one.verdict, "on": str(one.as_of), "officer": one.officer,
            "authority": one.authority, "document_number": one.document_number or None,
            "reason": one.reason, "stands": found.stands,
        },
    }  # fmt: skip
