"""公示和征求意见情况说明: for the report that goes with the nominees of an award or a whole plan.

What is still missing stands first; then every publicity, every opinion, and the list of nominees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.awards.gate import OUTCOME_NAMES, Outcome
from tracker.awards.nominations import NOMINATION
from tracker.awards.record import Complaint, Posting
from tracker.delivery.documents.award_candidacy import Candidacy, live
from tracker.delivery.documents.occasion import Facts, Occasion

NAME = "公示和征求意见情况说明"
_NONE = "—"


@dataclass(frozen=True, slots=True)
class Level:
    """One publicity as a row."""

    who: str
    stage: str
    span: str
    days: str
    result: str
    complaints: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One organ as a row."""

    who: str
    organ: str
    asked: str
    answered: str
    number: str
    opinion: str


def report(occasion: Occasion, document: str, award: str | None = None) -> Facts:
    """The statement about the nominees of a plan, or of one award of it. Raises LuzeError where
    there are none."""
    found = live(occasion, document, award)
    plan = found[0].plan
    named = found[0].award.name if award else plan.name
    missing = [(_who(one), clauses) for one in found if (clauses := list(_missing(one)))]
    return Facts(named, {
        "plan": plan,
        "document": found[0].document,
        "named": named,
        "as_of": occasion.as_of,
        "count": len(found),
        "collectives": sum(one.award.nominee == "collective" for one in found),
        "individuals": sum(one.award.nominee == "individual" for one in found),
        "missing": missing,
        "publicity": plan.publicity_,
        "levels": [level for one in found for level in _levels(one)],
        "asked": [asked for one in found for asked in _asked(one)],
        "nominees": [_listed(one) for one in found],
    })  # fmt: skip


def _who(about: Candidacy) -> str:
    return f"第{about.number}号\n{about.name}"


def _missing(about: Candidacy) -> Iterator[str]:
    for clause in about.missing():
        word = "" if clause.outcome is Outcome.unknown else f"（{OUTCOME_NAMES[clause.outcome]}）"
        yield f"{clause.text}{word}"


def _levels(about: Candidacy) -> Iterator[Level]:
    who = _who(about)
    for stage, posting, complaints in about.postings:
        told = _complaints(complaints)
        if posting is None:
            yield Level(who, stage.name, _NONE, _NONE, "尚未公示", told)
        else:
            days = str(about.working_days(posting))
            yield Level(who, stage.name, _dates(posting), days, _result(posting), told)


def _dates(posting: Posting) -> str:
    return f"{posting.starts_on}至{posting.taken_down_on or posting.ends_on}"


def _result(posting: Posting) -> str:
    return posting.result if posting.taken_down_on else "公示未结束"


def _complaints(complaints: Sequence[Complaint]) -> str:
    """Each complaint with its answer."""
    told = [
        f"第{one.number}件（{one.on}）{one.text}；"
        + (f"{one.closed_on}办结：{one.answer}" if one.closed_on else "还没有办结")
        for one in complaints
    ]
    return "\n".join(told) or "无"


def _asked(about: Candidacy) -> Iterator[Asked]:
    record = about.filed.record
    for organ, name in about.organs:
        opinion = record.opinions.get(organ)
        asked = record.asked.get(organ)
        told = "尚未答复"
        if opinion:
            told = "同意" if opinion.agrees else "不同意"
            told += f"：{opinion.text}" if opinion.text else ""
            told += "" if opinion.asked_for else "（本渠道没有要求，存档备查）"
        yield Asked(
            _who(about), name, str(asked or _NONE),
            str(opinion.on if opinion else _NONE),
            (opinion.document_number if opinion else "") or _NONE, told,
        )  # fmt: skip


def _listed(about: Candidacy) -> tuple[str, ...]:
    state = NOMINATION.states[about.filed.state]
    return (
        str(about.number), about.name, about.unit_and_posts or _NONE, about.award.name, about.kind,
        about.area or _NONE, state,
    )  # fmt: skip
