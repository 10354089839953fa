"""Pages of offices: what each part sees, what is refused, and how many queries they take."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.network.access.offices import visible_offices
from nhipcau.network.models.office_imports import OfficeImport
from nhipcau.network.models.offices import LinkKind, Office, OfficeGroup, OfficeLink, SpecialDay
from tests.network.offices.conftest import SINCE, make_office
from tests.network.offices.records import actions
from tests.network.offices.test_import import FILE

DAY = {"on": "2026-11-27"}


def log_in(client, person):
    client.force_login(person)
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("name", ["office_list", "office_tree", "office_map"])
@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("leader", ["Xã Sông", "Xã Đồi", "Phường Hồ", "Sở Y tế"], []),
        ("auditor", ["Xã Sông", "Phường Hồ"], []),
        ("area_officer", ["Xã Sông", "Xã Đồi", "Trung tâm", "Khu vực Đông"], ["Phường Hồ", "Sở Y tế"]),
        ("officer", ["Xã Sông", "Khu vực Đông", "Trung tâm"], ["Xã Đồi", "Phường Hồ"]),
    ],
)
def test_everybody_sees_their_part_of_the_network(cast, client, name, who, seen, unseen):
    response = log_in(client, getattr(cast, who)).get(reverse(name))
    assert response.status_code == 200
    text = text_of(response)
    assert [word for word in seen if word not in text] == []
    assert [word for word in unseen if word in text] == []


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"words": "song"}, ["P1"]),
        ({"words": "XÃ"}, ["P1", "P2"]),
        ({"kind": "area"}, ["KV1", "KV2"]),
        ({"area": "KV1"}, ["P1", "P2"]),
        ({"on": "2025-01-01"}, []),
        ({"words": "nowhere"}, []),
        ({"on": "not a day", "page": "x"}, ["H", "KV1", "KV2", "SYT", "P1", "P2", "P3"]),
    ],
)
def test_list_finds_by_words_kind_area_and_day(cast, client, query, codes):
    Office.objects.update(opened_on=SINCE)
    Office.objects.filter(code="P1").update(search_text="p1 xa song")
    Office.objects.filter(code="P2").update(search_text="p2 xa doi")
    response = log_in(client, cast.leader).get(reverse("office_list"), query)
    assert [row.office.code for row in response.context["rows"]] == codes


def test_long_list_has_pages_and_says_how_many_there_are(cast, client):
    _grow(cast, range(150))
    log_in(client, cast.leader)
    pages = [client.get(reverse("office_list"), {"page": number, "kind": "point"}) for number in ("1", "2", "9")]
    assert [len(page.context["rows"]) for page in pages] == [100, 53, 0]
    assert "153" in text_of(pages[0])
    assert "page=2&amp;kind=point" in pages[0].content.decode()


def test_closed_office_leaves_the_list_and_keeps_its_page(cast, client):
    log_in(client, cast.keeper).post(reverse("office_close", args=["SYT"]), DAY)
    response = client.get(reverse("office_list"))
    assert "Sở Y tế" not in [row.name for row in response.context["rows"]]
    page = client.get(reverse("office", args=["SYT"]))
    assert page.status_code == 200
    assert "27/11/2026" in text_of(page)


@pytest.mark.parametrize(("who", "is_shown"), [("auditor", True), ("leader", True), ("officer", False)])
def test_page_leads_to_the_audit_log_of_the_office_for_those_who_may_read_it(cast, client, who, is_shown):
    page = log_in(client, getattr(cast, who)).get(reverse("office", args=["P1"]))
    address = f"{reverse('audit_list')}?office=P1"
    assert (f'href="{address}"' in page.content.decode()) is is_shown
    assert (client.get(address).status_code == 200) is is_shown


def test_page_of_an_office_that_is_not_ones_own_is_not_found(cast, client):
    log_in(client, cast.officer)
    assert client.get(reverse("office", args=["P1"])).status_code == 200
    assert client.get(reverse("office", args=["KV1"])).status_code == 200
    assert client.get(reverse("office", args=["P2"])).status_code == 404
    assert client.get(reverse("office_edit", args=["P2"])).status_code == 404


def test_who_has_no_seat_finds_nothing(cast, client):
    log_in(client, cast.stranger)
    for name in ("office_list", "office_tree", "office_map", "office_groups", "special_days"):
        assert client.get(reverse(name)).status_code == 403, name
    assert client.get(reverse("office", args=["P1"])).status_code == 403
    assert not visible_offices(cast.stranger).exists()


CHANGES = ["office_move", "office_areas", "office_rename", "office_close"]


@pytest.mark.parametrize("who", ["leader", "auditor", "area_officer", "officer"])
def test_pages_of_changes_are_refused_to_all_but_administrators(cast, client, who):
    log_in(client, getattr(cast, who))
    for name in ("office_new", "office_merge", "office_import_new"):
        assert client.get(reverse(name)).status_code == 403, name
    for name in CHANGES:
        assert client.get(reverse(name, args=["P1"])).status_code == 403, name
    assert client.post(reverse("office_export")).status_code == 403
    assert client.post(reverse("special_days"), {**DAY, "kind": "off", "name": "X"}).status_code == 403
    assert actions() == []


@pytest.mark.parametrize("name", CHANGES)
def test_pages_of_changes_open_for_administrators(cast, client, name):
    assert log_in(client, cast.keeper).get(reverse(name, args=["P1"])).status_code == 200


def test_office_is_made_on_its_page(cast, client):
    form = {"code": "P9", "name": "Xã Mới", "kind": "point", "parent": cast.hub.pk, "areas": [cast.east.pk]}
    response = log_in(client, cast.keeper).post(reverse("office_new"), {**form, "routes": "phone: 099 1"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("office", args=["P9"])
    assert "Xã Mới" in text_of(response)
    assert actions() == ["office.created"]


def test_what_does_not_hold_is_said_beside_its_field_and_nothing_is_lost(cast, client):
    form = {"code": "P1", "name": "Xã Mới", "kind": "point", "parent": cast.hub.pk, "working_hours": "T9 07:00-11:00"}
    response = log_in(client, cast.keeper).post(reverse("office_new"), form)
    assert response.status_code == 422
    assert "T9" in response.context["form"].errors["working_hours"][0]
    response = client.post(reverse("office_new"), {**form, "working_hours": ""})
    assert response.status_code == 422
    assert "P1" in response.context["form"].errors["code"][0]
    assert 'value="Xã Mới"' in response.content.decode()
    assert actions() == []


def test_office_edits_its_own_contact(cast, client):
    log_in(client, cast.officer)
    page = client.get(reverse("office_edit", args=["P1"]))
    assert "name" not in page.context["form"].fields
    form = {"routes": "phone: 099 1\nemail: p1@centre.example", "languages": "vi, sti", "version": 1}
    form |= {"latitude": "11.5", "longitude": "107"}
    assert client.post(reverse("office_edit", args=["P1"]), form).status_code == 302
    cast.river.refresh_from_db()
    assert cast.river.languages == ["vi", "sti"]
    assert cast.river.latitude == 11.5
    assert [route.value for route in cast.river.routes.all()] == ["099 1", "p1@centre.example"]
    assert actions() == ["office.edited"]


def test_edit_of_an_older_page_is_refused_with_words(cast, client):
    Office.objects.filter(code="P1").update(version=5)
    form = {"routes": "phone: 099 1", "languages": "", "version": 1, "latitude": "11.5", "longitude": "107"}
    response = log_in(client, cast.officer).post(reverse("office_edit", args=["P1"]), form)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()
    assert actions() == []


def test_changes_are_made_on_their_pages(cast, client):
    log_in(client, cast.keeper)
    steps = [
        ("office_move", ["P3"], {"parent": cast.health.pk}),
        ("office_areas", ["P3"], {"areas": [cast.east.pk, cast.west.pk]}),
        ("office_rename", ["P3"], {"name": "Phường Hồ Lớn"}),
        ("office_merge", [], {"offices": [cast.river.pk], "into": cast.hill.pk}),
        ("office_close", ["P2"], {"successors": [cast.lake.pk]}),
    ]
    for name, args, form in steps:
        assert client.post(reverse(name, args=args), {**form, **DAY}).status_code == 302, name
    assert actions() == ["office.moved", "office.areas-set", "office.renamed", "office.merged", "office.closed"]


def test_change_that_is_refused_says_why(cast, client):
    log_in(client, cast.keeper)
    response = client.post(reverse("office_close", args=["KV1"]), DAY)
    assert response.status_code == 422
    assert "2" in response.context["form"].non_field_errors()[0]
    response = client.post(reverse("office_rename", args=["P3"]), {"name": "X", "on": "2026-12-31"})
    assert response.context["form"].errors["on"]
    assert actions() == []


def test_group_is_made_changed_and_deleted_on_its_pages(cast, client):
    log_in(client, cast.leader)
    form = {"name": "Ven sông", "owner": cast.hub.pk, "members": [cast.river.pk, cast.lake.pk]}
    assert client.post(reverse("office_group_new"), form).status_code == 302
    group = OfficeGroup.objects.get()
    assert "Ven sông" in text_of(client.get(reverse("office_groups")))
    page = reverse("office_group", args=[group.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "Ven sông", "members": [cast.river.pk]}).status_code == 302
    assert client.post(page, {"name": "Ven sông"}).status_code == 422
    assert client.post(reverse("office_group_delete", args=[group.pk])).status_code == 302
    assert actions() == ["office-group.saved", "office-group.saved", "office-group.deleted"]


def test_group_of_another_office_is_not_found(cast, client):
    group = OfficeGroup.objects.create(name="Hub's", owner=cast.hub)
    log_in(client, cast.area_officer)
    assert client.get(reverse("office_group", args=[group.pk])).status_code == 404
    assert client.post(reverse("office_group_delete", args=[group.pk])).status_code == 404
    log_in(client, cast.auditor)
    assert client.get(reverse("office_group", args=[group.pk])).status_code == 403
    assert OfficeGroup.objects.count() == 1


def test_group_holds_only_offices_that_one_sees(cast, client):
    log_in(client, cast.area_officer)
    form = {"name": "Mine", "owner": cast.east.pk, "members": [cast.lake.pk]}
    assert client.post(reverse("office_group_new"), form).status_code == 422
    assert OfficeGroup.objects.count() == 0


def test_days_are_stated_and_taken_out(cast, client):
    log_in(client, cast.keeper)
    assert client.post(reverse("special_days"), {"on": "2026-12-24", "kind": "off", "name": "Hội"}).status_code == 302
    page = client.get(reverse("special_days"))
    assert "Hội" in text_of(page)
    assert "02/09/2027" in text_of(page)
    day = SpecialDay.objects.get()
    assert client.post(reverse("special_day_remove", args=[day.pk])).status_code == 302
    assert actions() == ["special-day.added", "special-day.removed"]


def test_file_is_looked_at_and_brought_in(cast, client):
    log_in(client, cast.keeper)
    response = client.post(
        reverse("office_import_new"), {"file": SimpleUploadedFile("a.csv", FILE.encode())}, follow=True
    )
    assert "Xã Mới" in text_of(response)
    assert not Office.objects.filter(code="P4").exists()
    page = reverse("office_import", args=[OfficeImport.objects.get().pk])
    assert client.post(page).status_code == 302
    assert Office.objects.filter(code="P4").exists()
    assert client.post(page).status_code == 422
    assert client.get(page).status_code == 200


def test_row_that_does_not_hold_is_shown_with_its_remedy_and_there_is_no_yes(cast, client):
    content = (FILE + "P5,Xã Xấu,village,H,,,,,,\n").encode()
    response = log_in(client, cast.keeper).post(
        reverse("office_import_new"), {"file": SimpleUploadedFile("a.csv", content)}, follow=True
    )
    text = text_of(response)
    assert "village" in text
    assert response.context["plan"].is_sound is False
    page = reverse("office_import", args=[OfficeImport.objects.get().pk])
    assert client.post(page).status_code == 422
    assert not Office.objects.filter(code="P4").exists()


def test_file_that_cannot_be_read_is_refused_on_the_page(cast, client):
    response = log_in(client, cast.keeper).post(
        reverse("office_import_new"), {"file": SimpleUploadedFile("a.csv", b"colour\nred\n")}
    )
    assert response.status_code == 422
    assert "colour" in response.context["form"].errors["file"][0]


def test_export_is_a_file_that_comes_back_unchanged(cast, client):
    response = log_in(client, cast.keeper).post(reverse("office_export"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    follow = client.post(
        reverse("office_import_new"), {"file": SimpleUploadedFile("b.csv", response.content)}, follow=True
    )
    assert {row.outcome for row in follow.context["plan"].rows} == {"same"}
    assert client.get(reverse("office_export")).status_code == 405


def _grow(cast, numbers):
    for number in numbers:
        office = make_office(f"N{number}", f"Xã {number}", "point", latitude=11.0, longitude=106.0)
        office.routes.create(kind="phone", value=f"099 {number}")
        for parent, kind in ((cast.hub, LinkKind.PARENT), (cast.east, LinkKind.AREA)):
            OfficeLink.objects.create(office=office, parent=parent, kind=kind, from_on=SINCE)
        OfficeGroup.objects.create(name=f"G{number}", owner=cast.hub).members.add(office)


@pytest.mark.parametrize("name", ["office_list", "office_tree", "office_map", "office_groups", "special_days"])
@pytest.mark.parametrize("who", ["leader", "area_officer"])
def test_lists_take_as_many_queries_for_many_offices_as_for_few(cast, client, name, who):
    log_in(client, getattr(cast, who))
    counts = []
    for more in (range(1), range(1, 40)):
        _grow(cast, more)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 13


@pytest.mark.parametrize("code", ["H", "KV1"])
def test_page_of_an_office_takes_as_many_queries_for_many_below_as_for_few(cast, client, code):
    log_in(client, cast.leader)
    counts = []
    for more in (range(0), range(40)):
        _grow(cast, more)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("office", args=[code]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 13
