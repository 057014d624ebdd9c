"""How an orderly award office brings a nominee on its way, one working day after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tests.scenarios.consequences.office import HAND
from tests.scenarios.world import OFFICER, moment
from tracker.awards import acts
from tracker.awards.nomination_desk import calendar_of, plan_of
from tracker.awards.nominations import history, load
from tracker.awards.timeline import first_end
from tracker.policy.awards import Stage

if TYPE_CHECKING:
    from tests.scenarios.awards.office import AwardOffice

GROUP = "示例县脱贫攻坚领导小组"
RULED = {"reason": "经查属实", "authority": GROUP, "officer": HAND}
_BOTH = ("paper", "electronic")
_LAST_HOUR = 22


def bring(office: AwardOffice, day: date, who: str, stages: Sequence[Stage]) -> None:
    """Stage after stage, from the last one done on without a day lost; told on `day`."""
    number, now = office.number(who), moment(day, _LAST_HOUR)
    done, branch = load(office.connection, number).record, office.branch(who)
    on = max([*done.stages.values(), history(office.connection, number)[0].as_of])
    for stage in (one for one in stages if one.id not in done.stages):
        if stage.does == "publicity":
            on = _made_public(office, who, stage, on, now)
            continue
        if stage.does == "consult":
            for organ in (one for one in branch.organs if one not in done.opinions):
                office.act(acts.opinion, on, who, organ, agrees=True, now=now)
        office.act(acts.stage_done, on, who, stage.id, now=now)


def _made_public(office: AwardOffice, who: str, stage: Stage, on: date, now: datetime) -> date:
    """Post from the day on, after the level below, for as long as is needed; the last day."""
    law, number = office.world.law, office.number(who)
    filed = load(office.connection, number)
    below = [one.taken_down_on for one in filed.record.postings.values()]
    starts = on + timedelta(on in below)
    rule = plan_of(law, office.document).publicity
    ends = first_end(rule, stage, starts, calendar_of(law, filed.nominee))
    acts.post(
        office.connection, law, number, stage.id, starts_on=starts, ends_on=ends, now=now,
        operator=OFFICER,
    )  # fmt: skip
    office.act(acts.take_down, ends, who, stage.id, result="无异议", now=now)
    return ends


def papers(office: AwardOffice, day: date, who: str) -> None:
    """Hand in what the plan asks for, as it asks for it, and judge what only persons can."""
    nominee = load(office.connection, office.number(who)).nominee
    plan = plan_of(office.world.law, office.document)
    award = plan.award(nominee.award)
    for paper in plan.materials_for(award):
        if paper.of == "nominee":
            office.act(
                acts.material, day, who, paper.id, copies=paper.copies or 1,
                double_sided=paper.double_sided, characters=paper.max_characters, media=_BOTH,
            )  # fmt: skip
    for check in plan.checks_for(award, nominee.kind):
        if check.judged:
            office.act(acts.judge, day, who, check.id, passed=True, **RULED)
