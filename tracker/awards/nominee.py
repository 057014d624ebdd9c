"""Awards: whom a question of nomination is about. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody under one award of one plan. `document`, `award`, `kind`: ids of the pack; `kind` is
    '' where the text names none that fits. `name`, `unit`: as written. `subject_id`: None where the
    registry does not know the nominee; `nomination_id`: None before one is proposed."""

    document: str
    award: str
    kind: str
    name: str
    unit: str
    subject_id: int | None
    area_code: str
    nomination_id: int | None = None
