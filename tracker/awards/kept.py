"""Awards: a stored snapshot found again, by its nomination or by the code that papers carry.

A paper carries the short code, the whole one in small print, and a QR code that holds `address`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.awards.frozen import CODE_LENGTH, code_of, digest
from tracker.awards.nominations import history
from tracker.awards.tables import Snapshot
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.registry.spelling import clean

_SNAPSHOT = table(Snapshot)
_GROUP = 4
_ADDRESS = re.compile(r"luze:verify:(?P<number>\d+):|https?://.*/verify/")
_CODE = re.compile(rf"[0-9a-f]{{{CODE_LENGTH},64}}")


class Kept(NamedTuple):
    """A snapshot as stored: of which nomination, its digest, what it froze."""

    number: int
    sha256: str
    content: dict[str, Any]


def grouped(sha256: str) -> str:
    """The short code as papers print it: 'a1b2-c3d4-e5f6'."""
    code = code_of(sha256)
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def address(number: int, sha256: str, base_url: str = "") -> str:
    """What the QR code of a paper holds: a link where the office has pages, else a plain text."""
    return f"{base_url}/verify/{sha256}" if base_url else f"luze:verify:{number}:{sha256}"


def newest(connection: sa.Connection, number: int) -> Kept | None:
    """The newest snapshot of a nomination; None where there is none."""
    wanted = _SNAPSHOT.c.nomination_id == number
    return next(iter(_kept(connection, wanted)), None)


def by_code(connection: sa.Connection, text: str) -> Kept:
    """The snapshot that a code means: short or whole, in groups or not, as a QR code holds it.
    Raises LuzeError where it is no code, or none or several have it."""
    wanted = clean(text).lower()
    held = _ADDRESS.match(wanted)
    code = wanted[held.end() if held else 0 :].replace("-", "")
    if not _CODE.fullmatch(code):
        raise LuzeError(
            f"“{text}”不是现有的快照文件，也不是推荐编号或核验码",
            fix=f"核验码印在合规审查单上，至少 {CODE_LENGTH} 位，只有数字和字母 a 至 f",
        )
    found = _kept(connection, _SNAPSHOT.c.sha256.startswith(code))
    number = held["number"] if held else None
    found = [one for one in found if number is None or one.number == int(number)]
    if len(found) != 1:
        what = "不止一份快照用" if found else "数据库中没有快照用"
        fix = "请写完整的校验码" if found else "请核对核验码和数据目录，或向出具单位核验"
        raise LuzeError(f"{what}“{text}”这个核验码", fix=fix)
    return found[0]


def defects(connection: sa.Connection, kept: Kept) -> Iterator[Problem]:
    """What of a stored snapshot is not as it was when it was frozen."""
    fix = "数据库中的快照被改动过，请用备份核对"
    if digest(kept.content) != kept.sha256:
        yield Problem("内容与封存时的校验码不符", f"第 {kept.number} 号推荐的快照", fix)
    told = {row.detail.get("sha256") for row in history(connection, kept.number)}
    if kept.sha256 not in told:
        yield Problem("校验码与推荐时登记的不符", f"第 {kept.number} 号推荐的快照", fix)


def _kept(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> list[Kept]:
    c = _SNAPSHOT.c
    rows = connection.execute(
        sa.select(c.nomination_id, c.sha256, c.content).where(wanted).order_by(c.id.desc())
    )
    return [Kept(row.nomination_id, row.sha256, json.loads(row.content)) for row in rows]
