"""Delivery, mail: a letter as a message that old and new mail readers show alike, over SMTP.

Only certificates that verify are accepted; a government CA comes by TRACKER_SMTP_CA.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import encode_rfc2231, format_datetime, formataddr, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tracker.delivery.channel import DeliveryError, fingerprint, masked_address
from tracker.errors import LuzeError
from tracker.outbox import Attachment, Letter

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_FIX = (
    "写成 smtp://、smtps:// 或 smtp+starttls://用户:口令@主机:端口，口令里的 @ : / 写成 %40 %3A %2F"
)
# The newer policies lose blanks of a long Chinese subject and break long media types apart.
_LINES = policy.compat32.clone(linesep="\r\n", max_line_length=998)
_TOO_LARGE, _CLOSING = 552, 421


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `security`: smtp (none), smtp+starttls or smtps."""

    security: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def parse_server(url: str) -> Server:
    """The server of TRACKER_SMTP_URL. Raises LuzeError that does not repeat the value."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise LuzeError("TRACKER_SMTP_URL 的端口不对", fix=_FIX) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise LuzeError("TRACKER_SMTP_URL 写法不对", fix=_FIX)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise LuzeError("TRACKER_SMTP_URL 的账号、口令里有全角字符或汉字", fix=_FIX)
    return Server(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], user, password)


def parse_sender(text: str) -> Address:
    """The sender of TRACKER_MAIL_FROM, '履责提醒 <luze@example.gov.cn>'. Raises LuzeError."""
    name, address = parseaddr(text)
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError):
        fix = "写成 名称 <邮箱>，如 履责提醒 <luze@example.gov.cn>"
        raise LuzeError("TRACKER_MAIL_FROM 写法不对", fix=fix) from None


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Mail through one server, each letter over a connection of its own. `moment`: for its date."""

    server: Server
    sender: Address
    timeout: float
    moment: Callable[[], datetime]
    ca: Path | None = None

    def send(self, letter: Letter, address: str, key: str) -> None:
        """Hand a letter to the server for this address. Raises DeliveryError."""
        data = compose(letter, self.sender, address, key, self.moment())
        with self._connected() as client:
            try:
                client.sendmail(self.sender.addr_spec, [address], data)
            except (OSError, smtplib.SMTPException, ValueError) as failure:
                raise _refused(failure, address) from failure

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            client = self._connect()
        except (OSError, smtplib.SMTPException) as failure:
            raise DeliveryError(_why_none(failure, self.server), whole_channel=True) from failure
        try:
            yield client
        finally:
            _leave(client)

    def _connect(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in as the settings say. The name we give is
        the sender's domain: asking for our own would wait for a DNS that may not be there."""
        server, ours = self.server, self.sender.domain
        if server.security == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, ours, timeout=self.timeout, context=self._context()
            )
        else:
            client = smtplib.SMTP(server.host, server.port, ours, timeout=self.timeout)
        try:
            if server.security == "smtp+starttls":
                client.starttls(context=self._context())
            if server.user:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca:
            try:
                context.load_verify_locations(self.ca)
            except OSError:
                told = "TRACKER_SMTP_CA 指定的证书文件读不了，请核对路径和格式（PEM）"
                raise DeliveryError(told, whole_channel=True) from None
        return context


def compose(letter: Letter, sender: Address, address: str, key: str, now: datetime) -> bytes:
    """The message: the same letter has the same Message-ID each time it is sent."""
    message = MIMEMultipart("mixed")
    message["From"] = formataddr((sender.display_name, sender.addr_spec), "utf-8")
    message["To"] = address
    subject = Header(" ".join(letter.subject.split()), "utf-8", header_name="Subject")
    message["Subject"] = subject.encode()
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{fingerprint(key)}@{sender.domain}>"
    message["X-Luze-Key"] = fingerprint(key)
    message["Auto-Submitted"] = "auto-generated"
    body = MIMEMultipart("alternative")
    for text, form in ((letter.text, "plain"), (letter.html, "html")):
        if text:
            body.attach(MIMEText("\r\n".join(text.splitlines()), form, "utf-8"))
    for part in (body, *map(_part, letter.files)):
        message.attach(part)
    return message.as_bytes(policy=_LINES)


def _part(file: Attachment) -> MIMEApplication:
    """An attachment with its name in both ways of writing: new readers take the one of the
    disposition, old ones (and much office webmail) only that of the type."""
    part = MIMEApplication(file.data, file.media_type.partition("/")[2])
    old = Header(file.name, "utf-8", maxlinelen=998).encode()
    part.replace_header("Content-Type", f'{file.media_type}; name="{old}"')
    part["Content-Disposition"] = f"attachment; filename*={encode_rfc2231(file.name, 'utf-8')}"
    return part


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye; what was accepted stays accepted however this goes."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


def _why_none(failure: Exception, server: Server) -> str:
    """Why nothing goes through this server at all, and what to look at."""
    at = f"邮件服务器 {server.host}:{server.port}"
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return f"{at} 不接受账号或口令（{failure.smtp_code}），请核对 TRACKER_SMTP_URL"
    if isinstance(failure, ssl.SSLCertVerificationError):
        return f"{at} 的证书不可信，请核对主机名，或用 TRACKER_SMTP_CA 指定签发机构的证书"
    if isinstance(failure, smtplib.SMTPNotSupportedError):
        return f"{at} 不支持所要求的加密或登录方式，请核对 TRACKER_SMTP_URL 的开头"
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{at} 现在不收信（{failure.smtp_code}）"
    return f"连不上{at}，请核对网络和 TRACKER_SMTP_URL"


def _refused(failure: Exception, address: str) -> DeliveryError:
    """What a refusal of one letter means."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code, said = failure.recipients[address]
        return DeliveryError(_told("收件地址被拒收", code, said, address), permanent=code >= 500)
    if isinstance(failure, smtplib.SMTPResponseException):
        code, text = failure.smtp_code, failure.smtp_error
        if code == _CLOSING:
            return DeliveryError(
                _told("邮件服务器暂停服务", code, text, address), whole_channel=True
            )
        if isinstance(failure, smtplib.SMTPSenderRefused) and code != _TOO_LARGE:
            what = "发件人被拒绝，请核对 TRACKER_MAIL_FROM"
            return DeliveryError(_told(what, code, text, address), whole_channel=True)
        return DeliveryError(_told("信件被拒收", code, text, address), permanent=code >= 500)
    if isinstance(failure, ValueError):  # an address or a header that no message can carry
        return DeliveryError("收件地址不是邮箱地址，请更正联系人", permanent=True)
    return DeliveryError("与邮件服务器的连接中途断开，不知是否已收下，将再发一次")


def _told(what: str, code: int, text: bytes | str, address: str) -> str:
    """What the server said, with the address hidden."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    # No database takes a NUL, and a terminal would obey what is no letter.
    said = "".join(char if char.isprintable() else " " for char in said)
    said = " ".join(said.split()).replace(address, masked_address(address))
    return f"{what}（{code} {said[:80]}）"
