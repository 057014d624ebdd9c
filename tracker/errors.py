"""The ground: every refusal says what, where, why and what to do, in the office's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of an input. `where` names a cell, a line or an option; `fix` says what to do."""

    what: str
    where: str = ""
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.where}：{self.what}" if self.where else self.what
        return f"{text} → {self.fix}" if self.fix else text


class LuzeError(Exception):
    """A refusal that a person can act on; nothing was changed when it is raised."""

    def __init__(self, what: str, *, fix: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.problems = tuple(problems)

    def __str__(self) -> str:
        lines = [self.what, *(f"  · {problem}" for problem in self.problems)]
        if self.fix:
            lines.append(f"处理办法：{self.fix}")
        return "\n".join(lines)


class PackError(LuzeError):
    """A policy pack has defects; `problems` holds all of them."""


class CalendarError(LuzeError):
    """A date lies outside what the working-day calendar can answer."""


class DatabaseError(LuzeError):
    """The database cannot be used as it is (missing, newer than the program, locked)."""


class ImportFileError(LuzeError):
    """A file as a whole cannot be read; single bad rows are problems of the import, not this."""


class LookupFailed(LuzeError):
    """A name fits nothing, or more than one thing; `problems` lists the candidates."""
