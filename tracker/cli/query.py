"""The edge: `query`, what one body or person owes and whether it, or a list, may be nominated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import sqlalchemy as sa
import typer
from rich.console import Console

from tracker import clock
from tracker.awards import nominations
from tracker.awards.asking import Asked, asked
from tracker.awards.gate import ANSWER_NAMES, EXIT_CODES, Answer
from tracker.awards.record import Record
from tracker.awards.verdict import Verdict, judge
from tracker.cli import interview_words, show, slates, verdict_words
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.office import Office, here, parse_day, parse_moment
from tracker.errors import LuzeError
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.query import Dossier, Mark, Stacked, dossier, silent_folded, stricter_first
from tracker.registry.labels import labels

BRIEF = 6
MARK_NAMES = {
    Mark.stricter: "从严", Mark.looser: "另有更严规定", Mark.contradictory: "与其他规定抵触",
}  # fmt: skip
_QUIET = [
    s.name
    for s in (Status.met, Status.on_track, Status.upcoming, Status.not_applicable,
              Status.not_in_force)
]  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("query", help="查询一个单位、地方或个人：应履责任、提醒、约谈建议、能否推荐")(query)


def query(
    subject: Annotated[
        str | None, typer.Argument(help="名称，可用简称；同名的人写 姓名@单位")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--list", help="审查一份推荐名单（.xlsx、.csv），加栏后退回")
    ] = None,
    award: Annotated[str, typer.Option(help="按评选方案审查：奖项或方案编号")] = "",
    kind: Annotated[str, typer.Option(help="以哪一类别推荐；登记资料能看出的可不写")] = "",
    out: Annotated[Path | None, typer.Option(help="加栏后的名单写到哪个文件夹")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    every: Annotated[bool, typer.Option("--all", help="已达标、正常、不适用的也列出")] = False,
    as_json: Json = False,
) -> None:
    """Answer about one subject or a list. Exits 0 eligible, 10 on_hold, 11 barred, 12 incomplete;
    of a list the gravest."""
    office = here()
    if file is not None and subject is None:
        answer: Answer | None = slates.review_list(
            office, file, out, award=award, kind=kind, as_of=as_of, known_at=known_at,
            as_json=as_json,
        )  # fmt: skip
    elif subject is None or file is not None:
        raise LuzeError(
            "要写一个名称，或者用 --list 写一份名单，只写其中一种",
            fix="例如 tracker query 县水务局；tracker query --list 推荐名单.xlsx",
        )
    elif kind and not award:
        raise LuzeError("只写了类别，没有写奖项", fix="请同时写 --award 奖项编号")
    else:
        answer = _query_one(office, subject, award, kind, as_of, known_at, every, as_json)
    raise typer.Exit(EXIT_CODES[answer] if answer else 0)


def _query_one(
    office: Office, subject: str, award: str, kind: str, as_of: str | None, known_at: str | None,
    every: bool, as_json: bool,
) -> Answer | None:  # fmt: skip
    """Print all about one subject; returns the answer, None for those that cannot be nominated."""
    moment = parse_moment(known_at) or clock.now()
    with office.database.connect() as connection:
        subject_id = office.find(connection, subject, parse_moment(known_at))
        day = office.night(connection, parse_day(as_of, "--as-of"))
        found = dossier(
            connection, office.law, office.covers, subject_id,
            as_of=day, known_at=moment,
        )  # fmt: skip
        under = _under_award(connection, found, award, kind, moment) if award else None
    names = labels(found.scene.registry)
    if as_json:
        document = as_document(office, found, names)
        show.print_json(
            {**document, "award": verdict_words.verdict_json(*under) if under else None}
        )
    else:
        if under:
            verdict_words.print_verdict(names[subject_id], *under)
        print_dossier(office, found, names, every=every)
    return under[1].answer if under else found.answer


def _under_award(
    connection: sa.Connection, found: Dossier, award: str, kind: str, known_at: datetime
) -> tuple[Asked, Verdict]:
    """The verdict under an award plan, with what is recorded of a live nomination."""
    if found.answer is None:
        raise LuzeError("户和村是帮扶对象，不能推荐", fix="请写单位、工作队、县、乡镇或者个人")
    meant = asked(found.facts, found.subject_id, award, kind)
    number, record = meant.nominee.nomination_id, Record()
    if number is not None:
        record = nominations.load(connection, number, found.as_of, known_at).record
    return meant, judge(meant.plan, meant.award, meant.nominee, found.facts, record)


def print_dossier(
    office: Office, found: Dossier, names: Mapping[int, str], *,
    brief: bool = False, every: bool = False,
) -> None:  # fmt: skip
    """The answer first, then why, then everything owed."""
    out = show.console()
    out.print(f"\n{names[found.subject_id]}    截至 {found.as_of}", style="bold")
    if found.answer:
        style = "green" if found.answer is Answer.eligible else "red"
        told = ANSWER_NAMES[found.answer]
        out.print(f"提名审查（仅就责任清单而言）：{told}", style=f"bold {style}")
    for clause in found.clauses:
        tail = f"（口径 {clause.interpretation}）" if clause.interpretation else ""
        ends = f"，至 {clause.ends_on} 止" if clause.ends_on else ""
        word = ANSWER_NAMES[clause.answer] if clause.answer is not Answer.eligible else "说明"
        out.print(f"  · {word}：{clause.text}{ends}；依据 {clause.cite}{tail}", soft_wrap=True)
    if found.answer and not found.clauses:
        out.print("  · 没有未办结的约谈建议、待核定事项或在期限制")
    counted = found.owes["status"].value_counts()
    told = "，".join(f"{STATUS_NAMES[s]} {counted[s.name]}" for s in Status if s.name in counted)
    out.print(f"应履责任 {len(found.owes)} 项：{told or '无'}")
    _print_team(out, office, found)
    _print_owed("", found.owes, found.stacked, office, names, brief, every)
    _print_owed("他人对其应履的责任", found.owed, {}, office, names, brief, every)
    by_level = "，".join(
        f"{show.LEVEL_MARKS[level]} {sum(n.level == level for n in found.notices)}"
        for level in sorted({n.level for n in found.notices})
    )
    out.print(f"现有提醒：{by_level or '无'}")
    if found.interviews:
        rows = interview_words.rows(found.interviews, names, office.law)
        out.print(show.table("约谈", interview_words.COLUMNS, rows))


def _print_team(out: Console, office: Office, found: Dossier) -> None:
    """A team stands where its worst member stands (I19)."""
    if found.scene.registry.subjects.loc[found.subject_id, "kind"] != "team":
        return
    rollups = {key: duty.rollup for key, (_, duty) in office.duties.items() if duty.rollup}
    rows = found.owes[[(d, i) in rollups for d, i in zip(
        found.owes["document"], found.owes["duty"], strict=True)]]  # fmt: skip
    told = [Status[name] for name in rows["status"] if Status[name] < Status.not_applicable]
    if told:
        numbers = sorted({r.interpretation for r in rollups.values() if r.interpretation})
        out.print(
            f"工作队整体：{STATUS_NAMES[min(told)]}（按最差的队员，口径 {'、'.join(numbers)}）"
        )


def _print_owed(
    title: str, findings: pd.DataFrame, stacked: Mapping[str, Stacked], office: Office,
    names: Mapping[int, str], brief: bool, every: bool,
) -> None:  # fmt: skip
    """What needs a look, with what other documents ask beside it; what is quiet only when all was
    asked for."""
    rows = stricter_first(show.sort_for_reading(findings), stacked)
    rows = rows if every else rows[_shown(rows, stacked)]
    hidden = len(findings) - len(rows)
    rows, alike = (rows, {}) if every else silent_folded(rows, stacked, BRIEF)
    if len(rows):
        told = {key: MARK_NAMES[one.mark] for key, one in stacked.items()}
        told |= {key: f"共 {count} 项未报送，见 --all" for key, count in alike.items()}
        _print_rows(title, rows.head(BRIEF) if brief else rows, told, office, names)
    if hidden and not brief:
        show.console().print(f"  另有 {hidden} 项已达标、正常或不适用，全部列出加 --all")


def _shown(rows: pd.DataFrame, stacked: Mapping[str, Stacked]) -> list[bool]:
    """Which need a look themselves, or ask the same as one that does."""
    loud = set(rows.loc[~rows["status"].isin(_QUIET), "key"])
    beside = {key for one in loud if one in stacked for key in stacked[one].beside}
    return [key in loud | beside for key in rows["key"]]


def _print_rows(
    title: str, rows: pd.DataFrame, told: Mapping[str, str], office: Office,
    names: Mapping[int, str],
) -> None:  # fmt: skip
    """The findings of one list, with what is told of some by key; where several documents bind,
    each with the number of its own."""
    several = rows["document"].nunique() > 1
    cells = show.finding_rows(rows, names, office.duties)
    made = show.table(
        title,
        [*(["文件"] if several else []), *show.FINDING_COLUMNS[1:]],
        [
            [
                *([office.law.pack(document).document.number] if several else []), *row[1:-1],
                " ".join(filter(None, [told.get(key, ""), str(row[-1])])),
            ]
            for row, document, key in zip(cells, rows["document"], rows["key"], strict=True)
        ],
    )  # fmt: skip
    made.columns[0].no_wrap = several
    show.console().print(made)


def as_document(office: Office, found: Dossier, names: Mapping[int, str]) -> dict[str, Any]:
    """The stable --json form; documented in docs/query-json.md."""

    def all_of(frame: Any) -> list[dict[str, Any]]:
        rows = stricter_first(show.sort_for_reading(frame), found.stacked)
        return [
            show.finding_json(row, names, *office.duties[row["document"], row["duty"]])
            | _stacked_json(found.stacked.get(row["key"]))
            for _, row in rows.iterrows()
        ]

    return {
        "subject": {"id": found.subject_id, "name": names[found.subject_id]},
        "as_of": found.as_of.isoformat(),
        "answer": found.answer.value if found.answer else None,
        "answer_name": ANSWER_NAMES[found.answer] if found.answer else None,
        "clauses": [
            verdict_words.clause_json(clause) for clause in found.clauses
        ],
        "owes": all_of(found.owes),
        "owed": all_of(found.owed),
        "notices": [{"level": n.level, "duty": n.duty, "key": n.key} for n in found.notices],
        "interviews": [interview_words.as_json(i, names) for i in found.interviews],
    }  # fmt: skip


def _stacked_json(stacked: Stacked | None) -> dict[str, Any]:
    """How a finding stands to those of other documents about the same thing."""
    told = stacked and {"mark": stacked.mark.value, "beside": list(stacked.beside)}
    return {"stacked": told}
