"""Reading, second step: which form a sheet is. Its headers decide; its name only breaks a tie."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.ledger.forms import Form, Forms
from tracker.ledger.headers import Header
from tracker.ledger.written import Unreadable, heading, tight

_FIELD, _GRID, _NAMED, _TITLED = 2, 20, 3, 2  # what speaks for a form; an unknown column: -1


@dataclass(frozen=True, slots=True)
class Match:
    """How the columns of a header fit a form.

    `columns`: field -> column. `unknown`: column -> why it is not read. `withheld`: columns not
    even kept as written. `ambiguous`: required field -> the columns that could each be it.
    """

    form: str
    columns: dict[str, int]
    unknown: dict[int, str]
    withheld: tuple[int, ...]
    missing: tuple[str, ...]
    ambiguous: dict[str, tuple[int, ...]]
    score: int

    @property
    def complete(self) -> bool:
        """True where every required column was found, once."""
        return not self.missing and not self.ambiguous


def recognise(header: Header, sheet: str, title: str, forms: Forms) -> Match | None:
    """The form whose columns the header has; None where no form comes near.

    Raises Unreadable where the sheet clearly means a form but lacks a column of it, or fits two
    forms equally well.
    """
    matches = [fit(header, key, sheet, title, forms) for key in forms.forms]
    best = max(matches, key=lambda match: (match.score, match.complete))
    form = forms.forms[best.form]
    if not best.complete:
        # A poorer form that happens to be complete would be a wrong reading of a richer one.
        poorer = any(match.complete for match in matches)
        if not poorer and not _named(sheet, form) and not _named(title, form):
            return None
        raise Unreadable(*_incomplete(best, header, form))
    rivals = [m for m in matches if m.complete and m.score == best.score]
    if len(rivals) > 1:
        names = "、".join(forms.forms[m.form].name for m in rivals)
        raise Unreadable(f"这张表的表头同时合于几种表：{names}", "请把工作表名改成其中一种表的名称")
    return best


def fit(header: Header, key: str, sheet: str, title: str, forms: Forms) -> Match:
    """How well a header fits the form `key`."""
    form = forms.forms[key]
    grid = form.layout == "month_grid"
    skipped = {day.column for day in header.days} if grid else set()
    claims: dict[str, dict[int, int]] = {}
    unknown: dict[int, str] = {}
    withheld = []
    for column, path in header.paths.items():
        if column in skipped:
            continue
        level, field = _claim(path, form)
        if field:
            claims.setdefault(field, {})[column] = level
        elif heading(path[-1]) in forms.withheld:
            withheld.append(column)
        elif heading(path[-1]) not in forms.ignored | form.passed_over:
            unknown[column] = ""
    columns, ambiguous = _settle(claims, unknown, form)
    missing = tuple(name for name in form.fields if name in form.required - claims.keys())
    if grid and not header.days:
        missing = (*missing, "day")
    score = _FIELD * len(columns) - len(unknown) + _GRID * bool(skipped)
    score += _NAMED * _named(sheet, form) + _TITLED * _named(title, form)
    return Match(key, columns, unknown, tuple(withheld), missing, ambiguous, score)


def _claim(path: tuple[str, ...], form: Form) -> tuple[int, str]:
    """(how surely, field): the whole path says most, then its last text, then its first."""
    for level, text in ((3, "".join(path)), (2, path[-1]), (1, path[0])):
        if field := form.by_header.get(heading(text)):
            return level, field
    return 0, ""


def _settle(
    claims: dict[str, dict[int, int]], unknown: dict[int, str], form: Form
) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """One column per field, the surest; where two are equally sure, neither is taken."""
    columns: dict[str, int] = {}
    ambiguous: dict[str, tuple[int, ...]] = {}
    for field, claimed in claims.items():
        surest = max(claimed.values())
        best = [column for column, level in claimed.items() if level == surest]
        if len(best) == 1:
            columns[field] = best[0]
        elif form.fields[field].required:
            ambiguous[field] = tuple(best)
        for column in claimed.keys() - {columns.get(field)}:
            same = claimed[column] == surest
            unknown[column] = f"与另一列同是“{form.fields[field].headers[0]}”" if same else ""
    return columns, ambiguous


def _incomplete(match: Match, header: Header, form: Form) -> tuple[str, str]:
    lacking = [
        form.fields[name].headers[0] if name in form.fields else "1、2、3……日期"
        for name in match.missing
    ]
    double = ["、".join(map(header.text, columns)) for columns in match.ambiguous.values()]
    what = [f"缺少“{name}”列" for name in lacking]
    what += [f"分不清哪一列才是（{columns}）" for columns in double]
    return (
        f"这张表像是“{form.name}”，但{'；'.join(what)}",
        "请改好表头，或在表式对照文件中写明本地的叫法",
    )


def _named(text: str, form: Form) -> bool:
    return any(word in tight(text) for word in form.sheets)
