"""北景港镇 with two invented villages and two invented offices that help there, beside Gansu."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.scenarios.world import OFFICER, World, moment, shipped_law
from tracker.policy.scorecard import Item, Scorecard, ScorePlan
from tracker.scorecards import acts, desk
from tracker.scorecards.score import Sheet
from tracker.scorecards.tables import ScoreEvent

PACK = "beijinggang-2019-8"
VILLAGES, LINE = "villages", "stations.line"
DAY, TODAY = date(2019, 12, 20), date(2020, 1, 20)
SOURCES = {"ordinary": "镇扶贫办", "road_water": "县水利局", "education": "联校"}
SOURCES |= {"passed": "省通报文件", "resident": "镇组织办"}
NOW = moment(TODAY, 9)


def plan() -> ScorePlan:
    """The scorecards of the town."""
    found = shipped_law().pack(PACK).scorecard
    assert found
    return found


def card(card_id: str = VILLAGES) -> Scorecard:
    """One of them."""
    return plan().card(card_id)


def fact(
    item: str, what: str = "", amount: str | float | None = None, *, number: int = 1,
    subject: int = 1, day: date = DAY,
) -> ScoreEvent:  # fmt: skip
    """A fact as it would be read from the table."""
    return ScoreEvent(
        id=number, document=PACK, card="", subject_id=subject, item=item, what=what, day=day,
        amount=None if amount is None else Decimal(str(amount)), source="镇扶贫办",
        officer=OFFICER, operator=OFFICER, recorded_at=NOW,
    )  # fmt: skip


def full_marks(card_id: str = VILLAGES, subject: int = 1, **but: str | None) -> list[ScoreEvent]:
    """Everything of a card reported at its best, but for these items (None: not reported)."""
    made: list[ScoreEvent] = []
    for item in card(card_id).items:
        if but.get(item.id, "") is None:
            continue
        made += [
            fact(item.id, what, but.get(item.id, amount), number=100 + len(made), subject=subject)
            for what, amount in _best(item)
        ]  # fmt: skip
    return made


def _best(item: Item) -> list[tuple[str, str]]:
    if item.ranked:
        return [("provincial", "1")]
    return [(part.id, str(part.full)) for part in item.reported]


class Town:
    """Records facts of the town, each on its day, and asks for sheets."""

    def __init__(self, world: World) -> None:
        self.world, self.connection = world, world.connection
        world.area("湖南省")
        self.place("华容县", "county", "湖南省", "430623")
        self.place("北景港镇", "township", "华容县", "430623103")
        for village in ("示例村", "青松村"):
            self.place(village, "village", "北景港镇")
        for office in ("示例站", "农技站"):
            world.unit(office, "示例村", level="township")

    def place(self, name: str, kind: str, above: str, code: str = "") -> None:
        """An area of the town or above it."""
        world = self.world
        world.subject(name, "body", kind, home=world.ids[above], code=code)
        world.tie("part_of", name, above)

    def record(self, who: str, item: str, what: str = "", amount: Any = None, **said: Any) -> int:
        """Record a fact as a clerk would."""
        said = {
            "card": VILLAGES if who.endswith("村") else LINE,
            "on": DAY,
            "now": NOW,
            "officer": "何甲子",
            "note": "见通报",
            "source": SOURCES.get(item, ""),
            **said,
        }
        return acts.record(
            self.connection, said.pop("law", self.world.law), document=PACK, item=item, what=what,
            subject_id=self.world.ids.get(who, 404), operator=OFFICER,
            amount=None if amount is None else Decimal(str(amount)), **said,
        )  # fmt: skip

    def void(self, number: int, **said: Any) -> int:
        """Take one back."""
        said = {"reason": "登记有误", "officer": "何甲子", "now": NOW, **said}
        return acts.void(self.connection, number, operator=OFFICER, **said)

    def sheet(self, who: str = "示例村", **said: Any) -> Sheet:
        """The sheet of one of them."""
        said = {"as_of": TODAY, "known_at": NOW, **said}
        found = desk.sheet_of(
            self.connection, self.world.law, PACK, self.world.ids[who], **said
        )  # fmt: skip
        return found.sheets[0]

    def points(self, who: str = "示例村", **said: Any) -> dict[str, Decimal]:
        """The points of every item, by its id."""
        sheet = self.sheet(who, **said)
        groups = [*sheet.sections, *(g for g in (sheet.bonus, sheet.deduction) if g)]
        return {item.entry.id: item.points for group in groups for item in group.items}
