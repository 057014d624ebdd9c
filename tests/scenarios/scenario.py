"""The scenario files: what they may say (README.md), read strictly, and told to a `World`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from chinese_calendar import is_workday
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from ruamel.yaml import YAML

from tests.scenarios.world import ALWAYS, EVERYTHING, Span, World, months, shipped_law
from tracker.ledger.rules import load_rules

_DAY = r"\d{4}-\d\d-\d\d"
_DAYS = re.compile(
    rf"(?P<first>{_DAY})(?: 至 (?P<last>{_DAY})| 起 (?P<n>\d+) ?[天个])?(?P<rest>.*)"
)
_SPAN = re.compile(rf"(?:(?P<first>{_DAY})\s*起?)?\s*(?:至 (?P<last>{_DAY}))?")
_MONTHS = re.compile(r"(?P<first>\d{4}-\d\d)(?: 至 (?P<last>\d{4}-\d\d))?(?: (?P<entered>\S+) 报)?")
_WORKING = {"": False, "的工作日": True, "工作日": True}


def read_days(text: object) -> list[date]:
    """'2020-01-02 起 3 个工作日、2020-02-10 至 2020-02-14 的工作日、2020-03-01' and lists of it."""
    if isinstance(text, list):
        return [day for part in text for day in read_days(part)]
    return [day for part in str(text).split("、") for day in _some_days(part.strip())]


def _some_days(text: str) -> Iterator[date]:
    found = _DAYS.fullmatch(text)
    if not found:
        raise ValueError(f"看不懂的日期：{text}")
    working = _WORKING[found["rest"].strip()]
    day = date.fromisoformat(found["first"])
    last = date.fromisoformat(found["last"]) if found["last"] else None
    left = int(found["n"]) if found["n"] else 1 if last is None else 99_999
    while left and (last is None or day <= last):
        if not working or is_workday(day):
            yield day
            left -= 1
        day += timedelta(days=1)


def read_span(text: object) -> Span:
    """'2020-03-01 起', '至 2020-09-30', '2020-03-01 至 2020-09-30'; empty for always."""
    found = _SPAN.fullmatch(str(text).strip())
    if not found:
        raise ValueError(f"看不懂的起止：{text}")
    first, last = (date.fromisoformat(found[n]) if found[n] else None for n in ("first", "last"))
    return first, last


def as_list(value: object) -> list[Any]:
    """One thing is a list of one."""
    return value if isinstance(value, list) else [value]


def dated(value: object) -> object:
    """A name, names, or names with their spans."""
    return value if isinstance(value, dict) else dict.fromkeys(as_list(value), "")


Days = Annotated[list[date], BeforeValidator(read_days)]
Stretch = Annotated[Span, BeforeValidator(read_span)]
Names = Annotated[list[str], BeforeValidator(as_list)]
Dated = Annotated[dict[str, Stretch], BeforeValidator(dated)]


class Strict(BaseModel):
    """Nothing that the README does not list."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)


class Unit(Strict):
    level: str = Field("县直", alias="层级")
    helps: Dated = Field({}, alias="帮扶")
    leads: str = Field("", alias="联系县")
    governs: str = Field("", alias="归口")


class Leader(Strict):
    unit: str = Field(alias="单位")
    span: Stretch = Field(ALWAYS, alias="起止")


class Stay(Strict):
    unit: str = Field(alias="单位")
    village: str = Field(alias="村")
    span: Stretch = Field(ALWAYS, alias="起止")


class Pairing(Strict):
    unit: str = Field(alias="单位")
    households: Names = Field(alias="户")
    village: str = Field("东村", alias="村")
    span: Stretch = Field(ALWAYS, alias="起止")


class Office(Strict):
    person: str = Field(alias="人")
    role: str = Field(alias="任")
    body: str = Field(alias="在")
    span: Stretch = Field(ALWAYS, alias="起止")


class Registry(Strict):
    """登记簿."""

    areas: dict[str, str] = Field({}, alias="地方")
    units: dict[str, Unit] = Field({}, alias="单位")
    seats: dict[str, str] = Field({}, alias="席位")
    leaders: dict[str, Leader] = Field({}, alias="领导")
    stays: dict[str, Annotated[list[Stay], BeforeValidator(as_list)]] = Field({}, alias="驻村")
    pairs: dict[str, Annotated[list[Pairing], BeforeValidator(as_list)]] = Field({}, alias="结对")
    offices: list[Office] = Field([], alias="任职")
    ranks: dict[str, dict[str, Stretch]] = Field({}, alias="职级")
    attributes: dict[str, dict[str, Dated]] = Field({}, alias="属性")

    def tell(self, world: World) -> None:
        words = shipped_law().vocabulary
        for name, above in self.areas.items():
            world.area(name, above)
        for name, unit in self.units.items():
            level = _word(words.levels, unit.level)
            world.unit(name, level=level, leads=unit.leads)
            for village, span in unit.helps.items():
                world.tie("assists", name, village, span)
            if unit.governs:
                world.tie("governs_sector", name, unit.governs)
        for name, county in self.seats.items():
            world.seat(name, county)
        for name, leader in self.leaders.items():
            world.leader(name, leader.unit, leader.span)
        for name, stays in self.stays.items():
            for stay in stays:
                world.cadre(name, stay.unit, stay.village, stay.span)
        for name, pairings in self.pairs.items():
            for pairing in pairings:
                for household in pairing.households:
                    world.pair(name, pairing.unit, household, pairing.span, pairing.village)
        for office in self.offices:
            role = _word(words.posts, office.role)
            world.post(office.person, role, office.body, office.span)
        for name, ranks in self.ranks.items():
            for rank, span in ranks.items():
                world.attribute(name, "rank", rank, span)
        for name, attributes in self.attributes.items():
            for attribute, values in attributes.items():
                for value, span in values.items():
                    world.attribute(name, _word(words.attributes, attribute), value, span)


class Record(Strict):
    """One item of 台账."""

    who: Names = Field(alias="谁")
    kind: str = Field(alias="做")
    days: Days = Field(alias="日")
    role: str = Field("履行", alias="以")
    toward: str | None = Field(None, alias="对")
    place: str | None = Field(None, alias="在")
    item: Names = Field([""], alias="项")
    until: date | None = Field(None, alias="止")
    quantity: int | Decimal = Field(1, alias="数")
    entered: date | None = Field(None, alias="录入")
    voided: date | None = Field(None, alias="作废")

    def tell(self, world: World) -> None:
        words = shipped_law().vocabulary
        for who in self.who:
            for item in self.item:
                world.did(
                    who, _word(words.kinds, self.kind), *self.days, item=item, until=self.until,
                    role=_word(words.as_, self.role), toward=self.toward, place=self.place,
                    quantity=self.quantity, entered=self.entered, voided=self.voided,
                )  # fmt: skip


class Setting(Strict):
    """Who there is and what was done, with the file's own 登记簿 before that of the case."""

    name: str = Field(alias="名称")
    registries: list[Registry] = Field(alias="登记簿")
    ledger: list[Record] = Field([], alias="台账")
    reports: dict[str, Names] = Field({}, alias="报送")
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}-{self.name}"

    def build(self, world: World) -> World:
        """Tell the world everything; returns it."""
        for registry in self.registries:
            registry.tell(world)
        for record in self.ledger:
            record.tell(world)
        for what, spans in self.reports.items():
            form, _, scope = what.partition(" ")
            for text in spans:
                _report(world, form, scope or "甘肃省", text)
        return world


class Case(Setting):
    """One case of a file: how things stand, and the verdicts that are to follow."""

    expected: dict[str, dict[date, str]] = Field(alias="期望", min_length=1)


def _report(world: World, form: str, scope: str, text: str) -> None:
    forms = {rule.name: key for key, rule in load_rules().forms.items()} | {"全部": EVERYTHING}
    found = _MONTHS.fullmatch(text)
    if not found:
        raise ValueError(f"看不懂的报送月份：{text}")
    entered = date.fromisoformat(found["entered"]) if found["entered"] else None
    reported = months(found["first"], found["last"] or found["first"])
    world.reported(reported, form=forms[form], scope=scope, entered=entered)


def _word(words: dict[str, str], name: str) -> str:
    return next(key for key, said in words.items() if name in (key, said))


def load(path: Path) -> list[Case]:
    """The cases of one file; unknown keys and words are refused."""
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    own = {"说明", "登记簿", "报送", "案例"}
    if not own.issuperset(content):
        raise ValueError(f"{path.name}：不认识的键 {set(content) - own}")
    return [Case.model_validate(setting(path.stem, content, case)) for case in content["案例"]]


def setting(file: str, content: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """A case with what the file says for all of its cases."""
    registries = [content.get("登记簿"), case.pop("登记簿", None)]
    reports = case.pop("报送", content.get("报送", {}))
    reports = reports if isinstance(reports, dict) else {"全部": reports}
    return {**case, "登记簿": [r for r in registries if r], "报送": reports, "file": file}


def load_all(folder: Path) -> Iterable[Case]:
    """The cases of every file of a folder, by file name."""
    return [case for path in sorted(folder.glob("*.yaml")) for case in load(path)]
