"""Reading: what is listed, filtered, cut into pages, answered by 304, and hidden from whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nhipcau.network.models.offices import Office, OfficeSuccession
from nhipcau.network.models.tasks import TaskRecipient
from tests.api.programs import Program, program
from tests.network.tasks.cast import Cast, bring_to, issue, recipient_of


def all_pages(asked: Program, path: str, **filters: Any) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items, cursor = [], ""
    while True:
        page = asked.get(path, filters | {"cursor": cursor}).json()
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = page["next"]


def test_me_says_who_asks_where_they_sit_and_what_the_token_may(cast: Cast):
    said = program(cast.officer, scopes=["tasks:read"]).get("/me").json()
    assert said["email"] == cast.officer.email
    assert said["seats"] == [{"office": "P1", "role": "officer"}]
    assert said["token"]["scopes"] == ["tasks:read"]


def test_offices_are_listed_by_code_in_pages_of_any_size(leader: Program):
    codes = [one["code"] for one in all_pages(leader, "/offices", limit=2)]
    assert codes == ["H", "N", "P1", "P2", "P3", "P4", "S"]


def test_row_that_comes_between_two_pages_shifts_nothing(leader: Program):
    first = leader.get("/offices", {"limit": 3}).json()
    Office.objects.create(code="A", name="Mới", kind="point")
    second = leader.get("/offices", {"limit": 3, "cursor": first["next"]}).json()
    assert [one["code"] for one in first["items"] + second["items"]] == ["H", "N", "P1", "P2", "P3", "P4"]


def test_offices_are_filtered_by_kind_and_area_and_show_what_stands_above(leader: Program):
    found = leader.get("/offices", {"kind": "point", "area": "S"}).json()["items"]
    assert [(one["code"], one["parent"], one["areas"]) for one in found] == [("P4", "H", ["S"])]


def test_office_has_the_name_of_the_day_that_is_asked_for(leader: Program, cast: Cast):
    point, day = cast.points[0], timezone.localdate() - timedelta(days=3)
    OfficeSuccession.objects.create(before=point, after=point, kind="renamed", on_date=day, former_name="Tên cũ")
    assert leader.get("/offices/P1", {"on": "2020-06-01"}).json()["name"] == "Tên cũ"
    assert leader.get("/offices/P1").json()["name"] == point.name


def test_point_finds_only_its_own_offices_and_those_above(officer: Program):
    assert [one["code"] for one in all_pages(officer, "/offices")] == ["H", "N", "P1"]
    assert officer.get("/offices/P2").status_code == 404


def test_directives_come_newest_first_with_their_tally(leader: Program, cast: Cast):
    made = [issue(cast, offices=cast.points, title=f"Việc {number}") for number in range(5)]
    bring_to(cast, recipient_of(made[4]), "acknowledged")
    found = all_pages(leader, "/tasks", limit=2)
    assert [one["id"] for one in found] == [task.pk for task in reversed(made)]
    assert (found[0]["tally"]["total"], found[0]["tally"]["unacknowledged"]) == (4, 3)


def test_directives_are_filtered_by_what_became_of_them(leader: Program, cast: Cast):
    late, returned, _quiet = (issue(cast) for _ in range(3))
    TaskRecipient.objects.filter(task=late).update(due_at=timezone.now() - timedelta(hours=1))
    bring_to(cast, recipient_of(returned), "returned")
    assert [one["id"] for one in all_pages(leader, "/tasks", show="late")] == [late.pk]
    assert [one["id"] for one in all_pages(leader, "/tasks", show="returned")] == [returned.pk]


def test_unit_finds_the_directive_with_its_own_row_and_a_neighbour_finds_nothing(cast: Cast, officer: Program):
    task = issue(cast)
    assert [one["office"] for one in all_pages(officer, f"/tasks/{task.pk}/recipients")] == ["P1"]
    neighbour = program(cast.neighbour)
    assert neighbour.get(f"/tasks/{task.pk}").status_code == 404
    assert neighbour.get(f"/tasks/{task.pk}/recipients").status_code == 404
    assert neighbour.get(f"/recipients/{recipient_of(task).pk}").status_code == 404


def test_recipients_are_filtered_by_state_area_and_lateness(leader: Program, cast: Cast):
    task = issue(cast, offices=cast.points)
    bring_to(cast, recipient_of(task, cast.points[0]), "acknowledged")
    TaskRecipient.objects.filter(task=task, office=cast.points[1]).update(due_at=timezone.now() - timedelta(hours=1))
    path = f"/tasks/{task.pk}/recipients"

    def codes(**filters: Any) -> list[str]:
        return sorted(one["office"] for one in all_pages(leader, path, limit=1, **filters))

    assert codes(state="acknowledged") == ["P1"]
    assert codes(area="S") == ["P4"]
    assert codes(late="yes") == ["P2"]
    assert codes() == ["P1", "P2", "P3", "P4"]


@pytest.mark.parametrize("path", ["/tasks", "/tasks/{task}/recipients", "/tasks/{task}"])
def test_polled_answer_is_304_until_something_changes(path: str, leader: Program, cast: Cast):
    recipient = recipient_of(issue(cast))
    path = path.format(task=recipient.task_id)
    first = leader.get(path)
    again = leader.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    bring_to(cast, recipient, "acknowledged")
    changed = leader.get(path, If_None_Match=first.headers["ETag"])
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("path", ["/offices", "/tasks", "/tasks/{task}/recipients"])
def test_number_of_queries_does_not_grow_with_the_rows(
    path: str, count: int, leader: Program, cast: Cast, django_assert_max_num_queries: Any
):
    tasks = [issue(cast, offices=cast.points[:count]) for _ in range(count)]
    leader.get("/me")  # notes the first use of the day
    with django_assert_max_num_queries(8):
        assert leader.get(path.format(task=tasks[0].pk)).status_code == 200


def test_auditor_reads_the_log_in_pages_and_by_object(cast: Cast):
    auditor = program(cast.auditor)
    for _ in range(50):
        issue(cast)
    recipient = bring_to(cast, recipient_of(issue(cast)), "accepted")
    found = all_pages(auditor, "/audit-records")
    assert [one["seq"] for one in found] == list(range(found[0]["seq"], 0, -1))
    assert len(found) > 50
    assert found[0]["previous_hash"] == found[1]["hash"]
    of_one = all_pages(auditor, "/audit-records", kind="taskrecipient", number=str(recipient.pk))
    assert [one["action"] for one in of_one] == ["task.accept", "task.acknowledge", "task.open"]
    assert of_one[0]["words"] == f"Directive {recipient.task_id} taken on by P1"


def test_cursor_of_another_list_or_altered_is_refused(leader: Program, cast: Cast):
    for _ in range(2):
        issue(cast)
    cursor = leader.get("/tasks", {"limit": 1}).json()["next"]
    for path, given in (("/offices", cursor), ("/tasks", cursor[:-1] + ("A" if cursor[-1] != "A" else "B"))):
        answer = leader.get(path, {"cursor": given})
        assert (answer.status_code, answer.json()["code"]) == (422, "api-cursor-unknown")


def test_filter_with_a_slip_in_its_name_is_refused(leader: Program):
    answer = leader.get("/tasks", {"shown": "late"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.shown"
