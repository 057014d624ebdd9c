"""Names for people to read: who is meant, without showing more of a household than needed."""

from __future__ import annotations

import pandas as pd

from tracker.registry.dated import Registry


def labels(registry: Registry, *, mask_households: bool = True) -> dict[int, str]:
    """Subject id -> 某人@某单位, 某乡某村, HC0117 时*, else the plain name."""
    subjects = registry.subjects
    homes = subjects["home"].map(subjects["name"])
    return {
        int(row.id): _label(row, home, mask_households)
        for row, home in zip(subjects.itertuples(index=False), homes, strict=True)
    }


def _label(row: object, home: object, mask: bool) -> str:
    name, sort, kind = str(row.name), row.sort, row.kind  # type: ignore[attr-defined]
    has_home = not pd.isna(home)  # type: ignore[call-overload]
    if sort == "household":
        return f"{row.code} {masked(name) if mask else name}"  # type: ignore[attr-defined]
    if sort == "person":
        tail = f"（{row.distinguisher}）" if row.distinguisher else ""  # type: ignore[attr-defined]
        return f"{name}@{home}{tail}" if has_home else f"{name}{tail}"
    return f"{home}{name}" if kind in ("village", "office") and has_home else name


def masked(name: str) -> str:
    """'时辰' -> '时*': the surname, the rest hidden."""
    return name[:1] + "*" * (len(name) - 1)
