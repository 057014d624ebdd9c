"""The law against the program: which `where` can lead to which subject (`on`, `accountable`).

`consequences/liability.py` knows the way for each pair here; a test holds the two equal.
"""

from __future__ import annotations

_TEAM = ("team", "captain", "person_concerned")
_AREAS = ("prefecture", "county", "township")
REACH: dict[str, tuple[str, ...]] = {
    "jurisdiction": _AREAS,
    "helped_village": ("assisting_unit",),
    "posted_village": _TEAM,
    "helped_household": ("helper",),
    "own_work": (
        *_AREAS, "group_leader_unit", "lead_unit", "assisting_unit", *_TEAM, "helper",
    ),
    "led_units": ("group_leader_unit",),
    "led_villages": ("group_leader_unit",),
    "dispatched_team": ("assisting_unit",),
    "team_village": ("assisting_unit",),
    "own_helpers": ("assisting_unit",),
    "helper_household": ("assisting_unit",),
}  # fmt: skip
LEVELLED = ("led_units", "led_villages")  # where led and leading units must be told apart
