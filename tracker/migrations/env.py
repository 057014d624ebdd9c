"""The ground: run by Alembic, on the engine that tracker.db.upgrade hands over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from tracker.db import Instant
from tracker.tables import METADATA


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our column types as plain ones: a revision must outlive the code that made it."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


@contextmanager
def _unchecked_references(connection: sa.Connection) -> Iterator[None]:
    """SQLite alters a table by rebuilding it, and must not check references meanwhile.

    The pragma is deaf inside a transaction: hence the driver's connection, before any begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _run(engine: sa.Engine) -> None:
    """Every outstanding revision in one transaction: all of them or none, on both databases."""
    with (
        engine.connect().execution_options(luze_writes=True) as connection,
        _unchecked_references(connection),
        connection.begin(),
    ):
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=_render,
        )
        context.run_migrations()


_run(context.config.attributes["engine"])
