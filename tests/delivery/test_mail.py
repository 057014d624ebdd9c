"""Mail over a real SMTP server on this machine: what arrives, what is refused, what is told."""

from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.delivery.posting import DAY, HOUR, MINUTE, MORNING, Office
from tracker import settings
from tracker.delivery import channels, send
from tracker.delivery.channel import DeliveryError, fingerprint
from tracker.delivery.mail import MailChannel, Server, parse_sender, parse_server
from tracker.errors import LuzeError
from tracker.outbox import Attachment, Letter

SENDER = parse_sender("履责提醒 <luze@example.cn>")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIST = Attachment(
    "华池县帮扶工作履责情况周报（2020年第1周）全部清单.xlsx", SHEET, b"PK\x03\x04" * 99
)
SUBJECT = (
    "华池县帮扶履责周报 1月6日：新增3 化解2 即将到期5 待您决定1，超过一行的主题要折行 也不丢空格"
)
LETTER = Letter(SUBJECT, "第一行\n第二行", "<p>第一行</p>", [LIST])
USER, PASSWORD = "luze", "p@ss:1/%"


class Mailbox:
    """What the server took, and whom it refuses: address -> its answer."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.refuses: dict[str, str] = {}
        self.after_data = ""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.after_data:
            return self.after_data
        content = envelope.content
        assert isinstance(content, bytes)
        assert b"\n" not in content.replace(b"\r\n", b"")
        message = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.to += envelope.rcpt_tos
        return "250 accepted"


Serve = Callable[..., Server]


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(box: Mailbox) -> Iterator[Serve]:
    """Starts the server; the options are aiosmtpd's."""
    running: list[Controller] = []

    def start(security: str = "smtp", **options: Any) -> Server:
        controller = Controller(
            box, hostname="127.0.0.1", port=options.pop("port", 0) or free_port(), **options
        )
        controller.start()
        running.append(controller)
        return Server(security, "127.0.0.1", controller.port)

    yield start
    for controller in running:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def channel(server: Server, ca: Path | None = None) -> MailChannel:
    return MailChannel(server, SENDER, 5, lambda: MORNING, ca)


def failure_of(channel: MailChannel, to: str = "li@example.cn") -> DeliveryError:
    with pytest.raises(DeliveryError) as refusal:
        channel.send(LETTER, to, "digest|2020-01-06|1")
    return refusal.value


def test_what_arrives_reads_right_in_new_and_old_mail_readers(serve: Serve, box: Mailbox) -> None:
    channel(serve()).send(LETTER, "li@example.cn", "digest|2020-01-06|1")

    (message,) = box.taken
    assert box.to == ["li@example.cn"]
    assert message["Subject"] == SUBJECT
    assert message["From"].addresses[0].display_name == "履责提醒"
    assert message["Date"].datetime == MORNING
    text, html = (message.get_body((form,)) for form in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content() == "第一行\r\n第二行"
    assert html.get_content() == "<p>第一行</p>"
    (sheet,) = message.iter_attachments()
    assert (sheet.get_filename(), sheet.get_content_type()) == (LIST.name, SHEET)
    assert sheet.get_param("name") == LIST.name, "what readers before RFC 2231 look for"
    assert sheet.get_content() == LIST.data
    assert all(not part.defects for part in message.walk())


def test_the_same_letter_has_the_same_message_id_whenever_it_is_sent(
    serve: Serve, box: Mailbox
) -> None:
    mail = channel(serve())
    for key in ("digest|2020-01-06|1", "digest|2020-01-06|1", "digest|2020-01-06|2"):
        mail.send(LETTER, "li@example.cn", key)
    first, again, other = (message["Message-ID"] for message in box.taken)
    assert first == again != other
    assert first == f"<{fingerprint('digest|2020-01-06|1')}@example.cn>"
    assert box.taken[0]["X-Luze-Key"] == fingerprint("digest|2020-01-06|1")


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("550 5.1.1 <li@example.cn> user unknown", True),
        ("451 4.3.0 <li@example.cn> try later", False),
    ],
)
def test_a_refused_recipient_is_told_without_his_address(
    serve: Serve, box: Mailbox, answer: str, permanent: bool
) -> None:
    box.refuses["li@example.cn"] = answer
    failure = failure_of(channel(serve()))
    assert (failure.permanent, failure.whole_channel) == (permanent, False)
    assert "li@example.cn" not in failure.told
    assert "l***@example.cn" in failure.told
    assert answer[:3] in failure.told


def test_a_refusal_is_told_without_what_no_database_or_terminal_takes(
    serve: Serve, box: Mailbox
) -> None:
    box.refuses["li@example.cn"] = "550 no\x00 \x1b[2Jspam\x07, please"
    assert failure_of(channel(serve())).told == "收件地址被拒收（550 no [2Jspam , please）"


@pytest.mark.parametrize(
    ("answer", "permanent", "whole"),
    [
        ("554 5.7.1 looks like spam", True, False),
        ("552 5.3.4 too large", True, False),
        ("452 4.2.2 mailbox full", False, False),
        ("421 4.3.2 shutting down", False, True),
    ],
)
def test_a_refusal_after_the_data_is_told_for_what_it_is(
    serve: Serve, box: Mailbox, answer: str, permanent: bool, whole: bool
) -> None:
    box.after_data = answer
    failure = failure_of(channel(serve()))
    assert (failure.permanent, failure.whole_channel) == (permanent, whole)


def test_nobody_listening_is_the_servers_failure_not_the_letters() -> None:
    failure = failure_of(channel(Server("smtp", "127.0.0.1", free_port())))
    assert (failure.permanent, failure.whole_channel) == (False, True)
    assert failure.told.startswith("连不上邮件服务器 127.0.0.1:")


def certified(tmp_path: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context for `name`, and the file of the authority that signed it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return context, path


def check_login(*said: Any) -> AuthResult:
    given = said[-1]
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@pytest.mark.parametrize("security", ["smtps", "smtp+starttls"])
def test_an_encrypted_server_takes_a_signed_in_sender(
    serve: Serve, box: Mailbox, tmp_path: Path, security: str
) -> None:
    context, ca = certified(tmp_path, "127.0.0.1")
    option = "ssl_context" if security == "smtps" else "tls_context"
    started = serve(
        security, authenticator=check_login, auth_required=security != "smtps",
        auth_require_tls=security != "smtps", **{option: context},
    )  # fmt: skip
    right = Server(security, started.host, started.port, USER, PASSWORD)
    channel(right, ca).send(LETTER, "li@example.cn", "k")
    assert box.to == ["li@example.cn"]

    wrong = Server(security, started.host, started.port, USER, "wrong!")
    failure = failure_of(channel(wrong, ca))
    assert (failure.whole_channel, failure.permanent) == (True, False)
    assert "不接受账号或口令（535）" in failure.told
    assert "wrong!" not in failure.told


@pytest.mark.parametrize("security", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize(("name", "known"), [("127.0.0.1", False), ("other.example.cn", True)])
def test_a_certificate_that_does_not_verify_is_not_talked_to(
    serve: Serve, box: Mailbox, tmp_path: Path, security: str, name: str, known: bool
) -> None:
    context, ca = certified(tmp_path, name)
    option = "ssl_context" if security == "smtps" else "tls_context"
    server = serve(security, **{option: context})
    failure = failure_of(channel(server, ca if known else None))
    assert failure.whole_channel
    assert "证书不可信" in failure.told
    assert box.taken == []


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_an_authority_file_that_cannot_be_read_is_named(
    serve: Serve, tmp_path: Path, content: bytes | None
) -> None:
    context, _ = certified(tmp_path, "127.0.0.1")
    path = tmp_path / "gov.pem"
    if content is not None:
        path.write_bytes(content)
    failure = failure_of(channel(serve("smtps", ssl_context=context), path))
    assert failure.whole_channel
    assert "TRACKER_SMTP_CA" in failure.told


def test_a_server_without_the_encryption_asked_for_gets_no_password(
    serve: Serve, box: Mailbox
) -> None:
    plain = serve()
    server = Server("smtp+starttls", plain.host, plain.port, USER, PASSWORD)
    failure = failure_of(channel(server))
    assert failure.whole_channel
    assert "不支持所要求的加密" in failure.told


def test_three_days_without_a_server_then_everything_arrives_once(
    sqlite_engine: sa.Engine, serve: Serve, box: Mailbox
) -> None:
    office, port = Office(sqlite_engine), free_port()
    keys = office.letters(office.contact(), 5)
    box.refuses["gone@example.cn"] = "550 no such user"
    refused = office.letters(office.contact("走", address="gone@example.cn"))
    mail = {"mail": channel(Server("smtp", "127.0.0.1", port))}
    now = MORNING
    while now < MORNING + 3 * DAY:
        send.step(office.engine, mail, now)
        now += HOUR
    assert set(office.states()) == {"waiting"}

    serve(port=port)
    for _ in range(30):
        send.step(office.engine, mail, now)
        now += 30 * MINUTE
    told = [message["X-Luze-Key"] for message in box.taken]
    assert told == [fingerprint(key) for key in keys]
    assert office.states() == ["sent"] * 5 + ["set_aside"]
    assert "550" in office.sendings()[refused[0]].told


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.cn", Server("smtp", "mail.example.cn", 25)),
        ("smtps://mail.example.cn", Server("smtps", "mail.example.cn", 465)),
        (
            "smtp+starttls://luze:p%40s%2F@mail.example.cn:2525",
            Server("smtp+starttls", "mail.example.cn", 2525, "luze", "p@s/"),
        ),
    ],
)
def test_the_server_is_read_from_its_url(url: str, server: Server) -> None:
    assert parse_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.cn",
        "http://a:secret@x",
        "smtp://",
        "smtp://a:secret@x:port",
        "smtp://a:secret口令@x",
    ],
)
def test_a_url_that_is_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(LuzeError, match="TRACKER_SMTP_URL") as refusal:
        parse_server(url)
    assert "secret" not in str(refusal.value)


def test_no_setting_shows_its_secret(tmp_path: Path) -> None:
    environ = {
        "TRACKER_HOME": str(tmp_path), "TRACKER_SMTP_URL": "smtp://luze:secret@mail.example.cn",
        "TRACKER_MAIL_FROM": "luze@example.cn", "TRACKER_WECOM_KEYS": "县群=secret",
    }  # fmt: skip
    found = settings.load(environ)
    assert "secret" not in repr(found)
    assert all("secret" not in repr(one) for one in channels.build(found).values())


def test_without_a_server_letters_wait_and_the_operator_is_told(
    sqlite_engine: sa.Engine, tmp_path: Path
) -> None:
    office = Office(sqlite_engine)
    office.letters(office.contact(), 2)
    ways = channels.build(settings.load({"TRACKER_HOME": str(tmp_path)}))
    done = send.step(office.engine, ways, MORNING + timedelta(minutes=1))
    assert done["told"] == ["没有设置 TRACKER_SMTP_URL 和 TRACKER_MAIL_FROM，邮件先不发"]
    assert office.states() == ["waiting"] * 2
