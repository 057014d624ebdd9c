"""Delivery, the seam: what a channel does, and how it says that it could not."""

from __future__ import annotations

import hashlib
from typing import Protocol

from tracker.outbox import Letter


class Channel(Protocol):
    """A way to an address. Another one is one small file and a line in `channels.build`."""

    def send(self, letter: Letter, address: str, key: str) -> None:
        """Hand the letter over, once accepted return. `key` names the letter however often it is
        sent, so that the other side can tell a repetition. Raises DeliveryError."""


class DeliveryError(Exception):
    """A letter could not be handed over. `told`: why and what to do, in one line without secrets
    and addresses. `permanent`: trying again is of no use. `whole_channel`: no letter would have
    gone this way now, so that it says nothing about this one."""

    def __init__(
        self, told: str, *, permanent: bool = False, whole_channel: bool = False
    ) -> None:  # fmt: skip
        super().__init__(told)
        self.told = told
        self.permanent = permanent
        self.whole_channel = whole_channel


def fingerprint(key: str) -> str:
    """The key as it is shown to the other side: it tells nothing but that it is the same."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def masked_address(address: str) -> str:
    """'zhang@x.gov.cn' -> 'z***@x.gov.cn'; the name of a robot is none and stays."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if at else address
