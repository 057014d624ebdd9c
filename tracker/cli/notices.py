"""The edge: `notices list|show|acknowledge|answer`, the warnings and what was done about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from tracker import clock, db
from tracker.cli import show
from tracker.cli.check import AsOf, Json, KnownAt
from tracker.cli.groups import Listing
from tracker.cli.office import MOST, Office, here, parse_day, parse_moment
from tracker.consequences import notice_acts
from tracker.consequences import notices as stored
from tracker.consequences.lives import NOTICE
from tracker.consequences.notice_calls import Call
from tracker.consequences.notice_steps import Life
from tracker.errors import LuzeError
from tracker.evaluation.findings import newest_of as findings_of
from tracker.evaluation.narrate import short_date, window_name
from tracker.registry.dated import load_registry
from tracker.registry.labels import labels

notices_app = typer.Typer(help="提醒：列出、查看经过、签收、答复", cls=Listing)

Number = Annotated[int, typer.Argument(max=MOST, help="编号，见 tracker notices list")]
Who = Annotated[str, typer.Option(help="签收或答复的人，写姓名")]
On = Annotated[str | None, typer.Option(help="哪一天，如 2020-01-09，默认今天")]
COLUMNS = ("编号", "级别", "责任单位", "事项", "判定", "日期", "经过", "现状")


def add_to(app: typer.Typer) -> None:
    """Register the command group."""
    app.add_typer(notices_app, name="notices")


@notices_app.command("list", help="列出待整改的提醒；--all 连同并入的和已了结的")
def list_(
    subject: Annotated[str | None, typer.Argument(help="责任单位（可用简称）")] = None,
    history: Annotated[bool, typer.Option("--history", help="列出全部经过")] = False,
    every: Annotated[bool, typer.Option("--all", help="并入上级原因的、已了结的也列出")] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    level: Annotated[str | None, typer.Option(help="只列这一级：红、黄、蓝或报送")] = None,
    limit: Annotated[int, typer.Option(min=0, help="最多列出几条，0 为全部")] = 50,
    as_json: Json = False,
) -> None:
    """List open notices, all of them, or every transition."""
    office, wanted = here(), _level(level)
    day, moment = parse_day(as_of, "--as-of"), parse_moment(known_at)
    with office.database.connect() as connection:
        names = labels(load_registry(connection, clock.now()))
        about = office.find(connection, subject) if subject else None
        read = stored.history if history else stored.listed
        lives = [
            life
            for life in read(connection, as_of=day, known_at=moment)
            if (history or every or life.state == "open")
            and about in (None, life.call.subject_id)
            and wanted in (None, life.call.level)
        ]
        found = {} if as_json else findings_of(connection, (life.call.key for life in lives))
    if as_json:
        show.print_json([show.notice_json(life, names) for life in lives])
    else:
        _print_list(office, lives, names, found, limit)


def _level(text: str | None) -> str | None:
    """The level that a person means by 红, red or 红●. Raises LuzeError."""
    if text is None:
        return None
    for level, mark in show.LEVEL_MARKS.items():
        if text in (level, mark, mark[:-1]):
            return level
    known = "、".join(mark[:-1] for mark in show.LEVEL_MARKS.values())
    raise LuzeError(f"没有“{text}”这一级提醒", fix=f"可用的：{known}")


def _print_list(
    office: Office, lives: Sequence[Life], names: Mapping[int, str], found: Mapping[str, Any],
    limit: int,
) -> None:  # fmt: skip
    duty_names, out = _duty_names(office), show.console()
    shown = lives[:limit] if limit else lives
    title = f"提醒 {len(lives)} 条" + (f"，列出前 {limit} 条" if len(shown) < len(lives) else "")
    rows = [
        (f"第{life.id}号", show.LEVEL_MARKS[life.call.level], names[life.call.subject_id],
         _about(life.call, found, names, duty_names), _number(found.get(life.call.key)),
         life.as_of, _passed(life), _standing(life))
        for life in shown
    ]  # fmt: skip
    out.print(show.table(title, COLUMNS, rows))
    if rows:
        out.print(
            "签收、答复：tracker notices acknowledge|answer 编号；经过：tracker notices show 编号"
        )


def _duty_names(office: Office) -> dict[str, str]:
    return {duty_id: duty.name for (_, duty_id), (_, duty) in office.duties.items()}


def _number(finding: Any) -> str:
    return f"#{finding.id}" if finding else ""


def _about(
    call: Call, found: Mapping[str, Any], names: Mapping[int, str], duty_names: Mapping[str, str]
) -> str:
    """What the notice is about, for whom where that is not the unit itself, and of which window:
    two notices of one unit are never told alike."""
    finding = found.get(call.key)
    if finding is None:
        return call.about(duty_names)
    who = [one for one in (finding.holder_id, finding.counterpart_id) if one is not None]
    told = [names.get(one, "—").partition("@")[0] for one in who if one != call.subject_id]
    told.append(window_name(finding.opens, finding.closes))
    return f"{call.about(duty_names)}（{'，'.join(told)}）"


def _passed(row: Any) -> str:
    """The newest transition in words: of a notice, or of a row of its history."""
    return f"{NOTICE.steps[row.event].name} {row.note}".rstrip()


def _standing(life: Life) -> str:
    """Where a notice stands: its state, and what was done since it was raised."""
    said = [NOTICE.states[life.state]]
    if life.reminders:
        said.append(f"已再提醒 {life.reminders} 次")
    if life.leader_on:
        said.append(f"{short_date(life.leader_on, life.as_of)}报告领导")
    if life.acknowledged_on:
        said.append(f"{short_date(life.acknowledged_on, life.as_of)}签收")
    if life.answered_on:
        said.append(f"{short_date(life.answered_on, life.as_of)}答复")
    if life.due_on:
        said.append(f"承诺 {short_date(life.due_on, life.as_of)}前完成")
    return "，".join(said)


@notices_app.command("show", help="一条提醒的全部经过")
def show_(number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """The whole life of one notice."""
    office, day, moment = here(), parse_day(as_of, "--as-of"), parse_moment(known_at)
    with office.database.connect() as connection:
        names = labels(load_registry(connection, clock.now()))
        rows = stored.story(connection, number, as_of=day, known_at=moment)
        life = stored.load(connection, number, as_of=day, known_at=moment)
        found = findings_of(connection, [life.call.key]) if life else {}
    if life is None:
        raise LuzeError(f"没有第 {number} 号提醒", fix="编号见 tracker notices list --all")
    call = life.call
    out = show.console()
    out.print(
        f"第 {number} 号提醒 {show.LEVEL_MARKS[call.level]} {names[call.subject_id]}："
        f"{_about(call, found, names, _duty_names(office))}（{_standing(life)}）", style="bold",
    )  # fmt: skip
    if call.key in found:
        out.print(f"依据：tracker explain '{_number(found[call.key])}'")
    out.print(show.table("", ("日期", "经过", "由谁", "材料和承诺"), [
        (row.as_of, _passed(row), row.detail.get("who") or row.operator, _promised(row))
        for row in rows
    ]))  # fmt: skip


def _promised(row: Any) -> str:
    papers = "、".join(row.detail.get("evidence", ()))
    return "；".join([papers] * bool(papers) + [f"{row.due_on} 前完成"] * bool(row.due_on))


@notices_app.command(help="签收一条提醒：下一次再提醒免去")
def acknowledge(number: Number, who: Who = "", on: On = None) -> None:
    """Record that somebody has seen the notice."""
    office, now = here(), clock.now()
    with db.transaction(office.database) as connection:
        notice_acts.acknowledge(
            connection, number, who=who, on=parse_day(on, "--on") or now.date(),
            now=now, operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"第 {number} 号提醒已签收")


@notices_app.command(help="答复一条提醒：整改情况、证据、承诺完成的日期")
def answer(
    number: Number,
    who: Who = "",
    text: Annotated[str, typer.Option(help="整改情况")] = "",
    evidence: Annotated[
        list[str] | None, typer.Option(help="证据材料的名称或文号，可写多次")
    ] = None,
    due: Annotated[
        str | None, typer.Option(help="承诺完成的日期，此前不再提醒；已整改完的不写")
    ] = None,
    on: On = None,
) -> None:
    """Record what was put right, and by when the rest will be."""
    office, now = here(), clock.now()
    with db.transaction(office.database) as connection:
        notice_acts.answer(
            connection, number, who=who, text=text, evidence=evidence or [],
            due_on=parse_day(due, "--due"), on=parse_day(on, "--on") or now.date(),
            now=now, operator=office.settings.operator,
        )  # fmt: skip
    show.console().print(f"第 {number} 号提醒已登记答复；是否消除以夜间检查的判定为准")
