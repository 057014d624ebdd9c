"""Every file of tests/bad_imports has one defect, and reading names the cell and says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_imports import make
from tests.ledger.workbooks import read
from tracker.errors import ImportFileError

CELLS = {
    "day_that_does_not_exist": (4, "A", "2019年没有2月29日"),
    "month_that_does_not_exist": (4, "A", "没有13月"),
    "day_of_another_year": (4, "A", "2018年11月5日不在本年度"),
    "day_after_filing": (4, "A", "2020年1月7日在填报日期（2020年1月6日）之后"),
    "day_is_a_word": (4, "A", "“三月初”不是日期"),
    "day_without_day": (4, "A", "没有写到日"),
    "day_without_year_anywhere": (3, "", "看不出是哪一年"),
    "two_digit_year": (4, "A", "“19.3.1”不是日期"),
    "helper_missing": (4, "B", "没有填写“帮扶责任人”"),
    "household_missing": (4, "C", "没有填写“户编号”"),
    "good_deed_unclear": (4, "F", "看不出是有还是没有"),
    "household_column_missing": (3, "", "像是“入户走访”，但缺少“户编号”列"),
    "column_twice": (3, "", "分不清哪一列才是（帮扶干部、帮扶人）"),
    "filed_in_the_future": (0, "", "填报日期2020年2月1日在今天之后"),
    "unknown_mark": (4, "F", "不认识的考勤符号“※”"),
    "mark_on_30_february": (4, "AH", "2019年2月没有30日"),
    "mark_after_today": (4, "N", "2020年1月10日在今天（2020年1月9日）之后"),
    "mark_of_unclear_legend": (4, "E", "图例说“调”是“调研”"),
    "grid_without_month": (3, "", "看不出是哪个月"),
    "left_before_arrival": (4, "G", "2019年4月1日早于起始的2019年5月1日"),
    "insurance_of_one_day": (4, "H", "只有一个日期"),
    "span_reversed": (4, "A", "止日早于起日"),
    "days_not_a_number": (4, "B", "“五六”不是数"),
    "list_of_names_cut_short": (4, "E", "名单不全"),
    "kind_not_known": (4, "B", "“散步”不在可填的范围内"),
    "figure_without_day": (4, "E", "没有填写“数据日期”"),
    "figure_not_a_number": (4, "C", "“一成”不是数"),
    "figure_of_another_year": (4, "E", "2018年6月30日不在本年度"),
    "task_without_lead": (4, "A", "没有填写“牵头单位”"),
    "until_before_day": (4, "E", "2019年2月1日早于起始的2019年3月1日"),
}
WHOLE = {
    "password_protected.xlsx": "打开密码",
    "not_a_workbook.xlsx": "不是可读的工作簿",
    "broken_archive.xlsx": "不是可读的工作簿",
    "no_bytes.xlsx": "是空的",
    "no_bytes.csv": "是空的",
    "no_content.xlsx": "没有任何内容",
    "utf_16.csv": "编码",
    "unclosed_quote.csv": "引号没有成对",
    "other_kind_of_file.docx": "不是可导入的表格文件",
    "no_such_file.xlsx": "找不到文件",
}


@pytest.mark.parametrize("name", CELLS)
def test_a_defect_is_told_once_with_its_cell(name: str) -> None:
    row, column, words = CELLS[name]
    problems = read(make.FOLDER / f"{name}.csv").problems
    (problem,) = (p for p in problems if p.severity == "error")
    assert (problem.sheet, problem.row, problem.column) == (name, row, column)
    assert words in problem.what
    assert problem.fix


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_cannot_be_read_is_refused_with_one_message(name: str) -> None:
    with pytest.raises(ImportFileError, match=WHOLE[name]) as refused:
        read(make.FOLDER / name)
    assert name in refused.value.what
    assert refused.value.fix
    assert refused.value.problems == ()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="是文件夹"):
        read(tmp_path)


def test_every_bad_file_is_expected_and_comes_from_the_script() -> None:
    files = {
        path.name for path in make.FOLDER.iterdir() if path.suffix in (".csv", ".xlsx", ".docx")
    }
    assert files == {f"{name}.csv" for name in CELLS} | (WHOLE.keys() - {"no_such_file.xlsx"})
    assert set(CELLS) == set(make.TEXTS)
    for name, text in make.TEXTS.items():
        assert (make.FOLDER / f"{name}.csv").read_text("utf-8") == text
