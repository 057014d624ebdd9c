"""Incidents: facts that a person records with an authority and a date, and that bars follow from.

Rows are only ever added; a wrong one is withdrawn by a later row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from rapidfuzz import process

from tracker import audit
from tracker.clock import SHANGHAI
from tracker.consequences.tables import Incident
from tracker.db import table
from tracker.errors import LuzeError, Problem
from tracker.policy.law import Vocabulary
from tracker.registry.roles import AREAS
from tracker.registry.tables import Subject

_INCIDENT, _SUBJECT = table(Incident), table(Subject)
_REFUSED = "事件未登记，未作任何改动"
_FIX = "请改正后重新登记"


def record(
    connection: sa.Connection, vocabulary: Vocabulary, *,
    kind: str, determined_on: date | None, authority: str, now: datetime, operator: str,
    happened_on: date | None = None, qualifiers: Sequence[str] = (), document_number: str = "",
    subject_id: int | None = None, place_id: int | None = None, household_id: int | None = None,
    note: str = "",
) -> int:  # fmt: skip
    """Record an incident in the caller's transaction; returns its number.

    `kind` and `qualifiers` by id or Chinese name. Raises LuzeError with every defect at once.
    """
    parties = {"subject_id": subject_id, "place_id": place_id, "household_id": household_id}
    texts = {"authority": authority, "document_number": document_number, "note": note}
    meant, unknown = _in_words(vocabulary, kind, qualifiers)
    problems = [
        *unknown,
        *_day_problems(happened_on, determined_on, _today(now)),
        *_text_problems(texts),
        *_party_problems(connection, parties),
    ]
    if problems:
        raise LuzeError(_REFUSED, problems=problems, fix=_FIX)
    incident = {
        "kind": meant[0], "qualifiers": sorted(set(meant[1:])), "happened_on": happened_on,
        "determined_on": determined_on, **parties, **texts,
    }  # fmt: skip
    return _append(connection, "incident", incident, now, operator)


def withdraw(
    connection: sa.Connection, number: int, *,
    reason: str, authority: str, now: datetime, operator: str,
    determined_on: date | None = None, document_number: str = "",
) -> int:  # fmt: skip
    """Take an incident back from now on; returns the number of the withdrawing row.

    `determined_on`: the day of that decision, default today. Raises LuzeError.
    """
    today = _today(now)
    found = connection.execute(sa.select(_INCIDENT).where(_INCIDENT.c.id == number)).first()
    texts = {"authority": authority, "document_number": document_number, "note": reason}
    problems = [*_day_problems(None, determined_on or today, today), *_text_problems(texts)]
    if found is None or found.withdraws_id is not None:
        problems.append(Problem(f"没有第 {number} 号事件", fix="编号见 tracker incidents list"))
    elif number not in {i.id for i in on_record(connection, known_at=now)}:
        problems.append(Problem(f"第 {number} 号事件已经撤销"))
    if not reason.strip():
        problems.append(Problem("没有写撤销的原因", "--reason", "请写明原因"))
    if found is None or problems:
        raise LuzeError("事件未撤销，未作任何改动", problems=problems, fix=_FIX)
    row = {
        "kind": found.kind, "qualifiers": [], "determined_on": determined_on or today,
        "withdraws_id": number, **texts,
    }  # fmt: skip
    return _append(connection, "incident_withdrawn", row, now, operator)


def on_record(
    connection: sa.Connection, *, known_at: datetime, as_of: date | None = None
) -> list[Incident]:
    """Incidents up to the day `as_of` that were known and not yet withdrawn at `known_at`."""
    c = _INCIDENT.c
    taken_back = sa.select(c.withdraws_id).where(
        c.withdraws_id.is_not(None), c.recorded_at <= known_at
    )
    statement = sa.select(_INCIDENT).where(
        c.withdraws_id.is_(None), c.recorded_at <= known_at, c.id.not_in(taken_back)
    )
    if as_of is not None:
        statement = statement.where(sa.func.coalesce(c.happened_on, c.determined_on) <= as_of)
    rows = connection.execute(statement.order_by(c.id))
    return [Incident(**row._mapping) for row in rows]


def _append(
    connection: sa.Connection, act: str, row: Mapping[str, object], now: datetime, operator: str
) -> int:
    stored = {**row, "operator": operator, "recorded_at": now}
    statement = _INCIDENT.insert().returning(_INCIDENT.c.id)
    number = int(connection.execute(statement, stored).scalar_one())
    detail = {"incident": number, **{k: v for k, v in row.items() if v not in (None, "", [])}}
    audit.append(connection, act=act, operator=operator, now=now, detail=detail)
    return number


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def _in_words(
    vocabulary: Vocabulary, kind: str, qualifiers: Sequence[str]
) -> tuple[list[str], list[Problem]]:
    """Kind and qualifiers as ids of the vocabulary, and a problem for each that is none."""
    asked = [(vocabulary.incidents, kind, "事件类别")]
    asked += [(vocabulary.qualifiers, each, "认定（--with）") for each in qualifiers]
    ids, problems = [], []
    for words, text, where in asked:
        by_any = {name: word for word, name in words.items()} | {word: word for word in words}
        if text in by_any:
            ids.append(by_any[text])
            continue
        near = process.extract(text, words.values(), limit=3, score_cutoff=50)
        names = "、".join(name for name, _, _ in near) or "、".join(words.values())
        problems.append(Problem(f"词表里没有“{text}”", where, f"可写：{names}"))
    return ids, problems


def _day_problems(
    happened_on: date | None, determined_on: date | None, today: date
) -> Iterator[Problem]:
    if determined_on is None:
        yield Problem("没有写认定日期", "--determined", "请写认定文件的日期，如 2020-01-09")
    for day, where in ((happened_on, "--on"), (determined_on, "--determined")):
        if day and day > today:
            yield Problem(f"{day} 晚于今天 {today}", where, "只登记已经发生、已经认定的事")
    if happened_on and determined_on and determined_on < happened_on:
        yield Problem(
            f"认定日期 {determined_on} 早于发生日期 {happened_on}", "--determined", "请核对两个日期"
        )


def _text_problems(texts: Mapping[str, str]) -> Iterator[Problem]:
    if not texts["authority"].strip():
        yield Problem("没有写认定机关", "--authority", "请写明由谁认定")
    for name, text in texts.items():
        longest = cast(sa.String, _INCIDENT.c[name].type).length
        if longest and len(text) > longest:
            yield Problem(f"“{text[:10]}…”超过 {longest} 字", fix="请缩短")


def _party_problems(
    connection: sa.Connection, parties: Mapping[str, int | None]
) -> Iterator[Problem]:
    """Nobody named, or the wrong sort of subject for what it is named as."""
    wanted = {
        "subject_id": ("--about", "单位、工作队、地方或个人", "户请写在 --household"),
        "place_id": ("--place", "村、乡镇或县", "单位和个人请写在 --about"),
        "household_id": ("--household", "贫困户", "请写户编号，如 HC0117"),
    }
    named = {name: party for name, party in parties.items() if party is not None}
    if not named:
        yield Problem("没有写事件涉及谁、在哪里", fix="请至少写 --about、--place、--household 之一")
    rows = connection.execute(
        sa.select(_SUBJECT.c.id, _SUBJECT.c.sort, _SUBJECT.c.kind, _SUBJECT.c.name)
        .where(_SUBJECT.c.id.in_(named.values()))
    )  # fmt: skip
    known = {row.id: row for row in rows}
    for name, party in named.items():
        option, expected, fix = wanted[name]
        row = known.get(party)
        if row is None or not _fits(name, row.sort, row.kind):
            yield Problem(f"“{row.name if row else party}”不是{expected}", option, fix)


def _fits(name: str, sort: str, kind: str) -> bool:
    if name == "place_id":
        return kind in AREAS
    return (sort == "household") == (name == "household_id")
