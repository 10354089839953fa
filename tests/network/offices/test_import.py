"""Bringing files of offices in: looked at first, then written whole or not at all."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhipcau.network.actions.office_errors import ImportRefused, NotOfficeKeeper
from nhipcau.network.actions.office_import import bring_in, export_offices, look_at_file
from nhipcau.network.models.office_imports import OfficeImport
from nhipcau.network.models.offices import ContactRoute, LinkKind, Office, OfficeLink
from nhipcau.network.queries.offices import fields_of
from nhipcau.network.week import read_week
from tests.network.offices.conftest import TODAY
from tests.network.offices.records import actions, last_values

FILE = """code,name,kind,parent,areas,latitude,longitude,languages,working_hours,routes
P1,Xã Sông,point,H,KV1,11.5,107.0,vi sti,,phone: 099 1; email: p1@centre.example
P2,Xã Đồi,point,H,KV2,11.6,107.1,,CN 05:00-09:00,
P3,Phường Hồ,point,H,KV2,11.7,107.2,,,
KV3,Khu vực Bắc,area,H,,,,,,
P4,Xã Mới,point,,KV3 KV1,11.8,107.3,vi,,sms: 099 4
"""


def look(cast, text=FILE):
    return look_at_file(by=cast.keeper, content=text.encode(), file_name="points.csv")


def snapshot() -> list[object]:
    return [
        *Office.objects.order_by("pk").values_list(),
        *OfficeLink.objects.order_by("pk").values_list(),
        *ContactRoute.objects.order_by("pk").values_list(),
    ]


def test_look_tells_row_by_row_what_would_change_and_writes_nothing(cast):
    before = snapshot()
    _, plan = look(cast)
    assert [(row.line, row.outcome, sorted(row.changes)) for row in plan.rows] == [
        (2, "changed", ["languages", "routes"]),
        (3, "changed", ["areas", "working_hours"]),
        (4, "same", []),
        (5, "new", ["code", "kind", "name", "parent"]),
        (6, "new", ["areas", "code", "kind", "languages", "latitude", "longitude", "name", "parent", "routes"]),
    ]
    assert plan.rows[1].changes["areas"] == [["KV1"], ["KV2"]]
    assert plan.is_sound
    assert snapshot() == before
    assert actions() == ["office-import.looked-at"]


def test_yes_writes_all_that_was_shown(cast):
    waiting, _ = look(cast)
    bring_in(by=cast.keeper, waiting=waiting)
    river, hill, new = (Office.objects.get(code=code) for code in ("P1", "P2", "P4"))
    assert [(route.kind, route.value) for route in river.routes.all()] == [
        ("phone", "099 1"),
        ("email", "p1@centre.example"),
    ]
    assert fields_of(hill).working_hours == read_week("CN 05:00-09:00")
    assert (river.version, river.languages) == (2, ["vi", "sti"])
    links = OfficeLink.objects.filter(office=new, until_on__isnull=True).values_list("parent__code", "kind", "from_on")
    assert set(links) == {("H", "parent", TODAY), ("KV3", "area", TODAY), ("KV1", "area", TODAY)}
    ended = OfficeLink.objects.get(office=hill, kind=LinkKind.AREA, parent=cast.east)
    assert ended.until_on == TODAY
    assert new.search_text == "p4 xa moi"
    assert actions() == ["office-import.looked-at", "office-import.done"]
    assert last_values().items() >= {"new": 2, "changed": 2}.items()


def test_same_file_brought_in_again_changes_nothing(cast):
    waiting, _ = look(cast)
    bring_in(by=cast.keeper, waiting=waiting)
    again, plan = look(cast)
    assert {row.outcome for row in plan.rows} == {"same"}
    before = snapshot()
    with pytest.raises(ImportRefused, match="nothing-sound"):
        bring_in(by=cast.keeper, waiting=again)
    assert snapshot() == before


def test_file_is_brought_in_once(cast):
    waiting, _ = look(cast)
    bring_in(by=cast.keeper, waiting=waiting)
    with pytest.raises(ImportRefused, match="done-already"):
        bring_in(by=cast.keeper, waiting=OfficeImport.objects.get(pk=waiting.pk))
    assert actions() == ["office-import.looked-at", "office-import.done"]


def test_yes_counts_only_while_the_file_does_what_was_shown(cast):
    waiting, _ = look(cast)
    Office.objects.filter(code="P3").update(name="Phường Khác")
    before = snapshot()
    with pytest.raises(ImportRefused, match="changed-since"):
        bring_in(by=cast.keeper, waiting=waiting)
    assert snapshot() == before
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert actions() == ["office-import.looked-at"]


def test_one_bad_row_keeps_all_out(cast):
    waiting, plan = look(cast, FILE + "P5,Xã Xấu,village,H,,,,,,\n")
    assert [row.line for row in plan.rows if row.problems] == [7]
    before = snapshot()
    with pytest.raises(ImportRefused):
        bring_in(by=cast.keeper, waiting=waiting)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("row", "field", "problem"),
    [
        ("P5,Xã Năm,point,NONE,,,,,,", "parent", "office-unknown"),
        ("P5,Xã Năm,point,H,NONE,,,,,", "areas", "office-unknown"),
        ("P5,Xã Năm,point,H,SYT,,,,,", "areas", "no-area"),
        ("KV5,Khu vực Năm,area,H,KV1,,,,,", "areas", "not-coordinated"),
        ("KV5,Khu vực Năm,area,P1,,,,,,", "parent", "point-above"),
        ("P5,Xã Năm,point,P5,,,,,,", "parent", "circle"),
        ("H2,Trung tâm Hai,hub,,,,,,,", "kind", "one-hub"),
        ("P1,Xã Sông,area,H,,,,,,", "kind", "area-stays"),
        ("H,Trung tâm,hub,KV1,,,,,,", "parent", "hub-has-none"),
    ],
)
def test_place_in_the_tree_that_does_not_hold_is_named(cast, row, field, problem):
    _, plan = look(cast, FILE.splitlines()[0] + "\n" + row)
    assert [(found.field, found.code) for found in plan.rows[0].problems] == [(field, problem)]


def test_offices_of_the_file_that_answer_to_one_another_in_a_circle_are_named(cast):
    _, plan = look(cast, "code,name,kind,parent\nX1,A,department,X2\nX2,B,department,X1\n")
    assert [[problem.code for problem in row.problems] for row in plan.rows] == [["circle"], ["circle"]]


def test_closed_office_is_not_changed_by_a_file(cast):
    Office.objects.filter(code="P3").update(closed_on=TODAY)
    _, plan = look(cast, "code,name\nP3,Phường Khác\n")
    assert [problem.code for problem in plan.rows[0].problems] == ["code-closed"]


def test_unreadable_file_says_why_and_is_not_kept(cast):
    with pytest.raises(ImportRefused) as caught:
        look(cast, "name\nX\n")
    assert caught.value.values["problem"] == "no-heading"
    assert OfficeImport.objects.count() == 0
    assert actions() == []


@pytest.mark.parametrize("who", ["leader", "area_officer", "officer", "auditor", "stranger"])
def test_nobody_but_the_administrator_brings_in_or_exports(cast, who):
    person = getattr(cast, who)
    waiting, _ = look(cast)
    with pytest.raises(NotOfficeKeeper):
        look_at_file(by=person, content=FILE.encode(), file_name="x.csv")
    with pytest.raises(NotOfficeKeeper):
        bring_in(by=person, waiting=waiting)
    with pytest.raises(NotOfficeKeeper):
        export_offices(by=person)
    assert actions() == ["office-import.looked-at"]


def test_export_brought_in_again_changes_nothing(cast):
    waiting, _ = look(cast)
    bring_in(by=cast.keeper, waiting=waiting)
    text = export_offices(by=cast.keeper)
    _, plan = look(cast, text)
    assert len(plan.rows) == Office.objects.count()
    assert {row.outcome for row in plan.rows} == {"same"}
    assert "office.exported" in actions()


def test_export_fills_an_empty_network_with_the_same_offices(cast):
    waiting, _ = look(cast)
    bring_in(by=cast.keeper, waiting=waiting)
    text = export_offices(by=cast.keeper)
    OfficeLink.objects.all().delete()
    ContactRoute.objects.all().delete()
    Office.objects.exclude(pk__in=(cast.hub.pk, cast.east.pk, cast.river.pk)).delete()
    waiting, _ = look(cast, text)
    bring_in(by=cast.keeper, waiting=waiting)
    assert export_offices(by=cast.keeper) == text


def test_look_takes_as_many_queries_for_many_rows_as_for_few(cast):
    many = FILE + "".join(f"N{number},Xã {number},point,H,KV1,,,,,\n" for number in range(400))
    look(cast)  # from here on the seats of the administrator are known
    counts = []
    for text in (FILE, many):
        with CaptureQueriesContext(connection) as queries:
            look(cast, text)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_empty_parent_leaves_what_is(cast):
    _, plan = look(cast, "code,name,parent\nP1,Xã Sông,\n")
    assert [row.outcome for row in plan.rows] == ["same"]
