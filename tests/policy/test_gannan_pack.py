"""The work points of Gannan of 2020 say what the text says: 26 points, who leads, how much."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.scenarios.world import shipped_law
from tracker.policy.coverage import coverage
from tracker.policy.duty import Case, Duty
from tracker.policy.notes import notes

PACK = shipped_law().pack("gannan-2020")
COUNTIES = "各县市"
VILLAGES = ("博峪镇尖吉村", "果耶乡前山村", "达拉乡次哇村")
DEPARTMENTS = (
    "州发展改革委、州教育局、州民政局、州财政局、州人社局、州住建局、州交通运输局、州水务局、"
    "州农业农村局、州卫生健康委、州医保局"
)
MONITORING = (
    "州委宣传部、州发展改革委、州教育局、州卫生健康委、州医保局、州住建局、州水务局、州人社局、"
    "州农业农村局、州扶贫办"
)
RELOCATION = (
    "州教育局、州民政局、州财政局、州人社局、州自然资源局、州住建局、州农业农村局、"
    "州文化广电和旅游局、州卫生健康委、州林草局"
)
FUNDS = "州财政局、州政府金融办、州扶贫办、州农业农村局、甘南银保监分局"
INDUSTRY = "州科技局、州经信局、州农业农村局、州林草局、州商务局、州文化广电和旅游局"
GROUP, MEMBERS = "州脱贫攻坚领导小组", "州脱贫攻坚领导小组有关成员单位"
COUNTY_MEMBERS = "各县市脱贫攻坚领导小组相关成员单位"
POINTS = [  # the 26 points: who leads, who takes part, as printed in brackets after each point
    ("二(一)", DEPARTMENTS, "其他成员单位"),
    ("二(二)", f"{DEPARTMENTS}、{GROUP}、州扶贫办", MEMBERS),
    ("二(三)", "州教育局、州卫生健康委、州医保局、州住建局、州水务局", ""),
    ("二(四)", "州发展改革委", RELOCATION),
    ("二(五)", "州民政局、州人社局、州卫生健康委、州医保局、州残联", ""),
    ("二(六)", "州交通运输局、州发展改革委、州农业农村局、州工信局", ""),
    ("二(七)", FUNDS, COUNTIES),
    ("二·非贫困村", "州财政局、州扶贫办", COUNTIES),
    ("三(九)", "州委组织部、州扶贫办", COUNTIES),
    ("三(十)", "州整改办、州扶贫办", ""),
    ("三(十一)", "州扶贫办、州统计局、国家统计局甘南调查队", COUNTY_MEMBERS),
    ("三(十二)", MONITORING, COUNTIES),
    ("三(十三)", GROUP, ""),
    ("三(十四)", "州扶贫办", COUNTIES),
    ("三·乡村振兴", GROUP, ""),
    ("三(十六)", "州扶贫办、州农业农村局、州发展改革委", ""),
    ("三(十七)", "州纪委监委、州委组织部、州扶贫办", COUNTIES),
    ("三(十八)", "州委组织部", ""),
    ("四(十九)", INDUSTRY, ""),
    ("四(二十)", "州农业农村局、州自然资源局、州生态环境局、州水务局、州林草局", ""),
    ("四(二十一)", "州人社局、州教育局、州农业农村局、州妇联、团州委", ""),
    ("四(二十二)", "州文化广电和旅游局", COUNTIES),
    ("四(二十三)", GROUP, ""),
    ("五(二十四)", DEPARTMENTS, "州脱贫攻坚领导小组各成员单位"),
    ("五(二十五)", "州委宣传部、州扶贫办", ""),
    ("五(二十六)", "州委组织部、州委宣传部、州人社局、州扶贫办", ""),
]
BY_COUNTIES = {"二(一)", "二(二)", "三(十三)", "三·乡村振兴", "四(二十三)", "五(二十四)"}
TARGETS = [
    ("target.exit_people", "一(三)", "人", "2020-06-30", 2800),
    ("target.exit_villages", "一(三)", "个", "2020-06-30", 2),
    ("target.pension", "二(五)", "%", "2020", 100),
    ("target.buses", "二(六)", "%", "2020", 100),
    ("target.pilot_counties", "三(十四)", "个", "2020", 1),
    ("target.benchmark_villages", "四(二十二)", "个", "2020", 15),
    ("target.tourism_villages", "四(二十二)", "个", "2020", 100),
    ("target.wellbeing_villages", "四(二十二)", "个", "2020", 300),
    ("target.guesthouses", "四(二十二)", "家", "2020", 3000),
]
DISPATCHES = {
    "leading_group.dispatch": (GROUP, ()),
    "department.dispatch": (DEPARTMENTS, ()),
    "poverty_office.dispatch": ("州扶贫办", VILLAGES),
}


def names(text: str) -> set[str]:
    return {*text.split("、")} - {""}


def cited(article: str) -> list[Duty]:
    return [duty for duty in PACK.duties if duty.cite == article]


@pytest.mark.parametrize(("article", "lead", "taking_part"), POINTS, ids=[p[0] for p in POINTS])
def test_a_point_is_led_and_joined_by_whom_the_text_names(
    article: str, lead: str, taking_part: str
) -> None:
    holders = [duty.holder for duty in cited(article)]
    assert {name for holder in holders for name in holder.bodies} == names(lead)
    assert {name for holder in holders for name in holder.taking_part} == names(taking_part)
    assert any(task.cite == article for task in PACK.tasks)


def test_there_are_26_points_in_the_order_of_the_text() -> None:
    points = [a.id for a in PACK.document.articles if not a.id.startswith("一")]
    assert points == [point for point, _, _ in POINTS]
    assert len(points) == 26


def test_what_counties_do_is_theirs_in_the_points_that_say_so() -> None:
    assert {task.cite for task in PACK.tasks if task.holder and task.holder.role == "county"} == (
        BY_COUNTIES
    )


@pytest.mark.parametrize(("target_id", "cite", "unit", "key", "least"), TARGETS)
def test_a_target_has_the_figure_unit_and_day_of_the_text(
    target_id: str, cite: str, unit: str, key: str, least: int
) -> None:
    duty = PACK.duty(target_id)
    assert isinstance(duty.at_least, Case)
    assert (duty.cite, duty.unit, duty.at_least.cases) == (cite, unit, {key: least})


def test_these_are_all_the_targets() -> None:
    assert [target.id for target in PACK.targets] == [row[0] for row in TARGETS]
    assert {t.id: t.at_most for t in PACK.targets if t.at_most is not None} == (
        {"target.pilot_counties": {"2020": 2}}
    )


@pytest.mark.parametrize("duty_id", DISPATCHES)
def test_a_dispatch_is_due_every_month(duty_id: str) -> None:
    duty, (bodies, members) = PACK.duty(duty_id), DISPATCHES[duty_id]
    assert (duty.at_least, duty.every, duty.strength, duty.cite) == (1, "month", "must", "二(二)")
    assert {*duty.holder.bodies} == names(bodies)
    assert (duty.per.members if duty.per else ()) == members
    assert "I62" in duty.interpretations


def test_below_three_per_cent_leaves_three_out() -> None:
    duty = PACK.duty("leading_group.poverty_rate")
    assert isinstance(duty.at_most, Case)
    assert (duty.at_most.by, duty.at_most.cases) == ("milestone", {"2020": Decimal("2.99")})
    assert "I89" in duty.interpretations


def test_no_task_has_a_day_that_is_not_printed() -> None:
    assert {task.due for task in PACK.tasks} == {None}
    last = {(d.once.to, d.strength) for d in PACK.duties if d.once}
    assert last == {(date(2020, 12, 31), "should")}


def test_eleven_departments_write_action_plans() -> None:
    (task,) = (t for t in PACK.tasks if t.id == "task.action_plan")
    assert len(set(task.lead)) == 11


def test_contradictions_are_told() -> None:
    told = " ".join(note.text for note in notes(PACK))
    for words in ("剩余贫困村2个", "“十”对应的标杆村写的是15个", "州经信局", "分别表彰"):
        assert words in told, words


def test_every_article_is_decided() -> None:
    for row in coverage(PACK):
        assert row.duties if row.covered == "duty" else row.why, row.article


@pytest.mark.parametrize(
    ("code", "binds"),
    [("6230", True), ("623023", True), ("62", False), ("6229", False), ("621023", False),
     ("430623103", False)],
)  # fmt: skip
def test_it_binds_in_gannan_alone(code: str, binds: bool) -> None:
    found = {pack.document.id for pack in shipped_law().in_force(date(2020, 6, 1), code)}
    assert (PACK.document.id in found) == binds


@pytest.mark.parametrize(
    ("day", "binds"),
    [(date(2020, 2, 13), False), (date(2020, 2, 14), True), (date(2020, 12, 31), True),
     (date(2021, 1, 1), False)],
)  # fmt: skip
def test_it_binds_from_its_publication_to_the_end_of_the_year(day: date, binds: bool) -> None:
    found = {pack.document.id for pack in shipped_law().in_force(day, "6230")}
    assert (PACK.document.id in found) == binds
