"""A small service of an office's network that can behave badly on purpose, and what reads it."""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa

from tests.ledger import books as b
from tracker.ledger.forms import load_forms
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.pulling import Outside, Pulled, pull
from tracker.ledger.report import ImportReport
from tracker.ledger.sheets import Workbook

TOKEN, SIGNING = "bearer-of-tests", "signing-of-tests"
SECRETS = {"TOKEN_OF_TESTS": TOKEN, "SIGNING_OF_TESTS": SIGNING}
LIMITS = {
    "connect_seconds": 5, "read_seconds": 5, "page_seconds": 20, "attempts": 3, "wait_seconds": 0,
    "longest_wait_seconds": 60, "pages": 20, "page_megabytes": 1,
}  # fmt: skip
MEETINGS = {
    "day": "date", "name": "title", "type": "kind", "unit": "unit", "chair": "chair.name",
}  # fmt: skip


@dataclass(slots=True)
class Reply:
    """One answer. `promised`: the length that its header claims; `delay`: an event that it waits
    for; `endless`: how often the body is sent."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    delay: threading.Event | None = None
    endless: int = 1


Make = Callable[[dict[str, str]], Reply]


@dataclass(slots=True)
class Service:
    """Rows in pages of `size`, by number. `script`: what it answers first, whatever is asked;
    `asked`: the parameters of every request."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    size: int = 2
    script: list[Reply | Make] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    url: str = ""
    cut_at_since: bool = True
    sign_at: datetime = b.NOW

    def page(self, asked: Mapping[str, str]) -> Reply:
        """The page asked for, signed."""
        rows = [row for row in self.rows if self._is_asked(row, asked)]
        start = (int(asked.get("page", 1)) - 1) * self.size
        return self.reply({"data": rows[start : start + self.size], "total": len(rows)})

    def _is_asked(self, row: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
        since, within = asked.get("since", ""), asked.get("within", "")
        fresh = not self.cut_at_since or str(row.get("updated", "")) >= since
        return fresh and str(row.get("date", "")).startswith(within)

    def reply(self, said: object, *, key: str = SIGNING, at: datetime | None = None) -> Reply:
        """Any JSON as an answer, signed."""
        body = json.dumps(said).encode()
        stamp = str(int((at or self.sign_at).timestamp()))
        signed = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
        return Reply(body, headers={"X-Signature": signed.hexdigest(), "X-Time": stamp})


@contextmanager
def running(service: Service, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    """The service on loopback, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {k: v[-1] for k, v in parse_qs(urlsplit(self.path).query).items()}
            service.asked.append(asked)
            service.headers.append(dict(self.headers))
            step = service.script.pop(0) if service.script else service.page
            with suppress(ConnectionError):
                _send(self, step if isinstance(step, Reply) else step(asked))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    service.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/meetings"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    if reply.delay:
        reply.delay.wait()
    handler.send_response(reply.status)
    length = len(reply.body) * reply.endless if reply.promised is None else reply.promised
    for name, value in {**reply.headers, "Content-Length": str(length)}.items():
        handler.send_header(name, value)
    handler.end_headers()
    for _ in range(reply.endless):
        handler.wfile.write(reply.body)


def row(number: int, day: str, updated: int = 1, **more: Any) -> dict[str, Any]:
    """A meeting as the service words it."""
    return {
        "id": number, "updated": f"{updated:04}", "date": day, "title": "专题研究帮扶工作",
        "kind": "党组会研究帮扶", "unit": b.WATER, "chair": {"name": "尤壬午"}, **more,
    }  # fmt: skip


def source_of(service: Service, **changed: Any) -> PullSource:
    """A source that reads this service's meetings, only what changed unless told otherwise."""
    said: dict[str, Any] = {
        "id": "meetings", "name": "会议系统", "form": "unit_meetings", "reporter": b.OFFICE,
        "url": service.url, "hosts": ["127.0.0.1"], "reads": "changes",
        "cursor": {"field": "updated", "param": "since", "order": "text"},
        "paging": {"by": "page", "param": "page"},
        "rows": "data", "row_id": "id", "total": "total", "columns": MEETINGS,
    }  # fmt: skip
    limits = {**LIMITS, **changed.pop("limits", {})}
    if changed.get("reads") == "whole":
        said.pop("cursor")
    return PullSource.model_validate({**said, **changed, "limits": limits})


def take(
    engine: sa.Engine, source: PullSource, *, now: datetime = b.NOW,
    waits: list[float] | None = None, **options: bool,
) -> Pulled:  # fmt: skip
    """Pull into a database; `waits` collects how long it waited."""

    def store(connection: sa.Connection, workbook: Workbook, area: str | None) -> ImportReport:
        return b.store_in(connection, workbook, now=now, area=area)

    outside = Outside(SECRETS, lambda: now, (waits if waits is not None else []).append)
    return pull(
        engine, source, load_forms(), store=store, outside=outside, operator="测试员", now=now,
        **options,
    )  # fmt: skip
