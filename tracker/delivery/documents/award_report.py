"""公示和征求意见情况说明: for the report that goes with the nominees of an award or a whole plan.

What is still missing stands first; then publicity and opinions, nominee by nominee, and their list.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracker.awards.nominations import NOMINATION
from tracker.awards.slate_told import grouped
from tracker.delivery.documents.award_candidacy import Candidacy, live
from tracker.delivery.documents.award_form import opinion_of, publicity
from tracker.delivery.documents.occasion import Facts, Occasion

NAME = "公示和征求意见情况说明"
_NONE = "—"


def report(occasion: Occasion, document: str, award: str | None = None) -> Facts:
    """The statement about the nominees of a plan, or of one award of it. Raises LuzeError where
    there are none."""
    found = live(occasion, document, award)
    plan = found[0].plan
    named = found[0].award.name if award else plan.name
    missing = [(_who(one), grouped(clauses)) for one in found if (clauses := one.missing())]
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
        "rows": [(_who(one), "\n".join(_publicity(one)) or "不经公示",
                  "\n".join(_opinions(one)) or "没有指定部门") for one in found],
        "nominees": [_listed(one) for one in found],
    })  # fmt: skip


def _who(about: Candidacy) -> str:
    return f"第{about.number}号\n{about.name}"


def _publicity(about: Candidacy) -> Iterator[str]:
    """Each level of publicity, and each complaint with its answer."""
    yield from publicity(about)
    for stage, _, complaints in about.postings:
        for one in complaints:
            closed = f"{one.closed_on}办结：{one.answer}" if one.closed_on else "还没有办结"
            yield f"{stage.name}投诉举报第{one.number}件（{one.on}）{one.text}；{closed}"


def _opinions(about: Candidacy) -> list[str]:
    """Organs that answered the same in one line, each with its name."""
    alike: dict[str, list[str]] = {}
    for organ, name in about.organs:
        alike.setdefault(opinion_of(about, organ), []).append(name)
    return [f"{'、'.join(names)}：{'均' * (len(names) > 1)}{said}" for said, names in alike.items()]


def _listed(about: Candidacy) -> tuple[str, ...]:
    state = NOMINATION.states[about.filed.state]
    return (
        str(about.number), about.name, about.unit_and_posts or _NONE, about.award.name, about.kind,
        about.area or _NONE, state,
    )  # fmt: skip
