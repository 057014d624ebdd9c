"""The registry: how offices write names: widths, blanks, words left out or shortened. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict

from tracker.resources import shipped

_HINT = re.compile(r"^(?P<name>[^()@]+)(?:\((?P<hint>[^()]+)\)|@(?P<unit>.+))$")


class Words(BaseModel):
    """What names.yaml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    drop: tuple[str, ...]
    shorten: dict[str, str]
    township_ends: tuple[str, ...]
    village_ends: tuple[str, ...]
    township_office_ends: tuple[str, ...]
    peoples: tuple[str, ...]


@cache
def words() -> Words:
    """The words of names.yaml."""
    return shipped(__file__, "names.yaml", Words)


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """NFKC without any white space: '王 乙（乔川）' -> '王乙(乔川)'."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def split_hint(text: str) -> tuple[str, str]:
    """'王乙（乔川）' or '王乙@县审计局' -> the name and the hint; the hint may be empty."""
    found = _HINT.match(clean(text))
    if not found:
        return clean(text), ""
    return found["name"], found["hint"] or found["unit"]


def stem(text: str, ends: Iterable[str]) -> str:
    """The text without the first of `ends` that it ends with; never empty."""
    for end in ends:
        if text.endswith(end) and len(text) > len(end):
            return text.removesuffix(end)
    return text


@lru_cache(maxsize=8_192)
def everyday(name: str) -> str:
    """甘南藏族自治州 -> 甘南州, 天祝藏族自治县 -> 天祝县; any other name as it is."""
    found = re.fullmatch(rf"(..+?)(?:{'|'.join(words().peoples)}|族)+自治([州县])", name)
    return found[1] + found[2] if found else name


def masked(name: str) -> str:
    """'时辰' -> '时*': the surname, the rest hidden."""
    return name[:1] + "*" * (len(name) - 1)
