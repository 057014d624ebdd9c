"""Writes the files of this folder: small imports with one defect each, named for it.

Run it after changing a file here: `python tests/bad_imports/make.py`.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook as Book

FOLDER = Path(__file__).parent
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

VISITS = "走访时间,帮扶责任人,户编号,户主,内容,是否办实事"
GRID = "序号,乡镇,村,姓名," + ",".join(map(str, range(1, 32))) + ",合计"
CADRES = "乡镇,村,职务,姓名,派出单位,到村时间,离村时间,人身意外保险,体检时间"
TRAINING = "培训时间,天数,培训班名称,主办单位,参训人员"
FIGURES = "地方或单位,指标,数值,计量单位,数据日期"
TASKS = "牵头单位,任务,对象,办结日期,依据"
RECORDS = "责任主体,事项类型,方式,日期,截止,数量"


def visit(row: str, title: str = "华池县2019年入户走访台账", header: str = VISITS) -> str:
    """A list of visits with one row."""
    return f"{title}\n填报单位：某局 填报日期：2020年1月6日\n{header}\n{row}\n"


def grid(days: dict[int, str], title: str = "2019年2月考勤表", footer: str = "") -> str:
    """A month grid with one row of marks."""
    marks = ",".join(days.get(day, "") for day in range(1, 32))
    return f"{title}\n填报单位：某局\n{GRID}\n1,甲乡,乙村,甲子,{marks},\n{footer}\n"


def one(title: str, header: str, row: str) -> str:
    """A list of another kind with one row."""
    return f"{title}\n\n{header}\n{row}\n"


TEXTS = {
    "day_that_does_not_exist": visit("2019-02-29,甲子,HC0101,,,"),
    "month_that_does_not_exist": visit("2019.13.1,甲子,HC0101,,,"),
    "day_of_another_year": visit("2018.11.5,甲子,HC0101,,,"),
    "day_after_filing": visit("2020.1.7,甲子,HC0101,,,", title="2020年入户走访台账"),
    "day_is_a_word": visit("三月初,甲子,HC0101,,,"),
    "day_without_day": visit("2019年3月,甲子,HC0101,,,"),
    "day_without_year_anywhere": visit("3月1日,甲子,HC0101,,,", title="入户走访台账"),
    "two_digit_year": visit("19.3.1,甲子,HC0101,,,"),
    "helper_missing": visit("2019.3.1,,HC0101,,,"),
    "household_missing": visit("2019.3.1,甲子,,乙丑,,"),
    "good_deed_unclear": visit("2019.3.1,甲子,HC0101,,,也许"),
    "household_column_missing": visit("2019.3.1,甲子,乙丑", header="走访时间,帮扶责任人,户主"),
    "column_twice": visit("2019.3.1,甲子,丙寅,HC0101", header="走访时间,帮扶干部,帮扶人,户编号"),
    "filed_in_the_future": visit("2019.3.1,甲子,HC0101,,,").replace("2020年1月6日", "2020年2月1日"),
    "unknown_mark": grid({1: "√", 2: "※"}),
    "mark_on_30_february": grid({1: "√", 30: "√"}),
    "mark_after_today": grid({1: "√", 10: "√"}, title="2020年1月考勤表"),
    "mark_of_unclear_legend": grid({1: "调"}, footer="注：√=在村并住宿  调=调研"),
    "grid_without_month": grid({1: "√"}, title="2019年考勤表"),
    "left_before_arrival": one(
        "2019年驻村干部花名册", CADRES, "甲乡,乙村,队员,甲子,某局,2019.5.1,2019.4.1,有,2019.6.1"
    ),
    "insurance_of_one_day": one(
        "2019年驻村干部花名册", CADRES, "甲乡,乙村,队员,甲子,某局,2019.5.1,,2019.5.1,2019.6.1"
    ),
    "span_reversed": one("2019年培训台账", TRAINING, "2019.3.22-3.18,5,轮训班,某部,甲子"),
    "days_not_a_number": one("2019年培训台账", TRAINING, "2019.3.18-3.22,五六,轮训班,某部,甲子"),
    "list_of_names_cut_short": one(
        "2019年培训台账", TRAINING, "2019.3.18-3.22,5,轮训班,某部,甲子、乙丑等20人"
    ),
    "kind_not_known": one("2019年履责事项登记", RECORDS, "某局,散步,,2019.3.1,,"),
    "figure_without_day": one("2019年指标台账", FIGURES, "某县,贫困发生率,1.5,%,"),
    "figure_not_a_number": one("2019年指标台账", FIGURES, "某县,贫困发生率,一成,%,2019.6.30"),
    "figure_of_another_year": one("2019年指标台账", FIGURES, "某县,贫困发生率,1.5,%,2018.6.30"),
    "task_without_lead": one("2019年任务台账", TASKS, ",制定方案,,2019.6.28,"),
    "until_before_day": one("2019年履责事项登记", RECORDS, "某局,食宿保障,,2019.3.1,2019.2.1,"),
}


def main() -> None:
    """Write every file."""
    for name, text in TEXTS.items():
        (FOLDER / f"{name}.csv").write_text(text, "utf-8")
    header = OLE + bytes(504)
    (FOLDER / "password_protected.xlsx").write_bytes(
        header + "EncryptedPackage".encode("utf-16-le") + bytes(480)
    )
    (FOLDER / "not_a_workbook.xlsx").write_bytes(b"<html><table><tr><td>1</td></tr></table></html>")
    (FOLDER / "broken_archive.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    (FOLDER / "no_bytes.xlsx").write_bytes(b"")
    (FOLDER / "no_bytes.csv").write_bytes(b"\n \n")
    (FOLDER / "utf_16.csv").write_bytes(TEXTS["helper_missing"].encode("utf-16"))
    (FOLDER / "unclosed_quote.csv").write_text(
        visit('2019.3.1,甲子,HC0101,"乙丑,,\n2019.3.2,甲子,HC0101,,,'), "utf-8"
    )
    (FOLDER / "other_kind_of_file.docx").write_bytes(b"PK\x03\x04")
    Book().save(FOLDER / "no_content.xlsx")


if __name__ == "__main__":
    main()
