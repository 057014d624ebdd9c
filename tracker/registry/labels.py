"""Names for people to read: who is meant, without showing more of a household than needed."""

from __future__ import annotations

from typing import Any

from tracker.frames import absent, each
from tracker.registry.dated import Registry
from tracker.registry.spelling import everyday, masked


def labels(registry: Registry, *, mask_households: bool = True) -> dict[int, str]:
    """Subject id -> 某人@某单位, 某乡某村, 某县扶贫办, HC0117 时*, else the plain name."""
    subjects = registry.subjects
    homes = subjects["home"].map(subjects["name"])
    return {
        int(row.id): _label(row, home, mask_households)
        for row, home in zip(each(subjects), homes, strict=True)
    }


def _label(row: Any, home: Any, mask: bool) -> str:
    name, sort, kind = str(row.name), row.sort, row.kind
    has_home = not absent(home)
    if sort == "household":
        return f"{row.code} {masked(name) if mask else name}"
    if sort == "person":
        tail = f"（{row.distinguisher}）" if row.distinguisher else ""
        return f"{name}@{home}{tail}" if has_home else f"{name}{tail}"
    if kind not in ("village", "office") or not has_home:
        return name
    return name if name.startswith((home, everyday(home))) else f"{home}{name}"
