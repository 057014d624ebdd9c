"""The gate: which award, and as which kind of nominee, a question about a subject means. Pure.

The registry decides the kind where one alone fits; where none or several do, the question is asked
back with the list. Of a list of nominees, whose kind nothing shows stays open for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.awards.careers import Careers
from tracker.awards.facts import Facts
from tracker.awards.meant import awards_of, kinds_of, meant
from tracker.awards.nomination_desk import plans
from tracker.awards.nominee import Nominee
from tracker.awards.quotas import area_of
from tracker.awards.verdict import bears_out
from tracker.errors import LuzeError, Problem
from tracker.policy.awards import Award, AwardPlan, Kind
from tracker.policy.law import Law
from tracker.registry.roles import NOBODY

_FIX = "请写 --award 方案:奖项，如 {}"


class Asked(NamedTuple):
    """The award that a question is about, and the nominee as it would be nominated. `written`: a
    kind as a list writes it."""

    plan: AwardPlan
    award: Award
    nominee: Nominee
    written: str = ""


class Choice(NamedTuple):
    """One award of one plan that a word may mean."""

    document: str
    plan: AwardPlan
    award: Award

    @property
    def name(self) -> str:
        """How it is typed."""
        return f"{self.document}:{self.award.id}"


def asked(facts: Facts, subject: int, award: str, kind: str = "") -> Asked:
    """What `award` ('helping.individual', 'gansu-2020-41', 'gansu-2020-41:helping.individual', or a
    name) means for a subject. A live nomination is the one meant. Raises LuzeError with the list.
    """
    return settle(facts, choices_of(facts.law, award), subject, kind)


def settle(
    facts: Facts, choices: Sequence[Choice], subject: int | None, kind: str = "", *,
    open_kind: bool = False,
) -> Asked:  # fmt: skip
    """Which of the choices is meant for a subject (None: one that the registry does not know).
    `open_kind`: where nothing shows the kind it stays ''. Raises LuzeError with the list."""
    for one in facts.nominees:
        for choice in choices:
            same = (one.document, one.award) == (choice.document, choice.award.id)
            if same and one.subject_id == subject is not None and not kind:
                return Asked(choice.plan, choice.award, one)
    choice, kind_id = (
        _by_kind(choices, kind) if kind else _by_role(facts, choices, subject, open_kind)
    )
    return Asked(choice.plan, choice.award, _nominee(facts, choice, kind_id, subject))


def shown(facts: Facts, document: str, award: str, subject: int) -> Nominee:
    """A subject as the registry shows it for an award of a plan (by id): kind and area '' where
    nothing shows them."""
    found = [c for c in choices_of(facts.law, document) if c.award.id == award]
    return settle(facts, found, subject, open_kind=True).nominee


def choices_of(law: Law, text: str) -> list[Choice]:
    """The awards that a text may mean: one by id or name, all whose names have its characters in
    order, or all of a plan. Raises LuzeError with those there are."""
    all_of = [
        Choice(pack.document.id, pack.awards, award)
        for pack in plans(law) if pack.awards
        for award in pack.awards.awards
    ]  # fmt: skip
    document, _, wanted = text.rpartition(":")
    within = [choice for choice in all_of if document in ("", choice.document)]
    found = [choice for choice in within if not document and text == choice.document]
    found = found or [c for c in within if meant(wanted, awards_of(c.plan)) == c.award.id]
    found = found or [c for c in within if meant(wanted, {c.award.id: (c.award.name,)})]
    if not found:
        raise _ask_back(f"没有“{text}”这个奖项或评选方案", all_of)
    return found


def _by_kind(choices: Sequence[Choice], text: str) -> tuple[Choice, str]:
    """A kind that no plan names is kept as '' where one award alone is meant: a person decides."""
    if len(choices) == 1:
        return choices[0], meant(text, kinds_of(choices[0].plan), whole=True)
    found = []
    for choice in choices:
        kind = meant(text, kinds_of(choice.plan), whole=True)
        if kind in choice.award.kinds:
            found.append((choice, kind))
    if len(found) != 1:
        raise _ask_back(f"以类别“{text}”可以申报的奖项不是只有一个", choices)
    return found[0]


def _by_role(
    facts: Facts, choices: Sequence[Choice], subject: int | None, open_kind: bool
) -> tuple[Choice, str]:
    fitting = [(choice, _fitting(choice, facts.careers, subject)) for choice in choices]
    fitting = [(choice, kinds) for choice, kinds in fitting if kinds] or fitting
    if len(fitting) > 1:
        raise _ask_back("可以申报的奖项不是只有一个", [choice for choice, _ in fitting])
    choice, kinds = fitting[0]
    if len(kinds) != 1 and open_kind:
        return choice, ""
    if len(kinds) != 1:
        shown = kinds or [choice.plan.kind(one) for one in choice.award.kinds]
        raise LuzeError(
            "从登记资料看不出以哪一类别推荐", fix="请写 --kind 类别",
            problems=[Problem(one.name) for one in shown],
        )  # fmt: skip
    return choice, kinds[0].id


def _fitting(choice: Choice, careers: Careers, subject: int | None) -> list[Kind]:
    """The kinds of the award (also those it keeps out) that the most telling role bears out."""
    if subject is None:
        return []
    named = [choice.plan.kind(one) for one in (*choice.award.kinds, *choice.award.excluded)]
    for role in careers.roles(subject):
        found = [k for k in named if k.role == role and bears_out(careers, subject, k)]
        if found:
            return found
    return []


def _nominee(facts: Facts, choice: Choice, kind: str, subject: int | None) -> Nominee:
    if subject is None:
        return Nominee(choice.document, choice.award.id, kind, "", "", None, "")
    registry, day = facts.scene.registry, facts.careers.day
    home = int(registry.subjects["home"].get(subject, NOBODY))
    is_person = not day.kind(subject)
    lying = (area for place in day.works_in(subject) for area in day.chain(place))
    code = next((found for found in map(day.code, lying) if found), "")
    return Nominee(
        choice.document, choice.award.id, kind, registry.name(subject),
        registry.name(home) if is_person else "", subject, area_of(choice.award, code),
    )  # fmt: skip


def _ask_back(what: str, choices: Sequence[Choice]) -> LuzeError:
    known = [Problem(choice.award.name, choice.name) for choice in choices]
    example = choices[0].name if choices else "方案编号:奖项编号"
    return LuzeError(what, problems=known, fix=_FIX.format(example))
