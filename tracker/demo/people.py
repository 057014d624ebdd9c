"""The demo: who is who in an invented county: a hundred villages, each with the unit helping it,
its team of three and its households. The rosters of one year state it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tracker.demo import names
from tracker.demo.book import Book, attribute, post, tie
from tracker.ledger.directory import Directory

FIRST_YEAR = 2019
VILLAGES, TOWNSHIPS = 100, 12
CADRES, LEADERS, STAFF, PAIRS = 3, 2, 3, 2
_BEGUN, _FILED = date(2018, 3, 1), date(2019, 1, 10)
_YEAR = str(FIRST_YEAR)
_LATE = 0.06  # of the cadres came after the ledger begins


@dataclass(frozen=True, slots=True)
class Village:
    """A village with who works there. `pairs`: helper and household; `cadres`: person and the day
    the stay began, the captain first."""

    id: int
    township: int
    unit: int
    team: int
    leaders: tuple[int, ...]
    cadres: tuple[tuple[int, date], ...]
    pairs: tuple[tuple[int, int], ...]


class Census:
    """Makes a county's people known to its directory and writes its rosters. `round_`: how often
    the county was filled before, so that further villages get names of their own."""

    def __init__(
        self, directory: Directory, book: Book, dice: np.random.Generator, round_: int
    ) -> None:
        self._directory, self._book, self._dice, self._round = directory, book, dice, round_
        self._people: dict[int, int] = {}

    def villages(self, county: str, initials: str) -> Iterator[Village]:
        """Every village, with its rows in the rosters."""
        again = f"{self._round + 1}号" if self._round else ""
        towns = [self._body("township", f"{again}{t}") for t in names.townships(TOWNSHIPS)]
        units = [f"{county}{again}{office}" for office in names.OFFICES]
        units += [
            f"{county}{again}{town}{of}"
            for town in names.townships(TOWNSHIPS) for of in names.OF_TOWNSHIP
        ]  # fmt: skip
        for number, name in zip(range(VILLAGES), names.villages(), strict=False):
            town = towns[number % len(towns)]
            serial = (self._round * VILLAGES + number) * (LEADERS + STAFF) * PAIRS
            yield self._village(town, name, units[number], f"{initials}{serial:06}")
        self.officials(towns)

    def officials(self, towns: list[int]) -> None:
        """Who leads the county's helping work, and that of each township; all fit for it."""
        county = self._book.county
        for body, roles in (
            (county, ("secretary", "leading_group_head")),
            (county, ("deputy_secretary", "chief_captain")),
            *((town, ("party_leader", "chief_captain")) for town in towns),
        ):
            person = self._person(body)
            facts = (post(person, role, body) for role in roles)
            self._write("officials", [body, person], *facts)

    def _village(self, town: int, name: str, unit_name: str, code: str) -> Village:
        village = self._directory.ensure("body", "village", name, town)
        unit = self._directory.ensure("body", "unit", unit_name, None)
        team = self._directory.ensure("body", "team", f"{name}驻村帮扶工作队", village)
        self._write(
            "assisting_units", [unit, village], tie("assists", unit, village),
            tie("part_of", village, town), tie("part_of", town, self._book.county),
            attribute(unit, "level", "county"),
        )  # fmt: skip
        leaders = [self._person(unit) for _ in range(LEADERS)]
        for person in leaders:
            self._write("unit_leaders", [unit, person], post(person, "leader", unit))
        staff = [self._person(unit) for _ in range(STAFF)]
        pairs = self._pairs([*leaders, *staff], village, code)
        cadres = tuple(self._cadre(unit, team, number) for number in range(CADRES))
        return Village(village, town, unit, team, tuple(leaders), cadres, pairs)

    def _pairs(self, helpers: list[int], village: int, code: str) -> tuple[tuple[int, int], ...]:
        pairs = []
        first = int(code[2:])
        for number, helper in enumerate(np.repeat(helpers, PAIRS).tolist()):
            household = self._directory.ensure(
                "household", "", names.person(self._dice, number), self._book.county,
                f"{code[:2]}{first + number:06}",
            )  # fmt: skip
            self._write(
                "pairings", [household, helper], tie("part_of", household, village),
                tie("paired_with", helper, household, starts_on=_BEGUN),
                attribute(helper, "rank", "科员" if number >= LEADERS * PAIRS else "正科级"),
            )  # fmt: skip
            pairs.append((helper, household))
        return tuple(pairs)

    def _cadre(self, unit: int, team: int, number: int) -> tuple[int, date]:
        person, since = self._person(unit), _BEGUN
        if self._dice.random() < _LATE:
            since = date(FIRST_YEAR, 1, 1) + timedelta(days=int(self._dice.integers(500)))
        title = "第一书记、队长" if number == 0 else "队员"
        facts = [
            tie("member_of_team", person, team, starts_on=since),
            tie("dispatches", unit, person, starts_on=since),
        ]
        if number == 0:
            facts.append(post(person, "captain", team, title, starts_on=since))
        self._write("resident_cadres", [person, team, title], *facts)
        return person, since

    def _body(self, kind: str, name: str) -> int:
        return self._directory.ensure("body", kind, name, self._book.county)

    def _person(self, home: int) -> int:
        number = self._people[home] = self._people.get(home, -1) + 1
        name = names.person(self._dice, number)
        return self._directory.ensure("person", "", name, home)

    def _write(self, form: str, said: list[object], *facts: tuple[str, dict[str, object]]) -> None:
        cells = {f"{at}": str(value) for at, value in enumerate(said, 1)}
        self._book.write(form, _YEAR, cells, _FILED, facts=facts)
