"""Notices and interviews as stored: a head that never changes, and one row per transition.

The state of a notice or interview on any day is the newest transition up to that day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class Transition(SQLModel):
    """What every history row carries: what happened on which day, in which night or by whose
    hand, why, and the state it led to (`lifecycle`)."""

    id: int | None = Field(default=None, primary_key=True)
    event: str = Field(max_length=20)
    state: str = Field(default="", max_length=20)
    as_of: date
    run_id: int | None = Field(default=None, foreign_key="runs.id")
    operator: str = Field(max_length=60)
    note: str = Field(default="", max_length=400)
    recorded_at: datetime = Field(sa_type=Instant)


class Act(Transition):
    """A transition by a person's hand: on whose authority and paper, what falls due, and what
    else the act records (`detail`, plain JSON)."""

    authority: str = Field(default="", max_length=80)
    document_number: str = Field(default="", max_length=60)
    due_on: date | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class Notice(SQLModel, table=True):
    """A warning to one subject about one obligation at one level, or (level 'report') about a body
    and month without a report (I65). `key`: the finding's key, or 'report|body|month'."""

    __tablename__ = "notices"
    __table_args__ = (sa.UniqueConstraint("key", "level", "subject_id"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, index=True)
    level: str = Field(max_length=8)
    subject_id: int = Field(foreign_key="subjects.id", index=True)
    duty: str = Field(default="", max_length=60)


class NoticeEvent(Act, table=True):
    """raised, reminded, told_leader, muted, acknowledged, answered; superseded (by another level),
    cured, cured_late, eased, withdrawn. `due_on`: the rectification that an answer promises."""

    __tablename__ = "notice_events"

    notice_id: int = Field(foreign_key="notices.id", index=True)


class Interview(SQLModel, table=True):
    """A recommendation to interview: one open per document, section and accountable subject.

    `interviewer` and `interviewees` as resolved when it was recommended; a decision resolves
    them again. Lists of {role or post, name, people: [ids]}; no people = vacant or unregistered.
    """

    __tablename__ = "interviews"

    id: int | None = Field(default=None, primary_key=True)
    document: str = Field(max_length=60)
    section: str = Field(max_length=8)
    accountable_id: int = Field(foreign_key="subjects.id", index=True)
    interviewer: dict[str, Any] = Field(sa_type=sa.JSON)
    interviewees: list[dict[str, Any]] = Field(sa_type=sa.JSON)


class InterviewEvent(Act, table=True):
    """recommended, informed, stated, decided, dismissed, withdrawn (every ground cured), conducted,
    verified, failed, closed, ruled. `due_on`: of a statement, an interview, a rectification."""

    __tablename__ = "interview_events"

    interview_id: int = Field(foreign_key="interviews.id", index=True)


class InterviewGround(Transition, table=True):
    """A finding joined (event 'joined') or left ('cured') the grounds of an interview."""

    __tablename__ = "interview_grounds"

    interview_id: int = Field(foreign_key="interviews.id", index=True)
    key: str = Field(max_length=120)
    ground: str = Field(max_length=40)


class Incident(SQLModel, table=True):
    """A recorded fact that bars follow from, whatever document names it; never changed.

    `kind` and `qualifiers`: ids of duties/vocabulary.yaml. `subject_id`: the body or person it is
    about; `place_id`: the area it happened in; `ground`: 'document|section|ground id' where a named
    officer judged that a printed trigger of an interview is given (I35). A row with `withdraws_id`
    is no incident: it takes that one back, with its own authority and the reason in `note`.
    """

    __tablename__ = "incidents"
    __table_args__ = (sa.UniqueConstraint("withdraws_id"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=40)
    qualifiers: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    happened_on: date | None = None
    determined_on: date
    authority: str = Field(max_length=80)
    document_number: str = Field(default="", max_length=60)
    subject_id: int | None = Field(default=None, foreign_key="subjects.id")
    place_id: int | None = Field(default=None, foreign_key="subjects.id")
    household_id: int | None = Field(default=None, foreign_key="subjects.id")
    note: str = Field(default="", max_length=400)
    ground: str = Field(default="", max_length=120)
    withdraws_id: int | None = Field(default=None, foreign_key="incidents.id")
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)

    @property
    def day(self) -> date:
        """The day it happened, where unknown the day it was determined (I30)."""
        return self.happened_on or self.determined_on


class Objection(SQLModel, table=True):
    """An objection (异议): while it is open nothing escalates about what it is about.

    `about`: a finding's key, 'interview|12' or 'incident|5'. `subject_id`: who objects.
    """

    __tablename__ = "objections"

    id: int | None = Field(default=None, primary_key=True)
    about: str = Field(max_length=120, index=True)
    subject_id: int = Field(foreign_key="subjects.id", index=True)
    filed_by: str = Field(max_length=60)
    reason: str = Field(max_length=400)
    evidence: list[str] = Field(default_factory=list, sa_type=sa.JSON)


class ObjectionEvent(Act, table=True):
    """filed, upheld, rejected, withdrawn; the answer is the note."""

    __tablename__ = "objection_events"

    objection_id: int = Field(foreign_key="objections.id", index=True)
