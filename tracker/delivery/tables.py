"""Delivery: the words of a document as an office loaded them, for papers to quote."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import Instant


class ClauseText(SQLModel, table=True):
    """One article's own words; the newest row of an article is quoted. `sha256`: of the file."""

    __tablename__ = "clause_texts"
    __table_args__ = (sa.Index("clause_texts_article", "document", "article", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    document: str = Field(max_length=60)
    article: str = Field(max_length=40)
    text: str = Field(sa_type=sa.Text)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    operator: str = Field(max_length=60)
    recorded_at: datetime = Field(sa_type=Instant)
