"""The edge: `query --list`, a list of nominees judged and returned with the verdicts beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.progress import track
from rich.text import Text

from tracker import clock, db
from tracker.awards import slate_told as told
from tracker.awards.gate import ANSWER_NAMES, Answer
from tracker.awards.slate import Entry, read_slate
from tracker.awards.slate_book import of_the_whole, returned_book
from tracker.awards.slate_names import Named
from tracker.awards.slate_review import Review, Reviewed, review
from tracker.cli import show, verdict_words
from tracker.cli.files import write_paper
from tracker.cli.office import Office, parse_day, parse_moment

SHOWN = 20
_TAIL = "（审查结果）"
_COLOURS = {Answer.eligible: "green", Answer.barred: "red"}
_ORDER = (Answer.barred, Answer.on_hold, Answer.incomplete)
_COLUMNS = ("行", "推荐对象", "审查结论", "主要理由")


def review_list(
    office: Office, file: Path, out: Path | None, *, award: str, kind: str, as_of: str | None,
    known_at: str | None, as_json: bool,
) -> Answer:  # fmt: skip
    """Judge a list, write the copy with the verdicts, tell the outcome; returns the gravest."""
    now = clock.now()
    slate = read_slate(file, office.forms, today=clock.today())
    show.console(stderr=True).print(f"读到 {len(slate.entries)} 个推荐对象，正在汇集登记资料")
    with office.database.connect() as connection:
        found = review(
            connection, office.law, office.covers, slate, award=award, kind=kind,
            as_of=office.night(connection, parse_day(as_of, "--as-of")),
            known_at=parse_moment(known_at) or now, watched=watched,
        )  # fmt: skip
    name = (f"{file.stem.partition(_TAIL)[0]}{_TAIL}", ".xlsx")
    about = {
        "kind": "slate", "list": file.name, "as_of": found.as_of,
        "list_sha256": slate.sha256,
    }  # fmt: skip
    data = returned_book(found, now)
    with db.transaction(office.database) as connection:
        path = write_paper(office, connection, out, name, data, about)
    if as_json:
        show.print_json(as_document(found, path))
    else:
        _print(found, path)
    return found.answer


def watched(listed: Sequence[Named]) -> Iterable[Named]:
    """A line of progress on the terminal; none where nobody looks at one."""
    err = show.console(stderr=True)
    return track(
        listed, f"审查 {len(listed)} 个推荐对象", console=err, transient=True,
        disable=not err.is_terminal,
    )  # fmt: skip


def _print(found: Review, path: Path) -> None:
    """Totals, the rows that need attention, where the copy lies."""
    out = show.console()
    out.print(f"\n{found.slate.path.name}    截至 {found.as_of}", style="bold", markup=False)
    totals = "，".join(
        f"{ANSWER_NAMES[answer] if answer else '未审查'} {found.totals[answer]}"
        for answer in (*_ORDER, Answer.eligible, None) if found.totals.get(answer)
    )  # fmt: skip
    out.print(f"共 {len(found.rows)} 个：{totals}", style="bold")
    for line in of_the_whole(found):
        out.print(f"  · {line}", markup=False, soft_wrap=True)
    rows = attention(found)
    if rows:
        out.print(show.table("要先看的", _COLUMNS, [
            (place(row.entry), named(row.entry),
             Text(told.told_answer(row), style=_COLOURS.get(row.answer, "yellow")),
             told.first_reason(row))
            for row in rows[:SHOWN]
        ]))  # fmt: skip
    if len(rows) > SHOWN:
        out.print(f"  另有 {len(rows) - SHOWN} 行，见审查结果")
    out.print(f"审查结果：{path}", markup=False, soft_wrap=True)


def attention(found: Review) -> list[Reviewed]:
    """The rows that cannot stay as they are, or may not be nominated now: rows to correct first,
    then the gravest."""
    rows = [row for row in found.rows if not row.sound or row.answer is not Answer.eligible]
    return sorted(rows, key=lambda row: (
        row.verdict is not None, _ORDER.index(row.answer) if row.answer in _ORDER else len(_ORDER)
    ))  # fmt: skip


def place(entry: Entry) -> str:
    """Where a row stands in its file."""
    return f"{entry.sheet} 第{entry.row}行"


def named(entry: Entry) -> str:
    """Name and unit of a row as written."""
    return "，".join(filter(None, (entry.name, entry.unit))) or "—"


def as_document(found: Review, path: Path) -> dict[str, Any]:
    """The stable --json form."""
    return {
        "list": found.slate.path.name, "as_of": found.as_of.isoformat(),
        "known_at": found.known_at.isoformat(), "returned": path.name,
        "answer": found.answer.value, "answer_name": ANSWER_NAMES[found.answer],
        "totals": {
            **{answer.value: found.totals.get(answer, 0) for answer in Answer},
            "not_judged": found.totals.get(None, 0),
        },
        "remarks": list(found.remarks),
        "rows": [_row_json(row) for row in found.rows],
    }  # fmt: skip


def _row_json(row: Reviewed) -> dict[str, Any]:
    """One row of the list; `award` as in the form for one subject, null where it was not judged."""
    entry = row.entry
    return {
        "sheet": entry.sheet, "row": entry.row, "name": entry.name or None,
        "unit": entry.unit or None, "subject_id": row.subject_id, "answer": row.answer.value,
        "judged": row.verdict is not None,
        "twins": [{"sheet": twin.sheet, "row": twin.row} for twin in row.twins],
        "messages": list(row.messages),
        "award": verdict_words.verdict_json(row.asked, row.verdict)
        if row.asked and row.verdict else None,
    }  # fmt: skip
