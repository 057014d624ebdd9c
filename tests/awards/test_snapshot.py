"""A nomination freezes what it rests on; the file proves by itself that it is unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.awards.campaigning import CITY, LISTED, Campaign
from tests.scenarios.world import World, moment
from tracker.awards import acts
from tracker.awards.frozen import PARTS, canonical, code_of, content_of, digest, seal, verify
from tracker.awards.snapshot import Frozen, differs, stored_text
from tracker.awards.tables import NominationEvent, Snapshot
from tracker.consequences import incidents
from tracker.db import table, transaction
from tracker.errors import LuzeError

NOMINATED = date(2020, 12, 16)


@pytest.fixture
def campaign(world: World) -> Campaign:
    """甲局, with everything that the gate asks for."""
    found = Campaign(world)
    found.propose()
    found.ready()
    return found


@pytest.fixture
def frozen(campaign: Campaign) -> Frozen:
    """甲局, nominated."""
    return campaign.nominate()


def refused(campaign: Campaign, on: date = NOMINATED) -> str:
    with pytest.raises(LuzeError) as failure:
        campaign.nominate(on=on)
    assert stored_text(campaign.connection, 1) is None
    assert campaign.filed().state == "proposed"
    return str(failure.value)


# ---- to nominate


def test_a_nomination_freezes_who_why_when_and_by_which_law(
    campaign: Campaign, frozen: Frozen
) -> None:
    content = content_of(frozen.text)

    assert set(content) == set(PARTS)
    assert (content["answer"], content["as_of"]) == ("eligible", "2020-12-16")
    assert content["known_at"] == "2020-12-16T20:00:00+08:00"
    assert content["law"] == campaign.world.law.sha256
    assert (content["nominee"]["number"], content["nominee"]["name"]) == (1, "甲局")
    figures = {f["key"]: (f["status"], f["done"]) for f in content["inputs"]["findings"]}
    assert figures["gansu-2019-33|unit.study|7||2020-01-01|"] == ("met", 4.0)
    assert {c["outcome"] for c in content["clauses"]} == {"passed"}
    assert content["record"]["postings"]["city_publicity"]["taken_down_on"] == "2020-12-15"
    assert frozen.filed.state == "nominated"


def test_the_stored_row_carries_the_hash_over_its_own_content(
    campaign: Campaign, frozen: Frozen
) -> None:
    (row,) = campaign.connection.execute(sa.select(table(Snapshot)))
    newest = campaign.connection.execute(sa.select(table(NominationEvent))).all()[-1]

    assert row.sha256 == frozen.sha256 == digest(json.loads(row.content))
    assert row.content == canonical(content_of(frozen.text))
    assert newest.detail == {"sha256": frozen.sha256, "answer": "eligible"}
    assert frozen.code == code_of(frozen.sha256) == frozen.sha256[:12]
    assert frozen.file_name == f"推荐1号-{frozen.code}.json"
    assert stored_text(campaign.connection, 1) == frozen.text


def test_the_same_inputs_at_the_same_moment_freeze_to_the_same_text(campaign: Campaign) -> None:
    texts = []
    for _ in range(2):
        with campaign.connection.begin_nested() as attempt:
            texts.append(campaign.nominate().text)
            attempt.rollback()
    assert texts[0] == texts[1]
    assert campaign.filed().state == "proposed"


def test_nobody_is_nominated_twice(campaign: Campaign, frozen: Frozen) -> None:
    with pytest.raises(LuzeError, match="现为“已推荐”，不能再推荐"):
        campaign.nominate(on=date(2020, 12, 17))


def test_what_stands_against_it_is_told_clause_by_clause(world: World) -> None:
    campaign = Campaign(world)
    campaign.propose()
    campaign.before_publicity()
    told = refused(campaign, on=LISTED)

    for part in ("还没有公示", "还没有收到", "由审核单位认定", "县（市、区）公示：还没有完成"):
        assert part in told


def test_an_objecting_organ_holds_the_nomination(campaign: Campaign) -> None:
    campaign.act(acts.opinion, "税务", agrees=False, text="欠税", on=NOMINATED)
    assert "需人认定：征求税务意见：不同意" in refused(campaign)


def test_a_complaint_that_is_open_holds_the_nomination(campaign: Campaign) -> None:
    campaign.act(acts.complaint, "市公示", text="材料不实", on=NOMINATED)
    assert "投诉举报第1件还没有办结" in refused(campaign)
    campaign.act(acts.complaint_closed, 1, answer="查无实据", on=NOMINATED)
    assert campaign.nominate().filed.state == "nominated"


def test_a_deeds_text_of_2001_characters_holds_the_nomination(campaign: Campaign) -> None:
    both = ("paper", "electronic")
    campaign.act(acts.material, "deeds", characters=2001, media=both, on=NOMINATED)
    assert "2001 字，超过 2000 字" in refused(campaign)


def test_a_bar_refuses_the_nomination(campaign: Campaign) -> None:
    incidents.record(
        campaign.connection, campaign.world.law, kind="fabricated_deeds",
        determined_on=NOMINATED, happened_on=CITY, authority="省扶贫办", document_number="1号",
        subject_id=campaign.world.ids["甲局"], now=moment(NOMINATED, 12), operator="测试员",
    )  # fmt: skip
    assert "虚构事迹材料" in refused(campaign)


@pytest.mark.parametrize(
    ("on", "in_time"),
    [(date(2020, 12, 19), True), (date(2020, 12, 20), True), (date(2020, 12, 21), False)],
)
def test_a_nomination_is_in_time_up_to_the_deadline(
    campaign: Campaign, on: date, in_time: bool
) -> None:
    if in_time:
        assert campaign.nominate(on=on).filed.state == "nominated"
    else:
        assert "报送期限 2020-12-20 已过" in refused(campaign, on=on)


def test_the_whole_way_holds_on_both_databases(engine: sa.Engine) -> None:
    with transaction(engine) as connection:
        campaign = Campaign(World(connection))
        campaign.propose()
        campaign.ready()
        frozen = campaign.nominate()
    with engine.connect() as connection:
        assert stored_text(connection, 1) == frozen.text
        assert differs(connection, frozen.text) == []


# ---- to verify


def test_a_snapshot_as_it_was_written_is_sound(frozen: Frozen) -> None:
    assert verify(frozen.text) == []
    assert verify(seal(content_of(frozen.text))) == []


def broken(text: str) -> Iterator[tuple[str, str, str]]:
    """For each value of the content, where it stands, its part, and the text with it changed."""
    sealed = json.loads(text)
    for path in leaves(sealed["content"]):
        changed = json.loads(text)
        place = changed["content"]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = other(place[path[-1]])
        yield "/".join(map(str, path)), str(path[0]), written(changed)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value that holds no others."""
    inside = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    found = [path_of for key, one in inside for path_of in leaves(one, (*path, key))]
    yield from found or [path]


def other(value: Any) -> Any:
    """A value that differs."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}改"


def written(sealed: Any) -> str:
    """A sealed snapshot as a file."""
    return json.dumps(sealed, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def test_a_change_of_any_value_shows_and_in_which_part(frozen: Frozen) -> None:
    seen = set()
    for where, part, text in broken(frozen.text):
        told = verify(text)
        assert [p.where for p in told if p.where] == [PARTS[part]], where
        assert "整体校验码不符" in [p.what for p in told], where
        seen.add(part)
    assert seen == set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_gone_or_new_shows(part: str) -> None:
    for key in ("content", "digests"):
        sealed = json.loads(SAMPLE)
        del sealed[key][part]
        assert PARTS[part] in [p.where for p in verify(written(sealed))]
    sealed = json.loads(SAMPLE)
    sealed["content"][part + "2"] = 1
    assert part + "2" in [p.where for p in verify(written(sealed))]


def test_a_changed_hash_shows() -> None:
    sealed = json.loads(SAMPLE)
    sealed["sha256"] = "0" * 64
    (told,) = verify(written(sealed))
    assert told.what == "整体校验码不符"


@given(data=st.data())
def test_a_change_of_any_one_character_shows(data: st.DataObject) -> None:
    text = SAMPLE
    at = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    put = data.draw(st.characters(exclude_characters=text[at], exclude_categories=["Cs"]))
    assert verify(text[:at] + put + text[at + 1 :])
    assert verify(text[:at] + text[at + 1 :])


SAMPLE = seal({part: {"名": "甲局", "次": [1, 2.5, None, True]} for part in PARTS})


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "甲局", '{"content": 1, "digests": {}, "sha256": ""}',
     '{"content": {}, "digests": {}, "sha256": NaN}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_snapshot_is_said_to_be_none(text: str) -> None:
    (told,) = verify(text)
    assert told.what == "不是推荐快照，或已经残缺"


def test_other_line_ends_or_blanks_show_though_the_content_is_the_same() -> None:
    for text in (SAMPLE.replace("\n", "\r\n"), SAMPLE.replace("{", "{ ", 1)):
        (told,) = verify(text)
        assert told.what == "内容没有变，但文件的排版或换行被改动过"


def test_a_forged_file_that_is_sound_by_itself_differs_from_the_stored_one(
    campaign: Campaign, frozen: Frozen
) -> None:
    assert differs(campaign.connection, frozen.text) == []
    content = content_of(frozen.text)
    content["answer"] = "barred"
    forged = seal(content)

    assert verify(forged) == []
    assert [p.where for p in differs(campaign.connection, forged)] == ["审查结论"]
    content["nominee"]["number"] = 9
    (told,) = differs(campaign.connection, seal(content))
    assert told.what == "数据库中没有第 9 号推荐的快照"
