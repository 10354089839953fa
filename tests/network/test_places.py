"""The list of today's units that a new centre starts from."""

from __future__ import annotations

from nhipcau.network.places import communes_of, province, provinces


def test_today_there_are_34_provinces_and_3321_communes():
    assert len(provinces()) == 34
    communes = [place for one in provinces() for place in communes_of(one.code)]
    assert len(communes) == 3321
    assert len({place.code for place in communes}) == 3321


def test_every_unit_lies_in_viet_nam():
    for one in provinces():
        for place in (one, *communes_of(one.code)):
            assert 7 < place.latitude < 24, place
            assert 102 < place.longitude < 116, place


def test_names_bear_their_type_word_once():
    names = [place.full_name for one in provinces() for place in communes_of(one.code)]
    assert all(name.startswith(("Xã ", "Phường ", "Đặc khu ")) for name in names)
    assert not any(name.startswith(("Xã Xã ", "Phường Phường ", "Đặc khu Đặc khu ")) for name in names)


def test_province_is_found_by_its_code():
    hanoi = province("01")
    assert hanoi is not None
    assert (hanoi.full_name, hanoi.name_en) == ("Thành phố Hà Nội", "Hà Nội City")
    assert province("xx") is None
    assert communes_of("xx") == ()
