"""The registry: bodies and villages as a document names them, looked for inside its area.

A name counts only where it means one subject; what it may mean twice, or nobody, is not registered
for the document's purposes, and a person has to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from tracker.frames import each
from tracker.registry.dated import Registry
from tracker.registry.names import AREA_KINDS, Named, NameIndex
from tracker.registry.spelling import clean

_ORDER = (*AREA_KINDS, "township", "village")
Chain = Callable[[int], list[int]]


class Inside:
    """Names inside one area. `area`: its subject; `called`: what the document calls the area, so
    that 甘南州教育局 is found under 甘南藏族自治州; `chain`: an area and every area above it."""

    def __init__(self, registry: Registry, chain: Chain, area: int, called: str) -> None:
        self.area = area
        self._registry, self._chain, self._called = registry, chain, clean(called)
        self._found: dict[tuple[str, int | None], int | None] = {}

    def body(self, text: str) -> int | None:
        """The one body that a name means, of the area's own offices first: 教育局 is the area's."""
        return self._once(text, None, self._body)

    def member(self, text: str, place: int) -> int | None:
        """The one village (林镇乡张岔村, or the bare name where one has it) or body in `place`."""
        return self._once(text, place, lambda name: self._member(name, place))

    def _once(self, text: str, place: int | None, find: Callable[[str], int | None]) -> int | None:
        if (text, place) not in self._found:
            self._found[text, place] = find(clean(text))
        return self._found[text, place]

    def _body(self, name: str) -> int | None:
        written = (self._called + name, clean(self._registry.name(self.area)) + name, name)
        found = (self._index.unit(each).one for each in written)
        return next((one for one in found if one is not None), None)

    def _member(self, name: str, place: int) -> int | None:
        leading = [area for called, area in self._areas if name.startswith(called)]
        within = {place, *leading}
        ids = [i for i in self._index.village(name).ids if within <= {*self._above(i)}]
        if ids:
            return ids[0] if len(ids) == 1 else None
        body = self.body(name)
        here = body is not None and (place == self.area or place in self._above(body))
        return body if here else None

    def _above(self, subject: int) -> list[int]:
        """The subject, its home, and the areas above either."""
        home = int(self._registry.of_subjects("home").get(subject, -1))
        return [*self._chain(subject), *(self._chain(home) if home >= 0 else ())]

    @cached_property
    def _areas(self) -> list[tuple[str, int]]:
        """Names of the area and of the counties and prefectures in it."""
        kinds, name = self._registry.of_subjects("kind"), self._registry.name
        areas = [one for one, kind in kinds.items() if kind in AREA_KINDS]
        below = [(clean(name(one)), one) for one in areas if self.area in self._above(one)]
        return [(self._called, self.area), *below]

    @cached_property
    def _index(self) -> NameIndex:
        bodies = [Named(*row) for row in self._bodies()]
        bodies.sort(key=lambda b: _ORDER.index(b.kind) if b.kind in _ORDER else len(_ORDER))
        area = next(body for body in bodies if body.id == self.area)
        index = NameIndex([area._replace(name=self._called), *bodies])
        short = self._registry.attribute("short_name")
        for unit, name in zip(short["subject"].tolist(), short["value"].tolist(), strict=True):
            if unit in index.subjects:
                index.add_short_name(unit, name)
        return index

    def _bodies(self) -> Iterator[tuple[Any, ...]]:
        """The bodies inside the area: by where they are; one at home nowhere by its name, unless
        that names an area elsewhere."""
        subjects = self._registry.subjects
        rows = subjects[(subjects["sort"] == "body") & (subjects["kind"] != "team")]
        inside = [name for name, _ in self._areas]
        outside = {clean(str(n)) for n in rows.loc[rows["kind"].isin(AREA_KINDS), "name"]}
        outside -= {*inside}

        def fits(text: str) -> bool:
            return any(n in text for n in inside) or not any(n in text for n in outside)

        for row in each(rows):
            free = row.home < 0 and row.kind not in _ORDER
            if self.area in self._above(row.id) or (free and fits(row.name)):
                home = None if row.home < 0 else row.home
                yield row.id, row.sort, row.kind, row.name, home, row.code, row.distinguisher
