"""Reading, third step: a sheet is cut into blocks, each with its own title lines and limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.ledger.blocks import Block, sort_rows
from tracker.ledger.days import chinese
from tracker.ledger.forms import Forms
from tracker.ledger.grids import Grid
from tracker.ledger.headers import Header, find_header, header_at, repeats
from tracker.ledger.recognise import Match, recognise
from tracker.ledger.sheets import CellProblem, Severity
from tracker.ledger.titles import Title, lines, period_of_name, read_title
from tracker.ledger.written import Unreadable, blank, tight


def find_blocks(
    grid: Grid, forms: Forms, today: date, problems: list[CellProblem]
) -> Iterator[Block]:
    """The tables of a sheet: one, or one under each repetition of the header (pages, months).

    A sheet that is not read is told in `problems`.
    """

    def report(row: int, severity: Severity, what: str, fix: str) -> None:
        problems.append(CellProblem(grid.sheet, row, "", severity, what, fix))

    if grid.empty or tight(grid.sheet) in forms.sheets.unread:
        return
    if grid.hidden:
        report(0, "note", "隐藏的工作表，没有读入", "需要导入的，请取消隐藏")
        return
    header = find_header(grid, forms)
    above = " ".join(lines(grid, range(header.top))) if header else ""
    try:
        match = recognise(header, grid.sheet, above, forms) if header else None
    except Unreadable as error:
        report(header.top + 1 if header else 0, "error", error.what, error.fix)
        return
    if header and match:
        yield from _pages(grid, header, match, forms, today)
    else:
        report(0, "note", "不认识这张表，没有读入", "如是台账，请核对表头和工作表名")


def _pages(grid: Grid, header: Header, match: Match, forms: Forms, today: date) -> Iterator[Block]:
    previous: Block | None = None
    for top, start, end in _extents(grid, header, forms):
        block = _block(grid, header_at(grid, header, top, forms), match, start, end, forms, today)
        if previous and not block.reporter and not block.filed_on:
            _continue(block, previous)
        previous = block
        yield block


def _extents(grid: Grid, header: Header, forms: Forms) -> list[tuple[int, int, int]]:
    """(top of the header, first row of its title, row after its last) of each block."""
    tops = [header.top, *repeats(grid, header)]
    starts = [0]
    for top in tops[1:]:
        start = top
        while _is_title_row(grid, start - 1, forms):
            start -= 1
        starts.append(start)
    return list(zip(tops, starts, [*starts[1:], len(grid.written)], strict=True))


def _is_title_row(grid: Grid, row: int, forms: Forms) -> bool:
    """True for a line above a repeated header that belongs to what follows."""
    texts = lines(grid, [row])
    if not texts:
        return False
    alone = sum(not blank(cell) for cell in grid.written[row]) == 1
    labels = (*forms.labels.reporter, *forms.labels.filed_on)
    return texts[0].startswith(labels) or (
        alone and not texts[0].startswith((*forms.rows.notes, *forms.rows.totals))
    )


def _block(
    grid: Grid, header: Header, match: Match, start: int, end: int, forms: Forms, today: date
) -> Block:
    rows = sort_rows(grid, header, match, end, forms)
    above = lines(grid, range(start, header.top))
    below = lines(grid, sorted([*rows.notes, *rows.remarks]))
    title = read_title(above, below, forms)
    year, month = period_of_name(grid.sheet)
    filed_on = title.filed_on if title.filed_on and title.filed_on <= today else None
    block = Block(
        grid=grid,
        forms=forms,
        match=match,
        header=header,
        rows=rows,
        texts=[*above, *below],
        year=title.year or year,
        month=title.month or month,
        reporter=title.reporter,
        filed_on=filed_on,
        last_day=filed_on or today,
        last_day_is="填报日期" if filed_on else "今天",
    )
    _check_filing(block, title)
    _check_names(block, (title.year, title.month), (year, month))
    return block


def _check_filing(block: Block, title: Title) -> None:
    if title.filed_on and not block.filed_on:
        what = f"填报日期{chinese(title.filed_on)}在今天之后，未采用"
        block.report(-1, -1, "error", what, "请核对填报日期")
    if title.unclear_filing:
        what = f"填报日期“{title.unclear_filing}”看不明白，未采用"
        block.report(-1, -1, "note", what, "请写成 2020年1月6日")


def _check_names(
    block: Block, title: tuple[int | None, int | None], name: tuple[int | None, int | None]
) -> None:
    """A title and a sheet's name that contradict each other leave the period open (an error)."""
    years, months = ({one, other} - {None} for one, other in zip(title, name, strict=True))
    monthly = block.form.layout == "month_grid"
    if len(years) > 1 or (monthly and len(months) > 1):
        block.refuse(
            f"表题与工作表名“{block.grid.sheet}”的年月不一致，整张表没有读入", "请改正其中一处"
        )


def _continue(block: Block, previous: Block) -> None:
    """A later page without a title of its own belongs to the page before."""
    block.year = block.year or previous.year
    block.month = block.month or previous.month
    block.reporter, block.filed_on = previous.reporter, previous.filed_on
    block.last_day, block.last_day_is = previous.last_day, previous.last_day_is
    if previous.refused:
        block.refused = True
