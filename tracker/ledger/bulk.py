"""The ledger: many rows into one table, fast. What a duty counts arrives by tens of thousands.

SQLAlchemy compiles the statement and converts the values; only its work per row is saved, which
is twice the work of the database itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tracker.ledger.draft import Columns


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Columns]) -> None:
    """Insert rows of the same columns with hashable values; what is not given is null."""
    if not rows:
        return
    statement = sa.insert(table).inline()
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    names = list(compiled.positiontup or rows[0])
    values = zip(*(_converted(connection.dialect, table.c[n], rows) for n in names), strict=True)
    if connection.dialect.positional:
        connection.exec_driver_sql(str(compiled), list(values))
    else:
        named = [dict(zip(names, row, strict=True)) for row in values]
        connection.exec_driver_sql(str(compiled), named)


def _converted(dialect: sa.Dialect, column: sa.Column[Any], rows: Sequence[Columns]) -> list[Any]:
    """One column's values as the driver wants them; each distinct value is converted once."""
    values = [row[column.name] for row in rows]
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    converted = {value: convert(value) for value in set(values)}
    return [converted[value] for value in values]
