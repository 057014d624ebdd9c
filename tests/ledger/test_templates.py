"""Import templates: what is written for clerks comes back without a mapping and without loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from chinese_calendar import is_workday
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.ledger.workbooks import read
from tests.scenarios.world import only, shipped_law
from tests.tasks.plan import plan_law
from tracker.clock import SHANGHAI
from tracker.db import transaction
from tracker.errors import LuzeError
from tracker.evaluation.evaluate import evaluate
from tracker.ledger.apply import ENTRIES
from tracker.ledger.forms import load_forms
from tracker.ledger.pages import Page, new_book
from tracker.ledger.report import ImportReport
from tracker.ledger.rules import load_rules
from tracker.ledger.store import store_workbook
from tracker.ledger.templates import forms_named, offered, template_book
from tracker.ledger.templates_file import Column, load_templates
from tracker.nightly import set_scene

FORMS = load_forms()
RANKS = [r for p in shipped_law().packs for g in p.document.rank_groups.values() for r in g]
HEAD, EXAMPLE = {"attendance": 4}, 1  # the row of the header (else 3), and how far the example is
UNIT, OFFICE = "华池县水务局", "华池县脱贫攻坚帮扶工作协调领导小组办公室"
NOW = datetime(2020, 1, 9, 9, 0, tzinfo=SHANGHAI)

# What a clerk fills in, besides what the drop-downs offer.
FILLED: Mapping[str, Mapping[str, Any]] = {
    "assisting_units": {"unit": UNIT, "township": "乔川乡", "village": "艾蒿掌村"},
    "unit_leaders": {"unit": UNIT, "person": "尤壬午", "from": "2016.7.1"},
    "departments": {"unit": "庆阳市教育局", "short_names": "市教育局"},
    "officials": {"body": "华池县", "person": "乐丙戌", "from": "2018年7月1日"},
    "relations": {"body": "甘肃陇原水土保持研究院", "area": "华池县"},
    "resident_cadres": {
        "township": "乔川乡", "village": "艾蒿掌村", "person": "何庚子", "unit": UNIT,
        "from": date(2018, 3, 1), "health_check": "2019/9/16",
    },
    "pairings": {
        "helper": "尤壬午", "unit": UNIT, "township": "乔川乡", "village": "艾蒿掌村",
        "householder": "史乙酉", "household": "HC0001", "from": "2017.6.12",
    },
    "households": {
        "household": "HC0001", "householder": "史乙酉", "identified": "2014年",
        "support": "产业、就业", "monitored_on": "2019.3.1",
    },
    "unit_meetings": {"day": "2019.3.15", "name": "研究帮扶工作", "unit": UNIT, "chair": "尤壬午"},
    "leader_visits": {"day": "2019.4.2", "person": "尤壬午", "unit": UNIT, "place": "艾蒿掌村"},
    "household_visits": {"day": "2019.5.8", "helper": "尤壬午", "household": "HC0001"},
    "attendance": {"township": "乔川乡", "village": "艾蒿掌村", "person": "何庚子", "unit": UNIT},
    "trainings": {"span": "2019.3.18至3.22", "days": 5, "people": "何庚子", "name": "第一期"},
    "household_plans": {"household": "HC0001", "householder": "史乙酉", "day": "2019.2.20"},
    "household_guarantees": {"household": "HC0001", "day": "2019.11.8"},
    "household_incomes": {
        "household": "HC0001", "day": "2019.11.30", "source": "工资性收入", "amount": 8600,
    },
    "return_visits": {"day": "2019.2.25", "unit": UNIT, "people": "何庚子"},
    "county_matters": {"day": "2019.3.5", "organiser": "乔川乡", "name": "例会"},
    "duty_records": {"subject": UNIT, "day": "2019.12.10", "quantity": 1},
    "indicators": {
        "body": "华池县", "indicator": "贫困发生率", "value": "1.55%", "unit": "%",
        "day": "2019.12.31",
    },
    "task_ledger": {
        "lead": "市教育局", "task": "制定控辍保学专项方案", "closed_on": "2019.6.28",
        "basis": "县教发〔2019〕3号",
    },
}  # fmt: skip


def test_every_form_has_a_template_of_its_own_columns() -> None:
    shown = load_templates().forms
    assert list(shown) == list(FORMS.forms)
    for key, form in FORMS.forms.items():
        assert shown[key].columns.keys() <= form.fields.keys()


@pytest.mark.parametrize("key", list(FORMS.forms))
def test_headers_are_the_canonical_words_and_stand_on_every_page(key: str) -> None:
    sheet = book(key)[FORMS.forms[key].name]
    head = HEAD.get(key, 3)
    words = {FORMS.forms[key].fields[f].headers[0] for f in columns(key)}

    assert words <= {str(cell.value) for cell in sheet[head]}
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.freeze_panes == f"A{head + 1}"
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")


def test_a_required_column_shows_a_star_and_keeps_its_plain_word() -> None:
    sheet = book("unit_meetings")["会议台账"]
    shown = {cell.value: cell.number_format for cell in sheet[3]}
    assert (shown["召开单位"], shown["主持人"]) == ('"*"@', "General")


def test_an_untouched_template_says_nothing(tmp_path: Path, sqlite_engine: sa.Engine) -> None:
    workbook = read(save(tmp_path, book()))
    assert [(p.sheet, p.severity) for p in workbook.problems] == [("考勤", "note")]
    assert {sheet.form for sheet in workbook.sheets} == FORMS.forms.keys() - {"attendance"}
    assert all(sheet.rows == [] for sheet in workbook.sheets)
    assert {(s.year, s.reporter, s.filed_on) for s in workbook.sheets} == {(2019, "", None)}

    report = store(sqlite_engine, save(tmp_path, book()), area="华池县")
    assert {p.what for p in report.problems} == {"没有可入库的数据行，不视为已报送"}
    assert (report.entries, report.of("error")) == (0, [])


def test_a_filled_in_template_is_stored_without_a_problem(
    tmp_path: Path, sqlite_engine: sa.Engine
) -> None:
    made, rows = book(), 0
    for key, form in FORMS.forms.items():
        rows += fill(made[form.name], key)
    path = save(tmp_path, made)

    assert store(sqlite_engine, path, dry_run=True).problems == []
    with sqlite_engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(ENTRIES)) == 0
    report = store(sqlite_engine, path)
    assert report.problems == []
    assert report.entries == rows
    assert {sheet.form for sheet in report.sheets if sheet.added} == set(FORMS.forms)
    again = store(sqlite_engine, path)
    assert [str(s) for s in again.sheets if s.added or s.changed or s.removed] == []


@pytest.mark.parametrize(("posts", "met"), [(["总队长"], 0), (["总队长", "党委副书记"], 1)])
def test_who_holds_two_posts_has_a_row_for_each_as_the_template_says(
    tmp_path: Path, sqlite_engine: sa.Engine, posts: list[str], met: int
) -> None:
    made = book("assisting_units", "officials", "county_matters")
    for key in ("assisting_units", "county_matters"):
        fill(made[FORMS.forms[key].name], key)
    sheet, told = made["党政任职"], made["填写说明"]
    assert any("一个岗位写一行" in str(c.value) for line in told.iter_rows() for c in line)
    for row, post in enumerate(posts, 5):
        cells: tuple[Any, ...] = (row - 4, "乔川乡", post, "孙丙", "乡党委副书记", "2018.7.1")
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)
    store(sqlite_engine, save(tmp_path, made))

    law = only(shipped_law(), ("township.chief_captain",))
    with sqlite_engine.connect() as connection:
        scene = set_scene(connection, law, as_of=date(2019, 12, 31), known_at=NOW)
        (done,) = evaluate(connection, scene, load_rules().covers)["done"]
    assert done == met


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("assisting_units", "level"), ("officials", "post"), ("pairings", "rank"),
        ("household_visits", "good_deed"), ("attendance", "month"), ("duty_records", "kind"),
    ],
)  # fmt: skip
def test_a_drop_down_refers_to_the_words_it_offers(key: str, field: str) -> None:
    made, form = book(key), FORMS.forms[key]
    sheet = made[form.name]
    letter = chr(ord("A") + 1 + columns(key).index(field))
    rule = next(
        r for r in sheet.data_validations.dataValidation if str(r.sqref).startswith(f"{letter}{6}:")
        or str(r.sqref).startswith(f"{letter}5:")
    )  # fmt: skip
    values, cells = str(rule.formula1).replace("'", "").split("!")
    words = [cell.value for (cell,) in made[values][cells.replace("$", "")]]
    assert words == list(words_of(key, field))


def test_an_example_row_written_over_is_told_and_not_lost_silently(tmp_path: Path) -> None:
    made = book("leader_visits")
    for column, value in enumerate(["2019.4.2", "尤壬午", UNIT, "局长", "艾蒿掌村"], 2):
        made["领导到村"].cell(4, column).value = value
    workbook = read(save(tmp_path, made))

    told = [(p.row, p.severity, p.what) for p in workbook.problems]
    assert told == [(4, "error", "这一行首格写着“示例”，没有读入")]


def test_a_row_of_data_may_begin_with_words_like_the_examples(tmp_path: Path) -> None:
    made = book("county_matters")
    for column, value in enumerate(["例会", "2019.3.5", "乡镇例会", "例会", "乔川乡"], 1):
        made["县级事项"].cell(5, column).value = value
    workbook = read(save(tmp_path, made))
    assert [row.number for row in workbook.sheets[0].rows] == [5]


def test_the_total_of_a_month_counts_the_marks_of_its_own_row() -> None:
    sheet = book("attendance")["考勤"]
    total = next(cell for cell in sheet[6] if str(cell.value).startswith("=IF"))
    assert total.value == (
        '=IF(D6="","",SUMPRODUCT(COUNTIF(G6:AK6,{"√","△","出","会","训"})))'
    )  # fmt: skip


def test_forms_are_named_in_any_order_and_come_in_the_order_of_import() -> None:
    assert forms_named(["考勤", "assisting_units"], FORMS) == ["assisting_units", "attendance"]
    assert forms_named([], FORMS) == forms_named(["all"], FORMS) == list(FORMS.forms)
    with pytest.raises(LuzeError, match="没有这种表：月报"):
        forms_named(["月报"], FORMS)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@sum", "=HYPERLINK(1)"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    made = new_book()
    Page(made, "表", [20]).cells([text])
    made.save(tmp_path / "x.xlsx")

    cell = load_workbook(tmp_path / "x.xlsx")["表"]["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["填报单位：", "填报日期："], ("", None)),
        (["填报单位：华池县水务局", "填报日期："], ("华池县水务局", None)),
        (["填报单位：", "填报日期：2020年1月6日"], ("", date(2020, 1, 6))),
        (["填报日期：", "填报单位：华池县水务局"], ("华池县水务局", None)),
    ],
)
def test_a_label_left_blank_has_no_value(tmp_path: Path, line: list[str], told: object) -> None:
    made = book("return_visits")
    made["回访"]["A2"].value, made["回访"]["C2"].value = line
    sheet = read(save(tmp_path, made)).sheets[0]
    assert (sheet.reporter, sheet.filed_on) == told


def book(*keys: str) -> Book:
    """The template of 2019 of these forms, else of all."""
    return template_book(keys or list(FORMS.forms), FORMS, year=2019, ranks=RANKS)


def save(folder: Path, made: Book) -> Path:
    made.save(folder / "2019年导入模板.xlsx")
    return folder / "2019年导入模板.xlsx"


def columns(key: str) -> list[str]:
    return [name for name, field in FORMS.forms[key].fields.items() if not field.same_as]


def words_of(key: str, name: str) -> tuple[str, ...]:
    shown = load_templates().forms[key].columns.get(name, Column())
    return offered(FORMS.forms[key].fields[name], shown, FORMS, RANKS)


def fill(sheet: Worksheet, key: str) -> int:
    """Fill in as many rows as bring every word of every drop-down once; returns how many."""
    first = HEAD.get(key, 3) + EXAMPLE + 1
    sheet["A2"].value = f"填报单位：{OFFICE}"
    places = {str(cell.value): place for place, cell in enumerate(sheet[first - 2], 1)}
    half = next(c for c in sheet[2][1:] if c.value)
    half.value = "填报日期：2020年1月6日"
    lists = {name: words for name in columns(key) if (words := words_of(key, name))}
    rows = list(_rows(key, lists))
    for number, values in enumerate(rows, first):
        for name, value in values.items():
            sheet.cell(number, places[FORMS.forms[key].fields[name].headers[0]]).value = value
        if key == "attendance":
            for day, mark in enumerate(_marks(), 1):
                sheet.cell(number, places[str(day)]).value = mark
    return len(rows)


def _rows(key: str, lists: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """One row per word of the longest list; what must differ between rows does."""
    for number in range(max(map(len, lists.values()), default=1)):
        row = {**FILLED[key]}
        row.update({name: next(islice(cycle(w), number, None)) for name, w in lists.items()})
        for name in _DIFFERS.get(key, ()) if number else ():
            row[name] = f"{row[name]}{'甲乙丙丁戊己庚辛壬癸'[number // 10]}{number % 10}"
        yield row


_DIFFERS = {
    "assisting_units": ("village",), "unit_leaders": ("person",), "officials": ("person",),
    "relations": ("body",), "resident_cadres": ("person",),
}  # fmt: skip


def _marks() -> list[str]:
    kinds = [*FORMS.marks.kinds.values(), FORMS.marks.nothing]
    return [kind.symbols[0] for kind in kinds]


def store(
    engine: sa.Engine, path: Path, *, area: str | None = None, dry_run: bool = False
) -> ImportReport:
    vocabulary = shipped_law().vocabulary
    with transaction(engine) as connection:
        report = store_workbook(
            connection, read(path),
            vocabulary={"kinds": vocabulary.kinds, "as": vocabulary.as_},
            is_working_day=is_workday, now=NOW, operator="测试员", area=area,
            packs=plan_law().packs,
        )  # fmt: skip
        if dry_run:
            connection.rollback()
    return report
