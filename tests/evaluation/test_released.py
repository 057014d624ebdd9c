"""What waivers and rulings make of a judgement: the verdict, never the figures (I67)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registry.test_rulings import rule
from tests.registry.waiving import APPROVED, MEETING, revoke, waive
from tests.scenarios.scenario import read_days
from tests.scenarios.world import World, all_covers, history, moment, months
from tracker import nightly
from tracker.consequences.tables import NoticeEvent
from tracker.db import table
from tracker.evaluation import findings, narrate
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import explain
from tracker.evaluation.released import WAIVABLE, released
from tracker.evaluation.tables import Finding
from tracker.evaluation.words import Status
from tracker.frames import each
from tracker.registry.rulings import Judged
from tracker.registry.waiver_tables import Ruling
from tracker.registry.waivers import Release

JUDGED = date(2020, 3, 20)
FEBRUARY = date(2020, 2, 1)
DAY = timedelta(days=1)


def epidemic(world: World) -> World:
    """A township that met every month but in February 2020; all is reported."""
    world.did("东乡", "captains_meeting", *months("2019-08", "2020-01"), date(2020, 3, 9))
    world.reported(months("2019-07", "2020-02"))
    return world


def february(world: World, as_of: date = JUDGED, **known: Any) -> Any:
    """The finding of February's meeting."""
    rows = world.look(as_of, MEETING, **known)
    (row,) = each(rows[rows["opens"] == FEBRUARY])
    return row


def test_the_meeting_of_february_2020_is_owed_unless_it_was_waived(world: World) -> None:
    bare = february(epidemic(world))
    waive(world)
    waived = february(world)

    assert (bare.status, bare.status_bare, bare.waiver_id) == ("breached", None, None)
    assert (waived.status, waived.reason, waived.status_bare) == ("waived", "waived", "breached")
    assert (waived.waiver_id, waived.done, waived.required) == (1, 0, 1)


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [
        (FEBRUARY - DAY, date(2020, 3, 1), "waived"),
        (FEBRUARY, date(2020, 2, 29), "waived"),
        (FEBRUARY + DAY, date(2020, 2, 29), "breached"),
        (FEBRUARY, date(2020, 2, 28), "breached"),
    ],
)
def test_a_waiver_releases_from_what_begins_and_falls_due_within_it(
    world: World, starts: date, ends: date, status: str
) -> None:
    waive(epidemic(world), starts_on=starts, ends_on=ends)

    assert february(world).status == status


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), "waived"),
        (date(2020, 1, 2), date(2020, 12, 31), "waived"),
        (date(2020, 1, 3), date(2020, 12, 31), "breached"),
        (date(2020, 1, 1), date(2020, 12, 30), "breached"),
    ],
)
def test_what_takes_three_years_is_waived_with_its_last_year(
    world: World, starts: date, ends: date, status: str
) -> None:
    world.area("庆阳市", "甘肃省")
    county = world.area("华池县", "庆阳市")
    world.reported(months("2018-01", "2020-12"))
    world.did("华池县", "reported_level", date(2020, 12, 31), item="贫困发生率", quantity=6)
    duty = "target.poverty_rate"
    given = Release(1, "huachi-2015-44", duty, county, None, starts, ends, "王批准", "县委", "")
    scene = replace(world.scene(date(2021, 1, 9), duty), waivers=(given,))

    (row,) = each(nightly.look(world.connection, scene, all_covers()))
    assert (row.opens, row.status) == (date(2018, 1, 1), status)


def test_what_is_met_stays_met_and_one_waiver_releases_from_several(world: World) -> None:
    world.did("东乡", "captains_meeting", date(2019, 9, 3))
    world.reported(months("2019-07", "2020-02"))
    waive(world, starts_on=date(2019, 8, 1), ends_on=date(2019, 10, 31))

    rows = world.look(JUDGED, MEETING).set_index("opens")["status"]
    assert rows[date(2019, 8, 1) : date(2019, 11, 1)].tolist() == [
        "waived", "met", "waived", "breached",
    ]  # fmt: skip


def test_what_must_hold_always_is_waived_while_the_waiver_lasts(world: World) -> None:
    world.reported(months("2019-07", "2020-03"))
    waive(world, duty="county.special_office", holder="示例县", starts_on=date(2020, 2, 10))

    def status(day: date) -> str:
        (row,) = each(world.look(day, "county.special_office", known_at=moment(JUDGED)))
        return str(row.status)

    days = [date(2020, 2, 9), date(2020, 2, 10), date(2020, 2, 29), date(2020, 3, 1)]
    assert [status(day) for day in days] == ["breached", "waived", "waived", "breached"]


def test_a_waiver_toward_one_counterpart_leaves_the_others(world: World) -> None:
    world.unit("甲局", "东村")
    for household in ("HC01", "HC02"):
        world.pair("孙甲子", "甲局", household)
    world.reported(months("2019-01", "2020-02"))
    waive(
        world, duty="helper.visit", holder="孙甲子", toward="HC01",
        starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31),
    )  # fmt: skip

    rows = world.look(JUDGED, "helper.visit")
    of_2019 = rows[rows["closes"] < date(2020, 1, 1)]
    assert set(zip(of_2019["counterpart"], of_2019["status"], strict=True)) == {
        ("HC01", "waived"), ("HC02", "breached"),
    }  # fmt: skip


def test_a_waiver_is_unknown_before_it_was_approved(world: World) -> None:
    waive(epidemic(world))

    assert february(world, known_at=moment(APPROVED, 9)).status_bare is None
    assert february(world, known_at=moment(JUDGED)).status_bare == "breached"
    early = world.look(JUDGED, MEETING, known_at=moment(APPROVED, 10)).set_index("opens")
    assert early["status"][FEBRUARY] == "waived"


@pytest.mark.parametrize(
    ("revoked", "status"),
    [
        (date(2020, 2, 28), "breached"),
        (date(2020, 2, 29), "breached"),
        (date(2020, 3, 1), "waived"),
    ],
)
def test_a_revocation_before_the_last_day_takes_the_release_back(
    world: World, revoked: date, status: str
) -> None:
    revoke(world, waive(epidemic(world), ends_on=date(2020, 3, 5)), revoked)

    assert february(world).status == status


def test_the_night_stores_the_waiver_and_takes_its_notice_back(world: World) -> None:
    epidemic(world).check(date(2020, 3, 9))
    waive(world, on=date(2020, 3, 10), now=moment(date(2020, 3, 10), 9))
    world.check(date(2020, 3, 11))
    world.check(date(2020, 3, 12))

    t = table(Finding)
    statement = sa.select(t.c.status, t.c.waiver_id, t.c.done).where(
        t.c.duty == MEETING, t.c.opens == FEBRUARY
    )
    stored = world.connection.execute(statement.order_by(t.c.id)).all()
    assert [tuple(row) for row in stored] == [("breached", None, 0), ("waived", 1, 0)]
    assert findings.waived(world.connection, 9)["waiver_id"].tolist() == [1]
    last = [e for e in history(world.connection, NoticeEvent) if e.as_of == date(2020, 3, 11)]
    assert "withdrawn" in {event.event for event in last}


def test_the_explanation_names_the_waiver_and_what_would_stand_without(world: World) -> None:
    waive(epidemic(world))
    scene = world.scene(JUDGED, MEETING)
    frame = evaluate(world.connection, scene, all_covers())
    rows = findings.to_rows(scene, frame)
    (position,) = [n for n, opens in enumerate(rows["opens"]) if opens == FEBRUARY]
    told = explain(world.connection, scene, all_covers(), frame.iloc[position], rows.iloc[position])

    said = narrate.sentences(told, world.law, JUDGED)
    assert "豁免：第1号，县脱贫攻坚领导小组批准，至2月29日；不计豁免则为未达标 0/1" in said
    assert "判定：已豁免（在批准的豁免期内）" in said
    assert any(sentence.startswith("口径 I67") for sentence in said)


# ---- rulings

NIGHTS = "cadre.nights_160"
YEAR_ENDED = date(2021, 1, 20)


def two_readings(world: World) -> World:
    """A cadre whose nights two readings judge apart (I4)."""
    world.unit("甲局", "东村")
    world.cadre("赵甲子", "甲局", "东村", (date(2020, 1, 1), None))
    world.did("赵甲子", "overnight", *read_days("2020-07-25 起 160 天"))
    world.reported(months("2020-01", "2020-12"))
    return world


def nights(world: World, **known: Any) -> Any:
    """The finding of the nights of 2020."""
    rows = world.look(YEAR_ENDED, NIGHTS, **known)
    (row,) = each(rows[rows["opens"] == date(2020, 1, 1)])
    return row


def ruled(world: World, verdict: str) -> None:
    """A ruling on what is found now."""
    row = nights(world)
    judged = Judged(row.key, row.status, row.done, row.required, row.starts)
    rule(world, judged, date(2021, 1, 12), verdict=verdict)


@pytest.mark.parametrize("verdict", ["met", "breached"])
def test_a_ruling_gives_the_verdict_and_keeps_the_figures(world: World, verdict: str) -> None:
    before = nights(two_readings(world))
    ruled(world, verdict)
    after = nights(world)

    assert (before.status, before.reason) == ("needs_review", "readings_differ")
    assert (after.status, after.reason, after.status_bare) == (verdict, "ruled", "needs_review")
    assert (after.done, after.required, after.done_other) == (
        before.done, before.required, before.done_other,
    )  # fmt: skip
    earlier = nights(world, known_at=moment(date(2021, 1, 12), 8))
    assert earlier.status == "needs_review"


def test_new_figures_ask_a_person_again(world: World) -> None:
    ruled(two_readings(world), "met")
    world.did("赵甲子", "overnight", date(2020, 7, 4), entered=date(2021, 1, 13))
    after = nights(world)

    assert (after.done, after.status, after.reason) == (161, "needs_review", "readings_differ")
    assert after.status_bare is None


def test_a_waiver_releases_from_what_was_ruled_breached(world: World) -> None:
    ruled(two_readings(world), "breached")
    waive(
        world, duty=NIGHTS, holder="赵甲子", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31)
    )

    assert (nights(world).status, nights(world).status_bare) == ("waived", "breached")


# ---- whatever the waivers and rulings


def recorded(row: Any, verdict: str) -> Ruling:
    """A ruling on the figures of a row."""
    return Ruling(
        key=row.key, verdict=verdict, done=row.done, required=row.required, as_of=JUDGED,
        officer="李乙丑", authority="县帮扶办", reason="属实", operator="测试员",
        recorded_at=moment(JUDGED),
    )  # fmt: skip


SPAN = st.tuples(
    st.dates(date(2019, 7, 1), date(2020, 6, 30)), st.integers(min_value=0, max_value=365)
)
MAY_DIFFER = ["status", "reason", "status_bare", "waiver_id"]


@given(
    spans=st.lists(SPAN, max_size=4),
    statuses=st.lists(st.sampled_from([s.name for s in Status]), min_size=40, max_size=40),
    verdicts=st.lists(st.sampled_from(["met", "breached"]), max_size=3),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_but_the_verdict_differs_and_nothing_at_all_without_them(
    looked: tuple[Any, pd.DataFrame], spans: list[tuple[date, int]], statuses: list[str],
    verdicts: list[str],
) -> None:  # fmt: skip
    scene, found = looked
    rows = found.assign(status=(statuses * len(found))[: len(found)])
    waivers = tuple(
        Release(n, "gansu-2019-33", MEETING, int(rows["holder_id"].iloc[0]), None, starts,
                starts + timedelta(days=days), "李乙丑", "县政府", "")
        for n, (starts, days) in enumerate(spans, start=1)
    )  # fmt: skip
    rulings = {
        row.key: recorded(row, verdict) for row, verdict in zip(each(rows), verdicts, strict=False)
    }
    after = released(replace(scene, waivers=waivers, rulings=rulings), rows)

    same = [name for name in rows if name not in MAY_DIFFER]
    pd.testing.assert_frame_equal(after[same], rows[same])
    touched = after["status_bare"].notna()
    pd.testing.assert_frame_equal(after[~touched], rows[~touched])
    assert set(rows.loc[touched, "status"]) <= WAIVABLE
    assert (after["status"].eq("waived") & touched).eq(after["waiver_id"].notna()).all()
    assert released(scene.bare(), rows) is rows


@pytest.fixture
def looked(world: World) -> tuple[Any, pd.DataFrame]:
    """A scene with the findings of its meetings."""
    scene = epidemic(world).scene(JUDGED, MEETING)
    return scene, findings.to_rows(scene, evaluate(world.connection, scene, all_covers()))
