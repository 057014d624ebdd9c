"""Where an incident was: its places, the areas these lie in, the village if it is one. Pure."""

from __future__ import annotations

from tracker.consequences.tables import Incident
from tracker.registry.oneday import OneDay


def places(day: OneDay, incident: Incident) -> list[int]:
    """Where the incident may have been: as recorded, else where its subject works."""
    told = (incident.place_id, incident.household_id, incident.subject_id)
    return day.works_in(next((one for one in told if one is not None), None))


def areas(day: OneDay, incident: Incident) -> list[int]:
    """The areas that all of its places lie in, smallest first."""
    chains = [day.chain(place) for place in places(day, incident)]
    return [a for a in chains[0] if all(a in c for c in chains)] if chains else []


def code(day: OneDay, incident: Incident) -> str:
    """The statistical code of the smallest such area that has one, else of the subject's seat or
    of a county it leads; '' for none."""
    found = (day.code(i) for i in areas(day, incident) or _seat(day, incident.subject_id))
    return next((one for one in found if one), "")


def village(day: OneDay, incident: Incident) -> int | None:
    """The village it was in, where that is one for certain."""
    lying = areas(day, incident)
    return lying[0] if lying and day.kind(lying[0]) == "village" else None


def _seat(day: OneDay, subject: int | None) -> list[int]:
    """What a subject is part of; then the counties that its work of leading is about."""
    if subject is None:
        return []
    led = [c for tie in ("leads_county", "governs_sector") for c in day.targets(tie, subject)]
    return [*day.chain(subject), *(area for county in led for area in day.chain(county))]
