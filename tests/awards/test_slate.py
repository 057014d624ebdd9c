"""A list of nominees: every row is understood or told why not, and judged as if asked alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.awards.gating import PERSON, PLAN, Gate
from tests.awards.slating import DAY, HEAD, TITLE, book, people, reviewed, row, told_of
from tests.scenarios.world import OFFICER, World, moment
from tracker.awards import acts, proposals
from tracker.awards import slate_told as told
from tracker.awards.gate import Answer
from tracker.awards.slate import read_slate
from tracker.errors import ImportFileError, LuzeError
from tracker.ledger.forms import load_forms


@pytest.fixture(autouse=True)
def _told(world: World) -> None:
    told_of(world)


def proposed(world: World, name: str = "", **said: str) -> int:
    who = {"subject_id": world.ids[name]} if name in world.ids else {"name": name}
    return proposals.propose(
        world.connection, world.law, document=PLAN, award=PERSON, on=DAY,
        now=moment(DAY, 9), operator=OFFICER, **{"kind": "captain", **said}, **who,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_row_gets_the_verdict_of_the_gate_asked_alone(world: World, tmp_path: Path) -> None:
    (found,) = people(world, tmp_path, row("赵 甲", "甲局", "第一书记", "陇南市"))
    alone = Gate(world).judge("赵甲", as_of=DAY)

    assert found.verdict
    assert found.verdict.clauses == alone.clauses
    assert found.messages == ()
    assert found.verdict.nominee.subject_id == world.ids["赵甲"]


def test_rows_come_in_their_order_with_totals_blanks_and_notes_left_out(
    world: World, tmp_path: Path
) -> None:
    footers = [(), ("合计", "3人"), ("注：一式三份",), ("填表人：某某", "", "审核人："),
               ("经办：某某", "", "主管领导签字：")]  # fmt: skip
    names = ["钱乙", "周戊", "赵甲"]
    found = people(world, tmp_path, *(row(n, kind="队员") for n in names), *footers)

    assert [(r.entry.row, r.entry.name) for r in found] == list(zip((3, 4, 5), names, strict=True))


def test_a_header_of_two_rows_with_merged_cells_is_read(world: World, tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["全省脱贫攻坚帮扶先进个人推荐名单"])
    sheet.append(["序号", "推荐对象", "", "推荐类别"])
    sheet.append(["", "姓名", "工作单位", ""])
    sheet.append([1, "赵甲", "甲局", "队长"])
    sheet.append([2, "钱乙", "甲局", ""])
    for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3", "D4:D5"):
        sheet.merge_cells(area)
    made.save(tmp_path / "名单.xlsx")
    first, second = reviewed(world, tmp_path / "名单.xlsx").rows

    assert (first.entry.row, first.entry.unit, first.entry.kind) == (4, "甲局", "队长")
    assert second.entry.kind == "队长"  # one merged cell speaks for both


def test_a_csv_is_a_list_too(world: World, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("姓名,单位,类别\n赵甲,甲局,第一书记\n", "gb18030")
    (found,) = reviewed(world, path, award=PERSON).rows
    assert found.subject_id == world.ids["赵甲"]


# ---- whom a row means


@pytest.mark.parametrize("unit", ["乙局", "乙局副局长"])
def test_a_unit_settles_which_of_one_name_is_meant(world: World, tmp_path: Path, unit: str) -> None:
    (found,) = people(world, tmp_path, row("孙丙", unit, "队员"))
    assert found.subject_id == world.ids["孙丙"]  # the one written last: of 乙局


@pytest.mark.parametrize("unit", ["", "丁局"])
def test_a_name_that_the_unit_does_not_settle_is_asked_back(
    world: World, tmp_path: Path, unit: str
) -> None:
    (found,) = people(world, tmp_path, row("孙丙", unit, "队员"))

    assert found.verdict is None
    assert found.answer is Answer.incomplete
    assert "孙丙@甲局、孙丙@乙局" in found.messages[0]


def test_the_way_of_writing_that_is_asked_for_is_understood(world: World, tmp_path: Path) -> None:
    (found,) = people(world, tmp_path, row("孙丙@乙局", "", "队员"))
    assert found.subject_id == world.ids["孙丙"]


def test_one_whom_the_registry_knows_in_another_unit_only_is_not_taken_for_him(
    world: World, tmp_path: Path
) -> None:
    (other, same) = people(
        world, tmp_path, row("赵甲", "丁局", "队长"), row("赵甲@甲局", "丁局", "队长")
    )
    assert other.subject_id is None
    assert other.answer is not Answer.eligible
    assert "请把姓名写成 赵甲@甲局" in other.messages[0]
    assert same.subject_id == world.ids["赵甲"]


def test_whom_the_registry_does_not_know_is_judged_as_such(world: World, tmp_path: Path) -> None:
    (found,) = people(world, tmp_path, row("周戊", "丙局", "队员"))

    assert found.verdict
    assert found.answer is Answer.incomplete
    assert "登记资料中没有" in found.messages[0]


def test_a_row_without_a_name_and_a_village_are_told_and_the_rest_goes_on(
    world: World, tmp_path: Path
) -> None:
    nameless, village, good = people(
        world, tmp_path, row("", "甲局", "队员"), row("东村", "", "队员"), row("钱乙", "", "队员")
    )
    assert "姓名" in nameless.messages[0]
    assert "不能推荐" in village.messages[0]
    assert (nameless.verdict, village.verdict) == (None, None)
    assert good.verdict


# ---- under which award


@pytest.mark.parametrize(
    ("sheets", "award"),
    [
        ({"名单": [("2020年度全省脱贫攻坚先进个人推荐汇总表",), HEAD]}, "advanced.individual"),
        ({"帮扶先进个人": [HEAD]}, PERSON),
        ({"帮扶先进个人推荐名单": [HEAD]}, PERSON),
        ({"名单": [TITLE, HEAD]}, PERSON),
    ],
)
def test_a_title_or_a_sheet_names_the_award(
    world: World, tmp_path: Path, sheets: dict[str, list[tuple[str, ...]]], award: str
) -> None:
    filled = {name: [*rows, row("周戊", "", "乡镇干部")] for name, rows in sheets.items()}
    (found,) = reviewed(world, book(tmp_path / "名单.xlsx", **filled)).rows
    assert found.asked
    assert found.asked.award.id == award


def test_the_rows_own_cell_goes_before_the_title(world: World, tmp_path: Path) -> None:
    head = ("姓名", "奖项", "类别")
    rows = [("周戊", "全省脱贫攻坚先进个人", "村干部"), ("吴己", "第一书记", ""),
            ("郑庚", "先进个人", "第一书记"), ("王辛", "劳动模范", "队员")]  # fmt: skip
    path = book(tmp_path / "名单.xlsx", 名单=[TITLE, head, *rows])
    own, kind, short, unknown = reviewed(world, path).rows

    assert [r.asked.award.id for r in (own, kind, short) if r.asked] == [
        "advanced.individual", PERSON, PERSON,
    ]  # fmt: skip
    assert kind.verdict
    assert kind.verdict.nominee.kind == "captain"
    assert unknown.verdict is None
    assert "没有“劳动模范”这个奖项" in unknown.messages[0]


@pytest.mark.parametrize("title", ["甲县全省脱贫攻坚先进集体和先进个人推荐名单",
                                   "2020年度全省脱贫攻坚先进集体先进个人名单"])  # fmt: skip
def test_a_title_of_two_awards_means_both(world: World, tmp_path: Path, title: str) -> None:
    path = book(tmp_path / "a.xlsx", 名单=[(title,), HEAD, row("甲局"), row("赵甲", "甲局")])
    body, person = reviewed(world, path).rows
    assert [r.asked and r.asked.award.id for r in (body, person)] == [
        "advanced.collective", "advanced.individual",
    ]  # fmt: skip


def test_a_title_of_two_helping_awards_means_no_other(world: World, tmp_path: Path) -> None:
    title = "全省脱贫攻坚帮扶先进集体和先进个人推荐名单"
    path = book(tmp_path / "a.xlsx", 名单=[(title,), HEAD, row("赵甲", "甲局", "村干部")])
    (found,) = reviewed(world, path).rows
    assert found.asked
    assert found.asked.award.id == PERSON


def test_the_name_of_a_sheet_goes_before_that_of_the_file(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "全省脱贫攻坚先进集体.xlsx",
                全省脱贫攻坚帮扶先进个人=[HEAD, row("赵甲", "甲局", "队长")])  # fmt: skip
    (found,) = reviewed(world, path).rows
    assert found.asked
    assert found.asked.award.id == PERSON


def test_what_keeps_a_row_from_being_judged_is_told_first(world: World, tmp_path: Path) -> None:
    head = ("姓名", "单位", "奖项")
    path = book(tmp_path / "a.xlsx", 名单=[head, ("周戊", "丙局", "劳动模范")])
    (found,) = reviewed(world, path).rows
    assert found.verdict is None
    assert told.first_reason(found).startswith("没有“劳动模范”这个奖项")


def test_a_row_whose_area_nobody_can_see_says_so(world: World, tmp_path: Path) -> None:
    head = ("姓名", "类别", "使用名额")
    rows = [("周戊", "村干部", ""), ("吴己", "村干部", "陇南市")]
    path = book(tmp_path / "a.xlsx", 名单=[("全省脱贫攻坚先进个人推荐名单",), head, *rows])
    without, placed = reviewed(world, path).rows
    assert any("哪个地区的名额" in message for message in without.messages)
    assert not any("哪个地区的名额" in message for message in placed.messages)


@pytest.mark.parametrize("name", ["东村工作队", "东村驻村工作队", "东村驻村帮扶工作队"])
def test_a_team_is_known_by_its_short_names(world: World, tmp_path: Path, name: str) -> None:
    path = book(tmp_path / "a.xlsx", 帮扶先进集体=[("名称", "类别"), (name, "工作队")])
    (found,) = reviewed(world, path).rows
    assert found.subject_id == world.ids["东村工作队"]


def test_an_award_outside_of_what_was_asked_is_told(world: World, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", 名单=[("姓名", "奖项"), ("周戊", "全省脱贫攻坚先进个人")])
    (found,) = reviewed(world, path, award=PERSON).rows
    assert found.verdict is None
    assert "不在所问的奖项之内" in found.messages[0]


def test_a_kind_that_decides_among_the_awards_of_a_plan_is_enough(
    world: World, tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx", 名单=[("姓名", "类别"), ("周戊", "第一书记"), ("吴己", "")])
    clear, unclear = reviewed(world, path).rows
    assert clear.asked
    assert clear.asked.award.id == PERSON
    assert unclear.verdict is None
    assert "请在名单中写明奖项或类别" in unclear.messages[0]


@pytest.mark.parametrize(
    ("kind", "why"), [("劳动能手", "“劳动能手”方案没有列名"), ("", "没有写类别")]
)
def test_a_kind_that_nothing_shows_is_for_a_person_to_decide(
    world: World, tmp_path: Path, kind: str, why: str
) -> None:
    (found,) = people(world, tmp_path, row("周戊", "", kind))
    assert found.answer is Answer.on_hold
    assert why in found.messages[-1]


def test_the_option_gives_a_kind_only_where_the_row_has_none(world: World, tmp_path: Path) -> None:
    found = people(world, tmp_path, row("周戊", "", ""), row("吴己", "", "第一书记"), kind="队员")
    assert [r.verdict.nominee.kind for r in found if r.verdict] == ["team_member", "captain"]


def test_an_excluded_kind_is_barred(world: World, tmp_path: Path) -> None:
    head = ("单位名称", "类别", "市州")
    path = book(tmp_path / "a.xlsx", 先进集体=[
        ("全省脱贫攻坚先进集体推荐名单",), head, ("示例县", "县委县政府", "陇南")])  # fmt: skip
    (found,) = reviewed(world, path).rows
    assert found.answer is Answer.barred
    assert any("不参加" in text for text in told.reasons(found))


def test_an_award_that_means_nothing_is_refused_as_a_whole(world: World, tmp_path: Path) -> None:
    with pytest.raises(LuzeError, match="没有“劳动模范”这个奖项"):
        people(world, tmp_path, row("赵甲"), award="劳动模范")


# ---- what is recorded, and the list as a whole


def test_a_live_nomination_is_judged_with_its_record(world: World, tmp_path: Path) -> None:
    number = proposed(world, "赵甲", unit="甲局")
    acts.opinion(
        world.connection, world.law, number, "tax", agrees=True, on=DAY,
        now=moment(DAY, 10), operator=OFFICER,
    )  # fmt: skip
    same, other = people(world, tmp_path, row("赵甲", "", "队长"), row("钱乙", "", "队员"))

    assert same.verdict
    assert other.verdict
    assert same.verdict.nominee.nomination_id == number
    outcomes = [
        {c.check: c.outcome.value for c in found.verdict.clauses if found.verdict}
        for found in (same, other) if found.verdict
    ]  # fmt: skip
    assert [one["organ.tax"] for one in outcomes] == ["passed", "unknown"]
    assert "twice" not in outcomes[0]


def test_a_live_nomination_of_one_not_registered_is_known_by_name_and_unit(
    world: World, tmp_path: Path
) -> None:
    number = proposed(world, "周戊", unit="丙局")
    mine, elsewhere = people(world, tmp_path, row("周戊", "丙局", "队员"), row("周戊", "丁局"))
    assert mine.verdict
    assert mine.verdict.nominee.nomination_id == number
    assert "与名单所写“队员”不同" in mine.messages[-1]
    assert elsewhere.verdict
    assert elsewhere.verdict.nominee.nomination_id is None


def test_a_nominee_twice_is_told_in_both_rows_and_both_are_judged(
    world: World, tmp_path: Path
) -> None:
    first, between, again = people(
        world,
        tmp_path,
        row("赵甲", "", "队长"),
        row("钱乙", "", "队员"),
        row("赵甲@甲局", "", "队长"),
    )
    assert [t.row for t in first.twins] == [5]
    assert [t.row for t in again.twins] == [3]
    assert between.twins == ()
    assert first.verdict
    assert again.verdict
    assert told.told_answer(first).endswith(told.TWICE)
    assert "第5行" in told.remarks(first)[0]


@pytest.mark.parametrize(("taken", "over"), [(0, 0), (1, 1)])
def test_more_than_a_quota_is_a_remark_and_no_verdict(
    world: World, tmp_path: Path, taken: int, over: int
) -> None:
    for _ in range(taken):
        proposals.propose(
            world.connection, world.law, document=PLAN, award="advanced.individual",
            kind="local_cadre", name="郑庚", area_code="6203", on=DAY, now=moment(DAY, 9),
            operator=OFFICER,
        )  # fmt: skip
    rows = [(name, "村干部", "金昌市") for name in ("周戊", "吴己")]  # 金昌市 has two places
    head = ("姓名", "类别", "市州")
    path = book(tmp_path / "a.xlsx", 名单=[("全省脱贫攻坚先进个人推荐名单",), head, *rows])
    found = reviewed(world, path)

    assert len(found.remarks) == over
    assert all("连同本名单共 3 个，超出 1 个" in remark for remark in found.remarks)
    assert {r.answer for r in found.rows} == {Answer.incomplete}


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    names=st.lists(
        st.sampled_from(["赵甲", "钱乙", "孙丙", "周戊", "东村"]), min_size=1, max_size=6
    )
)
def test_every_row_comes_back_once_and_the_answer_of_the_list_is_the_gravest(
    world: World, tmp_path: Path, names: list[str]
) -> None:
    path = book(tmp_path / "名单.xlsx", 名单=[TITLE, HEAD, *(row(n, "", "队员") for n in names)])
    found = reviewed(world, path)
    assert [r.entry.name for r in found.rows] == names
    assert sum(found.totals.values()) == len(names)
    order = list(Answer)
    assert order.index(found.answer) >= max(order.index(r.answer) for r in found.rows)
    assert all(bool(r.twins) == (names.count(r.entry.name) > 1) for r in found.rows if r.verdict)


# ---- files that hold no list


def _content(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0", "不是 .xlsx 或 .csv"),
        ("空.xlsx", b"", "是空的"),
        ("坏.xlsx", b"PK not really", "不是可读的工作簿"),
        ("密.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
         "密码"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_one_message(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = _content(tmp_path / name, content)
    with pytest.raises(ImportFileError, match=message):
        read_slate(path, load_forms(), today=DAY)


@pytest.mark.parametrize(
    "rows",
    [
        [("一段说明",)],
        [HEAD],
        [("日期", "天气"), ("1日", "晴")],
        [("序号", "类别", "市州"), (1, "队员", "")],
    ],
)
def test_a_file_without_a_table_of_nominees_is_refused(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    with pytest.raises(ImportFileError, match="里没有推荐名单"):
        read_slate(book(tmp_path / "a.xlsx", 表=rows), load_forms(), today=DAY)


@pytest.mark.parametrize("unit", ["乙镇", "乙镇南村"])
def test_teams_of_villages_of_one_name_are_told_apart_by_the_township(
    world: World, tmp_path: Path, unit: str
) -> None:
    ids = []
    for township in ("甲镇", "乙镇"):
        world.ids.pop("南村", None)
        world.ids.pop("南村工作队", None)
        world.subject(township, "body", "township", home=world.ids["示例县"])
        world.subject("南村", "body", "village", home=world.ids[township])
        ids.append(world.subject("南村工作队", "body", "team", home=world.ids["南村"]))
    head, title = ("名称", "派驻单位", "类别"), ("全省脱贫攻坚帮扶先进集体推荐名单",)
    rows = [("南村工作队", "", "工作队"), ("南村工作队", unit, "工作队")]
    unclear, clear = reviewed(world, book(tmp_path / "a.xlsx", 名单=[title, head, *rows])).rows

    assert clear.subject_id == ids[1]
    assert unclear.messages[0] == (
        "同名：可能是南村工作队（甲镇南村）、南村工作队（乙镇南村），请在单位栏写明乡镇"
    )
