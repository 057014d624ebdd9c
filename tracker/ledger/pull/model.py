"""Pulling, its data: what a source says, as typed rules. Unknown keys are refused."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tracker.policy.base import Cite, Key, Rule
from tracker.settings import PREFIX


def _variable(value: object) -> object:
    """A variable of the environment. Of our own prefix only settings are known."""
    if not isinstance(value, str) or not _VARIABLE.fullmatch(value) or value.startswith(PREFIX):
        raise ValueError(f"应写环境变量的名称（大写字母，不以 {PREFIX} 开头），不写密钥本身")
    return value


_VARIABLE = re.compile("[A-Z][A-Z0-9_]*")
Secret = Annotated[str, BeforeValidator(_variable)]
Path = str  # of a JSON value: 'data.items'; '' is the whole
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Limits(Rule):
    """How long and how much at most; see pull.yaml."""

    connect_seconds: Positive
    read_seconds: Positive
    page_seconds: Positive
    attempts: Count
    wait_seconds: Annotated[float, Field(ge=0)]
    longest_wait_seconds: Annotated[float, Field(ge=0)]
    pages: Count
    page_megabytes: Positive


class Auth(Rule):
    """A secret in a header (`prefix` before it) or in the query."""

    env: Secret
    header: str = ""
    prefix: str = ""
    query: str = ""


class Signature(Rule):
    """`header` holds the HMAC-SHA256, in hex, of '<timestamp>.<body>'; `timestamp` is the header
    with the second of signing (Unix), which may differ from our clock by `skew_seconds`."""

    env: Secret
    header: Name
    timestamp: Name
    skew_seconds: Count


class Cursor(Rule):
    """`field`: when or in which order a row was last changed; `param`: asks for rows from there
    on; `order`: how two of them compare (time: moments in ISO 8601)."""

    field: Path
    param: Name
    order: Literal["text", "number", "time"]


class Periods(Rule):
    """Ask for this month or year and for so many `back`, with {year} and {month} in url or
    `params`."""

    every: Literal["month", "year"]
    back: Annotated[int, Field(ge=0)]


class Paging(Rule):
    """page: `param` counts from `first` until an empty page or `total` rows. cursor: `next` is
    where a page names the value of `param` for the one after it. link: header Link, rel=next."""

    by: Literal["none", "page", "cursor", "link"]
    param: str = ""
    first: int = 1
    next: Path = ""
    size_param: str = ""
    size: Count = 1


def _short(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


class Column(Rule):
    """What stands in a column: the value of `field`, or a `constant`. `values`: what the service
    says -> what the form takes; `format`: how it writes a day (strptime, unix or unix_ms)."""

    field: Path | None = None
    constant: str | None = None
    values: dict[Key, str] = {}
    format: str = ""


class Deleted(Rule):
    """A row whose `field` is one of these is no more."""

    field: Path
    is_: tuple[Key, ...] = Field(alias="is", min_length=1)


Mapped = Annotated[Column, BeforeValidator(_short)]


class PullSource(Rule):
    """One service and one form. `reads`: changes (rows from the cursor on; each speaks for itself)
    or whole (all rows of what is asked; they speak for their cells)."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    name: Name
    form: str
    reporter: Name
    area: str | None = None
    url: Annotated[str, Field(min_length=1)]
    params: dict[Key, str] = {}
    hosts: Annotated[tuple[str, ...], Field(min_length=1)]
    ca: str | None = None
    auth: Auth | None = None
    signature: Signature | None = None
    reads: Literal["changes", "whole"]
    cursor: Cursor | None = None
    periods: Periods | None = None
    paging: Paging
    rows: Path = ""
    row_id: Path
    total: Path | None = None
    deleted: Deleted | None = None
    columns: dict[Key, Mapped] = Field(min_length=1)
    day: Mapped | None = None
    mark: Mapped | None = None
    limits: Limits

    @property
    def shown(self) -> str:
        """How it is called in messages."""
        return f"{self.name}（{self.id}）"

    @property
    def secrets(self) -> set[str]:
        """The variables of the environment that it needs."""
        return {part.env for part in (self.auth, self.signature) if part}


class PullFile(Rule):
    """One file of sources."""

    cite: Cite
    sources: tuple[object, ...] = Field(min_length=1)
