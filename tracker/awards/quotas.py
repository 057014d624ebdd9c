"""Awards: the places of a quota, and how many of them are taken. Pure.

By area and by part where the plan says so; not transferable. What stands in an annex that is not
at hand is unknown, never zero (I50).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tracker.awards.nominations import LIVE, Filed, branch_of
from tracker.errors import Problem
from tracker.policy.awards import Award, AwardPlan, Part
from tracker.registry.spelling import clean

Counts = Callable[[Filed], bool]


@dataclass(frozen=True, slots=True)
class Places:
    """Places for an award, one of its areas or one of its parts (`name`, '' for the award whole):
    how many there are, proposed and not yet nominated, and nominated."""

    award: Award
    name: str
    area_code: str
    number: int
    proposed: int
    nominated: int

    @property
    def used(self) -> int:
        """Places taken by live nominations."""
        return self.proposed + self.nominated

    @property
    def left(self) -> int:
        """Places still free."""
        return self.number - self.used


def places(plan: AwardPlan, award: Award, filed: Sequence[Filed]) -> list[Places]:
    """The award whole, then each area, then each part."""
    mine = [one for one in filed if one.nominee.award == award.id]
    quota = award.quota
    return [
        _places(award, "", "", quota.number, mine),
        *(
            _places(award, quota.area_names.get(code, code), code, number,
                    [one for one in mine if one.nominee.area_code == code])
            for code, number in quota.by_area.items()
        ),
        *(
            _places(award, part.name, "", part.number,
                    [one for one in mine if _is_of(plan, award, part, one.nominee.kind)])
            for part in quota.parts
        ),
    ]  # fmt: skip


def full(
    plan: AwardPlan, award: Award, kind: str, area_code: str, filed: Sequence[Filed]
) -> Iterator[Problem]:
    """A problem for each quota that one more nominee of the kind and area would exceed."""
    parts = {part.name for part in award.quota.parts if _is_of(plan, award, part, kind)}
    for found in places(plan, award, filed):
        concerned = not found.name or found.area_code == area_code != "" or found.name in parts
        if concerned and found.left < 1:
            where = found.name or "全部"
            what = f"“{award.name}”{where}名额 {found.number} 个，已用 {found.used} 个，没有剩余"
            fix = f"名额不得突破，地区之间不得调剂（{award.quota.cite}）"
            yield Problem(what, "--area" if found.area_code else "奖项", fix)


def area_of(award: Award, text: str) -> str:
    """The code of the quota table that a code or name means: 6212, 621222, 陇南市, 陇南; '' where
    none does, or where the award has no such table."""
    wanted, names = clean(text), award.quota.area_names
    found = [
        code
        for code in award.quota.by_area
        if (wanted.startswith(code) if wanted.isdecimal() else names[code].startswith(wanted))
    ]
    return found[0] if wanted and len(found) == 1 else ""


def _places(award: Award, name: str, area_code: str, number: int, mine: Sequence[Filed]) -> Places:
    proposed = sum(one.state == "proposed" for one in mine)
    live = sum(one.state in LIVE for one in mine)
    return Places(award, name, area_code, number, proposed, live - proposed)


def _is_of(plan: AwardPlan, award: Award, part: Part, kind: str) -> bool:
    if part.kinds:
        return kind in part.kinds
    return branch_of(plan, award, kind).id in part.branches
