"""The kinds of papers an office can ask for, and what each is asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.delivery.documents.proof import proof
from tracker.delivery.documents.render import render
from tracker.delivery.documents.statement import statement
from tracker.delivery.documents.summons import record, rectification, summons
from tracker.delivery.documents.warning import supervision, warning
from tracker.errors import LuzeError

SUBJECT, INTERVIEW, FINDING = "subject", "interview", "finding"


@dataclass(frozen=True, slots=True)
class Kind:
    """A paper: its id, its Chinese name (that of its template), what its number or name means."""

    id: str
    name: str
    about: str
    facts: Callable[..., Facts]


KINDS = (
    Kind("warning", "预警通知书", SUBJECT, warning),
    Kind("supervision", "督办单", SUBJECT, supervision),
    Kind("summons", "约谈通知书", INTERVIEW, summons),
    Kind("record", "约谈记录", INTERVIEW, record),
    Kind("rectification", "整改通知书", INTERVIEW, rectification),
    Kind("proof", "认定依据", FINDING, proof),
    Kind("statement", "合规情况说明", SUBJECT, statement),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A paper as bytes, with what its file is to be called."""

    title: str
    data: bytes


def kind_of(text: str) -> Kind:
    """The kind of this id or Chinese name. Raises LuzeError with all there are."""
    found = next((kind for kind in KINDS if text in (kind.id, kind.name)), None)
    if found is None:
        told = "、".join(f"{kind.name}（{kind.id}）" for kind in KINDS)
        raise LuzeError(f"没有文种“{text}”", fix=f"可用的：{told}")
    return found


def write(
    occasion: Occasion, kind: Kind, number: int, *, home: Path | None = None, level: str = ""
) -> Written:
    """One paper. `number`: of the subject, interview or finding that the kind is about; `level`:
    the colour of a 督办单. Raises LuzeError where there is nothing to write."""
    facts = kind.facts(occasion, number, level) if level else kind.facts(occasion, number)
    title = f"{kind.name}_{facts.about}_{occasion.as_of}"
    return Written(title, render(kind.name, facts.told, home=home))
