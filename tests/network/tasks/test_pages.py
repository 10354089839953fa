"""Pages of directives: what each shows and to whom, without JavaScript, with a constant number of queries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nhipcau.network.actions.tasks.acknowledging import acknowledge_task
from nhipcau.network.models.offices import Office, OfficeLink
from nhipcau.network.models.tasks import Task, TaskRecipient
from nhipcau.network.queries.board import tally_of, tiles_of, version_of
from nhipcau.network.queries.tasks import tally_now
from tests.network.tasks.cast import LONG_AGO, Cast, bring_to, issue, recipient_of

MOST_QUERIES = 12


def page(client: Client, path: str, *, status: int = 200, **headers: str) -> str:
    """The text of a page."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.fixture
def task(cast: Cast) -> Task:
    """A directive at all points, one of which has acknowledged."""
    made = issue(cast, offices=cast.points)
    acknowledge_task(by=cast.officer, recipient=recipient_of(made, cast.points[0]))
    return made


PATHS = ("/tasks/", "/tasks/{task}/", "/tasks/{task}/board", "/tasks/{task}/board?layout=table", "/received/")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("part", ["leader", "area_officer", "officer", "auditor"])
def test_number_of_queries_is_small_and_does_not_grow(
    cast: Cast, task: Task, client: Client, path: str, part: str
) -> None:
    client.force_login(getattr(cast, part))

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, path.format(task=task.pk))
        return len(queries)

    count()  # what a process reads once is read
    few = count()
    _more_points(cast, 20)
    points = list(Office.objects.filter(kind="point"))
    for _ in range(3):
        issue(cast, offices=points)
    now = timezone.now()
    TaskRecipient.objects.bulk_create(
        TaskRecipient(task=task, office=office, area=cast.north, state="sent", state_at=now, due_at=task.due_at)
        for office in Office.objects.filter(kind="point").exclude(received_tasks__task=task)
    )
    assert 3 <= count() == few <= MOST_QUERIES


def _more_points(cast: Cast, count: int) -> None:
    for number in range(count):
        office = Office.objects.create(code=f"M{number}", name=f"Xã M{number}", kind="point")
        OfficeLink.objects.create(office=office, parent=cast.hub, kind="parent", from_on=LONG_AGO)
        OfficeLink.objects.create(office=office, parent=cast.north, kind="area", from_on=LONG_AGO)


def test_recipient_page_has_few_queries(cast: Cast, task: Task, client: Client) -> None:
    recipient = bring_to(cast, recipient_of(issue(cast)), "submitted")
    for part, more in (("officer", 2), ("leader", 3)):  # evidence, pauses, reminders, e-mails are tables of their own
        client.force_login(getattr(cast, part))
        with CaptureQueriesContext(connection) as queries:
            page(client, f"/received/{recipient.pk}/")
        assert len(queries) <= MOST_QUERIES + more


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("leader", {"P1", "P2", "P3", "P4"}),
        ("auditor", {"P1", "P2", "P3", "P4"}),
        ("area_officer", {"P1", "P2", "P3"}),
        ("other_area_officer", {"P4"}),
        ("officer", {"P1"}),
    ],
)
def test_board_shows_each_what_is_theirs(cast: Cast, task: Task, client: Client, part: str, seen: set[str]) -> None:
    client.force_login(getattr(cast, part))
    for path in ("board", "board?layout=table", "board/part"):
        assert set(re.findall(r"Đơn vị (P\d)", page(client, f"/tasks/{task.pk}/{path}"))) == seen


@pytest.mark.parametrize("path", ["/tasks/{task}/", "/tasks/{task}/board", "/tasks/{task}/board/part"])
def test_stranger_finds_no_directive(cast: Cast, task: Task, client: Client, path: str) -> None:
    client.force_login(cast.stranger)
    page(client, path.format(task=task.pk), status=404)
    page(client, f"/received/{recipient_of(task).pk}/", status=404)


def test_neighbour_finds_no_other_unit_and_changes_nothing(cast: Cast, task: Task, client: Client) -> None:
    recipient = recipient_of(task, cast.points[0])
    client.force_login(cast.neighbour)
    page(client, f"/received/{recipient.pk}/", status=404)
    assert client.post(f"/received/{recipient.pk}/do/accept").status_code == 404
    assert recipient_of(task, cast.points[0]).state == "acknowledged"


def test_auditor_looks_but_does_not_touch(cast: Cast, task: Task, client: Client) -> None:
    recipient = recipient_of(task, cast.points[1])
    client.force_login(cast.auditor)
    text = page(client, f"/received/{recipient.pk}/")
    assert "/do/" not in text
    assert client.post(f"/received/{recipient.pk}/do/withdraw", {"reason": "x"}).status_code == 403
    assert recipient_of(task, cast.points[1]).state == "sent"


def test_board_puts_late_first_and_filters(cast: Cast, client: Client) -> None:
    task = issue(cast, offices=cast.points)
    TaskRecipient.objects.filter(task=task, office=cast.points[3]).update(due_at=timezone.now() - timedelta(hours=1))
    TaskRecipient.objects.filter(task=task, office=cast.points[2]).update(escalated_at=timezone.now())
    client.force_login(cast.leader)
    assert re.findall(r"Đơn vị (P\d)", page(client, f"/tasks/{task.pk}/board")) == ["P4", "P3", "P1", "P2"]
    assert re.findall(r"Đơn vị (P\d)", page(client, f"/tasks/{task.pk}/board?late=1")) == ["P4", "P3"]
    assert re.findall(r">Đơn vị (P\d)", page(client, f"/tasks/{task.pk}/board?area={cast.south.pk}")) == ["P4"]
    bring_to(cast, recipient_of(task, cast.points[0]), "acknowledged")
    assert re.findall(r"Đơn vị (P\d)", page(client, f"/tasks/{task.pk}/board?state=acknowledged")) == ["P1"]
    tiles = tiles_of(TaskRecipient.objects.filter(task=task), now=timezone.now())
    tally = tally_of(tiles)
    assert (tally.total, tally.late, tally.unread, tally.acknowledged) == (4, 2, 3, 1)


def test_unchanged_board_part_is_not_sent_again(cast: Cast, task: Task, client: Client) -> None:
    client.force_login(cast.leader)
    path = f"/tasks/{task.pk}/board/part"
    etag = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    before = version_of(task.pk)
    acknowledge_task(by=cast.neighbour, recipient=recipient_of(task, cast.points[1]))
    assert version_of(task.pk) != before
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_list_filters_by_what_waits(cast: Cast, client: Client) -> None:
    for title, state in (("Một", "returned"), ("Hai", "submitted"), ("Ba", "closed"), ("Bốn", "sent")):
        bring_to(cast, recipient_of(issue(cast, title=title)), state)
    TaskRecipient.objects.filter(state="sent").update(due_at=timezone.now() - timedelta(minutes=1))
    client.force_login(cast.leader)

    def titles(query: str) -> list[str]:
        return re.findall(r'/board">([^<]+)</a>', page(client, f"/tasks/?{query}"))

    assert titles("") == ["Bốn", "Ba", "Hai", "Một"]
    assert titles("show=open") == ["Bốn", "Hai", "Một"]
    assert titles("show=late") == ["Bốn"]
    assert titles("show=returned") == ["Một"]
    assert titles("show=submitted") == ["Hai"]
    assert titles("q=ba") == ["Ba"]
    assert titles("page=2") == []
    assert titles("show=nonsense&page=x") == ["Bốn", "Ba", "Hai", "Một"]
    assert tally_now(TaskRecipient.objects.all(), now=timezone.now()).late == 1


def test_one_thumb_acknowledges_from_the_phone_page(cast: Cast, client: Client) -> None:
    task = issue(cast)
    client.force_login(cast.officer)
    text = page(client, "/received/")
    action = f"/received/{recipient_of(task).pk}/do/acknowledge"
    assert action in text
    answer = client.post(action, {"next": "list"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/received/"
    assert action not in answer.content.decode()
    assert recipient_of(task).state == "acknowledged"


def test_looking_at_it_opens_it_and_the_list_does_not(cast: Cast, client: Client) -> None:
    task = issue(cast)
    client.force_login(cast.officer)
    page(client, "/received/")
    assert recipient_of(task).state == "sent"
    page(client, f"/received/{recipient_of(task).pk}/")
    assert recipient_of(task).state == "opened"


def test_whole_way_by_buttons(cast: Cast, client: Client, settings: Any) -> None:
    task = issue(cast)
    recipient = recipient_of(task)
    base = f"/received/{recipient.pk}"

    def press(part: str, move: str, **values: str) -> int:
        client.force_login(getattr(cast, part))
        assert f"{base}/do/{move}" in page(client, f"{base}/")
        return client.post(f"{base}/do/{move}", values).status_code

    assert press("officer", "acknowledge") == 302
    assert press("officer", "return", reason="") == 422
    assert press("officer", "return", reason="Thiếu người") == 302
    assert press("leader", "send_again", reason="Thêm người", due_at="2099-01-01T08:00") == 302
    assert press("area_officer", "acknowledge_for", name="Bà Sáu", note="gọi điện") == 302
    assert press("officer", "accept") == 302
    assert press("area_officer", "pause", reason="Bão") == 302
    assert press("area_officer", "resume") == 302
    assert press("officer", "start") == 302
    client.force_login(cast.officer)
    assert client.post(f"{base}/evidence", {"url": "ftp://x"}).status_code == 422
    assert client.post(f"{base}/evidence", {"count": "12", "count_of": "hộ", "note": "xong"}).status_code == 302
    assert press("area_officer", "send_back", reason="Thiếu ảnh") == 302
    client.force_login(cast.officer)
    assert client.post(f"{base}/evidence", {"url": "https://example.vn"}).status_code == 302
    assert press("area_officer", "verify") == 302
    assert press("leader", "close") == 302
    assert recipient_of(task).state == "closed"
    assert client.post(f"{base}/do/dance").status_code == 404
    assert client.get(f"{base}/do/close").status_code == 405


def test_compose_shows_who_gets_it_before_it_is_sent(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    form = page(client, "/tasks/new?origin_kind=issue&origin_ref=I-7&title=Nước")
    key = re.search(r'name="key" value="([^"]+)"', form)
    assert key
    assert 'value="Nước"' in form
    values = {
        "key": key[1],
        "origin_kind": "issue",
        "origin_ref": "I-7",
        "title": "Nước",
        "text": "Kiểm tra",
        "due_at": "2027-01-01T08:00",
        "acknowledge_minutes": "240",
        "areas": [str(cast.north.pk)],
        "step": "preview",
    }
    preview = client.post("/tasks/new", values).content.decode()
    assert set(re.findall(r"Đơn vị (P\d)", preview)) == {"P1", "P2", "P3"}
    assert not Task.objects.exists()
    changed = client.post("/tasks/new", values | {"step": "change"}).content.decode()
    assert "Kiểm tra" in changed
    for _ in range(2):  # a double press
        sent = client.post("/tasks/new", values | {"step": "send"})
        assert sent.status_code == 302
    task = Task.objects.get()
    assert sent.headers["Location"] == f"/tasks/{task.pk}/board"
    assert (task.origin_ref, task.recipients.count()) == ("I-7", 3)


@pytest.mark.parametrize(
    ("wrong", "sign"),
    [({"title": ""}, "id_title"), ({"due_at": "2020-01-01T08:00"}, "id_due_at"), ({"areas": []}, 'role="alert"')],
)
def test_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(
    cast: Cast, client: Client, wrong: dict[str, Any], sign: str
) -> None:
    client.force_login(cast.leader)
    values = {
        "key": "a-key-of-a-form",
        "origin_kind": "free",
        "title": "Nước",
        "text": "Kiểm tra giếng",
        "due_at": "2027-01-01T08:00",
        "acknowledge_minutes": "240",
        "areas": [str(cast.north.pk)],
        "step": "send",
    }
    answer = client.post("/tasks/new", values | wrong)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Kiểm tra giếng" in text
    assert sign in text
    assert not Task.objects.exists()


def test_who_does_not_direct_gets_no_form(cast: Cast, client: Client) -> None:
    for part in ("officer", "auditor", "stranger"):
        client.force_login(getattr(cast, part))
        assert client.get("/tasks/new").status_code == 403
