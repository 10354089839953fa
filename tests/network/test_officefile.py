"""Files of offices: what is written reads back the same, and what is wrong is named with its row, column and value."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.network.officefields import ROUTES, OfficeFields, Problem, RouteFields, read_routes, write_routes
from nhipcau.network.officefile import FileRefused, fields_with, read_file, row_problems, write_file
from nhipcau.network.worktime import OFFICE_HOURS

codes = st.from_regex(r"[A-Z][A-Z0-9]{0,5}", fullmatch=True)
names = st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=30).map(
    lambda name: " ".join(name.split())
)
offices = st.builds(
    OfficeFields,
    code=codes,
    name=names.filter(bool),
    name_en=names,
    kind=st.sampled_from(["area", "department", "point"]),
    place_code=st.sampled_from(["", "00004", "S0101"]),
    languages=st.lists(st.sampled_from(["vi", "en", "km", "stg"]), unique=True, max_size=3).map(tuple),
    working_hours=st.sampled_from([None, OFFICE_HOURS]),
    opened_on=st.none() | st.dates(datetime.date(2025, 7, 1), datetime.date(2030, 1, 1)),
    routes=st.sampled_from([(), (RouteFields("phone", "+84 271 382 2114"), RouteFields("email", "a@xa.example"))]),
) | st.builds(
    OfficeFields,
    code=codes,
    name=names.filter(bool),
    kind=st.just("point"),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
)


@given(st.lists(offices, min_size=1, max_size=8, unique_by=lambda office: office.code))
def test_what_is_written_reads_back_the_same(some):
    text = write_file((office, "H", ["A1", "A2"]) for office in some)
    rows = read_file(text.encode())
    assert [fields_with(None, row) for row in rows] == some
    assert [problem for row, office in zip(rows, some, strict=True) for problem in row_problems(row, office)] == []
    assert {(row.stated["parent"], row.stated["areas"]) for row in rows} == {("H", ("A1", "A2"))}


def test_cells_that_a_table_program_would_run_are_guarded():
    text = write_file([(OfficeFields("X1", '=HYPERLINK("x")', "point"), "H", [])])
    assert "'=HYPERLINK" in text
    assert read_file(text.encode())[0].stated["name"] == '=HYPERLINK("x")'


def test_vietnamese_headings_semicolons_and_the_mark_of_excel_are_read():
    content = "\ufeffMã;Tên;Loại;Vĩ độ;Kinh độ;Ngày thành lập\r\nX1;Xã Một;Điểm cầu;11,5;107,25;1/7/2025\r\n".encode()
    (row,) = read_file(content)
    stated = {"name": "Xã Một", "kind": "point", "latitude": 11.5, "longitude": 107.25}
    assert row.stated.items() >= stated.items()
    assert row.stated["opened_on"] == datetime.date(2025, 7, 1)
    assert (row.line, row.problems) == (2, [])


def test_column_that_the_file_has_not_stays_as_it_is():
    before = OfficeFields("X1", "Xã Một", "point", latitude=11.5, longitude=107.0, routes=(RouteFields("sms", "099"),))
    (row,) = read_file(b"code,name_en\nX1,One\n")
    after = fields_with(before, row)
    assert (after.name_en, after.latitude, after.routes) == ("One", 11.5, before.routes)


def test_empty_cell_clears_what_was_stated_but_not_the_kind():
    before = OfficeFields("X1", "Khu vực Một", "area", latitude=11.5, longitude=107.0)
    (row,) = read_file(b"code,latitude,longitude,kind\nX1,,,\n")
    assert fields_with(before, row) == OfficeFields("X1", "Khu vực Một", "area")


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("latitude", "north", Problem("latitude", "number", "north")),
        ("opened_on", "31/2/2025", Problem("opened_on", "day", "31/2/2025")),
        ("working_hours", "T9 07:00-11:00", Problem("working_hours", "week.day", "T9")),
        ("kind", "village", Problem("kind", "kind-unknown", "village")),
        ("languages", "VI", Problem("languages", "language-unknown", "VI")),
        ("languages", "vi vi", Problem("languages", "twice", "vi")),
        ("routes", "fax: 123", Problem("routes", "route-kind-unknown", "fax")),
        ("routes", "phone: call me", Problem("routes", "phone-signs", "call me")),
        ("routes", "email: nobody", Problem("routes", "email-signs", "nobody")),
        ("routes", "address: a\x07b", Problem("routes", "control-signs", "'a\\x07b'")),
        ("routes", "email:", Problem("routes", "route-empty", "email")),
        ("latitude", "11.5", Problem("longitude", "coordinates-both")),
        ("name", "", Problem("name", "missing")),
        ("name", "x" * 201, Problem("name", "too-long", "200")),
        ("code", "a b", Problem("code", "code-signs", "a b")),
        ("code", "import", Problem("code", "code-signs", "import")),
        ("place_code", "xã", Problem("place_code", "place-code-signs", "xã")),
    ],
)
def test_what_is_wrong_in_a_cell_is_named(column, cell, problem):
    cells = {"code": "X1", "name": "Xã Một", "kind": "point"} | {column: cell}
    (row,) = read_file(f"{','.join(cells)}\n{','.join(cells.values())}\n".encode())
    assert row_problems(row, fields_with(None, row)) == [problem]


def test_coordinates_the_wrong_way_round_are_told_so():
    (row,) = read_file(b"code,name,latitude,longitude\nX1,Xa,107.2,11.5\n")
    assert row_problems(row, fields_with(None, row)) == [Problem("latitude", "coordinates-swapped", "107.2")]


def test_code_of_two_rows_names_the_first():
    rows = read_file(b"code,name\nX1,A\nX1,B\n")
    assert rows[1].problems == [Problem("code", "code-twice", "2")]


@pytest.mark.parametrize(
    ("content", "code", "values"),
    [
        (b"", "no-heading", {"heading": "code"}),
        (b"name\nA\n", "no-heading", {"heading": "code"}),
        (b"code,colour\nX1,red\n", "heading-unknown", {"heading": "colour"}),
        (b"code,code\nX1,X1\n", "heading-twice", {"heading": "code"}),
        (b"code\n", "empty", {}),
        (b"code,name\nX1,\xe0\xe1\n", "not-utf8", {"line": 2}),
        (b'code,name\nX1,"never closed\n', "broken", {"line": 2}),
        (b"code,name\nX1,A\x00B\n", "broken-sign", {"line": 2}),
        (b"code\n" + b"X\n" * 5001, "too-many-rows", {"rows": 5000}),
        (b"x" * 5_000_001, "too-large", {"megabytes": 5}),
    ],
)
def test_file_that_cannot_be_read_says_why(content, code, values):
    with pytest.raises(FileRefused) as caught:
        read_file(content)
    assert caught.value.code == code
    assert caught.value.values.items() >= values.items()


def test_row_with_too_few_cells_is_named():
    (row,) = read_file(b"code,name,kind\nX1,A\n")
    assert row.problems == [Problem("code", "cell-count", "2 ≠ 3")]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_ways_to_reach_an_office_are_read_in_both_languages(language):
    routes = tuple(RouteFields(kind, "123") for kind in ROUTES)
    assert read_routes(write_routes(routes, between="\n", language=language)) == routes
    assert read_routes("Dien thoai: 123") == (RouteFields("phone", "123"),)
