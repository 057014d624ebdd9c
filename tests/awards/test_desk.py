"""The desk answers fast and fresh: what changed is seen by the very next question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.awards.gating import PLAN, Gate, ruling
from tests.scenarios.world import OFFICER, World, all_covers, moment, months
from tracker import audit
from tracker.awards import acts, proposals
from tracker.awards.desk import BESIDE, BESIDE_KINDS, GateDesk
from tracker.awards.gate import Answer
from tracker.awards.nominee import Nominee
from tracker.consequences import incidents, objections
from tracker.db import table, transaction

DAY, NOW = date(2020, 12, 1), moment(date(2020, 12, 1), 23)
FEW = 4  # statements: begin, the newest act, and no more


@pytest.fixture
def told(engine: sa.Engine) -> World:
    """A captain who is short of days and a unit, on each kind of database, committed."""
    with transaction(engine) as connection:
        world = World(connection)
        Gate(world)
        world.unit("甲局", "东村")
        world.cadre("赵甲", "甲局", "东村", (date(2019, 1, 1), None))
        world.post("赵甲", "captain", "东村工作队")
        world.did("甲局", "committee_study", *months("2020-01", "2020-04"))
        world.reported(months("2019-01", "2020-10"))
    return world


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def nominees(world: World) -> list[Nominee]:
    return [
        Nominee(PLAN, "helping.individual", "captain", "赵甲", "甲局", world.ids["赵甲"], ""),
        Nominee(PLAN, "advanced.collective", "county_unit", "甲局", "", world.ids["甲局"], "6212"),
        Nominee(PLAN, "advanced.collective", "cooperative", "某合作社", "东村", None, "6212"),
    ]


def test_a_list_is_answered_in_its_order_and_each_as_if_asked_alone(
    engine: sa.Engine, told: World
) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    listed = desk.answers(nominees(told), as_of=DAY, now=NOW)

    assert [v.nominee for v in listed] == nominees(told)
    alone = [
        GateDesk(engine, told.law, all_covers()).answer(one, as_of=DAY, now=NOW)
        for one in nominees(told)
    ]
    assert alone == listed


def test_while_nothing_changes_an_answer_costs_one_query(engine: sa.Engine, told: World) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    first = desk.answers(nominees(told), as_of=DAY, now=NOW)

    with counted(engine) as seen:
        again = desk.answers(nominees(told), as_of=DAY, now=NOW)
    assert again == first
    assert len(seen) <= FEW


def test_once_everybody_is_gathered_the_first_question_costs_one_query(
    engine: sa.Engine, told: World
) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    desk.warm(as_of=DAY, now=NOW)
    with counted(engine) as seen:
        found = desk.answers(nominees(told), as_of=DAY, now=NOW)

    assert len(seen) <= FEW
    fresh = GateDesk(engine, told.law, all_covers()).answers(nominees(told), as_of=DAY, now=NOW)
    assert found == fresh


def test_another_day_is_judged_anew(engine: sa.Engine, told: World) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    (captain, *_) = nominees(told)

    late = date(2020, 12, 21)
    assert desk.answer(captain, as_of=DAY, now=NOW).answer is Answer.on_hold
    assert desk.answer(captain, as_of=late, now=moment(late, 23)).answer is Answer.barred
    assert desk.answer(captain, as_of=DAY, now=NOW).answer is Answer.on_hold


def test_what_was_recorded_since_is_seen_by_the_next_question(
    engine: sa.Engine, told: World
) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    (captain, *_) = nominees(told)
    assert desk.answer(captain, as_of=DAY, now=NOW).answer is Answer.on_hold

    with transaction(engine) as connection:
        told.connection = connection
        number = Gate(told).incident("discipline", DAY, subject="赵甲")
    assert desk.answer(captain, as_of=DAY, now=NOW).answer is Answer.barred

    with transaction(engine) as connection:
        incidents.withdraw(
            connection, number, reason="同名", authority="示例县纪委",
            now=moment(DAY, 22), operator=OFFICER,
        )  # fmt: skip
    assert desk.answer(captain, as_of=DAY, now=NOW).answer is Answer.on_hold


def test_after_an_act_beside_the_judgement_only_the_record_is_read_again(
    engine: sa.Engine, told: World
) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    desk.warm(as_of=DAY, now=NOW)
    (captain, *_) = nominees(told)
    with transaction(engine) as connection:
        told.connection = connection
        Gate(told).incident("discipline", DAY, subject="赵甲")
    with counted(engine) as seen:
        found = desk.answer(captain, as_of=DAY, now=NOW)

    assert found.answer is Answer.barred
    assert not any("work_list" in statement or "FROM ties" in statement for statement in seen)
    assert found == GateDesk(engine, told.law, all_covers()).answer(captain, as_of=DAY, now=NOW)


@pytest.mark.parametrize("act", ["import", "undo", "answer", "ruling", "waiver_approved", "new"])
def test_after_an_act_on_what_is_judged_everything_is_judged_anew(
    engine: sa.Engine, told: World, act: str
) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    desk.warm(as_of=DAY, now=NOW)
    (_, unit, _) = nominees(told)
    before = desk.answer(unit, as_of=DAY, now=NOW)
    with transaction(engine) as connection:
        told.connection = connection
        told.did("甲局", "committee_study", *months("2020-05", "2020-06"), voided=None)
        told.attribute("甲局", "rank", "副厅级")
        audit.append(connection, act=act, operator=OFFICER, now=moment(DAY, 20), detail={})
    after = desk.answer(unit, as_of=DAY, now=NOW)

    assert after != before
    assert after == GateDesk(engine, told.law, all_covers()).answer(unit, as_of=DAY, now=NOW)


def test_a_nominee_is_answered_with_what_is_recorded_of_the_nomination(
    engine: sa.Engine, told: World
) -> None:
    desk = GateDesk(engine, told.law, all_covers())
    unit = nominees(told)[1]
    said: dict[str, Any] = {"now": moment(DAY, 10), "operator": OFFICER, "on": DAY}
    decided = ruling()
    with transaction(engine) as connection:
        number = proposals.propose(
            connection, told.law, document=PLAN, award=unit.award, kind=unit.kind,
            subject_id=unit.subject_id, area_code="6212", **said,
        )  # fmt: skip
        acts.judge(
            connection, told.law, number, "conditions", passed=True, reason=decided.reason,
            authority=decided.authority, officer=decided.officer, **said,
        )  # fmt: skip
    known = Nominee(PLAN, unit.award, unit.kind, "甲局", "", unit.subject_id, "6212", number)

    found = {c.check: c for c in desk.answer(known, as_of=DAY, now=NOW).clauses}
    assert decided.reason in found["conditions"].text
    assert found["conditions"].answer is Answer.eligible


def test_every_change_of_inputs_leaves_an_act(engine: sa.Engine, told: World) -> None:
    """Import, undo and answers are acts of the command line, in the transaction of the change."""
    newest = sa.select(sa.func.max(table(audit.Act).c.id))
    seen = [0]
    said: dict[str, Any] = {"on": DAY, "now": moment(DAY, 20), "operator": OFFICER}

    def changed(connection: sa.Connection) -> None:
        seen.append(connection.execute(newest).scalar() or 0)

    with transaction(engine) as connection:
        told.connection = connection
        number = Gate(told).incident("discipline", DAY, subject="赵甲")
        changed(connection)
        filed = objections.file(
            connection, told.law, about=f"incident|{number}", subject_id=told.ids["赵甲"],
            filed_by="赵甲", reason="不是本人", **said,
        )  # fmt: skip
        changed(connection)
        objections.withdraw(connection, filed, reason="误会", **said)
        changed(connection)
        told.check(DAY)
        changed(connection)
    assert seen == sorted(set(seen))


JUDGED_BY = {"answer", "import", "pull", "ruling", "undo"}  # and every waiver_...


def test_every_act_is_known_to_stand_beside_the_judgement_or_to_change_it() -> None:
    """A new act is judged anew until somebody has thought about it and put it here or there."""
    sources = "\n".join(path.read_text("utf-8") for path in Path("tracker").rglob("*.py"))
    acts = set(re.findall(r'act=f?"([a-z_]+?)_?(?:\{|")', sources))
    beside = {*BESIDE, *BESIDE_KINDS, "nomination_list"}
    assert acts - beside == {*JUDGED_BY, "waiver"}
    assert not beside & JUDGED_BY
