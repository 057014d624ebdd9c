"""Stretches of days against sets of days."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tracker.registry import spans

stretch = st.tuples(st.integers(1, 3), st.integers(0, 40), st.integers(0, 12)).map(
    lambda t: (t[0], t[1], t[1] + t[2])
)
frames = st.lists(stretch, max_size=12).map(
    lambda rows: pd.DataFrame(rows, columns=["who", "starts", "ends"]).astype("int64")
)


def days_of(frame: pd.DataFrame) -> dict[int, set[int]]:
    """Who -> the days that any stretch holds."""
    found: dict[int, set[int]] = {}
    for who, starts, ends in frame[["who", "starts", "ends"]].itertuples(index=False):
        found.setdefault(who, set()).update(range(starts, ends + 1))
    return found


@given(frames)
def test_a_union_holds_the_same_days_in_stretches_that_do_not_touch(frame: pd.DataFrame) -> None:
    merged = spans.union(frame, ["who"])

    assert days_of(merged) == days_of(frame)
    for _, own in merged.groupby("who"):
        gaps = own["starts"].to_numpy()[1:] - own["ends"].to_numpy()[:-1]
        assert (gaps > 1).all()


@given(frames)
def test_a_union_of_a_union_is_itself(frame: pd.DataFrame) -> None:
    once = spans.union(frame, ["who"])

    pd.testing.assert_frame_equal(spans.union(once, ["who"]), once)


@given(frames, frames)
def test_an_intersection_holds_the_days_of_both(left: pd.DataFrame, right: pd.DataFrame) -> None:
    mine, theirs = days_of(left), days_of(right)
    both = {who: days & theirs.get(who, set()) for who, days in mine.items()}

    assert days_of(spans.intersect(left, right, ["who"])) == {w: d for w, d in both.items() if d}


@given(frames, st.integers(1, 3), st.integers(0, 52))
def test_the_value_on_a_day_is_that_of_the_stretch_begun_last(
    frame: pd.DataFrame, who: int, day: int
) -> None:
    dated = frame.rename(columns={"who": "subject"}).assign(
        value=[f"v{start}" for start in frame["starts"]]
    )
    holding = [s for w, s, e in frame.itertuples(index=False) if w == who and s <= day <= e]
    found = spans.held_on(dated, pd.Series([who]), pd.Series([day]))["value"].iloc[0]

    assert found == f"v{max(holding)}" if holding else pd.isna(found)


def test_the_last_stretch_says_what_else_holds() -> None:
    frame = pd.DataFrame(
        [(1, 0, 5, "东村"), (1, 6, 9, "西村")], columns=["who", "starts", "ends", "place"]
    )
    merged = spans.union(frame, ["who"])

    assert merged.to_dict("records") == [{"who": 1, "starts": 0, "ends": 9, "place": "西村"}]
