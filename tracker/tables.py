"""Beside the flow: every stored table in one place, for the migrations and their tests.

A new `tables` module is added here; a test finds the one that was forgotten.
"""

from __future__ import annotations

from sqlmodel import SQLModel

import tracker.audit
import tracker.awards.tables
import tracker.consequences.tables
import tracker.delivery.tables
import tracker.evaluation.tables
import tracker.households.tables
import tracker.journal
import tracker.ledger.tables
import tracker.outbox
import tracker.registry.tables
import tracker.registry.waiver_tables
import tracker.scorecards.tables  # noqa: F401

METADATA = SQLModel.metadata
