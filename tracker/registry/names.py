"""The registry: names as people write them, and whom they may mean. Pure.

Nothing here guesses: a name fits one subject, several (the caller asks) or none (the caller names
what is near). `names.yaml` holds the words that offices leave out or shorten.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process

from tracker.registry.spelling import clean, everyday, masked, split_hint, stem, words

AREA_KINDS = ("province", "prefecture", "county")
_NEAR_ENOUGH = 55


class Named(NamedTuple):
    """A subject as the registry knows it by name; see registry/tables.py Subject."""

    id: int
    sort: str
    kind: str
    name: str
    home: int | None
    code: str
    distinguisher: str


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a text may mean; `note` says how it was understood where that is worth a look."""

    ids: tuple[int, ...] = ()
    note: str = ""

    @property
    def one(self) -> int | None:
        """The only subject meant, None where there is none or more than one."""
        return self.ids[0] if len(self.ids) == 1 else None


class NameIndex:
    """Subjects by every form of their name. Add areas before the bodies inside them."""

    def __init__(self, subjects: Iterable[Named] = ()) -> None:
        self.subjects: dict[int, Named] = {}
        self.hints: dict[int, set[str]] = defaultdict(set)
        self._letters: dict[str, str] = {}
        self._areas: dict[str, set[int]] = defaultdict(set)
        self._units: dict[str, set[int]] = defaultdict(set)
        self._unit_keys: dict[str, set[int]] = defaultdict(set)
        self._townships: dict[str, set[int]] = defaultdict(set)
        self._villages: dict[str, set[int]] = defaultdict(set)
        self._people: dict[str, set[int]] = defaultdict(set)
        self._households: dict[str, set[int]] = defaultdict(set)
        for subject in subjects:
            self.add(subject)

    def add(self, subject: Named) -> None:
        """Make a subject findable."""
        self.subjects[subject.id] = subject
        name = clean(subject.name)
        if subject.sort == "person":
            self._people[name].add(subject.id)
        elif subject.sort == "household":
            self._households[clean(subject.code).upper()].add(subject.id)
        elif subject.kind in AREA_KINDS:
            for called in {name, everyday(name)}:
                self._letters[called] = name[-1]
                self._areas[called].add(subject.id)
        elif subject.kind == "township":
            self._townships[stem(name, words().township_ends)].add(subject.id)
        elif subject.kind == "village":
            self._villages[stem(name, words().village_ends)].add(subject.id)
        else:
            self._unit_keys[self._key(name)].add(subject.id)
            for key in (name, *self._keys(subject)):
                self._units[key].add(subject.id)

    def add_short_name(self, unit: int, short_name: str) -> None:
        """Make a unit findable by a short form that its roster gives."""
        self._units[clean(short_name)].add(unit)

    def label(self, subject_id: int, *, mask: bool = False) -> str:
        """How a candidate is shown: 王乙@华池县审计局, 城壕镇余家砭村, HC0117 时辰 (or 时*) ..."""
        subject = self.subjects[subject_id]
        home = self.subjects[subject.home].name if subject.home in self.subjects else ""
        if subject.sort == "person":
            tail = f"（{subject.distinguisher}）" if subject.distinguisher else ""
            return f"{subject.name}@{home}{tail}"
        if subject.sort == "household":
            return f"{subject.code} {masked(subject.name) if mask else subject.name}"
        return home + subject.name if subject.kind == "village" else subject.name

    def area(self, text: str) -> Match:
        """A province, prefecture or county by its full or everyday name, or the last of a chain."""
        name = clean(text)
        for longer in sorted(self._areas, key=len, reverse=True):
            if name.endswith(longer) and not self._without_areas(name):
                return Match(tuple(sorted(self._areas[longer])))
        return Match()

    def same_unit(self, text: str) -> Match:
        """The unit of this very name, also where only words like 中共 or 县 for 华池县 differ."""
        return self._match(self._unit_keys.get(self._key(clean(text)), set()))

    def unit(self, text: str) -> Match:
        """A unit (or team, office) by full name, roster short form or general short form; an area's
        own government counts as the area."""
        name = clean(text)
        for key in (name, self._key(name)):
            if key in self._units:
                return self._match(self._units[key])
        office = stem(name, words().township_office_ends)
        found = self.township(office)
        return found if found.ids else self.area(office)

    def township(self, text: str) -> Match:
        """A township by name; under another end (五蛟乡 for 五蛟镇) it is found with a note."""
        name = self._without_areas(clean(text))
        bare = stem(name, words().township_ends)
        ids = self._townships.get(bare) or self._townships.get(name) or set()
        exact = {i for i in ids if self.subjects[i].name == name}
        renamed = bare != name and name not in self._townships
        note = f"“{name}”按“{self._name_of(ids)}”办理" if ids and renamed else ""
        return self._match(exact) if exact else self._match(ids, note)

    def village(self, text: str, township: str = "", among: Collection[int] = ()) -> Match:
        """A village, '城壕镇余家砭村' or the bare name; `township` as another cell
        gives it; `among` decides between villages of one name (those a unit helps)."""
        name, note = self._without_areas(clean(text)), ""
        if not township:
            township, name = self._split_township(name)
        ids = self._villages.get(stem(name, words().village_ends), set())
        if township:
            found = self.township(township)
            note = found.note
            ids = {i for i in ids if self.subjects[i].home in found.ids}
        elif len(ids) > 1 and len(ids.intersection(among)) == 1:
            ids = ids.intersection(among)
        return self._match(ids, note=note if ids else "")

    def people(self, text: str, homes: Collection[int] | None = None) -> Match:
        """People of a name, with any hint in brackets or after '@', of the given units only."""
        name, hint = split_hint(text)
        ids = self._people.get(name, set())
        if homes is not None:
            ids = {i for i in ids if self.subjects[i].home in homes}
        if hint:
            ids = {i for i in ids if self.fits_hint(i, hint)}
        return self._match(ids)

    def staff(self, unit: int) -> list[int]:
        """The known people of a unit."""
        everybody = (i for people in self._people.values() for i in people)
        return [i for i in everybody if self.subjects[i].home == unit]

    def fits_hint(self, person: int, hint: str) -> bool:
        """Whether a bracketed hint (township, village or unit) speaks of this person."""
        hint, home = clean(hint), self.subjects[person].home
        if home is not None and home in self.unit(hint).ids:
            return True
        bare = stem(stem(hint, words().village_ends), words().township_ends)
        return any(bare in known for known in (*self.hints[person], self.label(person)))

    def household(self, code: str) -> Match:
        """A household by its number, in any width or case, optionally followed by the name."""
        code = unicodedata.normalize("NFKC", code).strip().upper()
        for key in ("".join(code.split()), code.split(" ")[0]):
            if key in self._households:
                return self._match(self._households[key])
        return Match()

    def anything(self, text: str) -> Match:
        """Whatever the text may mean: area, unit, township, village, household or person."""
        if not clean(text):
            return Match()
        tried = [
            look(text)
            for look in (self.area, self.household, self.unit, self.township, self.village)
        ]
        people = self.people(text)
        found = next((m for m in tried if m.ids), None)
        if found and people.ids:
            return Match(found.ids + people.ids)
        return found or people

    def _match(self, ids: Collection[int], note: str = "") -> Match:
        return Match(tuple(sorted(ids)), note)

    def _name_of(self, ids: Collection[int]) -> str:
        return "、".join(sorted(self.subjects[i].name for i in ids))

    def _keys(self, subject: Named) -> set[str]:
        """县水务局 and 水务局 for 华池县水务局; a local unit named without its county likewise."""
        key = self._key(clean(subject.name))
        home = self.subjects.get(subject.home) if subject.home is not None else None
        letters = set(self._letters.values())
        if any(area in clean(subject.name) for area in self._letters):
            bare = key[1:] if key[:1] in letters else key
            return {key, bare}
        if home is not None and home.name in self._letters:
            return {key, self._letters[home.name] + key}
        return {key}

    def _key(self, name: str) -> str:
        for word in words().drop:
            name = name.replace(word, "")
        for area in sorted(self._letters, key=len, reverse=True):
            name = name.replace(area, self._letters[area])
        for word, short in words().shorten.items():
            name = name.replace(word, short)
        return name

    def _without_areas(self, name: str) -> str:
        leading = next((area for area in self._letters if name.startswith(area)), "")
        return self._without_areas(name.removeprefix(leading)) if leading else name

    def _split_township(self, name: str) -> tuple[str, str]:
        """'五蛟乡南湾村' -> ('五蛟乡', '南湾村'); ('', name) where no known township leads."""
        for known in sorted(self._townships, key=len, reverse=True):
            for end in (*words().township_ends, ""):
                rest = name.removeprefix(known + end)
                if rest not in (name, "") and self._has_village(rest, self._townships[known]):
                    return known + end, rest
        for known in sorted(self._townships, key=len, reverse=True):
            for end in words().township_ends:
                if name.startswith(known + end) and name != known + end:
                    return known + end, name.removeprefix(known + end)
        return "", name

    def _has_village(self, name: str, townships: Collection[int]) -> bool:
        ids = self._villages.get(stem(name, words().village_ends), set())
        return any(self.subjects[i].home in townships for i in ids)

    def near(
        self, text: str, sort: str = "", among: Collection[int] | None = None, *, mask: bool = False
    ) -> tuple[str, ...]:
        """Labels of what is most alike, for a text that fits nothing: of a sort or kind, or among
        the given subjects."""
        ids = self.subjects if among is None else among
        fitting = (i for i in ids if sort in ("", self.subjects[i].kind, self.subjects[i].sort))
        labels: Mapping[int, str] = {i: self.label(i) for i in fitting}
        found = process.extract(
            clean(text), labels, scorer=fuzz.WRatio, limit=3, score_cutoff=_NEAR_ENOUGH
        )
        return tuple(dict.fromkeys(self.label(i, mask=mask) for _, _, i in found))
