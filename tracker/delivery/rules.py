"""Delivery, its data: when letters go out, when they are tried again, and how much goes at once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from tracker.clock import SHANGHAI
from tracker.ledger.forms import Form
from tracker.resources import shipped
from tracker.workdays import Calendar

Words = tuple[str, ...]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(_Settings):
    """When a channel may speak, each day from `opens` until before `closes`; letters of the
    `passing` kinds always. `most_a_minute`: to one address, 0 for any number."""

    name: str
    opens: time
    closes: time
    working_days_only: bool = False
    passing: Words = ()
    most_a_minute: int = Field(default=0, ge=0)

    def allow(self, now: datetime, calendar: Calendar) -> bool:
        """Whether letters that do not pass may go out at this moment."""
        local = now.astimezone(SHANGHAI)
        if self.working_days_only and not bool(calendar.is_working(local.date())):
            return False
        return self.opens <= local.time() < self.closes


class MailRules(_Settings):
    timeout_seconds: int


class WecomRules(_Settings):
    """`busy`, `permanent`: error codes of the robot; any other is tried again with back-off."""

    timeout_seconds: int
    origins: Words
    most_lines: int
    most_bytes: int
    busy: tuple[int, ...]
    permanent: tuple[int, ...]


class NoticeRules(_Settings):
    shown: int
    few: int
    bodies_shown: int
    first_looks_back_days: int


class Rules(_Settings):
    """delivery.yaml: the office's own choices. `usual`: what a role wants where nothing is said;
    `leading_posts`: who holds one is by default a leader of the body."""

    cite: str
    wants: dict[str, str]
    roles: dict[str, str]
    leading_posts: Words
    usual: dict[str, Words]
    retry_after_minutes: tuple[int, ...] = Field(min_length=1)
    most_attempts: int = Field(ge=1)
    lease_minutes: int = Field(ge=1)
    round_seconds: int
    record_again_seconds: int = Field(ge=1)
    channels: dict[str, Hours]
    mail: MailRules
    wecom: WecomRules
    notices: NoticeRules
    forms: dict[str, Form]

    def wait(self, attempts: int) -> timedelta:
        """How long a letter rests after so many vain attempts (at least one)."""
        steps = self.retry_after_minutes
        return timedelta(minutes=steps[min(attempts, len(steps)) - 1])


@cache
def delivery_rules() -> Rules:
    """delivery.yaml. Raises pydantic's ValidationError: the file ships with the program."""
    return shipped(__file__, "delivery.yaml", Rules)
