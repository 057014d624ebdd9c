"""合规审查单: on one page every clause that a nomination was checked for, and the code by which
anybody can verify what was frozen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tracker.awards import kept
from tracker.awards.gate import (
    ANSWER_NAMES,
    ANSWER_SIGNS,
    OUTCOME_NAMES,
    Clause,
    Outcome,
    leads_to,
)
from tracker.awards.nominations import NOMINATION
from tracker.clock import SHANGHAI
from tracker.delivery.documents.award_candidacy import Candidacy, candidacy, judged, told_day
from tracker.delivery.documents.award_room import cut, row_lines
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.delivery.documents.paper import Span
from tracker.delivery.documents.qr import qr_code

NAME = "合规审查单"
NOT_FROZEN = "尚未提名，未封存"
# Signs that every Chinese font has and a black-and-white print keeps.
SIGNS = {outcome: ANSWER_SIGNS[leads_to(outcome)] for outcome in Outcome}
# The lines that clauses have on one page, with a code and without; what a row adds to its lines;
# the characters of each column, which are as wide in the template.
ROOM, ROOM_WITHOUT_CODE, ROW_EDGE, ROOMS = 37, 42, 0.3, (6.0, 32.5, 9.5)
# The most lines of a clause that passed, and of any other: tried in turn until all have room.
_CAPS = ((4, 4), (3, 4), (2, 4), (2, 3), (2, 2), (1, 2), (1, 1))
_PICTURE = 22  # mm

Row = tuple[str, str, str]


def compliance(occasion: Occasion, number: int, base_url: str = "") -> Facts:
    """How a nomination was judged, clause by clause: as frozen when it was made, else afresh and
    without a code. `base_url`: of the office's pages, '' where it has none."""
    about = candidacy(occasion, number)
    (found,) = judged([about])
    counts = Counter(clause.outcome for clause in found.clauses)
    address = kept.address(number, found.sha256, base_url) if found.sha256 else ""
    return Facts(f"第{number}号_{about.name}", {
        "number": number,
        "name": about.name,
        "unit": about.filed.nominee.unit or "—",
        "award": about.award.name,
        "kind": about.kind,
        "branch": about.branch.name,
        "area": about.area or "—",
        "document": about.document,
        "deadline": about.plan.deadline.on,
        "state": NOMINATION.states[about.filed.state],
        "answer": ANSWER_NAMES[found.answer],
        "counts": "，".join(f"{OUTCOME_NAMES[o]}{counts[o]}条" for o in Outcome if counts[o]),
        "total": len(found.clauses),
        "as_of": found.as_of,
        "judged_at": f"{found.known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "law": found.law,
        "clauses": fit(
            [_row(about, clause) for clause in found.clauses],
            ROOM if found.sha256 else ROOM_WITHOUT_CODE,
        ),
        "code": kept.grouped(found.sha256) if found.sha256 else "",
        "not_frozen": NOT_FROZEN,
        "sha256": found.sha256,
        "address": address,
        "picture": picture(address) if address else "",
    })  # fmt: skip


def picture(address: str) -> Span:
    """A QR code that holds the address."""
    return qr_code(address, "核验二维码", _PICTURE)


def fit(rows: Sequence[Row], room: float) -> list[Row]:
    """The rows, long texts cut until the table has room on the page: those that passed first."""
    told = list(rows)
    for passed, others in _CAPS:
        told = [_cut(row, passed if row[0].startswith(_PASSED) else others) for row in rows]
        if height(told) <= room:
            break
    return told


def height(rows: Sequence[Row]) -> float:
    """How many lines the table takes."""
    return sum(row_lines(row, ROOMS) + ROW_EDGE for row in rows)


def _row(about: Candidacy, clause: Clause) -> Row:
    """Sign and word, what was found, by which clause: the plan's own number stands above."""
    ends = f"，至{told_day(clause.ends_on)}止" if clause.ends_on else ""
    cite = clause.cite.removeprefix(f"{about.document.number} ")
    numbers = f"（{clause.interpretation}）" if clause.interpretation else ""
    word = f"{SIGNS[clause.outcome]} {OUTCOME_NAMES[clause.outcome]}"
    return word, clause.text + ends, cite + numbers


def _cut(row: Row, at_most: int) -> Row:
    word, text, cite = row
    return word, cut(text, ROOMS[1], at_most), cite


_PASSED = SIGNS[Outcome.passed]
