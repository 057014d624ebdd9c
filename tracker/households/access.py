"""Households: who may read the name of its head: those who help it, and its township and county."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tracker.households.facts import Household
from tracker.registry.dated import Registry, day_number

_AREAS = {"township": "所在乡镇的干部", "county": "所在县的干部"}


def why_allowed(registry: Registry, household: Household, person: int, on: date) -> str:
    """As whom a person may read an unmasked file on a day; '' for whoever may not."""
    kinds, homes = registry.of_subjects("kind"), registry.of_subjects("home")
    pairs = _live(registry.tie("paired_with"), on)
    if ((pairs["source"] == person) & (pairs["target"] == household.id)).any():
        return "帮扶责任人"
    stays = _live(registry.tie("member_of_team"), on)
    teams = stays.loc[stays["source"] == person, "target"].tolist()
    if household.village in [homes[team] for team in teams]:
        return "驻村帮扶工作队"
    posts = _live(registry.posts, on)
    held = posts.loc[posts["person"] == person, "body"].tolist()
    areas = [area for area in household.above if area in held and kinds[area] in _AREAS]
    return _AREAS[kinds[areas[0]]] if areas else ""


def _live(frame: pd.DataFrame, on: date) -> pd.DataFrame:
    day = day_number(on)
    return frame[(frame["starts"] <= day) & (frame["ends"] >= day)]
