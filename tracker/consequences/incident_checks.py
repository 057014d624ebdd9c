"""Incidents: what is wrong with what somebody tells of one, with the option and a way out.

Every function looks for one sort of defect; `incidents.record` reports all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from rapidfuzz import process

from tracker.consequences.tables import Incident
from tracker.consequences.triggers import Printed
from tracker.db import table
from tracker.errors import Problem
from tracker.policy.vocabulary import Vocabulary
from tracker.registry.roles import AREAS
from tracker.registry.tables import Subject

_INCIDENT, _SUBJECT = table(Incident), table(Subject)
# `needs` of the vocabulary: what it is, the option, what to write.
NEEDED = {
    "subject_id": ("是谁的", "--about", "请写单位、地方、工作队或个人"),
    "happened_on": ("被考核的年度", "--on", "请写被考核年度在岗的一天，如 2019-12-31"),
    "document_number": ("文号", "--document", "请写认定文件的文号"),
    "ground": ("是哪一种情形", "--ground", "请写约谈情形的名称，如 工作成效不明显"),
    "officer": ("由谁认定", "--officer", "请写作出评判的人的姓名和职务"),
}


def in_words(
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


def day_problems(
    happened_on: date | None, determined_on: date | None, today: date
) -> Iterator[Problem]:
    """No determination, or days that cannot be."""
    if determined_on is None:
        yield Problem("没有写认定日期", "--determined", "请写认定文件的日期，如 2020-01-09")
    for day, where in ((happened_on, "--on"), (determined_on, "--determined")):
        if day and day > today:
            yield Problem(f"{day} 晚于今天 {today}", where, "只登记已经发生、已经认定的事")
    if happened_on and determined_on and determined_on < happened_on:
        yield Problem(
            f"认定日期 {determined_on} 早于发生日期 {happened_on}", "--determined", "请核对两个日期"
        )


def text_problems(texts: Mapping[str, str]) -> Iterator[Problem]:
    """No authority, or a text longer than its column."""
    if not texts["authority"].strip():
        yield Problem("没有写认定机关", "--authority", "请写明由谁认定")
    for name, text in texts.items():
        longest = cast(sa.String, _INCIDENT.c[name].type).length
        if longest and len(text) > longest:
            yield Problem(f"“{text[:10]}…”超过 {longest} 字", fix="请缩短")


def party_problems(
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


def missing(vocabulary: Vocabulary, told: Mapping[str, Any]) -> Iterator[Problem]:
    """What an incident of this kind must also tell (`needs` of the vocabulary)."""
    kind = str(told["kind"])
    needs = vocabulary.needs.get(kind, "").split()
    name = vocabulary.incidents.get(kind, "")
    for each in needs:
        if told[each] is None or not str(told[each]).strip():
            what, where, fix = NEEDED[each]
            yield Problem(f"“{name}”没有写{what}", where, fix)
    if kind and told["ground"] and "ground" not in needs:
        owner = next((vocabulary.incidents[k] for k, n in vocabulary.needs.items()
                      if "ground" in n.split()), "")  # fmt: skip
        yield Problem(f"“{name}”不写约谈情形", "--ground", f"认定约谈情形的，类别写“{owner}”")


def rated_before(
    vocabulary: Vocabulary, told: Mapping[str, Any], on_record: Iterable[Incident]
) -> Iterator[Problem]:
    """A subject has one rating a year."""
    day, subject = told["happened_on"], told["subject_id"]
    if told["kind"] not in vocabulary.ratings or day is None or subject is None:
        return
    for one in on_record:
        same = one.subject_id == subject and one.day.year == day.year
        if same and one.kind in vocabulary.ratings:
            rating = vocabulary.incidents[one.kind]
            what = f"{day.year}年的等次已登记为“{rating}”（第 {one.id} 号事件）"
            yield Problem(what, "--about", f"登记错的请先撤销：tracker incidents withdraw {one.id}")


def told_before(told: Mapping[str, Any], on_record: Iterable[Incident]) -> Iterator[Problem]:
    """The very same fact of one document once more: its bars would be listed twice."""
    for one in on_record if told["document_number"] else ():
        if all(getattr(one, name) == value for name, value in told.items() if name != "note"):
            again = f"登记错的请先撤销：tracker incidents withdraw {one.id}"
            yield Problem(f"与第 {one.id} 号事件完全相同", fix=f"无须重复登记；{again}")


def ground_meant(incident: Incident, fitting: Sequence[Printed]) -> tuple[str, list[Problem]]:
    """The stored name of the printed trigger that the incident's `ground` names."""
    asked = incident.ground
    found = [one.key for one in fitting if asked in (one.key, one.ground.id)]
    if len(found) == 1:
        return found[0], []
    if not fitting:
        what = f"{incident.day} 施行的规则对这一主体没有约谈情形"
        fix = "请写约谈对象本身：单位、地方、工作队、驻村干部或帮扶责任人"
        return "", [Problem(what, "--about", fix)]
    offered = "、".join(found or (f"{one.rule.section} {one.ground.id}" for one in fitting))
    what = f"“{asked}”不止一处" if found else f"没有约谈情形“{asked}”"
    return "", [Problem(what, "--ground", f"可写：{offered}")]


def _fits(name: str, sort: str, kind: str) -> bool:
    if name == "place_id":
        return kind in AREAS
    return (sort == "household") == (name == "household_id")
