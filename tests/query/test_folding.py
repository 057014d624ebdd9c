"""Many unreported findings of one duty are one line to read, anything else is told by itself."""

from __future__ import annotations

import pandas as pd
import pytest

from tracker.query import Mark, Stacked, silent_folded

MOST = 3


def rows(*told: tuple[str, str, str]) -> pd.DataFrame:
    """(document, duty, status) of each finding; keys count from 0."""
    made = pd.DataFrame(told, columns=["document", "duty", "status"])
    return made.assign(key=[str(at) for at in range(len(told))])


@pytest.mark.parametrize(
    ("count", "kept", "told"),
    [(MOST - 1, MOST - 1, {}), (MOST, MOST, {}), (MOST + 1, 1, {"0": MOST + 1})],
)
def test_more_than_the_most_are_folded_into_the_first(
    count: int, kept: int, told: dict[str, int]
) -> None:
    found, counts = silent_folded(rows(*[("a", "x", "unreported")] * count), {}, MOST)
    assert (len(found), counts) == (kept, told)


def test_only_the_unreported_of_the_same_duty_and_document_are_folded() -> None:
    mixed = rows(
        ("a", "x", "breached"), *[("a", "x", "unreported")] * 4, *[("b", "x", "unreported")] * 3,
        ("a", "y", "unreported"), *[("a", "z", "breached")] * 5,
    )  # fmt: skip
    found, counts = silent_folded(mixed, {}, MOST)
    assert counts == {"1": 4}
    assert list(found["key"]) == ["0", "1", *map(str, range(5, 14))]


def test_a_finding_that_is_read_beside_another_is_never_folded() -> None:
    stacked = {"2": Stacked(Mark.looser, ("9",), 1)}
    found, counts = silent_folded(rows(*[("a", "x", "unreported")] * 5), stacked, MOST)
    assert (list(found["key"]), counts) == (["0", "2"], {"0": 4})


def test_who_owes_nothing_has_nothing_to_fold() -> None:
    nothing = pd.DataFrame()
    assert silent_folded(nothing, {}, 6) == (nothing, {})
