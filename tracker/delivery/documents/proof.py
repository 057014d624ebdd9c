"""认定依据: the proof of one finding on one page: clause, arithmetic, rows that count or do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil

import sqlalchemy as sa

from tracker import nightly
from tracker.db import table
from tracker.delivery.documents.occasion import ORIGINAL, RETOLD, Facts, Occasion
from tracker.errors import LuzeError
from tracker.evaluation import findings, narrate
from tracker.evaluation.classify import Row
from tracker.evaluation.evaluate import evaluate
from tracker.evaluation.explain import Explanation, explain
from tracker.evaluation.tables import Finding

FEW = 6  # rows that are listed one by one
# The room of the table on one page, in points: the page without draft mark, title, and the lines
# under the table; a line, what a row adds to its lines, and how much its wide column holds.
ROOM, LINE, ROW_EDGE, LINE_CHARACTERS = 445, 16, 3.5, 30
RECORDS = "记录"
_LEFT_OUT = "……（其余从略）"
_FAIR, _MOST = 3, 28  # lines that a row keeps while others are longer, and may have at most

Told = list[tuple[str, str]]


def proof(occasion: Occasion, number: int) -> Facts:
    """The proof of a stored finding, judged again for the day. Raises LuzeError where it is not
    there."""
    told = explained(occasion, number)
    finding, duty = told.finding, told.duty
    who = occasion.called(int(finding["holder_id"]))
    sentences = narrate.sentences(told, occasion.law, occasion.as_of)
    quote = occasion.quote(told.document, duty.cite, duty.paraphrase)
    steps = [_step(sentence) for sentence in sentences]
    own = (f"条款{ORIGINAL}", quote.text) if quote.whose == ORIGINAL else None
    steps = [own or (f"要求（{RETOLD}）", text) if label == "要求" else (label, text)
             for label, text in steps]  # fmt: skip
    item = occasion.item(finding)
    return Facts(f"{who}_{number}", {
        "number": number,
        "as_of": occasion.as_of,
        "item": item,
        "steps": fit([
            ("责任主体", item.who),
            ("责任事项", duty.name),
            *steps,
            *_rows(f"计入的{RECORDS}", told.counted, occasion),
            *_rows(f"未计入的{RECORDS}", told.not_counted, occasion),
        ]),
    })  # fmt: skip


def explained(occasion: Occasion, number: int) -> Explanation:
    """The explanation of a stored finding on the day of the occasion."""
    t = table(Finding)
    stored = occasion.connection.execute(sa.select(t).where(t.c.id == number)).first()
    if stored is None:
        raise LuzeError(f"没有编号为 {number} 的判定", fix="编号见 tracker findings")
    scene = nightly.set_scene(
        occasion.connection, occasion.law, as_of=occasion.as_of, known_at=occasion.known_at,
        focus=frozenset({stored.holder_id}), look_from=stored.closes,
    )  # fmt: skip
    evaluated = evaluate(occasion.connection, scene, occasion.covers)
    rows = findings.to_rows(scene, evaluated)
    at = rows.index[rows["key"] == stored.key]
    if not len(at):
        raise LuzeError(
            f"第 {number} 号判定在 {occasion.as_of} 已不在考核范围", fix="请用 --as-of 写当时的日期"
        )
    return explain(
        occasion.connection, scene, occasion.covers, evaluated.loc[at[0]], rows.loc[at[0]]
    )


def fit(steps: Sequence[tuple[str, str]]) -> Told:
    """The steps, cut short until they fit on the page: the records first, which can be looked up,
    and only then the rest."""
    told = list(steps)
    caps = [
        *((_MOST, records) for records in range(_MOST, _FAIR, -1)),
        *((rest, _FAIR) for rest in range(_MOST, _FAIR, -1)),
        *((both, both) for both in range(_FAIR, 0, -1)),
    ]
    for rest, records in caps:
        told = [(k, _cut(text, records if RECORDS in k else rest)) for k, text in steps]
        if height(told) <= ROOM:
            break
    return told


def _cut(text: str, at_most: int) -> str:
    """The text, or as much of it as fills so many lines."""
    if _lines(text) <= at_most:
        return text
    return text[: at_most * LINE_CHARACTERS - len(_LEFT_OUT)] + _LEFT_OUT


def height(steps: Sequence[tuple[str, str]]) -> float:
    """How high the table of these steps will be at most, in points."""
    return sum(_lines(text) * LINE + ROW_EDGE for _, text in steps)


def _lines(text: str) -> int:
    return max(1, ceil(len(text) / LINE_CHARACTERS))


def _step(sentence: str) -> tuple[str, str]:
    """A sentence of the reasoning as a row: '标准：每年不少于 4 次' -> ('标准', '每年...')."""
    label, colon, text = sentence.partition("：")
    if label.startswith(("口径", "有关口径")) or not colon:
        return "口径", sentence
    if label.startswith("另一口径"):
        return "另一口径", f"{label.removeprefix('另一口径').strip('（）')}：{text}"
    return label, text


def _rows(title: str, rows: Sequence[Row], occasion: Occasion) -> Told:
    """The rows: one by one where they are few, else counted by month or by reason."""
    if not rows:
        return [(title, "无")]
    kinds = occasion.law.vocabulary.kinds
    if len(rows) <= FEW:
        return [(f"{title}{len(rows)}行", "；".join(_one(row, kinds) for row in rows))]
    if rows[0].why_not:
        reasons = Counter(row.why_not for row in rows)
        told = [f"{reason} {count}行" for reason, count in reasons.most_common()]
    else:
        told = _by_month(rows, kinds)
    return [(f"{title}{len(rows)}行", "；".join(told))]


def _one(row: Row, kinds: Mapping[str, str]) -> str:
    name = row.item or kinds.get(row.kind, row.kind)
    why = f"，{row.why_not}" if row.why_not else ""
    return f"{narrate.short_date(row.day)}{name}（{row.sheet}第{row.row}行{why}）"


def _by_month(rows: Iterable[Row], kinds: Mapping[str, str]) -> list[str]:
    """'住村：2019年1月 12 行、2月 8 行' for each kind."""
    counted: dict[str, Counter[date]] = {}
    for row in rows:
        counted.setdefault(row.kind, Counter())[row.day.replace(day=1)] += 1
    told = []
    for kind, months in counted.items():
        year, parts = 0, []
        for month in sorted(months):
            head = f"{month.year}年" if month.year != year else ""
            year = month.year
            parts.append(f"{head}{month.month}月{months[month]}行")
        told.append(f"{kinds.get(kind, kind)}：{'、'.join(parts)}")
    return told
