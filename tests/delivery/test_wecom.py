"""The WeCom robot against a local receiver that checks what it gets; another robot on the seam."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.delivery.posting import MINUTE, MORNING, Office
from tests.scenarios.world import World
from tracker.db import transaction
from tracker.delivery import send
from tracker.delivery.channel import Channel, DeliveryError
from tracker.delivery.rules import delivery_rules
from tracker.delivery.wecom import WecomChannel, check_url, parse_keys, shortened
from tracker.errors import LuzeError
from tracker.outbox import Letter

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
LETTER = Letter("示例县帮扶履责提醒", "甲局2条\n\n乙局1条")
RULES = delivery_rules().wecom


class Receiver:
    """Plays the robots' interface: keeps what it gets, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answers: list[tuple[int, Any]] = []

    def answer(self, path: str, body: bytes, content_type: str) -> tuple[int, Any]:
        assert content_type == "application/json"
        assert parse_qs(urlsplit(path).query) == {"key": [KEY]}
        said = json.loads(body)
        assert said["msgtype"] == "markdown"
        assert len(said["markdown"]["content"].encode()) <= 4096
        self.got.append(said)
        return self.answers.pop(0) if self.answers else (200, {"errcode": 0, "errmsg": "ok"})


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def url(receiver: Receiver) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = receiver.answer(self.path, body, self.headers["Content-Type"])
            data = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send"
        server.shutdown()
        thread.join()


def failure_of(channel: Channel, robot: str = "县群") -> DeliveryError:
    with pytest.raises(DeliveryError) as refusal:
        channel.send(LETTER, robot, "notices|1|3")
    return refusal.value


def test_the_group_reads_subject_and_lines(receiver: Receiver, url: str) -> None:
    WecomChannel(url, {"县群": KEY}, RULES).send(LETTER, "县群", "notices|1|3")
    (said,) = receiver.got
    assert said["markdown"]["content"] == "**示例县帮扶履责提醒**\n甲局2条\n乙局1条"


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), False),
        ((200, {"errcode": 93000, "errmsg": "invalid webhook url"}), True),
        ((200, {"errcode": -1, "errmsg": "system busy"}), False),
        ((500, "oops"), False),
        ((502, {"errcode": 93000}), False),
        ((404, "no such page"), True),
        ((200, "<html>a proxy's page</html>"), False),
        ((200, ["errcode"]), False),
    ],
)
def test_each_answer_means_what_it_means_and_shows_no_key(
    receiver: Receiver, url: str, answer: tuple[int, Any], permanent: bool
) -> None:
    receiver.answers.append(answer)
    failure = failure_of(WecomChannel(url, {"县群": KEY}, RULES))
    assert (failure.permanent, failure.whole_channel) == (permanent, False)
    assert KEY not in failure.told


def test_no_message_no_trace_and_no_log_shows_the_key(
    receiver: Receiver, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    channel = WecomChannel(url, {"县群": KEY}, RULES)
    channel.send(LETTER, "县群", "k")
    unreachable = WecomChannel("http://127.0.0.1:9/send", {"县群": KEY}, RULES)
    failure = failure_of(unreachable)
    assert failure.whole_channel
    assert failure.__cause__ is None
    assert KEY not in caplog.text + repr(channel) + failure.told


def test_a_network_that_swallows_everything_is_no_fault_of_a_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def silent(*_: object, **__: object) -> None:
        raise httpx.ConnectTimeout("nobody answers")

    monkeypatch.setattr(httpx, "post", silent)
    failure = failure_of(WecomChannel("https://qyapi.weixin.qq.com/x", {"县群": KEY}, RULES))
    assert (failure.whole_channel, failure.permanent) == (True, False)


def test_a_robot_without_a_key_is_told_by_its_name() -> None:
    failure = failure_of(WecomChannel("http://127.0.0.1:9/send", {"县群": KEY}, RULES), "市群")
    assert failure.permanent
    assert failure.told == "群机器人“市群”没有密钥，请在 TRACKER_WECOM_KEYS 中补上"


@given(st.lists(st.text("甲局乙单位ab，。", max_size=900), max_size=30))
def test_a_text_is_never_longer_than_a_group_may_hear(lines: list[str]) -> None:
    text = shortened(Letter("主题", "\n".join(lines)), RULES)
    assert len(text.splitlines()) <= RULES.most_lines
    assert len(text.encode()) <= RULES.most_bytes
    assert text.startswith("**主题**")


@pytest.mark.parametrize(("lines", "cut"), [(8, False), (9, False), (10, True)])
def test_ten_lines_with_the_subject_and_not_one_more(lines: int, cut: bool) -> None:
    text = shortened(Letter("主题", "\n".join(f"第{n}行" for n in range(lines))), RULES)
    assert len(text.splitlines()) == min(lines + 1, 10)
    assert text.endswith("其余从略）") is cut


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com.example.cn/send",
        "https://qyapi.weixin.qq.com@example.cn/send",
        "https://qyapi.weixin.qq.com:8443/send",
        "nonsense",
        "",
    ],
)
def test_nothing_is_sent_to_a_host_that_is_not_allowed(url: str) -> None:
    with pytest.raises(LuzeError, match="不在允许的地址之内"):
        check_url(url, RULES)


def test_the_official_address_is_allowed() -> None:
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    assert check_url(url, RULES) == url


def test_keys_are_read_by_robot_and_a_mistake_shows_none() -> None:
    assert parse_keys(" 县群=a-1 , 市群=b=2,") == {"县群": "a-1", "市群": "b=2"}
    for text in ("县群", "县群=", "=secret", "县群=secret,县群=secret"):
        with pytest.raises(LuzeError, match="TRACKER_WECOM_KEYS 第") as refusal:
            parse_keys(text)
        assert "secret" not in str(refusal.value)


def test_a_group_letter_with_a_persons_name_never_leaves(
    engine: sa.Engine, receiver: Receiver, url: str
) -> None:
    office = Office(engine)
    with transaction(engine) as connection:
        world = World.__new__(World)
        world.connection, world.ids = connection, office.ids
        world.unit("甲局", "东村")
        world.leader("钱甲子", "甲局")
    group = office.contact("县群", channel="wecom", role="group", address="县群")
    office.letters(group, text="甲局钱甲子2条")
    office.letters(group, text="甲局2条")
    robots = {"wecom": WecomChannel(url, {"县群": KEY}, RULES)}

    done = send.step(office.engine, robots, MORNING)

    assert (done["sent"], done["set_aside"]) == (1, 1)
    assert office.states() == ["set_aside", "sent"]
    assert len(receiver.got) == 1
    told = next(iter(office.sendings().values())).told
    assert told.startswith("群消息里有人员或农户的姓名，未发出")
    assert "钱甲子" not in told


class DingTalk:
    """Another robot is this much: an address, a body, and what its answers mean."""

    def __init__(self, url: str, tokens: dict[str, str]) -> None:
        self.url, self.tokens = url, tokens

    def send(self, letter: Letter, address: str, key: str) -> None:
        said = {"msgtype": "text", "text": {"content": shortened(letter, RULES)}}
        answer = httpx.post(self.url, params={"key": self.tokens[address]}, json=said | MARKDOWN)
        if answer.json()["errcode"]:
            raise DeliveryError("钉钉机器人没有发出")


MARKDOWN = {"msgtype": "markdown", "markdown": {"content": "同样的话"}}


def test_another_robot_is_one_small_class_on_the_same_seam(
    sqlite_engine: sa.Engine, receiver: Receiver, url: str
) -> None:
    office = Office(sqlite_engine)
    office.letters(office.contact("县群", channel="wecom", role="group", address="县群"))
    ways: dict[str, Channel] = {"wecom": DingTalk(url, {"县群": KEY})}
    receiver.answers.append((200, {"errcode": 310000}))
    assert send.step(office.engine, ways, MORNING)["waiting"] == 1
    assert send.step(office.engine, ways, MORNING + 2 * MINUTE)["sent"] == 1
    assert len(receiver.got) == 2
