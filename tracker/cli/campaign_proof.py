"""The edge: `campaign flags` and `campaign verify`, what happened after a nomination, and whether a
snapshot is unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker import clock
from tracker.awards import frozen, kept, snapshot, watch
from tracker.awards.gate import ANSWER_NAMES, Answer
from tracker.awards.nominations import NOMINATION, Filed, load
from tracker.cli import campaign_words as words
from tracker.cli import show
from tracker.cli.campaign import AsOf, campaign_app
from tracker.cli.check import Json, KnownAt
from tracker.cli.office import here, parse_day, parse_moment, parse_number
from tracker.errors import LuzeError

Marks = Mapping[str, Any]
_WHAT_NOW = (
    "是否影响推荐由有权机关决定：撤回推荐用 tracker campaign withdraw 编号 --reason 理由，"
    "撤销资格用 tracker campaign cancel 编号 --reason 理由 --authority 机关"
)
_COLUMNS = ("编号", "推荐对象", "日期", "新情况", "原结论", "现结论", "登记")


def add_to(app: typer.Typer) -> None:
    """Register the commands in the group of `campaign`."""
    for name, (told, command) in _COMMANDS.items():
        campaign_app.command(name, help=told)(command)


def flags(as_of: AsOf = None, known_at: KnownAt = None, as_json: Json = False) -> None:
    """What happened after nominations: recorded by a check, or new since."""
    office, day = here(), parse_day(as_of, "--as-of") or clock.today()
    moment = parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        known = [
            (
                load(connection, row.nomination_id),
                row.as_of,
                row.note,
                row.detail["before"],
                row.detail["after"],
                True,
            )
            for row in watch.recorded(connection, day, moment)
        ]
        new = [
            (change.filed, day, change.told, change.before, change.after, False)
            for change in watch.flags(connection, office.law, office.covers, day, moment)
            if change.event == watch.FLAGGED
        ]  # fmt: skip
    if as_json:
        show.print_json([_flag_json(*one) for one in (*known, *new)])
        return
    rows = [
        (f"第{filed.nominee.nomination_id}号", words.called(filed), on, told,
         *(ANSWER_NAMES[Answer(marks["answer"])] for marks in (before, after)),
         "已登记" if stored else "待下次检查登记")
        for filed, on, told, before, after, stored in (*known, *new)
    ]  # fmt: skip
    out = show.console()
    out.print(show.table(f"推荐以后的新情况 {len(rows)} 项", _COLUMNS, rows))
    if rows:
        out.print(_WHAT_NOW, markup=False, soft_wrap=True)


def _flag_json(
    filed: Filed, on: date, told: str, before: Marks, after: Marks, stored: bool
) -> dict[str, Any]:
    """One flag in the stable --json form; `recorded`: by a check, not only seen now."""
    nominee = filed.nominee
    return {
        "number": nominee.nomination_id, "name": nominee.name, "unit": nominee.unit or None,
        "award": nominee.award, "state": filed.state, "on": on.isoformat(), "text": told,
        "before": dict(before), "after": dict(after), "recorded": stored,
    }  # fmt: skip


def verify(
    what: Annotated[
        str,
        typer.Argument(metavar="FILE", help="快照文件、推荐编号，或合规审查单上的核验码"),
    ],
    against: Annotated[
        bool, typer.Option("--against-database", help="快照文件再与数据库中封存的核对")
    ] = False,
) -> None:
    """Verify a snapshot from the file alone, or the stored one by its number or code."""
    if Path(what).is_file():
        content, told = _of_file(Path(what), against), "文件完整"
        told += "，与数据库一致" if against else ""
    else:
        content, told = _of_database(what)
    nominee, answer = content["nominee"], ANSWER_NAMES[Answer(content["answer"])]
    out = show.console()
    out.print(f"{told}。核验码 {frozen.code_of(frozen.digest(content))}", soft_wrap=True)
    out.print(f"第 {nominee['number']} 号 {nominee['name']}，{nominee['award_name']}")
    out.print(f"{content['as_of']} 审查：{answer}，规则版本 {content['law'][:12]}")


def _of_file(file: Path, against: bool) -> dict[str, Any]:
    """What a file froze. Raises LuzeError with all that is not as it was."""
    text = file.read_bytes().decode("utf-8", errors="replace")
    problems = frozen.verify(text)
    if not problems and against:
        with here().database.connect() as connection:
            problems = snapshot.differs(connection, text)
    if problems:
        raise LuzeError(f"{file.name} 核验不符", problems=problems)
    return frozen.content_of(text)


def _of_database(text: str) -> tuple[dict[str, Any], str]:
    """What the stored snapshot of a nomination or code froze, and where the nomination stands now.
    Raises LuzeError where there is none or it was changed."""
    number = parse_number(text) if len(text) < frozen.CODE_LENGTH else None
    with here().database.connect() as connection:
        found = kept.by_code(connection, text) if number is None else None
        filed = load(connection, found.number if found else number or 0)
        found = found or kept.newest(connection, filed.nominee.nomination_id or 0)
        if found is None:
            what = f"第 {number} 号推荐没有快照，还没有提名"
            raise LuzeError(what, fix="推荐时封存快照：tracker campaign nominate")
        problems = list(kept.defects(connection, found))
    if problems:
        raise LuzeError(f"“{text}”核验不符", problems=problems)
    state = NOMINATION.states[filed.state]
    return found.content, f"数据库中的快照完整，与推荐时登记的一致，推荐现为{state}"


_COMMANDS: dict[str, tuple[str, Callable[..., None]]] = {
    "flags": ("列出推荐以后有新情况的：新的约谈、事件、限制，审查结论变差", flags),
    "verify": ("核验推荐快照：按文件、推荐编号或核验码，内容是否与封存时一致", verify),
}
