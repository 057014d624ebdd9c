"""A stored snapshot is found again by its code, however a paper wrote it, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.awards.campaigning import Campaign
from tests.scenarios.world import World
from tracker.awards import kept
from tracker.awards.tables import Snapshot
from tracker.db import table
from tracker.errors import LuzeError


@pytest.fixture
def campaign(world: World) -> Campaign:
    """甲局 nominated as number 1."""
    made = Campaign(world)
    made.propose()
    made.ready()
    made.nominate()
    return made


@pytest.fixture
def sha256(campaign: Campaign) -> str:
    found = kept.newest(campaign.connection, 1)
    assert found
    return found.sha256


WRITTEN = ("{code}", "{grouped}", "{sha}", "luze:verify:1:{sha}", "https://a.example/verify/{sha}")


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("told", [str, str.upper, lambda text: f" {text}　"])
def test_a_code_is_understood_however_it_is_written(
    campaign: Campaign, sha256: str, written: str, told: object
) -> None:
    assert callable(told)
    text = written.format(code=sha256[:12], grouped=kept.grouped(sha256), sha=sha256)

    assert kept.by_code(campaign.connection, told(text)).number == 1


def test_a_code_with_one_digit_changed_is_not_found(campaign: Campaign, sha256: str) -> None:
    other = sha256[:11] + ("0" if sha256[11] != "0" else "1")

    with pytest.raises(LuzeError, match="数据库中没有快照用"):
        kept.by_code(campaign.connection, other)


@pytest.mark.parametrize("length", [11, 65])
def test_what_is_too_short_or_too_long_is_no_code(
    campaign: Campaign, sha256: str, length: int
) -> None:
    with pytest.raises(LuzeError, match="不是现有的快照文件，也不是推荐编号或核验码") as failure:
        kept.by_code(campaign.connection, (sha256 * 2)[:length])
    assert "至少 12 位" in failure.value.fix


def test_a_qr_code_with_the_number_of_another_nomination_is_not_found(
    campaign: Campaign, sha256: str
) -> None:
    with pytest.raises(LuzeError, match="没有快照用"):
        kept.by_code(campaign.connection, f"luze:verify:2:{sha256}")


def test_a_code_that_fits_two_snapshots_is_asked_back(campaign: Campaign, sha256: str) -> None:
    twin = {"nomination_id": 1, "content": "{}", "sha256": sha256[:20] + "0" * 44,
            "operator": "何甲子", "recorded_at": kept_at(campaign)}  # fmt: skip
    campaign.connection.execute(table(Snapshot).insert(), twin)

    with pytest.raises(LuzeError, match="不止一份快照用"):
        kept.by_code(campaign.connection, sha256[:12])
    assert kept.by_code(campaign.connection, sha256).sha256 == sha256


def kept_at(campaign: Campaign) -> object:
    return campaign.connection.execute(table(Snapshot).select()).one().recorded_at


def test_a_sound_snapshot_has_no_defects_and_a_false_one_has_both(
    campaign: Campaign, sha256: str
) -> None:
    sound = kept.newest(campaign.connection, 1)
    assert sound
    assert list(kept.defects(campaign.connection, sound)) == []

    changed = sound._replace(content={**sound.content, "answer": "barred"})
    assert [p.what for p in kept.defects(campaign.connection, changed)] == [
        "内容与封存时的校验码不符"
    ]
    false = sound._replace(sha256="0" * 64)
    assert len(list(kept.defects(campaign.connection, false))) == 2


@given(sha256=st.text("0123456789abcdef", min_size=64, max_size=64))
def test_groups_of_four_lose_nothing(sha256: str) -> None:
    groups = kept.grouped(sha256).split("-")

    assert "".join(groups) == sha256[:12]
    assert {len(group) for group in groups} == {4}


def test_a_link_is_given_only_where_the_office_has_pages() -> None:
    assert kept.address(7, "ab" * 32) == f"luze:verify:7:{'ab' * 32}"
    assert (
        kept.address(7, "ab" * 32, "https://a.example") == f"https://a.example/verify/{'ab' * 32}"
    )
