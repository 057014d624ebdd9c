"""The sources of pulls as data: read strictly, all defects at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.errors import LuzeError
from tracker.ledger.forms import load_forms
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.sources import choose, load_sources

GOOD = """\
cite: 本地设置
sources:
  - id: visits
    name: 走访系统
    form: household_visits
    reporter: 华池县脱贫攻坚帮扶工作协调领导小组办公室
    area: 华池县
    url: https://visits.example.gov.cn/api/visits
    hosts: [visits.example.gov.cn]
    auth: {env: VISITS_TOKEN, header: Authorization, prefix: "Bearer "}
    signature: {env: VISITS_KEY, header: X-Signature, timestamp: X-Time, skew_seconds: 300}
    reads: changes
    cursor: {field: updated_at, param: since, order: text}
    paging: {by: page, param: page, size_param: size, size: 500}
    rows: data.items
    row_id: id
    total: data.total
    deleted: {field: deleted, is: ["true"]}
    columns:
      day: {field: visited_at, format: "%Y-%m-%dT%H:%M:%S%z"}
      helper: helper.name
      household: household.code
      content: note
      good_deed: {field: deed, values: {1: 是, 0: 否}}
    limits: {attempts: 6}
"""
WHOLE = """\
    reads: whole
    periods: {every: month, back: 1}
    params: {month: "{year}-{month}"}
"""
CHANGES = """\
    reads: changes
    cursor: {field: updated_at, param: since, order: text}
"""


def load(tmp_path: Path, text: str) -> list[PullSource]:
    path = tmp_path / "pulls.yaml"
    path.write_text(text, encoding="utf-8")
    return load_sources(path, load_forms())


def told(tmp_path: Path, text: str) -> list[str]:
    """Every problem as 'line what'."""
    with pytest.raises(LuzeError) as refused:
        load(tmp_path, text)
    assert all("duties/README" not in p.fix for p in refused.value.problems)
    return [f"{p.where.split(':')[1].split('（')[0]} {p.what}" for p in refused.value.problems]


def test_a_source_is_read_with_the_shipped_limits_under_its_own(tmp_path: Path) -> None:
    (source,) = load(tmp_path, GOOD)
    assert (source.limits.attempts, source.limits.pages) == (6, 2000)
    assert source.columns["helper"].field == "helper.name"
    assert source.columns["good_deed"].values == {"1": "是", "0": "否"}
    assert source.secrets == {"VISITS_TOKEN", "VISITS_KEY"}


def test_a_folder_holds_several_files_whose_ids_differ(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    other = GOOD.replace("id: visits", "id: others").replace("name: 走访系统", "name: 另一系统")
    (tmp_path / "b.yaml").write_text(other, encoding="utf-8")
    assert [s.id for s in load_sources(tmp_path, load_forms())] == ["visits", "others"]
    (tmp_path / "c.yaml").write_text(other.replace("另一", "第三"), encoding="utf-8")
    with pytest.raises(LuzeError, match="1 处不对") as refused:
        load_sources(tmp_path, load_forms())
    assert str(refused.value.problems[0]).startswith("c.yaml:3")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("cite: 本地设置\n", "", "1 缺少“cite”"),
        ("    row_id: id\n", "", "3 缺少“row_id”"),
        ("reads: changes", "reads: all", "12 “all”不合这里的要求"),
        ("attempts: 6", "attempts: 0", "25 数字太小"),
        ("attempts: 6", "tries: 6", "25 不认识“tries”这个键"),
        ("env: VISITS_TOKEN", "env: abc123", "10 这里的写法不对"),
        ("env: VISITS_TOKEN", "env: TRACKER_TOKEN", "10 这里的写法不对"),
        ("header: Authorization, ", "", "10 header 和 query 应写其中一个"),
        ("https://visits", "ftp://visits", "8 “ftp://visits.example.gov.cn/api/visits”不是网址"),
        ("https://visits", "https://a:b@visits", "8 网址里写着口令"),
        ("hosts: [visits", "hosts: [other", "9 网址的主机 visits.example.gov.cn 不在允许之列"),
        ("form: household_visits", "form: visits", "5 没有表式“visits”"),
        ("    cursor:", "    # cursor:", "12 只读变化（changes），缺少“cursor”"),
        ("reads: changes", "reads: whole", "13 整份读（whole）时不接着读"),
        ("by: page, param: page", "by: page", "14 按 page 翻页，缺少“param”"),
        ("by: page", "by: cursor", "14 按 cursor 翻页，缺少“next”"),
        ("helper: helper.name", "helpers: helper.name", "21 “入户走访”没有“helpers”列"),
        ("      helper: helper.name\n", "", "19 缺少“helper”（帮扶责任人）"),
        ("content: note", "content: {field: a, constant: b}", "23 field 和 constant 应写其中一个"),
        ("    rows:", "    day: at\n    rows:", "15 “入户走访”没有“day”"),
        ("    rows:", "    ca: 没有.pem\n    rows:", "15 没有证书文件 没有.pem"),
        (CHANGES, WHOLE, "13 “入户走访”一年一份"),
        (CHANGES, CHANGES + "    periods: {every: year, back: 1}\n", "14 只读变化时不按期间读"),
        ("url: https", "url: {a: b}\n    # https", "8 这里应写文字"),
        ("  - id: visits", "  - id: visits\n    id: again", "4 “id”写了两次，第一次在第 3 行"),
    ],
)
def test_a_defect_is_named_with_its_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert problem in told(tmp_path, GOOD.replace(old, new))


def test_rosters_and_month_grids_cannot_be_read_by_changes(tmp_path: Path) -> None:
    columns = GOOD[: GOOD.index("    columns:")]
    roster = columns.replace("household_visits", "pairings")
    roster += "    columns: {helper: a, unit: b, household: c}\n"
    assert told(tmp_path, roster) == ["12 “结对帮扶”要整份读，不能只读变化"]
    grid = columns.replace("household_visits", "attendance").replace(CHANGES, WHOLE)
    grid += "    columns: {person: a, village: b}\n    day: c\n    mark: d\n"
    (source,) = load(tmp_path, grid)
    assert source.periods is not None


def test_all_defects_of_all_sources_are_told_at_once(tmp_path: Path) -> None:
    other = GOOD[GOOD.index("  - id") :].replace("visits\n    name: 走访", "more\n    name: 更多")
    text = GOOD.replace("row_id: id", "row: id") + other.replace("reads: changes", "reads: no")
    assert {"3 缺少“row_id”", "16 不认识“row”这个键", "35 “no”不合这里的要求"} <= set(
        told(tmp_path, text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "cite: x",
        "cite: x\nsources: []",
        "a: [",
        "sources: {a: 1}",
        "- 1",
        "cite: x\nsources: [1]",
    ],
)
def test_what_is_no_file_of_sources_is_refused(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text)


def test_a_path_without_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(LuzeError, match=r"打不开|没有 \.yaml"):
            load_sources(path, load_forms())


def test_a_source_is_chosen_by_id_or_name(tmp_path: Path) -> None:
    sources = load(tmp_path, GOOD)
    assert choose(sources, None) == choose(sources, "visits") == choose(sources, "走访系统")
    with pytest.raises(LuzeError, match="没有拉取来源“visit”"):
        choose(sources, "visit")
