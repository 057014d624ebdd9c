"""Reading, third step: which year and month a table is of, where its title does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tracker.ledger.blocks import Block
from tracker.ledger.days import read_span
from tracker.ledger.written import Unreadable, blank


def settle_periods(blocks: Sequence[Block], year_of_file: int | None) -> None:
    """Give every block its year and month, or refuse it with an error.

    In this order: title or sheet name; the dates in the header of a month grid; most dates of the
    rows; the one year of the file's other sheets; the file's name.
    """
    for block in blocks:
        if block.year is None:
            block.year = _of_header(block) or _of_rows(block)
    known = {block.year for block in blocks if block.year}
    common = known.pop() if len(known) == 1 else year_of_file
    for block in blocks:
        block.year = block.year or common
        if not block.refused:
            _check(block)


def _of_header(block: Block) -> int | None:
    years = {day.year for day in block.header.days}
    return years.pop() if len(years) == 1 else None


def _of_rows(block: Block) -> int | None:
    """The year of most dates that say theirs; then a row of another year is told as such."""
    years = Counter(_stated_years(block))
    if not years:
        return None
    block.year_stated = False
    return years.most_common(1)[0][0]


def _stated_years(block: Block) -> Iterator[int]:
    fields = block.form.fields
    columns = [
        column
        for name, column in block.match.columns.items()
        if fields[name].type in ("day", "span") and fields[name].year == "same"
    ]
    for row in block.rows.data:
        for column in columns:
            cell = block.grid.filled[row][column]
            if not blank(cell):
                try:
                    yield read_span(cell, None).starts_on.year
                except Unreadable:  # told when the row is read
                    continue


def _check(block: Block) -> None:
    """Refuse what has no year, or is a month grid without one clear month."""
    if block.form.layout == "month_grid":
        _check_month(block)
    dated = all(day.year for day in block.header.days) and block.header.days
    if block.year is None and not dated and not block.refused and block.rows.data:
        block.refuse("看不出是哪一年的表，没有读入", "请在表题中写明年份，例如“2019年入户走访台账”")


def _check_month(block: Block) -> None:
    months = {day.month for day in block.header.days}
    if None in months and block.month is None and "month" not in block.match.columns:
        block.refuse("看不出是哪个月的考勤，没有读入", "请在表题中写明年月，例如“2019年1月考勤表”")
    elif block.month and len(months) == 1 and months != {None} and months != {block.month}:
        block.refuse("表题的月份与表头的日期不一致，整张表没有读入", "请改正其中一处")
