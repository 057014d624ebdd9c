"""Proration against exact fractions (I1, I2, I12)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evaluation.thresholds import prorate


def prorated(literal: float, held: int, whole: int) -> float:
    """One number through the vectorised function."""
    return float(prorate(np.array([literal]), np.array([held]), np.array([whole]))[0])


@given(literal=st.integers(1, 400), whole=st.integers(1, 366), data=st.data())
def test_it_is_the_exact_ceiling_of_the_share(
    literal: int, whole: int, data: st.DataObject
) -> None:
    held = data.draw(st.integers(0, whole))

    assert prorated(literal, held, whole) == ceil(Fraction(literal * held, whole))


@given(literal=st.decimals("0.25", "400", places=2), whole=st.integers(1, 366), data=st.data())
def test_a_threshold_with_decimals_gets_no_rounding_error(
    literal: float, whole: int, data: st.DataObject
) -> None:
    held = data.draw(st.integers(0, whole - 1))

    assert prorated(float(literal), held, whole) == ceil(Fraction(literal) * held / whole)


@given(literal=st.integers(1, 400), whole=st.integers(1, 366))
def test_the_whole_window_owes_the_literal_figure(literal: int, whole: int) -> None:
    assert prorated(literal, whole, whole) == literal


@pytest.mark.parametrize(
    ("literal", "held", "whole", "required"),
    [
        (2, 78, 365, 1),
        (2, 182, 365, 1),
        (2, 183, 365, 2),
        (2, 273, 365, 2),
        (220, 125, 250, 110),
        (220, 126, 250, 111),
        (160, 184, 366, 81),
    ],
)
def test_figures_worked_out_by_hand(literal: int, held: int, whole: int, required: int) -> None:
    assert prorated(literal, held, whole) == required
