"""The edge: what every command starts from, put together in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from tracker import clock, db, resources, settings
from tracker.errors import LuzeError
from tracker.evaluation.findings import last_run
from tracker.ledger.forms import Forms, load_forms
from tracker.ledger.rules import load_rules
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.model import Document, Duty
from tracker.registry.lookup import find_subject

# As PostgreSQL counts. What is greater is no number of ours, and a database cannot even be asked.
MOST = 2**31 - 1
# The longest run of numbers that one act is done for: a slip of the finger is no run.
AT_ONCE = 1000
_Done = TypeVar("_Done")


@dataclass(frozen=True)
class Office:
    """Settings, database, law and forms of this installation, each loaded when first needed."""

    settings: settings.Settings

    @cached_property
    def engine(self) -> sa.Engine:
        """The database, as the settings name it; not yet checked."""
        return db.open_engine(self.settings.database_url)

    @cached_property
    def database(self) -> sa.Engine:
        """The database, at this program's schema version. Raises DatabaseError."""
        db.check_ready(self.engine)
        return self.engine

    @cached_property
    def law(self) -> Law:
        """The packs under duties/ and those of TRACKER_POLICY_DIR. Raises PackError."""
        extra = self.settings.policy_dir
        return load_law([resources.folder("duties"), *([extra] if extra else [])])

    @cached_property
    def forms(self) -> Forms:
        """The forms that imports recognise, with local words of TRACKER_MAPPING."""
        return load_forms(self.settings.mapping)

    @property
    def covers(self) -> Mapping[str, frozenset[str]]:
        """Form -> the kinds, ties and posts that a report in this form speaks of."""
        return load_rules().covers

    @cached_property
    def duties(self) -> dict[tuple[str, str], tuple[Document, Duty]]:
        """Every computed duty by document and id."""
        return {
            (pack.document.id, duty.id): (pack.document, duty)
            for pack in self.law.packs
            for duty in pack.duties
        }

    def find(self, connection: sa.Connection, text: str, known_at: datetime | None = None) -> int:
        """The one subject that `text` means (as known at a moment, None: now). Raises LookupFailed
        with the candidates."""
        return find_subject(connection, text, known_at)

    def folder(self, name: str) -> Path:
        """A folder for written files under TRACKER_HOME, made when needed."""
        folder = self.settings.home / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def night(self, connection: sa.Connection, as_of: date | None) -> date:
        """The day asked about: as given, else the newest night checked, else today."""
        run = last_run(connection) if as_of is None else None
        return as_of or (run.as_of if run else clock.today())


def here() -> Office:
    """The office that the environment describes."""
    return Office(settings.from_environment())


def do(act: Callable[..., _Done], number: int, *, on: str | None, **said: object) -> _Done:
    """Do one act of this office's operator in a transaction of its own; on a day, default today."""
    office = here()
    with db.transaction(office.database) as connection:
        return act(
            connection, number, on=day_of_act(on), now=clock.now(),
            operator=office.settings.operator, **said,
        )  # fmt: skip


def parse_number(text: str) -> int | None:
    """The number that 12, #12 or 第12号 is; None where it is none that we could have given."""
    bare = text.removeprefix("#").removeprefix("第").removesuffix("号")
    return int(bare) if bare.isdecimal() and int(bare) <= MOST else None


def parse_numbers(text: str) -> list[int]:
    """The numbers that 3, 3,5 or 3-12、15 mean, each once, in this order. Raises LuzeError."""
    found: dict[int, None] = {}
    for part in re.split("[,，、]", text):
        first, dash, last = part.strip().partition("-")
        begin, end = parse_number(first), parse_number(last if dash else first)
        if begin is None or end is None or not 0 <= end - begin < AT_ONCE:
            fix = f"应写成 3，或 3,5，或 3-12；一次不超过 {AT_ONCE} 个"
            raise LuzeError(f"编号“{text}”写法不对", fix=fix)
        found |= dict.fromkeys(range(begin, end + 1))
    return list(found)


def parse_day(text: str | None, option: str) -> date | None:
    """A day of an option, 2020-01-09. Raises LuzeError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LuzeError(
            f"{option} 的日期“{text}”不存在或写法不对", fix="应写成 2020-01-09"
        ) from None


def day_of_act(text: str | None, option: str = "--on") -> date:
    """The day of an act as given by an option, else today. Raises LuzeError."""
    return parse_day(text, option) or clock.today()


def parse_moment(text: str | None) -> datetime | None:
    """A moment of an option: 2020-12-01 (its end) or 2020-12-01T18:00. Raises LuzeError."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise LuzeError(
            f"--known-at 的时刻“{text}”不存在或写法不对",
            fix="应写成 2020-12-01 或 2020-12-01T18:00",
        ) from None
    if len(text) <= len("2020-12-01"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment.replace(tzinfo=clock.SHANGHAI) if moment.tzinfo is None else moment
