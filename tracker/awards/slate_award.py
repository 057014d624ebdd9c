"""A list of nominees, third step: under which award, and as which kind, each row is meant. Pure.

The row's own cells say it, else the title, the sheet or the file; whoever asks may narrow it to one
plan or award. Where nothing shows the kind it stays open for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from tracker.awards.asking import Asked, Choice, choices_of, settle
from tracker.awards.facts import Facts
from tracker.awards.meant import kinds_of, meant
from tracker.awards.nomination_desk import plans
from tracker.awards.nominee import Nominee
from tracker.awards.quotas import area_of
from tracker.awards.slate import slate_words
from tracker.awards.slate_names import Named
from tracker.errors import LuzeError
from tracker.policy.law import Law
from tracker.registry.spelling import clean

Choices = tuple[Choice, ...]


class Asker:
    """Asks about the rows of one list. `award`, `kind`: as whoever asks said them, '' for nothing.
    Raises LuzeError where they mean nothing."""

    def __init__(self, facts: Facts, award: str = "", kind: str = "") -> None:
        self._facts, self._kind = facts, kind
        texts = [award] if award else [pack.document.id for pack in plans(facts.law)]
        self._scope = tuple(c for text in texts for c in choices_of(facts.law, text))
        self._meant = cache(lambda text: _choices(facts.law, text))
        self._titled = cache(lambda text: _titled(self._scope, text) or self._meant(_cut(text)))

    def ask(self, named: Named) -> Asked | None:
        """What a row asks; None where it must be corrected first. Messages go to the row."""
        choices, kind = self._choices(named), self._kind_of(named)
        if named.open:
            return None
        live = self._live(named, choices)
        if live:
            choices = [
                c for c in choices if (c.document, c.award.id) == (live.document, live.award)
            ]
        try:
            asked = settle(self._facts, choices, named.subject_id, kind, open_kind=True)
        except LuzeError as failure:
            known = "、".join(problem.what for problem in failure.problems)
            named.leave_open(f"{failure.what}：{known}；请在名单中写明奖项或类别")
            return None
        return self._as_live(named, asked, live, kind) if live else self._as_new(named, asked, kind)

    def _choices(self, named: Named) -> list[Choice]:
        """The awards that a row may mean, narrowed by each text that says something."""
        entry, found = named.entry, list(self._scope)
        for text in reversed(entry.around):
            said = self._titled(text)
            found = _both(found, said) or _both(self._scope, said) or found
        for text in (entry.award, entry.kind):
            if not text or self._is_kind(text):
                continue
            said = self._meant(text)
            if said and not _both(self._scope, said):
                named.leave_open(f"“{text}”不在所问的奖项之内")
            elif not said and text == entry.award:
                known = "、".join(choice.award.name for choice in self._scope)
                named.leave_open(f"没有“{text}”这个奖项，可写：{known}")
            found = _both(found, said) or _both(self._scope, said) or found
        return self._of_sort(found, named.subject_id)

    def _of_sort(self, choices: list[Choice], subject: int | None) -> list[Choice]:
        """The awards for a body, or for a person, whichever the subject is, where there are any."""
        if subject is None:
            return choices
        wanted = "collective" if self._facts.careers.day.kind(subject) else "individual"
        return [choice for choice in choices if choice.award.nominee == wanted] or choices

    def _kind_of(self, named: Named) -> str:
        """The kind as written: whatever cell means one, else what is in the column of kinds."""
        entry = named.entry
        written = next((t for t in (entry.kind, entry.award) if self._is_kind(t)), "")
        other = "" if self._meant(entry.kind) else entry.kind
        return written or other or self._kind

    def _is_kind(self, text: str) -> bool:
        plans_asked = {choice.document: choice.plan for choice in self._scope}.values()
        return any(meant(text, kinds_of(plan), whole=True) for plan in plans_asked)

    def _live(self, named: Named, choices: Sequence[Choice]) -> Nominee | None:
        """The one live nomination of the same nominee under one of the awards."""
        awards = {(choice.document, choice.award.id) for choice in choices}
        found = [
            one
            for one in self._facts.nominees
            if (one.document, one.award) in awards and _same(one, named)
        ]
        return found[0] if len(found) == 1 else None

    def _as_live(self, named: Named, asked: Asked, live: Nominee, kind: str) -> Asked:
        name = next((k.name for k in asked.plan.kinds if k.id == live.kind), "方案没有列名")
        if kind and asked.nominee.kind != live.kind:
            named.messages.append(
                f"第{live.nomination_id}号推荐登记的类别是{name}，"
                f"与名单所写“{kind}”不同，按登记的审查"
            )
        return asked._replace(nominee=live)

    def _as_new(self, named: Named, asked: Asked, kind: str) -> Asked:
        entry, nominee = named.entry, asked.nominee
        if not nominee.kind:
            why = f"类别“{kind}”方案没有列名" if kind else "没有写类别，登记资料也看不出"
            named.messages.append(f"{why}，由人认定")
        area = _area(asked, entry.area) or nominee.area_code
        if asked.award.quota.by_area and not area:
            named.messages.append("看不出用哪个地区的名额，请写明市（州）")
        if nominee.subject_id is None:
            nominee = replace(nominee, name=entry.name, unit=entry.unit)
        return asked._replace(nominee=replace(nominee, area_code=area), written=kind)


def _choices(law: Law, text: str) -> Choices:
    try:
        return tuple(choices_of(law, text)) if text else ()
    except LuzeError:
        return ()


def _titled(scope: Choices, text: str) -> Choices:
    """The awards whose names stand in a title. Where one does, so may others that share its
    beginning: 甲先进集体和先进个人 is 甲先进集体 and 甲先进个人."""
    title = clean(text)
    whole = [choice for choice in scope if clean(choice.award.name) in title]
    spread = [choice for choice in scope if whole and _runs_in(choice, title)]
    shortened = {a.name for a in spread for b in spread if a != b and _runs_in(a, b.award.name)}
    return (*whole, *(c for c in spread if c not in whole and c.name not in shortened))


def _runs_in(choice: Choice, text: str) -> bool:
    """Whether the name has its characters in a text in order."""
    letters = iter(clean(text))
    return all(letter in letters for letter in clean(choice.award.name))


def _cut(text: str) -> str:
    """A title without what follows the name of an award."""
    return re.split("|".join(slate_words().after_award), clean(text))[0]


def _both(some: Iterable[Choice], others: Iterable[Choice]) -> list[Choice]:
    names = {choice.name for choice in others}
    return [choice for choice in some if choice.name in names]


def _area(asked: Asked, text: str) -> str:
    """The area of the quota table that a text names, also 陇南市武都区; '' for none."""
    names = asked.award.quota.area_names.items()
    leading = (code for code, name in names if clean(text).startswith(name))
    return area_of(asked.award, text) or next(leading, "")


def _same(nominee: Nominee, named: Named) -> bool:
    if named.subject_id is not None or nominee.subject_id is not None:
        return nominee.subject_id == named.subject_id
    entry = named.entry
    return (clean(nominee.name), clean(nominee.unit)) == (clean(entry.name), clean(entry.unit))
