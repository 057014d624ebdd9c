"""The wordings of offices are data: a county adds its own; a wrong file is told by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.workbooks import TODAY, Rows, only, save
from tracker.errors import LuzeError
from tracker.ledger.forms import load_forms
from tracker.ledger.reading import read_workbook

LOCAL = """\
marks:
  kinds:
    overnight: {symbols: [驻村], meanings: [吃住在村]}
forms:
  household_visits:
    sheets: [连心]
    fields:
      helper: {headers: [连心干部]}
      good_deed: {headers: [办没办]}
  duty_records:
    fields:
      kind: {values: {inspection: [抽查]}}
"""


def local(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "本地.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_county_adds_its_own_wordings(tmp_path: Path) -> None:
    forms = load_forms(local(tmp_path, LOCAL))
    rows: Rows = [["2019年"], ["日期", "连心干部", "户编号"], ["3月1日", "甲子", "HC1"]]
    path = save(tmp_path / "a.xlsx", {"一": rows})
    sheet = only(read_workbook(path, forms, today=TODAY))
    assert (sheet.form, sheet.rows[0].values["helper"]) == ("household_visits", "甲子")
    assert forms.marks.by_symbol["吃住在村"] == forms.marks.by_symbol["√"] == "overnight"
    assert forms.forms["duty_records"].fields["kind"].choices["抽查"] == "inspection"


def test_local_wordings_stay_out_of_the_shipped_ones(tmp_path: Path) -> None:
    load_forms(local(tmp_path, LOCAL))
    assert "吃住在村" not in load_forms().marks.by_symbol


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("forms:\n  household_visit: {sheets: [连心]}\n", 2, "不认识的键"),
        ("forms:\n  household_visits:\n    fields:\n      who: {headers: [谁]}\n", 4, "不认识的键"),
        ("forms:\n  household_visits:\n    name: 连心\n", 3, "只能增加叫法"),
        ("words:\n  open: 至今\n", 2, "只能增加叫法"),
        ("words:\n  yes: [1]\n", 2, "只能增加叫法"),
        ("words:\n  open: [今]\n  open: [昔]\n", 3, "重复的键"),
        ("words:\n  open: [今\n", 3, "格式不对"),
        ("- 今\n", 1, "键: 值"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(LuzeError, match="未采用") as refused:
        load_forms(local(tmp_path, text))
    (problem,) = refused.value.problems
    assert f"本地.yaml 第{line}行" in problem.where
    assert words in problem.what


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("marks: {kinds: {meeting: {symbols: [√], meanings: []}}}", "符号“√”同时归在"),
        ("forms: {household_visits: {fields: {helper: {headers: [户主]}}}}", "表头“户主”同时归在"),
        ("forms: {duty_records: {fields: {kind: {values: {walk: [散步]}}}}}", "不认识的类别“walk”"),
    ],
)
def test_a_wording_for_two_things_or_for_nothing_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(LuzeError) as refused:
        load_forms(local(tmp_path, text))
    assert words in str(refused.value)


def test_all_defects_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(LuzeError) as refused:
        load_forms(local(tmp_path, "a: [x]\nb: [y]\nwords: {c: [z]}\n"))
    assert len(refused.value.problems) == 3


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LuzeError, match="打不开"):
        load_forms(tmp_path / "没有.yaml")
