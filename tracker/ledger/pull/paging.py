"""Pulling, the edge: page after page until the service has no more; endless ones are refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from tracker.errors import LuzeError
from tracker.ledger.pull.asking import Answer, Asker
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.records import Page, Period, pick


def read_all(asker: Asker, since: str, periods: Sequence[Period | None]) -> Iterator[Page]:
    """Every page from the cursor on, of each period. Raises LuzeError, and then nothing that was
    read so far may be used."""
    number = 0
    for period in periods:
        for page in _of_period(asker, since, period, number):
            number = page.number
            yield page


def _of_period(asker: Asker, since: str, period: Period | None, before: int) -> Iterator[Page]:
    source = asker.source
    url, params = _question(source, since, period)
    seen, ids, number = {json.dumps([url, params])}, set[str](), before
    while True:
        number += 1
        if number > source.limits.pages:
            fix = "请核对翻页方式，用 total 写明总行数；确有这么多的，放宽 limits.pages"
            raise _refused(source, f"超过 {source.limits.pages} 页还没有完", fix)
        answer = asker.get(url, params)
        said = _json(source, answer, number)
        page = Page(number, _rows(source, said, number), period, _digest(answer.body))
        ids |= {json.dumps(pick(row, source.row_id)) for row in page.rows}
        yield page
        total = _total(source, said, number)
        is_last = not page.rows or (total is not None and len(ids) >= total)
        following = _next(source, answer, said, (url, params), is_last)
        if following is None:
            break
        url, params = following
        mark = json.dumps([url, params])
        if mark in seen:
            raise _refused(source, f"第{number}页之后又回到读过的一页", "请服务方核对翻页")
        seen.add(mark)
    if total is not None and len(ids) < total:
        what = f"说共有 {total} 行，只读到 {len(ids)} 行"
        raise _refused(source, what, "多半是读的时候有改动，请再拉取一次")


def _question(source: PullSource, since: str, period: Period | None) -> tuple[str, dict[str, str]]:
    """The first address and its parameters."""
    year, month = period or (0, None)
    named = {"{year}": f"{year}", "{month}": f"{month or 0:02}"}

    def put(text: str) -> str:
        for name, value in named.items():
            text = text.replace(name, value)
        return text

    params = {key: put(value) for key, value in source.params.items()}
    if source.cursor and since:
        params[source.cursor.param] = since
    if source.paging.size_param:
        params[source.paging.size_param] = str(source.paging.size)
    if source.paging.by == "page":
        params[source.paging.param] = str(source.paging.first)
    return put(source.url), params


def _next(
    source: PullSource, answer: Answer, said: Any, at: tuple[str, dict[str, str]], is_last: bool
) -> tuple[str, dict[str, str]] | None:
    """Where the next page is; None after the last. Pages that are counted end with an empty one:
    a short page is no last page, for services cap the size that they are asked for."""
    paging, (url, params) = source.paging, at
    if paging.by == "page" and not is_last:
        return url, {**params, paging.param: str(int(params[paging.param]) + 1)}
    if paging.by == "cursor" and (value := pick(said, paging.next)):
        return url, {**params, paging.param: str(value)}
    if paging.by == "link" and answer.next_url:
        return answer.next_url, {}
    return None


def _json(source: PullSource, answer: Answer, number: int) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        web = answer.body.lstrip()[:1] == b"<"
        what = f"第{number}页不是 JSON" + ("，是网页（多半是登录页）" if web else "，或不完整")
        raise _refused(source, what, "请核对网址和密钥，或稍后再拉取") from None


def _rows(source: PullSource, said: Any, number: int) -> list[Any]:
    rows = pick(said, source.rows)
    if not isinstance(rows, list):
        what = f"第{number}页里没有“{source.rows or '（整个）'}”这一列表"
        raise _refused(source, what, "请核对来源里的 rows")
    return rows


def _total(source: PullSource, said: Any, number: int) -> int | None:
    if source.total is None:
        return None
    total = pick(said, source.total)
    if not isinstance(total, int) or isinstance(total, bool):
        raise _refused(source, f"第{number}页里没有总行数“{source.total}”", "请核对来源里的 total")
    return total


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _refused(source: PullSource, what: str, fix: str) -> LuzeError:
    return LuzeError(f"{source.shown}{what}", fix=fix)
