"""Reading, the ground: what a cell holds, how it is shown, and the two plain forms of a text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\u00ad]")
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
_ORNAMENT = re.compile(r"[*:;,.。、/\\\"'“”‘’]+")


class Unreadable(ValueError):
    """A cell that cannot be read as its field asks; `what` and `fix` are for the clerk."""

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


def as_text(cell: Cell) -> str:
    """The cell as a person sees it: 43677.0 -> '43677', a date cell -> '2019-07-31'."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Compatibility form (full width -> half width) without invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


@lru_cache(maxsize=65536)
def tight(text: str) -> str:
    """`plain` without any white space: how names, words and symbols are compared."""
    return "".join(plain(text).split())


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """A header as it is compared: no spaces, no ornaments, no remark in brackets."""
    bare = _ORNAMENT.sub("", tight(text))
    return _BRACKETED.sub("", bare) or bare


def blank(cell: Cell) -> bool:
    """True for a cell that shows nothing."""
    return cell == "" or (isinstance(cell, str) and not tight(cell))


def letter(column: int) -> str:
    """The letter of a column counted from 0: 0 -> 'A', 26 -> 'AA'."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
