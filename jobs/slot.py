"""What is due and what came of it: the two words that every job speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.errors import LuzeError
from tracker.journal import State


@dataclass(frozen=True, slots=True)
class Slot:
    """One run that is owed. `name`: what it is due for, '2020-01-09' (the digest: its week's
    Monday, so that no week ever has two); `at`: when it was planned; `as_of`: the day it speaks of.

    `repeats`: done is never done with it (the outbox of a day); `idle`: why nothing is to be done
    but to say so; `refused`: why it must not run; `run`: its row in the journal, once it has begun.
    """

    job: str
    name: str
    at: datetime
    as_of: date
    repeats: bool = False
    idle: str = ""
    refused: LuzeError | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did: figures by name and one line in the office's language. A step without
    anything to do and without figures says `skipped`."""

    counts: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""
    state: State = State.succeeded
