"""An office that acts on interviews: each act with all it needs, so that a test leaves one out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.scenarios.world import ALWAYS, OFFICER, Span, World, moment, months, only, shipped_law
from tracker.consequences import interview_acts
from tracker.consequences.cases import Case, load_case, load_cases
from tracker.consequences.tables import InterviewEvent
from tracker.db import table

BREACH = date(2021, 1, 9)  # a Saturday
TOLD, HEARD_BY = date(2021, 1, 11), date(2021, 1, 14)  # three working days
DECIDED, HELD = date(2021, 1, 15), date(2021, 1, 20)

_BY = {"by": "何甲子"}
_DECISION = {"authority": "示例县协调办", "officer": "何甲子"}
NEEDS: dict[str, dict[str, Any]] = {
    "inform": _BY,
    "state": {"who": "李甲子", "text": "已在补开会议"},
    "decide": {**_DECISION, "document_number": "示协办〔2021〕1号"},
    "dismiss": {**_DECISION, "reason": "情况特殊"},
    "conduct": {"interviewer": "何甲子", "record": "要求立即整改"},
    "verify": {**_BY, "result": "四次会议均已补开"},
    "fail": {**_BY, "reason": "仍未整改"},
    "close": {"authority": "示例县协调办"},
    "rule": {**_DECISION, "effect": "free", "reason": "情节轻微"},
}


class Desk:
    """Acts on the interviews of a world; the day of each act is also the day it is recorded."""

    def __init__(self, world: World) -> None:
        self.world, self.connection = world, world.connection

    def act(self, name: str, on: date, number: int = 1, **said: Any) -> Case:
        """Do an act as it should be done, but for what is said otherwise."""
        said = {**NEEDS[name], **said}
        if name == "conduct":
            present = said.pop("present", ("李甲子",))
            said["present"] = [self.world.ids[person] for person in present]
        now = said.pop("now", moment(on, 23))
        do = getattr(interview_acts, name)
        case: Case = do(
            self.connection, self.world.law, number, on=on, now=now, operator=OFFICER, **said
        )
        return case

    def to(self, state: str, number: int = 1, first: date = TOLD, **said: Any) -> Case:
        """Bring a recommended case to a state, in the days it takes; `said`: to the decision."""
        steps = ("inform", "decide", "conduct", "verify", "close")
        reached = ("recommended", "decided", "conducted", "verified", "closed")
        for name, after, wait in zip(steps, reached, (0, 4, 9, 19, 20), strict=True):
            self.act(name, first + timedelta(wait), number, **(said if name == "decide" else {}))
            if after == state:
                break
        return self.case(number)

    def case(self, number: int = 1, as_of: date | None = None) -> Case:
        """A case as of a day."""
        return load_case(self.connection, number, as_of)

    def cases(self) -> list[tuple[str, str, int]]:
        """Section, state and rung of every case."""
        return [(c.section, c.state, c.rung) for c in load_cases(self.connection)]

    def rows(self) -> int:
        """How many transitions are stored."""
        return len(self.connection.execute(table(InterviewEvent).select()).all())


def behind(world: World, *duties: str, head: Span = ALWAYS) -> Desk:
    """甲局 is short of one study in 2020 (and 钱甲子 of one visit), with a head and no deputy."""
    world.law = only(shipped_law(), duties or ("unit.study",))
    world.unit("甲局", "东村")
    world.unit("县组长办", leads="示例县")
    world.post("李甲子", "head", "甲局", head)
    world.leader("钱甲子", "甲局")
    for year in ("2019", "2021", "2022"):
        world.did("甲局", "committee_study", *months(f"{year}-01", f"{year}-04"))
    world.did("甲局", "committee_study", *months("2020-02", "2020-04"))
    visits = [date(year, month, 4) for year in (2019, 2021, 2022) for month in (1, 2)]
    world.did("钱甲子", "leader_visit", *visits, date(2020, 4, 8), place="东村")
    world.reported(months("2019-01", "2022-12"))
    return Desk(world)
