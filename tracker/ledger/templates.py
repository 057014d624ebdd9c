"""The ledger: clean import templates, a workbook that `tracker import` takes back as it is.

The columns and their words come from forms.yaml, what is shown beside them from templates.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.errors import LuzeError
from tracker.ledger.forms import Field, Form, Forms, Marks, Words
from tracker.ledger.pages import EXAMPLE, Formula, Page, Value, new_book
from tracker.ledger.templates_file import Column, load_templates
from tracker.ledger.written import tight

_SERIAL, _SERIAL_WIDTH = "序号", 6
_DAYS, _DAY_WIDTH = range(1, 32), 3.4
_REQUIRED = '"*"@'  # shows a star; the cell keeps the plain word


def forms_named(names: Sequence[str], forms: Forms) -> list[str]:
    """The forms that names (会议台账, unit_meetings) mean, in the order of import; none or 'all'
    means every one. Raises LuzeError with the names there are."""
    by_name = {tight(form.name): key for key, form in forms.forms.items()}
    if not names or list(names) == ["all"]:
        return list(forms.forms)
    wanted = {by_name.get(tight(name), name) for name in names}
    if unknown := wanted - forms.forms.keys():
        raise LuzeError(
            f"没有这种表：{'、'.join(sorted(unknown))}", fix=f"可用的：{'、'.join(by_name)}，或 all"
        )
    return [key for key in forms.forms if key in wanted]


def template_book(
    wanted: Iterable[str], forms: Forms, *, year: int, ranks: Sequence[str]
) -> Workbook:
    """A workbook of empty sheets of the forms `wanted`, behind a sheet of instructions and before
    one of the words their drop-downs offer. `ranks`: as the packs word them."""
    book, kinds = new_book(), list(wanted)
    instructions, values = forms.sheets.unread[:2]
    _instructions(book, instructions, kinds, forms, year)
    lists = _Lists(values)
    for key in kinds:
        _Sheet(book, forms, key, year, ranks, lists).write()
    lists.write(book)
    return book


def offered(field: Field, shown: Column, forms: Forms, ranks: Sequence[str]) -> Words:
    """The words that the drop-down of a column offers; none where it has no drop-down."""
    if shown.offers:
        return tuple(ranks) if shown.offers == "ranks" else shown.offers
    if field.type == "flag":
        return forms.words.yes[0], forms.words.no[0]
    if field.type == "month":
        return tuple(str(month) for month in range(1, 13))
    left_out = {*shown.leave_out, *(forms.marks.kinds if "marks" in shown.leave_out else ())}
    return tuple(words[0] for value, words in field.values.items() if value not in left_out)


class _Lists:
    """The lists of all drop-downs, on a sheet of their own: a cell's rule holds 255 characters."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.heads: dict[Words, str] = {}

    def reference(self, head: str, words: Words) -> str:
        """The place of a list, as a rule names it."""
        self.heads.setdefault(words, head)
        letter = get_column_letter(list(self.heads).index(words) + 1)
        return f"'{self.sheet}'!${letter}$2:${letter}${len(words) + 1}"

    def write(self, book: Workbook) -> None:
        """Write the sheet, where there is any list."""
        if not self.heads:
            return
        longest = [max(map(len, (*words, head))) for words, head in self.heads.items()]
        page = Page(book, self.sheet, [2.1 * length + 2 for length in longest])
        page.header(self.heads.values())
        for row in range(max(map(len, self.heads))):
            page.cells([words[row] if row < len(words) else "" for words in self.heads])


class _Sheet:
    """One form as an empty sheet."""

    def __init__(
        self, book: Workbook, forms: Forms, key: str, year: int, ranks: Sequence[str], lists: _Lists
    ) -> None:
        self.forms, self.form, self.year = forms, forms.forms[key], year
        self.ranks, self.lists = ranks, lists
        self.all = load_templates()
        self.shown = self.all.forms[key]
        self.fields = _fields(self.form)
        self.page = Page(book, self.form.name, [_SERIAL_WIDTH, *self._widths()])

    def write(self) -> None:
        """Title, who reports, legend, header, example, rows to fill in."""
        page, grid = self.page, self.form.layout == "month_grid"
        page.title(self._dated(self.shown.title))
        half = len(page.widths) // 2
        page.parts(("填报单位：", half), ("填报日期：", len(page.widths) - half))
        if grid:
            page.line(_legend(self.forms.marks))
        page.header([_SERIAL, *(self._head(place) for place in self._places())])
        for column, place in enumerate(self._places(), 2):
            if isinstance(place, str) and self.form.fields[place].required:
                page.sheet.cell(page.row, column).number_format = _REQUIRED
        page.cells(list(self._example()), EXAMPLE, centred=self._middle())
        first = page.row + 1
        for _ in range(self.all.blank_rows):
            page.cells([None, *(self._blank(place) for place in self._places())], tall=True)
        for column, place in enumerate(self._places(), 2):
            self._rule(get_column_letter(column), place, first)

    def _places(self) -> Iterator[str | int]:
        """Fields, and the days of a month grid before its total."""
        for name in self.fields:
            if name == "total":
                yield from _DAYS
            yield name

    def _widths(self) -> Iterator[float]:
        for place in self._places():
            if isinstance(place, int):
                yield _DAY_WIDTH
            else:
                width = self._column(place).width
                yield width or self.all.widths[self.form.fields[place].type]

    def _column(self, name: str) -> Column:
        return self.shown.columns.get(name, Column())

    def _head(self, place: str | int) -> Value:
        return place if isinstance(place, int) else self.form.fields[place].headers[0]

    def _middle(self) -> list[int]:
        days = [i for i, place in enumerate(self._places(), 1) if isinstance(place, int)]
        return [0, *days]

    def _example(self) -> Iterator[Value]:
        yield self.forms.rows.examples[0]
        marks = dict(enumerate(self.shown.marks, 1))
        for place in self._places():
            if isinstance(place, int):
                yield marks.get(place, "")
            elif place == "total":
                yield self._blank(place)
            else:
                yield self._dated(self._column(place).example)

    def _blank(self, place: str | int) -> Value:
        """What stands in a row to fill in: nothing, or the total of the row's marks."""
        if place != "total":
            return None
        row, places = self.page.row + 1, list(self._places())
        person, first, last = (
            get_column_letter(places.index(p) + 2) for p in ("person", _DAYS[0], _DAYS[-1])
        )
        kinds = self.forms.marks.totals[0]
        symbols = ",".join(f'"{self.forms.marks.kinds[kind].symbols[0]}"' for kind in kinds)
        count = f"SUMPRODUCT(COUNTIF({first}{row}:{last}{row},{{{symbols}}}))"
        return Formula(f'=IF({person}{row}="","",{count})')

    def _rule(self, letter: str, place: str | int, first: int) -> None:
        """The drop-down and the hint of a column."""
        if isinstance(place, int):
            marks = [*self.forms.marks.kinds.values(), self.forms.marks.nothing]
            words, strict, hint = tuple(m.symbols[0] for m in marks), True, ""
        else:
            field, shown = self.form.fields[place], self._column(place)
            words = offered(field, shown, self.forms, self.ranks)
            strict = field.type in ("choice", "flag", "month")
            hint = self.all.hints[field.type] if shown.hint is None else shown.hint
        last = first + self.all.checked_rows - 1
        head = str(self._head(place)) if isinstance(place, str) else "考勤符号"
        _restrict(
            self.page.sheet, f"{letter}{first}:{letter}{last}", head, self._dated(hint), strict,
            self.lists.reference(f"{self.form.name}·{head}", words) if words else "",
        )  # fmt: skip

    def _dated(self, text: str) -> str:
        return text.replace("{year}", str(self.year))


def _restrict(
    sheet: Worksheet, cells: str, head: str, hint: str, strict: bool, values: str
) -> None:
    if not values and not hint:
        return
    rule = DataValidation(allow_blank=True)
    if values:
        rule.type, rule.formula1, rule.showErrorMessage = "list", values, strict
    rule.errorTitle, rule.error = head, "请从下拉项中选择"
    if hint:
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, head, hint
    rule.add(cells)
    sheet.add_data_validation(rule)


def _fields(form: Form) -> list[str]:
    """The fields that have a column of their own; a total comes last."""
    return sorted(
        (name for name, field in form.fields.items() if not field.same_as),
        key=lambda name: name == "total",
    )


def _legend(marks: Marks) -> str:
    kinds = [*marks.kinds.values(), marks.nothing]
    return "图例：" + "　".join(f"{kind.symbols[0]}={kind.meanings[0]}" for kind in kinds)


def _instructions(
    book: Workbook, sheet: str, wanted: Iterable[str], forms: Forms, year: int
) -> None:
    templates = load_templates()
    page = Page(book, sheet, [16, 62, 52])
    page.title(f"{year}年帮扶工作台账导入模板  填写说明")
    for text in templates.instructions:
        page.line(text.replace("{year}", str(year)))
    page.skip()
    page.header(["表名", "填什么", "必填的列"], repeat=False)
    for key in wanted:
        form = forms.forms[key]
        required = "、".join(f.headers[0] for f in form.fields.values() if f.required)
        page.cells([form.name, templates.forms[key].about, required])
