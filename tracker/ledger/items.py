"""The ledger: the named items that the law counts: indicators, tasks and what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.policy.model import Duty, Pack
from tracker.registry.areas import Area

_DIGITS = {"province": 2, "prefecture": 4, "county": 6}


@dataclass(frozen=True, slots=True)
class Item:
    """One item by the name the law gives it: the units its duties are measured in, the bodies
    that owe them by name and the members each of them owes it for; empty where nobody is named."""

    name: str
    units: tuple[str, ...]
    bodies: tuple[str, ...]
    members: tuple[str, ...]


Items = Mapping[str, Mapping[str, Item]]


def items_of(packs: Iterable[Pack], area: Area) -> Items:
    """Kind -> name -> item, of the documents that bind in an area or inside it. Kinds of which
    some duty counts every line, whatever its item, are left out."""
    code = area.code[: _DIGITS[area.kind]]
    said: dict[tuple[str, str], list[Duty]] = defaultdict(list)
    free = set()
    for pack in packs:
        binding = pack.document.area
        if not binding.covers(code) and not binding.code.startswith(code):
            continue
        for duty in pack.duties:
            for counted in duty.counts:
                if counted.item is None:
                    free.add(counted.kind)
                else:
                    said[counted.kind, counted.item].append(duty)
    items: dict[str, dict[str, Item]] = defaultdict(dict)
    for (kind, name), duties in said.items():
        if kind not in free:
            items[kind][name] = _item(name, duties)
    return items


def _item(name: str, duties: Iterable[Duty]) -> Item:
    """What all duties that count an item say of it. Where one names nobody, anybody may."""
    known = list(duties)
    bodies = [duty.holder.bodies for duty in known]
    members = [duty.per.members if duty.per else () for duty in known]
    return Item(
        name, tuple(dict.fromkeys(duty.unit for duty in known)), _all(bodies), _all(members)
    )


def _all(named: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for names in named for n in names)) if all(named) else ()
