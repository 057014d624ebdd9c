"""The ledger: which months and whom the rows of an import report (I65). Pure."""

from __future__ import annotations

import calendar
from datetime import date

from tracker.ledger.desk import Desk
from tracker.ledger.draft import Covered, Draft
from tracker.ledger.sheets import CellProblem


def month_end(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def covered_by(desk: Desk, drafts: list[Draft]) -> Covered | None:
    """What the stored rows of a sheet report; None, with a note, where there is no such row."""
    if not drafts:
        _note(desk, "没有可入库的数据行，不视为已报送")
        return None
    if desk.sheet.month is not None:
        months: tuple[date, ...] = (date(desk.year, desk.sheet.month, 1),)
        filed = desk.sheet.filed_on
        if filed is not None and month_end(months[0]) > filed:
            _note(desk, "填报时当月尚未结束，不视为已报送全月")
            months = ()
    else:
        months = _months_through(desk.year, _reported_through(desk, drafts))
    return Covered(desk.cell, months, _scopes(desk, drafts))


def _reported_through(desk: Desk, drafts: list[Draft]) -> date:
    """The filing date; without one the end of the last row's month, or the day of entry where the
    rows are not dated."""
    if desk.sheet.filed_on is not None:
        return desk.sheet.filed_on
    days = [line["day"] for draft in drafts for line in draft.lines]
    if desk.rule.roster or not days:
        _note(desk, "未写填报日期，按导入当日视为填报日期")
        return desk.reported_on
    last = min(month_end(max(days)), desk.reported_on)
    _note(desk, f"未写填报日期，视为报送到 {last:%Y年%m月}")
    return last


def _months_through(year: int, day: date) -> tuple[date, ...]:
    months = (date(year, number, 1) for number in range(1, 13))
    return tuple(month for month in months if month_end(month) <= day)


def _scopes(desk: Desk, drafts: list[Draft]) -> tuple[int, ...]:
    if desk.rule.coverage == "listed_people":
        return tuple(sorted({line["subject_id"] for d in drafts for line in d.lines}))
    if desk.rule.coverage == "listed_bodies":
        return tuple(sorted({subject for d in drafts for subject in d.subjects}))
    directory, reporter = desk.directory, desk.cell.reporter_id
    name = directory.index.subjects[reporter].name
    speaks_for_county = any(word in name for word in desk.office.rules.county_reporters)
    if desk.rule.roster or speaks_for_county or reporter == directory.county:
        return (directory.county,)
    return (reporter,)


def _note(desk: Desk, what: str) -> None:
    problem = CellProblem(desk.sheet.sheet, 0, "", "note", what)
    desk.office.problems.append(problem)
