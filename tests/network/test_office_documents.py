"""The documents of offices say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nhipcau.network.officefields import ROUTE_WORDS_VI, ROUTES, read_routes
from nhipcau.network.officefile import COLUMNS, HEADINGS_VI, MOST_ROWS
from nhipcau.network.week import read_week, write_week
from nhipcau.network.worktime import OFFICE_HOURS

DOCUMENTS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["offices.md", "offices.vi.md"])
def test_table_of_the_file_has_every_column_with_its_vietnamese_name(name):
    text = (DOCUMENTS / name).read_text("utf-8")
    for column, heading in zip(COLUMNS, HEADINGS_VI, strict=True):
        assert re.search(rf"^\|[^|]*`{column}`[^|]*\|[^|]*{heading}", text, re.MULTILINE), column
    assert [kind for kind in ROUTES if not re.search(rf"`[^`]*\b{kind}\b[^`]*`", text)] == []


def test_examples_of_hours_and_contact_are_read():
    for name in ("offices.md", "offices.vi.md"):
        text = (DOCUMENTS / name).read_text("utf-8")
        (hours,) = re.findall(r"`(T2-T6 [^`]+)`", text)
        assert write_week(read_week(hours)) == hours
        (routes,) = re.findall(r"`([^`]+: 0271[^`]+)`", text)
        assert [route.kind for route in read_routes(routes)] == ["phone", "email"]


def test_figures_are_those_of_the_program():
    vietnamese = (DOCUMENTS / "offices.vi.md").read_text("utf-8")
    assert f"{MOST_ROWS:,}".replace(",", ".") in vietnamese
    assert write_week(OFFICE_HOURS) == "T2-T6 07:00-11:30 13:30-17:00"
    assert "07:00–11:30 và 13:30–17:00 từ thứ Hai đến thứ Sáu" in vietnamese.replace("\n", " ")
    assert all(word.lower() in vietnamese.lower() for word in ROUTE_WORDS_VI.values())
