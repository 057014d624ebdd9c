"""The edge: `check` and `findings`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import pandas as pd
import sqlalchemy as sa
import typer

from tracker import clock, db, nightly
from tracker.awards import night
from tracker.cli import interview_words, show
from tracker.cli.office import Office, here, parse_day, parse_moment
from tracker.cli.waiver_words import print_waivers
from tracker.consequences import notices
from tracker.consequences.cases import load_cases
from tracker.consequences.lives import INTERVIEW_OPEN
from tracker.errors import LuzeError
from tracker.evaluation import findings as stored
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.policy.law import Law
from tracker.registry.dated import Registry, load_registry
from tracker.registry.labels import labels
from tracker.registry.roles import Roles

AsOf = Annotated[str | None, typer.Option("--as-of", help="判定日，如 2020-01-09；留空为最后一夜")]
Night = Annotated[str | None, typer.Option("--as-of", help="检查哪一日，如 2020-01-09；留空为今天")]
KnownAt = Annotated[str | None, typer.Option("--known-at", help="只用此刻以前登记的数据")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
WORST = 12


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("check", help="每夜检查：判定、入库、生成提醒和约谈建议")(check)
    app.command("findings", help="列出判定结果")(findings)


def check(as_of: Night = None) -> None:
    """Run the nightly check for one day (default: today)."""
    office = here()
    found = run_night(office, parse_day(as_of, "--as-of") or clock.today())
    with office.database.connect() as connection:
        print_night(office, connection, found)


def run_night(office: Office, day: date) -> nightly.Night:
    """One night in a transaction of its own."""
    with db.transaction(office.database) as connection:
        return night.run(
            connection, office.law, office.covers, as_of=day, now=clock.now(),
            operator=office.settings.operator,
        ).check  # fmt: skip


def print_night(office: Office, connection: sa.Connection, night: nightly.Night) -> None:
    """The night in one screen: by status, the worst, notices, interviews."""
    out = show.console()
    counts = night.counts
    out.print(f"\n{night.as_of} 的检查已完成（第 {night.run_id} 次运行）", style="bold")
    rows = [
        (show.status_text(s.name), counts["status"].get(s.name, 0))
        for s in Status if counts["status"].get(s.name)
    ]  # fmt: skip
    out.print(show.table("应履责任，按判定", ("判定", "项数"), rows))
    changes = counts["findings"]
    out.print(
        f"与上一夜相比：新增 {changes['new']}，变化 {changes['changed']}，关闭 {changes['closed']}"
    )
    state = stored.owed(stored.state(connection))
    registry = load_registry(connection, clock.now())
    names = labels(registry)
    worst = show.sort_for_reading(state[state["status"].isin(_WORST)])
    total = len(worst)
    out.print()
    title = f"最紧要的 {min(WORST, total)} 项（共 {total} 项，全部见 tracker findings）"
    if total:
        show.print_findings(title, _spread(worst), names, office.duties)
    _print_notices(out, connection, counts["notices"])
    _print_interviews(out, connection, names, counts["interviews"], office.law)
    print_waivers(office, connection, names, night.as_of)


_WORST = [
    s.name
    for s in (Status.breached, Status.unreachable, Status.needs_review, Status.at_risk,
              Status.in_grace)
]  # fmt: skip


def _spread(worst: pd.DataFrame) -> pd.DataFrame:
    """A few of each duty rather than many of one."""
    order = worst.groupby("duty", sort=False).cumcount()
    return worst.assign(_n=order).sort_values("_n", kind="stable").head(WORST).drop(columns="_n")


def _print_notices(out: Any, connection: sa.Connection, counts: Mapping[str, int]) -> None:
    by_level: dict[str, int] = {}
    for notice in notices.open_notices(connection).values():
        by_level[notice.level] = by_level.get(notice.level, 0) + 1
    told = "，".join(f"{show.LEVEL_MARKS[k]} {v}" for k, v in sorted(by_level.items())) or "无"
    events = (("今夜新发", "raised"), ("再提醒", "reminded"), ("报告领导", "told_leader"))
    tonight = "，".join(f"{name} {counts.get(event, 0)} 条" for name, event in events)
    out.print(f"\n提醒：{tonight}；现有 {told}", style="bold")


def _print_interviews(
    out: Any, connection: sa.Connection, names: Mapping[int, str], counts: Mapping[str, int],
    law: Law,
) -> None:  # fmt: skip
    open_now = load_cases(connection, states=INTERVIEW_OPEN)
    open_now.sort(key=lambda case: (-len(case.keys), case.id))
    out.print(
        f"约谈建议：今夜新增 {counts['recommended']} 件，撤销 {counts['withdrawn']} 件，"
        f"现有 {len(open_now)} 件（由人决定，机器只建议）", style="bold",
    )  # fmt: skip
    rows = interview_words.rows(open_now[:WORST], names, law)
    out.print(show.table("", interview_words.COLUMNS, rows))


def findings(
    holder: Annotated[str | None, typer.Argument(help="责任主体（可用简称）；留空为全部")] = None,
    duty: Annotated[str | None, typer.Option(help="责任事项编号，如 unit.study")] = None,
    status: Annotated[str | None, typer.Option(help="判定，如 breached 或 未达标")] = None,
    area: Annotated[str | None, typer.Option(help="只看这个地区，写区划代码，如 621023")] = None,
    window_year: Annotated[int | None, typer.Option(help="只看这一年的考核期，如 2019")] = None,
    night: Annotated[str | None, typer.Option(help="查看某一夜入库的结果")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, typer.Option(min=0, help="最多列出几项，0 为全部")] = 50,
    as_json: Json = False,
) -> None:
    """List findings: of the newest night, of an earlier night, or judged afresh for any day."""
    office = here()
    with office.database.connect() as connection:
        rows = _asked(office, connection, night, as_of, known_at)
        registry = load_registry(connection, parse_moment(known_at) or clock.now())
        names = labels(registry)
        if holder:
            subject = office.find(connection, holder, parse_moment(known_at))
            rows = rows[(rows["holder_id"] == subject) | (rows["accountable_id"] == subject)]
    rows = _within(registry, rows, area, window_year)
    rows = show.sort_for_reading(_filtered(office, rows, duty, status))
    if as_json:
        document = [
            show.finding_json(row, names, *office.duties[row["document"], row["duty"]])
            for _, row in rows.iterrows()
        ]
        show.print_json(document)
        return
    shown = rows.head(limit) if limit else rows
    title = f"判定结果 {len(rows)} 项" + (f"，列出前 {limit} 项" if len(shown) < len(rows) else "")
    show.print_findings(title, shown, names, office.duties, numbered="id" in shown)


def _asked(
    office: Office, connection: sa.Connection, night: str | None, as_of: str | None,
    known_at: str | None,
) -> pd.DataFrame:  # fmt: skip
    if as_of or known_at:
        day = office.night(connection, parse_day(as_of, "--as-of"))
        scene = nightly.set_scene(
            connection, office.law, as_of=day, known_at=parse_moment(known_at) or clock.now()
        )
        return nightly.look(connection, scene, office.covers)
    asked = parse_day(night, "--night")
    run = stored.run_of_night(connection, asked) if asked else stored.last_run(connection)
    if run is None:
        raise LuzeError(
            f"没有 {asked} 的检查记录" if asked else "还没有检查过",
            fix="先运行 tracker check；或用 --as-of 临时判定",
        )
    return stored.owed(stored.state(connection, run.id))


def _within(
    registry: Registry, rows: pd.DataFrame, area: str | None, year: int | None
) -> pd.DataFrame:
    """Findings about a place inside the area, whose window holds a day of the year."""
    if area:
        bare = re.sub(r"^(\d{2}|\d{4})(00)+$", r"\1", area)
        codes = Roles(registry, frozenset()).codes(rows["place_id"])
        rows = rows[codes.str.startswith(bare)]
    if year:
        first, last = date(year, 1, 1), date(year, 12, 31)
        rows = rows[(rows["opens"] <= last) & (rows["closes"] >= first)]
    return rows


def _filtered(
    office: Office, rows: pd.DataFrame, duty: str | None, status: str | None
) -> pd.DataFrame:
    if duty:
        known = sorted({duty_id for _, duty_id in office.duties})
        if duty not in known:
            raise LuzeError(f"没有责任事项“{duty}”", fix="可用的：" + "、".join(known))
        rows = rows[rows["duty"] == duty]
    if status:
        by_name = {STATUS_NAMES[s]: s.name for s in Status} | {s.name: s.name for s in Status}
        if status not in by_name:
            raise LuzeError(f"没有判定“{status}”", fix="可用的：" + "、".join(by_name))
        rows = rows[rows["status"] == by_name[status]]
    return rows
