"""Delivery, WeCom: a group robot is told a few lines. Its key is a secret and shown nowhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from tracker.delivery.channel import DeliveryError
from tracker.delivery.rules import WecomRules
from tracker.errors import LuzeError
from tracker.outbox import Letter

# httpx logs every address it asks, and in this one stands the key.
logging.getLogger("httpx").setLevel(logging.WARNING)
_MORE = "……（其余从略）"
_SETTING = "TRACKER_WECOM_KEYS"


def parse_keys(text: str) -> dict[str, str]:
    """Robot -> key of TRACKER_WECOM_KEYS, 'name=key,…'. Raises LuzeError that shows no key."""
    found: dict[str, str] = {}
    for number, part in enumerate(filter(None, map(str.strip, text.split(","))), start=1):
        name, _, key = (one.strip() for one in part.partition("="))
        if not name or not key or name in found:
            why = f"机器人“{name}”写了两次" if key and name in found else "不是 名称=密钥 的写法"
            raise LuzeError(f"{_SETTING} 第 {number} 项{why}", fix="几项之间用逗号隔开")
        found[name] = key
    return found


def check_url(url: str, rules: WecomRules) -> str:
    """The address of the robots' interface. Raises LuzeError for one that is not allowed."""
    try:
        asked = httpx.URL(url)
        origin = f"{asked.scheme}://{asked.netloc.decode()}"
    except httpx.InvalidURL:
        origin = ""
    if origin not in rules.origins:
        raise LuzeError(
            "TRACKER_WECOM_URL 不在允许的地址之内", fix=f"允许的：{'、'.join(rules.origins)}"
        )
    return url


@dataclass(frozen=True, slots=True)
class WecomChannel:
    """The robots of WeCom groups by the names under which the environment keeps their keys."""

    url: str
    keys: Mapping[str, str] = field(repr=False)
    rules: WecomRules

    def send(self, letter: Letter, address: str, key: str) -> None:
        """Have the robot `address` say the letter's text. Raises DeliveryError."""
        robot = f"群机器人“{address}”"
        if address not in self.keys:
            raise DeliveryError(f"{robot}没有密钥，请在 {_SETTING} 中补上", permanent=True)
        text = shortened(letter, self.rules)
        said = {"msgtype": "markdown", "markdown": {"content": text}}
        try:
            answer = httpx.post(
                self.url, params={"key": self.keys[address]}, json=said,
                timeout=self.rules.timeout_seconds,
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout):
            told = "连不上企业微信接口，请核对网络和 TRACKER_WECOM_URL"
            raise DeliveryError(told, whole_channel=True) from None
        except httpx.HTTPError as failure:
            told = f"企业微信接口没有答复（{type(failure).__name__}）"
            raise DeliveryError(told) from None
        self._judge(robot, answer)

    def _judge(self, robot: str, answer: httpx.Response) -> None:
        """Raise DeliveryError unless the robot says that it spoke."""
        code = _error_code(answer)
        if code == 0:
            return
        if code is None:
            told = f"企业微信接口的答复不明白（HTTP {answer.status_code}）"
            raise DeliveryError(told, permanent=answer.status_code == httpx.codes.NOT_FOUND)
        if code in self.rules.busy:
            raise DeliveryError(f"{robot}发得太快（{code}），过一会儿再发")
        if code in self.rules.permanent:
            told = f"{robot}不能用，或内容不合规定（{code}），请核对机器人和 {_SETTING}"
            raise DeliveryError(told, permanent=True)
        raise DeliveryError(f"{robot}没有发出（{code}）")


def _error_code(answer: httpx.Response) -> int | None:
    """The robot's error code, None for an answer that has none."""
    if answer.status_code != httpx.codes.OK:
        return None
    try:
        code = answer.json()["errcode"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None


def shortened(letter: Letter, rules: WecomRules) -> str:
    """Subject and text in at most so many lines and bytes; what is left out is said to be."""
    lines = [line for line in letter.text.splitlines() if line.strip()]
    whole = [f"**{letter.subject}**", *lines]
    shown = whole if len(whole) <= rules.most_lines else [*whole[: rules.most_lines - 1], _MORE]
    text = "\n".join(shown)
    if len(text.encode()) <= rules.most_bytes:
        return text
    room = rules.most_bytes - len(_MORE.encode())
    return text.encode()[:room].decode(errors="ignore") + _MORE
