"""Pulling, whole: a service is read to its end, proved, then stored as a file would be.

What a service says is trusted as far as its source claims. `reads: changes` speaks for the rows
that came and for nothing else: a row is replaced by a later version of the same id, taken away only
where the service says that it is deleted, and no month counts as reported because of it (I65): to
bring no row is not to say that nothing was done. `reads: whole` speaks, as a resent file does, for
every cell (reporter, form, period) of which a row came: what it no longer holds is voided and what
it covers is reported; a cell without any row stays as it is. A row that came and cannot be stored
leaves what was stored of it, and the cursor waits before it.

The network is asked before the transaction; rows, cursor and audit are one transaction after the
last page, so that a crash between pages leaves nothing.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import httpx
import sqlalchemy as sa

from tracker import audit, db
from tracker.errors import LuzeError
from tracker.ledger.forms import Forms
from tracker.ledger.pull import cursors
from tracker.ledger.pull.asking import Asker
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.paging import read_all
from tracker.ledger.pull.records import Period, Reading, read_pages
from tracker.ledger.pull.workbook import placed, to_workbook
from tracker.ledger.report import ImportReport
from tracker.ledger.sheets import Workbook

Store = Callable[[sa.Connection, Workbook, str | None], ImportReport]
_REST = "用 tracker pull --shown 0 查看"


@dataclass(frozen=True)
class Outside:
    """What a pull needs of the world outside: where secrets are, what time it is, how to wait."""

    environ: Mapping[str, str] = field(repr=False)
    ask_time: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Pulled:
    """What one source brought. `rows`: by id, repeated ones once; `refused`: those that cannot be
    stored; `outdated`: that the ledger has in a later version; `ahead`: that are newer than now;
    `cursor`: where the next reading begins; `is_kept`: whether anything was written, so that
    batch `report.batch_id` exists."""

    source: PullSource
    pages: int
    rows: int
    cursor: str
    refused: int = 0
    outdated: int = 0
    ahead: int = 0
    report: ImportReport = field(default_factory=lambda: ImportReport(0, "", ""))
    is_kept: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """The figures over all sheets."""
        words = ("added", "changed", "removed", "same")
        found = {word: sum(getattr(s, word) for s in self.report.sheets) for word in words}
        return {"rows": self.rows, **found, "refused": self.refused}

    @property
    def line(self) -> str:
        """All in one line."""
        n = self.counts
        text = f"{self.source.shown}：读 {self.pages} 页 {self.rows} 行"
        text += f"，新增 {n['added']}，改动 {n['changed']}，删去 {n['removed']}"
        text += f"，未入库 {n['refused']}" if n["refused"] else ""
        text += f"，已有更新版本而未用 {self.outdated}" if self.outdated else ""
        text += f"，更新时刻在将来 {self.ahead}（请服务方核对时钟）" if self.ahead else ""
        if self.source.cursor:
            text += f"，下次从 {self.cursor} 读起" if self.cursor else "，下次从头读起"
            text += "（停在未入库的行之前）" if self.refused else ""
        return text

    def text(self, shown: int, *, dry_run: bool = False) -> str:
        """For the terminal: the line, then the batch with its problems."""
        if not self.report.sheets and not self.report.problems:
            return f"{self.line}\n  没有可入库的数据行，没有改动"
        if not (self.is_kept or dry_run or self.report.problems):
            return f"{self.line}\n  没有变化"
        self.report.rest = _REST
        said = self.report.text(shown, dry_run=dry_run or not self.is_kept)
        return "\n".join([self.line, *(f"  {line}" for line in said.splitlines())])


def pull(
    engine: sa.Engine,
    source: PullSource,
    forms: Forms,
    *,
    store: Store,
    outside: Outside,
    operator: str,
    now: datetime,
    dry_run: bool = False,
    afresh: bool = False,
) -> Pulled:
    """Read a source and store what came. `afresh`: from the beginning instead of the cursor.

    Raises LuzeError, in one clear line, for whatever the service does wrong; then nothing of it
    is stored and the cursor stands.
    """
    secrets = _secrets(source, outside.environ)
    with engine.connect() as connection:
        since = "" if afresh else cursors.current(connection, source)
        before = cursors.newest_batch(connection, source)
    with _client(source) as client:
        asker = Asker(source, client, secrets, outside.ask_time, outside.sleep)
        pages = read_all(asker, since, _periods(source, now.date()))
        reading = read_pages(source, pages, forms)
    with db.transaction(engine) as connection:
        if cursors.newest_batch(connection, source) != before:
            fix = "如有需要，请再拉取一次"
            raise LuzeError(f"{source.shown}其间另有一次拉取或撤销，这次未采用", fix=fix)
        pulled = _take(connection, reading, forms, since, store, now)
        if pulled.is_kept and not dry_run:
            _record(connection, pulled, reading, since, operator, now)
        else:
            connection.rollback()
            pulled.is_kept = False
    return pulled


def _take(
    connection: sa.Connection, reading: Reading, forms: Forms, since: str, store: Store,
    now: datetime,
) -> Pulled:  # fmt: skip
    """Store what came, as far as the ledger has nothing newer of it."""
    source = reading.source
    pulled = Pulled(source, reading.pages, len(reading.records), since)
    old = cursors.outdated(connection, source, reading)
    pulled.outdated = len(old)
    for name in old:
        del reading.records[name]
    workbook, tables = to_workbook(reading, forms, today=now.date())
    if workbook.sheets:
        pulled.report = store(connection, workbook, source.area)
    else:
        pulled.report.problems = workbook.problems
    report = pulled.report
    left_out = report.left_out if workbook.sheets else reading.records.keys()
    pulled.refused = len(left_out - reading.unread) + len(reading.problems)
    pulled.ahead = len(cursors.ahead(reading, now))
    pulled.cursor = cursors.following(reading, left_out, since, now)
    report.problems = [
        *reading.problems, *placed(report.problems, tables, source, forms.forms[source.form])
    ]  # fmt: skip
    says_more = source.reads == "whole" or pulled.cursor != since
    stored = any(s.added or s.changed or s.same for s in report.sheets)
    pulled.is_kept = bool(report.sheets) and (not report.is_unchanged or (stored and says_more))
    return pulled


def _record(
    connection: sa.Connection, pulled: Pulled, reading: Reading, since: str, operator: str,
    now: datetime,
) -> None:  # fmt: skip
    """The cursor and the act, with what was stored."""
    source, batch = pulled.source, pulled.report.batch_id
    if source.cursor:
        cursors.write(connection, source, pulled.cursor, batch, now)
    detail = {
        "batch": batch, "source": source.id, "sha256": reading.sha256, "pages": pulled.pages,
        "rows": pulled.rows, "since": since, "cursor": pulled.cursor,
    }  # fmt: skip
    audit.append(connection, act="pull", operator=operator, now=now, detail=detail)


def _secrets(source: PullSource, environ: Mapping[str, str]) -> dict[str, str]:
    missing = sorted(name for name in source.secrets if not environ.get(name))
    if missing:
        what = f"{source.shown}的密钥不在环境变量里：{'、'.join(missing)}"
        raise LuzeError(what, fix="请在运行 tracker 的环境里设置，不要写进文件")
    return {name: environ[name] for name in source.secrets}


def _client(source: PullSource) -> httpx.Client:
    """A client that trusts the source's own CA only, where it names one, and follows nobody."""
    limits = source.limits
    timeout = httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds)
    return httpx.Client(
        timeout=timeout, verify=ssl.create_default_context(cafile=source.ca), trust_env=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )  # fmt: skip


def _periods(source: PullSource, today: date) -> list[Period | None]:
    """What to ask for, the oldest first; one question about everything where there are none."""
    rule = source.periods
    if rule is None:
        return [None]
    if rule.every == "year":
        return [(today.year - n, None) for n in range(rule.back, -1, -1)]
    months = [today.year * 12 + today.month - 1 - n for n in range(rule.back, -1, -1)]
    return [(month // 12, month % 12 + 1) for month in months]
