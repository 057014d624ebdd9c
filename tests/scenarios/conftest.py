"""One migrated database of each kind for all scenarios: each is told in a transaction, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import pg
from tests.scenarios.scenario import Setting
from tracker.db import open_engine


def pytest_make_parametrize_id(val: object) -> str | None:
    """Cases are named in Chinese; pytest would spell the characters out."""
    return str(val) if isinstance(val, Setting) else None


@pytest.fixture(scope="session")
def scenario_sqlite(sqlite_template: Path) -> Iterator[sa.Engine]:
    """The migrated SQLite file that nothing is ever committed to."""
    engine = open_engine(f"sqlite:///{sqlite_template}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def scenario_postgresql(postgresql: pg.Server) -> Iterator[sa.Engine]:
    """A PostgreSQL database that nothing is ever committed to."""
    with postgresql.fresh() as engine:
        yield engine
