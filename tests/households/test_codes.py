"""The code on a label: it opens one household, and tells nothing to whoever has no key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.households.home import HEAD, KEY, NUMBER, Home
from tracker.errors import LuzeError
from tracker.households.codes import (
    SHORTEST_KEY,
    address,
    checked_key,
    code_of,
    codes,
    grouped,
    opened,
)

CODE = code_of(KEY, "629901", NUMBER)


@pytest.mark.parametrize(
    "written",
    [CODE, CODE.lower(), grouped(CODE), f" {grouped(CODE)} ", address(CODE),
     address(CODE, "https://luze.example.gov.cn"), address(CODE, "http://10.1.1.1/luze")],
)  # fmt: skip
def test_a_code_opens_its_household_however_it_is_written(home: Home, written: str) -> None:
    home.household("时辰", "HC0002")
    assert opened(home.connection, KEY, written) == home.world.ids[HEAD]


@pytest.mark.parametrize(
    "written", ["", NUMBER, CODE[:-1], f"{CODE}A", CODE.replace(CODE[0], "1"), "luze:h/", "户码"]
)
def test_what_is_no_code_is_refused(home: Home, written: str) -> None:
    with pytest.raises(LuzeError, match="不是本单位的户码"):
        opened(home.connection, KEY, written)


def test_another_key_makes_every_label_void(home: Home) -> None:
    with pytest.raises(LuzeError, match="不是本单位的户码") as refusal:
        opened(home.connection, KEY + b"!", CODE)
    assert "重新打印" in refusal.value.fix


def test_one_number_in_two_counties_has_two_codes() -> None:
    assert code_of(KEY, "629901", NUMBER) != code_of(KEY, "621023", NUMBER)


@given(st.sets(st.text("HC0123456789", min_size=1, max_size=8), min_size=2, max_size=40))
def test_codes_differ_and_never_hold_the_number(numbers: set[str]) -> None:
    made = {number: code_of(KEY, "629901", number) for number in numbers}
    assert len(set(made.values())) == len(numbers)
    assert all(len(n) < 4 or n not in code for n, code in made.items())


def test_every_household_has_a_code(home: Home) -> None:
    other = home.household("时辰", "HC0002")
    assert set(codes(home.connection, KEY).values()) == {home.world.ids[HEAD], other}


@pytest.mark.parametrize(("length", "taken"), [(-1, False), (0, True), (1, True)])
def test_a_key_that_can_be_guessed_is_refused(length: int, taken: bool) -> None:
    key = "k" * (SHORTEST_KEY + length)
    if taken:
        assert checked_key(key) == key.encode()
        return
    with pytest.raises(LuzeError, match="密钥太短"):
        checked_key(key)


def test_without_a_key_it_is_said_how_to_set_one() -> None:
    with pytest.raises(LuzeError, match="没有设置户码的密钥") as refusal:
        checked_key("")
    assert "TRACKER_LABEL_KEY" in refusal.value.fix
