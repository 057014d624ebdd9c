"""The registry: who owes a duty when, by role or by name, and toward whom.

Stretches as in roles.py, with `code`, the statistical code of the place. Names are looked up inside
the document's area. Nobody is silent: what the document names and the registry does not know stays
with the area itself, or with the holder, as one row for a person to look at; `unnamed` says which
(KNOWN elsewhere).
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from tracker.policy.model import Document, Duty
from tracker.policy.workplan import BODY
from tracker.registry.dated import FIRST_DAY, LAST_DAY
from tracker.registry.named import Inside
from tracker.registry.roles import COLUMNS, NOBODY, Roles, touching

KNOWN, HOLDER_UNKNOWN, MEMBER_UNKNOWN = 0, 1, 2
_ROW = [*COLUMNS, "code", "unnamed"]


def holders(
    roles: Roles, document: Document, duty: Duty, focus: Collection[int] | None = None
) -> pd.DataFrame:
    """The stretches of all who owe a duty of a document; with a `focus` those touching it."""
    named = duty.holder.role == BODY or (duty.per is not None and bool(duty.per.members))
    found = _named(roles, document, duty) if named else _of_role(roles, document, duty, focus)
    if duty.holder.level:
        level = roles.registry.attribute("level").drop_duplicates("subject", keep="last")
        levels = found["holder"].map(level.set_index("subject")["value"])
        found = found[levels.isin(duty.holder.level)]
    return found if focus is None else touching(found, focus)


def unregistered(roles: Roles, document: Document, duty: Duty, holder: int) -> tuple[str, ...]:
    """The names, as printed, that keep this holder's obligation from being judged."""
    inside = _inside(roles, document)
    if inside is not None and duty.holder.role == BODY and holder == inside.area:
        missing = tuple(name for name in duty.holder.bodies if inside.body(name) is None)
        if missing:
            return missing
    if not (duty.per and duty.per.members):
        return ()
    found = _named(roles, document, duty)
    places = found.loc[found["holder"] == holder, "place"].unique().tolist()
    return tuple(
        name for name in duty.per.members
        if any(inside is None or inside.member(name, place) is None for place in places)
    )  # fmt: skip


def _of_role(
    roles: Roles, document: Document, duty: Duty, focus: Collection[int] | None
) -> pd.DataFrame:
    per = duty.per
    # Each window is answered for by the last team or unit of that window, never by a later one.
    found = roles.obliged(
        duty.holder.role, per.tie if per else None, per.role if per else None,
        apart=duty.every != "always", focus=focus,
    )  # fmt: skip
    return found[found["code"].astype(str).str.startswith(document.area.code)]


def _named(roles: Roles, document: Document, duty: Duty) -> pd.DataFrame:
    """The stretches of a duty that names its holders or those it is owed toward."""
    inside, members = _inside(roles, document), duty.per.members if duty.per else ()
    if duty.holder.role == BODY:
        found = _bodies(roles, inside, duty.holder.bodies)
    else:
        # Whole, whatever is in focus: it may be a member.
        found = _of_role(roles, document, duty, None).assign(unnamed=KNOWN)
    return _toward(found, inside, members) if members and len(found) else found


def _inside(roles: Roles, document: Document) -> Inside | None:
    area = roles.area(document.area.code)
    return None if area is None else roles.inside(area, document.area.name)


def _bodies(roles: Roles, inside: Inside | None, names: tuple[str, ...]) -> pd.DataFrame:
    """One stretch for each body, without end; one of the area for those that nobody knows."""
    if inside is None or not roles.reports(inside.area):
        return pd.DataFrame(columns=_ROW)
    ids = [inside.body(name) for name in names]
    kinds = roles.registry.of_subjects("kind")
    rows = [(inside.area, HOLDER_UNKNOWN)] if None in ids else []
    rows += [(one, KNOWN) for one in dict.fromkeys(ids) if one is not None]
    frame = pd.DataFrame(rows, columns=["holder", "unnamed"]).drop_duplicates("holder")
    own = frame["holder"].map(kinds) == "unit"
    frame = frame.assign(
        counterpart=NOBODY, unit=frame["holder"].where(own, NOBODY), team=NOBODY,
        place=inside.area, starts=FIRST_DAY, ends=LAST_DAY,
    )  # fmt: skip
    return frame.assign(code=roles.codes(frame["place"]))[_ROW]


def _toward(found: pd.DataFrame, inside: Inside | None, names: tuple[str, ...]) -> pd.DataFrame:
    """Each stretch toward each member inside its place; those that nobody knows are one row
    without a counterpart. Whoever is himself unknown keeps his one row."""
    unknown = found[found["unnamed"] != KNOWN]
    places = found["place"].unique().tolist()
    rows = [(place, *one) for place in places for one in _members(inside, names, place)]
    members = pd.DataFrame(rows, columns=["place", "counterpart", "unnamed"])
    each = found.drop(unknown.index).drop(columns=["counterpart", "unnamed"])
    toward = pd.concat([unknown, each.merge(members, on="place")], ignore_index=True)
    return toward[_ROW].drop_duplicates([c for c in _ROW if c != "unnamed"])


def _members(inside: Inside | None, names: tuple[str, ...], place: int) -> list[tuple[int, int]]:
    ids = [None if inside is None else inside.member(name, place) for name in names]
    known = [(one, KNOWN) for one in dict.fromkeys(ids) if one is not None]
    return known + ([(NOBODY, MEMBER_UNKNOWN)] if None in ids else [])
