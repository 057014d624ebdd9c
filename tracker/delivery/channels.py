"""Delivery: the channels of this installation, as the settings describe them."""

from __future__ import annotations

from collections.abc import Mapping

from tracker import clock
from tracker.delivery.channel import Channel, DeliveryError
from tracker.delivery.mail import MailChannel, parse_sender, parse_server
from tracker.delivery.rules import delivery_rules
from tracker.delivery.wecom import WecomChannel, check_url, parse_keys
from tracker.outbox import Letter
from tracker.settings import Settings

Channels = Mapping[str, Channel]


class Unset:
    """A channel that the settings do not describe yet: its letters wait."""

    def __init__(self, told: str) -> None:
        self.told = told

    def send(self, letter: Letter, address: str, key: str) -> None:
        """Nothing goes this way. Raises DeliveryError."""
        raise DeliveryError(self.told, whole_channel=True)


def build(settings: Settings) -> dict[str, Channel]:
    """Name -> channel. Raises LuzeError for a setting that is written wrong."""
    return {"mail": _mail(settings), "wecom": _wecom(settings)}


def _mail(settings: Settings) -> Channel:
    if not settings.smtp_url or not settings.mail_from:
        return Unset("没有设置 TRACKER_SMTP_URL 和 TRACKER_MAIL_FROM，邮件先不发")
    server, sender = parse_server(settings.smtp_url), parse_sender(settings.mail_from)
    timeout = delivery_rules().mail.timeout_seconds
    return MailChannel(server, sender, timeout, clock.now, settings.smtp_ca)


def _wecom(settings: Settings) -> Channel:
    if not settings.wecom_keys:
        return Unset("没有设置 TRACKER_WECOM_KEYS，群消息先不发")
    rules = delivery_rules().wecom
    url = check_url(settings.wecom_url, rules)
    return WecomChannel(url, parse_keys(settings.wecom_keys), rules)
