"""Databases for tests: `sqlite_engine` for most, `engine` for what must hold on both kinds.

Each test gets a fresh database with the full schema: a copy of one that was migrated once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer.testing
from hypothesis import settings

from tests import pg
from tracker.db import open_engine, upgrade

# How long one example takes says how busy the machine is, not whether the rule holds.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")

# The hundred commands would otherwise be put together anew for every one that a test runs.
typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "luze.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """A fresh SQLite database."""
    path = shutil.copy(sqlite_template, tmp_path / "luze.sqlite3")
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[pg.Server]:
    """A PostgreSQL server of this run's own; in CI its absence is a failure."""
    programs = pg.find_server()
    if programs is None:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse("no PostgreSQL server programs here: run `make postgresql`")
    with pg.running_server(programs) as server:
        yield server


@pytest.fixture
def postgresql_engine(postgresql: pg.Server) -> Iterator[sa.Engine]:
    """A fresh PostgreSQL database."""
    with postgresql.fresh() as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    """A fresh database of each kind."""
    found: sa.Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A database of each kind without any schema."""
    if request.param == "postgresql":
        with request.getfixturevalue("postgresql").fresh("template1") as engine:
            yield engine
        return
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    yield engine
    engine.dispose()
