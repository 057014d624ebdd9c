"""The edge: tables and lines on the terminal, in plain official Chinese."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracker.consequences.notice_steps import Life
from tracker.evaluation import narrate
from tracker.evaluation.words import (
    LEVEL_NAMES,
    LEVEL_SIGNS,
    REASON_NAMES,
    STATUS_NAMES,
    Reason,
    Status,
    flag_ids,
    flag_marks,
)
from tracker.frames import absent
from tracker.policy.model import Document, Duty
from tracker.registry.dated import FIRST_DAY, LAST_DAY, to_date

_COLOURS = {
    Status.breached: "red", Status.unreachable: "red", Status.needs_review: "magenta",
    Status.at_risk: "yellow", Status.in_grace: "yellow", Status.met: "green",
}  # fmt: skip
LEVEL_MARKS = {
    level.value: LEVEL_NAMES[level] + sign for level, sign in reversed(LEVEL_SIGNS.items())
}
LEVEL_MARKS["report"] = "报送□"
Duties = Mapping[tuple[str, str], tuple[Document, Duty]]
_WIDE = 132  # a file or a pipe has no width of its own


def console(stderr: bool = False) -> Console:
    """The terminal; a fixed width where output goes to a file."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else _WIDE, highlight=False)


def print_json(document: object) -> None:
    """The stable --json output: UTF-8, keys in their documented order."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def print_findings(
    title: str, findings: pd.DataFrame, names: Mapping[int, str], duties: Duties,
    *, numbered: bool = True,
) -> None:  # fmt: skip
    """Findings as a table; without their numbers where they were judged afresh."""
    first = 0 if numbered else 1
    rows = [row[first:] for row in finding_rows(findings, names, duties)]
    console().print(table(title, FINDING_COLUMNS[first:], rows))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A plain table; cells may be rich Text."""
    made = Table(title=title, title_justify="left", header_style="bold", box=None, padding=(0, 1))
    for name in columns:
        made.add_column(name, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def status_text(name: str) -> Text:
    """The status in its colour; the word stands beside the colour, never instead of it."""
    status = Status[name]
    return Text(STATUS_NAMES[status], style=_COLOURS.get(status, ""))


FINDING_COLUMNS = (
    "编号",
    "责任主体",
    "责任事项",
    "条款",
    "考核期",
    "完成",
    "判定",
    "最迟日期",
    "说明",
)


def finding_rows(
    findings: pd.DataFrame, names: Mapping[int, str], duties: Duties
) -> list[list[object]]:
    """Findings as rows of FINDING_COLUMNS."""
    rows: list[list[object]] = []
    for _, f in findings.iterrows():
        _, duty = duties[f["document"], f["duty"]]
        number = f"#{f['id']}" if "id" in f and not pd.isna(f["id"]) else "—"
        last_safe = f["last_safe_on"]
        rows.append([
            number,
            narrate.holder_name(names, int(f["holder_id"]), f["counterpart_id"], duty),
            duty.name,
            duty.cite,
            narrate.window_name(f["opens"], f["closes"]),
            narrate.fraction(f),
            status_text(f["status"]),
            narrate.short_date(last_safe) if last_safe else "",
            " ".join([*_reason(f), *flag_marks(int(f["flags"]))]),
        ])  # fmt: skip
    return rows


def _reason(finding: pd.Series) -> list[str]:
    reason = Reason[finding["reason"]]
    if reason is Reason.waived:
        return [f"豁免第{int(finding['waiver_id'])}号，{narrate.bare_name(finding)}"]
    if reason is Reason.ruled:
        return [f"{REASON_NAMES[reason]}，{narrate.bare_name(finding)}"]
    return [] if reason in (Reason.none, Reason.short) else [REASON_NAMES[reason]]


def sort_for_reading(findings: pd.DataFrame) -> pd.DataFrame:
    """Worst first; then by duty, holder and window."""
    order = findings["status"].map({s.name: int(s) for s in Status})
    return (
        findings.assign(_order=order)
        .sort_values(["_order", "duty", "holder_id", "opens"], kind="stable")
        .drop(columns="_order")
    )


def finding_json(
    finding: pd.Series, names: Mapping[int, str], document: Document, duty: Duty
) -> dict[str, Any]:
    """One finding in the stable --json form; days as YYYY-MM-DD, amounts as numbers."""

    def day(name: str) -> str | None:
        value = finding[name]
        unbounded = (to_date(FIRST_DAY), to_date(LAST_DAY))
        return None if absent(value) or value in unbounded else value.isoformat()

    def name(column: str) -> str | None:
        value = finding[column]
        return None if absent(value) else names.get(int(value), "")

    def who(column: str) -> dict[str, Any] | None:
        value = finding[column]
        return None if absent(value) else {"id": int(value), "name": name(column)}

    holder = {
        "id": int(finding["holder_id"]), "name": str(name("holder_id")).partition("@")[0],
        "unit": name("unit_id"),
    }  # fmt: skip
    return {
        "key": finding["key"], "document": document.id, "number": document.number,
        "duty": duty.id, "name": duty.name, "cite": duty.cite, "strength": duty.strength,
        "holder": holder, "counterpart": who("counterpart_id"),
        "accountable": who("accountable_id"),
        "window_start": day("opens"), "window_end": day("closes"), "deadline": day("deadline"),
        "episode": day("episode"), "status": finding["status"], "reason": finding["reason"],
        "flags": flag_ids(int(finding["flags"])), "unit": duty.unit,
        "required": finding["required"], "literal": finding["literal"], "done": finding["done"],
        "last_safe_on": day("last_safe_on"), "beside": _beside(finding, duty),
        "waiver": None if absent(finding["waiver_id"]) else int(finding["waiver_id"]),
        "status_bare": None if absent(finding["status_bare"]) else finding["status_bare"],
    }  # fmt: skip


def _beside(finding: pd.Series, duty: Duty) -> list[dict[str, Any]]:
    """The other readings of the pack, each with its figure and its verdict."""
    if absent(finding["done_other"]):
        return []
    figure = {"done": float(finding["done_other"]), "status": finding["status_other"]}
    return [{"interpretation": b.interpretation, "name": b.name, **figure} for b in duty.beside]


def notice_json(life: Life, names: Mapping[int, str]) -> dict[str, Any]:
    """One notice after its newest (or any) transition in the stable --json form."""

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    call = life.call
    return {
        "number": life.id, "level": call.level, "key": call.key, "duty": call.duty or None,
        "subject": {"id": call.subject_id, "name": names[call.subject_id]},
        "event": life.event, "as_of": day(life.as_of), "note": life.note, "state": life.state,
        "since": day(life.since), "acknowledged": day(life.acknowledged_on),
        "answered": day(life.answered_on), "due_on": day(life.due_on),
        "told_leader": day(life.leader_on), "reminders": life.reminders,
    }  # fmt: skip
