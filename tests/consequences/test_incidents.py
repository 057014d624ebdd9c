"""Incidents: recorded with an authority and a date, never changed, and heard at the gate."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
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
from tracker.consequences.bars import bars_on
from tracker.consequences.incident_checks import NEEDED
from tracker.consequences.tables import Incident
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.policy.load import load_law
from tracker.query import dossier
from tracker.registry.dated import load_registry

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
            self.connection, LAW, kind=kind, qualifiers=qualifiers, now=now,
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


@pytest.mark.parametrize(
    ("kind", "missing", "said"),
    [
        ("discipline", "document_number", "“违纪违法处分”没有写文号"),
        ("circulated_criticism", "document_number", "--document：“通报批评”没有写文号"),
        ("accountability", "document_number", "“问责”没有写文号"),
        ("rated_good", "happened_on", "--on：“年度考核好”没有写被考核的年度"),
        ("rated_fair", "about", "--about：“年度考核一般”没有写是谁的"),
        ("printed_trigger", "officer", "--officer：“认定约谈情形”没有写由谁认定"),
        ("printed_trigger", "ground", "--ground：“认定约谈情形”没有写是哪一种情形"),
        ("printed_trigger", "about", "“认定约谈情形”没有写是谁的"),
    ],
)
def test_some_incidents_must_tell_more(office: Office, kind: str, missing: str, said: str) -> None:
    whole: dict[str, Any] = {"about": "县水务局", "document_number": "市纪〔2019〕1号"}
    if kind == "printed_trigger":
        whole |= {"ground": "工作成效不明显", "officer": "某某"}
    lacking = {**whole, "place": "甲村", missing: None if missing == "happened_on" else " "}
    if missing == "about":
        del lacking["about"]
    assert said in office.refusal(kind, **lacking)
    assert office.record(kind, **whole) in office.known()


def test_every_need_and_rating_of_the_vocabulary_is_understood() -> None:
    words = LAW.vocabulary
    assert words.needs.keys() | words.ratings.keys() <= words.incidents.keys()
    assert {need for needs in words.needs.values() for need in needs.split()} == NEEDED.keys()
    assert {effect for effect in words.ratings.values() if effect} <= words.effects.keys()
    assert {kind for kind in words.incidents if kind.startswith("rated_")} == words.ratings.keys()


def test_a_judgement_names_who_made_it_and_the_trigger_it_means(office: Office) -> None:
    told: dict[str, Any] = {"about": "县水务局", "officer": "某某主任", "note": "看了台账"}
    for ground in ("工作成效不明显", "gansu-2019-33|五|工作成效不明显"):
        office.record("认定约谈情形", ground=ground, **told)
    kept = incidents.on_record(office.connection, known_at=NOW)
    assert {(one.ground, one.note) for one in kept} == {
        ("gansu-2019-33|五|工作成效不明显", "认定人：某某主任；看了台账")
    }


@pytest.mark.parametrize(
    ("about", "ground", "said"),
    [
        (
            "县水务局",
            "两头跑",
            "没有约谈情形“两头跑” → 可写：五 帮扶工作长期滞后、五 工作成效不明显",
        ),
        ("甲村", "两头跑", "--about：2019-11-20 施行的规则对这一主体没有约谈情形"),
        ("县牵头局", "参谋助手角色缺位", "对这一主体没有约谈情形"),  # 三 is for provincial units
    ],
)
def test_a_trigger_of_another_kind_of_subject_is_refused(
    office: Office, about: str, ground: str, said: str
) -> None:
    told = {"about": about, "ground": ground, "officer": "某某"}
    assert said in office.refusal("printed_trigger", **told)


def test_a_trigger_is_printed_only_from_the_day_the_document_was_issued(office: Office) -> None:
    told: dict[str, Any] = {"about": "县水务局", "ground": "工作成效不明显", "officer": "某某"}
    early: dict[str, Any] = {"happened_on": date(2019, 7, 30), **told}
    assert "2019-07-30 施行的规则" in office.refusal("printed_trigger", **early)
    assert office.record("printed_trigger", **{**early, "happened_on": date(2019, 7, 31)})


def test_other_incidents_take_no_trigger(office: Office) -> None:
    said = office.refusal("fraud", about="县水务局", ground="工作成效不明显")
    assert "“弄虚作假”不写约谈情形 → 认定约谈情形的，类别写“认定约谈情形”" in said


def test_a_subject_has_one_rating_a_year_until_it_is_withdrawn(office: Office) -> None:
    about: dict[str, Any] = {"about": "县水务局"}
    first = office.record("rated_good", happened_on=date(2019, 1, 1), **about)
    for kind in ("rated_fair", "rated_good"):
        with pytest.raises(
            LuzeError, match=f"2019年的等次已登记为“年度考核好”（第 {first} 号事件）"
        ):
            office.record(kind, happened_on=date(2019, 12, 31), determined_on=TODAY, **about)
    next_year = office.record(
        "rated_fair", happened_on=date(2020, 1, 1), determined_on=TODAY, **about
    )
    other = office.record("rated_fair", about="中央在甘所")
    office.withdraw(first)
    second = office.record(
        "rated_fair", happened_on=date(2019, 12, 31), determined_on=TODAY, **about
    )
    assert office.known() == [next_year, other, second]


def test_of_two_incidents_the_one_not_withdrawn_still_bars(office: Office) -> None:
    registry = load_registry(office.connection, NOW)
    first, second = (office.record("fraud", about="县水务局") for _ in range(2))

    def barring(known_at: datetime) -> list[int | None]:
        known = incidents.on_record(office.connection, known_at=known_at)
        bars = bars_on(office.ids["县水务局"], known, LAW, registry)
        return [bar.incident.id for bar in bars if bar.rule.id == "unit.fraud_award"]

    office.withdraw(first, now=NOW + HOUR)
    assert barring(NOW) == [first, second]
    assert barring(NOW + HOUR) == [second]
    assert office.at_gate("县水务局", date(2019, 12, 31), NOW + HOUR)[0] is Answer.barred
    office.withdraw(second, now=NOW + 2 * HOUR)
    assert barring(NOW + 2 * HOUR) == []


def test_what_was_known_at_a_moment_is_listed_with_its_state_then(office: Office) -> None:
    first = office.record("fraud", about="县水务局")
    second = office.record(
        "fraud", about="县水务局", now=NOW + HOUR, happened_on=date(2019, 11, 21)
    )
    office.withdraw(first, now=NOW + 2 * HOUR)

    def listed(hours: int, as_of: date | None = None) -> list[tuple[int | None, bool]]:
        found = incidents.recorded(office.connection, known_at=NOW + hours * HOUR, as_of=as_of)
        return [(each.incident.id, each.withdrawal is not None) for each in found]

    assert [listed(hours) for hours in (-1, 0, 1, 2)] == [
        [], [(first, False)], [(first, False), (second, False)], [(first, True), (second, False)],
    ]  # fmt: skip
    assert listed(2, date(2019, 11, 20)) == [(first, True)]


def test_accountability_under_another_text_does_not_speak_against_a_nomination(
    office: Office,
) -> None:
    before, _ = office.at_gate("县水务局", date(2019, 12, 31))
    office.record("fund_loss", "grave_consequence", about="县水务局")
    answer, clauses = office.at_gate("县水务局", date(2019, 12, 31))
    assert answer is before
    (clause,) = (c for c in clauses if c.cite.endswith("附·问责"))
    assert clause.answer is Answer.eligible
    assert "依照问责规定追究责任（外部文件）" in clause.text


def test_the_days_up_to_today_are_accepted(office: Office) -> None:
    number = office.record("fraud", about="县水务局", happened_on=TODAY, determined_on=TODAY)
    assert office.known() == [number]


def test_a_refusal_names_every_defect_at_once(office: Office) -> None:
    said = office.refusal("没有的", "也没有", authority="", determined_on=None)
    assert said.count("  · ") == 5


def test_the_very_same_fact_is_recorded_once_until_it_is_withdrawn(office: Office) -> None:
    told: dict[str, Any] = {"about": "县水务局", "document_number": "市纪〔2019〕1号"}
    number = office.record("fraud", **told)

    with pytest.raises(LuzeError, match=rf"与第 {number} 号事件完全相同.*withdraw {number}"):
        office.record("弄虚作假", note="再登记一次", **told)
    other = office.record("fraud", **{**told, "document_number": "市纪〔2019〕2号"})
    assert office.known() == [number, other]
    office.withdraw(number)
    assert office.record("fraud", now=NOW + HOUR, **told) > other


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


@pytest.fixture
def run(
    sqlite_engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """A command line over the invented county; returns what it prints, or the refusal."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    with transaction(sqlite_engine) as connection:
        settle(connection)

    def tracker(line: str) -> str:
        done = CliRunner().invoke(app, line.split())
        refused = isinstance(done.exception, LuzeError)
        assert done.exit_code == 0 or refused, done.exception
        return str(done.exception) if refused else " ".join(done.output.split())

    return tracker


FOUND = "--on 2019-08-10 --determined 2019-09-01 --authority 市纪委"


def test_an_incident_is_recorded_shown_withdrawn_and_listed(run: Callable[[str], str]) -> None:
    words = "--with 因帮扶工作不到位 --with 造成不良影响 --place 城壕镇甲村"
    added = run(f"incidents add 重大涉贫事件 {FOUND} {words}")
    assert "已登记为第 1 号事件" in added
    assert "八·限制" in added
    shown = run("incidents show 1")
    assert (
        "限制评优评先（文件未写期限） 2019-01-01 至 2019-12-31 甘办发〔2019〕33号 八·限制" in shown
    )
    assert "第 1 号事件已撤销" in run("incidents withdraw 1 --reason 认定有误 --authority 市纪委")
    gone = run("incidents show 1")
    assert "市纪委，认定有误；不再产生限制和约谈" in gone
    assert "限制评优评先" not in gone
    for listing in ("incidents", "incidents list", "incidents list --as-of 2019-08-10"):
        assert "已撤销：认定有误" in run(listing)
    assert "事件 0 起" in run("incidents list --as-of 2019-08-09")
    assert "事件 0 起" in run("incidents list --known-at 2020-01-01")
    (one,) = json.loads(run("incidents list --json"))
    assert (one["kind"], one["withdrawn"]["reason"]) == ("major_poverty_incident", "认定有误")
    assert "没有写认定机关" in run("incidents add 重大涉贫事件")
    assert "没有第 9 号事件" in run("incidents show 9")


def test_a_judgement_says_which_interview_it_calls_for(run: Callable[[str], str]) -> None:
    told = f"--about 县水务局 --ground 工作成效不明显 --officer 某某 {FOUND}"
    added = run(f"incidents add 认定约谈情形 {told}")
    assert "应考虑的约谈 1 项，是否约谈由人决定" in added
    assert "依次由组长单位、省级联系包抓领导" in added
    assert "五 工作成效不明显" not in added
    assert "认定约谈情形，五·工作成效不明显" in run("incidents show 1")


def test_a_rating_against_a_bar_is_stored_and_said(run: Callable[[str], str]) -> None:
    run(f"incidents add 弄虚作假 --about 县水务局 {FOUND}")
    added = run(f"incidents add 年度考核好 --about 县水务局 {FOUND}")
    assert "已登记为第 2 号事件" in added
    assert "注意：第2号“年度考核好”与限制相抵触：县水务局限制年度考核“好”等次" in added
    assert "依据 甘办发〔2019〕33号 五·连带，由第1号事件引起" in added
    assert "注意" in run("incidents show 1")


def test_bars_are_listed_one_by_one_with_clause_path_and_days_left(
    run: Callable[[str], str],
) -> None:
    run(f"incidents add 弄虚作假 --with 在各级督查考核中 --about 孙丁 {FOUND}")
    listed = run("bars 孙丁 --as-of 2019-12-30")
    assert "限制 2 项（2019-12-30在期）" in listed
    for part in ("评优评先 2019-01-01 至 2019-12-31 1 天", "提拔重用", "第1号 弄虚作假",
                 "甘办发〔2019〕33号 十·限制", "孙丁是HC0001号户"):  # fmt: skip
        assert part in listed
    assert "今天止" in run("bars 孙丁 --as-of 2019-12-31")
    assert "限制 0 项" in run("bars 孙丁 --as-of 2020-01-01")
    assert "已过期" in run("bars list 孙丁 --as-of 2020-01-01 --all")
    assert "限制 1 项" in run("bars 孙丁 --as-of 2019-12-31 --effect 提拔重用")
    assert "限制 0 项" in run("bars 孙丁 --as-of 2019-12-31 --known-at 2020-01-01")
    (award, _) = json.loads(run("bars 孙丁 --as-of 2019-12-31 --json"))
    assert (award["effect"], award["rule"], award["ends_in_days"], award["in_force"]) == (
        "award", "helper.fraud", 0, True,
    )  # fmt: skip
    assert "没有“评优”这种限制" in run("bars --effect 评优")
