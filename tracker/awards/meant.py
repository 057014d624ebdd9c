"""Awards: what a clerk means by a word: awards, kinds, stages, organs, papers, checks. Pure.

By id, by its place in a list of steps, or by its Chinese name, whole or shortened: 县公示 for
县（市、区）公示.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tracker.errors import Problem
from tracker.policy.awards import Award, AwardPlan, Branch
from tracker.registry.spelling import clean

Names = Mapping[str, Sequence[str]]
_NOT_NAMED = "（文件没有列举）"
_BRACKETS = re.compile(r"\([^()]*\)")


def awards_of(plan: AwardPlan) -> Names:
    """Award id -> its names."""
    return {award.id: (award.name,) for award in plan.awards}


def kinds_of(plan: AwardPlan) -> Names:
    """Kind id -> its names and other ways of writing it."""
    return {kind.id: (kind.name, *kind.also) for kind in plan.kinds}


def kind_name(plan: AwardPlan, kind: str) -> str:
    """A kind by name; one that the plan does not name ('') is told to be so."""
    return plan.kind(kind).name if kind else _NOT_NAMED


def stages_of(branch: Branch) -> Names:
    """Stage id -> its name and its number in the branch."""
    return {s.id: (s.name, str(number)) for number, s in enumerate(branch.stages, start=1)}


def materials_of(plan: AwardPlan, award: Award) -> Names:
    """Material id -> its name, of those that are handed in for nominees under this award."""
    return {material.id: (material.name,) for material in plan.materials_for(award)}


def checks_of(plan: AwardPlan, award: Award, kind: str) -> Names:
    """Check id -> its name, of those for nominees of this kind under this award."""
    return {check.id: (check.name,) for check in plan.checks_for(award, kind)}


def meant(text: str, names: Names, *, whole: bool = False) -> str:
    """The id that the text means: an id, a name, a name without what stands in brackets, or (not
    `whole`) the one name that has its characters in order; '' where none or several fit."""
    wanted = clean(text)
    if wanted in names:
        return wanted
    for fits in (_same, _same_bare) if whole else (_same, _same_bare, _within):
        found = {ident for ident, known in names.items() if any(fits(wanted, k) for k in known)}
        if found:
            return found.pop() if wanted and len(found) == 1 else ""
    return ""


def unknown(text: str, names: Names, what: str, where: str) -> Problem:
    """That the text means none of these, with the list of them."""
    known = "、".join(told[0] for told in names.values()) or "无"
    return Problem(f"没有“{text}”这个{what}，或不止一个符合", where, f"可写：{known}")


def chosen(text: str, names: Names, what: str, where: str, problems: list[Problem]) -> str:
    """As `meant`; where nothing is, a problem is noted and '' returned."""
    found = meant(text, names)
    if not found:
        problems.append(unknown(text, names, what, where))
    return found


def _same(wanted: str, name: str) -> bool:
    return wanted == clean(name)


def _same_bare(wanted: str, name: str) -> bool:
    return _bare(wanted) == _bare(clean(name))


def _within(wanted: str, name: str) -> bool:
    """Whether the characters of the one stand in the other, brackets left out, in this order."""
    letters = iter(_bare(clean(name)))
    return all(letter in letters for letter in _bare(wanted))


def _bare(text: str) -> str:
    return _BRACKETS.sub("", text)
