"""考核排名表: everybody scored by a card, for the offices that assess and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.sheets import Figure, Printout, Sheet, Shown, Table
from tracker.evaluation.narrate import short_date
from tracker.policy.scorecard import Scorecard
from tracker.scorecards.desk import Placed, Scores
from tracker.scorecards.score import Group
from tracker.scorecards.telling import NOT_REPORTED, veto_line

NAME = "考核排名表"
INTERNAL = "内部资料，仅供考核单位使用，不对外公布。"
_PLACE, _WHO, _BONUS, _DEDUCTION, _TOTAL, _NOTE = (
    "名次",
    "被考核单位",
    "加分",
    "减分",
    "总分",
    "说明",
)
_NARROW, _WIDE = 12, 34


def score_list(
    occasion: Occasion, scores: Scores, placed: Sequence[Placed], office: str
) -> Printout:
    """The list of a ranking as a workbook; the totals are formulas."""
    card = placed[0].sheet.card
    columns = _columns(card)
    rows = [_row(occasion, scores, one, columns) for one in placed]
    made = Table(NAME, columns, rows, left=frozenset({_WHO, _NOTE}))
    widths = (6, 24, *[_NARROW] * (len(columns) - 3), _WIDE)
    document = scores.document
    return Printout(
        f"{card.name}排名表",
        f"{scores.plan.year}年度　《{document.title}》（{document.number}）{card.cite}　"
        f"截至{short_date(scores.as_of)}",
        (Sheet(NAME, widths, (INTERNAL, f"考核单位：{office}"), (made,), ("制表人", "审核人")),),
    )


def _columns(card: Scorecard) -> tuple[str, ...]:
    adjustments = ((_BONUS, card.bonus), (_DEDUCTION, card.deduction))
    return (
        _PLACE, _WHO, *(section.name for section in card.sections),
        *(name for name, group in adjustments if group), _TOTAL, _NOTE,
    )  # fmt: skip


def _row(
    occasion: Occasion, scores: Scores, one: Placed, columns: Sequence[str]
) -> tuple[Shown, ...]:
    sheet = one.sheet
    groups = (*sheet.sections, sheet.bonus, sheet.deduction)
    summed = ",".join(f"{{{name}}}" for name in columns[2:-2] if name != _DEDUCTION)
    formula = f"=SUM({summed})" + (f"-{{{_DEDUCTION}}}" if sheet.deduction else "")
    notes = [veto_line(scores.plan, sheet)] if sheet.vetoed else []
    notes += [f"{NOT_REPORTED} {len(sheet.missing)} 项"] if sheet.missing else []
    return (
        one.place or "—", occasion.called(sheet.subject_id),
        *(_points(group) for group in groups if group),
        Figure(float(sheet.total), formula), "；".join(notes),
    )  # fmt: skip


def _points(group: Group) -> Shown:
    """What is known of a section; nothing reported at all is no nought."""
    unheard = all(item.missing and not item.traces for item in group.items)
    return NOT_REPORTED if group.items and unheard else float(group.points)
