"""The edge: `schedule` and `runs`: the jobs that run by themselves, and what became of them.

The one place of `tracker` that asks `jobs`; it does so when called, for `jobs` stands on the cli's
own office.
"""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker import journal
from tracker.cli import show
from tracker.cli.check import Json
from tracker.cli.office import here
from tracker.errors import LuzeError
from tracker.journal import STATE_NAMES, JobRun, State

if TYPE_CHECKING:
    from jobs.running import Ended
    from jobs.ticking import Ticker

_COLUMNS = ("编号", "工作", "所属日期", "结果", "开始", "用时", "说明")
_WEEK = timedelta(days=7)
_DAYS = "一二三四五六日"
_FAILED = 1


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("schedule", help="定时运行：夜检、提醒信、周报、发信、拉取、备份，一直运行到停止")(
        schedule
    )
    app.command("runs", help="列出各项工作的运行记录")(runs)


def schedule(
    once: Annotated[bool, typer.Option("--once", help="只运行现在该运行的，然后结束")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="只列出今后七天的安排，不运行")] = False,
) -> int:
    """Run the jobs until stopped (SIGTERM, Ctrl+C); exits 1 where a job of --once failed."""
    from jobs import scheduler

    if once and plan:
        raise LuzeError("--once 和 --plan 只能用一个", fix="--plan 只列安排，--once 运行一遍")
    office = here()
    ticker = scheduler.ticker(office.settings)
    _ = office.database  # refused here rather than every minute
    if plan:
        return _print_plan(ticker)
    _log_to_stderr()
    if once:
        return _print_ended(ticker.tick())
    scheduler.run(ticker)
    return 0


def _log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    # A line per tick, addresses with keys, a line per look at the schema.
    for name in ("apscheduler", "httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _print_plan(ticker: Ticker) -> int:
    from jobs import due
    from jobs.timetable import JOBS

    office, now = ticker.make_office(), ticker.ask()
    waiting = ticker.waiting(office)
    with office.database.connect() as connection:
        calendar = ticker.calendar(office, connection, now)
    out = show.console()
    rows = [(JOBS[s.job], s.name, s.idle or (s.refused and s.refused.what) or "") for s in waiting]
    out.print(show.table("现在该运行的", ("工作", "所属日期", "说明"), rows))
    planned = due.planned(ticker.timetable, calendar, now.date(), (now + _WEEK).date())
    coming = [(at, JOBS[job]) for job, at in planned if now < at <= now + _WEEK]
    rows = [(f"{at:%m月%d日} 周{_DAYS[at.weekday()]} {at:%H:%M}", job, "") for at, job in coming]
    every = ticker.timetable.outbox.every_minutes
    out.print(show.table(f"今后七天（发信每 {every} 分钟一次）", ("何时", "工作", ""), rows))
    return 0


def _print_ended(ran: list[Ended] | None) -> int:
    from jobs.timetable import JOBS

    out = show.console()
    if ran is None:
        out.print("另一个调度正在运行，这一次什么也没有做")
        return 0
    told = [one for one in ran if one.failed or not one.quiet]
    if not told:
        out.print("没有到时间的工作")
    for one in told:
        said = f"{JOBS[one.slot.job]} {one.slot.name} {STATE_NAMES[one.outcome.state]}"
        said += f"：{one.outcome.told}" if one.outcome.told else ""
        out.print(said, markup=False, soft_wrap=True)
    return _FAILED if any(one.failed for one in ran) else 0


def runs(
    job: Annotated[str | None, typer.Option(help="只看这项工作，如 nightly 或 夜检")] = None,
    limit: Annotated[int, typer.Option(min=0, help="最多列出几次，0 为全部")] = 30,
    as_json: Json = False,
) -> None:
    """List the newest runs, oldest first."""
    from jobs.timetable import JOBS

    by_word = {word: name for name, word in JOBS.items()} | {name: name for name in JOBS}
    if job and job not in by_word:
        raise LuzeError(f"没有工作“{job}”", fix="可用的：" + "、".join(by_word))
    with here().database.connect() as connection:
        found = journal.load(connection, job=by_word[job] if job else "", limit=limit)
    if as_json:
        show.print_json([run_json(run) for run in found])
        return
    rows = [
        (run.id, JOBS.get(run.job, run.job), run.slot, STATE_NAMES[State(run.state)],
         f"{run.started_at:%Y-%m-%d %H:%M:%S}", _duration(run), run.told)
        for run in found
    ]  # fmt: skip
    show.console().print(show.table(f"运行记录 {len(rows)} 次", _COLUMNS, rows))


def run_json(run: JobRun) -> dict[str, Any]:
    """One run in the stable --json form; moments in ISO 8601, `seconds` null while unknown."""
    ended = run.finished_at
    return {
        "number": run.id, "job": run.job, "slot": run.slot,
        "as_of": run.as_of.isoformat() if run.as_of else None, "state": run.state,
        "started_at": run.started_at.isoformat(),
        "finished_at": ended.isoformat() if ended else None,
        "seconds": (ended - run.started_at).total_seconds() if ended else None,
        "law": run.law or None, "inputs": run.inputs, "counts": run.counts, "told": run.told,
        "host": run.host,
    }  # fmt: skip


def _duration(run: JobRun) -> str:
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
    return "" if seconds is None else f"{seconds:.1f} 秒"
