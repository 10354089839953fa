"""Where points lie on the canvas."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from nhipcau.network.officemap import KILOMETRES_PER_DEGREE, project

places = st.lists(st.tuples(st.floats(8, 24), st.floats(102, 115)), min_size=1, max_size=40)


@given(places)
def test_every_point_lies_inside_the_margin(coordinates):
    canvas = project(coordinates)
    assert canvas.width <= 1000
    assert canvas.height <= 640
    assert len(canvas.positions) == len(coordinates)
    for x, y in canvas.positions:
        assert 39.9 <= x <= canvas.width - 39.9
        assert 39.9 <= y <= canvas.height - 39.9


@given(places)
def test_north_is_above_and_east_is_right(coordinates):
    positions = project(coordinates).positions
    for (latitude, longitude), (x, y) in zip(coordinates, positions, strict=True):
        for (other_latitude, other_longitude), (other_x, other_y) in zip(coordinates, positions, strict=True):
            if latitude > other_latitude:
                assert y <= other_y
            if longitude > other_longitude:
                assert x >= other_x


def test_bar_is_as_long_as_the_kilometres_that_it_names():
    canvas = project([(12.0, 107.0), (12.0, 108.0), (11.5, 107.5)])
    (left, _), (right, _), _ = canvas.positions
    kilometres = KILOMETRES_PER_DEGREE * math.cos(math.radians(11.75))
    assert math.isclose(canvas.bar_length / canvas.bar_kilometres, (right - left) / kilometres, rel_tol=0.01)
    assert 10 <= canvas.bar_kilometres <= 50


def test_no_points_make_an_empty_canvas():
    assert project([]).positions == ()
