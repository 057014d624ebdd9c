"""The duty list of 2019 says what the document says: numbers, windows, clauses, consequences."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from tracker import resources
from tracker.policy.coverage import coverage
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.model import Case, Pack, interview_rule

ISSUED = date(2019, 7, 31)

QUANTIFIED = [
    ("provincial_leader.county_meeting", 1, "次", "year", "二(二)"),
    ("group_leader_unit.joint_meeting", 1, "次", "half_year", "三(二)"),
    ("group_leader_unit.units_meeting", 1, "次", "half_year", "三(二)"),
    ("group_leader_unit.letters", 1, "次", "year", "三(三)"),
    ("group_leader_unit.year_end_report", 1, "次", "year", "三(四)"),
    ("unit.study", 4, "次", "year", "五(一)"),
    ("unit.leader_visit", 2, "次", "year", "五(一)"),
    ("unit.helper_assessment", 1, "次", "year", "五(三)"),
    ("unit.health_check", 1, "次", "year", "五(四)"),
    ("unit.return_visit", 1, "次", "quarter", "五(四)"),
    ("prefecture.study", 1, "次", "quarter", "六(一)"),
    ("prefecture.promotion_meeting", 1, "次", "half_year", "六(一)"),
    ("prefecture.inspection", 1, "次", "quarter", "六(三)"),
    ("county.promotion_meeting", 2, "次", "year", "七(二)"),
    ("county.captains_meeting", 1, "次", "month", "七(三)"),
    ("county.training", 5, "天", "year", "七(四)"),
    ("township.captains_meeting", 1, "次", "month", "八(二)"),
    ("cadre.days_220", 220, "工作日", "year", "九(四)"),
    ("cadre.nights_160", 160, "天", "year", "九(四)"),
    ("helper.plan", 1, "次", "year", "十(一)"),
    ("helper.visit", 2, "次", "year", "十(四)"),
    ("helper.deed", 1, "件", "year", "十(四)"),
]
STANDING = {
    "unit.pairing": "五(三)",
    "unit.branch_pairing": "五(三)",
    "unit.insurance": "五(四)",
    "unit.subsidy": "五(四)",
    "unit.lodging": "五(四)",
    "county.leading_group": "七(一)",
    "county.chief_captain": "七(三)",
    "county.special_office": "七(三)",
    "township.chief_captain": "八(二)",
    "team.systems": "九(四)",
}
SECTION = {
    "group_leader_unit": "三",
    "unit": "五",
    "prefecture": "六",
    "county": "七",
    "township": "八",
    "team": "九",
    "cadre": "九",
    "helper": "十",
}


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law([resources.folder("duties")])


@pytest.fixture(scope="module")
def pack(law: Law) -> Pack:
    return law.pack("gansu-2019-33")


@pytest.mark.parametrize(("duty_id", "least", "unit", "every", "cite"), QUANTIFIED)
def test_a_quantified_duty_has_the_number_window_and_clause_of_the_list(
    pack: Pack, duty_id: str, least: int, unit: str, every: str, cite: str
) -> None:
    duty = pack.duty(duty_id)
    assert (duty.at_least, duty.unit, duty.every, duty.cite) == (least, unit, every, cite)
    assert duty.at_most is None


def test_the_list_holds_these_duties_and_no_others(pack: Pack) -> None:
    standing = {d.id: d.cite for d in pack.duties if d.measure == "standing"}
    assert standing == STANDING
    assert {d.id for d in pack.duties} == {row[0] for row in QUANTIFIED} | STANDING.keys()


def test_pairs_depend_on_rank_and_an_unknown_rank_is_for_a_person(pack: Pack) -> None:
    least = pack.duty("unit.pairing").at_least
    assert isinstance(least, Case)
    assert least.cases == {"省级": "not_applicable", "地厅级": 3, "处级及以下": 2}
    assert least.otherwise == "needs_review"
    groups = pack.document.rank_groups
    for rank, group in (("副厅级", "地厅级"), ("正处级", "处级及以下"), ("科员", "处级及以下")):
        assert [g for g, ranks in groups.items() if rank in ranks] == [group]


@pytest.mark.parametrize(
    ("duty_id", "kinds", "working"),
    [
        (
            "cadre.days_220",
            ["overnight", "in_village", "business_trip", "meeting", "training"],
            True,
        ),
        ("cadre.nights_160", ["overnight"], False),
    ],
)
def test_trips_meetings_and_training_count_only_toward_the_220(
    pack: Pack, duty_id: str, kinds: list[str], working: bool
) -> None:
    duty = pack.duty(duty_id)
    assert [c.kind for c in duty.counts] == kinds
    assert duty.working_days_only is working
    assert not duty.mid_window.floor


def test_the_160_are_also_read_as_working_days(pack: Pack) -> None:
    (beside,) = pack.duty("cadre.nights_160").beside
    assert (beside.working_days_only, beside.interpretation) == (True, "I4")


def test_the_plan_is_due_at_the_end_of_march(pack: Pack) -> None:
    plan = pack.duty("helper.plan")
    assert (plan.warn_from, plan.due) == ((2, 1), (3, 31))
    assert "I10" in plan.interpretations


def test_one_day_in_two_villages_is_two_visits(pack: Pack) -> None:
    visit = pack.duty("unit.leader_visit")
    assert visit.distinct == ("day", "place")
    assert visit.accountable == "unit"


@pytest.mark.parametrize(("duty_id", "count"), [("county.special_office", 5), ("team.systems", 6)])
def test_named_lists_are_complete(pack: Pack, duty_id: str, count: int) -> None:
    requires = pack.duty(duty_id).requires
    assert requires is not None
    assert len(set(requires.each_of)) == count


def test_a_breach_of_a_must_duty_names_a_trigger_of_its_own_section(pack: Pack) -> None:
    for duty in pack.duties:
        section = SECTION.get(duty.id.partition(".")[0])
        if duty.on_breach == "warn":
            assert duty.strength == "should"
        else:
            assert duty.on_breach.section == section, duty.id


def test_guarantees_not_in_place_belongs_to_the_fourth_item_only(pack: Pack) -> None:
    for duty in pack.duties:
        named = duty.on_breach != "warn" and duty.on_breach.ground == "保障措施落实不到位"
        assert named == (duty.cite == "五(四)"), duty.id


@pytest.mark.parametrize(
    ("section", "order", "interviewers"),
    [
        ("三", "single", ["province_coordination_group"]),
        ("四", "single", ["province_coordination_group"]),
        (
            "五",
            "in_turn",
            ["group_leader_unit", "provincial_leader_seat", "province_coordination_group"],
        ),
        ("六", "single", ["province_coordination_group"]),
        ("七", "by_severity", ["prefecture_coordination_group", "province_coordination_group"]),
        ("八", "single", ["county_heads"]),
        ("九", "single", ["county_coordination_group"]),
        ("十", "single", ["own_unit"]),
    ],
)
def test_who_interviews(pack: Pack, section: str, order: str, interviewers: list[str]) -> None:
    (rule,) = [r for r in pack.interviews if r.section == section]
    assert (rule.order, [rung.role for rung in rule.ladder]) == (order, interviewers)


def test_a_trigger_that_needs_a_result_says_what_is_not_established(pack: Pack) -> None:
    breaches = [d.on_breach for d in pack.duties if d.on_breach != "warn"]
    inferred = {(b.section, b.ground) for b in breaches}
    for rule in pack.interviews:
        for ground in rule.grounds:
            if (rule.section, ground.id) in inferred and rule.section in "六七八":
                assert "是否造成" in ground.unestablished
            if "长期" in ground.id:
                assert "“长期”" in ground.unestablished


@pytest.mark.parametrize(
    ("bar", "qualifier"),
    [
        ("group_leader_unit.incident", True),
        ("unit.incident_rating", True),
        ("unit.incident_award", True),
        ("prefecture.incident", False),
        ("county.incident", True),
        ("township.incident", True),
        ("team.incident", True),
        ("helper.incident", True),
    ],
)
def test_only_the_prefecture_is_barred_without_adverse_impact(
    pack: Pack, bar: str, qualifier: bool
) -> None:
    (rule,) = [b for b in pack.bars if b.id == bar]
    assert ("adverse_impact" in rule.qualifiers) is qualifier


def test_joint_liability_for_a_helper_is_an_interview_without_a_bar(pack: Pack) -> None:
    joint = [b for b in pack.bars if b.joint and b.cite == "十·限制"]
    assert joint
    assert all(not b.effects and b.interviewer for b in joint)


@pytest.mark.parametrize("cite", ["九·限制", "十·限制"])
def test_teams_cadres_and_helpers_are_barred_from_awards_and_promotion(
    pack: Pack, cite: Literal["九·限制", "十·限制"]
) -> None:
    own = [b for b in pack.bars if b.cite == cite and not b.joint]
    assert {b.effects for b in own} == {("award", "promotion")}


@pytest.mark.parametrize(
    ("on", "binding"),
    [(date(2019, 7, 30), 0), (ISSUED, 1), (date(2019, 8, 1), 1), (date(2026, 12, 31), 1)],
)
def test_the_list_binds_from_the_day_it_was_issued(law: Law, on: date, binding: int) -> None:
    assert len([p for p in law.in_force(on) if p.document.id == "gansu-2019-33"]) == binding


@pytest.mark.parametrize(
    ("code", "binding"), [("62", 1), ("621023", 1), ("621023100204", 1), ("43", 0), ("430623", 0)]
)
def test_the_list_binds_only_inside_the_province(law: Law, code: str, binding: int) -> None:
    assert [p.document.id for p in law.in_force(ISSUED, code)].count("gansu-2019-33") == binding


def test_the_list_repeals_the_one_of_2018(law: Law) -> None:
    repealing = law.repealed_by("甘办字〔2018〕21号")
    assert repealing is not None
    assert repealing.document.number == "甘办发〔2019〕33号"
    assert law.repealed_by("甘办发〔2019〕33号") is None


def test_every_article_says_what_became_of_it(pack: Pack) -> None:
    rows = {row.article: row for row in coverage(pack)}
    items = zip("一二三四五六七八九十", (6, 3, 5, 3, 4, 3, 4, 3, 5, 4), strict=True)
    printed = [f"{part}({'一二三四五六'[i]})" for part, count in items for i in range(count)]
    assert set(printed) <= rows.keys()
    assert rows["五(四)"].duties == (
        "unit.insurance",
        "unit.subsidy",
        "unit.lodging",
        "unit.health_check",
        "unit.return_visit",
    )
    assert rows["五(二)"].duties == ()
    assert rows["五(二)"].qualitative
    for row in rows.values():
        assert row.duties or row.qualitative or row.interviews or row.bars or row.why, row


def test_interpretations_are_numbered_without_a_gap(law: Law) -> None:
    count = len(law.interpretations)
    assert list(law.interpretations) == [f"I{i}" for i in range(1, count + 1)]
    assert all(d.short and d.decided for d in law.interpretations.values())


def test_every_rule_that_i35_infers_says_so(pack: Pack) -> None:
    breaches = [d.on_breach for d in pack.duties if d.on_breach != "warn"]
    assert {b.interpretation for b in breaches} == {"I35"}


def test_section_three_tells_led_and_leading_units_apart_as_data(pack: Pack) -> None:
    levels = {b.id: b.levels for b in pack.bars if b.levels}
    assert levels.keys() == {"group_leader_unit.letter_unfulfilled", "group_leader_unit.incident"}
    for told in levels.values():
        assert told is not None
        assert (told.led, told.leading) == (("provincial", "central"), ("provincial",))
    assert interview_rule(pack, "三").level == ("provincial",)
    assert interview_rule(pack, "三").accountable == "group_leader_unit"


def test_the_closing_clause_points_to_another_text_and_bars_from_nothing(pack: Pack) -> None:
    closing = [b for b in pack.bars if b.cite == "附·问责"]
    assert closing
    for bar in closing:
        assert (bar.effects, bar.span_interpretation) == (("accountability",), "I61")
        assert "grave_consequence" in bar.qualifiers
