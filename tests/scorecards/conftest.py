"""A town that is scored, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World
from tests.scorecards.town import Town
from tracker.db import transaction


@pytest.fixture
def town(sqlite_engine: sa.Engine) -> Iterator[Town]:
    """The town with two villages and two offices, nothing recorded."""
    with transaction(sqlite_engine) as connection:
        yield Town(World(connection))
