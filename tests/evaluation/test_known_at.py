"""Three clocks: the day judged, what was known by then, and what came later."""

from __future__ import annotations

from datetime import date

import pandas as pd
import sqlalchemy as sa

from tests.scenarios.world import World, moment, months
from tracker.db import table
from tracker.frames import each
from tracker.ledger.tables import Line
from tracker.registry.tables import Tie

JUDGED = date(2021, 1, 20)
STUDIES = (date(2020, 2, 11), date(2020, 5, 12), date(2020, 8, 11))


def told(world: World) -> World:
    """A unit with three studies in 2020, and all months reported in time."""
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村")
    world.pair("孙甲子", "甲局", "HC01")
    world.did("甲局", "committee_study", *STUDIES)
    world.reported(months("2020-01", "2020-12"))
    return world


def study(world: World, known: date) -> tuple[str, float]:
    """Status and count of the year's studies, judged on JUDGED as known on the evening of a day."""
    rows = world.look(JUDGED, "unit.study", known_at=moment(known, 23))
    (row,) = each(rows[rows["opens"] == date(2020, 1, 1)])
    return row.status, row.done


def test_an_entry_is_invisible_before_it_was_recorded(world: World) -> None:
    told(world).did("甲局", "committee_study", date(2020, 12, 31), entered=date(2021, 1, 15))

    assert study(world, date(2021, 1, 14)) == ("breached", 3)
    assert study(world, date(2021, 1, 15)) == ("met", 4)
    assert study(world, date(2021, 1, 16)) == ("met", 4)


def test_a_correction_is_invisible_before_it_was_made(world: World) -> None:
    told(world).did("甲局", "committee_study", date(2020, 10, 13), voided=date(2021, 1, 15))

    assert study(world, date(2021, 1, 14)) == ("met", 4)
    assert study(world, date(2021, 1, 15)) == ("breached", 3)


def test_a_report_is_invisible_before_it_arrived(world: World) -> None:
    world.unit("甲局", "东村")
    world.did("甲局", "committee_study", *STUDIES)
    world.reported(months("2020-01", "2020-11"), scope="示例县")
    world.reported(months("2020-12", "2020-12"), scope="示例县", entered=date(2021, 1, 15))

    assert study(world, date(2021, 1, 14)) == ("unreported", 3)
    assert study(world, date(2021, 1, 15)) == ("breached", 3)


def test_a_fact_of_the_registry_is_invisible_before_it_was_recorded(world: World) -> None:
    told(world)
    ties = table(Tie)
    later = ties.c.from_id == world.ids["赵甲子"]
    world.connection.execute(ties.update().where(later).values(recorded_at=moment(JUDGED, 9)))

    before = world.look(JUDGED, "cadre.days_220", known_at=moment(JUDGED, 8))
    after = world.look(JUDGED, "cadre.days_220", known_at=moment(JUDGED, 9))
    assert before.empty
    assert set(after["holder"]) == {"赵甲子"}


def test_what_was_known_at_a_moment_never_changes_again(world: World) -> None:
    told(world)
    known = moment(date(2021, 1, 9), 23)
    duties = ("unit.study", "cadre.days_220", "helper.visit", "unit.insurance")
    before = world.look(JUDGED, *duties, known_at=known)

    later = date(2021, 1, 10)
    world.did("甲局", "committee_study", date(2020, 12, 1), entered=later)
    world.did("赵甲子", "overnight", *pd.date_range("2020-01-02", "2020-12-30").date, entered=later)
    world.did("孙甲子", "household_visit", *STUDIES, toward="HC01", entered=later)
    world.did("甲局", "insurance", date(2019, 1, 1), toward="赵甲子", entered=later)
    world.reported(months("2020-01", "2021-01"), entered=later)
    lines = table(Line)
    first = sa.select(sa.func.min(lines.c.id)).scalar_subquery()
    world.connection.execute(
        lines.update().where(lines.c.id == first).values(voided_at=moment(later, 9))
    )

    pd.testing.assert_frame_equal(world.look(JUDGED, *duties, known_at=known), before)
    changed = world.look(JUDGED, *duties, known_at=moment(later, 23))
    assert not changed["done"].reset_index(drop=True).equals(before["done"])


def test_a_day_after_the_day_judged_does_not_count_though_it_is_known(world: World) -> None:
    told(world).did("甲局", "committee_study", date(2020, 12, 31))
    known = moment(date(2021, 1, 9), 23)
    rows = world.look(date(2020, 12, 30), "unit.study", known_at=known)

    assert rows.set_index("opens")["done"][date(2020, 1, 1)] == 3
