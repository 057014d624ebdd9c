"""Pulling, the edge: one request, again and again if need be, and what came of it, proved.

A secret stands in no message and in no log: httpx logs every address it asks.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from tracker.errors import LuzeError
from tracker.ledger.pull.model import PullSource

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)
_MEGA = 1024 * 1024


class _Again(LuzeError):
    """What may be better in a moment; `after`: seconds that the service asks to wait."""

    def __init__(self, what: str, *, fix: str = "请稍后再拉取", after: float | None = None) -> None:
        super().__init__(what, fix=fix)
        self.after = after


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought: the body, and the address of a next page where Link names one."""

    body: bytes
    next_url: str = ""


@dataclass(frozen=True)
class Asker:
    """Asks one service. `ask_time`: the clock; `sleep`: how to wait."""

    source: PullSource
    client: httpx.Client
    secrets: Mapping[str, str] = field(repr=False)
    ask_time: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep

    def get(self, url: str, params: Mapping[str, str]) -> Answer:
        """One page. Raises LuzeError in one clear line for whatever is wrong with it."""
        limits = self.source.limits
        for attempt in Retrying(
            stop=stop_after_attempt(limits.attempts), wait=self._wait, sleep=self.sleep,
            retry=retry_if_exception_type(_Again), reraise=True,
        ):  # fmt: skip
            with attempt:
                answer = self._once(self._address(url), params)
        return answer

    def _wait(self, state: RetryCallState) -> float:
        limits = self.source.limits
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, _Again) and failure.after is not None:
            return failure.after
        doubled: float = limits.wait_seconds * 2 ** (state.attempt_number - 1)
        return min(doubled, limits.longest_wait_seconds)

    def _address(self, url: str) -> httpx.URL:
        """Where to ask; never another host than those allowed, and never without its TLS."""
        base = httpx.URL(self.source.url)
        try:
            asked = base.join(url)
        except httpx.InvalidURL:
            raise self._refused("给的下一页不是网址") from None
        if asked.host not in self.source.hosts or asked.scheme != base.scheme:
            fix = "可信的主机请写进 hosts"
            raise self._refused(f"给的下一页在别处（{asked.scheme}://{asked.host}），没有去读", fix)
        return asked

    def _once(self, url: httpx.URL, params: Mapping[str, str]) -> Answer:
        auth, headers, asked = self.source.auth, {}, dict(params)
        if auth and auth.header:
            headers[auth.header] = auth.prefix + self.secrets[auth.env]
        elif auth:
            asked[auth.query] = self.secrets[auth.env]
        try:
            with self.client.stream("GET", url.copy_merge_params(asked), headers=headers) as answer:
                self._judge(answer)
                body = self._body(answer)
        except httpx.TimeoutException:
            raise _Again(self._told("没有按时答复")) from None
        except httpx.ConnectError as failure:
            fix = "请核对网络、网址和证书（ca）"
            raise _Again(self._told(f"连不上{_why(failure)}"), fix=fix) from None
        except httpx.TransportError as failure:
            raise _Again(self._told(f"答复中断（{type(failure).__name__}）")) from None
        self._prove(answer, body)
        return Answer(body, answer.links.get("next", {}).get("url", ""))

    def _judge(self, answer: httpx.Response) -> None:
        """Raise unless the service says that all is well."""
        code = answer.status_code
        if code == httpx.codes.OK:
            return
        if code == httpx.codes.TOO_MANY_REQUESTS or code >= httpx.codes.INTERNAL_SERVER_ERROR:
            after, most = self._retry_after(answer), self.source.limits.longest_wait_seconds
            if after is not None and after > most:
                raise self._refused(f"要求 {after:.0f} 秒后再来（HTTP {code}）", "请稍后再拉取")
            raise _Again(self._told(f"暂时不能答复（HTTP {code}）"), after=after)
        if answer.is_redirect:
            raise self._refused("把请求转到别处，没有跟去", "请核对网址，写成最后的那一个")
        if code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise self._refused(f"不认密钥（HTTP {code}）", "请核对 auth 和环境变量里的密钥")
        raise self._refused(f"答复不对（HTTP {code}）", "请核对网址和参数")

    def _retry_after(self, answer: httpx.Response) -> float | None:
        """Seconds to wait, as a number or a date of the service."""
        text = answer.headers.get("Retry-After", "").strip()
        if text.isdecimal():
            return float(text)
        with suppress(ValueError):
            moment = parsedate_to_datetime(text)
            # A date in -0000 comes without a zone and means UTC.
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            away: timedelta = moment - self.ask_time()
            return max(0.0, away.total_seconds())
        return None

    def _body(self, answer: httpx.Response) -> bytes:
        """The body, never more of it than allowed, and never longer."""
        limits = self.source.limits
        ends, body = time.perf_counter() + limits.page_seconds, bytearray()
        for part in answer.iter_bytes(_MEGA // 16):
            body += part
            if len(body) > limits.page_megabytes * _MEGA:
                fix = "请减小每页行数（paging.size），或放宽 limits.page_megabytes"
                raise self._refused(f"一页超过 {limits.page_megabytes:g} 兆，没有读完", fix)
            if time.perf_counter() > ends:
                raise _Again(self._told(f"一页读了 {limits.page_seconds:g} 秒还没有完"))
        return bytes(body)

    def _prove(self, answer: httpx.Response, body: bytes) -> None:
        """Raise unless the body is signed as the source says."""
        rule = self.source.signature
        if rule is None:
            return
        fix = "请与服务方核对密钥；核对之前不要采用"
        signed = answer.headers.get(rule.header, "").lower().removeprefix("sha256=")
        stamp = answer.headers.get(rule.timestamp, "")
        key = self.secrets[rule.env].encode()
        right = hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signed.encode(), right.encode()):
            raise self._refused("签名不对，没有采用", fix)
        away = abs(self.ask_time().timestamp() - float(stamp)) if stamp.isdecimal() else None
        if away is None or away > rule.skew_seconds:
            told = "看不明白" if away is None else f"与本机差 {away:.0f} 秒"
            raise self._refused(f"签名的时刻{told}，没有采用", "请核对双方的时钟")

    def _told(self, what: str) -> str:
        return f"{self.source.shown}{what}"

    def _refused(self, what: str, fix: str = "请服务方核对接口") -> LuzeError:
        return LuzeError(self._told(what), fix=fix)


def _why(failure: httpx.ConnectError) -> str:
    """Whether it is the certificate; what else httpx says holds addresses."""
    return "（证书不可信）" if "CERTIFICATE" in str(failure).upper() else ""
