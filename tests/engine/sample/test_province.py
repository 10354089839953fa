"""The made-up province: as large as a real one, and nowhere in Viet Nam."""

from __future__ import annotations

import csv
import gzip
from importlib import resources

from nhipcau.engine.places.gazetteer import Gazetteer
from nhipcau.engine.places.units import COLUMNS
from nhipcau.engine.sample.province import PROVINCE, areas, communes, gazetteer_path, sources
from nhipcau.engine.sample.spelling import unaccent


def real_names() -> set[str]:
    packed = (resources.files("nhipcau.engine") / "data" / "places.csv.gz").read_bytes()
    names = set()
    for row in csv.DictReader(gzip.decompress(packed).decode().splitlines()):
        names |= {row["name"], *row["aliases"].split(";")}
    return {unaccent(name).lower() for name in names}


def test_no_name_is_that_of_a_unit_in_viet_nam():
    made_up = {PROVINCE, *areas()}
    for commune in communes():
        made_up |= {commune.name, commune.former_name}
    assert len(made_up) == 1 + 18 + 150 + 150
    assert not {unaccent(name).lower() for name in made_up} & real_names()


def test_the_province_has_eighteen_areas_and_a_hundred_and_fifty_communes():
    assert len(areas()) == 18
    assert len(communes()) == 150
    assert {commune.area for commune in communes()} == set(range(18))


def test_a_name_is_told_from_every_other_without_its_diacritics():
    names = [unaccent(commune.name).lower() for commune in communes()]
    assert len(set(names)) == len(names)


def test_the_province_is_a_gazetteer_file():
    rows = list(csv.DictReader(gazetteer_path().read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    codes = {row["code"] for row in rows}
    assert len(codes) == len(rows)
    assert {row["former_of"] for row in rows if row["former_of"]} <= codes
    assert len(Gazetteer.load(gazetteer_path())) >= len(rows)


def test_there_are_more_than_forty_sources_with_names_of_their_own():
    names = [source.name for source in sources()]
    assert len(set(names)) == len(names) >= 40
