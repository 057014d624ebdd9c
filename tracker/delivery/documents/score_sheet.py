"""评分表: one subject's scorecard as the assessing office signs it, each point with its source."""

from __future__ import annotations

from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.scorecards.desk import Scores
from tracker.scorecards.telling import figure, rows_of, total_line, veto_line

NAME = "评分表"
_SEAL, _DATE = "（印章）　　年　　月　　日", "年　　月　　日"
BOXES = (
    f"被考核单位意见\n\n\n负责人签字：　　　　　\n{_SEAL}",
    f"考核人员\n\n\n签字：　　　　　　　　\n{_DATE}",
    f"考核单位意见\n\n\n负责人签字：　　　　　\n{_SEAL}",
)


def score_sheet(occasion: Occasion, scores: Scores) -> Facts:
    """The facts of the paper for the one sheet of `scores`."""
    (sheet,) = scores.sheets
    subject = occasion.called(sheet.subject_id)
    word = "已报部分合计" if sheet.missing else "总分"
    return Facts(subject, {
        "mark": "分数未报齐" if sheet.missing else f"{scores.plan.year}年度",
        "plan": scores.plan,
        "document": scores.document,
        "card": sheet.card,
        "subject": subject,
        "as_of": scores.as_of,
        "word": word,
        "total": f"{figure(sheet.total)}分",
        "veto": veto_line(scores.plan, sheet),
        "rows": list(rows_of(scores.plan, sheet)),
        "sum": total_line(sheet),
        "missing": sheet.missing,
        "boxes": BOXES,
    })  # fmt: skip
