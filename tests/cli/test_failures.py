"""What a person is told of a failure: one clear matter and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tracker.cli import failures


def read_all(engine: sa.Engine) -> None:
    """Look at every page of the table."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM long").all()


def test_a_damaged_database_is_told_as_such_and_how_to_come_back(
    sqlite_engine: sa.Engine,
) -> None:
    path = Path(sqlite_engine.url.database or "")
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE long (text)")
        connection.exec_driver_sql("INSERT INTO long VALUES (zeroblob(100000))")
    sqlite_engine.dispose()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * (path.stat().st_size // 2))
    with pytest.raises(sa.exc.DatabaseError) as failure:
        read_all(sqlite_engine)
    told = failures.one_line(failure.value)
    assert "损坏" in told
    assert "tracker restore" in told


def test_a_defect_tells_only_its_kind() -> None:
    assert failures.told(KeyError("secret")) is None
    assert "secret" not in failures.one_line(KeyError("secret"))
