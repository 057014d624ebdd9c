"""Scopes: whatever a reader is told lies within his area, unit or team, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenarios.world import shipped_law
from tracker.digest.figures import figures
from tracker.digest.reader import GROUP, LEADER
from tracker.digest.scope import Land
from tracker.digest.telling import Called, Teller
from tracker.evaluation.words import Status
from tracker.registry.dated import FIRST_DAY, LAST_DAY, Registry

TODAY = date(2020, 1, 6)
ALWAYS = {"starts": FIRST_DAY, "ends": LAST_DAY}


@dataclass
class Invented:
    """省 > 市 > two counties > a township > two villages; three units; two people of each, one of
    them in a team; a seat that contacts county 0, an office of county 1."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    ties: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, sort: str, kind: str = "", home: str = "", part: bool = False) -> None:
        number = len(self.rows) + 1
        self.ids[name] = number
        self.rows.append({
            "id": number, "sort": sort, "kind": kind, "name": name,
            "home": self.ids.get(home, -1), "code": name, "distinguisher": "",
        })  # fmt: skip
        if part:
            self.tie("part_of", name, home)

    def tie(self, kind: str, source: str, target: str) -> None:
        ends = {"source": self.ids[source], "target": self.ids[target]}
        self.ties.append({"kind": kind, **ends, **ALWAYS})

    def registry(self) -> Registry:
        posts = pd.DataFrame(columns=["person", "body", "role", "title", "starts", "ends"])
        attributes = pd.DataFrame(columns=["subject", "name", "value", "starts", "ends"])
        subjects = pd.DataFrame(self.rows).set_index("id", drop=False)
        return Registry(subjects, posts, pd.DataFrame(self.ties), attributes)


@cache
def invented() -> Invented:
    world = Invented()
    world.add("省", "body", "province")
    world.add("市", "body", "prefecture", "省", part=True)
    for c in range(2):
        world.add(f"县{c}", "body", "county", "市", part=True)
        world.add(f"乡{c}", "body", "township", f"县{c}", part=True)
        for v in range(2):
            world.add(f"村{c}{v}", "body", "village", f"乡{c}", part=True)
            world.add(f"队{c}{v}", "body", "team", f"村{c}{v}")
            world.add(f"户{c}{v}", "household", home=f"县{c}")
            world.tie("part_of", f"户{c}{v}", f"村{c}{v}")
    for u in range(3):
        world.add(f"局{u}", "body", "unit")
        for p in range(2):
            world.add(f"人{u}{p}", "person", home=f"局{u}")
        world.tie("assists", f"局{u}", f"村{u % 2}0")
        world.tie("member_of_team", f"人{u}0", f"队{u % 2}0")
    world.add("省领导", "body", "seat")
    world.tie("contacts_county", "省领导", "县0")
    world.add("办公室", "body", "office", "县1")
    return world


@cache
def land() -> Land:
    return Land(invented().registry(), TODAY)


def row(number: int, holder: str, place: str, **said: str) -> dict[str, Any]:
    ids = invented().ids
    told = {f"{name}_id": ids[value] for name, value in said.items()}
    return {
        "id": number, "key": str(number), "document": "gansu-2019-33", "counterpart_id": None,
        "duty": "helper.visit" if "counterpart" in said else "unit.study", "unit_id": None,
        "team_id": None, "accountable_id": ids[holder], "holder_id": ids[holder],
        "place_id": ids[place], "opens": date(2019, 1, 1), "closes": date(2019, 12, 31),
        "status": Status.breached.name, "reason": "short", "flags": 0, "required": 2.0,
        "done": 1.0, "status_bare": None, "last_safe_on": None, "waiver_id": None, **told,
    }  # fmt: skip


def of_kind(kind: str, n: int, c: int, v: int, u: int, p: int) -> dict[str, Any]:
    """A finding of unit u or its person p, or of what lies in village v of county c."""
    person, unit, village, team = f"人{u}{p}", f"局{u}", f"村{c}{v}", f"队{c}{v}"
    match kind:
        case "unit":
            return row(n, unit, f"县{c}", unit=unit)
        case "helper":
            return row(n, person, village, unit=unit, counterpart=f"户{c}{v}")
        case "cadre":
            own = f"队{u % 2}0"
            return row(n, f"人{u}0", f"村{u % 2}0", unit=unit, team=own, accountable=own)
        case "county":
            return row(n, f"县{c}", f"县{c}")
        case "training":
            return row(n, f"县{c}", village, unit=unit, counterpart=person)
    return row(n, team, village, team=team)


KINDS = ["unit", "helper", "cadre", "county", "training", "team"]
_DIGIT = st.integers(0, 1)


@st.composite
def findings(draw: st.DrawFn) -> pd.DataFrame:
    """Findings of every kind of holder, anywhere."""
    drawn = st.tuples(st.sampled_from(KINDS), _DIGIT, _DIGIT, st.integers(0, 2), _DIGIT)
    told = draw(st.lists(drawn, min_size=1, max_size=12))
    return pd.DataFrame([of_kind(kind, n, *where) for n, (kind, *where) in enumerate(told)])


def name_of(number: Any) -> str:
    return next((name for name, own in invented().ids.items() if own == number), "")


def allowed(reader: str, finding: Any) -> bool:
    """Said once more, by the names: a number in a name tells what lies where."""
    place, holder = name_of(finding.place_id), name_of(finding.holder_id)
    if reader in ("省", "市"):
        return True
    if reader[0] in "县乡":
        inside = "村县" if reader[0] == "县" else "村"
        return holder == reader or (place[0] in inside and place[1] == reader[1])
    if reader in ("省领导", "办公室"):
        return place[1] == ("0" if reader == "省领导" else "1")
    if reader[0] == "村":
        return place == reader
    if reader[0] == "队":
        return holder == reader or (name_of(finding.team_id) == reader and holder[0] == "人")
    teams = {f"队{int(reader[1]) % 2}0"}
    return holder == reader or holder in teams or (holder[0] == "人" and holder[1] == reader[1])


READERS = ["省", "市", "县0", "县1", "乡0", "村00", "局0", "局1", "局2", "队00", "省领导", "办公室"]


@given(st.sampled_from(READERS), findings())
def test_a_reader_is_told_what_lies_in_his_scope_and_nothing_else(
    reader: str, rows: pd.DataFrame
) -> None:
    scope = land().scope(invented().ids[reader])
    expected = [one.id for one in rows.itertuples() if allowed(reader, one)]
    assert sorted(scope.within(rows)["id"]) == expected


@given(st.sampled_from(["局0", "局1", "局2"]), findings())
def test_a_unit_head_reads_no_name_of_another_units_people(unit: str, rows: pd.DataFrame) -> None:
    told = text_of(unit, LEADER, rows)
    strangers = [name for name in invented().ids if name[0] == "人" and name[1] != unit[1]]
    assert [name for name in strangers if name in told] == []


@given(st.sampled_from(READERS), findings())
def test_a_group_reads_no_names_of_people(reader: str, rows: pd.DataFrame) -> None:
    told = text_of(reader, GROUP, rows)
    assert [name for name in invented().ids if name[0] == "人" and name in told] == []


def text_of(reader: str, role: str, rows: pd.DataFrame) -> str:
    scope = land().scope(invented().ids[reader])
    teller = Teller(shipped_law(), Called(scope, role), figures())
    return str(teller.section("new", "新增", scope.within(rows)))


@pytest.mark.parametrize(
    ("reader", "mine", "strange"),
    [
        (
            "县0",
            {"县0", "乡0", "村01", "队00", "户00", "局0", "人20"},
            {"县1", "村10", "户11", "局1"},
        ),
        ("局0", {"局0", "人00", "人01", "队00"}, {"局2", "人20", "县0", "村00", "户00", "队10"}),
        ("队00", {"队00", "人00", "人20"}, {"人01", "人10", "局0"}),
        ("省领导", {"县0", "村00", "局2"}, {"县1", "局1"}),
        ("办公室", {"县1", "人10"}, {"县0", "人00"}),
    ],
)
def test_bodies_people_and_households_of_a_scope(
    reader: str, mine: set[str], strange: set[str]
) -> None:
    scope = land().scope(invented().ids[reader])
    owned = {name for name in mine | strange if scope.owns(invented().ids[name])}
    assert owned == mine


def test_a_seat_contacts_counties_without_deciding_for_them() -> None:
    governs = {name for name in READERS if land().scope(invented().ids[name]).governs}
    assert governs == {"省", "市", "县0", "县1", "乡0", "村00", "办公室"}
