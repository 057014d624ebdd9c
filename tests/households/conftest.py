"""A household, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.households.home import Home
from tracker.db import transaction


@pytest.fixture
def home(sqlite_engine: sa.Engine) -> Iterator[Home]:
    """The household with its helper; nothing else is known of it."""
    with transaction(sqlite_engine) as connection:
        yield Home(connection)
