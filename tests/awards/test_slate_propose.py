"""A list of nominees proposed whole: what cannot be proposed is told, the rest goes on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.awards.gating import Gate
from tests.awards.slating import DAY, HEAD, TITLE, book, returned, reviewed, row, told_of
from tests.scenarios.world import OFFICER, World, moment
from tracker import audit
from tracker.awards import acts
from tracker.awards.nominations import load, load_all
from tracker.awards.slate_propose import Listed, propose_rows
from tracker.db import table

PLAN = "gansu-2020-41"
GOOD, MEMBER = row("赵甲", "甲局", "队长"), row("钱乙", "甲局", "队员")


@pytest.fixture
def listing(world: World) -> World:
    """The world of lists."""
    told_of(world)
    return world


def listed(folder: Path, *rows: tuple[Any, ...]) -> Path:
    return book(folder / "名单.xlsx", 名单=[TITLE, HEAD, *rows])


def sent_in(world: World, path: Path, *, barred: bool = False) -> list[Listed]:
    return propose_rows(
        world.connection, world.law, reviewed(world, path), barred=barred, on=DAY,
        now=moment(DAY, 23), operator=OFFICER,
    )  # fmt: skip


def why(one: Listed) -> str:
    return "；".join(problem.what for problem in one.problems)


def test_what_cannot_be_proposed_is_told_and_the_rest_goes_on(
    listing: World, tmp_path: Path
) -> None:
    unclear = row("孙丙", "", "队员")
    first, second, third = sent_in(listing, listed(tmp_path, GOOD, unclear, MEMBER))

    assert (first.number, second.number, third.number) == (1, None, 2)
    assert why(second).startswith("同名：可能是")
    assert load(listing.connection, 2).nominee.kind == "team_member"


def test_the_same_list_proposes_nobody_twice_also_as_it_was_returned(
    listing: World, tmp_path: Path
) -> None:
    path = listed(tmp_path, GOOD, row("周戊", "丙局", "队员"))
    back = tmp_path / "名单（审查结果）.xlsx"
    returned(reviewed(listing, path)).save(back)
    numbers = [one.number for one in sent_in(listing, back)]
    again = sent_in(listing, path)

    assert numbers == [1, 2]
    assert [(one.number, one.before) for one in again] == [(1, True), (2, True)]
    assert len(load_all(listing.connection, PLAN)) == 2


def test_of_rows_that_name_the_same_nominee_the_first_is_taken(
    listing: World, tmp_path: Path
) -> None:
    first, second = sent_in(listing, listed(tmp_path, GOOD, GOOD))

    assert (first.number, second.number) == (1, None)
    assert why(second) == "与第3行是同一推荐对象，已按第3行登记为第 1 号"


@pytest.mark.parametrize(("asked_for", "number"), [(False, None), (True, 1)])
def test_whoever_may_not_be_nominated_is_proposed_only_where_asked_for(
    listing: World, tmp_path: Path, asked_for: bool, number: int | None
) -> None:
    Gate(listing).incident("discipline", date(2019, 5, 1), subject="钱乙")
    (one,) = sent_in(listing, listed(tmp_path, MEMBER), barred=asked_for)

    assert one.number == number
    assert ("不得推荐：受到各级纪检" in why(one)) is not asked_for


def test_whoever_was_withdrawn_does_not_come_back_with_the_list(
    listing: World, tmp_path: Path
) -> None:
    path = listed(tmp_path, GOOD, MEMBER)
    sent_in(listing, path)
    acts.withdraw(listing.connection, listing.law, 1, reason="本人放弃", on=DAY,
                  now=moment(DAY, 23), operator=OFFICER)  # fmt: skip
    first, second = sent_in(listing, path)

    assert (first.number, why(first)) == (None, "原第 1 号推荐已撤回")
    assert (second.number, second.before) == (2, True)


@pytest.mark.parametrize(("already", "refused"), [(0, 0), (1, 1), (2, 2)])
def test_a_list_fills_its_quota_and_no_more(
    listing: World, tmp_path: Path, already: int, refused: int
) -> None:
    head, title = ("名称", "类别", "市州"), ("全省脱贫攻坚先进集体推荐名单",)
    # 酒泉市 has two places.
    rows = [(f"第{n}支部", "村党支部", "酒泉市") for n in range(2 + already)]
    found = sent_in(listing, book(tmp_path / "a.xlsx", 集体=[title, head, *rows]))

    assert [one.number for one in found] == [1, 2, *[None] * refused]
    assert all("名额" in why(one) for one in found[2:])


def test_a_kind_that_the_plan_does_not_name_is_kept_as_written(
    listing: World, tmp_path: Path
) -> None:
    head, title = ("名称", "类别", "市州"), ("全省脱贫攻坚先进集体推荐名单",)
    found = sent_in(
        listing, book(tmp_path / "a.xlsx", 集体=[title, head, ("某协会", "行业协会", "陇南市")])
    )
    (filed,) = load_all(listing.connection, PLAN)

    assert (found[0].number, filed.nominee.kind) == (1, "")


def test_the_list_itself_is_on_record_once(listing: World, tmp_path: Path) -> None:
    path = listed(tmp_path, GOOD, MEMBER)
    sent_in(listing, path)
    sent_in(listing, path)
    told = table(audit.Act).c
    (detail,) = listing.connection.scalars(
        sa.select(told.detail).where(told.act == "nomination_list")
    )

    assert (detail["list"], detail["nominations"]) == ("名单.xlsx", [1, 2])
