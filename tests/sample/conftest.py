"""The sample workbook, imported once for each kind of database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from tests import pg
from tests.scenarios.world import shipped_law
from tracker import nightly, resources
from tracker.clock import SHANGHAI
from tracker.db import open_engine, transaction
from tracker.ledger.forms import load_forms
from tracker.ledger.reading import read_workbook
from tracker.ledger.rules import load_rules
from tracker.ledger.store import store_workbook
from tracker.registry.labels import labels
from tracker.workdays import calendar_for

NOW = datetime(2020, 1, 9, 20, 0, tzinfo=SHANGHAI)
FILE = resources.folder("demo") / "华池县2019年帮扶工作台账.xlsx"


def import_sample(engine: sa.Engine) -> None:
    """Read and store the workbook as the command does."""
    law = shipped_law()
    calendar = calendar_for(law.calendar)
    workbook = read_workbook(FILE, load_forms(), today=NOW.date())
    with transaction(engine) as connection:
        store_workbook(
            connection,
            workbook,
            vocabulary={"kinds": law.vocabulary.kinds, "as": law.vocabulary.as_},
            is_working_day=lambda day: bool(calendar.is_working(day)),
            now=NOW,
            operator="测试员",
        )


class Sample:
    """An imported sample and the findings of its days, each judged once."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.findings = cache(self._findings)

    def _findings(self, as_of: date) -> pd.DataFrame:
        """Every finding of a day, with the labels of holder and counterpart."""
        with self.engine.connect() as connection:
            scene = nightly.set_scene(connection, shipped_law(), as_of=as_of, known_at=NOW)
            rows = nightly.look(connection, scene, load_rules().covers)
        names = labels(scene.registry, mask_households=False)
        return rows.assign(
            holder=rows["holder_id"].map(names), counterpart=rows["counterpart_id"].map(names)
        )


@pytest.fixture(scope="session")
def sample_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sample]:
    """The sample in SQLite."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("sample") / "luze.sqlite3")
    engine = open_engine(f"sqlite:///{path}")
    import_sample(engine)
    yield Sample(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sample_postgresql(postgresql: pg.Server) -> Iterator[Sample]:
    """The sample in PostgreSQL."""
    with postgresql.fresh() as engine:
        import_sample(engine)
        yield Sample(engine)
