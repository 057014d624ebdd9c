"""Who holds a role when: each role of the vocabulary as stretches of days.

A stretch frame has the columns holder, counterpart (-1 for none), unit (the unit answerable, -1
for none), team (-1 for none), place (the area the stretch is about), starts, ends. The place
decides which document binds and whose reports speak for the holder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from tracker.registry import spans
from tracker.registry.dated import FIRST_DAY, LAST_DAY, Registry
from tracker.registry.named import Inside

COLUMNS = ["holder", "counterpart", "unit", "team", "place", "starts", "ends"]
AREAS = ("province", "prefecture", "county", "township", "village")
NOBODY = -1
COUNTY_CODE = 6  # digits: what rosters know


class Roles:
    """Resolves roles against one state of the registry. `tracked`: ids of the areas that report;
    bodies that are areas themselves hold duties only inside one of these."""

    def __init__(self, registry: Registry, tracked: frozenset[int]) -> None:
        self.registry = registry
        self.tracked = tracked
        parts = registry.tie("part_of").sort_values("starts", kind="stable")
        self._parent = dict(zip(parts["source"], parts["target"], strict=True))
        self._kind, codes = registry.of_subjects("kind"), registry.of_subjects("code")
        self._code = {one: codes[one] for one, kind in self._kind.items() if kind in AREAS}
        self._codes: dict[int, str] = {}
        self._within: dict[str, dict[int, int]] = {}
        self._resolvers: dict[str, Callable[[], pd.DataFrame]] = {
            "province": lambda: self._areas("province"),
            "prefecture": lambda: self._areas("prefecture"),
            "county": lambda: self._areas("county"),
            "township": lambda: self._areas("township"),
            "village": lambda: self._areas("village"),
            "assisting_unit": self._assisting_units,
            "group_leader_unit": lambda: self._bodies_tied_to_county("leads_county"),
            "lead_unit": lambda: self._bodies_tied_to_county("governs_sector"),
            "provincial_leader_seat": lambda: self._bodies_tied_to_county("contacts_county"),
            "leader": self._leaders,
            "staff_with_pairs": self._staff_with_pairs,
            "resident_cadre": self._resident_cadres,
            "team": self._teams,
            "helper": self._helpers,
            "town_helper": lambda: self._helpers("township"),
        }
        self._cache: dict[str, pd.DataFrame] = {}
        self._inside: dict[tuple[int, str], Inside] = {}
        self._helped: dict[int, tuple[int, ...]] | None = None

    def stretches(self, role: str) -> pd.DataFrame:
        """All stretches of a role, overlapping ones of the same holder not yet merged."""
        if role not in self._cache:
            self._cache[role] = self._resolvers[role]().reindex(columns=COLUMNS)
        return self._cache[role]

    def related(self, relation: str) -> pd.DataFrame:
        """Holder -> counterpart stretches of a tie, or of a role seen from its unit or county."""
        if relation == "paired_with":
            return self._pairs()
        if relation == "assists":
            ties = self.registry.tie("assists")
            return self._table(
                ties, holder="source", counterpart="target", unit="source", place="target"
            )
        if relation in ("leads_county", "contacts_county"):
            return self._table(
                self.registry.tie(relation),
                holder="source",
                counterpart="target",
                unit="source",
                place="target",
            )
        if relation == "dispatches":
            stays = self.stretches("resident_cadre")
            return stays[stays["unit"] != NOBODY].assign(
                counterpart=lambda s: s["holder"], holder=lambda s: s["unit"]
            )
        raise KeyError(relation)

    def obliged(
        self, role: str, tie: str | None = None, member: str | None = None, *,
        apart: bool = False, focus: Collection[int] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Stretches of a role's holders, one set per counterpart where a tie or the role of a
        member names these; overlapping ones merged, adjoining ones too unless `apart` and the
        unit, team or place changed. `code`: the statistical code of the place. With a `focus`,
        at least those that are `touching` it."""
        key = f"{role}|{tie}|{member}|{apart}"
        if key in self._cache:
            return self._cache[key]
        found = self._tied(role, tie, member)
        if focus is not None:
            return self._merged(touching(found, focus), apart)
        self._cache[key] = self._merged(found, apart)
        return self._cache[key]

    def _tied(self, role: str, tie: str | None, member: str | None) -> pd.DataFrame:
        if not (tie or member):
            return self.stretches(role)
        key = f"{role}|{tie}|{member}"
        if key not in self._cache:
            found = self.related(tie) if tie else self.of_body(str(member), role)
            self._cache[key] = found[found["holder"].isin(self.stretches(role)["holder"])]
        return self._cache[key]

    def _merged(self, found: pd.DataFrame, apart: bool) -> pd.DataFrame:
        where = ("unit", "team", "place") if apart else ()
        merged = spans.union(found, ["holder", "counterpart"], where)
        return merged.assign(code=self.codes(merged["place"]))

    def of_body(self, role: str, body_role: str) -> pd.DataFrame:
        """Those of `role` as counterparts of the body they belong to: their area of this kind, or
        their unit."""
        people = self.stretches(role)
        if body_role in AREAS:
            body = self.within(people["place"], body_role)
        else:
            body = people["unit"].to_numpy()
        members: pd.DataFrame = people.assign(counterpart=people["holder"], holder=body)
        return members[members["holder"] != NOBODY]

    def chain(self, area: int) -> list[int]:
        """The area and every area above it."""
        found: list[int] = []
        step: int | None = area
        while step is not None and step >= 0 and step not in found:
            found.append(int(step))
            step = self._parent.get(step)
        return found

    def within(self, areas: pd.Series, kind: str) -> np.ndarray:
        """For each area the area of `kind` it lies in (or is), -1 where none."""
        known = self._within.setdefault(kind, {})
        for area in set(areas.tolist()) - known.keys():
            above = (one for one in self.chain(area) if self._kind.get(one) == kind)
            known[area] = next(above, NOBODY)
        return np.array([known[area] for area in areas.tolist()], dtype="int64")

    def counties_helped(self, unit: int) -> tuple[int, ...]:
        """The counties in which a unit helps a village, whenever it did."""
        if self._helped is None:
            ties = self.registry.tie("assists")
            counties = self.within(ties["target"], "county").tolist()
            found: dict[int, set[int]] = {}
            for helping, county in zip(ties["source"].tolist(), counties, strict=True):
                found.setdefault(helping, set()).add(county)
            self._helped = {helping: tuple(sorted(of)) for helping, of in found.items()}
        return self._helped.get(unit, ())

    def codes(self, areas: pd.Series) -> pd.Series:
        """The statistical code of each area, or of the nearest area above that has one."""
        known = self._codes
        for area in set(areas.tolist()) - known.keys():
            known[area] = next(
                (self._code[one] for one in self.chain(area) if self._code.get(one)), ""
            )
        return areas.map(known)

    def learn(self, code: str, name: str) -> None:
        """Rosters name towns and villages without their codes: give this one, which a document
        says, to the one place of this name in the county that it begins with."""
        subjects = self.registry.subjects
        called = [int(i) for i in subjects.index[subjects["name"] == name] if i in self._code]
        above = self.codes(pd.Series(called, dtype="int64")).tolist()
        found = [one for one, nearest in zip(called, above, strict=True)
                 if len(nearest) >= COUNTY_CODE and code.startswith(nearest)]  # fmt: skip
        if len(found) == 1:
            self._code[found[0]] = code
            self._codes.clear()

    def area(self, code: str) -> int | None:
        """The area of this statistical code, however its zeros are padded."""
        wanted = code.ljust(6, "0")
        padded = (one for one, known in self._code.items() if known.ljust(6, "0") == wanted)
        return next(padded, None) if code else None

    def inside(self, area: int, called: str) -> Inside:
        """The names inside an area, which a document calls `called`."""
        if (area, called) not in self._inside:
            self._inside[area, called] = Inside(self.registry, self.chain, area, called)
        return self._inside[area, called]

    def reports(self, area: int) -> bool:
        """Whether anybody reports for the area: itself, or one above it."""
        return not self.tracked.isdisjoint(self.chain(area))

    def _table(self, frame: pd.DataFrame, **columns: str) -> pd.DataFrame:
        table = pd.DataFrame({name: frame[source] for name, source in columns.items()})
        for name in COLUMNS[:5]:
            if name not in table:
                table[name] = NOBODY
        table["starts"], table["ends"] = frame["starts"], frame["ends"]
        return table[COLUMNS].reset_index(drop=True)

    def _areas(self, kind: str) -> pd.DataFrame:
        ids = [
            int(i)
            for i in self.registry.subjects.index[self.registry.subjects["kind"] == kind]
            if (i in self._parent or i in self.tracked) and self.reports(int(i))
        ]
        frame = pd.DataFrame({"holder": ids, "starts": FIRST_DAY, "ends": LAST_DAY})
        return self._table(frame, holder="holder", place="holder")

    def _assisting_units(self) -> pd.DataFrame:
        ties = self.registry.tie("assists")
        ties = ties.assign(place=self.within(ties["target"], "county"))
        return self._table(ties, holder="source", unit="source", place="place")

    def _bodies_tied_to_county(self, kind: str) -> pd.DataFrame:
        ties = self.registry.tie(kind)
        return self._table(ties, holder="source", unit="source", place="target")

    def _posts(self, role: str) -> pd.DataFrame:
        posts = self.registry.posts
        return posts[posts["role"] == role][["person", "body", "starts", "ends"]]

    def _leaders(self) -> pd.DataFrame:
        units = spans.union(self.stretches("assisting_unit"), ["holder", "place"])
        units = units.rename(columns={"holder": "body"})[["body", "place", "starts", "ends"]]
        both = spans.intersect(self._posts("leader"), units, ["body"])
        return self._table(both, holder="person", unit="body", place="place")

    def _pairs(self) -> pd.DataFrame:
        if "paired_with" not in self._cache:
            ties = self.registry.tie("paired_with")
            ties = ties.assign(unit=self._home(ties["source"]))
            self._cache["paired_with"] = self._table(
                ties, holder="source", counterpart="target", unit="unit", place="target"
            )
        return self._cache["paired_with"]

    def _helpers(self, at: str = "county") -> pd.DataFrame:
        """Helpers as seen `at` a level: a document of a town binds those of its own households."""
        pairs = self._pairs()
        return pairs.assign(counterpart=NOBODY, place=self.within(pairs["place"], at))

    def _staff_with_pairs(self) -> pd.DataFrame:
        both = (self.stretches("helper"), self.stretches("leader"))
        return pd.concat(both, ignore_index=True)

    def _resident_cadres(self) -> pd.DataFrame:
        stays = self.registry.tie("member_of_team")
        stays = stays.assign(unit=self._home(stays["source"]), place=self._home(stays["target"]))
        return self._table(stays, holder="source", unit="unit", team="target", place="place")

    def _teams(self) -> pd.DataFrame:
        stays = self.registry.tie("member_of_team")
        stays = stays.assign(place=self._home(stays["target"]))
        return self._table(stays, holder="target", team="target", place="place")

    def _home(self, subjects: pd.Series) -> pd.Series:
        homes = self.registry.of_subjects("home")
        found = [homes.get(subject, NOBODY) for subject in subjects.tolist()]
        return pd.Series(found, index=subjects.index, dtype="int64")


def touching(stretches: pd.DataFrame, focus: Collection[int]) -> pd.DataFrame:
    """The stretches in which one of `focus` is a party. All of an obligation or none: a part would
    be judged as if it were all of it."""
    parties = stretches[["holder", "counterpart", "unit", "team"]].to_numpy("int64")
    obligation = (parties[:, 0] << 32) + parties[:, 1]
    mine = np.isin(parties, np.array(sorted(focus), dtype="int64")).any(axis=1)
    return stretches[np.isin(obligation, obligation[mine])]
