"""The registry as stored: identities, and dated facts about them.

An identity (`Subject`) is only a name to hang facts on and is never withdrawn. A fact (`Post`,
`Tie`, `Attribute`) is true from `starts_on` to `ends_on` (closed interval of days, open where
null) and known from `recorded_at` until `voided_at`; closing `voided_at` is the only write ever
made to it. A fact stands or falls with the `entry_id` of the row that stated it.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class Subject(SQLModel, table=True):
    """Anybody or anything that can owe a duty or be owed one.

    sort: body | person | household. kind: for bodies province, prefecture, county, township,
    village, unit, team, seat, office; else empty. `home_id` is part of the identity: the township
    of a village, the village of a team, the unit of a person, the county of a household.
    `code` is the statistical code of an area or the number of a household.
    `distinguisher` tells two people of one name in one unit apart (I76).
    """

    __tablename__ = "subjects"
    __table_args__ = (
        sa.UniqueConstraint("sort", "kind", "name", "home_id", "code", "distinguisher"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sort: str = Field(max_length=10)
    kind: str = Field(default="", max_length=16)
    name: str = Field(max_length=120, index=True)
    home_id: int | None = Field(default=None, foreign_key="subjects.id")
    code: str = Field(default="", max_length=40)
    distinguisher: str = Field(default="", max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)


class Fact(SQLModel):
    """What every dated fact of the registry carries.

    `roster` and `period`: the reporter and form that stated it, and the year the roster speaks
    of. Of one roster a year's list speaks for that year; the first also for the time before, the
    newest also for the time after (registry/dated.py cuts the spans accordingly).
    """

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int | None = Field(default=None, foreign_key="entries.id", index=True)
    roster: str = Field(default="", max_length=80)
    period: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)


class Post(Fact, table=True):
    """A person's dated office in a body. role: see `roles` in duties/vocabulary.yaml."""

    __tablename__ = "posts"

    person_id: int = Field(foreign_key="subjects.id", index=True)
    body_id: int = Field(foreign_key="subjects.id", index=True)
    role: str = Field(max_length=40)
    title: str = Field(default="", max_length=80)


class Tie(Fact, table=True):
    """A dated relation from one subject to another. kind: see `ties` in duties/vocabulary.yaml."""

    __tablename__ = "ties"

    kind: str = Field(max_length=40)
    from_id: int = Field(foreign_key="subjects.id", index=True)
    to_id: int = Field(foreign_key="subjects.id", index=True)


class Attribute(Fact, table=True):
    """A dated property: rank, level, sector, household_type, short_name, seat."""

    __tablename__ = "attributes"

    subject_id: int = Field(foreign_key="subjects.id", index=True)
    name: str = Field(max_length=40)
    value: str = Field(max_length=120)
