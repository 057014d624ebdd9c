"""python -m bench.gate [SCALE]: the gate on a generated prefecture, about a million ledger lines.

Every answer is fresh: it proves by a query that nothing was recorded since. The yardstick is the
bare counting of one subject's lines in SQL, in the same run.
"""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from random import Random

import numpy as np
import sqlalchemy as sa

from bench.stage import Figure, fresh, table, timed
from tracker import clock, db
from tracker.awards.desk import GateDesk
from tracker.awards.nominee import Nominee
from tracker.cli.check import run_night
from tracker.cli.office import Office
from tracker.consequences import incidents
from tracker.demo.prefecture import FULL, LAST_NIGHT, fill
from tracker.ledger.tables import Line
from tracker.registry.tables import Post, Subject, Tie
from tracker.workdays import calendar_for

PLAN, PREFECTURE = "gansu-2020-41", "6210"
ASKED = 300
BAR_ANSWER, BAR_LIST, BAR_FIRST = 0.010, 5, 1.5
_BARE = "一个对象的履责明细只计数"
_UNREGISTERED = ("cooperative", "village_branch")


def measure(scale: int) -> list[Figure]:
    """Seconds of answers on a prefecture of so many counties, in one process."""
    with fresh() as office:
        written = Figure("生成全部台账", timed(partial(_fill, office, scale)))
        night = Figure("首夜（全部判定、全部入库）", timed(partial(run_night, office, LAST_NIGHT)))
        nominees = _nominees(office)
        bare = float(np.median([_count_alone(office, one) for one in nominees]))
        return [written, night, *_cold(office, nominees, bare), *_warm(office, nominees, bare)]


def _cold(office: Office, nominees: Sequence[Nominee], bare: float) -> Iterator[Figure]:
    """Nothing is at hand: as the first questions to a new process."""
    desk = _desk(office)
    first, second = (timed(partial(_ask, desk, [one])) for one in nominees[:2])
    yield Figure("没有备好，第一个人", first, _BARE, bare, BAR_FIRST)
    yield Figure("没有备好，第二个人", second, _BARE, bare)
    listed = timed(partial(_ask, _desk(office), nominees))
    yield Figure(f"没有备好，{ASKED} 行名单", listed, bar=BAR_LIST)


def _warm(office: Office, nominees: Sequence[Nominee], bare: float) -> Iterator[Figure]:
    """Everybody is at hand: as in a process that serves."""
    desk = _desk(office)
    when = {"as_of": LAST_NIGHT, "now": clock.now()}
    yield Figure("备好全部对象", timed(lambda: desk.warm(**when)))  # type: ignore[arg-type]
    answers = [timed(partial(_ask, desk, [one])) for one in nominees]
    for what, share, bar in (("中位数", 50, 0.0), ("第95百分位", 95, BAR_ANSWER), ("最慢", 100, 0)):
        found = float(np.percentile(answers, share))
        yield Figure(f"备好之后，{ASKED} 次回答的{what}", found, _BARE, bare, bar)
    yield Figure(f"备好之后，{ASKED} 行名单", timed(partial(_ask, desk, nominees)), bar=BAR_LIST)
    _record(office, nominees[0])
    after = timed(partial(_ask, desk, nominees[:1]))
    yield Figure("备好之后，刚登记一起事件，下一次回答", after, _BARE, bare)


def _desk(office: Office) -> GateDesk:
    return GateDesk(office.database, office.law, office.covers)


def _ask(desk: GateDesk, nominees: Sequence[Nominee]) -> None:
    assert len(desk.answers(nominees, as_of=LAST_NIGHT, now=clock.now())) == len(nominees)


def _fill(office: Office, scale: int) -> None:
    calendar = calendar_for(office.law.calendar)
    for number in range(scale):
        with db.transaction(office.database) as connection:
            fill(connection, number, calendar, now=clock.now(), operator="bench")


def _nominees(office: Office) -> list[Nominee]:
    """Captains, members, units and teams by lot, and some that the registry does not know."""
    subject, post, tie = (db.table(model).c for model in (Subject, Post, Tie))
    pools = {
        ("helping.individual", "captain"): sa.select(post.person_id),
        ("helping.individual", "team_member"): sa.select(tie.from_id).where(
            tie.kind == "member_of_team"
        ),
        ("advanced.collective", "county_unit"): sa.select(subject.id).where(subject.kind == "unit"),
        ("helping.collective", "resident_team"): sa.select(subject.id).where(
            subject.kind == "team"
        ),
    }
    lot, found = Random(0), []
    with office.database.connect() as connection:
        known = {kind: sorted(connection.scalars(pool)) for kind, pool in pools.items()}
    for number in range(ASKED):
        award, kind = lot.choice([*known, *(("advanced.collective", k) for k in _UNREGISTERED)])
        who = lot.choice(known[award, kind]) if (award, kind) in known else None
        found.append(Nominee(PLAN, award, kind, f"第{number}个", "", who, PREFECTURE))
    registered = next(at for at, one in enumerate(found) if one.subject_id is not None)
    return [found.pop(registered), *found]


def _count_alone(office: Office, nominee: Nominee) -> float:
    line = db.table(Line).c
    mine = sa.select(line.kind, sa.func.count(sa.distinct(line.day))).group_by(line.kind)
    mine = mine.where(line.subject_id == nominee.subject_id, line.voided_at.is_(None))
    with office.database.connect() as connection:
        return timed(lambda: connection.execute(mine).all())


def _record(office: Office, nominee: Nominee) -> None:
    with db.transaction(office.database) as connection:
        incidents.record(
            connection, office.law, kind="circulated_criticism", determined_on=LAST_NIGHT,
            authority="庆阳市纪委监委", document_number="庆纪通〔2020〕1号",
            subject_id=nominee.subject_id, now=clock.now(), operator="bench",
        )  # fmt: skip


def main(scale: int = FULL) -> None:
    """Print one table, and the most memory that the process held."""
    gc.set_threshold(100_000, 50, 100)  # as `tracker` does when it starts
    figures = measure(scale)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{table(figures)}\n\n{scale} 个县；全程内存最多 {megabytes} MB。\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
