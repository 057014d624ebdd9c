"""A household in an invented world: 史乙酉, HC0001, of 东村, helped by 赵甲 of 县水务局."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from tests.scenarios.world import ALWAYS, Span, World, all_covers, moment
from tracker.delivery.documents.occasion import Occasion
from tracker.households.checks import Checked, check
from tracker.households.desk import File, file_of
from tracker.households.facts import Household, households
from tracker.registry.dated import Registry, load_registry

NUMBER, HEAD, KEY = "HC0001", "史乙酉", b"a key of the tests, not short"
TODAY = date(2020, 1, 10)
NOW = moment(TODAY, 12)
EXIT = date(2019, 12, 20)
GUARANTEES = ("义务教育", "基本医疗", "住房安全")


class Home:
    """Says facts about the household and reads what follows."""

    def __init__(self, connection: sa.Connection, world: World | None = None) -> None:
        self.connection, self.world = connection, world or World(connection)
        self.world.unit("县水务局", "东村")
        self.household("史乙酉", NUMBER)
        self.world.pair("赵甲", "县水务局", HEAD)

    def household(self, head: str, number: str, village: str = "东村") -> int:
        """Another household of a village."""
        made = self.world.subject(head, "household", home=self.world.ids["示例县"], code=number)
        self.world.tie("part_of", head, village)
        return made

    def told(self, name: str, value: str, span: Span = ALWAYS) -> None:
        """A dated property of the household."""
        self.world.attribute(HEAD, name, value, span)

    def line(self, kind: str, day: date, item: str = "", quantity: int | Decimal = 1) -> None:
        """A line of the ledger about the household."""
        self.world.did(HEAD, kind, day, role="recipient", item=item, quantity=quantity)

    def guaranteed(self, day: date, *unmet: str) -> None:
        """A visit that found all guarantees met but these."""
        for item in (*GUARANTEES, "饮水安全"):
            self.line("guarantee_unmet" if item in unmet else "guarantee_met", day, item)

    def sound_exit(self, day: date | str = EXIT) -> None:
        """An exit that nothing can be said against."""
        self.told("identified_on", "2014-05")
        self.told("exited_on", str(day))
        self.told("support", "产业")
        self.guaranteed(date(2019, 11, 8))
        self.line("income_actual", date(2019, 11, 30), "工资性收入", 8600)

    def visited(self, *days: date, kind: str = "household_visit") -> None:
        """Visits by the helper."""
        self.world.did("赵甲", kind, *days, toward=HEAD)

    @property
    def registry(self) -> Registry:
        return load_registry(self.connection, NOW)

    def known(self) -> Household:
        """The household as known now."""
        ids = [self.world.ids[HEAD]]
        return next(households(self.connection, self.registry, ids, NOW))

    def checks(self, as_of: date = TODAY) -> dict[str, Checked]:
        """What is found, by the id of the check."""
        return {one.check.id: one for one in check(self.world.law, self.known(), as_of)}

    def file(self, as_of: date = TODAY) -> File:
        """The file of the household."""
        return file_of(
            self.connection, self.world.law, self.registry, self.world.ids[HEAD], as_of=as_of,
            known_at=NOW,
        )  # fmt: skip

    def occasion(self) -> Occasion:
        return Occasion(self.connection, self.world.law, all_covers(), TODAY, NOW)
