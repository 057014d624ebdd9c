"""Awards: what a nomination rested on, as a text that proves by itself that it is unchanged. Pure.

The text holds the content, a digest of each of its parts and one of the whole; it is written in one
way only, so that a change of any character shows, and in which part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tracker.errors import Problem

PARTS = {
    "nominee": "推荐对象",
    "plan": "评选方案",
    "as_of": "审查日",
    "known_at": "数据截至",
    "law": "规则版本",
    "record": "推荐过程登记",
    "inputs": "审查依据",
    "clauses": "逐条审查结果",
    "answer": "审查结论",
}
CODE_LENGTH = 12
_KEYS = {"content", "digests", "sha256"}
_FIX = "请与数据库核对（--against-database），或向出具单位索取原件"


def canonical(value: object) -> str:
    """The one way in which a value is written for its digest: JSON, keys sorted, no blanks."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str,
        allow_nan=False,
    )  # fmt: skip


def digest(value: object) -> str:
    """The SHA-256 of a value, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def code_of(sha256: str) -> str:
    """The short code that papers carry."""
    return sha256[:CODE_LENGTH]


def seal(content: Mapping[str, object]) -> str:
    """The text of a snapshot: content, digest of each part, digest of the whole."""
    plain = json.loads(canonical(content))
    sealed = {
        "content": plain,
        "digests": {part: digest(value) for part, value in plain.items()},
        "sha256": digest(plain),
    }
    return json.dumps(sealed, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def verify(text: str) -> list[Problem]:
    """What differs from the sealed snapshot, by the text alone; empty where nothing does."""
    sealed = _parsed(text)
    if sealed is None:
        return [Problem("不是推荐快照，或已经残缺", fix=_FIX)]
    content, digests = sealed["content"], sealed["digests"]
    problems = [
        Problem("与封存时不一致", PARTS.get(part, part), _FIX)
        for part in sorted({*PARTS, *content, *digests})
        if part not in content or digests.get(part) != digest(content[part])
    ]
    if sealed["sha256"] != digest(content):
        problems.append(Problem("整体校验码不符", fix=_FIX))
    if not problems and text != seal(content):
        problems.append(Problem("内容没有变，但文件的排版或换行被改动过", fix=_FIX))
    return problems


def content_of(text: str) -> dict[str, Any]:
    """The content of a snapshot that `verify` found sound."""
    content: dict[str, Any] = json.loads(text)["content"]
    return content


def _parsed(text: str) -> dict[str, Any] | None:
    """The sealed parts; None where the text is no snapshot."""
    try:
        sealed = json.loads(text)
        canonical(sealed)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sealed, dict) or set(sealed) != _KEYS:
        return None
    parts = (sealed["content"], sealed["digests"])
    return sealed if all(isinstance(part, dict) for part in parts) else None
