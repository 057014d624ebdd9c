"""The digest: who reads it, and about what."""

from __future__ import annotations

from dataclasses import dataclass

LEADER, LIAISON, GROUP = "leader", "liaison", "group"
ROLE_NAMES = {LEADER: "领导", LIAISON: "联络员", GROUP: "群"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the week of a body or seat (`scope_id`). `role`: leader, liaison or
    group; a group is told no names of people. `contact_id`: 0 for a preview."""

    contact_id: int
    name: str
    scope_id: int
    role: str
