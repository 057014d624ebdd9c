"""Incidents: recorded with an authority and a date, never changed, and heard at the gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tests.consequences.invented import NOW, settle
from tracker import audit, resources
from tracker.awards.gate import Answer, Clause
from tracker.cli import app
from tracker.consequences import incidents
from tracker.consequences.tables import Incident
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.policy.load import load_law
from tracker.query import dossier

LAW = load_law([resources.folder("duties")])
HOUR = timedelta(hours=1)
TODAY = NOW.date()


class Office:
    """A database with the invented county, and what an operator does with it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection, self.ids = connection, settle(connection)

    def record(self, kind: str, *qualifiers: str, now: datetime = NOW, **values: Any) -> int:
        for name, column in (
            ("about", "subject_id"), ("place", "place_id"), ("household", "household_id"),
        ):  # fmt: skip
            if name in values:
                values[column] = self.ids[values.pop(name)]
        values = {
            "happened_on": date(2019, 11, 20), "determined_on": date(2019, 12, 2),
            "authority": "市纪委", **values,
        }  # fmt: skip
        return incidents.record(
            self.connection, LAW.vocabulary, kind=kind, qualifiers=qualifiers, now=now,
            operator="测试", **values,
        )  # fmt: skip

    def withdraw(self, number: int, *, now: datetime = NOW, **values: Any) -> int:
        values = {"reason": "认定有误", "authority": "市纪委", **values}
        return incidents.withdraw(self.connection, number, now=now, operator="测试", **values)

    def known(self, known_at: datetime = NOW, as_of: date | None = None) -> list[int | None]:
        return [i.id for i in incidents.on_record(self.connection, known_at=known_at, as_of=as_of)]

    def refusal(self, kind: str = "fraud", *qualifiers: str, **values: Any) -> str:
        with pytest.raises(LuzeError) as refused:
            self.record(kind, *qualifiers, **values)
        assert self.known() == []
        return str(refused.value)

    def at_gate(
        self, name: str, as_of: date, known_at: datetime = NOW
    ) -> tuple[Answer | None, list[Clause]]:
        found = dossier(
            self.connection, LAW, {}, self.ids[name], as_of=as_of, known_at=known_at
        )  # fmt: skip
        return found.answer, found.clauses


@pytest.fixture
def office(sqlite_engine: sa.Engine) -> Iterator[Office]:
    with transaction(sqlite_engine) as connection:
        yield Office(connection)


@pytest.fixture
def office_anywhere(engine: sa.Engine) -> Iterator[Office]:
    with transaction(engine) as connection:
        yield Office(connection)


def test_an_incident_is_kept_as_told_and_audited(office_anywhere: Office) -> None:
    office = office_anywhere
    number = office.record(
        "重大涉贫事件",
        "造成不良影响",
        "adverse_impact",
        place="甲村",
        document_number="市纪〔2019〕1号",
    )
    (kept,) = incidents.on_record(office.connection, known_at=NOW)
    assert (kept.id, kept.kind, kept.qualifiers) == (
        number, "major_poverty_incident", ["adverse_impact"],
    )  # fmt: skip
    assert (kept.place_id, kept.subject_id) == (office.ids["甲村"], None)
    assert (kept.day, kept.determined_on) == (date(2019, 11, 20), date(2019, 12, 2))
    assert (kept.document_number, kept.operator, kept.recorded_at) == (
        "市纪〔2019〕1号", "测试", NOW,
    )  # fmt: skip
    acts = office.connection.execute(sa.select(table(audit.Act))).all()
    assert [(a.act, a.detail["incident"]) for a in acts] == [("incident", number)]
    assert audit.verify(office.connection) == (1, None)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "弄虚做假"}, "词表里没有“弄虚做假” → 可写：弄虚作假"),
        ({"qualifiers": ["造成影响"]}, "词表里没有“造成影响” → 可写：造成不良影响"),
        ({"authority": " "}, "没有写认定机关"),
        ({"authority": "某" * 81}, "超过 80 字"),
        ({"determined_on": None}, "没有写认定日期"),
        ({"determined_on": date(2019, 11, 19)}, "认定日期 2019-11-19 早于发生日期 2019-11-20"),
        ({"determined_on": TODAY + timedelta(days=1)}, "2021-03-02 晚于今天 2021-03-01"),
        ({"happened_on": TODAY + timedelta(days=1)}, "--on：2021-03-02 晚于今天"),
        ({"about": None}, "没有写事件涉及谁、在哪里"),
        ({"about": "HC0001"}, "--about：“HC0001”不是单位、工作队、地方或个人"),
        ({"place": "县水务局"}, "--place：“县水务局”不是村、乡镇或县"),
        ({"household": "孙丁"}, "--household：“孙丁”不是贫困户"),
    ],
)
def test_an_incident_is_refused_with_what_is_wrong(
    office: Office, values: dict[str, Any], said: str
) -> None:
    told = {"kind": "fraud", "about": "县水务局", **values}
    words = told.pop("qualifiers", ())
    told = {name: value for name, value in told.items() if name != "about" or value is not None}
    assert said in office.refusal(told.pop("kind"), *words, **told)


def test_the_days_up_to_today_are_accepted(office: Office) -> None:
    number = office.record("fraud", about="县水务局", happened_on=TODAY, determined_on=TODAY)
    assert office.known() == [number]


def test_a_refusal_names_every_defect_at_once(office: Office) -> None:
    said = office.refusal("没有的", "也没有", authority="", determined_on=None)
    assert said.count("  · ") == 5


def test_a_withdrawn_incident_is_gone_from_then_on_and_stays_on_record(
    office_anywhere: Office,
) -> None:
    office = office_anywhere
    number = office.record("fraud", about="县水务局")
    office.withdraw(number, now=NOW + 2 * HOUR)
    known = [office.known(NOW + after * HOUR) for after in (0, 1, 2, 3)]
    assert known == [[number], [number], [], []]
    rows = office.connection.execute(sa.select(table(Incident)).order_by(table(Incident).c.id))
    assert [(row.withdraws_id, row.note) for row in rows] == [(None, ""), (number, "认定有误")]
    assert audit.verify(office.connection) == (2, None)


def test_a_withdrawal_needs_an_incident_a_reason_and_an_authority(office: Office) -> None:
    number = office.record("fraud", about="县水务局")
    for number_asked, values, said in (
        (number + 1, {}, f"没有第 {number + 1} 号事件"),
        (number, {"reason": " "}, "没有写撤销的原因"),
        (number, {"authority": ""}, "没有写认定机关"),
        (number, {"determined_on": TODAY + timedelta(days=1)}, "晚于今天"),
    ):
        with pytest.raises(LuzeError, match=said):
            office.withdraw(number_asked, **values)
    assert office.known() == [number]


def test_an_incident_is_withdrawn_only_once_and_a_withdrawal_never(office: Office) -> None:
    number = office.record("fraud", about="县水务局")
    taken_back_by = office.withdraw(number)
    with pytest.raises(LuzeError, match=f"第 {number} 号事件已经撤销"):
        office.withdraw(number)
    with pytest.raises(LuzeError, match=f"没有第 {taken_back_by} 号事件"):
        office.withdraw(taken_back_by)


def test_what_happened_after_the_day_asked_about_is_left_out(office: Office) -> None:
    first = office.record("fraud", about="县水务局")
    undated = office.record("fraud", about="县水务局", happened_on=None)
    day = timedelta(days=1)
    asked = (date(2019, 11, 20), date(2019, 12, 2))
    found = [office.known(as_of=d) for a in asked for d in (a - day, a)]
    assert found == [[], [first], [first], [first, undated]]


def test_an_award_bar_holds_at_the_gate_through_the_last_day_of_its_year(office: Office) -> None:
    office.record("fraud", about="县水务局", determined_on=date(2020, 2, 3))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1))
    answers = [office.at_gate("县水务局", day)[0] for day in days]
    assert [answer is Answer.barred for answer in answers] == [False, True, True, False]


def test_a_bar_from_awards_says_why_by_which_clause_and_until_when(office: Office) -> None:
    office.record("major_poverty_incident", "adverse_impact", place="甲村")
    answer, clauses = office.at_gate("县水务局", date(2019, 12, 31))
    assert answer is Answer.barred
    (clause,) = (c for c in clauses if c.answer is Answer.barred)
    assert clause.cite == "甘办发〔2019〕33号 五·连带"
    assert clause.interpretation == "I31、I38"
    assert clause.ends_on == date(2019, 12, 31)
    for part in (
        "重大涉贫事件",
        "市纪委",
        "2019-11-20，县水务局帮扶城壕镇甲村",
        "评优评先",
        "连带",
    ):
        assert part in clause.text


def test_a_rating_bar_is_shown_and_does_not_block(office: Office) -> None:
    before = office.at_gate("省示范厅", date(2019, 12, 31))[0]
    office.record("letter_unfulfilled", about="省帮扶厅", place="甲村")
    answer, clauses = office.at_gate("省示范厅", date(2019, 12, 31))
    assert answer is before is Answer.eligible
    (clause,) = clauses
    assert clause.answer is Answer.eligible
    assert "限制帮扶先进单位" in clause.text
    assert "不影响本次推荐" in clause.text


@pytest.mark.parametrize(("kind", "about"), [("fraud", "孙丁"), ("rated_incompetent", "钱乙")])
def test_a_joint_interview_puts_the_unit_on_hold_and_the_person_is_barred(
    office: Office, kind: str, about: str
) -> None:
    unit = {"孙丁": "县水务局", "钱乙": "省帮扶厅"}[about]
    assert office.at_gate(unit, date(2019, 12, 31))[0] is Answer.eligible
    office.record(kind, "in_inspection", about=about)
    assert office.at_gate(about, date(2019, 12, 31))[0] is Answer.barred
    answer, clauses = office.at_gate(unit, date(2019, 12, 31))
    assert answer is Answer.on_hold
    assert any("同级组长单位" in c.text and c.answer is Answer.on_hold for c in clauses)


def test_the_gate_hears_only_what_was_known_and_not_yet_withdrawn(office: Office) -> None:
    number = office.record("fraud", about="县水务局", now=NOW)
    office.withdraw(number, now=NOW + 2 * HOUR)
    moments = [NOW + after * HOUR for after in (-1, 0, 1, 2)]
    answers = [office.at_gate("县水务局", date(2019, 12, 31), m)[0] for m in moments]
    assert [answer is Answer.barred for answer in answers] == [False, True, True, False]


def test_incidents_are_recorded_withdrawn_and_listed_from_the_command_line(
    sqlite_engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    with transaction(sqlite_engine) as connection:
        settle(connection)
    told = ["--on", "2019-08-10", "--determined", "2019-09-01", "--authority", "市纪委"]
    words = ["--with", "因帮扶工作不到位", "--with", "造成不良影响", "--place", "城壕镇甲村"]
    added = CliRunner().invoke(app, ["incidents", "add", "重大涉贫事件", *told, *words])
    assert "第 1 号事件" in added.output
    assert "城壕镇" in added.output
    assert "八·限制" in added.output
    reason = ["--reason", "认定有误", "--authority", "市纪委"]
    assert CliRunner().invoke(app, ["incidents", "withdraw", "1", *reason]).exit_code == 0
    listed = CliRunner().invoke(app, ["incidents", "list"])
    assert "已撤销：认定有误" in listed.output
    refused = CliRunner().invoke(app, ["incidents", "add", "重大涉贫事件"])
    assert "没有写认定机关" in str(refused.exception)
