"""The logarithm that is taken of many numbers side by side, against the one of the C library."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhipcau.engine.grouping._logarithm import log


@settings(deadline=None)
@given(st.floats(1, 2.0**100, width=32))
def test_it_is_the_natural_logarithm(value: float) -> None:
    assert log(np.float32(value)) == pytest.approx(math.log(value), rel=5e-7, abs=1e-9)


def test_of_one_it_is_nothing() -> None:
    assert log(np.float32(1)) == 0
