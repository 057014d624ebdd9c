"""A world to be told, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World
from tracker.db import transaction


@pytest.fixture
def world(sqlite_engine: sa.Engine) -> Iterator[World]:
    """An empty world on a fresh SQLite database."""
    with transaction(sqlite_engine) as connection:
        yield World(connection)
