"""Households: the code on a label. It names a household to this office and tells nobody anything.

A code is a keyed digest of where a household is and of its number, so that labels stay good when
the registry is imported anew, and no code can be guessed from another. With another key every
label on a door is void.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import sqlalchemy as sa

from tracker.db import table
from tracker.errors import LuzeError
from tracker.registry.spelling import clean
from tracker.registry.tables import Subject

SHORTEST_KEY = 16
_LENGTH, _GROUP = 16, 4  # 80 bits
_CODE = re.compile(rf"[A-Z2-7]{{{_LENGTH}}}")
_ADDRESS = re.compile(r"(?:LUZE:H/|HTTPS?://.*/H/)")
_SUBJECT = table(Subject)


def checked_key(key: str) -> bytes:
    """The key as bytes. Raises LuzeError where none is set, or one that can be guessed."""
    if len(key) < SHORTEST_KEY:
        what = "户码的密钥太短" if key else "没有设置户码的密钥"
        raise LuzeError(
            what,
            fix=f"请把 TRACKER_LABEL_KEY 设为不少于 {SHORTEST_KEY} 个字符的随机文字，与数据库分开"
            "备份；换了密钥，已经张贴的二维码全部失效",
        )
    return key.encode()


def code_of(key: bytes, county: str, number: str) -> str:
    """The code of the household of this number in the county of this code or name."""
    told = hmac.new(key, f"household\0{county}\0{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(told).decode()[:_LENGTH]


def grouped(code: str) -> str:
    """A code as labels print it: 'K3FQ-7A2M-...'."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def address(code: str, base_url: str = "") -> str:
    """What the QR code of a label holds: a link where the office has pages, else a plain text."""
    return f"{base_url}/h/{code}" if base_url else f"luze:h/{code}"


def codes(connection: sa.Connection, key: bytes) -> dict[str, int]:
    """Every household by its code."""
    county = _SUBJECT.alias()
    place = sa.func.coalesce(sa.func.nullif(county.c.code, ""), county.c.name, "")
    query = (
        sa.select(_SUBJECT.c.id, _SUBJECT.c.code, place)
        .outerjoin(county, county.c.id == _SUBJECT.c.home_id)
        .where(_SUBJECT.c.sort == "household")
        .order_by(_SUBJECT.c.id)
    )
    return {code_of(key, where, number): one for one, number, where in connection.execute(query)}


def opened(connection: sa.Connection, key: bytes, text: str) -> int:
    """The household that a code means, as a label prints it or a QR code holds it. Raises
    LuzeError."""
    wanted = clean(text).upper()
    held = _ADDRESS.match(wanted)
    code = wanted[held.end() if held else 0 :].replace("-", "")
    found = codes(connection, key).get(code) if _CODE.fullmatch(code) else None
    if found is None:
        raise LuzeError(
            f"“{text}”不是本单位的户码",
            fix=f"户码印在户标签上，{_LENGTH} 位字母和数字；换过密钥的旧标签已失效，请重新打印",
        )
    return found
