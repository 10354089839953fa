"""Regions of points: equal in number, near together, the same every time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.network.places import communes_of
from nhipcau.network.regions import by_names, regions

places = st.lists(st.tuples(st.floats(8, 24), st.floats(102, 115)), max_size=60)


@given(coordinates=places, count=st.integers(1, 20))
def test_sizes_differ_by_one_at_most_and_every_point_has_a_region(coordinates, count):
    found = regions(coordinates, count)
    assert len(found) == len(coordinates)
    assert all(0 <= region < count for region in found)
    sizes = Counter(found)
    all_sizes = [sizes[region] for region in range(count)]
    assert max(all_sizes) - min(all_sizes) <= 1


@given(coordinates=st.lists(st.tuples(st.floats(8, 24), st.floats(102, 115)), unique=True, max_size=40))
def test_order_of_the_points_does_not_matter(coordinates):
    forth = dict(zip(coordinates, regions(coordinates, 5), strict=True))
    back = dict(zip(coordinates[::-1], regions(coordinates[::-1], 5), strict=True))
    assert forth == back


def test_points_of_one_region_are_nearer_to_its_middle_than_the_province_is_wide():
    points = [(place.latitude, place.longitude) for place in communes_of("75")]
    found = regions(points, 9)

    def spread(members):
        return sum(max(values) - min(values) for values in zip(*members, strict=True))

    whole = spread(points)
    for region in range(9):
        assert spread([point for point, number in zip(points, found, strict=True) if number == region]) < 0.75 * whole


def test_no_regions_are_no_grouping():
    with pytest.raises(ValueError, match="count"):
        regions([(10.0, 106.0)], 0)


def test_names_of_directions_go_where_they_say():
    south, north, west, east = (10.0, 107.0), (12.0, 107.0), (11.0, 106.0), (11.0, 108.0)
    names = ["Khu vực Bắc", "Khu vực Nam", "East area", "Khu vực Tây"]
    found = by_names([south, north, west, east], names)
    assert [[south, north, west, east][number] for number in found] == [north, south, east, west]


def test_names_that_all_say_where_they_are_share_the_province_as_a_whole():
    north_west, north, south, south_east = (12.0, 106.6), (11.9, 107.0), (10.9, 106.9), (11.0, 107.2)
    found = by_names([south, south_east, north_west, north], ["Bắc", "Nam", "Đông", "Tây"])
    assert [[south, south_east, north_west, north][number] for number in found] == [
        north,
        south,
        south_east,
        north_west,
    ]


def test_names_without_directions_stay_in_order():
    centres = [(10.0, 107.0), (12.0, 107.0), (11.0, 107.0)]
    assert by_names(centres, ["Sông Bé", "Khu vực Bắc", "Hồ Dầu"]) == [0, 1, 2]
    assert by_names(centres, ["A", "B", "C"]) == [0, 1, 2]


@given(st.lists(st.sampled_from(["Bắc", "Nam", "Đông Bắc", "Một", "Hai"]), max_size=8))
def test_every_name_has_a_centre_of_its_own(names):
    centres = [(10.0 + number, 107.0 + number * number % 5) for number in range(len(names))]
    assert sorted(by_names(centres, names)) == list(range(len(names)))
