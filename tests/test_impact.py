"""What a new document would have come to, beside what was in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, all_covers, moment, months, shipped_law
from tracker.impact import impact
from tracker.policy.law import Law
from tracker.policy.model import Pack, Repeal, Span

NEW, REPEALING, STUDY = "shili-2021-1", "gansu-2020-90", "unit.study"


def after(ends: date) -> Law:
    """The province's list, a later document without duties that repeals it from `ends` on, and a
    new one that asks for more studies."""
    old = shipped_law().pack("gansu-2019-33")
    repeal = Repeal.model_validate({
        "number": old.document.number, "title": old.document.title,
        "issued_on": old.document.issued_on, "cite": "一",
    })  # fmt: skip
    more = old.duty(STUDY).model_copy(update={"at_least": 6})
    packs = (
        old,
        _pack(old, REPEALING, ends, repeals=(repeal,)),
        _pack(old, NEW, date(2021, 1, 20)).model_copy(update={"duties": (more,)}),
    )
    return replace(shipped_law(), packs=packs)


def _pack(like: Pack, name: str, starts: date, **said: object) -> Pack:
    span = Span.model_validate({"from": starts})
    changed = {"id": name, "number": name, "in_force": span, "repeals": (), **said}
    document = like.document.model_copy(update=changed)
    return Pack(document=document, duties=(), qualitative=(), sha256="")


@pytest.mark.parametrize(
    ("starts", "owed"),
    [(date(2020, 12, 31), 0), (date(2021, 1, 1), 1), (date(2021, 1, 2), 1)],
)
def test_what_was_repealed_within_the_year_is_not_owed_beside_the_new(
    sqlite_engine: sa.Engine, starts: date, owed: int
) -> None:
    with sqlite_engine.begin() as connection:
        world = World(connection, after(starts))
        world.unit("县水务局", "东村")
        world.reported(months("2020-01", "2021-06"))
        found = impact(
            connection, world.law, all_covers(), [NEW], 2020, moment(date(2021, 6, 30), 12)
        )
    (row,) = found.rows
    assert row.new.owed == 1
    ((_, now),) = row.now
    assert (now.document.id, now.owed) == ("gansu-2019-33", owed)
