"""The interviews of a night: `plan` decides what to open, extend and withdraw, `update` writes it.

One open case per place; new grounds join it, also after a person has decided. Only a case that
nobody has decided on is withdrawn when every ground is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import sqlalchemy as sa

from tracker.consequences import objections
from tracker.consequences.cases import CURED, INCIDENT, JOINED
from tracker.consequences.history import Moment
from tracker.consequences.interviews import (
    Place,
    Recommendation,
    Standing,
    called_for,
    open_cases,
    rungs_held,
    suggested_rung,
)
from tracker.consequences.lives import INTERVIEW
from tracker.consequences.parties import Parties
from tracker.consequences.tables import Interview, InterviewEvent, InterviewGround
from tracker.db import table
from tracker.evaluation.obligations import Scene
from tracker.evaluation.words import STATUS_NAMES, Status
from tracker.lifecycle import NEW
from tracker.registry.oneday import OneDay

_INTERVIEW, _EVENT = table(Interview), table(InterviewEvent)
_GROUND = table(InterviewGround)


@dataclass(slots=True)
class Plan:
    """What a night writes: places to open a case for and to withdraw it from; keys that join and
    that leave, by place."""

    opened: list[Place] = field(default_factory=list)
    joined: dict[Place, list[str]] = field(default_factory=dict)
    cured: dict[Place, list[str]] = field(default_factory=dict)
    withdrawn: list[Place] = field(default_factory=list)


def plan(
    called: Mapping[Place, Recommendation], standing: Mapping[Place, Standing],
    spoken: Collection[str],
) -> Plan:  # fmt: skip
    """What to write tonight. `spoken`: the finding keys that tonight says something about.

    Time alone cures nothing: a ground whose window a run no longer looks at keeps its last word
    (I27). What follows from incidents is gone through whole each night.
    """
    made = Plan()
    for place, recommendation in called.items():
        old = standing.get(place)
        if old is None and not recommendation.enough:
            continue
        if old is None:
            made.opened.append(place)
        if joined := recommendation.grounds.keys() - (old.grounds if old else ()):
            made.joined[place] = sorted(joined)
    for place, old in standing.items():
        now = called.get(place)
        still = {*now.grounds, *now.frozen} if now else set()
        heard = {key for key in old.grounds if key in spoken or _of_incident(key)}
        if heard - still:
            made.cured[place] = sorted(heard - still)
        is_empty = not (old.grounds - (heard - still)) and place not in made.joined
        if is_empty and INTERVIEW.allows(old.state, "withdrawn"):
            made.withdrawn.append(place)
    return made


def _of_incident(key: str) -> bool:
    return key.startswith(f"{INCIDENT}|")


def update(
    connection: sa.Connection, rows: pd.DataFrame, scene: Scene, spoken: pd.DataFrame,
    moment: Moment,
) -> dict[str, int]:  # fmt: skip
    """Decide and write tonight's part; returns counts of recommended, grounds_joined, withdrawn.

    `spoken`: key and status of every finding that tonight says something about.
    """
    called, standing = called_for(connection, rows, scene), open_cases(connection)
    live = {key for old in standing.values() for key in old.grounds}
    about = spoken[spoken["key"].isin(live)]
    statuses = dict(zip(about["key"], about["status"], strict=True))
    made = plan(called, standing, statuses.keys())
    numbers = {place: old.id for place, old in standing.items()}
    numbers |= _open(connection, scene, {place: called[place] for place in made.opened}, moment)
    for place, keys in made.joined.items():
        grounds = [called[place].grounds[key] for key in keys]
        told = [(one.key, one.ground, one.note) for one in grounds]
        _write_grounds(connection, numbers[place], JOINED, told, moment)
    excused = objections.frozen(connection).excuses if made.cured else bool
    for place, keys in made.cured.items():
        gone = [(k, "", "异议成立" if excused(k) else _why_gone(k, statuses)) for k in keys]
        _write_grounds(connection, numbers[place], CURED, gone, moment)
    for place in made.withdrawn:
        _withdraw(connection, standing[place], moment)
    return {
        "recommended": len(made.opened),
        "grounds_joined": sum(map(len, made.joined.values())),
        "withdrawn": len(made.withdrawn),
    }


def _why_gone(key: str, statuses: Mapping[str, str]) -> str:
    if key not in statuses:
        return "事件已撤销，或不再涉及"
    status = Status[statuses[key]]
    return "已改由别的责任单位承担" if status is Status.breached else f"现为{STATUS_NAMES[status]}"


def _withdraw(connection: sa.Connection, old: Standing, moment: Moment) -> None:
    state = INTERVIEW.after(old.state, "withdrawn", old.id)
    row = moment.row("withdrawn", "全部事由均已消除", state)
    connection.execute(_EVENT.insert(), {**row, "detail": {}, "interview_id": old.id})


def _open(
    connection: sa.Connection, scene: Scene, called: Mapping[Place, Recommendation], moment: Moment
) -> dict[Place, int]:
    """Write the heads of new cases; returns their numbers."""
    if not called:
        return {}
    held, day = rungs_held(connection), OneDay(scene.registry, scene.as_of)
    numbers = {}
    for place, recommendation in called.items():
        document, section, accountable = place
        rule = recommendation.rule
        parties = Parties(day, scene.law.pack(document).document)
        rung = suggested_rung(rule, held.get(place))
        concerned = _people(scene, {accountable, *recommendation.concerned})
        head = {
            "document": document, "section": section, "accountable_id": accountable,
            "interviewer": parties.interviewer(rule, accountable, rung),
            "interviewees": parties.interviewees(rule, accountable, concerned),
        }  # fmt: skip
        statement = _INTERVIEW.insert().returning(_INTERVIEW.c.id)
        numbers[place] = int(connection.execute(statement, head).scalar_one())
        row = moment.row("recommended", state=INTERVIEW.after(NEW, "recommended"))
        told = {**row, "detail": {"rung": rung}, "interview_id": numbers[place]}
        connection.execute(_EVENT.insert(), told)
    return numbers


def _people(scene: Scene, subjects: Iterable[int]) -> list[int]:
    sort = scene.registry.subjects["sort"]
    return sorted(one for one in subjects if sort.get(one) == "person")


def _write_grounds(
    connection: sa.Connection, number: int, event: str, grounds: Iterable[tuple[str, str, str]],
    moment: Moment,
) -> None:  # fmt: skip
    connection.execute(_GROUND.insert(), [
        {**moment.row(event, note, event), "interview_id": number, "key": key, "ground": ground}
        for key, ground, note in grounds
    ])  # fmt: skip
