"""Numbers that a person types: one that nothing can have is answered."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from tracker.cli import _told, app
from tracker.cli.office import AT_ONCE, MOST, parse_number, parse_numbers
from tracker.errors import LuzeError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("#12", 12), ("第12号", 12), (str(MOST), MOST), (str(MOST + 1), None),
        ("甲局", None), ("", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, number: int | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3", [3]), ("第3号", [3]), ("3,5-7、5，9", [3, 5, 6, 7, 9]), ("7-7", [7]),
        (f"1-{AT_ONCE}", list(range(1, AT_ONCE + 1))),
    ],
)  # fmt: skip
def test_several_numbers_are_read_in_their_order_each_once(text: str, numbers: list[int]) -> None:
    assert parse_numbers(text) == numbers


@pytest.mark.parametrize("text", ["", "3,", "7-3", "甲", "1-2-3", f"1-{AT_ONCE + 1}"])
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(LuzeError, match="写法不对"):
        parse_numbers(text)


@pytest.mark.parametrize("number", [str(MOST), "9" * 20])
@pytest.mark.parametrize(
    "words",
    [
        ("interviews", "show"), ("notices", "show"), ("incidents", "show"), ("waivers", "show"),
        ("objections", "show"), ("waivers", "approve"), ("paper", "proof"), ("explain",),
    ],
)  # fmt: skip
def test_a_number_that_nothing_has_is_answered_not_crashed_on(
    sqlite_engine: sa.Engine,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    number: str,
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    failure = CliRunner().invoke(app, [*words, number]).exception
    told = _told(failure) if isinstance(failure, Exception) else "参数的值不对"
    assert told is not None, failure


@pytest.mark.parametrize("year", ["0", "10000"])
def test_a_year_that_no_calendar_has_is_a_wrong_value(
    sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, year: str
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    result = CliRunner().invoke(app, ["sheet", "ledger", "甲局", "--year", year])
    assert result.exit_code == 2
    assert not isinstance(result.exception, LuzeError | ValueError)
