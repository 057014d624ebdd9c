"""The nightly check: a first night, a quiet one, and a quiet one on a ledger three times as long.

The yardstick is the bare tally: the same counting over the same work list, nothing judged, nothing
stored.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import sqlalchemy as sa

from bench.stage import Figure, fresh, medians, office, timed
from tracker import clock, db, nightly
from tracker.cli.importing import import_file
from tracker.cli.office import Office
from tracker.evaluation import obligations
from tracker.evaluation.obligations import Scene
from tracker.evaluation.tally import Tally
from tracker.ledger.tables import Line

BAR = 2
COPIED_YEARS = (1, 2)
_BARE = "只计数（同一清单、同一 SQL）"


def measure(workbook: Path, first_night: date, rounds: int) -> list[Figure]:
    """Seconds of the nights over a ledger with this workbook in it."""
    with TemporaryDirectory(prefix="luze-bench-") as folder:
        home = Path(folder)
        imported = office(home)
        import_file(imported, workbook)
        imported.engine.dispose()
        bare, first, quiet, bare_long, long = medians(lambda: _once(home, first_night), rounds)
    return [
        Figure("首夜（全部判定、全部入库）", first, _BARE, bare, BAR),
        Figure("次夜（没有新台账）", quiet, _BARE, bare, BAR),
        Figure("次夜，台账增至三倍", long, _BARE, bare_long, BAR),
        Figure("台账增至三倍的次夜，比原台账的次夜", long, "原台账的次夜", quiet),
    ]


def _once(imported: Path, first_night: date) -> tuple[float, ...]:
    nights = (first_night + timedelta(days=n) for n in range(4))
    with fresh(like=imported) as office:
        first = timed(lambda: _check(office, next(nights)))
        bare = _count_alone(office, first_night)
        quiet = timed(lambda: _check(office, next(nights)))
        _lengthen(office)
        _check(office, next(nights))  # takes in what the longer ledger changes
        bare_long = _count_alone(office, first_night)
        return bare, first, quiet, bare_long, timed(lambda: _check(office, next(nights)))


def _check(office: Office, night: date) -> None:
    with db.transaction(office.database) as connection:
        nightly.check(
            connection, office.law, office.covers,
            as_of=night, now=clock.now(), operator="bench",
        )  # fmt: skip


def _count_alone(office: Office, night: date) -> float:
    with office.database.connect() as connection:
        scene = nightly.set_scene(connection, office.law, as_of=night, known_at=clock.now())
        work = obligations.build(scene)
        tally = Tally(connection, scene)
        seconds = 0.0
        for index, rows in work.groupby("duty"):
            seconds += timed(partial(_count, tally, scene, int(str(index)), rows))
        return seconds


def _count(tally: Tally, scene: Scene, index: int, rows: pd.DataFrame) -> None:
    _, duty = scene.duties[index]
    if duty.counts:
        last = np.minimum(rows["deadline"].to_numpy("int64"), scene.day)
        tally.count(duty, rows, last, working_days_only=duty.working_days_only)


def _lengthen(office: Office) -> None:
    """Repeat every line in the years before, as a ledger kept for years would hold them."""
    line = db.table(Line)
    columns = [column for column in line.c if column.name != "id"]
    with db.transaction(office.database) as connection:
        ours = sa.select(sa.func.max(line.c.id))
        newest = connection.execute(ours).scalar_one_or_none() or 0
        for years in COPIED_YEARS:
            earlier = sa.func.date(line.c.day, f"-{years} years")
            values = [earlier if c.name == "day" else c for c in columns]
            copied = sa.select(*values).where(line.c.id <= newest)
            connection.execute(line.insert().from_select([c.name for c in columns], copied))
