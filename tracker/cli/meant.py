"""The edge: the one finding a person means: by its number, or by who, what, toward whom, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from tracker import clock, nightly
from tracker.cli.office import Office, parse_day, parse_moment, parse_number
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.evaluation import findings as stored
from tracker.evaluation import narrate
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.obligations import Scene
from tracker.evaluation.tables import Finding
from tracker.registry.labels import labels

SHOWN_ROWS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed: a number (#12 or 12) or a holder, and what narrows it down."""

    finding: str
    duty: str | None = None
    counterpart: str | None = None
    window: str | None = None
    as_of: str | None = None
    known_at: str | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """One finding judged afresh: its scene, its row of `evaluate`, and its row of `to_rows`."""

    scene: Scene
    evaluated: pd.Series
    finding: pd.Series


def one_finding(
    office: Office, connection: sa.Connection, asked: Asked, *, bare: bool = False
) -> Meant:
    """The one finding meant, judged now; `bare`: without waivers and rulings. Raises LuzeError
    with the candidates."""
    moment = parse_moment(asked.known_at) or clock.now()
    key: str | None = None
    if asked.finding.removeprefix("#").isdecimal():
        key, focus, look_from = _by_number(connection, asked.finding)
    else:
        focus = office.find(connection, asked.finding, moment)
        look_from = parse_day(asked.window, "--window")
    scene = _scene(office, connection, asked, moment, focus, look_from)
    scene = scene.bare() if bare else scene
    evaluated = evaluate(connection, scene, office.covers)
    rows = stored.to_rows(scene, evaluated)
    toward = office.find(connection, asked.counterpart, moment) if asked.counterpart else None
    wanted = _pick(rows, key, focus, asked, toward, labels(scene.registry))
    return Meant(scene, evaluated.loc[[wanted]].iloc[0], rows.loc[[wanted]].iloc[0])


def _scene(
    office: Office, connection: sa.Connection, asked: Asked, moment: datetime, focus: int,
    look_from: date | None,
) -> Scene:  # fmt: skip
    day = office.night(connection, parse_day(asked.as_of, "--as-of"))
    return nightly.set_scene(
        connection, office.law, as_of=day, known_at=moment, focus=frozenset({focus}),
        look_from=look_from,
    )  # fmt: skip


def _by_number(connection: sa.Connection, text: str) -> tuple[str, int, date | None]:
    """The key, holder and last day of a stored finding."""
    t = table(Finding)
    number = parse_number(text)
    row = connection.execute(sa.select(t).where(t.c.id == number)).first()
    if row is None:
        raise LuzeError(f"没有编号为 {text} 的判定", fix="编号见 tracker findings")
    return row.key, row.holder_id, row.closes


def _pick(
    rows: pd.DataFrame, key: str | None, holder: int, asked: Asked, toward: int | None,
    names: Mapping[int, str],
) -> int:  # fmt: skip
    """The index of the one finding meant. Raises LuzeError with the candidates."""
    if key is not None:
        found = rows[rows["key"] == key]
    else:
        found = rows[rows["holder_id"] == holder]
        if asked.duty:
            found = found[found["duty"] == asked.duty]
        if toward:
            found = found[found["counterpart_id"] == toward]
        day = parse_day(asked.window, "--window")
        if day:
            found = found[(found["opens"] <= day) & (found["closes"] >= day)]
    if len(found) == 1:
        return int(found.index[0])
    what = "有多项判定符合，请写明责任事项、对象或考核期" if len(found) else "没有符合的判定"
    shown = found if len(found) else rows[rows["holder_id"] == holder]
    raise LuzeError(
        what,
        problems=[_candidate(f, names) for _, f in shown.head(SHOWN_ROWS).iterrows()],
        fix="例如 tracker explain 姓名@单位 cadre.days_220 --window 2019-01-01",
    )


def _candidate(finding: pd.Series, names: Mapping[int, str]) -> Problem:
    toward = finding["counterpart_id"]
    return Problem(
        f"{finding['duty']}  {narrate.window_name(finding['opens'], finding['closes'])}"
        f"（--window {finding['opens']}）  {narrate.fraction(finding)}"
        f"  {narrate.status_name(finding)}",
        "" if toward is None else names.get(int(toward), ""),
    )
