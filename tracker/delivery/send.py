"""Delivery: one round of sending. Lease, send, record, letter after letter, at least once each."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from time import perf_counter, sleep
from typing import Any

import sqlalchemy as sa

from tracker import db
from tracker.delivery import guard, sendings
from tracker.delivery.channel import DeliveryError
from tracker.delivery.channels import Channels
from tracker.delivery.rules import delivery_rules
from tracker.delivery.sendings import Leased
from tracker.workdays import Calendar, calendar_for

_LOG = logging.getLogger(__name__)
_WORDS = {"sent": "发出", "waiting": "待重发", "set_aside": "搁置"}


def step(
    engine: sa.Engine, channels: Channels, now: datetime, calendar: Calendar | None = None
) -> dict[str, Any]:
    """Send what is due at `now`. Returns how many letters were sent, waiting (to be tried again)
    and set_aside, and `told`: one line for each channel that is down. `calendar` (default: the
    official one) says on which days robots may speak."""
    turn = _Round(engine, channels, now, calendar or calendar_for())
    while (letter := turn.lease()) is not None:
        turn.send(letter)
    return {**turn.counts, "told": list(turn.down.values())}


def told(done: Mapping[str, Any]) -> str:
    """A round in one line, '' where there was nothing to send: '发出 3 封、搁置 1 封；…'."""
    counts = [f"{word} {done[name]} 封" for name, word in _WORDS.items() if done[name]]
    return "；".join(filter(None, ["、".join(counts), *done["told"]]))


class _Round:
    """One round: what time it is, what happened, and which channels are down."""

    def __init__(
        self, engine: sa.Engine, channels: Channels, now: datetime, calendar: Calendar
    ) -> None:
        self.engine, self.channels, self.calendar = engine, channels, calendar
        self.began, self.started = now, perf_counter()
        self.counts = {"sent": 0, "waiting": 0, "set_aside": 0}
        self.down: dict[str, str] = {}

    @property
    def now(self) -> datetime:
        """The round's moment as it moves on: a lease must not be over before it begins."""
        return self.began + timedelta(seconds=perf_counter() - self.started)

    def lease(self) -> Leased | None:
        """The next letter, while the round lasts."""
        now = self.now
        if now - self.began > timedelta(seconds=delivery_rules().round_seconds):
            return None
        with db.transaction(self.engine) as connection:
            return sendings.lease(connection, self._allowed(now), now)

    def send(self, leased: Leased) -> None:
        """Send a letter and record what became of it, in a transaction after the fact."""
        failure = self._failure(leased)
        self.counts[self._record(leased, failure)] += 1
        if failure is not None:
            self._tell(leased, failure)

    def _record(self, leased: Leased, failure: DeliveryError | None) -> str:
        """Write down what became of a letter; returns its state. A database that is locked or full
        is asked again while the letter is ours: once it is not, another would send it again."""
        pause = delivery_rules().record_again_seconds
        while True:
            try:
                with db.transaction(self.engine) as connection:
                    if failure is not None:
                        return sendings.record_failure(connection, leased, failure, self.now)
                    sendings.record_sent(connection, leased, self.now)
                    return "sent"
            except sa.exc.OperationalError:
                if self.now + timedelta(seconds=pause) >= leased.until:
                    raise
                _LOG.warning("letter %d: what became of it cannot be recorded yet", leased.id)
                sleep(pause)

    def _allowed(self, now: datetime) -> dict[str, Collection[str] | None]:
        return {
            name: None if hours.allow(now, self.calendar) else hours.passing
            for name, hours in delivery_rules().channels.items()
            if name not in self.down
        }

    def _failure(self, leased: Leased) -> DeliveryError | None:
        """Why the letter could not be handed over; None where it was."""
        try:
            self._hand_over(leased)
        except DeliveryError as failure:
            return failure
        except Exception as failure:  # a defect of ours must not hold up the letters behind
            _LOG.exception("letter %d", leased.id)
            return DeliveryError(f"发送程序出错（{type(failure).__name__}），详见运行日志")
        return None

    def _hand_over(self, leased: Leased) -> None:
        to, channel = leased.to, self.channels.get(leased.channel)
        if to is None:
            raise DeliveryError("收件人已从联系人中移除", permanent=True)
        if channel is None:
            raise DeliveryError(f"没有“{leased.channel}”这种发送方式", permanent=True)
        if not to.address:
            told = "收件人没有地址，请用 tracker contacts add 补上后重发"
            raise DeliveryError(told, permanent=True)
        if to.role == "group":
            with self.engine.connect() as connection:
                guard.refuse_names(connection, leased.letter, to.scope_id, self.now)
        channel.send(leased.letter, to.address, leased.key)

    def _tell(self, leased: Leased, failure: DeliveryError) -> None:
        if failure.whole_channel:
            self.down[leased.channel] = failure.told
        _LOG.warning("letter %d: %s", leased.id, failure.told)
